"""The map of concepts: what it says, whose it is, and what it costs."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.courses.tests.factories import CourseFactory, DraftFactory, LessonFactory, ModuleFactory
from apps.enrollment.models import SeatStatus
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.engine.mastery import Level
from apps.learning.models import Concept, Evidence, LessonConcept, Mastery, Prerequisite
from apps.learning.selectors.knowledge_map import map_of, maps_of
from apps.learning.selectors.map_panel import evidence_found
from apps.learning.services.notes import add_note

from .factories import ConceptFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def course(teacher):
    module = ModuleFactory(course__owner=teacher)
    return module.course


@pytest.fixture
def lesson(course):
    return LessonFactory(module=course.modules.get(), course=course)


@pytest.fixture
def seat(course, student):
    return EnrollmentFactory(student=student, course=course)


@pytest.fixture
def mean(course, lesson):
    found = ConceptFactory(course=course, name="Mean", position=1, description="The balance point.")
    LessonConcept.objects.create(lesson=lesson, concept=found)
    return found


@pytest.fixture
def variance(course, mean):
    found = ConceptFactory(course=course, name="Variance", position=2)
    Prerequisite.objects.create(course=course, advanced=found, prerequisite=mean)
    return found


def held(student, concept, m, *, stability=20.0, last=NOW, mastered=False):
    return Mastery.objects.create(
        student=student,
        course=concept.course,
        concept=concept,
        started=0.3,
        m=m,
        stability=stability,
        trace_difficulty=5.0,
        decay=0.1542,
        last=last,
        succeeded=["quiz", "card"],
        days=[date(2026, 1, 1), date(2026, 1, 2)],
        last_right=True,
        mastered=mastered,
    )


def evidence(student, concept, kind, key, score=None, **fields):
    return Evidence.objects.create(
        student=student,
        course=concept.course,
        kind=kind,
        key=key,
        occurred_at=NOW,
        received_at=NOW,
        day=NOW.date(),
        concepts=[concept.pk],
        score=score,
        **fields,
    )


# ── What it says ──────────────────────────────────────────────────────────────────────────────
def test_concepts_stand_where_evidence_put_them(student, course, mean, variance):
    held(student, mean, 0.95)
    found = map_of(student, course, NOW)
    assert [node.level for node in found.nodes.values()] == [Level.MASTERED, Level.NOT_STARTED]
    assert found.nodes[mean.pk].mastery == pytest.approx(0.95, abs=1e-3)
    assert found.nodes[variance.pk].mastery == 0
    assert [node.concept for node in found.needs(variance)] == [mean]
    assert [node.concept for node in found.opens(mean)] == [variance]
    assert found.levels == [1, 0, 0, 0, 1]
    assert found.next.concept == variance


def test_the_map_of_another_is_another(student, stranger, course, mean):
    held(stranger, mean, 0.95)
    assert map_of(student, course, NOW).levels == [1, 0, 0, 0, 0]


def test_what_one_has_not_practised_fades(student, course, mean):
    held(student, mean, 0.80, stability=5.0)
    fresh = map_of(student, course, NOW).nodes[mean.pk]
    assert (fresh.level, fresh.faded) == (Level.PROFICIENT, False)
    days = fresh.fades_in
    before = map_of(student, course, NOW + (days - 1) * DAY).nodes[mean.pk]
    assert (before.level, before.faded, before.fades_in) == (Level.PROFICIENT, False, 1)
    after = map_of(student, course, NOW + days * DAY).nodes[mean.pk]
    assert (after.level, after.faded) == (Level.FAMILIAR, True)


def test_what_holds_for_long_tells_of_no_fading(student, course, mean):
    held(student, mean, 0.80, stability=4000.0)
    assert map_of(student, course, NOW).nodes[mean.pk].fades_in is None


def test_next_comes_what_is_ready(student, course, mean, variance):
    third = ConceptFactory(course=course, position=3)
    Prerequisite.objects.filter(advanced=variance).update(prerequisite=third)
    held(student, mean, 0.95)
    assert map_of(student, course, NOW).next.concept == third


def test_evidence_is_summed_up(student, stranger, mean, variance):
    evidence(student, mean, "quiz", "answer:1", 1.0)
    evidence(student, mean, "quiz", "answer:2", 0.0)
    evidence(student, mean, "quiz", "answer:3", 1.0, voided_at=NOW)
    evidence(student, mean, "card", "review:1", 1.0, facts={"card": 7})
    evidence(student, mean, "card", "review:2", 1.0, facts={"card": 7})
    evidence(student, mean, "lesson", "lesson:1")
    evidence(student, mean, "tutor", "turn:1", 0.7)
    evidence(student, mean, "pretest", "pretest:1")
    evidence(student, variance, "quiz", "answer:4", 1.0)
    evidence(stranger, mean, "quiz", "answer:5", 1.0)
    found = evidence_found(student, mean)
    assert (found.right, found.questions, found.cards) == (1, 2, {7})
    assert (found.lessons, found.turns, found.pretests, found.last) == (1, 1, 1, NOW)


def test_the_overview_counts_levels_of_courses_with_concepts(student, course, seat, mean, variance):
    EnrollmentFactory(student=student)
    ConceptFactory(course=EnrollmentFactory(student=student, status=SeatStatus.CANCELLED).course)
    held(student, mean, 0.95)
    [found] = maps_of(student, NOW)
    assert (found.course, found.levels, found.total, found.mastered) == (
        course,
        [1, 0, 0, 0, 1],
        2,
        1,
    )
    assert found.shares == [(4, 1, 0.0, 50.0), (0, 1, 50.0, 50.0)]


def test_a_map_costs_the_same_however_large(
    student, course, mean, variance, django_assert_num_queries
):
    for count in (2, 300):
        made = ConceptFactory.create_batch(count, course=course)
        Prerequisite.objects.bulk_create(
            Prerequisite(course=course, advanced=after, prerequisite=before)
            for before, after in zip(made, made[1:], strict=False)
        )
        for each in made[:5]:
            held(student, each, 0.5)
        with django_assert_num_queries(5):
            map_of(student, course, NOW)
    for _more in range(2):
        EnrollmentFactory(student=student, course=ConceptFactory().course)
        with django_assert_num_queries(3):
            maps_of(student, NOW)


# ── The API ───────────────────────────────────────────────────────────────────────────────────
def test_the_api_gives_the_map_as_agreed(api, student, course, lesson, seat, mean, variance):
    held(student, mean, 0.95)
    answer = api(student).get(f"/api/courses/{course.pk}/knowledge-map")
    assert answer.status_code == 200
    first, second = answer.json()["nodes"]
    assert first == {
        "id": mean.pk,
        "name": "Mean",
        "mastery": pytest.approx(0.95, abs=1e-3),
        "level": "mastered",
        "lessons": [lesson.pk],
    }
    assert second["mastery"] == 0
    assert second["level"] == "not_started"
    assert second["lessons"] == []
    assert answer.json()["edges"] == [{"from": mean.pk, "to": variance.pk}]


def test_a_course_without_concepts_answers_an_empty_map(api, student, course, seat):
    answer = api(student).get(f"/api/courses/{course.pk}/knowledge-map")
    assert answer.json() == {"nodes": [], "edges": []}


def test_the_map_is_for_the_enrolled_the_owner_and_moderators(
    api, student, stranger, teacher, moderator, course, seat, mean
):
    url = f"/api/courses/{course.pk}/knowledge-map"
    people = [None, student, stranger, teacher, moderator]
    found = [api(person).get(url).status_code for person in people]
    assert found == [401, 200, 404, 200, 200]
    assert api(stranger).get(f"/api/courses/{DraftFactory().pk}/knowledge-map").status_code == 404


# ── The pages ─────────────────────────────────────────────────────────────────────────────────
def test_the_map_shows_what_comes_next(site, student, course, lesson, seat, mean, variance):
    page = site(student).get(f"/map/{course.slug}/")
    assert page.context["concept"] == mean
    assert "The balance point." in page.text
    assert f"/learn/{course.slug}/{lesson.pk}/" in page.text
    chosen = site(student).get(f"/map/{course.slug}/?concept={variance.pk}")
    assert chosen.context["concept"] == variance


@pytest.mark.parametrize("wrong", ["x", "9" * 5000, "-1", "%00"])
def test_a_concept_that_is_none_is_passed_over(site, student, course, seat, mean, wrong):
    page = site(student).get(f"/map/{course.slug}/?concept={wrong}")
    assert page.status_code == (400 if wrong == "%00" else 200)


def test_a_concept_is_a_page_or_a_panel(site, student, course, seat, mean, variance):
    held(student, mean, 0.95)
    evidence(student, mean, "quiz", "answer:1", 1.0)
    url = f"/map/{course.slug}/concepts/{mean.pk}/"
    page = site(student).get(url)
    assert "<h1" in page.text
    panel = site(student).get(url, headers={"HX-Request": "true"})
    assert "<html" not in panel.text
    assert "1 of 1 question right" in panel.text
    assert "Variance" in panel.text


def test_cards_of_a_concept_are_offered_when_due(site, student, course, lesson, seat, mean):
    url = f"/map/{course.slug}/concepts/{mean.pk}/"
    note, _made = add_note(
        student=student, kind="basic", front="Q", back="A", course=course, lesson=lesson, at=NOW
    )
    add_note(student=student, kind="basic", front="Else", back="A", course=course, at=NOW)
    assert "Review 1 card" in site(student).get(url).text
    session = site(student).get(f"/review/?concept={mean.pk}")
    assert [asked.card.note for asked in [session.context["first"], *session.context["ahead"]]] == [
        note
    ]
    assert (session.context["left"], session.context["query"]) == (1, f"?concept={mean.pk}")
    assert site(student).get("/review/?concept=x").status_code == 404
    note.cards.update(due=NOW + 9 * DAY)
    assert "1 card, not due yet" in site(student).get(url).text


def test_the_list_is_grouped_ordered_and_narrowed(site, student, course, seat, mean, variance):
    held(student, mean, 0.95)
    url = f"/map/{course.slug}/list/"
    groups = site(student).get(url).context["groups"]
    assert [[row["node"].concept for row in group["rows"]] for group in groups] == [
        [mean],
        [variance],
    ]
    [group] = site(student).get(url, {"order": "weakest"}).context["groups"]
    assert [row["node"].concept for row in group["rows"]] == [variance, mean]
    [group] = site(student).get(url, {"order": "fading"}).context["groups"]
    assert group["rows"][0]["node"].concept == mean
    [group] = site(student).get(url, {"level": "4"}).context["groups"]
    assert [row["node"].concept for row in group["rows"]] == [mean]
    assert "No concept stands on this level" in site(student).get(url, {"level": "1"}).text
    assert site(student).get(url, {"level": "x", "order": "y"}).status_code == 200


def test_maps_lead_to_the_only_one(site, student, course, seat, mean):
    assert site(student).get("/map/").url == f"/map/{course.slug}/"
    ConceptFactory(course=EnrollmentFactory(student=student).course)
    page = site(student).get("/map/")
    assert len(page.context["maps"]) == 2
    assert course.title in page.text


def test_without_courses_the_map_says_what_will_be_there(site, student):
    assert "Your map is still blank" in site(student).get("/map/").text


@pytest.mark.parametrize("page", ["", "list/"])
def test_a_course_without_concepts_says_so(site, student, course, seat, page):
    assert "This course has no map yet" in site(student).get(f"/map/{course.slug}/{page}").text


def test_maps_of_others_do_not_exist(site, stranger, course, seat, mean):
    other = ConceptFactory(course=CourseFactory(owner=stranger))
    for page in ("", "list/", f"concepts/{mean.pk}/"):
        assert site(stranger).get(f"/map/{course.slug}/{page}").status_code == 404
    foreign = f"/map/{other.course.slug}/concepts/{mean.pk}/"
    assert site(stranger).get(foreign).status_code == 404


def test_pages_cost_the_same_however_many_concepts(site, student, course, lesson, seat, mean):
    client = site(student)
    client.get("/map/")  # the first answer after signing in writes its session

    def queries(path):
        cache.clear()
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    paths = [f"/map/{course.slug}/", f"/map/{course.slug}/list/"]
    before = [queries(path) for path in paths]
    for each in ConceptFactory.create_batch(20, course=course):
        LessonConcept.objects.create(lesson=lesson, concept=each)
        Prerequisite.objects.create(course=course, advanced=each, prerequisite=mean)
        held(student, each, 0.5)
    assert [queries(path) for path in paths] == before
    assert Concept.objects.count() == 21
