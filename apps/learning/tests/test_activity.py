"""Active time from statements: idle is cut off, tabs never add up, a lesson has its own share."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.courses.tests.factories import LessonFactory
from apps.enrollment import services as seats
from apps.learning.models import Statement
from apps.learning.selectors.activity import active_seconds, spans, studied
from apps.learning.services import beats
from apps.learning.services.statements import Thing, record

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = AT + timedelta(days=400)


def seconds_of(student, since=AT, until=LATER, **rest):
    found = spans(student.pk, since, until, **rest)
    return sum((span.end - span.start).total_seconds() for span in found)


def reads(student, lesson, *offsets):
    for offset in offsets:
        beats.tell(
            student_id=student.pk,
            lesson=lesson,
            at=AT + timedelta(seconds=offset),
            kind="lesson",
            seconds=30,
        )


@pytest.fixture
def lesson(db):
    return LessonFactory()


def test_idle_counts_at_most_the_cap(student, lesson):
    reads(student, lesson, 0, 30, 60, 3600)
    assert seconds_of(student) == 60 + 90 + 90
    assert active_seconds(student.pk, lesson.pk, LATER) == 60 + 90 + 90


def test_parallel_tabs_never_add_up(student, lesson):
    other = LessonFactory(course=lesson.course, module=lesson.module)
    reads(student, lesson, 0, 30, 60, 90)
    reads(student, other, 12, 42, 72, 102)
    assert seconds_of(student) == 100 + 90
    both = [active_seconds(student.pk, each.pk, LATER) for each in (lesson, other)]
    assert sum(both) == 100 + 90
    assert min(both) > 0


def test_a_flood_of_beats_is_six_a_minute(student, lesson):
    reads(student, lesson, *range(60))
    assert Statement.objects.count() == 6


def test_of_a_course_counts_what_was_done_there(student, lesson):
    other = LessonFactory()
    reads(student, lesson, 0, 30)
    reads(student, other, 60, 90)
    assert seconds_of(student, course_id=lesson.course_id) == 60
    assert seconds_of(student, course_id=other.course_id) == 30 + 90


def test_nothing_measured_is_none_and_another_person_is_another(student, stranger, lesson):
    assert active_seconds(student.pk, lesson.pk, LATER) is None
    reads(stranger, lesson, 0)
    assert active_seconds(student.pk, lesson.pk, LATER) is None
    assert spans(student.pk, AT, LATER) == []


def test_time_of_a_lesson_ends_at_the_moment_asked_for(student, lesson):
    reads(student, lesson, 0, 30, 60)
    assert active_seconds(student.pk, lesson.pk, AT + timedelta(seconds=40)) == 40


def test_the_night_of_the_clock_change_is_no_hour_longer(student, lesson):
    student.timezone = "Europe/Berlin"
    student.save()
    night = datetime(2026, 10, 25, 0, 59, 30, tzinfo=UTC)  # 02:59:30 in Berlin; it comes again
    for offset in (0, 30, 60):
        record(
            actor_id=student.pk,
            verb="interacted",
            object=Thing(activity="lesson", id=lesson.pk),
            at=night + timedelta(seconds=offset),
            lesson_id=lesson.pk,
        )
    assert seconds_of(student, since=night - timedelta(days=1)) == 60 + 90
    found = studied(student.pk, date(2026, 10, 1), LATER)
    assert [(each.day, each.seconds) for each in found] == [(date(2026, 10, 24), 150)]


# ── The address that pages tell it to ─────────────────────────────────────────────────────────
@pytest.fixture
def published_lesson(db):
    return LessonFactory()


def path_of(lesson):
    return f"/learn/{lesson.course.slug}/{lesson.pk}/beat/"


def test_a_page_tells_that_it_is_read(site, student, published_lesson):
    seats.grant_seat(student_id=student.pk, course_id=published_lesson.course_id, at=AT)
    page = site(student)
    for kind in ("opened", "lesson", "video", "digest"):
        found = page.post(path_of(published_lesson), {"kind": kind, "seconds": "1e4"})
        assert found.status_code == 204
    rows = {row.verb + ":" + row.activity: row for row in Statement.objects.all()}
    assert {"experienced:lesson", "experienced:digest"} < set(rows)
    assert rows.keys() & {"interacted:lesson", "played:lesson"}
    told = next(row for row in rows.values() if "duration" in row.result)
    assert told.result["duration"] == "PT30S"


@pytest.mark.parametrize(
    "data", [{}, {"kind": "dance", "seconds": 1}, {"kind": "lesson", "seconds": "nan"}]
)
def test_a_beat_that_makes_no_sense_is_refused(site, student, published_lesson, data):
    seats.grant_seat(student_id=student.pk, course_id=published_lesson.course_id, at=AT)
    assert site(student).post(path_of(published_lesson), data).status_code == 400
    assert not Statement.objects.exists()


def test_strangers_and_teachers_leave_no_trace(site, stranger, published_lesson):
    told = {"kind": "lesson", "seconds": 30}
    assert site(stranger).post(path_of(published_lesson), told).status_code == 404
    assert (
        site(published_lesson.course.owner).post(path_of(published_lesson), told).status_code == 204
    )
    assert not Statement.objects.exists()
