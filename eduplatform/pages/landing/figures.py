"""Figures about the platform on its landing page: counted from rows, told with how they are counted."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Q

from apps.courses.models import Course
from apps.learning.engine import memory
from apps.learning.models import Review

KEPT_SECONDS = 3600
NEWEST = 100_000  # reviews that are looked at: a visitor waits for it, however many there are
# Fewer tell nothing, or too much of the few; a strip of one figure is none.
FEWEST_COURSES, FEWEST_REVIEWS, FEWEST_LATE, FEWEST_PEOPLE = 5, 200, 50, 5
FEWEST_FIGURES = 2
MONTH = 30  # days


@dataclass(frozen=True)
class Figures:
    """None is what there is too little of to say."""

    courses: int | None
    reviews: int | None
    remembered: int | None  # percent
    late_reviews: int
    are_more: bool  # there are more reviews than were looked at

    @property
    def are_enough(self) -> bool:
        told = (self.courses, self.reviews, self.remembered)
        return sum(each is not None for each in told) >= FEWEST_FIGURES


def figures() -> Figures:
    return cache.get_or_set("pages:figures", _counted, KEPT_SECONDS)  # type: ignore[return-value]


def _counted() -> Figures:
    late = Q(elapsed_days__gte=MONTH)
    newest = Review.objects.filter(undone_at=None).order_by("-pk")[:NEWEST]
    found = newest.aggregate(
        reviews=Count("pk"),
        late=Count("pk", filter=late),
        remembered=Count("pk", filter=late & Q(rating__gt=memory.AGAIN)),
        people=Count("student", filter=late, distinct=True),
    )
    is_told = found["late"] >= FEWEST_LATE and found["people"] >= FEWEST_PEOPLE
    return Figures(
        courses=_enough(Course.objects.published().count(), FEWEST_COURSES),
        reviews=_enough(found["reviews"], FEWEST_REVIEWS),
        remembered=round(found["remembered"] / found["late"] * 100) if is_told else None,
        late_reviews=found["late"],
        are_more=found["reviews"] == NEWEST,
    )


def _enough(count: int, fewest: int) -> int | None:
    return count if count >= fewest else None
