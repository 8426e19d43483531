"""Telling people in their evening that a streak ends with the day: once a study day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import QuietHours, User
from apps.accounts.selectors import quiet_hours_of_many
from apps.core.bus import gathered, publish

from ..engine.clock import clock_at
from ..engine.rules import RULES
from ..events import StreakAtRisk
from ..models import Act, Habit
from ..selectors.habits import StreakNow, streak_now, today_of

EVENING, LATE = time(19), time(22)  # the usual quiet hours begin late
BEFORE = timedelta(hours=1)  # quiet hours that leave less of the evening than this
AT_IT = timedelta(hours=1)  # who learnt something within it needs no reminder
YOUNG = timedelta(hours=8)  # a study day that began so late has its evening tomorrow
# days of rest, freezes and a repair carry a run no further than this from its last day
CARRIED = timedelta(days=14)
BATCH = 500


def remind(*, at: datetime) -> int:
    """Announce to each person with a streak at risk how long it is; how many people that were.

    Only what holds at this moment is told: evenings on which nobody called are gone.
    """
    told = after = 0
    candidates = _candidates(at)
    while batch := list(candidates.filter(pk__gt=after).values_list("pk", flat=True)[:BATCH]):
        told += _remind(batch, at)
        after = batch[-1]
    return told


def is_evening(quiet: QuietHours, user: User, at: datetime) -> bool:
    """Whether it is time to remind: from 19:00 on by the person's clock, never in quiet hours, and
    in the hour before these where they take the evening."""
    wall = at.astimezone(ZoneInfo(user.timezone))
    if quiet.hold_at(wall.time()):
        return False
    if wall.time() >= EVENING:
        return True
    started = (datetime.combine(wall.date(), EVENING) + BEFORE).time()
    is_taken = quiet.hold_at(started) and not started < quiet.ends < LATE
    begins = datetime.combine(wall.date(), quiet.begins)
    return is_taken and begins - BEFORE <= wall.replace(tzinfo=None) < begins


# ── Who ───────────────────────────────────────────────────────────────────────────────────────
def _candidates(at: datetime) -> QuerySet[Habit]:
    """Whose clock shows evening, or whose quiet hours take it, and whose run may go on."""
    latest = (datetime.combine(at.date(), EVENING) + BEFORE).time()
    chosen = QuietHours.objects.filter(pk=OuterRef("pk"))
    whose = Q(Exists(chosen.filter(is_on=True, begins__lt=latest)))
    for (day, is_late), zones in _evening_zones(at).items():
        is_told = Q(reminded_on__isnull=False, reminded_on__gte=day)
        people = Q(~is_told, user__timezone__in=zones, last_day__lt=day)
        # whoever chose nothing has quiet hours by then
        whose |= people & Q(Exists(chosen)) if is_late else people
    today = at.date()
    return Habit.objects.filter(
        whose,
        run__gt=0,
        is_on=True,
        last_day__range=(today - CARRIED, today + timedelta(days=1)),
        user__is_active=True,
    ).order_by("pk")


def _evening_zones(at: datetime) -> dict[tuple[date, bool], list[str]]:
    """The time zones in which it is evening, by the date there and whether it is late."""
    found = defaultdict[tuple[date, bool], list[str]](list)
    for name, zone in _zones().items():
        wall = at.astimezone(zone)
        if wall.time() >= EVENING:
            found[wall.date(), wall.time() >= LATE].append(name)
    return found


@cache
def _zones() -> dict[str, ZoneInfo]:
    return {name: ZoneInfo(name) for name in sorted(available_timezones())}


def _at_it(user_ids: Sequence[int], at: datetime) -> set[int]:
    recent = Act.objects.filter(
        user__in=user_ids,
        rule__in=[rule.key for rule in RULES.values() if rule.study],
        day__gte=at.date() - timedelta(days=1),
        at__gt=at - AT_IT,
        at__lte=at,
    )
    return set(recent.values_list("user", flat=True))


# ── Once ──────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def _remind(user_ids: Sequence[int], at: datetime) -> int:
    """Claim the study day of those at risk, under the locks that their acts take, and announce.

    Whose lock is held does something just now; the next round sees what came of it.
    """
    rows = Habit.objects.select_for_update(of=("self",), skip_locked=True)
    habits = list(rows.select_related("user").filter(pk__in=user_ids).order_by("pk"))
    quiet = quiet_hours_of_many(user_ids)
    at_it = _at_it(user_ids, at)
    told, decided = 0, defaultdict[date, list[int]](list)
    with gathered():
        for habit in habits:
            if habit.pk in at_it or not is_evening(quiet[habit.pk], habit.user, at):
                continue
            today = today_of(habit.user, habit, at)
            streak = _undecided(habit, today, at)
            if streak is not None:
                decided[today].append(habit.pk)
                told += _announce(habit, streak, today)
    for day, ids in decided.items():
        Habit.objects.filter(pk__in=ids).update(reminded_on=day)
    return told


def _undecided(habit: Habit, today: date, at: datetime) -> StreakNow | None:
    """The streak of somebody who neither learnt nor was looked at today.

    Who rests today, or lost the run days ago, isn't looked at again before tomorrow either.
    """
    if habit.reminded_on is not None and habit.reminded_on >= today:
        return None
    state = habit.folded()
    if at - clock_at(state.settings, at).begin_of(today) < YOUNG:
        return None
    streak = streak_now(state, today)
    return None if streak.active_today else streak


def _announce(habit: Habit, streak: StreakNow, today: date) -> int:
    if not streak.at_risk:
        return 0
    publish(StreakAtRisk(user_id=habit.pk, current=streak.current, day=today.isoformat()))
    return 1
