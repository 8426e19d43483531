"""How surely a student knows the concepts of a course, and why: it fades as it is read."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from apps.core.compiled import any_of, compiled

from ..engine import fold
from ..engine import mastery as model
from ..engine.mastery import Kind, Level, Line, is_mastered
from ..models import Attempt, Card, Concept, Evidence, EvidenceKind, Mastery, MergedConcept


@dataclass(frozen=True)
class Shown:
    """One concept at a moment: `shown` = m · recall, of which people are told.

    `mastered`: it stands at that level.
    """

    concept_id: int
    m: float
    recall: float
    shown: float
    level: Level
    mastered: bool


def known_of_courses(student: Any, courses: Collection[int]) -> dict[int, fold.Concept]:
    """What is known of the courses' concepts, by id; those without evidence are absent. One query."""
    return _by_concept(_of_courses(student=student.pk, courses=list(courses)))


def known_concepts(student: Any, concepts: Collection[int]) -> dict[int, fold.Concept]:
    """As `known_of_courses`, for these concepts, of whatever course."""
    return _by_concept(_of_concepts(student=student.pk, concepts=list(concepts)))


def _by_concept(rows: Iterable[Mastery]) -> dict[int, fold.Concept]:
    return {row.concept_id: row.known for row in rows}


_of_courses = compiled(
    lambda student, courses: Mastery.objects.filter(any_of("course", courses), student_id=student)
)
_of_concepts = compiled(
    lambda student, concepts: Mastery.objects.filter(
        any_of("concept", concepts), student_id=student
    )
)


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
        mastered=is_mastered(shown, mixed=known.mixed, held=known.mastered),
    )


# ── Why ───────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Reason:
    """One piece of evidence and what it did to the concept; `card` is what a grade was of."""

    evidence: Evidence
    weight: float  # log-odds: evidence and teaching
    before: float
    after: float
    card: Card | None = None


@dataclass(frozen=True)
class Why:
    """`start` and the reasons, with `others` (log-odds) of further ones, make m; m · recall is shown.

    `contested` is evidence that the student doesn't let count.
    """

    start: float
    reasons: Sequence[Reason]
    others: float
    other_count: int
    now: Shown
    contested: Sequence[Reason]


def has_evidence(student: Any, concept: Concept) -> bool:
    """Whether there is anything to explain, contested or not."""
    return _about(student, concept).exists()


def explanation(student: Any, concept: Concept, at: datetime) -> Why | None:
    """Why the concept stands where it stands; None when nothing has been told of it.

    Four queries, whatever the length of the log.
    """
    rows = list(_about(student, concept).order_by("occurred_at", "pk"))
    if not rows:
        return None
    contested = [_reason(row, 0.0, None) for row in rows if row.contested]
    lines = {row.pk: _line(row, concept.pk) for row in rows if row.voided_at is None}
    standing = Mastery.objects.filter(student_id=student.pk, concept=concept).first()
    if standing is None:
        nothing = Shown(concept.pk, 0.0, 1.0, 0.0, Level.NOT_STARTED, mastered=False)
        return Why(0.0, [], 0.0, 0, nothing, _with_cards(contested))
    now = shown_of(standing, at)
    told = [
        Line(pk, concept.pk, Kind.QUIZ, line["evidence"], line["teaching"])
        for pk, line in lines.items()
        if line
    ]
    found = model.explained(standing.started, told, now.m, now.recall)
    by_pk = {row.pk: row for row in rows}
    reasons = [
        _reason(by_pk[line.event_id], line.effect, lines[line.event_id]) for line in found.lines
    ]
    return Why(
        start=standing.started,
        reasons=_with_cards(reasons),
        others=found.others,
        other_count=len(told) - len(found.lines),
        now=now,
        contested=_with_cards(contested),
    )


def _about(student: Any, concept: Concept) -> Any:
    """Evidence of the concept and of those it took over, taken back at its source left out."""
    merged = MergedConcept.objects.filter(concept=concept).values_list("old_id", flat=True)
    rows = Evidence.objects.filter(
        Q(voided_at=None) | Q(contested=True),
        student_id=student.pk,
        course=concept.course_id,
        concepts__overlap=[concept.pk, *merged],
    )
    return rows.select_related("question__current", "lesson")


def _line(row: Evidence, concept: int) -> Any:
    return next((line for line in row.lines if line["concept"] == concept), None)


def _reason(row: Evidence, weight: float, line: Any) -> Reason:
    before, after = line["m"] if line else (0.0, 0.0)
    return Reason(row, weight, before, after)


def _with_cards(reasons: Sequence[Reason]) -> list[Reason]:
    """The reasons with the cards that they are of, those that are still there."""
    ids = {reason.evidence.facts.get("card") for reason in reasons} - {None}
    cards = Card.objects.select_related("note").in_bulk(ids) if ids else {}
    return [
        Reason(
            reason.evidence,
            reason.weight,
            reason.before,
            reason.after,
            cards.get(reason.evidence.facts.get("card")),
        )
        for reason in reasons
    ]


# ── What came of an attempt, or of a day ──────────────────────────────────────────────────────
@dataclass(frozen=True)
class Change:
    """How a concept stood before an attempt and after it."""

    concept: Concept
    m: tuple[float, float]
    level: tuple[Level, Level]


@dataclass(frozen=True)
class Outcome:
    changes: Sequence[Change]
    postponed: int


def outcome_of(attempt: Attempt) -> Outcome:
    """What a submitted attempt changed, and how many reviews it postponed. Three queries."""
    keys = [f"answer:{pk}" for pk in attempt.answers.values_list("pk", flat=True)]
    rows = list(Evidence.objects.filter(student=attempt.student_id, key__in=keys).order_by("pk"))
    found: dict[int, tuple[Any, Any]] = {}
    for row in rows:
        for line in row.lines:
            first, _last = found.get(line["concept"], (line, line))
            found[line["concept"]] = (first, line)
    concepts = Concept.objects.filter(pk__in=found).in_order() if found else []
    changes = [
        Change(concept, (first["m"][0], last["m"][1]), _levels(first, last))
        for concept in concepts
        for first, last in [found[concept.pk]]
    ]
    return Outcome(changes, postponed_by(rows))


def _levels(first: Any, last: Any) -> tuple[Level, Level]:
    return Level(first["level"][0]), Level(last["level"][1])


def postponed_by(rows: Iterable[Evidence]) -> int:
    """How many reviews they put off beyond their own day."""
    return sum(fact["saved"] and not fact["back"] for row in rows for fact in row.credits)


def postponed_by_cards(student: Any, since: datetime) -> int:
    """How many reviews the grades since then put off."""
    rows = Evidence.objects.filter(
        student_id=student.pk, kind=EvidenceKind.CARD, occurred_at__gte=since, voided_at=None
    ).exclude(credits=[])
    return postponed_by(rows)
