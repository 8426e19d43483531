"""The questions of a course as drafts, to be written to a file."""

from apps.ai.prompts.quiz.schema import DraftQuestion
from apps.courses.models import Course, Lesson

from ..engine.questions import draft_of
from ..models import Question, QuestionStatus


def drafts_out(course: Course, lesson: Lesson | None = None) -> list[DraftQuestion]:
    """Those in use, by lesson and place in their quiz; those of no lesson last."""
    questions = Question.objects.filter(course=course).exclude(current=None)
    questions = questions.exclude(status=QuestionStatus.RETIRED).select_related("current")
    if lesson is not None:
        questions = questions.filter(lesson=lesson)
    ordered = questions.order_by("lesson__module__position", "lesson__position", "position", "pk")
    return [draft_of(question.current) for question in ordered if question.current]
