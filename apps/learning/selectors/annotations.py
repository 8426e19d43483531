"""A student's notes and bookmarks: beside a lesson, all of them, and as a file to take along."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.compiled import compiled
from apps.core.templatetags.ui import clock
from apps.courses.models import Course, Lesson
from apps.enrollment import selectors as enrollment

from ..models import Annotation

# Newest course first; within a lesson as they were written.
ORDERING = ["-course_id", "lesson_id", "id"]


def annotations_in(student: Any, lesson: Lesson) -> list[Annotation]:
    """Those on the whole lesson first, then along its text, then along its video."""
    return sorted(_written_in(student=student.pk, lesson=lesson.pk), key=_along)


_written_in = compiled(
    lambda student, lesson: Annotation.objects.filter(
        student_id=student, lesson_id=lesson
    ).select_related("course")
)


def _along(note: Annotation) -> tuple[int, int, int]:
    if note.start is not None:
        return 1, note.start, note.pk
    if note.second is not None:
        return 2, note.second, note.pk
    return 0, 0, note.pk


def annotations_found(
    student: Any, *, words: str = "", course_id: int | None = None
) -> QuerySet[Annotation]:
    found = Annotation.objects.visible_to(student).select_related("course")
    if course_id is not None:
        found = found.filter(course_id=course_id)
    for word in words.split()[:8]:
        found = found.filter(
            Q(text__icontains=word) | Q(quote__icontains=word) | Q(lesson_title__icontains=word)
        )
    return found


def courses_annotated(student: Any) -> list[Course]:
    """Courses with notes, each with their number as `notes`."""
    counts = dict(
        Annotation.objects.visible_to(student)
        .values_list("course_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    courses = list(Course.objects.filter(pk__in=counts).order_by("title"))
    for course in courses:
        course.notes = counts[course.pk]  # type: ignore[attr-defined]
    return courses


def readable_lessons(student: Any, notes: Iterable[Annotation]) -> set[int]:
    """Ids of the notes' lessons that the student may still open."""
    ids = {note.lesson_id for note in notes}
    return set(enrollment.lessons_open_to(student).filter(pk__in=ids).values_list("pk", flat=True))


def as_markdown(student: Any) -> str:
    """All notes as one text: courses, their lessons, the words and what was written at them."""
    lines = ["# " + _("My notes")]
    notes = annotations_found(student).order_by(*ORDERING)
    for course, of_course in groupby(notes, key=lambda note: note.course):
        lines.append(f"## {course.title}")
        for (_lesson, title), group in groupby(
            of_course, key=lambda note: (note.lesson_id, note.lesson_title)
        ):
            lines.append(f"### {title}")
            lines += [_written(note) for note in sorted(group, key=_along)]
    return "\n\n".join(lines) + "\n"


def _written(note: Annotation) -> str:
    place = note.section
    if note.second is not None:
        place = clock(note.second)
    parts = [f"*{place}*"] if place else []
    if note.quote:
        parts.append("\n".join(f"> {line}" for line in note.quote.splitlines()))
    parts.append(note.text or "(" + _("bookmark") + ")")
    return "\n\n".join(parts)
