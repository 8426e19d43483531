"""A review session: what is asked next, and what the study day came to at its end."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db.models import QuerySet

from apps.core import markdown
from apps.courses.models import Course, Lesson
from apps.enrollment import selectors as enrollment

from ..engine import cloze, memory
from ..models import Card, CardState, NoteKind, Review
from .cards import due_cards, front_of, preview
from .lessons import lesson_to_continue
from .mastery import postponed_by_cards
from .memory import DueDay, seconds_per_review, standing_reviews_of
from .path import lesson_ahead
from .schedule import Schedule, schedule_of

# A step that ends so soon is asked in the session that began it.
SOON = timedelta(minutes=20)
STEPS = (CardState.LEARNING, CardState.RELEARNING)
LONG_TEXT = 160  # characters from which a side is set smaller
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Grade:
    rating: int
    name: str
    seconds: int


@dataclass(frozen=True)
class Asked:
    """A card with both sides as HTML, and what each grade would do."""

    card: Card
    question: str
    answer: str
    beside: str
    grades: list[Grade]
    is_long: bool

    @property
    def is_cloze(self) -> bool:
        return self.card.note.kind == NoteKind.CLOZE


def courses_with_cards(student: Any) -> QuerySet[Course]:
    """The courses that the student has a deck of, whether the seat is still there or not."""
    return Course.objects.filter(pk__in=Card.objects.visible_to(student).values("course_id"))


# ── Asking ────────────────────────────────────────────────────────────────────────────────────
def cards_to_ask(
    student: Any,
    at: datetime,
    *,
    course: Course | None,
    limit: int,
    skip: Iterable[int] = (),
    notes: Collection[int] | None = None,
) -> list[Card]:
    """Steps whose time has come, then what is due, then steps that end soon; of `notes` alone."""
    skipped = set(skip)
    steps = [card for card in _steps(student, at, course, notes) if card.pk not in skipped]
    ripe = [card for card in steps if card.due <= at]
    ahead = [card for card in steps if card.due > at]
    known = skipped | {card.pk for card in steps}
    due = _among(due_cards(student, at, course).exclude(pk__in=known), notes)
    return [*ripe, *_with_lesson(due)[:limit], *ahead][:limit]


def cards_left(
    student: Any, at: datetime, course: Course | None, notes: Collection[int] | None = None
) -> int:
    """How many are still asked in this session."""
    steps = [card.pk for card in _steps(student, at, course, notes)]
    due = due_cards(student, at, course).exclude(pk__in=steps)
    return len(steps) + _among(due, notes).count()


def _among(cards: QuerySet[Card], notes: Collection[int] | None) -> QuerySet[Card]:
    return cards if notes is None else cards.filter(note__in=notes)


def _steps(
    student: Any, at: datetime, course: Course | None, notes: Collection[int] | None
) -> list[Card]:
    """Cards between two steps that end by now or soon."""
    found = Card.objects.visible_to(student).filter(
        state__in=STEPS, last_review__isnull=False, suspended_at=None, due__lte=at + SOON
    )
    chosen = _among(found.filter(course=course) if course else found, notes)
    return [
        card
        for card in _with_lesson(chosen.order_by("due", "pk"))
        if card.buried_until is None or card.buried_until <= at
    ]


def _with_lesson(cards: QuerySet[Card]) -> QuerySet[Card]:
    return cards.select_related("note__lesson__course", "course")


def asked(cards: Iterable[Card], student: Any, at: datetime) -> list[Asked]:
    """The cards as a session shows them."""
    schedule = schedule_of(student)
    return [_asked(card, at, schedule) for card in cards]


def _asked(card: Card, at: datetime, schedule: Schedule) -> Asked:
    seconds = preview(card, at, schedule)
    sides = faces(card)
    return Asked(
        card=card,
        **sides,
        grades=[Grade(memory.RATINGS[name], name, seconds[name]) for name in memory.RATINGS],
        is_long=max(len(card.note.front), len(card.note.back)) > LONG_TEXT,
    )


def faces(card: Card) -> dict[str, str]:
    """Both sides as HTML: the answer of a cloze is its sentence, with the back beside it."""
    note = card.note
    if note.kind == NoteKind.CLOZE:
        answer, beside = cloze.answered(note.front, card.ordinal), note.back
    else:
        answer, beside = note.back, ""
    return {
        "question": markdown.render(front_of(card)),
        "answer": markdown.render(answer),
        "beside": markdown.render(beside) if beside else "",
    }


def title_of(card: Card) -> str:
    """The front in one short line of plain text."""
    line = " ".join(markdown.plain_text(front_of(card)).split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"


def minutes_for(student: Any, count: int) -> int:
    """How long so many cards take at the student's pace; at least one minute."""
    return max(1, ceil(count * seconds_per_review(student) / 60))


