"""The studio's graph on the canvas: every change saved at once, and taken back by its own form."""

import json
import re

import pytest

from apps.courses.tests.factories import CourseFactory
from apps.learning.models import Concept, Prerequisite

from .factories import ConceptFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def course(teacher):
    return CourseFactory(owner=teacher)


@pytest.fixture
def mean(course):
    return ConceptFactory(course=course, name="Mean", position=1)


@pytest.fixture
def variance(course):
    return ConceptFactory(course=course, name="Variance", position=2)


@pytest.fixture
def studio(site, teacher, course):
    """`studio("connect/", source=1, …)` as the page sends it."""
    client = site(teacher)

    def send(path="", **fields):
        return client.post(
            f"/studio/courses/{course.pk}/concepts/graph/{path}", fields, headers=HTMX
        )

    send.client = client
    return send


def undo(studio, answer):
    """Sends what the way back in the answer says."""
    form = answer.text[answer.text.index('id="graph-undo"') :]
    address = re.search(r'hx-post="([^"]+)"', form)[1]
    fields = dict(re.findall(r'type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"', form))
    again = studio.client.post(address, fields, headers=HTMX)
    assert again.status_code == 200
    return again


def edges():
    return list(Prerequisite.objects.values_list("prerequisite", "advanced", "weight", "confirmed"))


def test_the_page_draws_the_graph(studio, course, mean, variance):
    Prerequisite.objects.create(
        course=course, advanced=variance, prerequisite=mean, confirmed=False
    )
    page = studio.client.get(f"/studio/courses/{course.pk}/concepts/graph/")
    assert page.context["concept"] == mean
    drawn = json.loads(page.context["graph"])
    assert [node["name"] for node in drawn["nodes"]] == ["Mean", "Variance"]
    assert drawn["edges"] == [{"from": mean.pk, "to": variance.pk, "open": True}]
    assert "level" not in drawn["nodes"][0]
    panel = studio.client.get(
        f"/studio/courses/{course.pk}/concepts/graph/{variance.pk}/", headers=HTMX
    )
    assert "Confirm that it needs “Mean”" in panel.text


def test_the_page_is_one_of_three_tabs(studio, course, mean):
    address = f"/studio/courses/{course.pk}/concepts/graph/"
    page = studio.client.get(address).text
    tabs = page[page.index('class="tabline mt-5"') :]
    tabs = tabs[: tabs.index("</nav>")]
    assert tabs.count("<a ") == 3
    assert f'href="{address}" aria-current="page"' in tabs


def test_an_empty_course_asks_for_the_first(studio, course):
    page = studio.client.get(f"/studio/courses/{course.pk}/concepts/graph/?concept=9")
    assert "No concepts yet" in page.text


def test_a_concept_is_added_and_taken_back(studio, course):
    answer = studio("add/", name="Median")
    assert answer.context["concept"].name == "Median"
    undo(studio, answer)
    assert not Concept.objects.exists()


def test_a_concept_is_changed_and_changed_back(studio, mean):
    fields = {"name": "Average", "description": "Sum by count.", "importance": 5}
    answer = studio(f"{mean.pk}/change/", **fields)
    mean.refresh_from_db()
    assert (mean.name, mean.description, mean.importance) == ("Average", "Sum by count.", 5)
    again = undo(studio, answer)
    mean.refresh_from_db()
    assert (mean.name, mean.importance) == ("Mean", 3)
    assert 'value="Mean"' in again.text


def test_concepts_are_joined_weighed_and_parted(studio, mean, variance):
    joined = studio("connect/", source=mean.pk, target=variance.pk, confirmed=1)
    assert joined.context["concept"] == variance
    assert edges() == [(mean.pk, variance.pk, 0.7, True)]
    weighed = studio("connect/", source=mean.pk, target=variance.pk, weight="0.4", confirmed=1)
    assert edges() == [(mean.pk, variance.pk, 0.4, True)]
    again = studio("connect/", source=mean.pk, target=variance.pk, confirmed=1)
    assert edges() == [(mean.pk, variance.pk, 0.4, True)]
    assert again.status_code == 200
    undo(studio, weighed)
    assert edges() == [(mean.pk, variance.pk, 0.7, True)]
    parted = studio("disconnect/", source=mean.pk, target=variance.pk, shown=mean.pk)
    assert parted.context["concept"] == mean
    assert edges() == []
    undo(studio, parted)
    assert edges() == [(mean.pk, variance.pk, 0.7, True)]
    undo(studio, joined)
    assert edges() == []


def test_a_proposed_edge_is_confirmed_and_doubted_again(studio, course, mean, variance):
    Prerequisite.objects.create(
        course=course, advanced=variance, prerequisite=mean, weight=0.5, confirmed=False
    )
    answer = studio("connect/", source=mean.pk, target=variance.pk, weight="0.5", confirmed=1)
    assert edges() == [(mean.pk, variance.pk, 0.5, True)]
    undo(studio, answer)
    assert edges() == [(mean.pk, variance.pk, 0.5, False)]


def test_a_circle_is_refused_with_its_names(studio, mean, variance):
    studio("connect/", source=mean.pk, target=variance.pk, confirmed=1)
    answer = studio("connect/", source=variance.pk, target=mean.pk, confirmed=1)
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#toasts"
    assert "Mean" in answer.text
    assert "Variance" in answer.text
    assert len(edges()) == 1


def test_a_concept_is_deleted(studio, mean, variance):
    assert studio(f"{mean.pk}/delete/").context["concept"] == variance
    assert "No concepts yet" in studio(f"{variance.pk}/delete/").text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("add/", {"name": ""}),
        ("add/", {"name": "x" * 81}),
        ("connect/", {}),
        ("connect/", {"source": "x", "target": "y"}),
        ("connect/", {"source": 2**70, "target": 1}),
    ],
)
def test_what_makes_no_sense_is_told(studio, path, fields):
    answer = studio(path, **fields)
    assert answer.status_code == 400
    assert answer["HX-Retarget"] == "#toasts"


@pytest.mark.parametrize("weight", ["0", "1.5", "nan", "much"])
def test_a_weight_has_its_limits(studio, mean, variance, weight):
    answer = studio("connect/", source=mean.pk, target=variance.pk, weight=weight)
    assert answer.status_code == 400
    assert not edges()


def test_a_concept_of_another_course_is_no_end(studio, mean):
    other = ConceptFactory()
    assert studio("connect/", source=other.pk, target=mean.pk).status_code == 400
    assert studio(f"{other.pk}/change/", name="Mine", importance=1).status_code == 404
    assert studio(f"{other.pk}/delete/").status_code == 404


def test_the_graph_of_others_does_not_exist(site, teacher, student, stranger, course, mean):
    foreign = ConceptFactory()
    place = f"/studio/courses/{foreign.course.pk}/concepts/graph/"
    assert site(teacher).get(place).status_code == 404
    assert site(teacher).post(f"{place}add/", {"name": "Mine"}).status_code == 404
    own = f"/studio/courses/{course.pk}/concepts/graph/"
    assert site(student).get(own).status_code == 403
    assert site(student).post(f"{own}{mean.pk}/delete/").status_code == 403
    assert Concept.objects.filter(pk=mean.pk).exists()


def test_it_works_without_scripts(studio, course):
    answer = studio.client.post(
        f"/studio/courses/{course.pk}/concepts/graph/add/", {"name": "Mode"}
    )
    made = Concept.objects.get()
    assert answer.url == f"/studio/courses/{course.pk}/concepts/graph/?concept={made.pk}"
