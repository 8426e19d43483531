"""Attempts: begun once, kept, submitted once, closed in time."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.core.errors import Conflict, Invalid
from apps.core.models import Delivery
from apps.core.tests.threads import together
from apps.learning.engine.marking import right_answer
from apps.learning.models import Attempt, Note
from apps.learning.selectors import quizzes as selectors
from apps.learning.services import attempts, questions
from apps.learning.services.attempts import Given
from apps.learning.services.statements import make_partitions

from .factories import DRAFTS, quiz_with

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
AT_ONCE = 4


def start(quiz, student, at=NOW) -> Attempt:
    return attempts.start_attempt(quiz=quiz, student=student, at=at)


def submit(attempt, answers=(), at=LATER) -> Attempt:
    return attempts.submit_attempt(attempt=attempt, answers=answers, at=at)


def right_answers(attempt) -> list[Given]:
    return [
        Given(row.question_id, right_answer(row.version.kind, row.version.body), 1000)
        for row in attempt.answers.select_related("version")
    ]


# ── Marked ────────────────────────────────────────────────────────────────────────────────────
def test_all_right_is_all_the_points(student):
    attempt = start(quiz_with(), student)
    Delivery.objects.all().delete()
    done = submit(attempt, right_answers(attempt))
    assert (done.score, done.max_score, done.percent, done.passed) == (8, 8, 100, True)
    assert (done.submitted_at, done.cards_created) == (LATER, 0)
    result = selectors.result_of(done)
    assert all(row.correct and row.share == 1 for row in result.results)
    (event,) = Delivery.objects.filter(event="quiz.submitted", subscriber__startswith="analytics")
    assert event.payload == {
        "attempt_id": done.pk,
        "student_id": student.pk,
        "course_id": done.quiz.course_id,
        "quiz_id": done.quiz_id,
        "percent": 100,
        "passed": True,
    }


def test_no_answer_is_wrong_and_makes_cards(student):
    done = submit(start(quiz_with(), student))
    assert (done.score, done.percent, done.passed) == (0, 0, False)
    assert done.cards_created == Note.objects.filter(student=student).count() > 0
    assert not any(row.correct for row in selectors.result_of(done).results)
    # the same mistakes make no second card
    assert submit(start(done.quiz, student)).cards_created == 0


def test_parts_are_summed_exactly_and_percent_is_rounded_down(student):
    quiz = quiz_with("matching", "matching", "matching", pass_percent=67)
    attempt = start(quiz, student)
    answers = []
    for row in attempt.answers.select_related("version"):
        pairs = dict(list(row.version.body["pairs"].items())[:2])
        answers.append(Given(row.question_id, pairs))
    done = submit(attempt, answers)
    assert (done.score, done.percent, done.passed) == (Decimal("2.00"), 66, False)
    assert {row.share for row in done.answers.all()} == {Decimal("0.6667")}


@pytest.mark.parametrize(("mark", "passed"), [(50, True), (51, False), (0, True), (100, False)])
def test_the_pass_mark_is_reached_or_not(student, mark, passed):
    attempt = start(quiz_with("single", "true_false", pass_percent=mark), student)
    assert submit(attempt, right_answers(attempt)[:1]).passed is passed


# ── Begun ─────────────────────────────────────────────────────────────────────────────────────
def test_an_attempt_under_way_is_gone_on_with(student, stranger):
    quiz = quiz_with("single")
    first = start(quiz, student)
    assert start(quiz, student, LATER) == first
    assert start(quiz, stranger) != first
    submit(first)
    second = start(quiz, student, LATER)
    assert (second.number, second == first) == (2, False)


def test_attempts_are_limited(student):
    quiz = quiz_with("single", attempts_limit=1)
    submit(start(quiz, student))
    with pytest.raises(Conflict):
        start(quiz, student, LATER)
    assert selectors.standing_of(student, quiz).attempts_left == 0


def test_only_approved_questions_of_a_published_quiz_are_asked(student):
    quiz = quiz_with("single", "short")
    draft = questions.add_question(
        course=quiz.course, quiz=quiz, draft=DRAFTS["cloze"], editor=None, at=NOW
    )
    questions.retire_question(question=quiz.questions.in_order().first(), at=NOW)
    asked = start(quiz, student).answers.values_list("version__kind", flat=True)
    assert list(asked) == ["short"]
    assert draft.status == "draft"
    quiz.published_at = None
    quiz.save()
    with pytest.raises(Conflict):
        start(quiz, student)
    with pytest.raises(Conflict):
        start(quiz_with("single", status="draft"), student)


def test_order_is_shuffled_per_attempt_if_the_teacher_wants_and_kept(student):
    quiz = quiz_with(*["single"] * 8, shuffles=True)
    orders = set()
    for _ in range(3):
        attempt = start(quiz, student)
        rows = list(attempt.answers.values_list("question_id", "layout"))
        assert rows == list(start(quiz, student).answers.values_list("question_id", "layout"))
        orders.add(str(rows))
        submit(attempt)
    assert len(orders) > 1
    plain = start(quiz_with("single", "short", "cloze"), student)
    asked = plain.answers.values_list("version__kind", flat=True)
    assert list(asked) == ["single", "short", "cloze"]


# ── Kept ──────────────────────────────────────────────────────────────────────────────────────
def test_answers_are_kept_as_they_are_given_and_taken_back(student):
    attempt = start(quiz_with("single", "short"), student)
    one, two = attempt.answers.values_list("question_id", flat=True)

    def keep(*given: Given):
        attempts.save_answers(attempt=attempt, answers=given, at=NOW + timedelta(seconds=9))
        return [(row.given, row.duration_ms) for row in attempt.answers.all()]

    assert keep(Given(two, "cell", 4000)) == [(None, 0), ("cell", 4000)]
    assert keep(Given(two, "nucleus", 1000)) == [(None, 0), ("nucleus", 4000)]
    assert keep(Given(two, None), Given(one, None, 99999)) == [(None, 9000), (None, 4000)]


def test_faults_are_told_by_question_and_nothing_is_kept(student):
    attempt = start(quiz_with("single", "true_false"), student)
    one, two = attempt.answers.values_list("question_id", flat=True)
    foreign = start(quiz_with("short"), student).answers.get().question_id
    bad = [Given(one, 1), Given(two, True), Given(foreign, "x"), Given(two, False)]
    for command in (attempts.save_answers, attempts.submit_attempt):
        with pytest.raises(Invalid) as error:
            command(attempt=attempt, answers=bad, at=LATER)
        assert set(error.value.errors) == {f"question_{id}" for id in (one, two, foreign)}
    assert list(attempt.answers.values_list("given", flat=True)) == [None, None]


def test_a_submitted_attempt_takes_nothing_more(student):
    attempt = start(quiz_with("true_false"), student)
    done = submit(attempt, right_answers(attempt))
    wrong = [Given(attempt.answers.get().question_id, True)]
    with pytest.raises(Conflict):
        attempts.save_answers(attempt=attempt, answers=wrong, at=LATER)
    again = submit(attempt, wrong, LATER + timedelta(hours=1))
    assert (again.score, again.submitted_at) == (done.score, done.submitted_at)
    assert Delivery.objects.filter(event="quiz.submitted").count() == len(
        {row.subscriber for row in Delivery.objects.filter(event="quiz.submitted")}
    )


# ── In time ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def timed(student) -> Attempt:
    """Five minutes; the first of two questions is answered in time."""
    attempt = start(quiz_with("true_false", "short", time_limit_minutes=5), student)
    attempts.save_answers(attempt=attempt, answers=right_answers(attempt)[:1], at=NOW)
    assert attempt.deadline == LATER
    return attempt


def test_after_the_time_what_was_saved_counts(timed):
    with pytest.raises(Conflict):
        attempts.save_answers(attempt=timed, answers=right_answers(timed), at=LATER)
    done = submit(timed, right_answers(timed), LATER)
    assert (done.score, done.submitted_at) == (1, LATER)


def test_a_moment_before_everything_counts(timed):
    assert submit(timed, right_answers(timed), LATER - timedelta(milliseconds=1)).score == 2


def test_expired_attempts_are_closed_and_others_left(timed, stranger):
    open_end = start(quiz_with("single"), stranger)
    assert attempts.close_expired(at=LATER - timedelta(seconds=1)) == 0
    assert attempts.close_expired(at=LATER + timedelta(hours=1)) == 1
    timed.refresh_from_db()
    open_end.refresh_from_db()
    assert (timed.score, timed.submitted_at, open_end.submitted_at) == (1, LATER, None)
    assert attempts.close_expired(at=LATER + timedelta(hours=1)) == 0


def test_beginning_again_closes_the_one_whose_time_is_over(timed, student):
    second = start(timed.quiz, student, LATER)
    timed.refresh_from_db()
    assert (second.number, timed.score) == (2, 1)


def test_a_new_time_limit_is_for_new_attempts(timed):
    timed.quiz.time_limit_minutes = 1
    timed.quiz.save()
    assert submit(timed, right_answers(timed), NOW + timedelta(minutes=3)).score == 2


# ── At once ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_tabs_that_begin_at_once_share_one_attempt(student):
    quiz = quiz_with("single", attempts_limit=1)
    found = together(AT_ONCE, lambda _: start(quiz, student).pk)
    assert found == [Attempt.objects.get().pk] * AT_ONCE


@pytest.mark.django_db(transaction=True)
def test_submitting_at_once_marks_once_and_makes_one_set_of_cards(student):
    attempt = start(quiz_with("true_false", "single", "short"), student)
    row = attempt.answers.get(version__kind="true_false")
    Delivery.objects.all().delete()

    def send(number):
        given = Given(row.question_id, number % 2 == 0)
        done = submit(attempt, [given], LATER + timedelta(seconds=number))
        return done.score, done.submitted_at, done.cards_created

    assert len(set(together(AT_ONCE, send))) == 1
    attempt.refresh_from_db()
    assert attempt.cards_created == Note.objects.filter(student=student).count()
    told = Delivery.objects.filter(event="quiz.submitted").values_list("subscriber", flat=True)
    assert len(told) == len(set(told))


# ── Cost ──────────────────────────────────────────────────────────────────────────────────────
def test_a_long_quiz_costs_as_many_queries_as_a_short_one(student, django_assert_num_queries):
    make_partitions(day=NOW.date())
    for kinds in (["short"], ["short"] * 5):
        quiz = quiz_with(*kinds)
        with django_assert_num_queries(17):
            attempt = start(quiz, student)
        answers = right_answers(attempt)
        with django_assert_num_queries(5):
            attempts.save_answers(attempt=attempt, answers=answers, at=NOW)
        with django_assert_num_queries(19):  # six of them to ask what it is evidence of: nothing
            submit(attempt, answers)
        done = Attempt.objects.get(pk=attempt.pk)
        with django_assert_num_queries(1):
            selectors.result_of(done)
