"""Two concepts that turn out to be one."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.errors import Invalid, NotFound

from ...engine.graph import Edge, cycle_in
from ...models import (
    Concept,
    LessonConcept,
    MergedConcept,
    NoteConcept,
    Prerequisite,
    QuestionConcept,
)
from .checks import MAX_ALIASES, once
from .edges import edges_of
from .turns import announce, locked

TAGS: list[tuple[Any, str]] = [
    (LessonConcept, "lesson"),
    (QuestionConcept, "question"),
    (NoteConcept, "note"),
]


@transaction.atomic
def merge_concepts(*, concept: Concept, into: Concept, at: datetime) -> Concept:
    """`into` takes over the tags, edges, names and evidence of `concept`, which goes.

    An edge that would close a circle is left out.
    """
    if concept.pk == into.pk or concept.course_id != into.course_id:
        raise Invalid(errors={"into": [_("Choose another concept of this course.")]})
    concept = locked(concept)
    kept = Concept.objects.filter(pk=into.pk).first()
    if kept is None:
        raise NotFound
    for model, owner in TAGS:
        _move_tags(model, owner, concept, kept)
    edges = list(Prerequisite.objects.filter(Q(advanced=concept) | Q(prerequisite=concept)))
    MergedConcept.objects.filter(concept=concept).update(concept=kept)
    MergedConcept.objects.create(
        course_id=kept.course_id, old_id=concept.pk, concept=kept, merged_at=at
    )
    _move_edges(edges, concept.pk, kept)
    concept.delete()
    _take_names(kept, concept, at)
    announce(kept.course_id)
    return kept


def _move_tags(model: Any, owner: str, concept: Concept, kept: Concept) -> None:
    """In their place, as the first tag of a question weighs more; doubles go."""
    tags = model.objects.filter(concept=concept)
    there = model.objects.filter(concept=kept).values(f"{owner}_id")
    tags.exclude(**{f"{owner}_id__in": there}).update(concept=kept)


def _move_edges(edges: list[Prerequisite], gone: int, kept: Concept) -> None:
    known = [
        edge for edge in edges_of(kept.course_id) if gone not in (edge.advanced, edge.prerequisite)
    ]
    pairs = {(edge.advanced, edge.prerequisite) for edge in known}
    moved = []
    for edge in edges:
        pair = (
            kept.pk if edge.advanced_id == gone else edge.advanced_id,
            kept.pk if edge.prerequisite_id == gone else edge.prerequisite_id,
        )
        if pair in pairs or cycle_in([*known, Edge(*pair)]):
            continue
        pairs.add(pair)
        known.append(Edge(*pair))
        moved.append(
            Prerequisite(
                course_id=kept.course_id,
                advanced_id=pair[0],
                prerequisite_id=pair[1],
                weight=edge.weight,
                confirmed=edge.confirmed,
            )
        )
    Prerequisite.objects.bulk_create(moved)


def _take_names(kept: Concept, gone: Concept, at: datetime) -> None:
    kept.aliases = once([kept.name, *kept.aliases, gone.name, *gone.aliases])[1 : MAX_ALIASES + 1]
    kept.description = kept.description or gone.description
    kept.updated_at = at
    kept.save(update_fields=["aliases", "description", "updated_at"])
