"""Velocity on real rows, the page of progress, and hours summed up by day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from apps.courses.tests.factories import LessonFactory
from apps.enrollment import services as seats
from apps.learning.models import (
    KnownLesson,
    LessonConcept,
    Mastery,
    Pretest,
    Statement,
    StudyTime,
    TakenLesson,
)
from apps.learning.selectors.activity import studied
from apps.learning.selectors.velocity import velocity_of
from apps.learning.services.statements import Act, Thing, record_all
from apps.learning.services.study_time import sum_up
from apps.learning.tests.factories import ConceptFactory
from apps.learning.tests.knowing import pretested

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def study(student, lesson, days_ago, minutes, now=NOW):
    """Beats every 30 s: each is counted until the next, the last for its 90 s."""
    begins = now - days_ago * DAY
    acts = [
        Act(
            key=f"study:{student.pk}:{lesson.pk}:{days_ago}:{number}",
            actor_id=student.pk,
            verb="interacted",
            object=Thing(activity="lesson", id=lesson.pk, name=lesson.title),
            at=begins + timedelta(seconds=30 * number),
            received_at=begins + timedelta(seconds=30 * number),
            course_id=lesson.course_id,
            lesson_id=lesson.pk,
        )
        for number in range(int(minutes * 2))
    ]
    record_all(acts=acts)


def master(student, concept, days_ago, *, kept=True, now=NOW):
    return Mastery.objects.create(
        student=student,
        course=concept.course,
        concept=concept,
        started=0.3,
        m=0.95,
        stability=1000.0 if kept else 1.0,
        trace_difficulty=5.0,
        decay=0.1542,
        last=now - days_ago * DAY,
        succeeded=["quiz", "card"],
        days=[(now - days_ago * DAY).date(), (now - (days_ago + 1) * DAY).date()],
        last_right=True,
        mastered=True,
        mastered_on=(now - days_ago * DAY).date(),
    )


@pytest.fixture
def lesson(student):
    lesson = LessonFactory()
    seats.grant_seat(student_id=student.pk, course_id=lesson.course_id, at=NOW - 60 * DAY)
    return lesson


def concepts(lesson, count):
    return [ConceptFactory(course=lesson.course) for _ in range(count)]


def test_the_worked_example(student, lesson):
    """Days 0: 2 in 1 h, 7: 1 in 1.5 h, 14: 3 in 2 h → 1.3747 [.6466, 2.2267] (learning model, §5)."""
    made = concepts(lesson, 18)
    for days_ago, count, hours in ((14, 2, 1), (7, 1, 1.5), (0, 3, 2)):
        study(student, lesson, days_ago, hours * 60 - 1, now=NOW - timedelta(hours=3))
        for _ in range(count):
            master(student, made.pop(), days_ago)
    found = velocity_of(student, NOW)
    assert found.pace.rate.value == pytest.approx(1.374742928, abs=1e-6)
    assert found.pace.rate.low == pytest.approx(0.646601271, abs=1e-6)
    course = found.courses[0]
    assert (course.concepts, course.mastered, course.remaining) == (18, 6, 12)
    assert course.hours_to_competency.value == pytest.approx(8.728905, abs=1e-5)
    assert course.competent_on.earliest < course.competent_on.value < course.competent_on.latest
    assert found.mastered_this_week == 3
    assert [each.mastered for each in found.weeks[-3:]] == [2, 1, 3]


def test_below_two_hours_nothing_is_told(student, lesson):
    study(student, lesson, 1, 60)
    found = velocity_of(student, NOW)
    assert found.pace.rate is None and found.pace.trend is None and found.points == []
    assert found.courses[0].competent_on is None
    assert found.seconds == 60 * 60 + 60


def test_what_faded_doesnt_count(student, lesson):
    study(student, lesson, 1, 180)
    kept, lost = concepts(lesson, 2)
    master(student, kept, 10)
    fast = velocity_of(student, NOW).pace.rate.value
    master(student, lost, 10, kept=False)
    found = velocity_of(student, NOW)
    assert found.pace.rate.value == fast
    assert found.mastered == 1


def test_lessons_passed_over_and_those_taken_all_the_same(student, lesson):
    lessons = [lesson, *LessonFactory.create_batch(3, course=lesson.course, module=lesson.module)]
    made = concepts(lesson, 4)
    for each, concept in zip(lessons, made, strict=True):
        LessonConcept.objects.create(lesson=each, concept=concept)
    Pretest.objects.create(
        student=student,
        course=lesson.course,
        graph={"concepts": [], "edges": []},
        factor=0.3,
        started_at=NOW - DAY,
        finished_at=NOW - DAY,
        findings=[[concept.pk, 0.3, 0.97, number < 3] for number, concept in enumerate(made)],
    )
    assert velocity_of(student, NOW).skip_rate == 3 / 4
    TakenLesson.objects.create(student=student, lesson=lessons[0], taken_at=NOW)
    seats.complete_lesson(student=student, lesson=lessons[1], at=NOW)
    found = velocity_of(student, NOW)
    assert found.skip_rate == 1 / 4
    assert found.minutes_saved == lessons[2].duration_minutes


def test_a_lesson_counted_as_known_stays_one_passed_over(student, lesson):
    concept = ConceptFactory(course=lesson.course)
    LessonConcept.objects.create(lesson=lesson, concept=concept)
    pretested(student, lesson.course, at=NOW, skip=[concept], days=1)
    before = velocity_of(student, NOW)
    KnownLesson.objects.create(student=student, lesson=lesson, counted_at=NOW)
    seats.complete_lesson(student=student, lesson=lesson, at=NOW)
    found = velocity_of(student, NOW)
    assert found.skip_rate == before.skip_rate == 1
    assert found.minutes_saved == before.minutes_saved == lesson.duration_minutes
    Mastery.objects.filter(concept=concept).update(m=0.2)  # the check showed that it isn't known
    assert velocity_of(student, NOW).skip_rate == 0
    assert velocity_of(student, NOW).courses[0].lessons_left == 1


def test_summed_up_hours_are_those_of_the_statements(student, lesson):
    study(student, lesson, 20, 30)
    study(student, lesson, 3, 45)
    since = (NOW - 40 * DAY).date()
    live = studied(student.pk, since, NOW)
    sum_up(student=student, at=NOW)
    study(student, lesson, 0, 10)
    late = studied(student.pk, since, NOW + DAY)
    assert [each.seconds for each in late[:2]] == [each.seconds for each in live]
    assert len(late) == 3
    study(student, lesson, 4, 5)  # told late
    sum_up(student=student, at=NOW + DAY)
    assert StudyTime.objects.count() == 4
    again = studied(student.pk, since, NOW + DAY)
    assert sum(each.seconds for each in again) == sum(each.seconds for each in late) + 5 * 60 + 60


def test_the_number_of_queries_doesnt_grow(student, lesson, django_assert_num_queries):
    def fill(lesson):
        study(student, lesson, 1, 5)
        for concept in concepts(lesson, 2):
            master(student, concept, 1)

    fill(lesson)
    with django_assert_num_queries(QUERIES):
        velocity_of(student, NOW)
    for _ in range(2):
        other = LessonFactory()
        seats.grant_seat(student_id=student.pk, course_id=other.course_id, at=NOW)
        fill(other)
    with django_assert_num_queries(QUERIES):
        assert len(velocity_of(student, NOW).courses) == 3


QUERIES = 18


# ── The page ──────────────────────────────────────────────────────────────────────────────────
def test_one_who_hasnt_begun_is_told_what_will_be_here(site, student):
    page = site(student).get("/progress/")
    assert "How fast you learn will be here" in page.content.decode()
    assert site(student).get("/progress/summary/").content == b""


@pytest.mark.parametrize("weeks", ["4", "12", "52", "", "1e9", "-3"])
def test_the_page_stands_over_every_period(site, student, lesson, weeks):
    now = timezone.now()
    for days_ago in (1, 9, 16, 23):
        study(student, lesson, days_ago, 120, now=now)
    for concept in concepts(lesson, 2):
        master(student, concept, 2, now=now)
    page = site(student).get("/progress/", {"weeks": weeks})
    text = page.content.decode()
    assert page.status_code == 200
    assert lesson.course.title in text and "concepts/h" in text and '<svg class="chart"' in text
    assert "concepts/h" in site(student).get("/progress/summary/").content.decode()


def test_little_data_is_said(site, student, lesson):
    study(student, lesson, 1, 30, now=timezone.now())
    text = site(student).get("/progress/").content.decode()
    assert "not enough recent study yet" in text
    assert "Not enough data yet to say how fast you learn" in text


def test_in_russian_numbers_agree(site, student, lesson):
    now = timezone.now()
    student.locale = "ru"
    student.save()
    for days_ago in (1, 9, 16, 23):
        study(student, lesson, days_ago, 120, now=now)
    master(student, concepts(lesson, 1)[0], 2, now=now)
    text = site(student).get("/progress/").content.decode()
    assert "понятия/ч" in text and "<small>понятие</small>" in text


def test_another_persons_acts_are_not_mine(student, stranger, lesson):
    study(stranger, lesson, 1, 300)
    assert not velocity_of(student, NOW).has_studied
    assert Statement.objects.exists()
