"""A student's mastery in a course, folded from the ordered log of what happened.

The same pure step serves the live event and the replay, on facts stored with the event alone, so that
replaying gives the same values bit for bit. An event that came late or was voided: replay.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import fsum

from .mastery import (
    MIXED_DAYS,
    MIXED_KINDS,
    T_LESSON,
    Ability,
    Answer,
    Kind,
    Level,
    Line,
    T,
    bounded,
    expected,
    is_mastered,
    level_of,
    logit,
    moved,
    pretested,
    share_of,
    starting,
    taught,
    weighed,
)
from .trace import Trace, practised, recall

LATEST = timedelta(days=7)  # an event that came later than this counts as of then
SKIPPED_STABILITY, SKIPPED_DIFFICULTY = 10.0, 5.0  # trace of a concept that the pre-test skips


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A graded card: its recall just before, None if it was new, and its trace after the grade."""

    id: int
    recall: float | None
    trace: Trace


@dataclass(frozen=True, slots=True)
class Finding:
    """What a pre-test found of a concept: its probability before and after, and whether to skip it."""

    concept: int
    before: float
    after: float
    skip: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, as facts that a later edit of question or concept doesn't change.

    `day` is the student's study day, by the zone and day start of then. The first of `concepts`
    moves ability. `answer` stands for quiz, card and tutor, `findings` for a pre-test, neither for
    a lesson.
    """

    id: int
    kind: Kind
    occurred_at: datetime
    received_at: datetime
    day: date
    concepts: tuple[int, ...] = ()
    answer: Answer | None = None
    card: CardFacts | None = None
    findings: tuple[Finding, ...] = ()
    voided: bool = False

    @property
    def at(self) -> datetime:
        """When it happened, as far as the sender's clock can be believed."""
        return min(max(self.occurred_at, self.received_at - LATEST), self.received_at)


@dataclass(frozen=True, slots=True)
class Concept:
    """What is known of one concept."""

    started: float  # m before the first evidence
    m: float
    trace: Trace | None = None
    cards: Mapping[int, Trace] = field(default_factory=dict)
    succeeded: frozenset[Kind] = frozenset()  # kinds of evidence with a success
    days: frozenset[date] = frozenset()  # the first two study days with a success
    last_right: bool = False
    mastered: bool = False
    practised_on: date | None = None  # study day of the trace's last encounter

    def recall(self, at: datetime) -> float:
        """The mean chance of recall of its trace and its cards; 1 without any."""
        if self.trace is None:
            return 1.0
        recalls = [recall(self.trace, at), *(recall(trace, at) for trace in self.cards.values())]
        return fsum(recalls) / len(recalls)  # the same whatever the order of the cards

    def shown(self, at: datetime) -> float:
        """Mastery as shown: how surely known, times how much of it is still there."""
        return self.m * self.recall(at)

    @property
    def mixed(self) -> bool:
        """Whether the evidence is of the breadth that mastery takes."""
        return (
            len(self.succeeded) >= MIXED_KINDS and len(self.days) >= MIXED_DAYS and self.last_right
        )

    def level(self, at: datetime) -> Level:
        return level_of(self.shown(at), mixed=self.mixed, held=self.mastered)


@dataclass(frozen=True, slots=True)
class Standing:
    """A student's standing in a course."""

    ability: Ability = field(default_factory=Ability)
    concepts: Mapping[int, Concept] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """The standing after an event, what it did in log-odds, and the concepts it made mastered.

    `expected` is the chance of a right answer just before it, None without an answer.
    """

    standing: Standing
    lines: tuple[Line, ...] = ()
    mastered: tuple[int, ...] = ()
    expected: float | None = None


def in_order(events: Iterable[Event]) -> list[Event]:
    """As they count: by when they happened, then by id."""
    return sorted(events, key=lambda event: (event.at, event.id))


def merged(event: Event, into: Mapping[int, int]) -> Event:
    """The event as it reads after concepts were merged: {old id: id that took it over}."""
    concepts = tuple(dict.fromkeys(into.get(concept, concept) for concept in event.concepts))
    findings = {into.get(one.concept, one.concept): one for one in reversed(event.findings)}
    return replace(
        event,
        concepts=concepts,
        findings=tuple(replace(one, concept=concept) for concept, one in findings.items()),
    )


def replayed(events: Iterable[Event]) -> tuple[Standing, list[Line]]:
    """The standing that all events make, in whatever order they are given, and their lines."""
    standing, lines = Standing(), list[Line]()
    for event in in_order(events):
        step = stepped(standing, event)
        standing = step.standing
        lines.extend(step.lines)
    return standing, lines


def stepped(standing: Standing, event: Event) -> Step:
    """The one step of live and replay: events must come `in_order`."""
    if event.voided:
        return Step(standing)
    if event.kind is Kind.PRETEST:
        return _tested(standing, event)
    if event.kind is Kind.LESSON:
        return _read(standing, event)
    if event.answer is None or not event.concepts:
        return Step(standing)
    return _answered(standing, event, event.answer)


