"""The classes of questions that the search is measured with are what they say."""

import random
from datetime import UTC, datetime

import pytest

from apps.courses.models import Course
from apps.search import seeding, services
from apps.search.models import SearchTerm
from tests.bench.search.questions import (
    Questions,
    Vocabulary,
    browsing,
    search_of,
    slip,
    wrong_layout,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def vocabulary():
    seeding.seed(
        courses=400, at=datetime(2026, 11, 1, tzinfo=UTC), seed=1, progress=lambda done, total: None
    )
    services.rebuild()
    return Vocabulary.read()


def test_classes_are_what_they_say(vocabulary):
    classes = Questions(vocabulary, number=15).classes()
    documents = dict(SearchTerm.objects.values_list("term", "documents"))
    assert all(documents[search.text] >= 4 for search in classes["common"])
    assert all(documents[search.text] <= 2 for search in classes["medium"])
    assert all(documents[search.text] <= 10 for search in classes["rare"])
    assert all(len(search.text.split()) == 2 for search in classes["two common words"])
    titles = [title.lower() for title in Course.objects.values_list("title", flat=True)]
    for search in classes["phrases"]:
        assert any(search.text.strip('"').lower() in title for title in titles)
    for name in ("typos", "layout", "no hit"):
        known = [search.text for search in classes[name] if search.text in documents]
        assert len(known) <= 2, (name, known)
    assert all(len(search.text) <= 2 for search in classes["1–2 letters"])
    assert all(search.text.isascii() for search in classes["translit"])
    assert sum(map(len, classes.values())) > 11 * 15
    assert classes == Questions(vocabulary, number=15).classes()


def test_browsing_is_in_900_ways(vocabulary):
    first, deep = browsing()
    assert (len(set(first)), len(set(deep))) == (720, 180)
    assert {search.levels for search in deep} == {search.levels for search in first}


def test_words_are_spoilt_as_people_spoil_them():
    chance = random.Random(1)
    assert all(slip("python", chance) != "python" for _ in range(50))
    assert wrong_layout("привет") == "ghbdtn"
    assert wrong_layout("ghbdtn") == "привет"
    assert search_of("a\x00b" * 200).text
