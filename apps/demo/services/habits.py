"""The habits of the demo's people: who shows theirs on leaderboards, and old celebrations."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from apps.accounts.models import User
from apps.core import bus
from apps.enrollment.models import Enrollment
from apps.gamification.models import Goal, Moment
from apps.gamification.selectors.boards import obstacle
from apps.gamification.services import boards
from apps.gamification.services.choices import choose
from apps.gamification.services.history import retell

from .telling import Tell, portions

NOT = 4  # every fourth keeps to themselves


def join_leaderboards(users: Iterable[User], *, at: datetime) -> int:
    """Most of them in the courses they learn in; how many places those are."""
    seats = Enrollment.objects.open().filter(student__in=list(users))
    joined = 0
    for number, seat in enumerate(seats.select_related("student", "course").order_by("pk"), 1):
        if number % NOT and not obstacle(seat.student, seat.course):
            joined += boards.join(user=seat.student, course=seat.course, at=at)
    return joined


def choose_goal(user: User, goal: str) -> None:
    choose(user=user, changes={"daily_goal": Goal[goal.upper()]})


def retell_habits(users: Sequence[User], *, at: datetime, tell: Tell) -> int:
    """Points, streaks and badges from what everybody did, week by week; how many acts that were.

    Nobody is told of them one by one months later.
    """
    with bus.sparing("notifications"):
        return sum(retell(user=user, at=at) for user in portions(users, tell, 0.63, 0.75))


def settle_habits(users: Iterable[User], *, at: datetime) -> int:
    """Nobody of them is congratulated on what they earned in months gone by; how many moments those were."""
    return Moment.objects.filter(user__in=list(users), seen_at=None).update(seen_at=at)
