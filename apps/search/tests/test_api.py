"""The catalogue's API: contract, filters, orders, pages, bad input, cost."""

import base64
import json
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.utils import timezone

from apps.accounts.tests.factories import TeacherFactory
from apps.core.money import CURRENCIES
from apps.courses import services as courses
from apps.courses.models import CategoryRedirect
from apps.courses.tests.factories import CategoryFactory, CourseFactory, DraftFactory, LessonFactory
from apps.search import selectors, services, tasks
from apps.search.models import SearchTerm
from apps.search.prices import UNITS

pytestmark = pytest.mark.django_db
URL = "/api/courses"


@pytest.fixture
def titles(api):
    """`titles(q="…", level="…")`: the titles found, in order."""

    def ask(**params):
        answer = api().get(URL, params)
        assert answer.status_code == 200, answer.content
        return [course["title"] for course in answer.json()["results"]]

    return ask


def make(title, **fields):
    return CourseFactory(title=title, **{"subtitle": "", "description": "", **fields})


def test_item_has_the_contract_s_fields(api):
    make("Honest statistics", price_minor=2900, avg_rating=Decimal("4.50"), review_count=2)
    services.rebuild()
    answer = api().get(URL).json()
    (item,) = answer["results"]
    assert set(item) == set(
        "id slug title subtitle price currency is_free level language duration_minutes category "
        "teacher thumbnail avg_rating review_count student_count created_at".split()
    )
    assert item["price"] == "29.00"
    assert answer["count"] == {"value": 1, "relation": "eq"}
    assert (answer["next"], answer["previous"], answer["did_you_mean"]) == (None, None, None)


def test_only_published_courses_are_listed(titles):
    make("Public")
    DraftFactory(title="Draft")
    services.rebuild()
    assert titles() == ["Public"]


def test_a_course_that_left_the_catalogue_isn_t_shown_before_its_event(titles):
    course = make("Gone")
    services.rebuild()
    type(course).objects.filter(pk=course.pk).update(status="archived")
    assert titles() == []


@pytest.fixture
def shelf():
    """Four courses that differ in everything that is filtered."""
    root = CategoryFactory(slug="programming")
    python = CategoryFactory(slug="python", parent=root)
    music = CategoryFactory(slug="music")
    now = timezone.now()
    make(
        "Free",
        category=python,
        level="beginner",
        language="ru",
        duration_minutes=60,
        student_count=5,
        avg_rating=Decimal("3.00"),
        review_count=3,
        created_at=now - timedelta(days=4),
    )
    make(
        "Cheap",
        category=root,
        level="advanced",
        price_minor=1500,
        duration_minutes=180,
        avg_rating=Decimal("4.50"),
        review_count=2,
        student_count=9,
        created_at=now - timedelta(days=3),
    )
    make(
        "Dear",
        category=music,
        level="advanced",
        price_minor=9900,
        duration_minutes=900,
        avg_rating=Decimal("4.50"),
        review_count=8,
        student_count=1,
        created_at=now - timedelta(days=2),
    )
    make(
        "Roubles",
        category=music,
        level="intermediate",
        language="ru",
        price_minor=249_000,
        currency="RUB",
        duration_minutes=600,
        student_count=7,
        created_at=now - timedelta(days=1),
    )
    services.rebuild()


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"category": "programming"}, {"Free", "Cheap"}),
        ({"category": "python"}, {"Free"}),
        ({"category": ["python", "music"]}, {"Free", "Dear", "Roubles"}),
        ({"level": "advanced"}, {"Cheap", "Dear"}),
        ({"level": ["advanced", "beginner"]}, {"Cheap", "Dear", "Free"}),
        ({"language": "ru"}, {"Free", "Roubles"}),
        ({"is_free": "true"}, {"Free"}),
        ({"is_free": "false"}, {"Cheap", "Dear", "Roubles"}),
        ({"min_price": "15"}, {"Cheap", "Dear", "Roubles"}),
        ({"max_price": "15.00"}, {"Free", "Cheap"}),
        ({"min_price": "2490", "max_price": "2490", "currency": "RUB"}, {"Roubles"}),
        ({"price": "low"}, {"Cheap"}),
        ({"price": ["free", "high"]}, {"Free", "Dear", "Roubles"}),
        ({"min_rating": "4.5"}, {"Cheap", "Dear"}),
        ({"min_duration": "180", "max_duration": "600"}, {"Cheap", "Roubles"}),
        ({"length": "short"}, {"Free"}),
        ({"length": ["medium", "long"]}, {"Cheap", "Roubles", "Dear"}),
        ({"level": "advanced", "category": "music"}, {"Dear"}),
        ({"unknown": "parameter"}, {"Free", "Cheap", "Dear", "Roubles"}),
    ],
)
def test_filters(shelf, titles, params, found):
    assert set(titles(**params)) == found


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["Cheap", "Roubles", "Free", "Dear"]),
        ("popular", ["Cheap", "Roubles", "Free", "Dear"]),
        ("newest", ["Roubles", "Dear", "Cheap", "Free"]),
        ("rating", ["Dear", "Cheap", "Free", "Roubles"]),
        ("price", ["Free", "Cheap", "Roubles", "Dear"]),
        ("-price", ["Dear", "Roubles", "Cheap", "Free"]),
    ],
)
def test_orders(shelf, titles, sort, order):
    assert titles(sort=sort) == order


