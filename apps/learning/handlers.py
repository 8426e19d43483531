"""What learning does when lower apps, or it itself, announce something."""

from django.utils import timezone

from apps.core.bus import Event, subscribe
from apps.courses.events import CoursePublished, LessonChanged
from apps.courses.models import Lesson
from apps.enrollment.events import EnrollmentCompleted, LessonCompleted
from apps.enrollment.models import Enrollment, LessonCompletion

from .events import (
    ConceptMastered,
    FlashcardReviewed,
    FlashcardReviewUndone,
    PretestFinished,
    QuizSubmitted,
    TutorTurn,
)
from .models import Attempt, Pretest, Review, TutorMessage
from .selectors.lessons import was_read
from .services import acts, digests, evidence, notes, passages, questions, quizzes


# in batches, so that a burst of edits looks at each lesson once
@subscribe(LessonChanged, batch=200)
def place_quotes(events: list[LessonChanged]) -> None:
    for lesson_id in sorted({event.lesson_id for event in events}):
        quizzes.rejoin_lesson(lesson_id=lesson_id)
        questions.place_quotes(lesson_id=lesson_id, at=timezone.now())


@subscribe(LessonChanged, batch=200)
def read_into_passages(events: list[LessonChanged]) -> None:
    passages.read_lessons(lesson_ids=sorted({event.lesson_id for event in events}))


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
    if not was_read(event.student_id, event.lesson_id):
        return
    at = event.occurred_at or timezone.now()
    notes.cards_from_terms(student_id=event.student_id, lesson_id=event.lesson_id, at=at)


@subscribe(LessonCompleted)
def count_lesson_as_evidence(event: LessonCompleted) -> None:
    if not was_read(event.student_id, event.lesson_id):
        return
    at = event.occurred_at or timezone.now()
    evidence.record_lesson(student_id=event.student_id, lesson_id=event.lesson_id, at=at)


# in batches: the rows of one kind are read together, and what is told twice is one statement
@subscribe(
    LessonCompleted,
    EnrollmentCompleted,
    QuizSubmitted,
    FlashcardReviewed,
    FlashcardReviewUndone,
    PretestFinished,
    TutorTurn,
    ConceptMastered,
    batch=200,
)
def keep_statements(events: list[Event]) -> None:
    lessons = {event.lesson_id for event in events if isinstance(event, LessonCompleted)}
    seats = {event.enrollment_id for event in events if isinstance(event, LessonCompleted)}
    if lessons:
        done = LessonCompletion.objects.filter(enrollment__in=seats, lesson__in=lessons)
        acts.keep_completions(completions=done.select_related("enrollment", "lesson"))
    if finished := [each.enrollment_id for each in events if isinstance(each, EnrollmentCompleted)]:
        rows = Enrollment.objects.filter(pk__in=finished)
        acts.keep_courses(seats=rows.select_related("course"))
    if attempts := [each.attempt_id for each in events if isinstance(each, QuizSubmitted)]:
        found = Attempt.objects.filter(pk__in=attempts)
        acts.keep_attempts(attempts=found.select_related("quiz"))
    graded = (FlashcardReviewed, FlashcardReviewUndone)
    if reviews := [each.review_id for each in events if isinstance(each, graded)]:
        log = Review.objects.filter(pk__in=reviews)
        acts.keep_reviews(reviews=log.select_related("card__note"))
    if tests := [each.pretest_id for each in events if isinstance(each, PretestFinished)]:
        acts.keep_pretests(pretests=Pretest.objects.filter(pk__in=tests))
    if turns := [each.message_id for each in events if isinstance(each, TutorTurn)]:
        said = TutorMessage.objects.filter(pk__in=turns)
        acts.keep_turns(messages=said.select_related("thread"))
    if entries := [
        (each.concept_id, each.evidence_id) for each in events if isinstance(each, ConceptMastered)
    ]:
        acts.keep_mastered(entries=entries)
