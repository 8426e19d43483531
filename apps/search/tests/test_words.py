"""Suggestions, ready answers, the vocabulary kept in place, parts of words, other readings of what was typed."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from apps.accounts.tests.factories import TeacherFactory
from apps.courses.models import Course
from apps.courses.tests.factories import CategoryFactory, CourseFactory
from apps.search import selectors, services
from apps.search.models import SearchName, SearchPrefix, SearchTerm
from apps.search.personal_data import erase
from apps.search.queries import Search
from apps.search.selectors import corrections, inside, walking
from apps.search.selectors.suggestions import suggestions
from apps.search.services import names
from apps.search.typing_slips import other_readings

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def time_enough(monkeypatch):
    monkeypatch.setattr(inside, "SECONDS", 60)


@pytest.fixture
def teacher():
    return TeacherFactory(name="Irina Vasilyevna Sokolova", username="irina")


def make(title, teacher, **fields):
    fields = {"subtitle": "", "description": "", "category": None, "tags": [], **fields}
    return CourseFactory(title=title, owner=teacher, **fields)


def texts(typed, kind, user=None):
    return [one.text for one in suggestions(typed, user) if one.kind == kind]


def find(text, **asked):
    search = Search(text=text, sort="relevance")
    return selectors.find_courses(replace(search, **asked), cursor=None, limit=50)


def titles(results):
    return [course.title for course in selectors.cards(results.ids)]


# ── Suggestions ───────────────────────────────────────────────────────────────────────────────
def test_any_word_of_a_title_a_name_or_a_tag_may_be_typed(teacher):
    make("Python for beginners", teacher, tags=["Data science"])
    services.rebuild()
    for typed in ("pyth", "begin", "python beg", "Python for b"):
        assert texts(typed, "course") == ["Python for beginners"]
    for typed in ("irina", "sokol", "Vasilyevna s"):
        assert texts(typed, "teacher") == ["Irina Vasilyevna Sokolova"]
    for typed in ("data s", "scien"):
        assert "Data science" in texts(typed, "query")
    assert suggestions("irina")[-1].count == 1


def test_eight_at_most_of_every_kind(teacher):
    CategoryFactory(name_en="Art of bonsai")
    category = CategoryFactory(name_en="Bonsai")
    for n in range(9):
        make(f"Bonsai {n}", teacher, category=category, tags=["bonsai trees"])
    make("Other", TeacherFactory(name="Bo Bonsai"))
    services.rebuild()
    found = suggestions("bonsai")
    assert len(found) == 8
    assert {one.kind for one in found} == {"query", "course", "category", "teacher"}


def test_one_statement_whatever_there_is(teacher, django_assert_max_num_queries):
    for n in range(9):
        make(f"Bonsai {n}", teacher)
    services.rebuild()
    suggestions("bons")
    with django_assert_max_num_queries(2):  # one is the tree of categories, when it isn't cached
        suggestions("bons")


def test_a_refreshed_course_is_suggested_and_one_that_left_isn_t(teacher):
    course = make("Wood carving", teacher, tags=["knives"])
    services.refresh(course_ids=[course.pk])
    assert texts("carv", "course") == ["Wood carving"]
    assert texts("kniv", "query") == ["knives"]
    Course.objects.filter(pk=course.pk).update(status="archived")
    assert suggestions("carv")[1:] == []
    assert texts("irina", "teacher") == []


def test_a_new_name_replaces_the_old_one(teacher):
    course = make("Wood carving", teacher)
    services.refresh(course_ids=[course.pk])
    teacher.name = "Anna Petrova"
    teacher.save()
    services.refresh(course_ids=[course.pk])
    assert texts("petr", "teacher") == ["Anna Petrova"]
    assert texts("sokol", "teacher") == []
    erase(teacher, AT)
    assert not SearchName.objects.filter(kind="teacher").exists()


@pytest.mark.parametrize(
    "typed", ["–rivers", "\u00adrivers", "(-rivers", '"-rivers', "±rivers", "x.-rivers"]
)
def test_no_dash_makes_a_search_for_all_the_rest(teacher, typed):
    make("Rivers x", teacher)
    make("Mountains x", teacher)
    services.rebuild()
    assert titles(find(typed)) == ["Rivers x"]
    assert titles(find("x -rivers")) == ["Mountains x"]


def test_a_beginning_of_much_has_its_answers_ready(teacher, monkeypatch):
    monkeypatch.setattr(names, "READY", 3)
    for n, word in enumerate(("pandas", "panel", "panorama", "pancakes", "panther")):
        make(f"The {word}", teacher, student_count=n, tags=[word])
    services.rebuild()
    services.cut()
    Course.objects.filter(title="The panther").update(status="archived")
    ready = {(row.kind, row.prefix): row.answers for row in SearchPrefix.objects.all()}
    assert len(ready["tag", "pan"]) == 5
    assert ("word", "pand") not in ready
    assert texts("pan", "query")[0] == "pancakes"
    assert texts("panth", "course") == []
    Course.objects.all().delete()
    services.learn_words()
    services.learn_names()
    assert not SearchPrefix.objects.exists()
    assert not SearchName.objects.exists()


def test_own_searches_stand_first(teacher, student, stranger):
    make("Python for beginners", teacher)
    services.rebuild()
    services.remember_search(user=student, text="pyramids of egypt", at=AT)
    assert texts("pyr", "query", student)[:1] == ["pyramids of egypt"]
    assert "pyramids of egypt" not in texts("pyr", "query", stranger)


def test_the_other_layout_is_understood_while_typing(teacher):
    make("Python for beginners", teacher)
    services.rebuild()
    assert texts("зне", "course") == ["Python for beginners"]
    assert texts("pyhton", "query") == ["python"]


@pytest.mark.parametrize(
    "typed", ["%", "-python", '"', "a:*", "((((", "-", "or", "中", "' or 1=1 --"]
)
def test_anything_may_be_typed(teacher, typed):
    make("Python for beginners", teacher)
    services.rebuild()
    assert isinstance(suggestions(typed), list)


# ── The vocabulary ────────────────────────────────────────────────────────────────────────────
def test_counts_are_made_true_in_place(teacher):
    courses = [make(f"Bonsai {word}", teacher) for word in ("pots", "soil")]
    services.rebuild()
    make("Bonsai tools", teacher)
    Course.objects.filter(pk=courses[0].pk).update(title="Bonsai trees")
    services.learn_words()
    counts = dict(SearchTerm.objects.values_list("term", "documents"))
    assert counts["bonsai"] == 3
    assert "pots" not in counts
    assert {"trees", "tools", "soil"} <= set(counts)


# ── Slips ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghbdtn", "привет"),
        ("GHBDTN", "привет"),
        ("ызщке", "sport"),
        ("lfyys[", "данных"),
        ("frilans", "фриланс"),
        ("mashinnoe obuchenie", "машинное обучение"),
        ("istoriya", "история"),
        ("питон", "python"),
        ("pitон", "python"),
        ("рython", "python"),
        ("эксель", "excel"),
        ("Frilans для python", "фриланс для python"),
    ],
)
def test_other_layouts_and_scripts(teacher, typed, meant):
    make("Привет, фриланс: машинное обучение, история данных", teacher)
    make("Sport, python, excel", teacher)
    services.rebuild()
    assert selectors.correction(typed) == meant


def test_a_word_in_both_scripts_is_read_by_its_looks_too():
    assert "python" in other_readings("рython")
    assert "мост" in other_readings("мocт")


@pytest.mark.parametrize("typed", ["2027", "python3000", "php7", "tea", "python", "sokolova"])
def test_numbers_short_and_known_words_stay(teacher, typed):
    make("Python 2026, php8 and pea", teacher)
    services.rebuild()
    assert selectors.correction(typed) is None


def test_a_far_more_common_word_is_offered_beside_few_courses(teacher, client):
    make("Pyton, the god of spelling", teacher)
    for n in range(20):
        make(f"Python {n}", teacher)
    services.rebuild()
    results = find("pyton")
    assert titles(results) == ["Pyton, the god of spelling"]
    assert (results.corrected, results.instead) == (None, "python")
    assert find("python").instead is None
    assert find("pyton", levels=("beginner",)).instead is None
    assert "?q=python" in client.get("/courses/?q=pyton").content.decode()


# ── Beginnings ────────────────────────────────────────────────────────────────────────────────
def test_the_last_word_may_go_on(teacher):
    make("Panorama of history", teacher)
    make("Panorama of music", teacher)
    services.rebuild()
    assert titles(find("history pano")) == ["Panorama of history"]
    assert titles(find("history.pano")) == ["Panorama of history"]
    assert titles(find("pano history")) == []


def test_a_beginning_of_much_stands_for_its_most_common_words(teacher, monkeypatch):
    monkeypatch.setattr(names, "READY", 3)
    monkeypatch.setattr(names, "ANSWERS", 2)
    for n, word in enumerate(("pandas", "panel", "panorama", "pancakes", "panther")):
        for _ in range(n + 1):
            make(f"The {word}", teacher, student_count=n)
    services.rebuild()
    assert set(titles(find("pan"))) == {"The panther", "The pancakes"}
    assert set(titles(find("pand"))) == {"The pandas"}


def test_a_word_that_courses_know_is_taken_as_it_is(teacher, monkeypatch):
    make("Art history", teacher, level="beginner")
    make("Arthritis", teacher, level="advanced")
    make("Smart homes", teacher, level="advanced")
    services.rebuild()
    assert titles(find("art", levels=("advanced",))) == ["Arthritis"]
    monkeypatch.setattr(corrections, "ENOUGH", 1)
    assert titles(find("art", levels=("advanced",))) == []
    assert titles(find("art")) == ["Art history"]


# ── Parts of words ────────────────────────────────────────────────────────────────────────────
def test_a_part_of_a_word_is_the_last_resort(teacher):
    make("Программирование", teacher, student_count=1, level="beginner")
    make("Электрограммофон", teacher, student_count=2, level="advanced")
    services.rebuild()
    found = find("ограмм")
    assert titles(found) == ["Электрограммофон", "Программирование"]
    assert (found.count.value, found.count.relation, found.corrected) == (2, "eq", None)
    assert titles(find("ограмм", levels=("beginner",))) == ["Программирование"]
    assert titles(find("ограмм -ффф")) == titles(found)
    assert titles(find("гр")) == []


@pytest.mark.parametrize("window", [2, 5, 100])
@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_pages_of_parts_go_on_both_ways(teacher, monkeypatch, window, sort):
    monkeypatch.setattr(inside, "WINDOW", window)
    for n in range(7):
        make(f"Программирование {n}", teacher, student_count=n // 2)
        make(f"Музыка {n}", teacher, student_count=n)
    services.rebuild()
    search = Search(text="граммир", sort=sort)
    ids, cursor, pages = [], None, []
    while True:
        page = selectors.find_courses(search, cursor=cursor, limit=2)
        ids += page.ids
        pages.append(page)
        if page.next is None:
            break
        cursor = page.next
    wanted = Course.objects.filter(title__startswith="Прог").order_by("-student_count", "-pk")
    assert ids == list(wanted.values_list("pk", flat=True))
    back = selectors.find_courses(search, cursor=pages[-1].previous, limit=2)
    assert back.ids == pages[-2].ids


def test_what_takes_too_long_finds_nothing(teacher):
    make("Программирование", teacher)
    services.rebuild()
    slow = "SELECT 1, 2, count(*) FROM pg_sleep(60)"
    assert inside._within(time.monotonic() + 0.02, slow, ()) == ([], 0)
    assert titles(find("граммир")) == ["Программирование"]


def test_words_that_say_nothing_have_pages(teacher):
    for n in range(3):
        make(f"Course {n}", teacher)
    services.rebuild()
    search = Search(text="the", sort="relevance")
    first = selectors.find_courses(search, cursor=None, limit=2)
    second = selectors.find_courses(search, cursor=first.next, limit=2)
    assert (len(first.ids), len(second.ids)) == (2, 1)
    assert not set(first.ids) & set(second.ids)
    assert selectors.total(search).value == first.count.value == 3
    assert selectors.facets(search)["language"]["en"].number == 3


@pytest.mark.parametrize("unwanted", ["-python", '-"learn python"'])
def test_what_is_unwanted_is_left_out_of_every_order_and_count(teacher, monkeypatch, unwanted):
    monkeypatch.setattr(walking, "LEAST_WINDOW", 3)
    monkeypatch.setattr(walking, "WINDOWS_WITH_WORDS", 3)
    for n in range(6):
        make("Cooking" if n % 2 else "Learn Python", teacher)
    services.rebuild()
    for sort in ("relevance", "newest", "popular"):
        for languages in ((), ("en", "ru")):
            search = Search(text=f"the {unwanted}", sort=sort, languages=languages)
            found = selectors.find_courses(search, cursor=None, limit=2)
            assert len(found.ids) == 2
            assert found.count.value == selectors.total(search).value == 3
            assert selectors.facets(search)["language"]["en"].number == 3
