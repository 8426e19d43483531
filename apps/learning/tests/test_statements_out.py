"""Statements and velocity as others read them: oneself by the API, a teacher as a file, operators in sum."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from apps.enrollment import services as seats
from apps.learning import personal_statements
from apps.learning.models import Statement
from apps.learning.selectors.metrics import metrics_of
from apps.learning.services.statements import Thing, record
from apps.learning.services.study_time import sum_up
from apps.learning.tests.factories import quiz_with
from apps.learning.tests.test_velocity import study

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def lesson(student):
    quiz = quiz_with("single")
    seats.grant_seat(student_id=student.pk, course_id=quiz.course_id, at=AT)
    return quiz.lesson


def did(actor, lesson, verb="completed", at=AT, **rest):
    thing = Thing(activity="lesson", id=lesson.pk, name=lesson.title)
    record(
        actor_id=actor.pk,
        verb=verb,
        object=rest.pop("object", thing),
        at=at,
        course_id=lesson.course_id,
        lesson_id=lesson.pk,
        **rest,
    )


# ── The API ───────────────────────────────────────────────────────────────────────────────────
def test_own_statements_in_the_shape_of_xapi(api, student, stranger, lesson):
    did(student, lesson, result={"completion": True})
    did(stranger, lesson, at=AT + timedelta(seconds=1))
    answer = api(student).get("/api/learning/events").json()
    (found,) = answer["results"]
    assert found["verb"]["id"] == "http://adlnet.gov/expapi/verbs/completed"
    assert found["object"]["definition"]["type"] == "http://adlnet.gov/expapi/activities/lesson"
    assert found["object"]["definition"]["name"] == {lesson.course.language: lesson.title}
    assert found["result"] == {"completion": True}
    assert found["context"]["registration"]
    assert found["timestamp"] == "2026-03-02T12:00:00+00:00"
    account = found["actor"]["account"]
    assert account["homePage"] and student.email not in json.dumps(found)
    assert account["name"] != str(student.pk)


def test_pages_and_filters(api, student, lesson):
    for number in range(5):
        did(student, lesson, at=AT + timedelta(minutes=number))
    did(student, lesson, verb="experienced", at=AT + timedelta(days=40))
    client = api(student)
    first = client.get("/api/learning/events", {"limit": 4}).json()
    rest = client.get(first["next"]).json()
    ids = [each["id"] for each in first["results"] + rest["results"]]
    assert len(ids) == len(set(ids)) == 6 and rest["next"] is None
    assert first["results"][0]["verb"]["display"]["en"] == "experienced"

    def count(**query):
        return len(client.get("/api/learning/events", query).json()["results"])

    assert count(verb="experienced") == 1
    assert count(since="2026-03-02T12:02:00Z", until="2026-03-02T12:04:00Z") == 2
    assert count(course=lesson.course_id) == 6 and count(course=lesson.course_id + 1) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("verb", "juggled"), ("since", "yesterday"), ("course", "x"), ("cursor", "WzAsMV0")],
)
def test_filters_that_make_no_sense(api, student, name, value):
    answer = api(student).get("/api/learning/events", {name: value})
    assert answer.status_code == 400 and name in answer.json()["errors"]


def test_velocity_by_the_api(api, student, stranger, lesson):
    now = timezone.now()
    for days_ago in (1, 9):
        study(student, lesson, days_ago, 150, now=now)
    answer = api(student).get("/api/learning/velocity").json()
    assert answer["pace"]["rate"]["low"] < answer["pace"]["rate"]["value"]
    assert answer["courses"][0]["course"] == lesson.course_id
    assert len(answer["weeks"]) == 12
    one = {"course": lesson.course_id, "weeks": 4}
    assert len(api(student).get("/api/learning/velocity", one).json()["weeks"]) == 4
    assert api(stranger).get("/api/learning/velocity", one).status_code == 404
    assert api(student).get("/api/learning/velocity", {"weeks": 0}).status_code == 400
    assert api(student).get("/api/learning/velocity", {"course": -1}).status_code == 400


# ── A teacher's file ──────────────────────────────────────────────────────────────────────────
def lines(page, lesson):
    answer = page.get(f"/studio/courses/{lesson.course_id}/learning/statements/")
    assert answer.status_code == 200
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def test_a_teachers_file_names_nobody(site, api, student, stranger, lesson, monkeypatch):
    monkeypatch.setattr("apps.learning.selectors.statements.BATCH", 2)
    other = quiz_with("single").lesson
    for number in range(3):
        did(student, lesson, at=AT + timedelta(minutes=number))
    did(stranger, lesson)
    did(lesson.course.owner, lesson)
    did(student, other)
    found = lines(site(lesson.course.owner), lesson)
    assert len(found) == 4
    names = {each["actor"]["account"]["name"] for each in found}
    assert len(names) == 2
    own = api(student).get("/api/learning/events").json()["results"]
    own_names = {each["actor"]["account"]["name"] for each in own}
    assert not names & own_names, "the name holds in this course alone"
    assert not {each["id"] for each in found} & {each["id"] for each in own}
    text = json.dumps(found)
    assert student.email not in text and student.name not in text
    elsewhere = lines(site(other.course.owner), other)
    assert elsewhere[0]["actor"]["account"]["name"] not in names


def test_only_the_owner_and_admins_get_it(site, teacher, student, moderator, admin, lesson):
    for path in ("", "statements/"):
        address = f"/studio/courses/{lesson.course_id}/learning/{path}"
        assert site(teacher).get(address).status_code == 404
        assert site(student).get(address).status_code == 403
        assert site(moderator).get(address).status_code == 404
        assert site(admin).get(address).status_code == 200


def test_the_teachers_figures(site, lesson):
    text = site(lesson.course.owner).get(f"/studio/courses/{lesson.course_id}/learning/")
    assert "This is a correlation" in text.content.decode()
    assert "fewer than 5 in a group" in text.content.decode()


# ── Operators ─────────────────────────────────────────────────────────────────────────────────
def test_figures_for_operators(site, admin, moderator, student, lesson):
    now = timezone.now()
    did(student, lesson, verb="experienced", at=now - timedelta(days=2))
    assert site(admin).get("/admin/learning/studytime/figures/?days=90").status_code == 200
    assert site(student).get("/admin/learning/studytime/figures/").status_code == 302
    found = metrics_of(now, days=30)
    assert (found.active.daily, found.active.monthly) == (1 / 30, 1)
    assert found.quizzes.completion is None and found.talks.lessons == 1


def test_figures_take_a_fixed_number_of_queries(student, lesson, django_assert_num_queries):
    with django_assert_num_queries(12):
        metrics_of(timezone.now(), days=30)


# ── What is held on a person ──────────────────────────────────────────────────────────────────
def test_erasing_keeps_the_act_and_forgets_whose_it_was(student, stranger, lesson):
    did(student, lesson)
    did(stranger, lesson)
    sum_up(student=student, at=AT + timedelta(days=3))
    held = personal_statements.export(student)
    assert len(held["learning_statements"]) == 1 and held["study_time"]
    personal_statements.erase(student, AT)
    assert not Statement.objects.filter(actor_id=student.pk).exists()
    assert Statement.objects.filter(actor_id=None, seat_id=None).count() == 1
    empty = personal_statements.export(student)
    assert empty == {"learning_statements": [], "study_time": []}
    assert Statement.objects.filter(actor_id=stranger.pk).count() == 1
