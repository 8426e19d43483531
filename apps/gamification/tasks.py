"""Periodic work of the habit. No figure needs it: each mends what an event may have lost."""

from celery import shared_task
from django.utils import timezone

from .services import history, proving


@shared_task(name="gamification.pay_rewards")
def pay_rewards() -> None:
    """Daily: referral rewards that brought no points yet bring them."""
    history.pay_rewards()


@shared_task(name="gamification.prove_leaderboards")
def prove_leaderboards() -> None:
    """Daily: points in courses against the log, and what is shown against the points."""
    proving.rebuild(course_id=None, at=timezone.now(), only_held=True)
