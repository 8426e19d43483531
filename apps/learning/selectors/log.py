"""The log of reviews, as fitting and replay want it."""

from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from ..engine.fitting import ENOUGH, Logged
from ..engine.log import Credit, Figures, Grade, credited, replayed, restored
from ..models import Card, Evidence, MemoryParameters, Review


def log_of(student: Any) -> list[Logged]:
    """The standing reviews of cards that the student has and that began as new, in time order."""
    rows = Review.objects.filter(student=student, undone_at=None, card__isnull=False)
    began: set[int] = set()
    found = []
    for row in rows.order_by("reviewed_at", "pk").values_list(
        "card_id", "rating", "reviewed_at", "retrievability", "before__credit", named=True
    ):
        if row.retrievability is None:
            began.add(row.card_id)
        if row.card_id in began:
            credited = bool(row.before__credit)
            found.append(Logged(row.card_id, row.rating, row.reviewed_at, credited))
    return found


def students_to_fit() -> list[int]:
    """Those with enough reviews, and twice as many as when they were last fitted."""
    last = MemoryParameters.objects.filter(student=OuterRef("student")).order_by("-pk")
    rows = (
        Review.objects.filter(
            Q(before__credit=0) | Q(before__credit__isnull=True),
            undone_at=None,
            card__isnull=False,
            elapsed_days__gte=1,
            student__is_active=True,
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
    """The card's figures from its log and its credits alone; None without reviews that stand."""
    reviews = list(
        Review.objects.filter(card=card, undone_at=None).select_related("parameters").order_by("pk")
    )
    if not reviews:
        return None
    figures = replayed(restored(reviews[0].before), [_grade(review) for review in reviews])
    return credited(figures, credits_of(card))


def credits_of(card: Card) -> list[Credit]:
    """What other successes credited the card with and wasn't taken back, in order."""
    rows = Evidence.objects.filter(
        student=card.student_id, credits__contains=[{"card": card.pk, "back": False}]
    )
    return [
        Credit(
            last=datetime.fromisoformat(fact["last"]),
            credit=fact["credit"][1],
            due=datetime.fromisoformat(fact["due"][1]),
        )
        for row in rows.order_by("pk")
        for fact in row.credits
        if fact["card"] == card.pk and not fact["back"]
    ]


def _grade(review: Review) -> Grade:
    parameters = review.parameters
    return Grade(
        rating=review.rating,
        at=review.reviewed_at,
        due=review.due,
        retention=review.desired_retention,
        weights=tuple(parameters.weights) if parameters else None,
    )
