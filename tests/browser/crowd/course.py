"""A course of long names: sixty lessons, three hundred concepts, a quiz of every kind of question."""

from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.ai.prompts.quiz.schema import DraftQuestion
from apps.courses.models import Course, CourseStatus, Lesson
from apps.courses.selectors import find_category
from apps.courses.services import add_lesson, add_module, create_course, publish_course
from apps.enrollment.models import Enrollment, SeatStatus
from apps.learning.models import (
    Concept,
    LessonConcept,
    Prerequisite,
    QuestionStatus,
    Quiz,
)
from apps.learning.services.questions import add_question

from .words import Words

MODULES, LESSONS, CONCEPTS = 6, 60, 300
CATEGORY = "algebra"
LONG_AGO = timedelta(days=30)


def make_course(words: Words, teacher: User, at: datetime) -> Course:
    course = create_course(
        owner=teacher,
        title=f"full {words.language}",
        at=at,
        subtitle=words.title(length=230),
        description=words.text,
        category=find_category(CATEGORY),
        language=words.language,
        tags=[words.word[:40]],
        outcomes=[words.title(number) for number in range(6)],
        prerequisites=[words.title(number) for number in range(3)],
    )
    for number in range(MODULES):
        module = add_module(course=course, title=words.title(number), at=at, editor=teacher)
        first = add_lesson(
            module=module,
            title=words.title(number, length=150),
            at=at,
            editor=teacher,
            content=words.text,
            duration_minutes=600,
            is_preview=number == 0,
        )
        _more_lessons(words, first, at)
    Course.objects.filter(pk=course.pk).update(title=words.title(), lesson_count=LESSONS)
    course = publish_course(course=Course.objects.get(pk=course.pk), by=teacher, at=at)
    _concepts(words, course, at)
    _quiz(words, course, at)
    return course


def _more_lessons(words: Words, first: Lesson, at: datetime) -> None:
    Lesson.objects.bulk_create(
        Lesson(
            course=first.course,
            module=first.module,
            title=words.title(number),
            content=words.text,
            duration_minutes=90,
            position=first.position + number,
            created_at=at,
            updated_at=at,
        )
        for number in range(1, LESSONS // MODULES)
    )


def make_drafts(words: Words, teacher: User, count: int, at: datetime) -> None:
    Course.objects.bulk_create(
        Course(
            owner=teacher,
            title=words.title(number),
            slug=f"full-draft-{words.language}-{number}",
            subtitle=words.sentence,
            status=CourseStatus.DRAFT,
            created_at=at,
            updated_at=at - LONG_AGO,
        )
        for number in range(count)
    )


def seat(course: Course, student: User, at: datetime) -> Enrollment:
    return Enrollment(
        student=student,
        course=course,
        status=SeatStatus.IN_PROGRESS,
        completed_lessons=1,
        progress_percent=1,
        enrolled_at=at,
        last_activity_at=at,
    )


def _concepts(words: Words, course: Course, at: datetime) -> None:
    concepts = Concept.objects.bulk_create(
        Concept(
            course=course,
            name=f"{words.title(number)[:74]} {number}",
            description=words.sentence,
            importance=number % 5 + 1,
            position=number,
            created_at=at,
            updated_at=at,
        )
        for number in range(CONCEPTS)
    )
    Prerequisite.objects.bulk_create(
        Prerequisite(course=course, advanced=concept, prerequisite=concepts[number // 3])
        for number, concept in enumerate(concepts)
        if number
    )
    lessons = list(course.lessons.in_order())
    LessonConcept.objects.bulk_create(
        LessonConcept(lesson=lessons[number % len(lessons)], concept=concept)
        for number, concept in enumerate(concepts)
    )


def _quiz(words: Words, course: Course, at: datetime) -> None:
    lesson = course.lessons.in_order()[0]
    quiz = Quiz.objects.create(
        course=course,
        lesson=lesson,
        lesson_key=lesson.pk,
        title=lesson.title,
        shuffles=False,
        published_at=at,
        created_at=at,
        updated_at=at,
    )
    options = [words.title(number) for number in range(6)]
    asked = [
        DraftQuestion(kind="single", options=options, right=[0], text=words.title()),
        DraftQuestion(kind="multiple", options=options, right=[0, 2], text=words.title(1)),
        DraftQuestion(kind="true_false", is_true=False, text=words.title(2)),
        DraftQuestion(kind="short", accepted=[words.word], text=words.title(3)),
        DraftQuestion(
            kind="numeric", value="9.81", tolerance="0.01", unit="m/s²", text=words.title(4)
        ),
        DraftQuestion(kind="ordering", items=options[:4], text=words.title(5)),
        DraftQuestion(
            kind="matching",
            text=words.title(6),
            pairs=[{"left": one, "right": other} for one, other in zip(options, options[1:])],
        ),
        DraftQuestion(kind="cloze", text=f"{words.sentence} ___ ___.", gaps=[["a"], [words.word]]),
    ]
    for draft in asked:
        add_question(
            course=course,
            quiz=quiz,
            draft=draft,
            editor=course.owner,
            status=QuestionStatus.APPROVED,
            at=at,
        )
