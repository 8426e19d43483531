"""A refresh before a lesson: begun once, each answer kept at once, left or finished."""

import random
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import Conflict, Invalid, NotFound
from apps.courses.models import Lesson

from ..engine import marking
from ..engine.questions import layout_of
from ..models import Card, Refresh, RefreshItem
from ..selectors.path import refresh_before
from ..selectors.path.refreshing import Ask, may_be_asked
from . import evidence
from .reviews import MAX_DURATION_MS, review_card

_pick = random.SystemRandom()


@transaction.atomic
def start_refresh(*, student: User, lesson: Lesson, at: datetime) -> Refresh | None:
    """A new set, or the one that is open; None when there is nothing to refresh now."""
    going_on = _open(student, lesson)
    if going_on is not None:
        return going_on
    found = refresh_before(student, lesson, at)
    if found is None:
        return None
    try:
        with transaction.atomic():
            refresh = Refresh.objects.create(student=student, lesson=lesson, started_at=at)
    except IntegrityError:  # another tab was first
        return _open(student, lesson)
    RefreshItem.objects.bulk_create(
        _item(refresh, position, ask) for position, ask in enumerate(found.asks, start=1)
    )
    return refresh


def _open(student: User, lesson: Lesson) -> Refresh | None:
    return Refresh.objects.filter(student=student, lesson=lesson, finished_at=None).first()


def _item(refresh: Refresh, position: int, ask: Ask) -> RefreshItem:
    item = RefreshItem(
        refresh=refresh,
        position=position,
        concept_id=ask.wanted.concept_id,
        card_id=ask.card_id,
        question=ask.question,
    )
    version = ask.question.current if ask.question is not None else None
    if version is not None:
        item.version = version
        item.layout = layout_of(version.kind, version.body, shuffle=True, pick=_pick)
    return item


@transaction.atomic
def answer_question(*, item: RefreshItem, answer: Any, at: datetime) -> RefreshItem:
    """Mark the answer, None being "I don't know"; what was answered before stands.

    Raises Invalid for one that can't be an answer to the question, and Conflict when its quiz is
    being taken meanwhile or was closed: what is right would be told.
    """
    item = _locked(item)
    if item.answered_at is not None or item.version is None:
        return item
    if item.question is None or not may_be_asked(item.refresh.student, item.question):
        raise Conflict(_("Its quiz is under way or was closed, so this isn’t asked here any more."))
    try:
        marking.check_form(item.version.kind, item.version.body, answer)
    except ValueError as error:
        raise Invalid(errors={"answer": [str(error)]}) from error
    found = marking.mark(item.version.kind, item.version.body, answer)
    item.given, item.answered_at = answer, at
    item.share, item.is_right = float(found.share), found.is_right
    # who doesn't know needs no time to say so: it isn't measured, so it isn't hasty
    if answer is not None:
        item.duration_ms = min(_since_the_last(item, at), MAX_DURATION_MS)
    item.save(update_fields=["given", "answered_at", "share", "is_right", "duration_ms"])
    evidence.record_refresh(item=item, at=at)
    _finish_if_done(item.refresh, at)
    return item


def _since_the_last(item: RefreshItem, at: datetime) -> int:
    """Milliseconds since the answer before, or since the beginning."""
    answers = item.refresh.items.filter(answered_at__isnull=False)
    last = answers.aggregate(at=Max("answered_at"))["at"] or item.refresh.started_at
    return max(0, int((at - last).total_seconds() * 1000))


@transaction.atomic
def grade_card(*, item: RefreshItem, rating: int, seen_reps: int, at: datetime) -> RefreshItem:
    """A grade of the item's card, as in a review; one graded elsewhere meanwhile counts as asked."""
    item = _locked(item)
    if item.answered_at is not None:
        return item
    card: Card | None = item.card
    if card is not None and card.reps == seen_reps:
        review_card(card=card, rating=rating, at=at, seen_reps=seen_reps)
    item.answered_at = at
    item.save(update_fields=["answered_at"])
    _finish_if_done(item.refresh, at)
    return item


@transaction.atomic
def leave_refresh(*, refresh: Refresh, at: datetime) -> None:
    """End it with what was answered so far."""
    Refresh.objects.filter(pk=refresh.pk, finished_at=None).update(finished_at=at)


def _locked(item: RefreshItem) -> RefreshItem:
    rows = RefreshItem.objects.select_for_update(of=("self",))
    found = rows.select_related("refresh", "card", "question", "version").filter(pk=item.pk).first()
    if found is None:
        raise NotFound
    return found


def _finish_if_done(refresh: Refresh, at: datetime) -> None:
    if not refresh.items.open().exists():
        leave_refresh(refresh=refresh, at=at)
