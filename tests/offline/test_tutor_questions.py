"""Judged questions to the tutor about the demo's lessons: found, and led to without the answer."""

import re
from dataclasses import replace

import pytest
from django.utils import timezone

from apps.ai.offline import make_guidance
from apps.ai.offline.guard import forms_of, telling
from apps.ai.offline.retrieval import Asked
from apps.ai.offline.tutor_words import spoken_by_tutors
from apps.ai.prompts.tutor.schema import RUNGS
from apps.courses.models import Lesson
from apps.courses.tests.factories import CourseFactory, LessonFactory, ModuleFactory
from apps.enrollment.services import grant_seat
from apps.learning.engine.ladder import Step
from apps.learning.models import Speaker, TutorMessage, TutorThread
from apps.learning.selectors.passages import lessons_up_to, neighbours, passages_for
from apps.learning.services.passages import read_lesson
from apps.learning.services.tutor import drafting

from . import asking

PASSAGE_AMONG_THREE, SENTENCE_FIRST = 0.90, 0.70
LEAKED = 0.005  # of replies


def test_the_judged_questions_are_many_and_their_passages_stand_in_the_lessons():
    questions = asking.questions()
    languages = [question.language for question in questions]
    assert languages.count("en") >= 32
    assert languages.count("ru") >= 28
    for question in questions:
        read = [re.sub(r"[*_]", "", passage.text) for passage in asking.passages(question.lesson)]
        for part in question.passages:
            assert any(part in text for text in read), (question.text, part)


def test_the_right_passage_is_found():
    found = list(asking.measured())
    first = sum(sentences[:1] == [True] for _question, sentences, _passages in found)
    among_three = sum(any(passages) for _question, _sentences, passages in found)
    assert first >= SENTENCE_FIRST * len(found)
    assert among_three >= PASSAGE_AMONG_THREE * len(found)


@pytest.mark.django_db
def test_the_right_passage_is_found_by_postgresql(student):
    """In a course with all the lessons up to the one that is asked in, as a student asks it."""
    courses: dict[str, dict[str, Lesson]] = {}
    found = 0
    for question in asking.questions():
        course = question.lesson.rpartition("/")[0]
        if course not in courses:
            courses[course] = course_of(student, course)
        lesson = courses[course][question.lesson]
        asked = Asked.read(question.text, question.language)
        hits = passages_for(asked, lesson, lessons_up_to(student, lesson))
        found += any(asking.answers(question, text) for hit in hits for text in beside(hit.passage))
    assert found >= PASSAGE_AMONG_THREE * len(asking.questions())


def course_of(student, path):
    course = CourseFactory()
    grant_seat(student_id=student.pk, course_id=course.pk, at=timezone.now())
    module = ModuleFactory(course=course)
    lessons = {}
    texts = sorted((key, text) for key, text in asking.lessons().items() if key.startswith(path))
    for position, (key, (title, text)) in enumerate(texts):
        lessons[key] = LessonFactory(
            course=course, module=module, title=title, content=text, position=position
        )
        read_lesson(lesson=lessons[key])
    return lessons


def beside(passage):
    """The passage with its neighbours in the section."""
    near = [row for row in neighbours(passage, 1) if row.section == passage.section]
    return [row.text for row in [passage, *near]]


@pytest.mark.django_db
def test_no_rung_tells_the_answer(student):
    """As PostgreSQL finds the passages, over all four rungs of each question."""
    rows = {}
    leaked, replies = [], 0
    for question in asking.questions():
        if question.lesson not in rows:
            title, text = asking.lessons()[question.lesson]
            course = CourseFactory()
            grant_seat(student_id=student.pk, course_id=course.pk, at=timezone.now())
            rows[question.lesson] = LessonFactory(course=course, title=title, content=text)
            read_lesson(lesson=rows[question.lesson])
        heard = heard_of(student, rows[question.lesson], question.text)
        secret = telling(" ".join(question.answer)) - telling(question.text)
        secret -= own_words(question.language)
        for rung, move in enumerate(RUNGS):
            at_rung = replace(
                heard,
                step=Step(move, replace(heard.step.ladder, question=question.text, rung=rung)),
            )
            orders = drafting._orders(at_rung)
            text = make_guidance(drafting._material(at_rung, orders)).text
            replies += 1
            if secret & forms_of(text):
                leaked.append((question.text, secret & forms_of(text), text))
    assert len(leaked) <= LEAKED * replies, "\n".join(map(str, leaked))


def own_words(language):
    """Of the phrases themselves, which are the same for every lesson."""
    phrases = spoken_by_tutors(language).phrases.values()
    return forms_of(" ".join(text for texts in phrases for text in texts))


def heard_of(student, lesson, text):
    thread, _made = TutorThread.objects.get_or_create(
        student=student,
        lesson=lesson,
        defaults={
            "course": lesson.course,
            "created_at": timezone.now(),
            "updated_at": timezone.now(),
        },
    )
    message = TutorMessage.objects.create(
        thread=thread, speaker=Speaker.STUDENT, text=text, created_at=timezone.now()
    )
    heard = drafting._heard(student, message, lesson)
    message.delete()
    return heard
