"""The next few concepts of a path, with the one that was practised last before them."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from ...engine.path import FADED
from ...engine.trace import DAY, RETENTION, interval
from . import words
from .courses import CoursePath
from .knowledge import Knowledge

CELLS = 4


@dataclass(frozen=True)
class Cell:
    name: str
    level: int
    said: str
    is_here: bool = False


def strip_of(way: CoursePath, at: datetime) -> list[Cell]:
    """At most four; none where nothing is ahead or the lessons ahead name no concepts."""
    ahead = list(
        dict.fromkeys(
            concept for step in way.ahead for concept in way.graph.taught.get(step.lesson.pk, ())
        )
    )
    if not ahead:
        return []
    before = _last_practised(way, set(ahead))
    cells = [_practised(way, before, at)] if before is not None else []
    said = [words.here(), words.following(), words.after_that()]
    said += [words.after_that()] * (CELLS - len(said))
    for place, concept in enumerate(ahead[: CELLS - len(cells)]):
        found = way.knowledge.get(concept)
        level = int(found.level) if found else 0
        cells.append(Cell(way.names[concept], level, said[place], is_here=place == 0))
    return cells


def _last_practised(way: CoursePath, ahead: set[int]) -> int | None:
    practised = {
        concept: found.concept.trace.last
        for concept, found in way.knowledge.items()
        if found.concept.trace is not None and concept not in ahead
    }
    return max(practised, key=lambda concept: (practised[concept], concept), default=None)


def _practised(way: CoursePath, concept: int, at: datetime) -> Cell:
    found = way.knowledge[concept]
    return Cell(way.names[concept], int(found.level), _when(found, at))


def _when(found: Knowledge, at: datetime) -> str:
    """When it asks to be practised again."""
    trace = found.concept.trace
    assert trace is not None  # chosen so
    days = interval(trace.stability, RETENTION, trace.decay) - (at - trace.last) / DAY
    if found.recall < FADED:
        return words.has_faded()
    return words.again_in(max(1, ceil(days)))
