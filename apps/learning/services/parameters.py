"""Fitting the scheduler to a student, now and then, and adopting what predicts better."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User

from ..engine import fitting
from ..models import MemoryParameters, MemorySettings
from ..selectors.log import log_of
from ..selectors.memory import last_fit_of
from ..selectors.schedule import schedule_of


def fit_memory(*, student: User, at: datetime) -> MemoryParameters | None:
    """Try to fit; None when there isn't enough to learn from, or not twice as much as last time."""
    log = log_of(student)
    last = last_fit_of(student)
    reviews = fitting.later_day_reviews(log)
    if reviews < fitting.ENOUGH or (last is not None and reviews < 2 * last.review_count):
        return None
    return _record(student, fitting.fit(log, schedule_of(student).weights), at)


@transaction.atomic
def _record(student: User, fit: fitting.Fit, at: datetime) -> MemoryParameters:
    """Keep the figures of every try; what is adopted acts from the next review on."""
    made = MemoryParameters.objects.create(
        student=student,
        weights=list(fit.weights),
        review_count=fit.review_count,
        loss_before=fit.loss_before,
        loss_after=fit.loss_after,
        standard_error=fit.standard_error,
        adopted=fit.adopted,
        created_at=at,
    )
    if fit.adopted:
        MemorySettings.objects.update_or_create(student=student, defaults={"parameters": made})
    return made
