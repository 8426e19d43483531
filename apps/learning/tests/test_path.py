"""The path as students get it: reasons, order, skipping and taking, and that it moves with mastery."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from apps.core.errors import Conflict, NotAllowed
from apps.courses.models import Lesson, Module
from apps.courses.tests.factories import CourseFactory, LessonFactory, ModuleFactory
from apps.enrollment.models import LessonCompletion
from apps.enrollment.selectors import seat_of
from apps.enrollment.services import complete_lesson
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.engine.trace import interval
from apps.learning.models import LessonConcept, Mastery, Prerequisite, TakenLesson
from apps.learning.selectors import path as selectors
from apps.learning.selectors.path import words
from apps.learning.services import path as services
from apps.learning.tests.factories import ConceptFactory

from .knowing import knows, needs, pretested, teaches

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def near(value):
    return pytest.approx(value, abs=1e-6)


@pytest.fixture
def course(student):
    found = CourseFactory(title="Statistics", slug="statistics")
    EnrollmentFactory(student=student, course=found)
    return found


@pytest.fixture
def mean(course):
    return ConceptFactory(course=course, name="Mean")


@pytest.fixture
def variance(course, mean):
    found = ConceptFactory(course=course, name="Variance")
    needs(found, mean)
    return found


@pytest.fixture
def lessons(course, mean, variance):
    """The mean, what needs it, and one that nothing is named for."""
    module = ModuleFactory(course=course)
    first, second, plain = (
        LessonFactory(course=course, module=module, title=title)
        for title in ("The mean", "The variance", "A word before")
    )
    teaches(first, mean)
    teaches(second, variance)
    return first, second, plain


def steps_of(student, course, at=NOW):
    return {step.lesson.title: step for step in selectors.path_of(student, course, at)}


# ── Reasons ───────────────────────────────────────────────────────────────────────────────────
def test_a_beginner_learns_everything_each_lesson_after_what_it_needs(student, course, lessons):
    path = selectors.path_of(student, course, NOW)
    assert [step.state for step in path] == ["learn"] * 3
    titles = [step.lesson.title for step in path]
    assert titles.index("The mean") < titles.index("The variance")
    steps = {step.lesson.title: step for step in path}
    assert steps["The mean"].why == "New to you. Opens 1 lesson."
    assert steps["The variance"].why == "New to you."
    assert steps["A word before"].why.startswith("No concepts are named for it")
    assert steps["The mean"].minutes == 10


def test_what_the_pre_test_found_is_skipped(student, course, lessons, mean):
    pretested(student, course, at=NOW, skip=[mean])
    step = steps_of(student, course)["The mean"]
    assert step.state == "skip"
    assert step.why == "You knew its concept in the pre-test."
    assert step.is_skipped
    assert not step.is_ahead


def test_what_answers_show_is_skipped_without_a_pre_test(student, course, lessons, mean):
    knows(student, mean, at=NOW)
    step = steps_of(student, course)["The mean"]
    assert (step.state, step.why) == ("skip", "Your answers show that you know its concept.")


def test_what_was_never_answered_rightly_is_not_skipped(student, course, lessons, mean):
    knows(student, mean, at=NOW, by=())
    assert steps_of(student, course)["The mean"].state == "learn"


def test_what_has_faded_is_reviewed_and_says_how_far(student, course, lessons, mean):
    knows(student, mean, at=NOW, m=0.9, days=interval(10.0, 0.7))
    step = steps_of(student, course)["The mean"]
    assert (step.state, step.why) == ("review", "“Mean” has faded to 63%.")


def test_several_faded_concepts_are_named_by_the_worst(student, course, lessons, mean):
    others = ConceptFactory.create_batch(2, course=course)
    teaches(lessons[0], *others)
    for concept in (*others, mean):
        knows(student, concept, at=NOW, days=interval(10.0, 0.6 if concept == mean else 0.7))
    assert steps_of(student, course)["The mean"].why == (
        "“Mean” has faded to 54%, and 2 more with it."
    )


def test_what_has_begun_says_how_far_it_is(student, course, lessons, mean, variance):
    teaches(lessons[1], mean)
    knows(student, mean, at=NOW, m=0.9)
    knows(student, variance, at=NOW, m=0.45)
    steps = steps_of(student, course)
    assert steps["The variance"].why == "You know 1 of its 2 concepts."
    Mastery.objects.filter(concept=mean).update(m=0.5)
    assert steps_of(student, course)["The mean"].why == (
        "So far “Mean” stands at 50%. Opens 1 lesson."
    )


def test_a_lesson_done_stays_done(student, course, lessons):
    complete_lesson(student=student, lesson=lessons[0], at=NOW)
    step = steps_of(student, course)["The mean"]
    assert (step.is_done, step.is_ahead, step.why) == (True, False, "You have completed it.")


def test_a_course_without_concepts_keeps_the_teachers_order_and_says_so(student):
    course = CourseFactory()
    EnrollmentFactory(student=student, course=course)
    module = ModuleFactory(course=course)
    made = [
        LessonFactory(course=course, module=module, duration_minutes=minutes)
        for minutes in (30, 5, 10)
    ]
    path = selectors.path_of(student, course, NOW)
    assert [step.lesson for step in path] == made
    assert {step.why for step in path} == {"In the teacher’s order: this course names no concepts."}
    assert {step.state for step in path} == {"learn"}


def test_a_course_without_lessons_has_an_empty_path(student):
    course = CourseFactory()
    EnrollmentFactory(student=student, course=course)
    assert selectors.path_of(student, course, NOW) == []


def test_nobody_has_a_path_without_a_seat(stranger, course, lessons):
    assert selectors.path_of(stranger, course, NOW) == []
    assert selectors.way_through(course.owner, course, NOW) is None


def test_russian_counts(student, course, lessons, mean):
    more = ConceptFactory.create_batch(4, course=course)
    teaches(lessons[0], *more)
    pretested(student, course, at=NOW, skip=[mean, *more])
    with translation.override("ru"):
        assert steps_of(student, course)["The mean"].why == (
            "На вводном тесте вы знали понятия этого урока: 5 из 5."
        )


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 урок."), (2, "2 урока."), (5, "5 уроков."), (21, "21 урок.")]
)
def test_russian_plurals(student, course, lessons, mean, count, words):
    module = Module.objects.get(course=course)
    for _number in range(count - 1):
        concept = ConceptFactory(course=course)
        needs(concept, mean)
        teaches(LessonFactory(course=course, module=module), concept)
    with translation.override("ru"):
        assert steps_of(student, course)["The mean"].why.endswith(words)


# ── It moves ──────────────────────────────────────────────────────────────────────────────────
def test_the_path_moves_as_mastery_moves(student, course, lessons, mean):
    assert steps_of(student, course)["The mean"].state == "learn"
    knows(student, mean, at=NOW, m=0.85)
    assert steps_of(student, course)["The mean"].state == "skip"
    assert steps_of(student, course, NOW + timedelta(days=40))["The mean"].state == "review"
    Mastery.objects.update(m=0.6)
    assert steps_of(student, course)["The mean"].state == "learn"


def test_one_slip_at_the_check_does_not_bring_a_skipped_lesson_back(student, course, lessons, mean):
    pretested(student, course, at=NOW, skip=[mean])
    Mastery.objects.update(m=0.58)
    assert steps_of(student, course)["The mean"].state == "skip"


def test_a_skipped_lesson_comes_back_when_its_check_shows_a_gap(student, course, lessons, mean):
    pretested(student, course, at=NOW, skip=[mean])
    services.count_as_known(student=student, course=course, lesson=lessons[0], at=NOW)
    assert not steps_of(student, course)["The mean"].is_ahead
    Mastery.objects.update(m=0.34)
    step = steps_of(student, course)["The mean"]
    assert (step.is_back, step.is_ahead, step.is_done) == (True, True, True)
    assert step.why == "You skipped it, but the check showed a gap: “Mean”."


def test_the_last_pre_test_counts(student, course, lessons, mean):
    pretested(student, course, at=NOW, skip=[mean], days=9)
    pretested(student, course, at=NOW)
    Mastery.objects.update(m=0.5)
    assert steps_of(student, course)["The mean"].state == "learn"


# ── Skipping and taking ───────────────────────────────────────────────────────────────────────
def test_a_lesson_is_taken_all_the_same_and_skipped_again(student, course, lessons, mean):
    knows(student, mean, at=NOW)
    for _twice in range(2):
        services.take_lesson(student=student, lesson=lessons[0], at=NOW)
    step = steps_of(student, course)["The mean"]
    assert (step.state, step.is_taken, step.is_ahead) == ("learn", True, True)
    assert step.why == "You know its concept and take it all the same."
    for _twice in range(2):
        services.skip_lesson(student=student, lesson=lessons[0], at=NOW)
    assert steps_of(student, course)["The mean"].is_skipped


def test_every_lesson_can_be_taken_at_once(student, course, lessons, mean, variance):
    pretested(student, course, at=NOW, skip=[mean, variance])
    assert services.take_every_lesson(student=student, course=course, at=NOW) == 2
    assert not selectors.way_through(student, course, NOW).skipped


def test_who_knows_the_rest_completes_the_course(student, course, lessons, mean, variance):
    pretested(student, course, at=NOW, skip=[mean, variance])
    complete_lesson(student=student, lesson=lessons[2], at=NOW)
    assert services.count_as_known(student=student, course=course, at=NOW) == 2
    seat = seat_of(student, course.pk)
    assert (seat.progress_percent, seat.is_completed) == (100, True)


def test_what_is_not_known_is_not_counted(student, course, lessons):
    with pytest.raises(Conflict):
        services.count_as_known(student=student, course=course, lesson=lessons[0], at=NOW)
    assert services.count_as_known(student=student, course=course, at=NOW) == 0
    assert not LessonCompletion.objects.exists()


def test_without_a_seat_nothing_is_decided(stranger, course, lessons):
    with pytest.raises(NotAllowed):
        services.take_lesson(student=stranger, lesson=lessons[0], at=NOW)
    with pytest.raises(NotAllowed):
        services.skip_lesson(student=stranger, lesson=lessons[0], at=NOW)
    with pytest.raises(NotAllowed):
        services.count_as_known(student=stranger, course=course, at=NOW)
    with pytest.raises(NotAllowed):
        services.take_every_lesson(student=stranger, course=course, at=NOW)
    assert not TakenLesson.objects.exists()


# ── Size ──────────────────────────────────────────────────────────────────────────────────────
def make_long(course, size):
    module = ModuleFactory(course=course)
    now = timezone.now()
    lessons = Lesson.objects.bulk_create(
        Lesson(
            course=course, module=module, title=f"Long {n}", position=n, duration_minutes=5,
            created_at=now, updated_at=now,
        )
        for n in range(size)
    )  # fmt: skip
    concepts = ConceptFactory.create_batch(size, course=course)
    LessonConcept.objects.bulk_create(
        LessonConcept(lesson=lesson, concept=concept)
        for lesson, concept in zip(lessons, concepts, strict=True)
    )
    Prerequisite.objects.bulk_create(
        Prerequisite(course=course, advanced=concepts[n], prerequisite=concepts[n - step])
        for n in range(size)
        for step in (1, 7)
        if n >= step
    )
    return concepts


def test_three_hundred_lessons_cost_as_many_queries_as_three(
    student, course, lessons, django_assert_max_num_queries
):
    with django_assert_max_num_queries(11) as few:
        selectors.path_of(student, course, NOW)
    concepts = make_long(course, 300)
    for concept in concepts[::3]:
        knows(student, concept, at=NOW)
    began = timezone.now()
    with django_assert_max_num_queries(len(few)):
        path = selectors.path_of(student, course, NOW)
    assert len(path) == 303
    assert (timezone.now() - began).total_seconds() < 2


def test_what_is_known_but_not_proved_is_not_said_to_be_known():
    assert words.partly_known(1, 2) == "You know 1 of its 2 concepts."
    assert words.partly_known(2, 2).startswith("You probably know it")
