"""The way in as it is kept: begun, answered, taken, skipped, finished, each once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from apps.accounts.models import Role
from apps.accounts.selectors import interests_of
from apps.accounts.services import choose_interests
from apps.core.errors import Conflict, Invalid, NotFound
from apps.core.models import Delivery
from apps.core.personal_data import export_all, holdings
from apps.courses.tests.factories import CourseFactory
from apps.enrollment.models import Enrollment
from apps.enrollment.services import complete_lesson
from apps.gamification.models import Habit
from apps.gamification.services.choices import choose
from apps.learning.models import Card, Note
from apps.onboarding import services
from apps.onboarding.models import Start
from apps.onboarding.selectors import first_steps_of, start_of, welcome_of

from .factories import beginning, first_lesson, subject, take_quiz

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def told(name):
    return Delivery.objects.filter(event=name).values("payload").distinct().count()


def answered(student, *subjects, goal="work", minutes=20):
    return services.answer(user=student, subjects=subjects, goal=goal, minutes=minutes, at=NOW)


@pytest.fixture
def course():
    return beginning(category=subject("mathematics"))


def way_through(student, course, *, right=True, at=NOW):
    services.open_first_lesson(user=student, course_id=course.pk, at=at)
    complete_lesson(student=student, lesson=first_lesson(course), at=at)
    return take_quiz(student, course, right=right, at=at)


# ── Answers ───────────────────────────────────────────────────────────────────────────────────
def test_each_answer_is_kept_where_it_is_used(student, course):
    start = answered(student, "mathematics", goal="change", minutes=40)
    assert (start.goal, start.minutes, start.chosen_at) == ("change", 40, NOW)
    assert [each.value for each in interests_of(student)] == ["mathematics"]
    assert Habit.objects.get(pk=student.pk).daily_goal == 100


@pytest.mark.parametrize(("minutes", "goal"), [(10, 20), (20, 50), (40, 100), (60, 200)])
def test_minutes_are_a_daily_goal(student, minutes, goal):
    answered(student, minutes=minutes)
    assert Habit.objects.get(pk=student.pk).daily_goal == goal


def test_words_and_deeper_subjects_chosen_before_stay(student, course):
    subject("algebra", parent=course.category)
    choose_interests(user=student, subjects=["algebra", "mathematics"], words=["chess"])
    answered(student)
    assert {each.value for each in interests_of(student)} == {"algebra", "chess"}


@pytest.mark.parametrize(("goal", "minutes"), [("fame", 20), ("", 20), ("work", 15)])
def test_what_is_not_offered_changes_nothing(student, goal, minutes):
    with pytest.raises(Invalid):
        answered(student, goal=goal, minutes=minutes)
    assert not Start.objects.exists()


def test_answered_again_the_course_is_picked_anew_until_it_is_open(student, course):
    answered(student, "mathematics")
    services.choose_course(user=student, course_id=course.pk, at=NOW)
    assert answered(student, "mathematics").course is None
    services.open_first_lesson(user=student, course_id=course.pk, at=NOW)
    assert answered(student, "mathematics", minutes=10).course == course


# ── The first lesson ──────────────────────────────────────────────────────────────────────────
def test_a_free_course_gives_a_seat_once(student, course):
    for _ in range(2):
        start = services.open_first_lesson(user=student, course_id=course.pk, at=NOW)
    assert start.is_under_way
    assert Enrollment.objects.filter(student=student, course=course).count() == 1


def test_a_paid_one_is_begun_as_a_preview(student):
    paid = beginning(category=subject("mathematics"), price_minor=2900)
    assert services.open_first_lesson(user=student, course_id=paid.pk, at=NOW).is_under_way
    assert not Enrollment.objects.exists()
    take_quiz(student, paid, right=True)
    steps = first_steps_of(student, start_of(student))
    assert steps.has_read and steps.attempt


@pytest.mark.parametrize("act", [services.choose_course, services.open_first_lesson])
def test_what_cannot_be_begun_with_is_not_there(student, act):
    with pytest.raises(NotFound):
        act(user=student, course_id=CourseFactory().pk, at=NOW)


# ── The steps ─────────────────────────────────────────────────────────────────────────────────
def test_each_step_follows_from_what_was_done(student, stranger, course, deliver_all):
    def done():
        return first_steps_of(student, start_of(student)).done

    services.open_first_lesson(user=student, course_id=course.pk, at=NOW)
    services.open_first_lesson(user=stranger, course_id=course.pk, at=NOW)
    way_through(stranger, course, right=False)
    deliver_all()
    assert done() == [False, False, False, False]
    complete_lesson(student=student, lesson=first_lesson(course), at=NOW)
    assert done() == [True, False, False, False]
    deliver_all()
    assert done() == [True, False, False, True]
    take_quiz(student, course, right=False)
    assert done() == [True, True, True, True]


def test_who_made_no_mistake_keeps_a_card_by_their_own_act(student, course, deliver_all):
    way_through(student, course)
    deliver_all()
    assert not Card.objects.filter(student=student).exists()
    with pytest.raises(Conflict):
        services.finish(user=student, at=NOW)
    for _ in range(2):
        services.keep_first_card(user=student, at=NOW)
    note = Note.objects.get(student=student)
    assert note.source == "own" and "Which organelle" in note.front
    assert "mitochondrion" in note.back
    assert services.finish(user=student, at=NOW).finished_at == NOW


def test_a_card_needs_an_answered_question(student, course):
    services.open_first_lesson(user=student, course_id=course.pk, at=NOW)
    with pytest.raises(Conflict):
        services.keep_first_card(user=student, at=NOW)


def test_without_streaks_there_are_three_steps(student, course):
    choose(user=student, changes={"is_on": False})
    way_through(student, course, right=False)
    assert services.finish(user=student, at=NOW).finished_at == NOW


# ── Its end ───────────────────────────────────────────────────────────────────────────────────
def test_it_is_finished_once(student, course, deliver_all):
    way_through(student, course, right=False)
    deliver_all()
    services.finish(user=student, at=NOW)
    again = services.finish(user=student, at=NOW + timedelta(days=1))
    assert again.finished_at == NOW
    services.skip(user=student, at=NOW)
    assert start_of(student).skipped_at is None
    assert told("onboarding.finished") == 1


@pytest.mark.parametrize("step", ["questions", "course", "lesson"])
def test_it_is_skipped_once_and_nothing_changes_after(student, course, step):
    if step != "questions":
        answered(student, "mathematics")
    if step == "lesson":
        services.open_first_lesson(user=student, course_id=course.pk, at=NOW)
    services.skip(user=student, at=NOW)
    services.skip(user=student, at=NOW + timedelta(days=1))
    kept = Start.objects.get()
    assert kept.skipped_at == NOW
    assert Delivery.objects.filter(event="onboarding.skipped").first().payload["step"] == step
    answered(student, goal="self", minutes=60)
    services.choose_course(user=student, course_id=course.pk, at=NOW)
    services.open_first_lesson(user=student, course_id=course.pk, at=NOW)
    services.finish(user=student, at=NOW)
    assert Start.objects.values().get() == {
        **Start.objects.values().get(),
        "goal": kept.goal,
        "minutes": kept.minutes,
        "opened_at": kept.opened_at,
        "finished_at": None,
    }


def test_the_beginning_is_told_once(student):
    services.begin(user=student, at=NOW)
    services.begin(user=student, at=NOW)
    assert told("onboarding.started") == 1


def test_nobody_both_skips_and_finishes(student):
    with pytest.raises(IntegrityError):
        Start.objects.create(user=student, begun_at=NOW, skipped_at=NOW, finished_at=NOW)


# ── Who is led ────────────────────────────────────────────────────────────────────────────────
def welcome(user, at=NOW, **options):
    asked = {"has_seat": False, "has_learnt": False, "wants_elsewhere": False, **options}
    return welcome_of(user, at, **asked)


def test_a_newcomer_is_led_and_who_wants_elsewhere_is_invited(student):
    assert welcome(student).leads
    for reason in ("has_seat", "wants_elsewhere"):
        found = welcome(student, **{reason: True})
        assert found.invites and not found.leads
    assert not welcome(student, has_seat=True, has_learnt=True).invites


@pytest.mark.parametrize("role", [Role.TEACHER, Role.MODERATOR, Role.ADMIN])
def test_others_are_never_led(student, role):
    student.role = role
    assert welcome(student) == welcome(student, has_seat=True)
    assert not (welcome(student).leads or welcome(student).invites)


def test_steps_under_way_are_shown_for_a_week(student, course):
    services.open_first_lesson(user=student, course_id=course.pk, at=NOW)
    assert welcome(student, has_seat=True).is_under_way
    later = welcome(student, NOW + timedelta(days=8), has_seat=True)
    assert not (later.is_under_way or later.leads or later.invites)


def test_after_the_end_nothing_is_shown(student):
    services.skip(user=student, at=NOW)
    found = welcome(student)
    assert not (found.leads or found.invites or found.is_under_way)


# ── A person's data ───────────────────────────────────────────────────────────────────────────
def test_it_is_exported_and_erased(student, stranger):
    answered(student, goal="self", minutes=10)
    answered(stranger)
    assert export_all(student)["onboarding"]["start"]["goal"] == "self"
    next(each for each in holdings() if each.app == "onboarding").erase(student, NOW)
    assert list(Start.objects.values_list("pk", flat=True)) == [stranger.pk]
