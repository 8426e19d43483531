"""Writers of one course's concepts take turns; what the database refuses is told in words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotFound

from ...events import ConceptsChanged
from ...models import Concept

REFUSALS = {
    "concept_name_once": gettext_lazy("The course has a concept of this name already."),
    "prerequisite_once": gettext_lazy("This concept is named as needed already."),
    "prerequisite_of_another": gettext_lazy("A concept can’t need itself."),
    "prerequisite_of_the_course": gettext_lazy("Both concepts have to be of the same course."),
    "prerequisite_without_circles": gettext_lazy("The concepts would need each other in a circle."),
}


def take_turn(course_id: int) -> None:
    """Wait for other writers of this course's concepts, until the transaction ends.

    The lock is that of the trigger which refuses circles.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('learning_graph'), %s::int)", [course_id]
        )


@contextmanager
def last_word() -> Iterator[None]:
    """A constraint that the database upholds becomes a Conflict."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
        if name not in REFUSALS:
            raise
        raise Conflict(REFUSALS[name]) from error


def locked(concept: Concept) -> Concept:
    """The concept as it stands in our turn; raises NotFound when it went meanwhile."""
    take_turn(concept.course_id)
    found = Concept.objects.filter(pk=concept.pk).first()
    if found is None:
        raise NotFound
    return found


def of_course(course_id: int, ids: Sequence[int], *, limit: int) -> list[Concept]:
    """The concepts of these ids, in their order; Invalid for others, doubles and too many."""
    if len(ids) > limit:
        raise Invalid(errors={"ids": [_("At most %(limit)s concepts here.") % {"limit": limit}]})
    known = Concept.objects.filter(course_id=course_id).in_bulk() if ids else {}
    if len(set(ids)) != len(ids) or not set(ids) <= known.keys():
        raise Invalid(errors={"ids": [_("Name concepts of this course, each once.")]})
    return [known[pk] for pk in ids]


def announce(course_id: int) -> None:
    publish(ConceptsChanged(course_id=course_id))
