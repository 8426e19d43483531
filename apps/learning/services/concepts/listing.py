"""The list of a course's concepts: added, changed, ordered, deleted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Conflict, Invalid
from apps.courses.models import Course

from ...models import Concept
from .checks import check_names, checked, once
from .turns import announce, last_word, locked, take_turn

MAX_CONCEPTS = 500


@transaction.atomic
def add_concept(
    *,
    course: Course,
    name: str,
    at: datetime,
    description: str = "",
    aliases: Sequence[str] = (),
    importance: int = 3,
) -> Concept:
    """A concept at the end of the list; Conflict when its name is taken or the list is full."""
    values = checked(
        {
            "name": name,
            "description": description,
            "aliases": aliases,
            "importance": importance,
        }
    )
    take_turn(course.pk)
    others = list(Concept.objects.filter(course=course))
    if len(others) >= MAX_CONCEPTS:
        raise Conflict(_("A course has at most %(limit)s concepts.") % {"limit": MAX_CONCEPTS})
    concept = Concept(
        course=course,
        position=max((other.position for other in others), default=0) + 1,
        created_at=at,
        updated_at=at,
        **values,
    )
    _store(concept, others)
    announce(course.pk)
    return concept


@transaction.atomic
def change_concept(*, concept: Concept, changes: Mapping[str, Any], at: datetime) -> Concept:
    """Change `name`, `description`, `aliases` or `importance`."""
    values = checked(changes)
    concept = locked(concept)
    before = {field: getattr(concept, field) for field in values}
    for field, value in values.items():
        setattr(concept, field, value)
    if before != values:
        concept.updated_at = at
        _store(concept, Concept.objects.filter(course=concept.course_id))
        announce(concept.course_id)
    return concept


def _store(concept: Concept, others: Iterable[Concept]) -> None:
    concept.aliases = once([concept.name, *concept.aliases])[1:]
    check_names(concept, others)
    with last_word():
        concept.save()


@transaction.atomic
def delete_concept(*, concept: Concept, at: datetime) -> None:
    """Its edges and tags go with it; evidence about it stays in the log, unread."""
    concept = locked(concept)
    concept.delete()
    announce(concept.course_id)


@transaction.atomic
def reorder_concepts(*, course: Course, ids: Sequence[int], at: datetime) -> None:
    """Put the course's concepts in this order; Conflict when some are left out."""
    take_turn(course.pk)
    known = Concept.objects.filter(course=course).in_bulk()
    if len(set(ids)) != len(ids) or not set(ids) <= known.keys():
        raise Invalid(errors={"ids": [_("Name concepts of this course, each once.")]})
    if len(ids) != len(known):
        raise Conflict(_("The concepts were changed elsewhere. Load them again."))
    for place, pk in enumerate(ids, start=1):
        known[pk].position = place
    Concept.objects.bulk_update(known.values(), ["position"])
    announce(course.pk)
