"""Celery entry points of learning."""

import logging
from datetime import timedelta

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from apps.accounts.models import User
from apps.courses.models import Lesson

from .models import MergedConcept
from .selectors.log import students_to_fit
from .services import (
    attempts,
    difficulty,
    digests,
    evidence,
    imports,
    parameters,
    pretest_factors,
    reminders,
    statements,
    study_time,
)

logger = logging.getLogger(__name__)


@shared_task(name="learning.close_expired_attempts")
def close_expired_attempts() -> None:
    """Every half minute: submit what was saved when the time is over."""
    attempts.close_expired(at=timezone.now())


@shared_task(name="learning.prepare_digest")
def prepare_digest(lesson_id: int) -> None:
    """Make the lesson's digest before anybody asks for it; nothing to do when its text is the same."""
    lesson = Lesson.objects.filter(pk=lesson_id).first()
    if lesson is not None:
        digests.prepare_digest(lesson=lesson, at=timezone.now())


@shared_task(name="learning.remind_of_cards")
def remind_of_cards() -> None:
    """Every ten minutes: students whose cards are due, once a study day."""
    reminders.remind(at=timezone.now())


@shared_task(name="learning.fit_memories")
def fit_memories() -> None:
    """Every night: the scheduler of those whose log has grown enough; one log holds up no other."""
    for student in User.objects.filter(pk__in=students_to_fit()).order_by("pk").iterator():
        try:
            parameters.fit_memory(student=student, at=timezone.now())
        except SoftTimeLimitExceeded:  # those that are left have their turn tomorrow
            raise
        except Exception:
            logger.exception("memory_not_fitted", extra={"student": student.pk})


@shared_task(name="learning.learn_pretest_factors")
def learn_pretest_factors() -> None:
    """Every night: how far prerequisites can be believed, per course; one holds up no other."""
    for course_id in pretest_factors.courses_to_learn():
        try:
            pretest_factors.learn_factor(course_id=course_id, at=timezone.now())
        except SoftTimeLimitExceeded:  # those that are left have their turn tomorrow
            raise
        except Exception:
            logger.exception("pretest_factor_not_learnt", extra={"course": course_id})


@shared_task(name="learning.sweep_imports")
def sweep_imports() -> None:
    """Daily: forget files that were brought in a week ago."""
    imports.sweep_imports(at=timezone.now())


@shared_task(name="learning.make_partitions")
def make_partitions() -> None:
    """Daily: partitions of learning acts for the coming months."""
    statements.make_partitions(day=timezone.now().date())


@shared_task(name="learning.sum_up_study_time")
def sum_up_study_time() -> None:
    """Every night: hours by study day, of whoever did anything lately."""
    now = timezone.now()
    students = User.objects.filter(pk__in=study_time.students_to_sum_up(now))
    for student in students.order_by("pk").iterator():
        study_time.sum_up(student=student, at=now)


@shared_task(name="learning.measure_questions")
def measure_questions() -> None:
    """Every night: questions answered since the night before last."""
    difficulty.measure_questions(since=timezone.now() - timedelta(days=2))


@shared_task(name="learning.replay_merged")
def replay_merged() -> None:
    """Every five minutes: mastery of those who know of a concept that another took over."""
    waiting = MergedConcept.objects.filter(replayed_at=None).order_by("course_id")
    for course_id in waiting.values_list("course_id", flat=True).distinct():
        try:
            evidence.replay_merged(course_id=course_id, at=timezone.now())
        except SoftTimeLimitExceeded:  # goes on with the next run
            raise
        except Exception:
            logger.exception("merge_not_replayed", extra={"course": course_id})