def _answered(standing: Standing, event: Event, answer: Answer) -> Step:
    share = share_of(len(event.concepts))
    before = [_concept(standing, concept) for concept in event.concepts]
    recalls = [_recall(concept, event) for concept in before]
    chance = expected(before[0].m, answer, recalls[0])
    ability = moved(standing.ability, answer, chance)
    after, lines = [], []
    for name, concept, recalled in zip(event.concepts, before, recalls, strict=True):
        posterior, evidence = weighed(concept.m, answer, recalled, share)
        m = taught(posterior, ability.theta, T) if answer.teaches else posterior
        lines.append(Line(event.id, name, event.kind, evidence, logit(m) - logit(posterior)))
        after.append(_witnessed(_encountered(concept, event, m, answer.right), event, answer.right))
    step = _step(standing, event, before, after, ability, tuple(lines))
    return replace(step, expected=chance)


def _read(standing: Standing, event: Event) -> Step:
    before = [_concept(standing, concept) for concept in event.concepts]
    after, lines = [], []
    for name, concept in zip(event.concepts, before, strict=True):
        m = taught(concept.m, standing.ability.theta, T_LESSON)
        lines.append(Line(event.id, name, event.kind, 0.0, logit(m) - logit(concept.m)))
        after.append(_encountered(concept, event, m, good=True))
    return _step(standing, event, before, after, standing.ability, tuple(lines))


def _tested(standing: Standing, event: Event) -> Step:
    event = replace(event, concepts=tuple(one.concept for one in event.findings))
    before, after, lines = [], [], []
    for one in event.findings:
        concept = standing.concepts.get(one.concept)
        if concept is None:
            start = bounded(one.before)
            concept = Concept(started=start, m=start)
        m, evidence = pretested(concept.m, one.before, one.after)
        lines.append(Line(event.id, one.concept, event.kind, evidence, 0.0))
        before.append(concept)
        concept = replace(concept, m=m)
        if one.skip:
            concept = _witnessed(_skipped(concept, event), event, right=True)
        after.append(concept)
    return _step(standing, event, before, after, standing.ability, tuple(lines))


def _skipped(concept: Concept, event: Event) -> Concept:
    """The concept with a trace, so that it will be checked within ten days."""
    if concept.trace is not None:
        return concept
    trace = Trace(SKIPPED_STABILITY, SKIPPED_DIFFICULTY, event.at)
    return replace(concept, trace=trace, practised_on=event.day)


def _encountered(concept: Concept, event: Event, m: float, good: bool) -> Concept:
    """The concept at its new m, with the encounter in its trace, and the card's beside it."""
    last = concept.practised_on
    days = None if last is None else (event.day - last).days
    trace = practised(concept.trace, good=good, at=event.at, study_days=days)
    cards = concept.cards
    if event.card is not None:
        cards = {**cards, event.card.id: event.card.trace}
    return replace(concept, m=m, trace=trace, cards=cards, practised_on=event.day)


def _concept(standing: Standing, name: int) -> Concept:
    """The concept as it stands; at first evidence it starts where ability puts it, once."""
    known = standing.concepts.get(name)
    if known is not None:
        return known
    start = starting(standing.ability.theta)
    return Concept(started=start, m=start)


def _recall(concept: Concept, event: Event) -> float:
    """Recall before the event, of the concept; of a card the mean of its own and of the trace.

    The trace knows of practice that the card's own log doesn't: the mean foresees grades better
    than either.
    """
    own = event.card.recall if event.card is not None else None
    if own is None or concept.trace is None:
        return concept.recall(event.at) if own is None else own
    return (own + recall(concept.trace, event.at)) / 2


def _witnessed(concept: Concept, event: Event, right: bool) -> Concept:
    """The concept with the event counted among its kinds and days of success."""
    succeeded, days = concept.succeeded, concept.days
    if right and event.kind not in succeeded:
        succeeded = succeeded | {event.kind}
    if right and len(days) < MIXED_DAYS and event.day not in days:
        days = days | {event.day}
    if (right, succeeded, days) == (concept.last_right, concept.succeeded, concept.days):
        return concept
    return replace(concept, last_right=right, succeeded=succeeded, days=days)


def _step(
    standing: Standing,
    event: Event,
    before: Sequence[Concept],
    after: Sequence[Concept],
    ability: Ability,
    lines: tuple[Line, ...],
) -> Step:
    """The step with the marks of mastery set: lost by fading before the event, won by it."""
    concepts, entered = dict(standing.concepts), []
    for name, old, new in zip(event.concepts, before, after, strict=True):
        held = old.mastered and is_mastered(old.shown(event.at), mixed=old.mixed, held=True)
        mastered = is_mastered(new.shown(event.at), mixed=new.mixed, held=held)
        concepts[name] = new if new.mastered == mastered else replace(new, mastered=mastered)
        if mastered and not held:
            entered.append(name)
    return Step(Standing(ability, concepts), lines, tuple(entered))
