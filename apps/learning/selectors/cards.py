"""Which cards a student has, which are due, and what each grade would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.core.compiled import compiled, number_of
from apps.courses.models import Course
from apps.enrollment.models import Enrollment

from ..engine import cloze, memory
from ..models import Card, NoteKind
from .memory import forecast, memory_stats, work_of
from .schedule import Schedule, schedule_of

__all__ = [
    "Deck",
    "Due",
    "DueCard",
    "back_of",
    "cards_of",
    "courses_for_cards",
    "decks_of",
    "due_cards",
    "due_count",
    "due_count_by",
    "due_now",
    "first_due",
    "forecast",
    "front_of",
    "memory_stats",
    "preview",
    "work_of",
]

PAGE = 20  # due cards that are shown first
SAMPLE = 200  # due cards that the next step weighs, the longest due first


def courses_for_cards(user: Any) -> QuerySet[Course]:
    """The courses that the student may keep cards in: with an open seat, or their own."""
    seats = Enrollment.objects.of(user).open().values("course_id")
    return Course.objects.filter(Q(owner_id=user.pk) | Q(pk__in=seats))


def cards_of(student: Any, course: Course | None = None) -> QuerySet[Card]:
    """The student's cards with their notes, newest first."""
    found = Card.objects.visible_to(student).select_related("note", "course")
    return (found.filter(course=course) if course else found).order_by("-pk")


def due_cards(
    student: Any, at: datetime, course: Course | None = None, schedule: Schedule | None = None
) -> QuerySet[Card]:
    """What is to be asked now, with notes, the longest due first."""
    is_due = _is_due(schedule or schedule_of(student), at)
    found = Card.objects.filter(is_due).select_related("note")
    return (found.filter(course=course) if course else found).order_by("due", "pk")


def first_due(schedule: Schedule, at: datetime) -> list[Card]:
    """The beginning of `due_cards`: a page and one more."""
    return list(_first_due(**_moments(schedule, at)))


def due_count(student: Any, at: datetime) -> int:
    return due_count_by(schedule_of(student), at)


def due_count_by(schedule: Schedule, at: datetime) -> int:
    """`due_count` for who knows the schedule already."""
    return int(_due_count.first(**_moments(schedule, at)))


class DueCard(NamedTuple):
    """What the next step weighs of a card."""

    pk: int
    note_id: int
    stability: float | None
    difficulty: float | None
    last_review: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class Due:
    """How many cards are due, and those of them that are due longest."""

    schedule: Schedule
    cards: Sequence[DueCard]
    count: int


def due_now(student: Any, at: datetime) -> Due:
    schedule = schedule_of(student)
    moments = _moments(schedule, at)
    cards = [DueCard(*row) for row in _longest_due(**moments)]
    count = len(cards) if len(cards) < SAMPLE else int(_due_count.first(**moments))
    return Due(schedule, cards, count)


def _is_due(schedule: Schedule, at: datetime) -> Q:
    return _is_due_at(**_moments(schedule, at))


def _moments(schedule: Schedule, at: datetime) -> dict[str, Any]:
    begins, ends = schedule.today(at)
    return {
        "student": schedule.student_id,
        "at": at,
        "day_ago": at - memory.DAY,
        "begins": begins,
        "ends": ends,
    }


def _is_due_at(student: Any, at: Any, day_ago: Any, begins: Any, ends: Any) -> Q:
    """Due by the clock, or on its study day once 24 hours have gone, which is what FSRS counts.

    A card waits for the next study day when a sibling of its note was asked today, unless it was
    asked today itself: its steps go on.
    """
    asked_sibling = Card.objects.filter(
        student_id=student, note=OuterRef("note"), last_review__gte=begins
    ).exclude(pk=OuterRef("pk"))
    return Q(
        Q(due__lte=at) | Q(last_review__lte=day_ago),
        Q(buried_until=None) | Q(buried_until__lte=at),
        Q(last_review__gte=begins) | Q(~Exists(asked_sibling)),
        student_id=student,
        suspended_at=None,
        due__lt=ends,
    )


_due_count = compiled(
    lambda student, at, day_ago, begins, ends: number_of(
        Card.objects.filter(_is_due_at(student, at, day_ago, begins, ends))
    )
)
_first_due = compiled(
    lambda student, at, day_ago, begins, ends: (
        Card.objects.filter(_is_due_at(student, at, day_ago, begins, ends))
        .select_related("note")
        .order_by("due", "pk")[: PAGE + 1]
    )
)
_longest_due = compiled(
    lambda student, at, day_ago, begins, ends: (
        Card.objects.filter(_is_due_at(student, at, day_ago, begins, ends))
        .order_by("due", "pk")
        .values_list(*DueCard._fields)[:SAMPLE]
    )
)


# ── One card ──────────────────────────────────────────────────────────────────────────────────
def preview(card: Card, at: datetime, schedule: Schedule | None = None) -> dict[str, int]:
    """Seconds until each grade would bring the card back: as FSRS says, before the day is chosen.

    Give the schedule where many cards of one student are shown.
    """
    schedule = schedule or schedule_of(card.student)
    return memory.intervals(card.memory, at, schedule.scheduler)


def front_of(card: Card) -> str:
    """What is asked; markdown."""
    note = card.note
    return cloze.asked(note.front, card.ordinal) if note.kind == NoteKind.CLOZE else note.front


def back_of(card: Card) -> str:
    """What is answered; markdown."""
    note = card.note
    if note.kind != NoteKind.CLOZE:
        return note.back
    return "\n\n".join(filter(None, [cloze.answered(note.front, card.ordinal), note.back]))


# ── Decks ─────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Deck:
    """The cards of one course; `course` is None for those of no course."""

    course: Course | None
    total: int
    due: int
    new: int
    suspended: int


def decks_of(student: Any, at: datetime) -> list[Deck]:
    """The student's decks by title, the one of no course last."""
    is_due = _is_due(schedule_of(student), at)
    rows = (
        Card.objects.visible_to(student)
        .order_by()
        .values("course_id")
        .annotate(
            total=Count("pk"),
            due=Count("pk", filter=is_due),
            new=Count("pk", filter=Q(last_review=None)),
            suspended=Count("pk", filter=Q(suspended_at__isnull=False)),
        )
    )
    courses = Course.objects.in_bulk([row["course_id"] for row in rows if row["course_id"]])
    decks = [
        Deck(
            course=courses.get(row["course_id"]) if row["course_id"] else None,
            total=row["total"],
            due=row["due"],
            new=row["new"],
            suspended=row["suspended"],
        )
        for row in rows
    ]
    return sorted(decks, key=lambda deck: (deck.course is None, deck.course and deck.course.title))
