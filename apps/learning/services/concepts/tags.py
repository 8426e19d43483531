"""What lessons, questions and notes are about, in the order given: the first moves ability."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.courses.models import Lesson

from ...models import LessonConcept, Note, NoteConcept, Question, QuestionConcept
from .turns import announce, of_course, take_turn

MAX_TAGS = 30


@transaction.atomic
def tag_lesson(*, lesson: Lesson, concepts: Sequence[int], at: datetime) -> None:
    if _tag(LessonConcept, {"lesson": lesson}, lesson.course_id, concepts):
        announce(lesson.course_id)


@transaction.atomic
def tag_question(*, question: Question, concepts: Sequence[int], at: datetime) -> None:
    """Without any its lesson's count."""
    if _tag(QuestionConcept, {"question": question}, question.course_id, concepts):
        announce(question.course_id)


@transaction.atomic
def tag_note(*, note: Note, concepts: Sequence[int], at: datetime) -> None:
    """Of its course; it changes nothing for others, so nobody is told."""
    if note.course_id is None:
        if concepts:
            raise Invalid(errors={"ids": [_("Name concepts of this course, each once.")]})
        return
    _tag(NoteConcept, {"note": note}, note.course_id, concepts)


def _tag(model: Any, owner: dict[str, Any], course_id: int, ids: Sequence[int]) -> bool:
    """Put these tags in place of those there are; whether anything differs."""
    take_turn(course_id)
    concepts = of_course(course_id, ids, limit=MAX_TAGS)
    tags = model.objects.filter(**owner)
    if list(tags.order_by("pk").values_list("concept_id", flat=True)) == list(ids):
        return False
    tags.delete()
    model.objects.bulk_create(model(concept=concept, **owner) for concept in concepts)
    return True
