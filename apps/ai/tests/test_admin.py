"""The page of costs, and what nobody changes by hand."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.ai import breaker
from apps.ai.money import dollars
from apps.ai.services import ask

from .lessons import TERMS, lesson

pytestmark = pytest.mark.django_db
COSTS = "/admin/ai/modelcall/costs/"


def test_the_month_by_task_person_and_model(site, admin, student, stranger, models, settings):
    settings.AI_BREAKER_FAILURES = 1
    models.answer = TERMS
    now = timezone.now()
    for user in (student, stranger):
        ask(task="key_terms", material=lesson(), user=user, at=now)
    breaker.failed("big", now)
    page = site(admin).get(COSTS)
    text = page.content.decode()
    assert page.context["tasks"]["rows"] == [["key_terms", "small", 1, 1, 0, "$0.004"]]
    people = [row[1:] for row in page.context["people"]["rows"]]
    assert people == [[student.email, 1, "$0.004"], [stranger.email, 0, "$0.00"]]
    assert page.context["models"]["rows"] == [
        ["big", "paused after failures"],
        ["small", "answers"],
    ]
    assert "$0.002" in text and "2 people; the target is $0.03" in text
    assert "of $5.00" in text and "style=" not in text.split("<main")[-1].split("Models")[0]


def test_above_target_and_ceiling_it_says_so(site, admin, student, models, settings):
    models.answer = TERMS
    ask(task="key_terms", material=lesson(), user=student, at=timezone.now())
    settings.AI_TARGET_MICRO_PER_USER = 3999
    settings.AI_SITE_MICRO_PER_DAY = 4000
    page = site(admin).get(COSTS)
    assert page.context["above_target"]
    assert "models rest until tomorrow" in page.content.decode()
    assert "the ceiling is reached" in site(admin).get("/admin/").content.decode()


def test_without_calls_and_models(site, admin):
    text = site(admin).get(COSTS, {"month": "2026-02"}).content.decode()
    assert "No model is set up" in text and "February 2026" in text
    assert site(admin).get(COSTS, {"month": "soon"}).status_code == 200


def test_the_number_of_queries_does_not_grow(site, admin, student, stranger, models):
    browser = site(admin)
    models.answer = TERMS

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            browser.get(COSTS)
        return len(made)

    ask(task="key_terms", material=lesson(), user=student, at=timezone.now())
    queries()
    few = queries()
    for user in (student, stranger, admin):
        ask(task="summary", material=lesson(of=user.pk), user=user, at=timezone.now())
    assert queries() == few


@pytest.mark.parametrize("page", ["ai/modelcall", "ai/creditday"])
def test_nobody_writes_by_hand(site, admin, page):
    assert site(admin).get(f"/admin/{page}/").status_code == 200
    assert site(admin).get(f"/admin/{page}/add/").status_code == 403


def test_small_sums_keep_their_digits():
    assert [dollars(micro) for micro in (0, 40, 12_345, 1_234_567)] == [
        "$0.00",
        "$0.00",
        "$0.0123",
        "$1.23",
    ]
