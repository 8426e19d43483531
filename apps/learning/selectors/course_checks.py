"""What learning adds to the checklist before a course is published."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.courses.models import Course
from apps.courses.selectors import Check

from ..models import Quiz


def quiz_check(course: Course) -> Check:
    """One published quiz at least; leads to one that waits for its teacher, if there is any."""
    quizzes = Quiz.objects.filter(course=course).exclude(lesson=None)
    done = quizzes.filter(published_at__isnull=False).exists()
    waiting = None if done else quizzes.filter(questions__isnull=False).order_by("pk").first()
    url = (
        reverse("learning:quiz_review", args=[waiting.lesson_id])
        if waiting
        else reverse("learning:questions", args=[course.pk])
    )
    return Check(_("A quiz that is published"), done, url=url)