@pytest.mark.parametrize("sort", ["popular", "newest", "rating", "price", "-price", "relevance"])
def test_pages_hold_every_course_once_in_order(api, titles, sort):
    teacher = TeacherFactory()
    for n in range(13):
        make(
            f"Course {n}",
            owner=teacher,
            student_count=n % 3,
            price_minor=n % 4 * 1000,
            avg_rating=Decimal(n % 3 + 1),
            review_count=1,
        )
    services.rebuild()
    whole = titles(q="course", sort=sort, limit=100)
    seen, url = [], f"{URL}?q=course&sort={sort}&limit=4"
    pages = []
    while url:
        pages.append(api().get(url).json())
        seen += [course["title"] for course in pages[-1]["results"]]
        url = pages[-1]["next"]
    assert seen == whole
    assert len(set(seen)) == 13
    back = api().get(pages[-1]["previous"]).json()
    assert back["results"] == pages[-2]["results"]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"level": "expert"}, "level"),
        ({"sort": "colour"}, "sort"),
        ({"category": "no-such"}, "category"),
        ({"category": "x" * 5000}, "category"),
        ({"is_free": "perhaps"}, "is_free"),
        ({"min_price": "-1"}, "min_price"),
        ({"max_price": "1e5"}, "max_price"),
        ({"max_price": "NaN"}, "max_price"),
        ({"min_price": "20", "max_price": "10"}, "max_price"),
        ({"min_rating": "6"}, "min_rating"),
        ({"min_duration": "1.5"}, "min_duration"),
        ({"max_duration": "9" * 30}, "max_duration"),
        ({"language": "xx"}, "language"),
        ({"currency": "XXX"}, "currency"),
        ({"q": "x" * 10_000}, "q"),
        ({"limit": "1000"}, "limit"),
        ({"cursor": "nonsense"}, "cursor"),
    ],
)
def test_bad_parameters_are_named(api, params, field):
    answer = api().get(URL, params)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_a_reason_is_in_the_reader_s_language(api):
    answer = api().get(URL, {"level": "expert"}, headers={"Accept-Language": "ru"})
    assert "Одно из" in answer.json()["errors"]["level"][0]


def test_a_cursor_of_another_order_is_refused(api, shelf):
    url = api().get(URL, {"sort": "newest", "limit": 1}).json()["next"]
    answer = api().get(url.replace("newest", "popular"))
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["cursor"]


@pytest.mark.parametrize("odd", [True, "1", "x", 1.5, {"d": "0E-1000000"}, {"t": "2026-01-01T00Z"}])
@pytest.mark.parametrize(
    ("params", "values"),
    [({"q": "course"}, [0, 9, 9]), ({}, [9, 9]), ({"sort": "rating"}, [9, 9])],
    ids=["relevance", "popular", "rating"],
)
def test_a_forged_cursor_is_refused(api, params, values, odd):
    """Every place of it, since what it holds goes into SQL."""
    order = params.get("sort") or ("relevance" if params else "popular")
    for place, backwards in product(range(len(values)), (0, 1)):
        forged = [backwards, order, *values[:place], odd, *values[place + 1 :]]
        cursor = base64.urlsafe_b64encode(json.dumps(forged).encode()).decode()
        answer = api().get(URL, {**params, "cursor": cursor})
        assert answer.status_code == 400, forged
        assert list(answer.json()["errors"]) == ["cursor"]


def test_a_category_s_old_slug_still_filters(titles, shelf):
    category = CategoryFactory(slug="new-name")
    CategoryRedirect.objects.create(slug="old-name", category=category)
    make("Moved", category=category)
    services.rebuild()
    assert titles(category="old-name") == ["Moved"]


def test_facets_count_what_each_value_would_leave(api, shelf):
    facets = api().get(f"{URL}/facets", {"level": "advanced"}).json()
    assert facets["count"] == {"value": 2, "relation": "eq"}
    values = {
        group: {k: v["value"] for k, v in facets[group].items()}
        for group in facets
        if group != "count"
    }
    assert values["level"] == {"advanced": 2, "beginner": 1, "intermediate": 1}
    assert values["category"] == {"programming": 1, "music": 1}
    assert values["price"] == {"free": 0, "low": 1, "high": 1}
    assert values["rating"] == {"4.5": 2, "4": 2, "3": 2}
    assert values["language"] == {"en": 2}
    assert values["length"] == {"short": 0, "medium": 1, "long": 1}


