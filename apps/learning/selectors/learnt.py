"""What a student learnt and did, course by course: the rows that figures of progress are made from."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from apps.courses.models import Course, Lesson
from apps.enrollment import selectors as enrollment
from apps.enrollment.models import LessonCompletion

from ..engine.path import comes_back
from ..models import (
    Answer,
    Attempt,
    Card,
    Concept,
    KnownLesson,
    LessonConcept,
    Mastery,
    Pretest,
    Quiz,
    Review,
    TakenLesson,
)
from .activity import Studied, studied
from .mastery import Shown, shown_of
from .schedule import Schedule, schedule_of

HISTORY = timedelta(days=540)  # a year, and what still weighs at its beginning
FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Known:
    """A concept as it stands now; `mastered_on` is the study day it last came to be mastered."""

    shown: Shown
    mastered_on: date | None


@dataclass
class CourseRows:
    """One course of the student."""

    course: Course
    concepts: int = 0
    known: list[Known] = field(default_factory=list)
    studied: list[Studied] = field(default_factory=list)
    lessons: dict[int, int] = field(default_factory=dict)  # id → minutes
    done_on: dict[int, date] = field(default_factory=dict)  # lesson gone through → study day
    taught: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    skippable: set[int] | None = None  # concepts that the last pre-test found known
    taken: set[int] = field(default_factory=set)
    counted: set[int] = field(default_factory=set)  # lessons completed as known, without reading
    answered: int = 0
    right: int = 0
    quizzed: set[int] = field(default_factory=set)  # lessons with a published quiz
    tried: set[int] = field(default_factory=set)  # lessons whose quiz was submitted lately
    reviews: int = 0
    overdue: int = 0

    @property
    def skipped(self) -> set[int]:
        """Lessons passed over because all that they teach was known, and is by later answers too."""
        tested = self.skippable or set()
        gone = {one.shown.concept_id for one in self.known if comes_back(one.shown.m)}
        passed = {
            lesson
            for lesson, concepts in self.taught.items()
            if concepts <= tested and lesson not in self.done_on
        }
        there = (passed | self.counted) & self.lessons.keys() - self.taken
        return {lesson for lesson in there if not self.taught[lesson] & gone}


@dataclass(frozen=True)
class Learnt:
    schedule: Schedule
    today: date
    courses: list[CourseRows]
    elsewhere: list[Studied]  # cards of no course, and courses without a seat


def learnt_by(student: Any, at: datetime) -> Learnt:
    """Everything at once, in a number of queries that doesn't grow with the courses."""
    schedule = schedule_of(student)
    today = schedule.day_of(at)
    seats = enrollment.seats_of(student).order_by("-last_activity_at", "-pk")
    rows = {seat.course_id: CourseRows(seat.course) for seat in seats}
    elsewhere = []
    for each in studied(student.pk, today - HISTORY, at):
        if each.course_id in rows:
            rows[each.course_id].studied.append(each)
        else:
            elsewhere.append(each)
    _add_concepts(rows, student, at)
    _add_lessons(rows, student, schedule)
    _add_pretests(rows, student)
    _add_quizzes(rows, student, at)
    _add_reviews(rows, student, schedule, at)
    return Learnt(schedule, today, list(rows.values()), elsewhere)


Rows = dict[int, CourseRows]


def _add_concepts(rows: Rows, student: Any, at: datetime) -> None:
    counted = Concept.objects.filter(course__in=rows).order_by().values_list("course_id")
    for course, count in counted.annotate(n=Count("pk")):
        rows[course].concepts = count
    for row in Mastery.objects.filter(student=student, course__in=rows):
        rows[row.course_id].known.append(Known(shown_of(row, at), row.mastered_on))


def _add_lessons(rows: Rows, student: Any, schedule: Schedule) -> None:
    lessons = Lesson.objects.filter(course__in=rows)
    for pk, course, minutes in lessons.values_list("pk", "course_id", "duration_minutes"):
        rows[course].lessons[pk] = minutes
    done = LessonCompletion.objects.filter(enrollment__student=student)
    for lesson, course, at in done.values_list("lesson", "enrollment__course", "completed_at"):
        rows[course].done_on[lesson] = schedule.day_of(at)
    tags = LessonConcept.objects.filter(concept__course__in=rows)
    for course, lesson, concept in tags.values_list("concept__course", "lesson", "concept"):
        rows[course].taught[lesson].add(concept)


def _add_pretests(rows: Rows, student: Any) -> None:
    tests = Pretest.objects.filter(student=student, course__in=rows, finished_at__isnull=False)
    last = tests.order_by("course", "-finished_at", "-pk").distinct("course")
    for course, findings in last.values_list("course", "findings"):
        rows[course].skippable = {concept for concept, _was, _is, skip in findings if skip}
    taken = TakenLesson.objects.filter(student=student, lesson__course__in=rows)
    for course, lesson in taken.values_list("lesson__course", "lesson"):
        rows[course].taken.add(lesson)
    counted = KnownLesson.objects.filter(student=student, lesson__course__in=rows)
    for course, lesson in counted.values_list("lesson__course", "lesson"):
        if lesson not in rows[course].taken:
            rows[course].counted.add(lesson)
            rows[course].done_on.pop(lesson, None)


def _add_quizzes(rows: Rows, student: Any, at: datetime) -> None:
    answers = Answer.objects.filter(
        attempt__student=student,
        attempt__submitted_at__isnull=False,
        attempt__quiz__course__in=rows,
    )
    by_course = answers.order_by().values_list("attempt__quiz__course")
    for course, count, right in by_course.annotate(
        n=Count("pk"), right=Count("pk", filter=Q(is_right=True))
    ):
        rows[course].answered, rows[course].right = count, right
    quizzes = Quiz.objects.published().filter(course__in=rows, lesson__isnull=False)
    for course, lesson in quizzes.values_list("course", "lesson"):
        rows[course].quizzed.add(lesson)
    lately = Attempt.objects.filter(
        student=student, submitted_at__gt=at - FORTNIGHT, quiz__course__in=rows
    )
    for course, key in lately.values_list("quiz__course", "quiz__lesson_key").distinct():
        rows[course].tried |= {key} if key is not None else set()


def _add_reviews(rows: Rows, student: Any, schedule: Schedule, at: datetime) -> None:
    today = schedule.day_of(at)
    graded = Review.objects.filter(
        student=student,
        undone_at=None,
        course__in=rows,
        reviewed_at__gte=schedule.begin_of(today - FORTNIGHT + timedelta(days=1)),
    )
    for course, count in graded.order_by().values_list("course").annotate(n=Count("pk")):
        rows[course].reviews = count
    waiting = Card.objects.visible_to(student).filter(
        course__in=rows, suspended_at=None, due__lt=schedule.begin_of(today)
    )
    seen = waiting.filter(last_review__isnull=False).order_by()
    for course, count in seen.values_list("course").annotate(n=Count("pk")):
        rows[course].overdue = count