# ── The end of a session ──────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Summary:
    """What a study day came to so far; `tested` are the cards that had been seen before.

    `postponed` counts reviews of other cards that its grades put off.
    """

    cards: int
    tested: int
    remembered: int
    begun: int
    seconds: float
    hardest: Review | None
    postponed: int


def day_summary(student: Any, at: datetime) -> Summary:
    """A card counts as remembered when its first grade of the day says so."""
    begins, _ends = schedule_of(student).today(at)
    reviews = list(reviews_since(student, begins))
    first: dict[int | None, Review] = {}
    for review in reviews:
        first.setdefault(review.card_id or -review.pk, review)
    tested = [review for review in first.values() if review.retrievability is not None]
    kept = [review for review in tested if review.rating > memory.AGAIN and review.card_id]
    return Summary(
        cards=len(first),
        tested=len(tested),
        remembered=sum(review.rating > memory.AGAIN for review in tested),
        begun=len(first) - len(tested),
        seconds=sum(review.duration_ms for review in reviews) / 1000,
        hardest=min(kept, key=lambda review: review.retrievability or 0, default=None),
        postponed=postponed_by_cards(student, begins),
    )


def reviews_since(student: Any, begins: datetime) -> QuerySet[Review]:
    """The reviews that stand since the moment, in order."""
    found = standing_reviews_of(student).filter(reviewed_at__gte=begins)
    return found.select_related("card__note").order_by("pk")


def last_review(student: Any, at: datetime) -> Review | None:
    """What undo would take back: the last review of the study day."""
    begins, _ends = schedule_of(student).today(at)
    found = reviews_since(student, begins).filter(card__isnull=False)
    return found.order_by("-pk").first()


@dataclass(frozen=True)
class Stretch:
    """Forgetting between two reviews of a card: days since the first one, and the stability."""

    start: float
    end: float
    stability: float
    is_past: bool


def stretches_of(card: Card, at: datetime) -> list[Stretch]:
    """The card's reviews so far, its next one, and one more if that is answered well."""
    reviews = list(card.reviews.filter(undone_at=None).order_by("pk"))
    if not reviews:
        return []
    schedule = schedule_of(card.student)
    started = reviews[0].reviewed_at
    next_time = memory.graded(card.memory, memory.GOOD, card.due, schedule.scheduler)
    times = [review.reviewed_at for review in reviews]
    ends = [*times[1:], card.due]
    found = [
        Stretch(_days(started, begin), _days(started, end), review.stability, is_past=end <= at)
        for review, begin, end in zip(reviews, times, ends, strict=True)
    ]
    return [
        *found,
        Stretch(
            _days(started, card.due),
            _days(started, next_time.due),
            next_time.stability or 0.1,
            is_past=False,
        ),
    ]


def _days(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds() / 86_400)


def next_lesson(student: Any, at: datetime) -> Lesson | None:
    """Where the course that the student was in last goes on, as Today says it."""
    seats = enrollment.seats_in_progress(student).order_by("-last_activity_at", "-pk")
    seat = seats.first()
    if seat is None:
        return None
    lesson_id = lesson_ahead(student, seat.course, at) or lesson_to_continue(student, seat.course)
    if lesson_id is None:
        return None
    return Lesson.objects.select_related("course").filter(pk=lesson_id).first()


def next_due(student: Any, at: datetime) -> datetime | None:
    """When the next card comes back, if nothing is due."""
    later = Card.objects.visible_to(student).filter(suspended_at=None, due__gt=at)
    return later.order_by("due").values_list("due", flat=True).first()


def heaviest_day(week: Iterable[DueDay]) -> DueDay | None:
    """The first of the days with the most cards; None when none has any."""
    found = max(week, key=lambda day: day.count, default=None)
    return found if found and found.count else None
