"""Which rows of a person the studio opens here; all else is 404, and without the right 403."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.rights import has_right
from apps.core.errors import NotAllowed, NotFound
from apps.courses.models import Course, Lesson

from ..models import Question


def check_right(user: User) -> None:
    if not has_right(user, "course.edit"):
        raise NotAllowed(_("The studio is for teachers."))


def course_of(user: User, pk: int) -> Course:
    check_right(user)
    course = Course.objects.editable_by(user).filter(pk=pk).first()
    if course is None:
        raise NotFound
    return course


def lesson_of(user: User, pk: int) -> Lesson:
    check_right(user)
    lesson = Lesson.objects.editable_by(user).select_related("course__owner").filter(pk=pk).first()
    if lesson is None:
        raise NotFound
    return lesson


def sees_answers(user: User, course: Course) -> bool:
    """Moderating a course doesn't show what its students answered, not even counted."""
    return user.is_admin or course.owner_id == user.pk


def question_of(user: User, pk: int) -> Question:
    check_right(user)
    questions = Question.objects.editable_by(user)
    found = questions.select_related("course", "quiz", "lesson", "current").filter(pk=pk).first()
    if found is None or found.current is None:
        raise NotFound
    return found
