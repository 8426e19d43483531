"""The way in: begun, answered, a course taken, skipped or finished. Each holds the person's row."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.services import choose_interests
from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotFound
from apps.courses.models import Course
from apps.enrollment.services import enroll
from apps.gamification.models import Goal as DailyGoal
from apps.gamification.services.choices import choose
from apps.learning.models import Note
from apps.learning.services.notes import keep_question

from .events import OnboardingFinished, OnboardingSkipped, OnboardingStarted
from .models import Goal, Minutes, Start
from .selectors import first_steps_of, offered_subjects, pick_of, step_of, wishes_of

# The daily goal is in XP: a lesson with its quiz brings 50 and takes about twenty minutes.
GOALS = {
    Minutes.LIGHT: DailyGoal.EASY,
    Minutes.STEADY: DailyGoal.STEADY,
    Minutes.KEEN: DailyGoal.SERIOUS,
    Minutes.INTENSE: DailyGoal.INTENSE,
}


@transaction.atomic
def begin(*, user: User, at: datetime) -> Start:
    """The person's start, made by the first that asks for it."""
    return _opened(user, at)


@transaction.atomic
def answer(*, user: User, subjects: Sequence[str], goal: str, minutes: int, at: datetime) -> Start:
    """The three answers, each kept where it is used; subjects that aren't offered stay chosen.

    Answered anew, the course is picked anew, unless its first lesson is open already.
    """
    if goal not in Goal.values or minutes not in Minutes.values:
        raise Invalid
    start = _opened(user, at)
    if start.is_closed:
        return start
    wishes, offered = wishes_of(user), {slug for slug, _name in offered_subjects()}
    beside = [slug for slug in wishes.subjects if slug not in offered]
    choose_interests(user=user, subjects=[*subjects, *beside], words=wishes.words)
    choose(user=user, changes={"daily_goal": GOALS[Minutes(minutes)]})
    start.goal, start.minutes = goal, minutes
    start.course = start.course if start.is_under_way else None
    start.chosen_at = start.chosen_at or at
    start.save(update_fields=["goal", "minutes", "course", "chosen_at"])
    return start


@transaction.atomic
def choose_course(*, user: User, course_id: int, at: datetime) -> Start:
    """This one instead of the picked one, until a first lesson is open: another tab may be behind."""
    start = _opened(user, at)
    if not (start.is_closed or start.is_under_way):
        start.course = _startable(user, course_id)
        start.save(update_fields=["course"])
    return start


@transaction.atomic
def open_first_lesson(*, user: User, course_id: int, at: datetime) -> Start:
    """Take the course: a seat in a free one; of another the first lesson is a preview."""
    start = _opened(user, at)
    if start.is_closed:
        return start
    course = _startable(user, course_id)
    if course.is_free:
        enroll(student=user, course=course, at=at)
    start.course, start.opened_at = course, start.opened_at or at
    start.save(update_fields=["course", "opened_at"])
    return start


@transaction.atomic
def keep_first_card(*, user: User, at: datetime) -> Note:
    """A card of the first question that was answered: for who made no mistake to learn from."""
    start = _opened(user, at)
    steps = first_steps_of(user, start)
    if steps is None or steps.attempt is None:
        raise Conflict(_("Answer a question first: the card is made of it."))
    return keep_question(attempt=steps.attempt, at=at)


@transaction.atomic
def skip(*, user: User, at: datetime) -> None:
    """For good. What was chosen stays chosen."""
    start = _opened(user, at)
    if start.is_closed:
        return
    publish(OnboardingSkipped(user_id=user.pk, step=step_of(start)))
    start.skipped_at = at
    start.save(update_fields=["skipped_at"])


@transaction.atomic
def finish(*, user: User, at: datetime) -> Start:
    """Once all first steps are done; again it is as it was."""
    start = _opened(user, at)
    if start.is_closed:
        return start
    steps = first_steps_of(user, start)
    if steps is None or not steps.is_complete:
        raise Conflict(_("A step is still missing."))
    start.finished_at = at
    start.save(update_fields=["finished_at"])
    publish(OnboardingFinished(user_id=user.pk, course_id=start.course_id or 0))
    return start


def _opened(user: User, at: datetime) -> Start:
    """The row, behind the lock of the person: two tabs come one after the other."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    start, is_new = Start.objects.select_related("course").get_or_create(
        user=user, defaults={"begun_at": at}
    )
    if is_new:
        publish(OnboardingStarted(user_id=user.pk))
    return start


def _startable(user: User, course_id: int) -> Course:
    pick = pick_of(user, course_id)
    if pick is None:
        raise NotFound
    return pick.course
