"""How surely a student knows the concepts of a course, as it is shown: it fades as it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import pgettext_lazy

from ..engine.mastery import Level, is_mastered
from ..models import Mastery

LEVEL_NAMES = {
    Level.NOT_STARTED: pgettext_lazy("mastery", "not started"),
    Level.LEARNING: pgettext_lazy("mastery", "learning"),
    Level.FAMILIAR: pgettext_lazy("mastery", "familiar"),
    Level.PROFICIENT: pgettext_lazy("mastery", "proficient"),
    Level.MASTERED: pgettext_lazy("mastery", "mastered"),
}


@dataclass(frozen=True)
class Shown:
    """One concept at a moment: `shown` = m · recall, of which people are told.

    `last` is the last encounter with it, `witnessed` whether any success speaks for it, `mastered`
    that it stands at that level.
    """

    concept_id: int
    m: float
    recall: float
    shown: float
    level: Level
    last: datetime | None
    mastered: bool
    witnessed: bool

    @property
    def level_name(self) -> str:
        """As the API writes it."""
        return self.level.name.lower()


def masteries(student: Any, course_id: int, at: datetime) -> Mapping[int, Shown]:
    """By concept; one without evidence is absent. One query."""
    rows = Mastery.objects.filter(student_id=student.pk, course=course_id)
    return {row.concept_id: shown_of(row, at) for row in rows}


def shown_of(row: Mastery, at: datetime) -> Shown:
    known = row.known
    recall = known.recall(at)
    shown = known.m * recall
    return Shown(
        concept_id=row.concept_id,
        m=known.m,
        recall=recall,
        shown=shown,
        level=known.level(at),
        last=known.trace.last if known.trace else None,
        mastered=is_mastered(shown, mixed=known.mixed, held=known.mastered),
        witnessed=bool(known.succeeded),
    )
