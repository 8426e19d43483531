"""The catalogue page: state in the address, streaming parts, paging, caching, suggestions."""

from urllib.parse import parse_qs, urlsplit

import pytest

from apps.courses.models import CategoryRedirect
from apps.courses.tests.factories import CategoryFactory, CourseFactory
from apps.search import services

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/courses/"}


@pytest.fixture
def shelf():
    subject = CategoryFactory(slug="programming", name_en="Programming", name_ru="Программирование")
    inner = CategoryFactory(slug="python", name_en="Snakes", name_ru="Змеи", parent=subject)
    CourseFactory(title="Python for beginners", category=inner, price_minor=2900)
    CourseFactory(title="Honest statistics", category=subject, level="advanced")
    services.rebuild()


def page(client, address="/courses/", **kwargs):
    answer = client.get(address, **kwargs)
    assert answer.status_code == 200
    return answer.content.decode()


def test_shows_courses_to_anyone(client, shelf, site, student):
    assert "Python for beginners" in page(client)
    assert "Honest statistics" in page(site(student))


def test_the_address_holds_the_state(client, shelf):
    html = page(client, "/courses/?q=python&level=beginner&sort=newest")
    assert "Python for beginners" in html
    assert "Honest statistics" not in html
    assert 'value="python"' in html
    assert (
        'value="beginner" form="catalogue" data-submits id="facet-level-beginner" checked' in html
    )


def test_what_can_t_be_used_is_left_out_and_said(client, shelf):
    html = page(client, "/courses/?level=expert&min_price=lots")
    assert "Python for beginners" in html
    assert "left out: level, min_price" in html


def test_a_slip_is_corrected_and_said(client, shelf):
    html = page(client, "/courses/?q=pyhton")
    assert "Nothing was found for “pyhton”" in html
    assert "Python for beginners" in html


def test_nothing_found_offers_a_way_on(client, shelf):
    html = page(client, "/courses/?q=qwxzqwxz&level=beginner")
    assert "No courses here" in html
    assert "Clear all filters" in html


def test_typed_text_is_escaped(client, shelf):
    text = "<script>alert(1)</script>"
    for address in ("/courses/", "/search/suggest/"):
        assert text not in page(client, address, query_params={"q": text})


@pytest.mark.parametrize("text", ["a" * 10_000, "% _ \\ '", "or -and", "((", "²", "🙂" * 50])
def test_hostile_text_is_only_text(client, shelf, text):
    page(client, query_params={"q": text})
    page(client, "/search/suggest/", query_params={"q": text})


def test_htmx_gets_the_parts_and_the_place_in_the_history(client, shelf):
    answer = client.get("/courses/", {"q": "", "level": "advanced", "sort": ""}, headers=HTMX)
    html = answer.content.decode()
    assert "<html" not in html
    assert "Honest statistics" in html
    assert 'id="facets"' in html
    assert answer["HX-Push-Url"] == "/courses/?level=advanced"


def test_typing_on_replaces_the_place_in_the_history(client, shelf):
    headers = {**HTMX, "HX-Current-URL": "http://testserver/courses/?q=pyt"}
    answer = client.get("/courses/", {"q": "pyth"}, headers=headers)
    assert answer["HX-Replace-Url"] == "/courses/?q=pyth"
    assert "HX-Push-Url" not in answer


def test_a_page_of_the_history_is_whole(client, shelf):
    headers = {**HTMX, "HX-History-Restore-Request": "true"}
    assert "<html" in client.get("/courses/", headers=headers).content.decode()


def test_more_rows_come_by_cursor(client, shelf):
    for n in range(25):
        CourseFactory(title=f"Course {n}")
    services.rebuild()
    first = client.get("/courses/")
    url = first.context["next_url"]
    assert parse_qs(urlsplit(url).query)["shown"] == ["20"]
    more = page(client, url, headers=HTMX)
    assert more.count("<article") == 7
    assert "<section" not in more
    whole = page(client, url)  # without scripts it is a page
    assert "Back to the first page" in whole
    assert whole.count("<article") == 7


def test_an_old_category_redirects(client, shelf):
    category = CategoryFactory(slug="new-name")
    CategoryRedirect.objects.create(slug="old-name", category=category)
    answer = client.get("/courses/?q=x&category=old-name")
    assert (answer.status_code, answer["Location"]) == (301, "/courses/?q=x&category=new-name")


def test_chips_take_one_filter_away(client, shelf):
    chips = client.get("/courses/?level=advanced&level=beginner&price=free").context["chips"]
    assert [(chip.label, chip.url) for chip in chips] == [
        ("Beginner", "/courses/?level=advanced&price=free"),
        ("Advanced", "/courses/?level=beginner&price=free"),
        ("Free", "/courses/?level=advanced&level=beginner"),
    ]


def test_a_category_inside_a_chosen_one_narrows(client, shelf):
    answer = client.get("/courses/?category=programming")
    assert len(answer.context["courses"]) == 2
    answer = client.get("/courses/?category=programming&category=python")
    assert [course.title for course in answer.context["courses"]] == ["Python for beginners"]


def test_prices_are_said_in_the_reader_s_currency(client, shelf):
    assert "$20 and over" in page(client)
    russian = page(client, headers={"Accept-Language": "ru"}).replace("\xa0", " ")
    assert "2 000 ₽" in russian
    assert "Каталог" in russian


def test_a_cached_page_costs_nothing_and_a_change_shows(
    client, shelf, django_assert_num_queries, deliver_all
):
    page(client)
    with django_assert_num_queries(0):
        page(client)
    CourseFactory(title="Quite new")
    services.rebuild()
    assert "Quite new" in page(client)


def test_one_s_own_page_isn_t_kept(client, shelf, site, student):
    site(student)
    mine = page(client)
    client.logout()
    assert page(client) != mine
    assert "Log in" in page(client)


def test_cost_is_constant(site, student, shelf, django_assert_max_num_queries):
    client = site(student)
    client.get("/courses/?q=python")
    with django_assert_max_num_queries(27) as captured:
        client.get("/courses/?q=course")
    before = len(captured)
    for n in range(15):
        CourseFactory(title=f"Course {n}")
    services.rebuild()
    client.get("/courses/?q=python")
    with django_assert_max_num_queries(before):
        client.get("/courses/?q=course")


def test_suggestions_are_grouped_and_marked(client, shelf):
    html = page(client, "/search/suggest/?q=pyth")
    assert "<mark>Pyth</mark>on for beginners" in html
    assert 'data-fills="python"' in html
    assert page(client, "/search/suggest/?q=").strip() == ""
