"""Who is told of what in discussions."""

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.tests.factories import UserFactory
from apps.community.services import bans, comments
from apps.community.services.likes import toggle_like
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.notifications.models import Notification
from apps.social.models import Block

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(teacher, student):
    course = CourseFactory(owner=teacher, status="published", title="Ink")
    EnrollmentFactory(course=course, student=student)
    return LessonFactory(course=course)


def ask(author, lesson, content="Why is ink black?"):
    return comments.write_comment(
        author=author, lesson=lesson, content=content, is_question=True, at=timezone.now()
    )


def told(user):
    rows = Notification.objects.filter(user=user).order_by("id")
    return [row.kind for row in rows if row.kind not in ("enrolled", "student_joined", "welcome")]


def test_teacher_and_asker_hear_of_each_other(lesson, teacher, student, deliver_all):
    question = ask(student, lesson)
    reply = comments.reply_to(comment=question, author=teacher, content="Soot.", at=timezone.now())
    comments.mark_answer(question=question, answer=reply, by=teacher, at=timezone.now())
    deliver_all()
    assert told(teacher) == ["question_asked"]
    assert told(student) == ["comment_reply", "question_answered"]
    row = Notification.objects.get(user=teacher, kind="question_asked")
    assert (row.title, row.body) == ("Dana Kim asks in “Ink”", "“Why is ink black?”")
    assert row.url == "/studio/questions/"


def test_a_private_person_is_named_to_nobody(lesson, teacher, student, deliver_all):
    User.objects.filter(pk=student.pk).update(is_profile_public=False)
    ask(User.objects.get(pk=student.pk), lesson, "Why so, @teacher?")
    deliver_all()
    titles = {row.title for row in Notification.objects.filter(user=teacher)}
    assert titles == {"Private member asks in “Ink”", "Private member mentioned you"}


def test_nobody_hears_of_whom_they_block(lesson, teacher, student, deliver_all):
    Block.objects.create(blocker=teacher, blocked=student, created_at=timezone.now())
    question = ask(student, lesson, "And you, @teacher?")
    own = comments.reply_to(comment=question, author=teacher, content="Hm.", at=timezone.now())
    toggle_like(user=student, kind="comment", object_id=own.pk, at=timezone.now())
    deliver_all()
    assert told(teacher) == []
    assert told(student) == []


def test_likes_of_a_day_are_one_notification_whose_number_grows(lesson, student, deliver_all):
    question = ask(student, lesson)
    for liker in UserFactory.create_batch(3):
        EnrollmentFactory(course=lesson.course, student=liker)
        toggle_like(user=liker, kind="comment", object_id=question.pk, at=timezone.now())
        deliver_all()
    row = Notification.objects.get(user=student, kind="liked")
    assert row.body == "3 people: “Why is ink black?”"


def test_what_is_gone_before_it_is_told_isnt_told(lesson, teacher, student, deliver_all):
    question = ask(student, lesson)
    comments.delete_comment(comment=question, by=student, at=timezone.now())
    deliver_all()
    assert told(teacher) == []


def test_who_is_banned_hears_why(student, moderator, deliver_all):
    bans.ban(user=student, by=moderator, reason="Spam", at=timezone.now())
    deliver_all()
    assert Notification.objects.get(user=student).body == "The reason: Spam"
