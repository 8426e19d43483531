"""The settings of a personal order on the site, the catalogue that follows them, remembered searches."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from apps.accounts.selectors import interests_of
from apps.accounts.services import choose_interests, update_profile
from apps.core.personal_data import export_all, holdings
from apps.courses.tests.factories import CategoryFactory, CourseFactory
from apps.search import selectors, services
from apps.search.models import RecentSearch

pytestmark = pytest.mark.django_db
PAGE = "/settings/interests/"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def subjects():
    root = CategoryFactory(slug="programming", name_en="Programming", name_ru="Программирование")
    CategoryFactory(slug="python", name_en="Python", name_ru="Питон", parent=root)


def chosen(user):
    return [(interest.kind, interest.value) for interest in interests_of(user)]


def test_the_page_offers_the_tree_and_shows_what_is_chosen(site, student):
    choose_interests(user=student, subjects=["python"], words=["chess <b>"])
    html = site(student).get(PAGE).content.decode()
    assert 'value="python" checked' in html
    assert 'value="programming" checked' not in html
    assert "All of “Programming”" in html
    assert 'value="chess &lt;b&gt;" checked' in html


def test_visitors_are_asked_to_sign_in(client):
    for address in (PAGE, PAGE + "topics/"):
        assert "/accounts/login/" in client.get(address).headers["Location"]
    for address in (PAGE, PAGE + "order/", PAGE + "searches/", "/search/recent/"):
        assert "/accounts/login/" in client.post(address).headers["Location"]


def test_subjects_words_and_one_more_are_kept(site, student):
    choose_interests(user=student, subjects=["programming"], words=["tea", "go"])
    sent = {"subjects": ["python"], "words": ["tea"], "more": "  water   colour "}
    answer = site(student).post(PAGE, sent)
    assert answer.headers["Location"] == PAGE
    assert chosen(student) == [("words", "tea"), ("subject", "python"), ("words", "water colour")]


def test_all_can_be_taken_away(site, student):
    choose_interests(user=student, subjects=["python"], words=["tea"])
    site(student).post(PAGE, {})
    assert chosen(student) == []


@pytest.mark.parametrize("name", ["PYTHON", "python"])
def test_the_name_of_a_subject_chooses_it(site, student, name):
    site(student).post(PAGE, {"more": name})
    assert chosen(student) == [("subject", "python")]


def test_the_same_words_are_kept_once(site, student):
    site(student).post(PAGE, {"words": ["Tea"], "more": "tea"})
    assert chosen(student) == [("words", "Tea")]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"subjects": ["no-such"]}, "subjects"),
        ({"more": "x" * 61}, "more"),
        ({"more": "?!"}, "more"),
        ({"more": "a\x00b"}, "more"),
        ({"words": ["x" * 61]}, "words"),
        ({"words": [" ."]}, "words"),
        ({"words": ["a\x00b"]}, "words"),
        ({"words": [f"word {n}" for n in range(20)], "more": "more"}, "__all__"),
    ],
)
def test_what_can_t_be_kept_is_told_and_changes_nothing(site, student, sent, field):
    choose_interests(user=student, subjects=["python"], words=[])
    answer = site(student).post(PAGE, sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert chosen(student) == [("subject", "python")]


def test_topics_are_offered_from_subjects_and_from_words_of_courses(site, student):
    CourseFactory(title="Pyramids of Egypt", category=None)
    services.rebuild()
    answer = site(student).get(PAGE + "topics/", {"more": "py"})
    assert re.findall('value="(.*?)"', answer.content.decode()) == ["Python", "pyramids"]
    assert site(student).get(PAGE + "topics/", {"more": "p"}).content.strip() == b""


# ── The order ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def catalogue(subjects, student):
    other = CategoryFactory()
    for number in range(25):
        CourseFactory(category=other, student_count=100 - number)
    course = CourseFactory(title="Snakes", category_id=None, student_count=1, tags=["serpents"])
    services.rebuild()
    choose_interests(user=student, subjects=[], words=["serpents"])
    return course


REASON = "Because you are interested in serpents"


def test_the_catalogue_says_why_and_leads_to_the_switch(catalogue, site, student):
    html = site(student).get("/courses/").content.decode()
    assert html.count(REASON) == 1
    assert f"{PAGE}#order" in html


def test_the_switch_brings_everybody_s_order_back(catalogue, site, student):
    client = site(student)
    assert client.post(PAGE + "order/", {}).headers["Location"] == PAGE
    assert "Snakes" not in client.get("/courses/").content.decode()
    client.post(PAGE + "order/", {"wanted": "on"})
    assert REASON in client.get("/courses/").content.decode()


def test_no_cache_holds_or_gives_a_personal_page(catalogue, client, site, student):
    def anonymous():
        client.logout()
        client.cookies.clear()
        return client.get("/courses/").content.decode()

    assert REASON not in anonymous()
    answer = site(student).get("/courses/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert REASON in answer.content.decode()
    assert REASON not in anonymous()


def test_the_api_orders_for_its_reader_and_says_why(catalogue, api, student, stranger):
    mine = api(student).get("/api/courses").json()
    assert mine["reasons"] == {str(catalogue.pk): REASON}
    assert catalogue.pk in [course["id"] for course in mine["results"]]
    for reader in (stranger, None):
        answer = api(reader).get("/api/courses").json()
        assert answer["reasons"] == {}
        assert catalogue.pk not in [course["id"] for course in answer["results"]]


def test_the_api_pages_through_everything(catalogue, api, student):
    client, address, seen = api(student), "/api/courses?limit=7", []
    while address:
        page = client.get(address).json()
        seen += [course["id"] for course in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 26


# ── Recent searches ───────────────────────────────────────────────────────────────────────────
def remember(user, *texts):
    for number, text in enumerate(texts):
        services.remember_search(user=user, text=text, at=NOW + timedelta(minutes=number))


def test_the_last_twenty_are_kept_the_newest_first(student, stranger):
    remember(stranger, "other")
    remember(student, *[f"text {n}" for n in range(22)], "Text 5")
    kept = selectors.recent_searches(student)
    assert kept[:3] == ["text 5", "text 21", "text 20"]
    assert (len(kept), kept[-1]) == (20, "text 2")
    assert selectors.recent_searches(student, "TEXT 2") == ["text 21", "text 20", "text 2"]
    assert selectors.recent_searches(stranger) == ["other"]


def test_switched_off_nothing_is_remembered_or_shown(student):
    remember(student, "before")
    update_profile(user=student, changes={"personal_order": False})
    remember(student, "secret")
    assert selectors.recent_searches(student) == []
    assert list(RecentSearch.objects.values_list("text", flat=True)) == ["before"]


def test_the_site_remembers_what_was_meant_and_forgets_when_told(site, student):
    client = site(student)
    for text in ("  Python\x00 basics ", "", "-", "x" * 300):
        assert client.post("/search/recent/", {"q": text}).status_code == 204
    assert selectors.recent_searches(student) == ["x" * 200, "python basics"]
    assert "python basics" in client.get(PAGE).content.decode()
    assert client.get("/search/recent/").status_code == 405

    assert client.post(PAGE + "searches/").headers["Location"] == PAGE
    assert selectors.recent_searches(student) == []


def test_typing_and_reading_remember_nothing(site, student):
    site(student).get("/courses/?q=python")
    site(student).get("/search/suggest/?q=python")
    assert not RecentSearch.objects.exists()


def test_the_person_may_have_them_and_may_take_them_away(student):
    remember(student, "python")
    assert export_all(student)["search"]["searches"][0]["text"] == "python"
    (mine,) = [holding for holding in holdings() if holding.app == "search"]
    mine.erase(student, timezone.now())
    assert not RecentSearch.objects.exists()
