"""The log of grades: what each one makes of a card, and the same again from the log alone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from .memory import AGAIN, REVIEW, Memory, graded, scheduler

LEECH_AFTER = 8  # lapses
LEECH_AGAIN_EVERY = 4
MOMENTS = ("due", "unplaced_due", "last_review", "leech_at", "own_due")


@dataclass(frozen=True)
class Figures:
    """All that grades make of a card; `memory.due` is the unplaced moment, `due` the placed one.

    `credit`, earned since the last grade by practising what builds on the card, has put `due` off
    from the placed moment, which is then `own_due`; the memory knows nothing of it.
    """

    memory: Memory
    due: datetime
    reps: int = 0
    lapses: int = 0
    leech_at: datetime | None = None
    credit: float = 0.0
    own_due: datetime | None = None

    def fields(self) -> dict[str, Any]:
        """By the names of the card's fields."""
        inner = asdict(self.memory)
        return {
            **inner,
            "unplaced_due": inner["due"],
            "due": self.due,
            "reps": self.reps,
            "lapses": self.lapses,
            "leech_at": self.leech_at,
            "credit": self.credit,
            "own_due": self.own_due,
        }

    def stored(self) -> dict[str, Any]:
        """JSON-ready; `restored` reads it."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in self.fields().items()
        }


def restored(stored: Mapping[str, Any]) -> Figures:
    fields: dict[str, Any] = {
        name: datetime.fromisoformat(value) if value and name in MOMENTS else value
        for name, value in stored.items()
    }
    memory = Memory(
        due=fields["unplaced_due"],
        state=fields["state"],
        step=fields["step"],
        stability=fields["stability"],
        difficulty=fields["difficulty"],
        last_review=fields["last_review"],
    )
    return Figures(
        memory=memory,
        due=fields["due"],
        reps=fields["reps"],
        lapses=fields["lapses"],
        leech_at=fields["leech_at"],
        # grades logged before there was credit don't name it
        credit=fields.get("credit", 0.0),
        own_due=fields.get("own_due"),
    )


def after(figures: Figures, memory: Memory, rating: int, due: datetime) -> Figures:
    """The figures after a grade that made `memory` and was placed on `due`; credit is spent by it."""
    lapsed = rating == AGAIN and figures.memory.state == REVIEW
    lapses = figures.lapses + lapsed
    return Figures(
        memory=memory,
        due=due,
        reps=figures.reps + 1,
        lapses=lapses,
        leech_at=memory.last_review if lapsed and _is_leech(lapses) else figures.leech_at,
    )


def _is_leech(lapses: int) -> bool:
    """Whether this very lapse marks the card as one that won't stick."""
    return lapses >= LEECH_AFTER and (lapses - LEECH_AFTER) % LEECH_AGAIN_EVERY == 0


@dataclass(frozen=True)
class Grade:
    """One grade of the log with what it was computed with; `due` is the placed moment, a fact."""

    rating: int
    at: datetime
    due: datetime
    retention: float
    weights: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Credit:
    """What a card held after one more credit since its grade at `last`: facts."""

    last: datetime
    credit: float
    due: datetime


def credited(figures: Figures, credits: Sequence[Credit]) -> Figures:
    """The figures with what was credited, in order, since the last grade."""
    for one in credits:
        if one.last == figures.memory.last_review:
            own = figures.own_due or figures.due
            figures = replace(figures, credit=one.credit, due=one.due, own_due=own)
    return figures


def replayed(start: Figures, grades: Sequence[Grade]) -> Figures:
    """The figures that the grades, in order, make of a card that began as `start`."""
    for grade in grades:
        by = scheduler(grade.retention, grade.weights)
        memory = graded(start.memory, grade.rating, grade.at, by)
        start = after(start, memory, grade.rating, grade.due)
    return start
