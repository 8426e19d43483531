"""Discussions under courses and lessons: threads, questions, order, and who reads what."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from apps.community.models import Comment, Discussion, Revision
from apps.community.selectors import comments as selectors
from apps.community.selectors.comments import Place
from apps.community.selectors.standing import standing_of
from apps.community.services import comments, reports
from apps.core.errors import Invalid, NotAllowed, NotFound, TooMany
from apps.core.models import AuditEntry, Delivery
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.enrollment.tests.threads import together

from .factories import CommentFactory

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


@pytest.fixture
def lesson(teacher, student):
    course = CourseFactory(owner=teacher, status="published")
    EnrollmentFactory(course=course, student=student)
    return LessonFactory(course=course)


def write(author, lesson, content="Why does it halve?", **more):
    return comments.write_comment(author=author, lesson=lesson, content=content, at=now(), **more)


def answer(comment, author, content="Because of the root."):
    return comments.reply_to(comment=comment, author=author, content=content, at=now())


def fresh(row):
    return Comment.objects.select_related("course", "lesson", "author").get(pk=row.pk)


def shown(lesson, viewer, show="all"):
    rows = selectors.threads_at(Place(lesson.course, lesson), viewer, show)
    return selectors.dressed(rows.order_by(*selectors.NEWEST), viewer)


# ── Writing ───────────────────────────────────────────────────────────────────────────────────
def test_a_comment_belongs_to_its_lesson_and_course(lesson, student):
    asked = write(student, lesson, is_question=True, passage="each  new\none pulls less")
    assert (asked.course, asked.passage) == (lesson.course, "each new one pulls less")
    under_course = comments.write_comment(
        author=student, course=lesson.course, content="A fine course.", at=now()
    )
    assert [row.pk for row in shown(lesson, student)] == [asked.pk]
    place = Place(lesson.course)
    assert list(selectors.threads_at(place, student)) == [under_course]
    names = set(Delivery.objects.values_list("event", flat=True))
    assert names == {"comment.created"}


@pytest.mark.parametrize(
    ("field", "more"), [("passage", {"passage": "x" * 1001}), ("content", {"content": " "})]
)
def test_bad_input_names_its_field(lesson, student, field, more):
    with pytest.raises(Invalid) as refused:
        write(student, lesson, **more)
    assert list(refused.value.errors) == [field]


def test_a_course_has_no_passages(lesson, student):
    with pytest.raises(Invalid):
        comments.write_comment(
            author=student, course=lesson.course, content="So", passage="words", at=now()
        )


def test_a_long_chain_of_answers_stays_two_levels_deep(lesson, student, teacher):
    root = last = write(teacher, lesson)
    for number in range(60):
        last = answer(last, teacher, f"Answer {number}")
    assert Comment.objects.filter(root=root).count() == 60
    assert fresh(root).replies_count == 60
    assert last.root == root
    assert last.reply_to.content == "Answer 58"
    row = selectors.dressed(selectors.replies_in(fresh(root), student).filter(pk=last.pk), student)
    assert row[0].quoted == "Answer 58"
    first = Comment.objects.filter(root=root).order_by("id").first()
    assert first.reply_to is None


def test_answers_come_by_a_constant_number_of_queries(lesson, student, django_assert_num_queries):
    for number in range(4):
        root = write(student, lesson, f"Question number {number} about it")
        for each in range(5):
            CommentFactory(course=lesson.course, lesson=lesson, root=root, author=student)
    roots = shown(lesson, student)
    with django_assert_num_queries(2):
        found = selectors.first_replies(roots, student)
    assert {len(rows) for rows in found.values()} == {3}
    with django_assert_num_queries(2):
        selectors.first_replies(roots[:1], student)


def test_slow_mode_holds_students_not_the_teacher(lesson, student, teacher):
    comments.keep_discussion(
        course=lesson.course, lesson=lesson, by=teacher, slow_mode_seconds=60, at=now()
    )
    root = write(student, lesson)
    with pytest.raises(TooMany):
        answer(root, student)
    answer(root, teacher)
    answer(root, teacher, "And because of that.")


def test_a_locked_discussion_takes_words_of_its_keepers_only(lesson, student, teacher, moderator):
    root = write(student, lesson)
    place = {"course": lesson.course, "lesson": lesson, "at": now()}
    with pytest.raises(NotAllowed):
        comments.keep_discussion(**place, by=student, is_locked=True)
    comments.keep_discussion(**place, by=teacher, is_locked=True)
    for act in (lambda: write(student, lesson), lambda: answer(root, student)):
        with pytest.raises(NotAllowed, match="locked"):
            act()
    answer(root, teacher)
    answer(root, moderator)
    comments.keep_discussion(**place, by=moderator, is_locked=False)
    answer(root, student)
    assert Discussion.objects.count() == 1
    assert [entry.action for entry in AuditEntry.objects.all()] == ["discussion.kept"]


# ── Changing ──────────────────────────────────────────────────────────────────────────────────
def test_an_edit_keeps_what_stood_before(lesson, student):
    comment = write(student, lesson, "Why does it haalve?")
    comments.edit_comment(comment=comment, by=student, content="Why does it halve?", at=now())
    comments.edit_comment(comment=comment, by=student, content="Why does it halve? ", at=now())
    assert [row.content for row in Revision.objects.all()] == ["Why does it haalve?"]
    assert fresh(comment).edited_at


def test_a_deleted_comment_leaves_a_place_only_while_others_answer(lesson, student, teacher):
    root = write(student, lesson, "My secret")
    reply = answer(root, teacher)
    comments.delete_comment(comment=root, by=student, at=now())
    (stub,) = shown(lesson, teacher)
    assert stub.is_gone
    assert (stub.content, stub.content_html) == ("", "")
    comments.delete_comment(comment=reply, by=teacher, at=now())
    assert shown(lesson, student) == []
    with pytest.raises(NotFound):
        comments.delete_comment(comment=reply, by=teacher, at=now())
    with pytest.raises(NotFound):
        answer(reply, teacher)
    with pytest.raises(NotFound):
        comments.restore_comment(comment=root, by=teacher, at=now())
    comments.restore_comment(comment=root, by=student, at=now())
    assert [row.content for row in shown(lesson, teacher)] == ["My secret"]
    comments.delete_comment(comment=root, by=student, at=now())
    with pytest.raises(NotFound):
        comments.restore_comment(comment=root, by=student, at=now() + timedelta(hours=1))


def test_counts_follow_what_is_deleted_restored_hidden_and_shown(lesson, student, moderator):
    root = write(student, lesson)
    reply = answer(root, student)
    counts = []
    comments.delete_comment(comment=reply, by=student, at=now())
    counts.append(fresh(root).replies_count)
    comments.restore_comment(comment=reply, by=student, at=now())
    counts.append(fresh(root).replies_count)
    reports.uphold(kind="comment", object_id=reply.pk, by=moderator, at=now())
    counts.append(fresh(root).replies_count)
    reports.refuse(kind="comment", object_id=reply.pk, by=moderator, at=now())
    counts.append(fresh(root).replies_count)
    assert counts == [0, 1, 0, 1]


@pytest.mark.django_db(transaction=True)
def test_the_count_of_answers_is_true_when_they_come_at_once(lesson, teacher):
    root = write(teacher, lesson)

    def act(number):
        reply = answer(root, teacher, f"Number {number}")
        if number % 2:
            comments.delete_comment(comment=reply, by=teacher, at=now())

    together(8, act)
    assert fresh(root).replies_count == Comment.objects.standing().filter(root=root).count() == 4


# ── Questions ─────────────────────────────────────────────────────────────────────────────────
def test_a_question_is_open_until_asker_or_teacher_says_what_answers_it(
    lesson, student, teacher, stranger, moderator
):
    question = write(student, lesson, is_question=True)
    first, second = answer(question, teacher), answer(question, moderator, "Or like this.")
    assert list(selectors.questions_waiting(teacher)) == [question]

    def mark(by, reply):
        comments.mark_answer(question=question, answer=reply, by=by, at=now())

    with pytest.raises(NotAllowed):
        mark(stranger, first)
    mark(student, first)
    assert standing_of(teacher) == 15
    assert list(selectors.questions_waiting(teacher)) == []
    assert list(selectors.threads_at(Place(lesson.course, lesson), student, "open")) == []
    mark(teacher, second)
    assert (standing_of(teacher), standing_of(moderator)) == (0, 15)
    mark(moderator, None)
    assert standing_of(moderator) == 0
    assert fresh(question).answer is None
    chosen = Delivery.objects.filter(event="answer.chosen", subscriber__startswith="analytics")
    assert chosen.count() == 2


def test_an_answer_that_goes_opens_the_question_again(lesson, student, teacher, moderator):
    question = write(student, lesson, is_question=True)
    for take_away in (
        lambda reply: comments.delete_comment(comment=reply, by=teacher, at=now()),
        lambda reply: reports.uphold(kind="comment", object_id=reply.pk, by=moderator, at=now()),
    ):
        reply = answer(question, teacher, f"Answer of {now()}")
        comments.mark_answer(question=question, answer=reply, by=student, at=now())
        take_away(reply)
        assert fresh(question).answer is None
    assert standing_of(teacher) == -10


def test_only_replies_to_the_question_answer_it(lesson, student, teacher):
    question, other = (
        write(student, lesson, f"Question {n}, why is it so?", is_question=True) for n in "ab"
    )
    foreign = answer(other, teacher)
    with pytest.raises(Invalid):
        comments.mark_answer(question=question, answer=foreign, by=student, at=now())
    remark = write(teacher, lesson, "Only a remark")
    with pytest.raises(NotFound):
        comments.mark_answer(question=remark, answer=None, by=teacher, at=now())


def test_ones_own_answer_brings_nothing(lesson, student):
    question = write(student, lesson, is_question=True)
    own = answer(question, student, "Ah, I see it now.")
    comments.mark_answer(question=question, answer=own, by=student, at=now())
    assert standing_of(student) == 0


# ── Order and rights ──────────────────────────────────────────────────────────────────────────
def test_pinned_threads_stand_first(lesson, student, teacher, stranger):
    old, new = write(student, lesson, "The old one"), write(student, lesson, "The new one")
    with pytest.raises(NotAllowed):
        comments.pin_comment(comment=old, by=student, value=True, at=now())
    comments.pin_comment(comment=old, by=teacher, value=True, at=now())
    assert [row.pk for row in shown(lesson, student)] == [old.pk, new.pk]
    with pytest.raises(Invalid):
        comments.pin_comment(comment=answer(old, student), by=teacher, value=True, at=now())


def test_who_may_read_lesson_comments(lesson, student, stranger, teacher, moderator):
    comment = write(student, lesson)
    preview = CommentFactory(
        course=lesson.course, lesson=LessonFactory(course=lesson.course, is_preview=True)
    )
    under_course = CommentFactory(course=lesson.course)
    seen = {
        person: set(Comment.objects.visible_to(person).values_list("pk", flat=True))
        for person in (AnonymousUser(), student, stranger, teacher, moderator)
    }
    open_to_all = {preview.pk, under_course.pk}
    assert seen[seen_by_visitor(seen)] == seen[stranger] == open_to_all
    assert seen[student] == seen[teacher] == seen[moderator] == open_to_all | {comment.pk}


def seen_by_visitor(seen):
    return next(person for person in seen if not person.is_authenticated)


def test_hidden_words_are_for_their_author_and_the_keepers(
    lesson, student, teacher, moderator, stranger
):
    EnrollmentFactory(course=lesson.course, student=stranger)
    root = write(student, lesson, "Rude words")
    answer(root, teacher)
    reports.uphold(kind="comment", object_id=root.pk, by=teacher, at=now())
    words = [shown(lesson, who)[0].content for who in (student, teacher, moderator, stranger)]
    assert words == ["Rude words"] * 3 + [""]
    assert shown(lesson, AnonymousUser())[0].content_html == ""


def test_mine_are_threads_that_i_began_or_answered(lesson, student, teacher):
    EnrollmentFactory(course=lesson.course, student=(other := EnrollmentFactory().student))
    first = write(student, lesson, "The first of them")
    write(other, lesson, "The second of them")
    third = write(other, lesson, "The third of them")
    answer(third, student)
    assert {row.pk for row in shown(lesson, student, "mine")} == {first.pk, third.pk}


def test_news_are_what_others_wrote_since(lesson, student, teacher):
    root = write(student, lesson)
    place = Place(lesson.course, lesson)
    after = selectors.last_id_at(place)
    write(student, lesson, "My own next one")
    answer(root, teacher)
    write(teacher, lesson, "A remark of mine")
    news = selectors.news_at(place, student, after)
    assert (news.threads, news.answered) == (1, [root.pk])
    assert selectors.news_at(place, student, news.last).threads == 0
