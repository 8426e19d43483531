"""Words of both scripts: stems, names, prefixes, phrases, slips of typing, hostile text; and the order."""

import pytest

from apps.accounts.tests.factories import TeacherFactory
from apps.courses.tests.factories import CategoryFactory, CourseFactory
from apps.search import selectors, services
from apps.search.queries import Search

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    teacher = TeacherFactory(name="Irina Sokolova")
    category = CategoryFactory(name_en="Subjects", name_ru="Предметы")

    def make(title, description="", **fields):
        CourseFactory(
            title=title,
            subtitle="",
            description=description,
            owner=teacher,
            category=category,
            **fields,
        )

    make("Python for beginners", "Loops and functions.")
    make("Статистика для анализа данных", "Средние и медианы. Python не нужен.")
    make("C++ в примерах")
    make("C# and .NET, the short way")
    make("Node.js: server in a week")
    make("Ёлочные игрушки своими руками")
    make("HTML/CSS: вёрстка страниц")
    make("Résumé writing", tags=["работа"])
    make("Machine learning by hand", student_count=9)
    make("Learning about sewing machines")
    make("Математика: пределы")
    make("JavaScript by doing")
    services.rebuild()


def found(text):
    results = selectors.find_courses(Search(text=text, sort="relevance"), cursor=None, limit=50)
    return [course.title for course in selectors.cards(results.ids)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("python", "Python for beginners"),
        ("PYTHON", "Python for beginners"),
        ("статистике", "Статистика для анализа данных"),
        ("анализ данных", "Статистика для анализа данных"),
        ("c++", "C++ в примерах"),
        ("с++", "C++ в примерах"),
        ("C#", "C# and .NET, the short way"),
        (".net", "C# and .NET, the short way"),
        ("node.js", "Node.js: server in a week"),
        ("node js", "Node.js: server in a week"),
        ("nodejs", "Node.js: server in a week"),
        ("елочные", "Ёлочные игрушки своими руками"),
        ("ёлочные", "Ёлочные игрушки своими руками"),
        ("верстка", "HTML/CSS: вёрстка страниц"),
        ("css", "HTML/CSS: вёрстка страниц"),
        ("resume", "Résumé writing"),
        ("résumé", "Résumé writing"),
        ("работы", "Résumé writing"),
        ("python loops", "Python for beginners"),
        # as it is being typed
        ("pyt", "Python for beginners"),
        ("p", "Python for beginners"),
        ("стат", "Статистика для анализа данных"),
        ("machine lear", "Machine learning by hand"),
        # mixed scripts
        ("html страниц", "HTML/CSS: вёрстка страниц"),
        ("статистика python", "Статистика для анализа данных"),
    ],
)
def test_finds(shelf, text, first):
    assert found(text)[0] == first


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("pyhton", "Python for beginners"),
        ("pithon", "Python for beginners"),
        ("pythonn", "Python for beginners"),
        ("beginers", "Python for beginners"),
        ("machne lerning", "Machine learning by hand"),
        ("статитсика", "Статистика для анализа данных"),
        ("статестике", "Статистика для анализа данных"),
        ("матиматика", "Математика: пределы"),
        # the other keyboard layout
        ("зниерщт", "Python for beginners"),
        ("cnfnbcnbrf", "Статистика для анализа данных"),
        ("ьфсршту дуфктштп", "Machine learning by hand"),
        # the other script
        ("statistika", "Статистика для анализа данных"),
        ("matematika", "Математика: пределы"),
        ("джаваскрипт", "JavaScript by doing"),
    ],
)
def test_forgives_slips_and_says_what_it_searched_for(shelf, text, first):
    results = selectors.find_courses(Search(text=text, sort="relevance"), cursor=None, limit=50)
    assert selectors.cards(results.ids)[0].title == first
    assert results.corrected


@pytest.mark.parametrize("text", ["qwxzqwxz", "ыфывфывф", "zz", "щщ"])
def test_doesn_t_guess_where_nothing_is_near(shelf, text):
    assert selectors.correction(text) is None
    assert found(text) == []


def test_a_filter_that_leaves_nothing_isn_t_taken_for_a_slip(shelf):
    search = Search(text="python", levels=("advanced",), sort="relevance")
    results = selectors.find_courses(search, cursor=None, limit=5)
    assert (results.ids, results.corrected) == ([], None)


def test_phrase_and_exclusion(shelf):
    assert found('"machine learning"') == ["Machine learning by hand"]
    assert set(found("machine learning")) == {
        "Machine learning by hand",
        "Learning about sewing machines",
    }
    assert found("learning -sewing") == ["Machine learning by hand"]
    assert set(found("sewing or c++")) == {"Learning about sewing machines", "C++ в примерах"}


HOSTILE = [
    "%", "_", "\\", "\\' or 1=1 --", "'", '"', '""', "-", "--", "-python", "or", "or or", "-or", "& | ! ( )",
    "<->", ":*", "a:*", "python:*ABCD", "!!!", "((((", "'''' :*", "\\x00", "²", "½ ʹ", "🙂", "a" * 200,
    '"' * 200, "- " * 100, "(" * 200, "é" * 200, "\u202e\ufeff", "<script>alert(1)</script>", "{}[]", "$$",
    "%s %d", "c" * 60 + "++", "-" * 199 + "a", "中文", "a-b-c-d-e-f", "\ud83d",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(shelf, api, text):
    text = text.encode("utf-8", "replace").decode()
    for address in ("/api/courses", "/api/courses/suggest", "/api/courses/facets"):
        assert api().get(address, {"q": text}).status_code == 200


def test_null_bytes_are_refused(api):
    assert api().get("/api/courses?q=a%00b").status_code == 400
