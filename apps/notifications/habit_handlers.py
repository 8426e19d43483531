"""What people are told of their habit, while they want to know of it."""

from django.utils import timezone

from apps.accounts.models import User
from apps.core.bus import subscribe
from apps.gamification.events import BadgeEarned, StreakAtRisk, StreakUpdated
from apps.gamification.models import Award
from apps.gamification.selectors.habits import habit_of, summary_of
from apps.learning.selectors.cards import due_count
from apps.learning.selectors.path.next import next_step

from .services import notify, notify_group, settle


@subscribe(BadgeEarned)
def tell_of_badge(event: BadgeEarned) -> None:
    """One unread notification, however many badges it counts."""
    award = Award.objects.select_related("user").filter(pk=event.award_id).first()
    if award is None or not habit_of(award.user).is_on:
        return
    notify_group(
        user_ids=[award.user_id],
        kind="badge_earned",
        group="badges",
        params={"badge": award.badge},
        at=event.occurred_at or timezone.now(),
        key=str(award.pk),
        url="/awards/",
    )


@subscribe(StreakAtRisk)
def remind_of_streak(event: StreakAtRisk) -> None:
    """Unless it was kept meanwhile."""
    user, at = User.objects.get(pk=event.user_id), event.occurred_at or timezone.now()
    habit = summary_of(user, at)
    if not (habit.is_on and habit.streak.at_risk and habit.today.isoformat() == event.day):
        return
    step = None if due_count(user, at) else next_step(user, at)
    notify(
        user_id=user.pk,
        kind="streak_at_risk",
        params={"current": habit.streak.current, "freezes": habit.streak.freezes},
        at=at,
        key=f"streak_at_risk:{event.day}",
        url=step.url if step else "/review/",
    )


@subscribe(StreakUpdated)
def settle_streak(event: StreakUpdated) -> None:
    settle(user_id=event.user_id, keys="streak_at_risk:", at=event.occurred_at or timezone.now())
