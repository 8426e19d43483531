"""One's own figures, what one chose about them, and the repair of a streak."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.accounts.rights import SignedInRequest
from apps.core.api import SignedIn

from ..engine.streak import MAX_REST_DAYS
from ..models import Goal
from ..selectors import habits
from ..services.choices import change_habit, repair_streak


class HabitStreakOut(serializers.Serializer[Any]):
    """In days, by the person's own clock."""

    current = serializers.IntegerField()
    longest = serializers.IntegerField()
    total_days = serializers.IntegerField(
        source="total", help_text="On which something was learnt."
    )
    freezes = serializers.IntegerField(help_text="Each saves one missed day by itself.")
    active_today = serializers.BooleanField()
    at_risk = serializers.BooleanField(
        help_text="Without learning today it costs a freeze, or ends."
    )
    repairable = serializers.DateField(
        allow_null=True, help_text="The missed day that can be repaired today."
    )


class HabitGoalOut(serializers.Serializer[Any]):
    """XP by studying."""

    target = serializers.IntegerField()
    current = serializers.IntegerField(help_text="Of today.")


class HabitRestOut(serializers.Serializer[Any]):
    """Weekdays that ask for nothing; 0 is Monday."""

    now = serializers.ListField(child=serializers.IntegerField())
    coming = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    coming_from = serializers.DateField(allow_null=True)


class HabitOut(serializers.Serializer[Any]):
    xp = serializers.IntegerField()
    level = serializers.IntegerField()
    level_xp = serializers.IntegerField(help_text="XP with which the level begins.")
    next_level_xp = serializers.IntegerField(help_text="XP with which the next one begins.")
    streak = HabitStreakOut()
    badges_earned = serializers.IntegerField()
    daily_goal = HabitGoalOut()
    is_on = serializers.BooleanField(
        help_text="Switched off, nobody is shown any of it, and a client shows none either."
    )
    celebrates = serializers.BooleanField()
    rest_days = HabitRestOut()


class HabitIn(serializers.Serializer[Any]):
    is_on = serializers.BooleanField()
    celebrates = serializers.BooleanField()
    daily_goal = serializers.ChoiceField(choices=Goal.choices)
    rest_days = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        max_length=MAX_REST_DAYS,
        help_text="0 is Monday; they hold from next Monday.",
    )


def told(user: User, at: datetime) -> dict[str, Any]:
    habit = habits.habit_of(user)
    summary = habits.summary_of(user, at, habit)
    return HabitOut(
        {
            **vars(summary),
            "daily_goal": habits.goal_of(habit, summary.today),
            "celebrates": habit.celebrates,
            "rest_days": habits.rest_days_of(habit.folded(), summary.today),
        }
    ).data


class MyHabit(APIView):
    """GET, PATCH /api/gamification/me: PATCH takes any of its fields."""

    permission_classes = [SignedIn]

    @extend_schema(responses=HabitOut)
    def get(self, request: SignedInRequest) -> Response:
        return Response(told(request.user, timezone.now()))

    @extend_schema(request=HabitIn(partial=True), responses=HabitOut)
    def patch(self, request: SignedInRequest) -> Response:
        form = HabitIn(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        at = timezone.now()
        change_habit(user=request.user, changes=form.validated_data, at=at)
        return Response(told(request.user, at))


class RepairStreak(APIView):
    """POST /api/gamification/streak/repair: 409 when there is nothing to repair."""

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses=HabitOut)
    def post(self, request: SignedInRequest) -> Response:
        at = timezone.now()
        repair_streak(user=request.user, at=at)
        return Response(told(request.user, at))
