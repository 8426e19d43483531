"""What the habit holds on a person."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from .models import Act, Award, CourseTotal, DayTotal, Entrant, Habit, Moment
from .services import boards

OF_A_DAY = ("day", "lessons", "quizzes", "reviews", "comments", "points")
OF_AN_ACT = ("rule", "source", "day", "at", "points", "course_id", "facts")


def export(user: Any) -> dict[str, Any]:
    habit = Habit.objects.filter(pk=user.pk).first() or Habit(user=user)
    return {
        "xp": habit.xp,
        "level": habit.level,
        "choices": {
            "is_on": habit.is_on,
            "celebrates": habit.celebrates,
            "daily_goal": habit.daily_goal,
        },
        "acts": list(Act.objects.visible_to(user).order_by("id").values(*OF_AN_ACT)),
        "days": list(DayTotal.objects.filter(user=user).order_by("day").values(*OF_A_DAY)),
        "badges": list(Award.objects.filter(user=user).order_by("id").values("badge", "earned_at")),
        "leaderboards": list(
            Entrant.objects.filter(user=user).order_by("id").values("course_id", "since")
        ),
    }


@transaction.atomic
def erase(user: Any, at: datetime) -> None:
    """All of it: the one change that the trigger of the log lets by.

    Behind the lock of the habit, so that no act told meanwhile is left.
    """
    Habit.objects.select_for_update().filter(pk=user.pk).first()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL eduplatform.erasing = 'on'")
        Act.objects.filter(user=user).delete()
        cursor.execute("SET LOCAL eduplatform.erasing = 'off'")
    Award.objects.filter(granted_by=user).update(granted_by=None)
    boards.leave_all(user_id=user.pk)
    for model in (DayTotal, CourseTotal, Award, Moment):
        model.objects.filter(user=user).delete()
    Habit.objects.filter(pk=user.pk).delete()
