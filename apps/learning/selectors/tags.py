"""What lessons, questions and notes are about: their own concepts, else those of what they come from."""

from collections.abc import Collection, Iterable
from itertools import groupby
from operator import itemgetter

from django.db.models import Q

from apps.core.compiled import any_of, compiled

from ..models import LessonConcept, Note, Question, QuestionConcept

Tags = dict[int, tuple[int, ...]]


def concepts_of_lessons(ids: Collection[int]) -> Tags:
    """Concept ids by lesson id, in the order in which they were tagged; lessons without are left out."""
    if not ids:
        return {}
    tags = LessonConcept.objects.filter(lesson__in=ids).order_by("lesson_id", "pk")
    return _grouped(tags.values_list("lesson_id", "concept_id"))


def concepts_of_questions(ids: Collection[int]) -> Tags:
    """Concept ids by question id: its own, else its lesson's; the first moves ability."""
    tags = QuestionConcept.objects.filter(question__in=ids).order_by("question_id", "pk")
    own = _grouped(tags.values_list("question_id", "concept_id"))
    rest = Question.objects.filter(pk__in=set(ids) - own.keys())
    sources = rest.values_list("pk", "lesson_id", "quiz__lesson_id")
    lesson_of = {pk: made_from or asked_in for pk, made_from, asked_in in sources}
    return {**_inherited(lesson_of, concepts_of_lessons(set(lesson_of.values()))), **own}


def concepts_of_notes(ids: Collection[int]) -> Tags:
    """Concept ids by note id: its own, else its question's, else its lesson's."""
    rows = _notes(ids=list(ids))
    own = _grouped((pk, concept) for pk, _question, _lesson, concept in rows if concept)
    rest = [(pk, question, lesson) for pk, question, lesson, _c in rows if pk not in own]
    asked = {pk: question for pk, question, _lesson in rest if question}
    by_question = _inherited(asked, concepts_of_questions(set(asked.values())) if asked else {})
    read = {pk: lesson for pk, _q, lesson in rest if lesson and pk not in by_question}
    by_lesson = _inherited(read, concepts_of_lessons(set(read.values())))
    return {**by_lesson, **by_question, **own}


_notes = compiled(
    lambda ids: (
        Note.objects.filter(any_of("pk", ids))
        .order_by("pk", "concept_tags__pk")
        .values_list("pk", "question_id", "lesson_id", "concept_tags__concept")
    )
)


def notes_about(student_id: int, concepts: Collection[int]) -> Tags:
    """Concept ids by note id, of the student's notes that are about any of the concepts."""
    questions = QuestionConcept.objects.filter(concept__in=concepts).values("question")
    lessons = LessonConcept.objects.filter(concept__in=concepts).values("lesson")
    may_be = Note.objects.filter(student=student_id).filter(
        Q(concept_tags__concept__in=concepts)
        | Q(question__in=questions)
        | Q(lesson__in=lessons)
        | Q(question__lesson__in=lessons)
        | Q(question__quiz__lesson__in=lessons)
    )
    wanted = set(concepts)
    found = concepts_of_notes(set(may_be.values_list("pk", flat=True)))
    return {note: about for note, about in found.items() if not wanted.isdisjoint(about)}


def _grouped(pairs: Iterable[tuple[int, int]]) -> Tags:
    return {
        owner: tuple(concept for _owner, concept in group)
        for owner, group in groupby(pairs, key=itemgetter(0))
    }


def _inherited(sources: dict[int, int], tags: Tags) -> Tags:
    return {pk: tags[source] for pk, source in sources.items() if source in tags}
