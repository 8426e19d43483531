"""A concept with all that its editor shows, changed at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Conflict, Invalid
from apps.courses.models import Course, Lesson

from ...models import Concept, LessonConcept, Prerequisite
from .edges import set_prerequisites
from .listing import change_concept
from .tags import MAX_TAGS
from .turns import announce, locked, take_turn


@transaction.atomic
def edit_concept(
    *,
    concept: Concept,
    changes: Mapping[str, Any],
    needs: Mapping[int, float],
    lessons: Sequence[int],
    at: datetime,
) -> Concept:
    """All of it or nothing."""
    concept = change_concept(concept=concept, changes=changes, at=at)
    set_prerequisites(concept=concept, needs=needs, at=at)
    teach_in(concept=concept, lessons=lessons, at=at)
    return concept


@transaction.atomic
def teach_in(*, concept: Concept, lessons: Sequence[int], at: datetime) -> None:
    """Make these the lessons of the course that teach it."""
    concept = locked(concept)
    known = dict(Lesson.objects.filter(course=concept.course_id).values_list("pk", "title"))
    if not set(lessons) <= known.keys():
        raise Invalid(errors={"lessons": [_("Choose lessons of this course.")]})
    tags = LessonConcept.objects.filter(concept=concept, lesson__in=known)
    before = set(tags.values_list("lesson_id", flat=True))
    if before == set(lessons):
        return
    tags.exclude(lesson__in=lessons).delete()
    for lesson in sorted(set(lessons) - before):
        if LessonConcept.objects.filter(lesson=lesson).count() >= MAX_TAGS:
            raise Conflict(
                _("The lesson “%(name)s” has more than %(limit)s concepts.")
                % {"name": known[lesson], "limit": MAX_TAGS}
            )
        LessonConcept.objects.create(lesson_id=lesson, concept=concept)
    announce(concept.course_id)


@transaction.atomic
def confirm_edges(*, course: Course, at: datetime) -> int:
    """What was proposed is the teacher's own from now on; how many edges."""
    take_turn(course.pk)
    confirmed = Prerequisite.objects.filter(course=course, confirmed=False).update(confirmed=True)
    if confirmed:
        announce(course.pk)
    return confirmed
