"""Two at the same moment: positions stay whole, slugs unique, the later edit of one text is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection

from apps.accounts.tests.factories import TeacherFactory
from apps.core.errors import DomainError
from apps.courses import selectors, services
from apps.courses.models import Course, Lesson
from apps.courses.services.content import StaleLesson

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
AT_ONCE = 4


def at_once(command) -> list:
    """What `command(number)` gave in each of the threads: a value or an error."""
    barrier = Barrier(AT_ONCE)

    def run(number: int):
        try:
            barrier.wait()
            return command(number)
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


@pytest.fixture
def course() -> Course:
    teacher = TeacherFactory()
    course = services.create_course(owner=teacher, title="Course", at=NOW)
    for _ in range(2):
        module = services.add_module(course=course, title="M", at=NOW, editor=teacher)
        services.add_lesson(module=module, title="L", at=NOW, editor=teacher)
    return course


def test_lessons_added_at_once_stand_one_after_another(course):
    module = course.modules.first()

    def add(number):
        return services.add_lesson(
            module=module, title=f"L{number}", at=NOW, editor=course.owner
        ).position

    assert sorted(at_once(add)) == [2, 3, 4, 5]
    course.refresh_from_db()
    assert course.lesson_count == 6


def test_reorders_at_once_leave_a_whole_order(course):
    def turn(number):
        modules = selectors.outline(course)
        order = [(m.pk, [lesson.pk for lesson in m.lessons_in_order]) for m in modules]
        rotated = order[number % 2 :] + order[: number % 2]
        services.reorder(course=course, order=rotated, editor=course.owner, at=NOW)

    assert at_once(turn) == [None] * AT_ONCE
    assert [module.position for module in selectors.outline(course)] == [1, 2]


def test_of_edits_of_one_text_at_once_one_is_kept_and_the_others_are_told(course):
    lesson = course.lessons.first()

    def write(number):
        changes = {"content": f"text {number}"}
        services.update_lesson(
            lesson=lesson, editor=course.owner, changes=changes, at=NOW, revision=1
        )
        return number

    results = at_once(write)
    (kept,) = (result for result in results if isinstance(result, int))
    assert sum(isinstance(result, StaleLesson) for result in results) == AT_ONCE - 1
    assert Lesson.objects.get(pk=lesson.pk).content == f"text {kept}"


def test_courses_begun_at_once_get_slugs_of_their_own():
    teacher = TeacherFactory()
    made = at_once(lambda _: services.create_course(owner=teacher, title="Same", at=NOW).slug)
    assert len(set(made)) == AT_ONCE
    assert all(isinstance(slug, str) for slug in made)
