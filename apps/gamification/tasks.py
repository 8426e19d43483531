"""Periodic work of the habit. No figure needs it: each mends what an event may have lost."""

from celery import shared_task

from .services import history


@shared_task(name="gamification.pay_rewards")
def pay_rewards() -> None:
    """Daily: referral rewards that brought no points yet bring them."""
    history.pay_rewards()
