"""Concepts through the API: each call works, the foreign is hidden, bad input is told."""

import pytest

from apps.courses.tests.factories import LessonFactory
from apps.learning.models import Concept
from apps.learning.selectors.graph import graph_of
from apps.learning.tests.factories import ConceptFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(teacher):
    return LessonFactory(course__owner=teacher, course__status="published")


@pytest.fixture
def course(lesson):
    return lesson.course


def test_a_teacher_writes_concepts_and_what_they_need(api, teacher, course, lesson):
    desk = api(teacher)
    address = f"/api/courses/{course.pk}/concepts"
    simple = desk.post(address, {"name": "Point"}).json()
    assert simple == {
        "id": simple["id"],
        "name": "Point",
        "description": "",
        "aliases": [],
        "importance": 3,
        "position": 1,
        "prerequisites": [],
        "lessons": [],
    }
    body = {"name": "Line", "description": "A walk.", "aliases": ["stroke"], "importance": 5}
    made = desk.post(address, body)
    assert made.status_code == 201
    line = made.json()["id"]

    needing = desk.put(f"/api/concepts/{line}/prerequisites", {"ids": [simple["id"]]}, "json")
    assert needing.json()["prerequisites"] == [simple["id"]]
    taught = desk.put(f"/api/lessons/{lesson.pk}/concepts", {"ids": [line]}, "json")
    assert taught.json() == {"lesson": lesson.pk, "concepts": [line]}
    renamed = desk.patch(f"/api/concepts/{line}", {"name": "Straight line"}, "json").json()
    assert (renamed["name"], renamed["lessons"], renamed["importance"]) == (
        "Straight line",
        [lesson.pk],
        5,
    )
    assert desk.get(f"/api/lessons/{lesson.pk}").json()["concepts"] == [line]
    assert desk.delete(f"/api/concepts/{simple['id']}").status_code == 204
    assert [row["id"] for row in desk.get(address).json()["results"]] == [line]


def test_whoever_may_see_the_course_reads_its_concepts(api, student, course, client):
    concept = ConceptFactory(course=course)
    address = f"/api/courses/{course.pk}/concepts"
    assert [row["id"] for row in api(student).get(address).json()["results"]] == [concept.pk]
    assert client.get(address).status_code == 401
    course.status = "draft"
    course.save()
    assert api(student).get(address).status_code == 404


def test_a_circle_is_a_conflict_that_names_it(api, teacher, course):
    a, b = [ConceptFactory(course=course, name=name) for name in ("Point", "Line")]
    desk = api(teacher)
    assert (
        desk.put(f"/api/concepts/{b.pk}/prerequisites", {"ids": [a.pk]}, "json").status_code == 200
    )
    for ids in ([b.pk], [a.pk]):
        refused = desk.put(f"/api/concepts/{a.pk}/prerequisites", {"ids": ids}, "json")
        assert refused.status_code == 409
    refused = desk.put(f"/api/concepts/{a.pk}/prerequisites", {"ids": [b.pk]}, "json").json()
    assert "Point" in refused["detail"] and "Line" in refused["detail"]
    assert graph_of(course.pk).needs == {a.pk: (), b.pk: (a.pk,)}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "A", "description": "x" * 1001}, "description"),
        ({"name": "A", "importance": 9}, "importance"),
        ({"name": "A", "importance": True}, "importance"),
        ({"name": "A", "aliases": ["x"] * 21}, "aliases"),
        ({"name": "A", "aliases": "x"}, "aliases"),
    ],
)
def test_what_makes_no_concept_is_told_by_its_field(api, teacher, course, body, field):
    refused = api(teacher).post(f"/api/courses/{course.pk}/concepts", body, "json")
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == [field]
    assert not Concept.objects.exists()


def test_a_name_once(api, teacher, course):
    concept = ConceptFactory(course=course, name="Point")
    desk = api(teacher)
    address = f"/api/courses/{course.pk}/concepts"
    assert desk.post(address, {"name": "POINT"}, "json").status_code == 409
    other = ConceptFactory(course=course)
    assert desk.patch(f"/api/concepts/{other.pk}", {"name": "point"}, "json").status_code == 409
    assert desk.patch(f"/api/concepts/{concept.pk}", {"name": "POINT"}, "json").status_code == 200


def test_ids_of_other_courses_and_too_many_are_refused(api, teacher, course, lesson):
    concept, foreign = ConceptFactory(course=course), ConceptFactory()
    for address in (
        f"/api/concepts/{concept.pk}/prerequisites",
        f"/api/lessons/{lesson.pk}/concepts",
    ):
        for ids in ([foreign.pk], [2**62], list(range(1, 100_001)), ["x"], None):
            refused = api(teacher).put(address, {"ids": ids}, "json")
            assert refused.status_code == 400
            assert next(iter(refused.json()["errors"])).startswith("ids")


def test_a_foreign_teacher_finds_nothing(api, stranger, student, course, lesson):
    stranger.role = "teacher"
    stranger.is_verified = True
    stranger.save()
    concept = ConceptFactory(course=course)
    calls = [
        ("post", f"/api/courses/{course.pk}/concepts", {"name": "A"}),
        ("patch", f"/api/concepts/{concept.pk}", {"name": "A"}),
        ("delete", f"/api/concepts/{concept.pk}", None),
        ("put", f"/api/concepts/{concept.pk}/prerequisites", {"ids": []}),
        ("put", f"/api/lessons/{lesson.pk}/concepts", {"ids": []}),
    ]
    for method, address, body in calls:
        assert getattr(api(stranger), method)(address, body, "json").status_code == 404
        assert getattr(api(student), method)(address, body, "json").status_code == 403
    assert Concept.objects.get().name == concept.name
