"""The log of grades: what each one makes of a card, and the same again from the log alone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from .memory import AGAIN, REVIEW, Memory, graded, scheduler

LEECH_AFTER = 8  # lapses
LEECH_AGAIN_EVERY = 4
MOMENTS = ("due", "unplaced_due", "last_review", "leech_at")


@dataclass(frozen=True)
class Figures:
    """All that grades make of a card; `memory.due` is the unplaced moment, `due` the placed one."""

    memory: Memory
    due: datetime
    reps: int = 0
    lapses: int = 0
    leech_at: datetime | None = None

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
    )


def after(figures: Figures, memory: Memory, rating: int, due: datetime) -> Figures:
    """The figures after a grade that made `memory` and was placed on `due`."""
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


def replayed(start: Figures, grades: Sequence[Grade]) -> Figures:
    """The figures that the grades, in order, make of a card that began as `start`."""
    for grade in grades:
        by = scheduler(grade.retention, grade.weights)
        memory = graded(start.memory, grade.rating, grade.at, by)
        start = after(start, memory, grade.rating, grade.due)
    return start
