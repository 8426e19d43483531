"""Concepts in the studio: listed, edited, ordered, merged, proposed, brought in and taken out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.tests.factories import TeacherFactory
from apps.core import jobs
from apps.core.models import Job
from apps.courses.tests.factories import LessonFactory, ModuleFactory
from apps.learning.models import Concept, ConceptProposal, Prerequisite
from apps.learning.selectors.graph import graph_of
from apps.learning.selectors.tags import concepts_of_lessons
from apps.learning.services import concepts as services

from .factories import ConceptFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NOW = timezone.now()
TEXT = """
A **vector** is an arrow in the plane with a length and a direction.

The **span** of some vectors is the set of all sums that each vector can be part of.

Nothing else is said here, but that these words stand for one another in every lesson to come.
"""


@pytest.fixture
def lesson(teacher):
    module = ModuleFactory(course__owner=teacher)
    return LessonFactory(module=module, course=module.course, title="Arrows", content=TEXT)


@pytest.fixture
def course(lesson):
    return lesson.course


def url_of(course, tail=""):
    return f"/studio/courses/{course.pk}/concepts/{tail}"


def form_of(concept, **fields):
    return {
        "name": concept.name,
        "importance": "3",
        "description": "",
        "aliases": "",
        "need": [],
        "weight": [],
        **fields,
    }


# ── The list ──────────────────────────────────────────────────────────────────────────────────
def test_a_course_without_concepts_says_what_they_are_for(site, teacher, course):
    page = site(teacher).get(url_of(course))
    assert page.status_code == 200
    assert "no concepts yet" in page.content.decode()
    assert url_of(course, "proposals/") in page.content.decode()


def test_concepts_are_added_by_name(site, teacher, course):
    desk = site(teacher)
    assert desk.post(url_of(course, "add/"), {"name": "Vector"}).status_code == 302
    answer = desk.post(url_of(course, "add/"), {"name": "Span"}, headers=HTMX)
    assert answer.status_code == 200
    assert b"<html" not in answer.content
    assert list(Concept.objects.in_order().values_list("name", flat=True)) == ["Vector", "Span"]
    for name in ("", "vector", "x" * 81):
        refused = desk.post(url_of(course, "add/"), {"name": name}, headers=HTMX)
        assert refused.status_code == 422
        assert b'aria-invalid="true"' in refused.content
    assert Concept.objects.count() == 2


def test_the_list_costs_the_same_however_long_it_is(
    site, teacher, course, django_assert_max_num_queries
):
    lesson = course.lessons.get()
    made = ConceptFactory.create_batch(6, course=course)
    for advanced, needed in zip(made[1:], made, strict=False):
        services.connect(advanced=advanced, prerequisite=needed, weight=0.7, at=NOW)
    services.tag_lesson(lesson=lesson, concepts=[each.pk for each in made], at=NOW)
    desk = site(teacher)
    desk.get(url_of(course))
    with django_assert_max_num_queries(20):
        page = desk.get(url_of(course))
    assert page.content.decode().count("Arrows") >= 6


def test_a_concept_is_edited_in_place(site, teacher, course, lesson):
    vector, span = [ConceptFactory(course=course, name=name) for name in ("Vector", "Span")]
    desk = site(teacher)
    address = f"/studio/concepts/{span.pk}/"
    assert b"<html" in desk.get(address).content
    form = desk.get(address, headers=HTMX)
    assert b"<html" not in form.content and b"datalist" in form.content
    data = form_of(
        span,
        name="Linear span",
        aliases="hull\n\n spanning set ",
        description="All sums.",
        importance="5",
        need=["vector", ""],
        weight=["0,4", "0.7"],
        lessons=[lesson.pk],
    )
    saved = desk.post(address, data, headers=HTMX)
    assert saved.status_code == 200
    assert "Linear span" in saved.content.decode()
    span.refresh_from_db()
    assert (span.name, span.aliases, span.importance) == (
        "Linear span",
        ["hull", "spanning set"],
        5,
    )
    edge = Prerequisite.objects.get()
    assert (edge.prerequisite, edge.weight, edge.confirmed) == (vector, 0.4, True)
    assert concepts_of_lessons([lesson.pk]) == {lesson.pk: (span.pk,)}
    assert desk.post(address, data).status_code == 302
    assert b"Linear span" in desk.get(f"{address}row/", headers=HTMX).content


def test_what_cannot_be_saved_is_told_where_it_stands_and_nothing_is_saved(site, teacher, course):
    vector, span = [ConceptFactory(course=course, name=name) for name in ("Vector", "Span")]
    services.connect(advanced=span, prerequisite=vector, weight=0.7, at=NOW)
    desk = site(teacher)
    wrong = [
        ({"name": ""}, "required"),
        ({"name": "SPAN"}, "“SPAN”"),
        ({"need": ["Nothing"], "weight": ["0.7"]}, "“Nothing”"),
        ({"need": ["Span"], "weight": ["0.7"]}, "circle"),
        ({"need": ["Vector"], "weight": ["0.7"]}, "itself"),
        ({"need": ["Span"], "weight": ["5"]}, "0.05"),
        ({"need": ["Span"], "weight": ["much"]}, "0.05"),
        ({"need": ["Span"], "weight": ["nan"]}, "0.05"),
        ({"lessons": ["999999999"]}, "999999999"),
        ({"description": "x" * 1001}, "1000"),
    ]
    for fields, word in wrong:
        data = form_of(vector, name=fields.pop("name", "Arrow"), **fields)
        refused = desk.post(f"/studio/concepts/{vector.pk}/", data, headers=HTMX)
        assert refused.status_code == 422, fields
        assert word in refused.content.decode(), fields
        assert Concept.objects.get(pk=vector.pk).name == "Vector"
    assert Prerequisite.objects.count() == 1


def test_one_place_up_or_down(site, teacher, course):
    a, b = ConceptFactory.create_batch(2, course=course)
    desk = site(teacher)
    moved = desk.post(f"/studio/concepts/{b.pk}/move/", {"direction": "up"}, headers=HTMX)
    assert moved.status_code == 200
    assert list(Concept.objects.in_order()) == [b, a]
    desk.post(f"/studio/concepts/{b.pk}/move/", {"direction": "up"})
    assert list(Concept.objects.in_order()) == [b, a]


def test_guessed_edges_are_confirmed_or_taken_out(site, teacher, course):
    a, b, c = [ConceptFactory(course=course, name=name) for name in ("Ape", "Bee", "Cat")]
    for needed in (a, b):
        services.connect(advanced=c, prerequisite=needed, weight=0.6, at=NOW, confirmed=False)
    services.connect(advanced=b, prerequisite=a, weight=0.5, at=NOW, confirmed=False)
    desk = site(teacher)
    assert desk.get(url_of(course)).content.count(b"guessed") >= 3
    desk.post(f"/studio/concepts/{c.pk}/needs/{a.pk}/", headers=HTMX)
    answer = desk.post(f"/studio/concepts/{c.pk}/needs/{b.pk}/", {"remove": "1"}, headers=HTMX)
    assert b"guessed" not in answer.content
    assert graph_of(course.pk).needs[c.pk] == (a.pk,)
    assert desk.post(url_of(course, "confirm/")).status_code == 302
    assert not Prerequisite.objects.filter(confirmed=False).exists()
    assert set(Prerequisite.objects.values_list("weight", flat=True)) == {0.6, 0.5}


def test_deleting_asks_first_and_merging_hands_over(site, teacher, course, lesson):
    a, b, c = [ConceptFactory(course=course, name=name) for name in ("Ape", "Bee", "Cat")]
    services.tag_lesson(lesson=lesson, concepts=[b.pk], at=NOW)
    desk = site(teacher)
    address = f"/studio/concepts/{b.pk}/delete/"
    assert desk.get(address).status_code == 200
    assert Concept.objects.count() == 3
    refused = desk.post(address, {"merge": "1", "into": b.pk})
    assert refused.status_code == 422
    assert desk.post(address, {"merge": "1", "into": a.pk}).status_code == 302
    assert concepts_of_lessons([lesson.pk]) == {lesson.pk: (a.pk,)}
    assert desk.post(f"/studio/concepts/{c.pk}/delete/").status_code == 302
    assert list(Concept.objects.all()) == [a]


# ── Lessons ───────────────────────────────────────────────────────────────────────────────────
def test_a_lesson_is_tagged_beside_its_text(site, teacher, course, lesson):
    desk = site(teacher)
    address = f"/studio/lessons/{lesson.pk}/concepts/"
    assert "no concepts yet" in desk.get(address, headers=HTMX).content.decode()
    a, b = ConceptFactory.create_batch(2, course=course)
    services.tag_lesson(lesson=lesson, concepts=[b.pk], at=NOW)
    saved = desk.post(address, {"concepts": [a.pk, b.pk]}, headers=HTMX)
    assert saved.status_code == 200
    assert concepts_of_lessons([lesson.pk]) == {lesson.pk: (b.pk, a.pk)}
    assert desk.post(address, {}).status_code == 302
    assert concepts_of_lessons([lesson.pk]) == {}
    assert desk.post(address, {"concepts": [ConceptFactory().pk]}).status_code == 422


# ── Proposals ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def proposed(site, teacher, course):
    desk = site(teacher)
    assert desk.post(url_of(course, "proposals/start/"), {"offline": "1"}).status_code == 302
    assert b"Reading the lessons" in desk.get(url_of(course, "proposals/")).content
    assert "HX-Trigger" not in desk.get(url_of(course, "proposals/making/")).headers
    jobs.run(Job.objects.get().pk)
    return {row.name: row for row in ConceptProposal.objects.all()}


def test_proposals_are_accepted_as_edited_or_declined(site, teacher, course, proposed):
    desk = site(teacher)
    done = desk.get(url_of(course, "proposals/making/"), headers=HTMX)
    assert "concepts:found" in done.headers["HX-Trigger"]
    page = desk.get(url_of(course, "proposals/")).content.decode()
    assert "built-in engine" in page and "Vector" in page and "Span" in page
    vector, span = proposed["Vector"], proposed["Span"]
    data = {"name": "Arrow", "description": "It points.", "importance": "4"}
    accepted = desk.post(f"/studio/proposals/{vector.pk}/accept/", data, headers=HTMX)
    assert accepted.status_code == 200
    concept = Concept.objects.get()
    assert (concept.name, concept.importance, concept.aliases) == ("Arrow", 4, ["Vector"])
    taken = desk.post(f"/studio/proposals/{span.pk}/accept/", {**data, "name": "vector"})
    assert taken.status_code == 422
    assert "“vector”" in taken.content.decode()
    assert desk.post(f"/studio/proposals/{span.pk}/decline/").status_code == 302
    assert "Nothing waits" in desk.get(url_of(course, "proposals/")).content.decode()


def test_all_of_a_lesson_is_accepted_at_once(site, teacher, course, lesson, proposed):
    address = url_of(course, f"proposals/lessons/{lesson.pk}/accept/")
    assert site(teacher).post(address, headers=HTMX).status_code == 200
    assert set(Concept.objects.values_list("name", flat=True)) == {"Vector", "Span"}
    assert not Prerequisite.objects.get().confirmed


# ── Tables ────────────────────────────────────────────────────────────────────────────────────
def test_a_table_is_brought_in_and_taken_out(site, teacher, course):
    desk = site(teacher)
    table = "\ufeffname;needs;lessons\r\nSpan;Vector (0,4);Arrows\r\nVector;;\r\n"
    file = SimpleUploadedFile("table.csv", table.encode())
    assert desk.post(url_of(course, "import/"), {"file": file}).status_code == 302
    out = desk.get(url_of(course, "export/"))
    assert out["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in out["Content-Disposition"]
    assert "Span,,,3,Arrows,Vector (0.4)" in out.content.decode("utf-8-sig")


def test_a_table_with_faults_is_told_by_line_and_not_taken(site, teacher, course):
    desk = site(teacher)
    refused = desk.post(url_of(course, "import/"), {"text": "name,needs\nSpan,Vector\nRing,Ring"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "line 2" in page and "line 3" in page and "“Vector”" in page
    assert not Concept.objects.exists()
    broken = SimpleUploadedFile("table.csv", b"\xff\xfa\x00")
    for data in ({"text": ""}, {"text": "name\n"}, {"file": broken}):
        assert desk.post(url_of(course, "import/"), data).status_code == 422


# ── Others ────────────────────────────────────────────────────────────────────────────────────
def test_the_foreign_is_not_there_and_students_are_refused(site, student, course, lesson):
    concept = ConceptFactory(course=course)
    proposal = ConceptProposal.objects.create(
        course=course, lesson=lesson, name="A", engine="offline", created_at=NOW
    )
    reading = [
        url_of(course),
        url_of(course, "import/"),
        url_of(course, "export/"),
        url_of(course, "proposals/"),
        url_of(course, "proposals/making/"),
        f"/studio/concepts/{concept.pk}/",
        f"/studio/concepts/{concept.pk}/row/",
        f"/studio/concepts/{concept.pk}/delete/",
        f"/studio/lessons/{lesson.pk}/concepts/",
    ]
    writing = [
        url_of(course, "add/"),
        url_of(course, "confirm/"),
        url_of(course, "proposals/start/"),
        url_of(course, f"proposals/lessons/{lesson.pk}/accept/"),
        f"/studio/concepts/{concept.pk}/move/",
        f"/studio/concepts/{concept.pk}/needs/{concept.pk}/",
        f"/studio/concepts/{concept.pk}/delete/",
        f"/studio/proposals/{proposal.pk}/accept/",
        f"/studio/proposals/{proposal.pk}/decline/",
    ]
    for person, status in ((TeacherFactory(), 404), (student, 403)):
        client = site(person)
        for address in reading:
            assert client.get(address).status_code == status, address
        for address in writing:
            assert client.post(address).status_code == status, address
    assert Concept.objects.count() == 1
