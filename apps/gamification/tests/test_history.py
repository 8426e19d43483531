"""What was done before anybody counted is counted, once, and nobody is told."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.community.tests.factories import TopicFactory
from apps.core.models import Delivery
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.services.progress import complete_lesson
from apps.enrollment.services.seats import enroll
from apps.gamification.models import Act, Award, Habit, Moment
from apps.gamification.services import history
from apps.gamification.services.replay import replay
from apps.learning.models import Evidence, Mastery
from apps.learning.services import attempts
from apps.learning.services.notes import add_note
from apps.learning.services.reviews import review_card, undo_review
from apps.learning.tests.factories import ConceptFactory, quiz_with
from apps.referrals.models import Cause, Reward, RewardRule
from apps.referrals.services import ensure_rules

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def reward(student):
    ensure_rules()
    rule = RewardRule.objects.get(cause=Cause.MILESTONE, threshold=5)
    return Reward.objects.create(user=student, rule=rule, points=1000, created_at=NOW)


def test_rewards_of_before_are_paid_from_their_rows_once(student, reward):
    assert history.pay_rewards() == 1
    assert history.pay_rewards() == 0
    act = Act.objects.get(rule="referral")
    assert (act.user, act.points, act.source) == (student, 1000, str(reward.pk))


def test_history_gives_what_living_it_gave(student, reward, deliver_all):
    course = CourseFactory(status="published")
    lessons = LessonFactory.create_batch(3, course=course)
    enroll(student=student, course=course, at=NOW - timedelta(days=5))
    for number, lesson in enumerate(lessons):
        complete_lesson(student=student, lesson=lesson, at=NOW - timedelta(days=4 - number))
    note, _made = add_note(student=student, kind="basic", front="2 + 2", back="4", at=NOW)
    card = note.cards.get()
    review_card(card=card, rating=3, at=NOW - timedelta(days=1))
    review_card(card=card, rating=3, at=NOW)
    undo_review(card=card, at=NOW)
    TopicFactory(author=student)
    Delivery.objects.all().delete()  # nobody heard
    assert not Act.objects.filter(user=student).exists()

    call_command("catch_up_habits", user=student.pk)
    found = Act.objects.filter(user=student).exclude(rule__in=["clock", "badge", "streak"])
    rules = sorted(found.values_list("rule", flat=True))
    expected = ["course", "lesson", "lesson", "lesson", "referral", "registered", "review", "topic"]
    assert rules == expected
    assert Award.objects.filter(user=student, badge="getting-started").exists()
    assert not Moment.objects.exists() and not Delivery.objects.exists()
    xp = Habit.objects.get(user=student).xp
    call_command("catch_up_habits")
    assert Habit.objects.get(user=student).xp == xp
    assert replay(user_id=student.pk) == []


def test_a_teachers_students_and_ratings_are_found(teacher):
    course = CourseFactory(owner=teacher, status="published", published_at=NOW)
    enroll(student=UserFactory(), course=course, at=NOW)
    history.catch_up(user=teacher, at=NOW)
    assert set(Act.objects.filter(user=teacher).values_list("rule", flat=True)) >= {
        "made", "published", "student",
    }  # fmt: skip


def test_a_teacher_who_tries_their_own_quiz_has_nothing_of_it(deliver_all):
    quiz = quiz_with("single")
    teacher = quiz.course.owner
    attempt = attempts.start_attempt(quiz=quiz, student=teacher, at=NOW)
    attempts.submit_attempt(attempt=attempt, answers=[], at=NOW)
    deliver_all()
    assert not Act.objects.filter(user=teacher, rule__in=["attempt", "quiz", "perfect"]).exists()
    history.catch_up(user=teacher, at=NOW)
    assert not Act.objects.filter(user=teacher, rule__in=["attempt", "quiz", "perfect"]).exists()


def test_a_past_retold_is_the_same_and_heard_of_in_its_weeks(student):
    course = CourseFactory(status="published")
    lessons = LessonFactory.create_batch(3, course=course)
    enroll(student=student, course=course, at=NOW - timedelta(days=60))
    for number, lesson in enumerate(lessons):
        complete_lesson(student=student, lesson=lesson, at=NOW - timedelta(days=50 - 14 * number))
    Delivery.objects.all().delete()
    with transaction.atomic():
        history.catch_up(user=student, at=NOW)
        expected = Habit.objects.get(user=student).xp
        transaction.set_rollback(True)

    assert history.retell(user=student, at=NOW) > 3
    assert Habit.objects.get(user=student).xp == expected
    earned = Award.objects.get(user=student, badge="getting-started").earned_at
    badge = Delivery.objects.filter(event="badge.earned", created_at__date=earned.date())
    assert badge.exists() and earned < NOW - timedelta(days=20)
    assert len(set(Delivery.objects.values_list("created_at", flat=True))) >= 3
    assert history.retell(user=student, at=NOW) == 0
    assert replay(user_id=student.pk) == []


def test_a_concept_counts_for_the_day_on_which_it_was_first_mastered(student):
    concept = ConceptFactory()
    evidence = {
        "student": student,
        "course": concept.course,
        "kind": "quiz",
        "concepts": [concept.pk],
    }
    for key, ago, announced in [
        ("answer:1", 9, []),
        ("answer:2", 7, [concept.pk]),
        ("answer:3", 1, []),
    ]:
        at = NOW - timedelta(days=ago)
        Evidence.objects.create(
            **evidence, key=key, occurred_at=at, received_at=at, day=at.date(), announced=announced
        )
    Mastery.objects.create(
        student=student, course=concept.course, concept=concept, started=0.3, m=0.97, mastered=True,
        stability=20.0, trace_difficulty=5.0, decay=0.15, last=NOW - timedelta(days=1),
    )  # fmt: skip
    history.catch_up(user=student, at=NOW)
    assert Act.objects.get(user=student, rule="concept").at == NOW - timedelta(days=7)
