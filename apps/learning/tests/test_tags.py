"""What questions and notes are about: their own concepts, or those of what they come from."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.learning.models import LessonConcept, NoteConcept, Prerequisite, QuestionConcept
from apps.learning.selectors import tags
from apps.learning.selectors.graph import graph_of
from apps.learning.services.notes import add_note
from apps.learning.services.questions import add_question
from apps.learning.tests.factories import DRAFTS, ConceptFactory

pytestmark = pytest.mark.django_db


def test_own_concepts_come_before_those_of_the_source(student):
    lesson = LessonFactory()
    course = lesson.module.course
    taught, asked, noted = ConceptFactory.create_batch(3, course=course)
    LessonConcept.objects.create(lesson=lesson, concept=taught)
    now = timezone.now()

    question = add_question(
        course=course, draft=DRAFTS["short"], editor=None, at=now, lesson=lesson
    )
    note, _made = add_note(
        student=student,
        kind="basic",
        front="a",
        back="b",
        at=now,
        course=course,
        lesson=lesson,
        question=question,
    )
    loose, _made = add_note(
        student=student, kind="basic", front="c", back="d", at=now, lesson=lesson
    )
    alone, _made = add_note(student=student, kind="basic", front="e", back="f", at=now)
    notes = [note.pk, loose.pk, alone.pk]

    assert tags.concepts_of_questions([question.pk]) == {question.pk: (taught.pk,)}
    assert tags.concepts_of_notes(notes) == {note.pk: (taught.pk,), loose.pk: (taught.pk,)}
    QuestionConcept.objects.create(question=question, concept=asked)
    assert tags.concepts_of_questions([question.pk]) == {question.pk: (asked.pk,)}
    assert tags.concepts_of_notes(notes) == {note.pk: (asked.pk,), loose.pk: (taught.pk,)}
    NoteConcept.objects.create(note=note, concept=noted)
    assert tags.concepts_of_notes(notes) == {note.pk: (noted.pk,), loose.pk: (taught.pk,)}


# ── The graph ─────────────────────────────────────────────────────────────────────────────────
def needs(advanced, prerequisite):
    return Prerequisite(
        course=advanced.course, advanced=advanced, prerequisite=prerequisite, weight=0.5
    )


def test_the_database_refuses_circles_and_edges_to_another_course():
    course = CourseFactory()
    a, b, c = ConceptFactory.create_batch(3, course=course)
    foreign = ConceptFactory()
    Prerequisite.objects.bulk_create([needs(c, b), needs(b, a)])
    for wrong in ([needs(a, c)], [needs(a, a)], [needs(a, foreign)]):
        with pytest.raises(IntegrityError), transaction.atomic():
            Prerequisite.objects.bulk_create(wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Prerequisite.objects.filter(advanced=b).update(prerequisite=c)
    assert Prerequisite.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_make_no_circle():
    """The second edge is written before the first is committed, and waits for it."""
    course = CourseFactory()
    a, b = ConceptFactory.create_batch(2, course=course)
    written, refused = threading.Event(), []

    def the_other_way():
        try:
            with transaction.atomic():
                written.wait(10)
                needs(b, a).save()
        except IntegrityError as error:
            refused.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=the_other_way)
    other.start()
    with transaction.atomic():
        needs(a, b).save()
        written.set()
        other.join(0.5)
    other.join(10)
    assert len(refused) == 1
    assert Prerequisite.objects.count() == 1


def test_the_graph_of_a_course_in_four_queries(django_assert_num_queries):
    course = CourseFactory()
    simple, advanced = ConceptFactory.create_batch(2, course=course)
    ConceptFactory()
    lesson = LessonFactory(course=course)
    for concept in (advanced, simple):
        LessonConcept.objects.create(lesson=lesson, concept=concept)
    needs(advanced, simple).save()
    with django_assert_num_queries(4):
        found = graph_of(course.pk)
    assert list(found.concepts) == [simple, advanced]
    assert found.needs == {simple.pk: (), advanced.pk: (simple.pk,)}
    assert found.opens == {simple.pk: (advanced.pk,), advanced.pk: ()}
    assert found.taught == {lesson.pk: (advanced.pk, simple.pk)}
    assert found.lessons == {simple.pk: (lesson.pk,), advanced.pk: (lesson.pk,)}
    assert found.exercises == {advanced.pk: {simple.pk: 0.5}}
