"""Which concepts a concept needs, and how much practising it exercises them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Conflict, Invalid

from ...engine.graph import Edge, cycle_in
from ...models import Concept, Prerequisite
from .listing import MAX_CONCEPTS
from .turns import REFUSALS, announce, last_word, locked, of_course

MAX_EDGES = 5000
DEFAULT_WEIGHT = 0.7
LEAST, MOST = 0.05, 1.0


@transaction.atomic
def set_prerequisites(
    *, concept: Concept, needs: Mapping[int, float] | Sequence[int], at: datetime
) -> Concept:
    """Make these the concepts that it needs, confirmed by the teacher.

    Without weights those of edges that stay are kept. Raises Conflict, naming the circle.
    """
    _check_number(len(needs))
    weights = dict(needs) if isinstance(needs, Mapping) else {}
    for weight in weights.values():
        check_weight(weight)
    concept = locked(concept)
    wanted = of_course(concept.course_id, list(needs), limit=MAX_CONCEPTS)
    before = {edge.prerequisite_id: edge for edge in Prerequisite.objects.filter(advanced=concept)}
    edges = [_edge(concept, need, weights.get(need.pk), before.get(need.pk)) for need in wanted]
    if [_facts(edge) for edge in edges] == [_facts(edge) for edge in before.values()]:
        return concept
    Prerequisite.objects.filter(advanced=concept).delete()
    _add(concept.course_id, edges)
    announce(concept.course_id)
    return concept


def _edge(
    concept: Concept, need: Concept, weight: float | None, before: Prerequisite | None
) -> Prerequisite:
    if weight is None:
        weight = before.weight if before else DEFAULT_WEIGHT
    return Prerequisite(
        course_id=concept.course_id, advanced=concept, prerequisite=need, weight=weight
    )


def _facts(edge: Prerequisite) -> tuple[int, float, bool]:
    return edge.prerequisite_id, edge.weight, edge.confirmed


@transaction.atomic
def connect(
    *,
    advanced: Concept,
    prerequisite: Concept,
    weight: float,
    at: datetime,
    confirmed: bool = True,
) -> Prerequisite:
    """The edge between two concepts, made or changed; Conflict names the circle it would close."""
    check_weight(weight)
    advanced = locked(advanced)
    of_course(advanced.course_id, [prerequisite.pk], limit=1)
    edge = Prerequisite.objects.filter(advanced=advanced, prerequisite=prerequisite).first()
    if edge is None:
        edge = Prerequisite(
            course_id=advanced.course_id,
            advanced=advanced,
            prerequisite=prerequisite,
            weight=weight,
            confirmed=confirmed,
        )
        _add(advanced.course_id, [edge])
    else:
        edge.weight, edge.confirmed = weight, confirmed
        edge.save(update_fields=["weight", "confirmed"])
    announce(advanced.course_id)
    return edge


@transaction.atomic
def disconnect(*, advanced: Concept, prerequisite: Concept, at: datetime) -> None:
    """Without the edge; one that went already is no fault."""
    advanced = locked(advanced)
    gone, _rows = Prerequisite.objects.filter(advanced=advanced, prerequisite=prerequisite).delete()
    if gone:
        announce(advanced.course_id)


def _add(course_id: int, edges: Sequence[Prerequisite]) -> None:
    """In the turn of the writer; the trigger looks again."""
    known = list(edges_of(course_id))
    _check_number(len(known) + len(edges))
    fresh = [Edge(edge.advanced_id, edge.prerequisite_id) for edge in edges]
    refuse_circle([*known, *fresh])
    with last_word():
        Prerequisite.objects.bulk_create(edges)


def edges_of(course_id: int) -> list[Edge]:
    rows = Prerequisite.objects.filter(course=course_id).order_by("pk")
    return [Edge(*row) for row in rows.values_list("advanced_id", "prerequisite_id")]


def refuse_circle(edges: Sequence[Edge]) -> None:
    circle = cycle_in(edges)
    if circle:
        names = Concept.objects.in_bulk(circle)
        raise Conflict(circle_told([names[pk] for pk in circle]))


def circle_told(circle: Sequence[Concept]) -> str:
    """In words, for concepts of which each needs the next and the last the first."""
    if len(circle) == 1:
        return str(REFUSALS["prerequisite_of_another"])
    way = " → ".join(concept.name for concept in [*circle, circle[0]])
    return _("These concepts would need each other in a circle: %(circle)s.") % {"circle": way}


def _check_number(count: int) -> None:
    if count > MAX_EDGES:
        raise Invalid(
            errors={
                "ids": [_("A course has at most %(limit)s prerequisites.") % {"limit": MAX_EDGES}]
            }
        )


def check_weight(weight: float) -> None:
    if not LEAST <= weight <= MOST:  # also for what isn't a number
        raise Invalid(errors={"weight": [_("A weight goes from 0.05 to 1.")]})
