"""The log of reviews, as fitting and replay want it."""

from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from ..engine.fitting import ENOUGH, Logged
from ..engine.log import Figures, Grade, replayed, restored
from ..models import Card, MemoryParameters, Review


def log_of(student: Any) -> list[Logged]:
    """The standing reviews of cards that the student has and that began as new, in time order."""
    rows = Review.objects.filter(student=student, undone_at=None, card__isnull=False)
    began: set[int] = set()
    found = []
    for row in rows.order_by("reviewed_at", "pk").values_list(
        "card_id", "rating", "reviewed_at", "retrievability", named=True
    ):
        if row.retrievability is None:
            began.add(row.card_id)
        if row.card_id in began:
            found.append(Logged(card=row.card_id, rating=row.rating, at=row.reviewed_at))
    return found


def students_to_fit() -> list[int]:
    """Those with enough reviews, and twice as many as when they were last fitted."""
    last = MemoryParameters.objects.filter(student=OuterRef("student")).order_by("-pk")
    rows = (
        Review.objects.filter(
            undone_at=None, card__isnull=False, elapsed_days__gte=1, student__is_active=True
        )
        .order_by()
        .values("student")
        .annotate(
            reviews=Count("pk"),
            tried=Coalesce(
                Subquery(last.values("review_count")[:1]), 0, output_field=IntegerField()
            ),
        )
        .filter(reviews__gte=Greatest(Value(ENOUGH), 2 * F("tried")))
    )
    return sorted(rows.values_list("student", flat=True))


def is_logged(card: Card, *, rating: int, at: datetime) -> bool:
    """Whether this very grade is in the card's log, standing or taken back."""
    return Review.objects.filter(card=card, rating=rating, reviewed_at=at).exists()


def replay_of(card: Card) -> Figures | None:
    """The card's figures from its log alone; None without reviews that stand."""
    reviews = list(
        Review.objects.filter(card=card, undone_at=None).select_related("parameters").order_by("pk")
    )
    if not reviews:
        return None
    return replayed(restored(reviews[0].before), [_grade(review) for review in reviews])


def _grade(review: Review) -> Grade:
    parameters = review.parameters
    return Grade(
        rating=review.rating,
        at=review.reviewed_at,
        due=review.due,
        retention=review.desired_retention,
        weights=tuple(parameters.weights) if parameters else None,
    )
