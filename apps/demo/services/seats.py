"""Seats of the demo: who learns what, how far they have come, and what they say of it."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from apps.core import bus
from apps.enrollment import services
from apps.enrollment.models import Enrollment
from apps.payments.services import complete_test_payment, start_payment

from ..texts import CourseText, ReviewText
from .beside import read_lesson
from .courses import Place
from .people import Player
from .placement import take_pretest

FURTHER_SEATS = 0.4  # share of the courses in their language that a student takes beside
FINISHES = 0.35


@dataclass(frozen=True)
class SeatPlan:
    student: str
    course: str
    began_at: datetime
    lessons: int
    review: ReviewText | None = None
    knows: float = 0.0  # the share of the concepts that a pre-test finds known; 0: none is taken
    is_planned: bool = False  # by name; of such a student even the reading is told


def draw_seats(
    courses: Sequence[CourseText],
    *,
    people: Mapping[str, Player],
    places: Mapping[str, Place],
    at: datetime,
) -> list[SeatPlan]:
    """The same ones at every run: planned, those of reviewers, and some by a seeded draw."""
    plans: list[SeatPlan] = []
    for player in people.values():
        if player.person.role == "student" and not player.person.application:
            plans += _planned(player, courses, at) or _drawn(player, courses, places, at)
    return plans


def _planned(player: Player, courses: Sequence[CourseText], at: datetime) -> list[SeatPlan]:
    texts = {text.key: text for text in courses}
    return [
        SeatPlan(
            player.person.key,
            row["course"],
            at - timedelta(days=row["began"]),
            row["lessons"],
            _review_by(player, texts[row["course"]]),
            row.get("knows", 0.0),
            is_planned=True,
        )
        for row in player.person.seats
    ]


def _drawn(
    player: Player, courses: Sequence[CourseText], places: Mapping[str, Place], at: datetime
) -> Iterator[SeatPlan]:
    for text in courses:
        place = places[text.key]
        draw = random.Random(f"{player.person.key} {text.key}")  # noqa: S311
        review = _review_by(player, text)
        takes = text.language == player.person.locale and draw.random() < FURTHER_SEATS
        if not review and not takes:
            continue
        opened_at = max(player.joined_at, place.course.published_at or at)
        began_at = opened_at + (at - opened_at) * draw.uniform(0.05, 0.6)
        total = len(place.lessons)
        finishes = review.rating >= 4 if review else draw.random() < FINISHES
        lessons = total if finishes else draw.randint(1, max(1, total - 2))
        yield SeatPlan(player.person.key, text.key, began_at, lessons, review)


def _review_by(player: Player, text: CourseText) -> ReviewText | None:
    return next((row for row in text.reviews if row.student == player.person.key), None)


def make_seat(
    plan: SeatPlan, *, people: Mapping[str, Player], places: Mapping[str, Place], at: datetime
) -> bool:
    """False when the student has, or had, this seat already: then nothing changes."""
    student, place = people[plan.student].user, places[plan.course]
    if Enrollment.objects.of(student).filter(course=place.course).exists():
        return False
    with bus.happening(plan.began_at):
        if not place.course.is_free and settings.TEST_PAYMENTS:
            payment = start_payment(
                buyer=student, course=place.course, provider="", at=plan.began_at
            )
            complete_test_payment(payment=payment, at=plan.began_at)
        services.grant_seat(student_id=student.pk, course_id=place.course.pk, at=plan.began_at)
    if plan.knows:
        take_pretest(student, place.course, knows=plan.knows, at=plan.began_at)
    done_at = plan.began_at
    draw = random.Random(f"{plan.student} {plan.course} pace")  # noqa: S311
    pace = min(timedelta(days=4), (at - plan.began_at) / (plan.lessons + 1))
    for lesson in place.lessons[: plan.lessons]:
        done_at += pace * draw.uniform(0.4, 1)
        with bus.happening(done_at):
            if plan.is_planned:
                read_lesson(student, lesson, until=done_at)
            services.complete_lesson(student=student, lesson=lesson, at=done_at)
    if plan.review:
        _say(plan, plan.review, people=people, place=place, after=done_at, at=at)
    return True


def _say(
    plan: SeatPlan,
    text: ReviewText,
    *,
    people: Mapping[str, Player],
    place: Place,
    after: datetime,
    at: datetime,
) -> None:
    said_at = after + (at - after) * 0.3
    said_at = min(said_at, after + timedelta(days=2))
    with bus.happening(said_at):
        review = services.write_review(
            student=people[plan.student].user,
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
