"""What a map tells of one concept: where it is taught, the student's cards of it, and the evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.courses.models import Course
from apps.enrollment import selectors as enrollment

from ..engine.mastery import RIGHT
from ..models import Card, Concept, Evidence, EvidenceKind, MergedConcept
from .cards import due_cards
from .knowledge_map import KnowledgeMap, Node
from .lessons import shared_curriculum
from .mastery import has_evidence
from .tags import notes_about

LATEST = 500  # pieces of evidence that are summed up


@dataclass(frozen=True)
class Place:
    """A lesson by its numbers in the course, counted from 1."""

    lesson_id: int
    title: str
    module_id: int
    module: int
    number: int
    is_done: bool = False


@dataclass
class Found:
    """Evidence in numbers; `questions` and `turns` are answers, `cards` different ones."""

    questions: int = 0
    right: int = 0
    turns: int = 0
    lessons: int = 0
    pretests: int = 0
    last: datetime | None = None
    cards: set[Any] = field(default_factory=set)


@dataclass(frozen=True)
class Panel:
    """`place` is the lesson to go to: the first that isn't completed, else the first.

    `is_explained`: there is evidence to look at, if only some that the student doesn't let count.
    """

    node: Node
    place: Place | None
    needs: Sequence[Node]
    opens: Sequence[Node]
    cards: int
    due: int
    found: Found
    is_explained: bool


def places_of(course: Course, done: frozenset[int] | set[int] = frozenset()) -> dict[int, Place]:
    """The lessons of the course by id, in its order."""
    return {
        lesson["id"]: Place(
            lesson["id"], lesson["title"], module["id"], at, number, lesson["id"] in done
        )
        for at, module in enumerate(shared_curriculum(course), start=1)
        for number, lesson in enumerate(module["lessons"], start=1)
    }


def panel_of(
    student: Any, course: Course, found: KnowledgeMap, concept: Concept, at: datetime
) -> Panel:
    seat = enrollment.seat_of(student, course.pk)
    places = places_of(course, enrollment.completed_lesson_ids(seat) if seat else set())
    taught = [places[pk] for pk in found.graph.lessons[concept.pk] if pk in places]
    notes = list(notes_about(student.pk, [concept.pk]))
    cards = Card.objects.visible_to(student).filter(note__in=notes, suspended_at=None)
    evidence = evidence_found(student, concept)
    return Panel(
        node=found.nodes[concept.pk],
        place=next((place for place in taught if not place.is_done), taught[0] if taught else None),
        needs=found.needs(concept),
        opens=found.opens(concept),
        cards=cards.count(),
        due=due_cards(student, at).filter(note__in=notes).count(),
        found=evidence,
        is_explained=evidence.last is not None or has_evidence(student, concept),
    )


def evidence_found(student: Any, concept: Concept) -> Found:
    """That of concepts which it took over counts as its own."""
    taken_over = MergedConcept.objects.filter(concept=concept).values_list("old_id", flat=True)
    rows = Evidence.objects.visible_to(student).filter(
        course=concept.course_id, concepts__overlap=[concept.pk, *taken_over], voided_at=None
    )
    latest = rows.order_by("-occurred_at", "-pk").values_list(
        "kind", "score", "occurred_at", "facts"
    )
    found = Found()
    for kind, score, occurred_at, facts in latest[:LATEST]:
        found.last = found.last or occurred_at
        match kind:
            case EvidenceKind.QUIZ:
                found.questions += 1
                found.right += score is not None and score >= RIGHT
            case EvidenceKind.CARD:
                found.cards.add(facts.get("card"))
            case EvidenceKind.TUTOR:
                found.turns += 1
            case EvidenceKind.LESSON:
                found.lessons += 1
            case EvidenceKind.PRETEST:
                found.pretests += 1
    return found
