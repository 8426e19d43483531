"""What a student knows of the concepts of several courses, as the path reads it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ...engine import path as engine
from ...engine.fold import SKIPPED_DIFFICULTY, SKIPPED_STABILITY, Concept
from ...engine.mastery import Kind, Level
from ..mastery import known_concepts, known_of_courses

# A concept that the pre-test skipped is asked once, from this time after the test on.
CHECKED_AFTER = timedelta(days=5)


@dataclass(frozen=True)
class Knowledge:
    """One concept of one student at one moment."""

    concept: Concept
    recall: float
    level: Level
    waits_for_check: bool

    @property
    def known(self) -> engine.Known:
        concept = self.concept
        return engine.Known(concept.m, self.recall, witnessed=bool(concept.succeeded))

    @property
    def shown(self) -> float:
        return self.concept.m * self.recall


def knowledge_of(student: Any, course_ids: Collection[int], at: datetime) -> dict[int, Knowledge]:
    """By concept id, for those with evidence; one query."""
    known = known_of_courses(student, course_ids)
    return {pk: knowledge_at(concept, at) for pk, concept in known.items()}


def knowledge_of_concepts(
    student: Any, concepts: Collection[int], at: datetime
) -> dict[int, Knowledge]:
    """As `knowledge_of`, for these concepts, of whatever course."""
    known = known_concepts(student, concepts)
    return {pk: knowledge_at(concept, at) for pk, concept in known.items()}


def knowledge_at(concept: Concept, at: datetime) -> Knowledge:
    return Knowledge(concept, concept.recall(at), concept.level(at), _waits(concept, at))


def _waits(concept: Concept, at: datetime) -> bool:
    """Whether nothing but the pre-test speaks for it, and that was long enough ago.

    The trace that the pre-test gives is of a stability that no encounter leaves behind.
    """
    trace = concept.trace
    return (
        trace is not None
        and (trace.stability, trace.difficulty) == (SKIPPED_STABILITY, SKIPPED_DIFFICULTY)
        and concept.succeeded == {Kind.PRETEST}
        and at >= trace.last + CHECKED_AFTER
    )
