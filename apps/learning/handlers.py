"""What learning does when lower apps announce something."""

from django.utils import timezone

from apps.core.bus import subscribe
from apps.courses.events import CoursePublished, LessonChanged
from apps.courses.models import Lesson
from apps.enrollment.events import LessonCompleted

from .services import digests, evidence, notes, questions, quizzes


# in batches, so that a burst of edits looks at each lesson once
@subscribe(LessonChanged, batch=200)
def place_quotes(events: list[LessonChanged]) -> None:
    for lesson_id in sorted({event.lesson_id for event in events}):
        quizzes.rejoin_lesson(lesson_id=lesson_id)
        questions.place_quotes(lesson_id=lesson_id, at=timezone.now())


@subscribe(LessonChanged)
def prepare_digest_of_lesson(event: LessonChanged) -> None:
    lesson = Lesson.objects.filter(pk=event.lesson_id).select_related("course").first()
    if lesson is not None and lesson.course.is_published:
        digests.prepare_later(lesson_id=lesson.pk)


@subscribe(CoursePublished)
def prepare_digests_of_course(event: CoursePublished) -> None:
    for lesson_id in Lesson.objects.filter(course_id=event.course_id).values_list("pk", flat=True):
        digests.prepare_later(lesson_id=lesson_id)


@subscribe(LessonCompleted)
def make_cards_from_terms(event: LessonCompleted) -> None:
    at = event.occurred_at or timezone.now()
    notes.cards_from_terms(student_id=event.student_id, lesson_id=event.lesson_id, at=at)


@subscribe(LessonCompleted)
def count_lesson_as_evidence(event: LessonCompleted) -> None:
    at = event.occurred_at or timezone.now()
    evidence.record_lesson(student_id=event.student_id, lesson_id=event.lesson_id, at=at)
