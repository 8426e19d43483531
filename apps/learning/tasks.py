"""Celery entry points of learning."""

from celery import shared_task
from django.utils import timezone

from apps.courses.models import Lesson

from .services import attempts, digests


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
