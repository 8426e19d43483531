"""A student's past with cards, told in bulk: the rows that grading them one by one would have left."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import transaction

from apps.accounts.models import User
from apps.core.bus import gathered, happening, publish

from ..engine import memory
from ..engine.memory import Memory
from ..events import FlashcardReviewed
from ..models import Card, Review
from ..selectors.schedule import Schedule, schedule_of
from . import evidence
from .reviews import graded

FIELDS = [
    "state", "step", "stability", "difficulty", "last_review", "due", "unplaced_due", "reps",
    "lapses", "leech_at", "credit", "own_due",
]  # fmt: skip


@dataclass
class Past:
    """The student's cards as they stand after the grades told so far; nothing is stored yet."""

    student: User
    schedule: Schedule
    cards: list[Card]
    reviews: list[Review] = field(default_factory=list)
    load: Counter[date] = field(default_factory=Counter)  # graded cards due on each study day

    def due(self, at: datetime) -> list[Card]:
        """What would have been asked then, the longest due first."""
        _begins, ends = self.schedule.today(at)
        found = [
            card
            for card in self.cards
            if card.created_at <= at
            and card.due < ends
            and (card.due <= at or (card.last_review and card.last_review <= at - memory.DAY))
        ]
        return sorted(found, key=lambda card: (card.due, card.pk))

    def grade(self, card: Card, rating: int, at: datetime, duration_ms: int) -> None:
        if card.last_review is not None:
            self.load[self.schedule.day_of(card.due)] -= 1
        review, figures = graded(card, rating, at, duration_ms, self.schedule, self._load_of)
        for name, value in figures.fields().items():
            setattr(card, name, value)
        self.load[self.schedule.day_of(card.due)] += 1
        self.reviews.append(review)

    def _load_of(self, now: Memory) -> Callable[[int], float]:
        last = now.last_review
        assert last is not None  # it has just been graded
        return lambda days: self.load[self.schedule.day_of(last + timedelta(days=days))]


def past_of(student: User) -> Past | None:
    """To begin with: the cards that were never graded; None for who has a past already."""
    if Review.objects.filter(student=student).exists():
        return None
    cards = Card.objects.filter(student=student, suspended_at=None, buried_until=None)
    return Past(student, schedule_of(student), list(cards.select_related("note").order_by("pk")))


@transaction.atomic
def keep_past(*, past: Past) -> int:
    """Store the grades with all that follows from them, told as of their days; how many."""
    held = Card.objects.select_for_update(of=("self",)).filter(student=past.student).order_by("pk")
    there = set(held.values_list("pk", flat=True))
    reviews = Review.objects.bulk_create(past.reviews, batch_size=1000)
    # each is there, and locked: it conflicts with its own row and is updated
    Card.objects.bulk_create(
        [card for card in past.cards if card.reps and card.pk in there],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=FIELDS,
        batch_size=500,
    )
    for _day, told in groupby(reviews, key=lambda row: past.schedule.day_of(row.reviewed_at)):
        _tell(list(told))
    if reviews:
        with happening(reviews[-1].reviewed_at):
            evidence.record_past_reviews(student=past.student, reviews=reviews)
    return len(reviews)


def _tell(reviews: list[Review]) -> None:
    with happening(reviews[-1].reviewed_at), gathered():
        for review in reviews:
            publish(
                FlashcardReviewed(
                    review_id=review.pk,
                    student_id=review.student_id,
                    card_id=review.card_id or 0,
                    course_id=review.course_id,
                    rating=review.rating,
                )
            )
