"""Which rows of a person the studio opens; all else is 404, and without the right 403."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.rights import has_right
from apps.core.errors import NotAllowed, NotFound
from apps.courses.models import Course, Lesson, Module


def check_right(user: User, right: str = "course.edit") -> None:
    if not has_right(user, right):
        raise NotAllowed(_("The studio is for teachers."))


def course_of(user: User, pk: int) -> Course:
    check_right(user)
    course = Course.objects.editable_by(user).with_card().filter(pk=pk).first()
    if course is None:
        raise NotFound
    return course


def module_of(user: User, pk: int) -> Module:
    check_right(user)
    module = Module.objects.editable_by(user).select_related("course").filter(pk=pk).first()
    if module is None:
        raise NotFound
    return module


def lesson_of(user: User, pk: int) -> Lesson:
    check_right(user)
    lessons = Lesson.objects.editable_by(user).select_related("course__owner", "course__category")
    lesson = lessons.filter(pk=pk).first()
    if lesson is None:
        raise NotFound
    return lesson
