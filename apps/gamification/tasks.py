"""Periodic work of the habit. No figure needs it."""

from celery import shared_task
from django.utils import timezone

from .services import history, proving, reminders


@shared_task(name="gamification.pay_rewards")
def pay_rewards() -> None:
    """Daily: referral rewards that brought no points yet bring them."""
    history.pay_rewards()


@shared_task(name="gamification.prove_leaderboards")
def prove_leaderboards() -> None:
    """Daily: points in courses against the log, and what is shown against the points."""
    proving.rebuild(course_id=None, at=timezone.now(), only_held=True)


@shared_task(name="gamification.remind_of_streaks")
def remind_of_streaks() -> None:
    """Every quarter of an hour: people in whose evening a streak is at risk, once a study day."""
    reminders.remind(at=timezone.now())
