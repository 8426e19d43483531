"""The Celery application: queue `events` delivers the outbox, `search` the part of it that the index
waits for, and `jobs` runs long work."""

import os

from celery import Celery
from celery.platforms import set_pdeathsig  # type: ignore[attr-defined]
from celery.schedules import crontab
from celery.signals import beat_embedded_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")

app = Celery("eduplatform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "redeliver-due-events": {"task": "core.redeliver_due", "schedule": 10.0},
    "resume-lost-jobs": {"task": "core.resume_lost_jobs", "schedule": 30.0},
    "sweep-idempotency-claims": {
        "task": "core.sweep_idempotency",
        "schedule": crontab(minute=17),
    },
    "sweep-refresh-tokens": {"task": "accounts.sweep_tokens", "schedule": crontab(minute=23)},
    "sweep-ai-reservations": {"task": "ai.sweep_reservations", "schedule": 60.0},
    "send-due-notifications": {"task": "notifications.send_due", "schedule": 10.0},
    "forget-referral-places": {
        "task": "referrals.forget_places",
        "schedule": crontab(hour=3, minute=25),
    },
    "pay-referral-rewards": {
        "task": "gamification.pay_rewards",
        "schedule": crontab(hour=3, minute=30),
    },
    "make-event-partitions": {
        "task": "analytics.make_partitions",
        "schedule": crontab(hour=3, minute=5),
    },
    "make-statement-partitions": {
        "task": "learning.make_partitions",
        "schedule": crontab(hour=3, minute=10),
    },
    "wipe-deleted-messages": {
        "task": "messaging.wipe_deleted",
        "schedule": crontab(hour=3, minute=15),
    },
    "learn-search-words": {"task": "search.learn_words", "schedule": crontab(hour=3, minute=35)},
    "merge-search-tallies": {"task": "search.merge_tallies", "schedule": crontab(minute=50)},
    "cut-search-tiers": {"task": "search.cut_tiers", "schedule": crontab(hour=3, minute=50)},
    "check-search-index": {"task": "search.check_index", "schedule": crontab(hour=4, minute=20)},
    "fill-search-index": {"task": "search.fill_index", "schedule": 300.0},
    "remind-of-cards": {"task": "learning.remind_of_cards", "schedule": 600.0},
    "remind-of-streaks": {"task": "gamification.remind_of_streaks", "schedule": 900.0},
    "fit-memories": {"task": "learning.fit_memories", "schedule": crontab(hour=2, minute=45)},
    "measure-questions": {
        "task": "learning.measure_questions",
        "schedule": crontab(hour=3, minute=20),
    },
    "replay-merged-concepts": {"task": "learning.replay_merged", "schedule": 300.0},
    "close-expired-attempts": {"task": "learning.close_expired_attempts", "schedule": 30.0},
    "learn-pretest-factors": {
        "task": "learning.learn_pretest_factors",
        "schedule": crontab(hour=3, minute=15),
    },
    "sum-up-study-time": {
        "task": "learning.sum_up_study_time",
        "schedule": crontab(hour=2, minute=20),
    },
    "sweep-imports": {"task": "learning.sweep_imports", "schedule": crontab(hour=4, minute=5)},
    "prove-leaderboards": {
        "task": "gamification.prove_leaderboards",
        "schedule": crontab(hour=4, minute=35),
    },
    "store-forum-views": {"task": "community.store_views", "schedule": 60.0},
    "canary": {"task": "core.canary", "schedule": 30.0},
}


@beat_embedded_init.connect
def end_with_the_worker(**_: object) -> None:
    """Celery does this for its pool but not for the clock inside a worker."""
    set_pdeathsig("SIGKILL")