def test_facets_refuse_what_the_list_refuses(api):
    assert api().get(f"{URL}/facets", {"level": "expert"}).status_code == 400


def test_counts_beyond_a_thousand_are_lower_bounds():
    from apps.search.selectors import Total

    assert Total.of(1000) == Total(1000, "eq")
    assert Total.of(1001) == Total(1000, "gte")


def test_suggestions(api):
    teacher = TeacherFactory(name="Stanley Brown")
    category = CategoryFactory(name_en="Statistics", name_ru="Статистика")
    for n in range(6):
        make(f"Statistics, part {n}", owner=teacher, category=category)
    services.rebuild()
    found = api().get(f"{URL}/suggest", {"q": "sta"}).json()["results"]
    assert len(found) <= 8
    assert {"text": "statistics", "kind": "query"} in found
    assert {"text": "Statistics", "kind": "category"} in found
    assert {"text": "Stanley Brown", "kind": "teacher"} in found
    assert [one["kind"] for one in found].count("course") == 4
    assert api().get(f"{URL}/suggest").json() == {"results": []}
    assert (
        api()
        .get(f"{URL}/suggest", {"q": "статис"}, headers={"Accept-Language": "ru"})
        .json()["results"]
    )


def test_the_list_is_anyone_s_and_writing_isn_t(api, student, teacher):
    assert api().get(URL).status_code == 200
    assert api(student).get(URL).status_code == 200
    assert api().post(URL, {"title": "Mine"}).status_code == 401
    assert api(student).post(URL, {"title": "Mine"}).status_code == 403
    assert api(teacher).post(URL, {"title": "Mine"}).status_code == 201


def test_who_wants_no_total_gets_none(api, django_assert_num_queries):
    for n in range(3):
        make(f"Python {n}")
    services.rebuild()
    asked = {"q": "python", "limit": 2}
    whole = api().get(URL, asked).json()
    assert whole["count"] == {"value": 3, "relation": "eq"}
    with django_assert_num_queries(1):
        answer = api().get(URL, {**asked, "count": "false"}).json()
    assert (answer["count"], answer["results"]) == (None, whole["results"])
    told = api().get(URL, {**asked, "count": "perhaps"})
    assert (told.status_code, list(told.json()["errors"])) == (400, ["count"])


@pytest.mark.parametrize("params", [{}, {"q": "python"}, {"q": "pyhton", "level": "beginner"}])
def test_cost_doesn_t_grow_with_the_rows(api, django_assert_max_num_queries, params):
    make("Python 0")
    services.rebuild()
    api().get(URL, params)
    with django_assert_max_num_queries(7) as captured:
        api().get(URL, params)
    one = len(captured)
    for n in range(5):
        make(f"Python {n + 1}")
    services.rebuild()
    api().get(URL, params)
    with django_assert_max_num_queries(one):
        answer = api().get(URL, params)
    assert len(answer.json()["results"]) == 6


# ── Freshness ─────────────────────────────────────────────────────────────────────────────────
def test_what_happens_to_a_course_shows_after_its_event(teacher, titles, deliver_all):
    now = timezone.now()
    course = DraftFactory(title="Wood carving", owner=teacher, description="Knives.")
    LessonFactory(course=course, title="The first notch")
    courses.publish_course(course=course, by=teacher, at=now)
    deliver_all()
    assert titles(q="carving") == ["Wood carving"]
    assert titles(q="notch") == ["Wood carving"]
    courses.update_course(course=course, editor=teacher, changes={"title": "Stone carving"}, at=now)
    deliver_all()
    assert titles(q="wood") == []
    assert titles(q="stone") == ["Stone carving"]
    courses.archive_course(course=course, by=teacher, at=now)
    deliver_all()
    assert titles() == []


def test_popularity_follows_the_seats(titles, deliver_all):
    first, second = make("First", student_count=1), make("Second")
    services.rebuild()
    assert titles() == ["First", "Second"]
    courses.count_students(course_id=second.pk, change=2)
    deliver_all()
    assert titles() == ["Second", "First"]
    courses.set_rating(course_id=first.pk, histogram=[0, 0, 0, 0, 1])
    deliver_all()
    assert titles(min_rating=5) == ["First"]


def test_every_currency_has_a_place_on_the_scale():
    assert set(UNITS) == set(CURRENCIES)


def test_the_vocabulary_forgets_words_that_no_course_has():
    course = make("Forgotten words")
    services.rebuild()
    type(course).objects.filter(pk=course.pk).update(title="Other words")
    tasks.learn_words()
    assert set(SearchTerm.objects.values_list("term", flat=True)) & {"forgotten", "words"} == {
        "words"
    }


def test_a_suggested_word_comes_with_what_it_finds():
    for n in range(3):
        course = make(f"Bonsai {n}")
        services.refresh(course_ids=[course.pk])
    (word,) = (one for one in selectors.suggestions("bons") if one.kind == "query")
    assert (word.text, word.count) == ("bonsai", 3)
