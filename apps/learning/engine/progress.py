"""A student's course as it is folded: the standing, when concepts were mastered, and when each trace waits.

The live event and the replay take the same `take`. How much an event exercises other concepts is a
fact that is stored with it, so that an edge edited later doesn't change what was credited.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from .credit import Held, credited, due_days, gives_credit
from .fold import Concept, Event, Standing, stepped
from .mastery import Level, Line
from .trace import Trace


@dataclass(frozen=True, slots=True)
class Place:
    """Of one concept: what its trace was credited with and when it asks for practice; the study day
    on which it was last entered into mastered."""

    credit: float = 0.0
    due: datetime | None = None
    mastered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What one event did to one concept; evidence and teaching in log-odds."""

    concept: int
    evidence: float
    teaching: float
    m: tuple[float, float]  # before, after
    level: tuple[Level, Level]


@dataclass(frozen=True, slots=True)
class Taken:
    """`mastered`: concepts that the event entered into the level."""

    effects: tuple[Effect, ...] = ()
    mastered: tuple[int, ...] = ()
    expected: float | None = None


@dataclass(slots=True)
class Progress:
    """Events must be taken `in_order`; the concepts that they touch must have been given."""

    standing: Standing = field(default_factory=Standing)
    places: dict[int, Place] = field(default_factory=dict)

    def take(self, event: Event, exercises: Mapping[int, float], *, hints: int = 0) -> Taken:
        """`exercises`: how much the event's concepts exercise others."""
        before = self.standing.concepts
        step = stepped(self.standing, event)
        self.standing = step.standing
        for line in step.lines:
            trace, old = step.standing.concepts[line.concept].trace, before.get(line.concept)
            if trace is not None and (old is None or trace is not old.trace):
                self._practised(line.concept, trace)
        for name in step.mastered:
            self.places[name] = replace(self.place(name), mastered_on=event.day)
        if exercises and not event.voided and succeeds(event, hints):
            self._exercise(exercises, event.at)
        effects = (self._effect(line, before.get(line.concept), event.at) for line in step.lines)
        return Taken(tuple(effects), step.mastered, step.expected)

    def _effect(self, line: Line, before: Concept | None, at: datetime) -> Effect:
        after = self.standing.concepts[line.concept]
        m = after.started if before is None else before.m
        level = Level.NOT_STARTED if before is None else before.level(at)
        return Effect(
            line.concept, line.evidence, line.teaching, (m, after.m), (level, after.level(at))
        )

    def place(self, name: int) -> Place:
        return self.places.get(name, Place())

    def _practised(self, name: int, trace: Trace) -> None:
        """What was earned since the last encounter is spent by this one."""
        self.places[name] = replace(self.place(name), credit=0.0, due=own_due(trace))

    def _exercise(self, exercises: Mapping[int, float], at: datetime) -> None:
        for name, weight in exercises.items():
            concept = self.standing.concepts.get(name)
            if concept is None or concept.trace is None:
                continue
            place, own = self.place(name), own_due(concept.trace)
            held = Held(concept.trace, own, place.due or own, credit=place.credit)
            after = credited(held, weight, at)
            self.places[name] = replace(place, credit=after.credit, due=after.due)


def succeeds(event: Event, hints: int = 0) -> bool:
    """Whether the event counts for what its concepts exercise."""
    if event.answer is None:
        return False
    return gives_credit(event.kind, event.answer, hints=hints)


def own_due(trace: Trace) -> datetime:
    return trace.last + timedelta(days=due_days(trace, 0.0))


def exercised_by(
    concepts: Iterable[int], exercises: Mapping[int, Mapping[int, float]]
) -> dict[int, float]:
    """How much practising all of the concepts exercises each other one: the most of any of them."""
    found: dict[int, float] = {}
    for concept in concepts:
        for inner, weight in exercises.get(concept, {}).items():
            found[inner] = max(found.get(inner, 0.0), weight)
    return found
