"""What the lesson player and the curriculum show."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.errors import NotAllowed, NotFound
from apps.core.kept import kept
from apps.courses.models import Course, Lesson
from apps.courses.selectors import outline
from apps.enrollment import selectors as enrollment
from apps.enrollment.models import Enrollment

from ..models import KnownLesson, Quiz
from . import video


# ── The curriculum ────────────────────────────────────────────────────────────────────────────
def shared_curriculum(course: Course) -> list[dict[str, Any]]:
    """Modules and lessons in order, the same for everybody."""
    modules: list[dict[str, Any]] = orjson.loads(
        kept(f"course:{course.pk}", f"modules:{course.revision}", lambda: _modules_json(course))
    )
    return modules


def public_curriculum(course_id: int) -> bytes:
    """The JSON of the API's `Curriculum` for visitors. NotFound while it isn't published."""

    def make() -> bytes:
        course = Course.objects.published().filter(pk=course_id).first()
        if course is None:
            raise NotFound
        return orjson.dumps({"course": course_id, "modules": shared_curriculum(course)})

    return kept(f"course:{course_id}", "curriculum", make)


def _modules_json(course: Course) -> bytes:
    quizzed = _lessons_with_quiz(course)
    return orjson.dumps(
        [
            {
                "id": module.pk,
                "title": module.title,
                "position": module.position,
                "lessons": [
                    _lesson_row(lesson, lesson.pk in quizzed)
                    for lesson in module.lessons_in_order  # type: ignore[attr-defined]
                ],
            }
            for module in outline(course)
        ]
    )


def _lessons_with_quiz(course: Course) -> set[int | None]:
    return set(Quiz.objects.published().filter(course=course).values_list("lesson_id", flat=True))


def _lesson_row(lesson: Lesson, has_quiz: bool) -> dict[str, Any]:
    return {
        "id": lesson.pk,
        "title": lesson.title,
        "position": lesson.position,
        "duration_minutes": lesson.duration_minutes,
        "is_preview": lesson.is_preview,
        "has_quiz": has_quiz,
    }


def curriculum_for(user: Any, course: Course) -> list[dict[str, Any]]:
    """The curriculum; for somebody signed in each lesson says whether it is `completed`."""
    modules = shared_curriculum(course)
    if not user.is_authenticated:
        return modules
    seat = enrollment.seat_of(user, course.pk)
    return with_marks(modules, enrollment.completed_lesson_ids(seat) if seat else set())


def with_marks(modules: list[dict[str, Any]], done: set[int]) -> list[dict[str, Any]]:
    return [
        module
        | {
            "lessons": [
                lesson | {"completed": lesson["id"] in done} for lesson in module["lessons"]
            ]
        }
        for module in modules
    ]


# ── The player ────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Player:
    """All that the page of a lesson shows but its text; rows are those of the curriculum."""

    course: Course
    lesson: Lesson
    seat: Enrollment | None
    modules: list[dict[str, Any]]
    row: dict[str, Any]
    previous: dict[str, Any] | None
    next: dict[str, Any] | None
    module_number: int
    number_in_module: int
    number: int
    total: int
    completed: int
    minutes_left: int
    is_done: bool
    embed: video.Embed | None

    @property
    def percent(self) -> int:
        return enrollment.percent_of(self.completed, self.total)


def get_lesson(user: Any, lesson_id: int) -> Lesson:
    """The lesson with its course, for whoever may read it.

    Raises NotAllowed for a lesson that the outline of a visible course names, else NotFound.
    """
    lesson = enrollment.open_lesson(user, lesson_id)
    if lesson is not None:
        return lesson
    if enrollment.lessons_known_to(user).filter(pk=lesson_id).exists():
        raise NotAllowed(_("Enrol in the course to read this lesson."))
    raise NotFound


def player(user: Any, lesson: Lesson) -> Player:
    seat = enrollment.seat_of(user, lesson.course_id)
    done = enrollment.completed_lesson_ids(seat) if seat else set()
    modules = with_marks(shared_curriculum(lesson.course), done)
    for module in modules:
        module["done"] = sum(row["completed"] for row in module["lessons"])
    places = [
        (module_number, number, row)
        for module_number, module in enumerate(modules, start=1)
        for number, row in enumerate(module["lessons"], start=1)
    ]
    rows = [row for _module_number, _number, row in places]
    for row in rows:
        row["url"] = lesson_address(lesson.course.slug, row["id"])
    at = next((n for n, row in enumerate(rows) if row["id"] == lesson.pk), None)
    if at is None:  # it went while it was being opened
        raise NotFound
    return Player(
        course=lesson.course,
        lesson=lesson,
        seat=seat,
        modules=modules,
        row=rows[at],
        previous=rows[at - 1] if at else None,
        next=rows[at + 1] if at + 1 < len(rows) else None,
        module_number=places[at][0],
        number_in_module=places[at][1],
        number=at + 1,
        total=len(rows),
        completed=sum(row["completed"] for row in rows),
        minutes_left=sum(row["duration_minutes"] for row in rows if not row["completed"]),
        is_done=lesson.pk in done,
        embed=video.embed_of(lesson.video_url),
    )


@lru_cache(maxsize=10_000)
def lesson_address(slug: str, lesson_id: int) -> str:
    return reverse("learning:lesson", args=[slug, lesson_id])


def lesson_to_continue(user: Any, course: Course) -> int | None:
    """The first lesson not yet done, else the first; None when the course has none."""
    rows = [row for module in curriculum_for(user, course) for row in module["lessons"]]
    undone = [row["id"] for row in rows if not row.get("completed")]
    return next(iter(undone or [row["id"] for row in rows]), None)


def was_read(student_id: int, lesson_id: int) -> bool:
    """Whether a completed lesson was gone through, not only counted as known."""
    counted = KnownLesson.objects.filter(student=student_id, lesson=lesson_id)
    return not counted.exists()


def next_lesson_id(user: Any, lesson: Lesson) -> int | None:
    """The lesson to go to once this one is done: the one after it, else one still open."""
    rows = [row["id"] for module in shared_curriculum(lesson.course) for row in module["lessons"]]
    after = rows[rows.index(lesson.pk) + 1 :] if lesson.pk in rows else []
    return after[0] if after else lesson_to_continue(user, lesson.course)
