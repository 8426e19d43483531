"""Seats of the demo: who learns what, how far they come, and what they say of it."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from apps.accounts.models import User
from apps.core import bus
from apps.enrollment import services
from apps.enrollment.models import Enrollment
from apps.payments.services import complete_test_payment, start_payment

from ..texts import CourseText, ReviewText
from .courses import Place
from .opinions import Opinions
from .paces import Pace
from .people import Player

OPINION = timedelta(days=2)  # after the last lesson, at most


@dataclass(frozen=True)
class SeatPlan:
    """`lessons` of them are done between `began_at` and `ended_at`."""

    course: str
    began_at: datetime
    ended_at: datetime
    lessons: int
    review: ReviewText | None = None
    knows: float = 0.0  # the share of the concepts that a pre-test finds known; 0: none is taken


def plan_seats(
    player: Player,
    pace: Pace,
    courses: Sequence[CourseText],
    places: Mapping[str, Place],
    *,
    opinions: Opinions,
    at: datetime,
) -> list[SeatPlan]:
    """The same ones at every run: named, else those of a reviewer and some by a seeded draw."""
    if player.person.seats:
        return list(_named(player, courses, at))
    return list(_drawn(player, pace, courses, places, opinions, at))


def _named(player: Player, courses: Sequence[CourseText], at: datetime) -> Iterator[SeatPlan]:
    texts = {text.key: text for text in courses}
    for row in player.person.seats:
        if row["course"] in texts:
            yield SeatPlan(
                row["course"],
                at - timedelta(days=row["began"]),
                at - timedelta(days=row.get("ended", 1)),
                row["lessons"],
                review_by(player, texts[row["course"]]),
                row.get("knows", 0.0),
            )


def _drawn(
    player: Player,
    pace: Pace,
    courses: Sequence[CourseText],
    places: Mapping[str, Place],
    opinions: Opinions,
    at: datetime,
) -> Iterator[SeatPlan]:
    draw = random.Random(f"{player.person.key} seats")  # noqa: S311
    reviewed = [text for text in courses if review_by(player, text)]
    spoken = [
        text for text in courses if text.language == player.person.locale and text not in reviewed
    ]
    further = min(len(spoken), max(0, draw.randint(*pace.courses) - len(reviewed)))
    for text in [*reviewed, *draw.sample(spoken, further)]:
        place, review = places[text.key], review_by(player, text)
        opened_at = max(player.joined_at, place.course.published_at or at)
        span = at - opened_at
        began_at = opened_at + span * draw.uniform(0.02, 0.7)
        total = len(place.lessons)
        finishes = review.rating >= 4 if review else draw.random() < pace.finishes
        lessons = total if finishes else draw.randint(1, max(1, total - 2))
        if review is None:
            review = opinions.draw(player.person.key, player.person.locale, text, lessons)
        # a lesson takes from one evening and a half to five days
        needed = timedelta(days=lessons * draw.uniform(1.5, 5))
        yield SeatPlan(text.key, began_at, min(began_at + needed, at), lessons, review)


def review_by(player: Player, text: CourseText) -> ReviewText | None:
    return next((row for row in text.reviews if row.student == player.person.key), None)


def take_seat(student: User, place: Place, *, at: datetime) -> bool:
    """False when the student has, or had, this seat already."""
    course = place.course
    if Enrollment.objects.of(student).filter(course=course).exists():
        return False
    with bus.happening(at):
        if not course.is_free and settings.TEST_PAYMENTS:
            payment = start_payment(buyer=student, course=course, provider="", at=at)
            complete_test_payment(payment=payment, at=at)
        services.grant_seat(student_id=student.pk, course_id=course.pk, at=at)
    return True


def say(student: User, text: ReviewText, place: Place, *, after: datetime, at: datetime) -> None:
    """What the student says of the course, and what its teacher answers."""
    said_at = min(after + (at - after) * 0.3, after + OPINION)
    with bus.happening(said_at):
        review = services.write_review(
            student=student,
            course=place.course,
            rating=text.rating,
            comment=text.comment,
            at=said_at,
        )
    if text.reply:
        replied_at = said_at + min(timedelta(days=1), (at - said_at) / 2)
        with bus.happening(replied_at):
            services.reply_to_review(
                review=review, by=place.course.owner, text=text.reply, at=replied_at
            )
