"""Grading cards, taking grades back, and the choices that scheduling follows."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.bus import gathered, publish
from apps.core.errors import Conflict, Invalid, NotFound
from apps.core.transactions import joined

from ..engine import log, memory
from ..engine.log import Figures
from ..engine.memory import Memory
from ..events import FlashcardReviewed, FlashcardReviewUndone
from ..models import Card, MemorySettings, Review
from ..selectors.mastery import postponed_by
from ..selectors.schedule import Schedule, schedule_of
from . import evidence

# A longer pause in front of a card isn't study.
MAX_DURATION_MS = 120_000


@joined
def review_card(
    *,
    card: Card,
    rating: int,
    at: datetime,
    duration_ms: int = 0,
    seen_reps: int | None = None,
) -> Review:
    """Grade the card, due or not; the review's `card` is as it now stands, `postponed` is known.

    With `seen_reps`, the number of reviews that the page knew of, a grade that another one has
    overtaken is a Conflict.
    """
    if rating not in memory.RATINGS.values():
        raise Invalid(errors={"rating": [_("A grade from 1 to 4.")]})
    card = _locked(card)
    if seen_reps is not None and seen_reps != card.reps:
        raise Conflict(_("This card has been graded in the meantime."))
    schedule = schedule_of(card.student)
    review, figures = graded(
        card, rating, at, duration_ms, schedule, lambda now: _load_of(card, now, schedule)
    )
    review.save()
    _put(card, figures)
    with gathered():
        publish(
            FlashcardReviewed(
                review_id=review.pk,
                student_id=card.student_id,
                card_id=card.pk,
                course_id=card.course_id,
                rating=rating,
            )
        )
        told = evidence.record_review(review=review, at=at)
    review.postponed = postponed_by([told] if told else [])
    return review


def graded(
    card: Card,
    rating: int,
    at: datetime,
    duration_ms: int,
    schedule: Schedule,
    load_of: Callable[[Memory], Callable[[int], float]],
) -> tuple[Review, Figures]:
    """The review as it is to be stored, and what it makes of the card; `load_of` as in `place_due`."""
    before = card.figures
    now = memory.graded(before.memory, rating, at, schedule.scheduler)
    assert now.stability is not None
    assert now.difficulty is not None
    due = memory.place_due(now, load_of(now))
    review = Review(
        card=card,
        student_id=card.student_id,
        course_id=card.course_id,
        rating=rating,
        reviewed_at=at,
        duration_ms=min(duration_ms, MAX_DURATION_MS),
        before=before.stored(),
        elapsed_days=memory.elapsed_days(before.memory.last_review, at),
        retrievability=memory.retrievability(before.memory, at, schedule.scheduler),
        state=now.state,
        stability=now.stability,
        difficulty=now.difficulty,
        unplaced_due=now.due,
        due=due,
        desired_retention=schedule.retention,
        parameters_id=schedule.parameters_id,
    )
    return review, log.after(before, now, rating, due)


@joined
def undo_review(*, card: Card, at: datetime, review_id: int | None = None) -> Card:
    """Take back the card's last review that stands; again and again walks further back.

    With `review_id` only that one is taken back: a Conflict when it isn't the last any more.
    """
    card = _locked(card)
    last = Review.objects.filter(card=card, undone_at=None).order_by("-pk").first()
    if last is None or review_id not in (None, last.pk):
        raise Conflict(_("There is no review to take back."))
    last.undone_at = at
    last.save(update_fields=["undone_at"])
    _put(card, log.restored(last.before))
    evidence.take_back_review(review=last, at=at)
    publish(FlashcardReviewUndone(review_id=last.pk, student_id=card.student_id, card_id=card.pk))
    return card


@transaction.atomic
def suspend_card(*, card: Card, at: datetime) -> Card:
    """Ask it no more until it is resumed."""
    return _change(card, suspended_at=at)


@transaction.atomic
def resume_card(*, card: Card, at: datetime) -> Card:
    return _change(card, suspended_at=None)


@transaction.atomic
def bury(*, card: Card, at: datetime) -> Card:
    """Put it off until the next study day."""
    _begins, ends = schedule_of(card.student).today(at)
    return _change(card, buried_until=ends)


@transaction.atomic
def change_memory_settings(
    *, student: User, changes: Mapping[str, Any], at: datetime
) -> MemorySettings:
    """`desired_retention`, `day_start`, `cards_from_mistakes`, `cards_from_terms`, any of them.

    They act from the next review on.
    """
    errors = {}
    retention = changes.get("desired_retention", 0.9)
    if not 0.80 <= retention <= 0.97:
        errors["desired_retention"] = [_("From 80 to 97 %.")]
    if changes.get("day_start", 4) not in range(24):
        errors["day_start"] = [_("An hour from 0 to 23.")]
    if errors:
        raise Invalid(errors=errors)
    chosen, _made = MemorySettings.objects.get_or_create(student=student)
    for name, value in changes.items():
        setattr(chosen, name, value)
    chosen.save(update_fields=list(changes))
    return chosen


# ── The row and its figures ───────────────────────────────────────────────────────────────────
def _locked(card: Card) -> Card:
    rows = Card.objects.select_for_update(of=("self",)).select_related("note", "student")
    found = rows.filter(pk=card.pk).first()
    if found is None:
        raise NotFound
    return found


def _change(card: Card, **fields: Any) -> Card:
    card = _locked(card)
    for name, value in fields.items():
        setattr(card, name, value)
    card.save(update_fields=list(fields))
    return card


def _put(card: Card, figures: Figures) -> None:
    fields = figures.fields()
    for name, value in fields.items():
        setattr(card, name, value)
    card.save(update_fields=list(fields))


def _load_of(card: Card, now: Memory, schedule: Schedule) -> Callable[[int], float]:
    """How many other cards are due so many days after the review."""
    if now.last_review is None or now.state != memory.REVIEW:
        return lambda _days: 0
    first, last = memory.fuzz_range((now.due - now.last_review).days)
    if first == last:
        return lambda _days: 0
    begins = now.last_review + (first - 1) * memory.DAY
    ends = now.last_review + (last + 2) * memory.DAY
    others = Card.objects.filter(
        student_id=card.student_id, suspended_at=None, due__gte=begins, due__lt=ends
    ).exclude(pk=card.pk)
    counted = others.values(day=schedule.day_sql("due")).annotate(cards=Count("pk"))
    by_day = dict(counted.values_list("day", "cards"))
    last_review = now.last_review
    return lambda days: by_day.get(schedule.day_of(last_review + timedelta(days=days)), 0)
