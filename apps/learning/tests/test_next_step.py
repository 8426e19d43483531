"""The one next step: what gains most per minute, with its reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from apps.courses.tests.factories import CourseFactory, LessonFactory, ModuleFactory
from apps.enrollment.services import complete_lesson
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.engine.trace import interval
from apps.learning.models import Card, NoteConcept
from apps.learning.selectors import path as selectors
from apps.learning.selectors.cards import SAMPLE, due_count, due_now
from apps.learning.selectors.memory import seconds_per_review
from apps.learning.selectors.path import next as steps
from apps.learning.selectors.path import words
from apps.learning.services.notes import add_note
from apps.learning.tests.factories import ConceptFactory, quiz_with

from .knowing import knows, needs, pretested, teaches

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def near(value):
    return pytest.approx(value, abs=1e-6)


@pytest.fixture
def course(student):
    found = CourseFactory(title="Statistics", slug="statistics")
    EnrollmentFactory(student=student, course=found)
    return found


@pytest.fixture
def lesson(course):
    return LessonFactory(course=course, title="The variance", duration_minutes=8)


def a_card(student, *concepts, days=12, stability=10.0, course=None):
    """A card that was graded so many days ago and is due."""
    note, _made = add_note(
        student=student, kind="basic", front=f"front {Card.objects.count()}", back="back",
        course=course, at=NOW - 30 * DAY,
    )  # fmt: skip
    for concept in concepts:
        NoteConcept.objects.create(note=note, concept=concept)
    Card.objects.filter(note=note).update(
        state=2, step=None, stability=stability, difficulty=5.0,
        last_review=NOW - days * DAY, due=NOW - DAY, reps=3,
    )  # fmt: skip
    return note.cards.get()


# ── As worked out by hand ─────────────────────────────────────────────────────────────────────
def test_the_worked_review(student, course):
    concept = ConceptFactory(course=course)
    knows(student, concept, at=NOW, m=0.8)
    a_card(student, concept)
    [(candidate, step)] = steps._reviews(
        student, [], due_now(student, NOW), NOW, seconds_per_review(student)
    )
    assert candidate.gain == near(0.080237385)
    assert candidate.minutes == near(10 / 60)  # the typical pace
    assert step.title == "1 card to review"
    assert step.why == "Each has faded below 90%."


def test_the_worked_lesson(student, course, lesson):
    concept, one, other = (ConceptFactory(course=course) for _ in range(3))
    needs(concept, one, other)
    for _child in range(2):
        needs(ConceptFactory(course=course), concept)
    teaches(lesson, concept)
    knows(student, one, at=NOW, m=0.9, days=interval(10.0, 0.95))
    knows(student, other, at=NOW, m=0.7, days=interval(10.0, 0.8))
    way = selectors.way_through(student, course, NOW)
    assert way.ahead[0].gain == near(0.243392651)
    candidate, _step = steps._lesson(way, way.ahead[0])
    assert candidate.worth == near(0.025620279)


# ── What is chosen ────────────────────────────────────────────────────────────────────────────
def test_due_cards_come_before_a_lesson(student, course, lesson):
    for _card in range(6):
        a_card(student)
    a_card(student, days=1.5)
    step = selectors.next_step(student, NOW)
    assert (step.kind, step.title, step.url) == ("review", "7 cards to review", "/review/")
    assert (step.minutes, step.reason) == (2, "review")
    assert step.why == "6 of them have faded below 90%."


def test_of_more_cards_than_are_weighed_the_faded_ones_are_at_least_so_many(student):
    for _card in range(3):
        a_card(student)
    due = due_now(student, NOW)
    step = selectors.next_step_on(student, [], replace(due, cards=due.cards[:2]), NOW)
    assert step.title == "3 cards to review"
    assert step.why == "At least 2 of them have faded below 90%."


def test_all_due_cards_are_counted_and_the_longest_due_weighed(student):
    card = a_card(student)
    Card.objects.bulk_create(
        Card(
            note=card.note, student=student, ordinal=number, created_at=NOW,
            due=NOW - number * DAY, unplaced_due=NOW, last_review=None,
        )
        for number in range(2, SAMPLE + 2)
    )  # fmt: skip
    due = due_now(student, NOW)
    assert (due.count, len(due.cards)) == (SAMPLE + 1, SAMPLE)
    assert card.pk not in {each.pk for each in due.cards}
    assert due_count(student, NOW) == SAMPLE + 1


@pytest.mark.parametrize(
    ("chance", "said"),
    [(1.0, "100%"), (0.998, ">99%"), (0.99, "99%"), (0.64, "64%"), (0.001, "<1%"), (0.0, "0%")],
)
def test_what_is_nearly_certain_is_not_said_to_be(chance, said):
    assert words.share(chance) == said


def test_without_cards_the_next_lesson_with_its_reason(student, course, lesson):
    step = selectors.next_step(student, NOW)
    assert (step.kind, step.title, step.reason) == ("lesson", "The variance", "learn")
    assert step.why == "In the teacher’s order: this course names no concepts."
    assert step.url == f"/learn/statistics/{lesson.pk}/"
    assert (step.lesson, step.course) == (lesson, course)


def test_of_two_courses_the_lesson_that_gains_more(student, course, lesson):
    teaches(lesson, ConceptFactory(course=course))
    other = CourseFactory()
    EnrollmentFactory(student=student, course=other)
    teaches(LessonFactory(course=other, duration_minutes=60), ConceptFactory(course=other))
    assert selectors.next_step(student, NOW).lesson == lesson


def test_a_faded_prerequisite_is_refreshed_first(student, course, lesson):
    base, advanced = ConceptFactory(course=course, name="Mean"), ConceptFactory(course=course)
    needs(advanced, base)
    teaches(lesson, advanced)
    card = a_card(student, base)
    Card.objects.update(due=NOW + 9 * DAY)
    knows(student, base, at=NOW, days=interval(10.0, 0.6), cards=[card])
    step = selectors.next_step(student, NOW)
    assert (step.kind, step.title, step.minutes) == ("refresh", "Refresh “Mean”", 1)
    assert step.why == "It has faded, and “The variance” builds on it."
    assert step.url == f"/learn/statistics/{lesson.pk}/refresh/"


def test_a_skipped_concept_is_checked_from_the_fifth_day_on(student, course, lesson):
    concept = ConceptFactory(course=course, name="Mean")
    done = LessonFactory(course=course, title="The mean")
    teaches(done, concept)
    quiz_with("single", lesson=done, course=course)
    pretested(student, course, at=NOW, skip=[concept])
    assert selectors.next_step(student, NOW + 4.9 * DAY).kind == "lesson"
    step = selectors.next_step(student, NOW + 5 * DAY)
    assert (step.kind, step.title) == ("refresh", "Refresh “Mean”")
    assert step.why.startswith("You skipped it after the pre-test")


def test_a_check_is_asked_where_no_lesson_is_ahead(student, course, lesson):
    concept = ConceptFactory(course=course)
    teaches(lesson, concept)
    quiz_with("single", lesson=lesson, course=course)
    pretested(student, course, at=NOW, skip=[concept])
    step = selectors.next_step(student, NOW + 6 * DAY)
    assert (step.kind, step.lesson) == ("refresh", lesson)


def test_who_knows_the_rest_is_told_to_finish(student, course, lesson):
    concept = ConceptFactory(course=course)
    teaches(lesson, concept)
    knows(student, concept, at=NOW)
    step = selectors.next_step(student, NOW)
    assert (step.kind, step.url) == ("finish", "/learn/statistics/path/")
    assert step.why == "1 lesson is left, and you know it: count it as done."


def test_nothing_to_do_is_nothing(student, course, lesson):
    complete_lesson(student=student, lesson=lesson, at=NOW)
    assert selectors.next_step(student, NOW) is None


def test_courses_without_an_open_seat_are_left_out(stranger, course, lesson):
    assert selectors.next_step(stranger, NOW) is None


def test_a_card_never_graded_counts_from_its_making(student):
    note, _made = add_note(student=student, kind="basic", front="a", back="b", at=NOW - 9 * DAY)
    step = selectors.next_step(student, NOW)
    assert (step.kind, step.title) == ("review", "1 card to review")


def test_as_many_queries_for_many_courses_as_for_one(
    student, course, django_assert_max_num_queries
):
    def fill(found):
        base, advanced = ConceptFactory(course=found), ConceptFactory(course=found)
        needs(advanced, base)
        module = ModuleFactory(course=found)
        taught = LessonFactory(course=found, module=module)
        teaches(taught, advanced)
        card = a_card(student, base, course=found)
        knows(student, base, at=NOW, days=interval(10.0, 0.6), cards=[card])

    fill(course)
    with django_assert_max_num_queries(30) as one:
        selectors.next_step(student, NOW)
    for _course in range(3):
        other = CourseFactory()
        EnrollmentFactory(student=student, course=other)
        fill(other)
    with django_assert_max_num_queries(len(one)):
        selectors.next_step(student, NOW)
