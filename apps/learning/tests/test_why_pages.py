"""Why the platform thinks so, what the student doesn't let count, and what a quiz changed."""

import math
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.engine.mastery import Level, logit
from apps.learning.models import Evidence
from apps.learning.selectors.mastery import explanation, outcome_of
from apps.learning.services import evidence
from apps.learning.tests.factories import ConceptFactory
from apps.learning.views import mastery

from .evidence_world import DAY, NOW, World

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def world(student):
    return World(student)


@pytest.fixture
def known(world):
    """A concept with a quiz answer, a grade, and a lesson."""
    concept = world.concept("ATP")
    world.teaches(world.lesson, concept)
    evidence.record_lesson(student_id=world.student.pk, lesson_id=world.lesson.pk, at=NOW)
    world.take(world.quiz(concept), at=NOW + DAY)
    world.grade(world.known_card(concept, at=NOW + 2 * DAY), 1, at=NOW + 2 * DAY)
    return concept


def address(concept, name="concept_why", *more):
    return reverse(f"learning:{name}", args=[concept.course.slug, concept.pk, *more])


# ── What adds up ──────────────────────────────────────────────────────────────────────────────
def test_the_lines_add_up_to_what_is_shown(world, known, django_assert_num_queries):
    with django_assert_num_queries(4):
        why = explanation(world.student, known, NOW + 5 * DAY)
    assert [reason.evidence.kind for reason in why.reasons] == ["lesson", "quiz", "card"]
    total = logit(why.start) + sum(reason.weight for reason in why.reasons) + why.others
    assert total == pytest.approx(logit(why.now.m))
    assert why.now.shown == pytest.approx(why.now.m * why.now.recall)
    assert why.reasons[0].before == why.start
    assert why.reasons[-1].after == why.now.m
    assert why.reasons[2].card.note.front == "2 + 2"


def test_of_many_the_five_largest_are_told_and_the_rest_summed(world, known):
    for day in range(3, 9):
        world.take(world.quiz(known), day % 2 == 0, at=NOW + day * DAY)
    why = explanation(world.student, known, NOW + 9 * DAY)
    assert (len(why.reasons), why.other_count) == (5, 4)
    told = [abs(reason.weight) for reason in why.reasons]
    assert min(told) >= abs(why.others) / 4 / 10
    assert [reason.evidence.pk for reason in why.reasons] == sorted(
        reason.evidence.pk for reason in why.reasons
    )
    assert math.isclose(
        logit(why.start) + sum(r.weight for r in why.reasons) + why.others, logit(why.now.m)
    )


def test_nothing_is_told_of_what_nothing_is_known_of(world):
    assert explanation(world.student, world.concept("a"), NOW) is None


# ── The page ──────────────────────────────────────────────────────────────────────────────────
def test_the_page_and_its_piece(site, world, known):
    page = site(world.student).get(address(known))
    piece = site(world.student).get(address(known), **HTMX)
    for answer in (page, piece):
        body = answer.content.decode()
        assert "Right answer" in body
        assert "Card forgotten" in body
        assert world.lesson.title in body
    assert "<html" in page.content.decode()
    assert "<html" not in piece.content.decode()


def test_an_entry_is_taken_out_and_counted_again(site, world, known):
    client = site(world.student)
    row = world.log.get(kind="card")
    before = world.mastery(known).m
    answer = client.post(address(known, "contest_evidence", row.pk), **HTMX)
    assert "Count it again" in answer.content.decode()
    assert world.mastery(known).m > before
    answer = client.post(address(known, "count_evidence", row.pk))
    assert answer.url == address(known)
    assert world.mastery(known).m == before


def test_when_nothing_is_left_that_counts_the_page_stands(site, world, known):
    client = site(world.student)
    for row in world.log:
        answer = client.post(address(known, "contest_evidence", row.pk), **HTMX)
    assert "Nothing counts here now." in answer.content.decode()
    assert client.get(address(known)).status_code == 200
    EnrollmentFactory(student=world.student, course=known.course)
    panel = client.get(address(known, "concept"), **HTMX).content.decode()
    assert "Nothing yet." in panel and address(known) in panel


def test_strangers_find_nothing(site, world, known, stranger):
    row = Evidence.objects.first()
    assert site(stranger).get(address(known)).status_code == 404
    for name in ("contest_evidence", "count_evidence"):
        assert site(stranger).post(address(known, name, row.pk)).status_code == 404
    other = World(stranger)
    other.course = world.course
    other.take(other.quiz(known))
    assert site(stranger).post(address(known, "contest_evidence", row.pk)).status_code == 404
    row.refresh_from_db()
    assert row.voided_at is None


def test_a_foreign_course_or_concept_is_not_found(site, world, known):
    client = site(world.student)
    foreign = ConceptFactory()
    assert client.get(address(foreign)).status_code == 404
    mixed = reverse("learning:concept_why", args=[foreign.course.slug, known.pk])
    assert client.get(mixed).status_code == 404


# ── After a quiz ──────────────────────────────────────────────────────────────────────────────
def test_a_result_says_what_it_changed(site, world):
    a, b = world.concept("Alpha"), world.concept("Beta")
    EnrollmentFactory(student=world.student, course=world.course)
    attempt = world.take(world.quiz(a, a, b), True, True, False, at=timezone.now())
    changes = {change.concept: change for change in outcome_of(attempt).changes}
    assert changes[a].level == (Level.NOT_STARTED, Level.PROFICIENT)
    assert changes[b].level == (Level.NOT_STARTED, Level.LEARNING)
    lesson = attempt.quiz.lesson
    page = site(world.student).get(
        reverse("learning:quiz_result", args=[world.course.slug, lesson.pk, attempt.pk])
    )
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))
    assert "What this changed" in text
    assert "Alpha Not started → Proficient" in text


def test_an_outcome_costs_three_queries(world, django_assert_num_queries):
    for size in (1, 5):
        concepts = [world.concept(f"{size}{number}") for number in range(size)]
        attempt = world.take(world.quiz(*concepts))
        with django_assert_num_queries(3):
            assert len(outcome_of(attempt).changes) == size


def test_the_graded_card_says_what_it_postponed(api, world):
    advanced, simple = world.concept("advanced"), world.concept("simple")
    world.needs(advanced, simple)
    now = timezone.now()
    world.known_card(simple, days=10, at=now)
    card = world.known_card(advanced, days=10, at=now)
    answer = api(world.student).post(f"/api/flashcards/{card.pk}/review", {"rating": 3})
    assert (answer.status_code, answer["Reviews-Postponed"]) == (200, "1")


def test_contesting_on_and_on_is_stopped(client, world, known, monkeypatch):
    monkeypatch.setattr(mastery, "CHANGES_PER_HOUR", 2)
    client.force_login(world.student)
    lesson = Evidence.objects.get(kind="lesson")
    for name, status in [("contest", 302), ("count", 302), ("contest", 429)]:
        assert client.post(address(known, f"{name}_evidence", lesson.pk)).status_code == status
    lesson.refresh_from_db()
    assert not lesson.contested
