"""What is filtered by without words is counted without reading documents, and counted right."""

import importlib
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F

from apps.accounts.tests.factories import TeacherFactory
from apps.courses.models import Course, Level
from apps.courses.tests.factories import CategoryFactory, CourseFactory
from apps.search import lexemes, selectors, services
from apps.search.models import SearchDocument, SearchTally
from apps.search.queries import Search
from apps.search.selectors import tallies as reading
from apps.search.selectors import totals
from apps.search.selectors.asking import asked_of
from apps.search.selectors.facets import count_facets
from apps.search.services import tallies

pytestmark = pytest.mark.django_db

ROOT, LEAF = "root", "leaf"


@pytest.fixture
def shelf():
    """Forty courses of all kinds, some in no category."""
    chance = random.Random(3)
    teacher = TeacherFactory()
    root = CategoryFactory(slug=ROOT)
    categories = [None, root, CategoryFactory(slug=LEAF, parent=root), CategoryFactory()]
    made = [
        CourseFactory(
            title="Silver rivers",
            owner=teacher,
            category=chance.choice(categories),
            level=chance.choice(Level.values),
            language=chance.choice(["en", "ru"]),
            price_minor=chance.choice([0, 900, 9900]),
            duration_minutes=chance.choice([30, 180, 900]),
            avg_rating=chance.choice([None, Decimal("3.2"), Decimal("4.8")]),
        )
        for _ in range(40)
    ]
    services.rebuild()
    return made, root


def by_words(search):
    """The same counted by reading documents: all of them hold the words."""
    return selectors.total(Search(**{**vars(search), "text": "silver rivers"}))


def searches(root):
    yield Search()
    yield Search(levels=("beginner",))
    yield Search(languages=("ru",), is_free=True)
    yield Search(categories=(root,))
    yield Search(categories=(root,), lengths=("short", "medium"), min_rating=Decimal(3))
    yield Search(prices=("low", "high"), min_rating=Decimal("4.5"))


def test_counts_and_facets_are_those_of_the_documents(shelf):
    _, root = shelf
    for search in searches(root):
        assert reading.knows(asked_of(search))
        assert selectors.total(search) == by_words(search), search
        assert selectors.total(search).value, search
        with_words = Search(**{**vars(search), "text": "silver rivers"})
        assert _told(count_facets(search)) == _told(count_facets(with_words)), search


def _told(facets):
    return {
        (group, value): count.number
        for group, counts in facets.items()
        for value, count in counts.items()
        if count.number
    }


def test_a_range_that_cuts_a_bucket_is_counted_by_the_documents(shelf):
    courses, _ = shelf
    search = Search(min_duration=100, max_duration=200)
    assert not reading.knows(asked_of(search))
    expected = sum(100 <= course.duration_minutes <= 200 for course in courses)
    assert selectors.total(search) == totals.Total(expected, "eq")


def test_tallies_follow_every_change_of_a_document(shelf):
    courses, root = shelf
    Course.objects.filter(pk=courses[0].pk).update(category=root, level="advanced", price_minor=0)
    Course.objects.filter(pk=courses[1].pk).update(status="archived")
    another = CourseFactory(title="Silver rivers", owner=courses[0].owner, category=root)
    services.refresh(course_ids=[courses[0].pk, courses[1].pk, another.pk])
    SearchDocument.objects.filter(pk=courses[2].pk).update(rating=F("rating") + 100)
    assert tallies.mend() == 0
    for search in searches(root):
        assert selectors.total(search) == by_words(search), search


def test_a_change_of_what_isn_t_filtered_by_adds_no_row(shelf):
    courses, _ = shelf
    before = SearchTally.objects.count()
    Course.objects.filter(pk=courses[0].pk).update(title="Other words")
    services.refresh(course_ids=[courses[0].pk])
    assert SearchTally.objects.count() == before


def test_many_rows_of_a_kind_become_one(shelf):
    courses, root = shelf
    for level in ("advanced", "beginner", "advanced"):
        SearchDocument.objects.filter(category=root).update(level=level)
    before = {search: selectors.total(search) for search in searches(root)}
    services.merge_tallies()
    kinds = SearchTally.objects.values_list(*SearchTally.KIND)
    assert len(kinds) == len(set(kinds))
    assert all(SearchTally.objects.values_list("documents", flat=True))
    assert {search: selectors.total(search) for search in searches(root)} == before


def test_the_check_mends_tallies(shelf):
    _, root = shelf
    SearchTally.objects.filter(category=root).update(documents=F("documents") + 1)
    SearchTally.objects.filter(category=None, level="beginner").delete()
    wrong = tallies.mend()
    assert wrong > 1
    assert tallies.mend() == 0
    for search in searches(root):
        assert selectors.total(search) == by_words(search), search
    SearchTally.objects.all().delete()
    services.finish(found=services.check(mend=True), mended=True)
    assert tallies.mend() == 0


def test_triggers_know_the_buckets_of_the_lexemes():
    migration = importlib.import_module("apps.search.migrations.0007_tallies")
    with connection.cursor() as cursor:
        for column, edges in (
            ("price_key", lexemes.PRICE_EDGES),
            ("duration_minutes", lexemes.MINUTE_EDGES),
            ("rating", lexemes.RATING_EDGES),
        ):
            for value in {0, *edges, *(edge - 1 for edge in edges)}:
                values = {"price_key": 0, "duration_minutes": 0, "rating": 0} | {column: value}
                one = ", ".join(f"{number} AS {name}" for name, number in values.items())
                kinds = migration.KINDS.format(
                    number=1,
                    rows=f"(SELECT NULL::bigint AS category_id, '' AS language, '' AS level, {one})",
                )
                cursor.execute(f"SELECT price + minutes + rating FROM ({kinds}) k")
                letter = {"price_key": "p", "duration_minutes": "d", "rating": "r"}[column]
                assert cursor.fetchone() == (lexemes.touched(letter, [(value, value)])[0],)


# ── Phrases ───────────────────────────────────────────────────────────────────────────────────
def test_for_a_phrase_no_more_texts_are_read_than_is_said(shelf, monkeypatch):
    assert selectors.total(Search(text='"silver rivers"')) == totals.Total(40, "eq")
    assert selectors.total(Search(text='silver -"rivers silver rivers"')) == totals.Total(40, "eq")
    monkeypatch.setattr(totals, "MOST_READ", 15)
    assert selectors.total(Search(text='"silver rivers"')) == totals.Total(15, "gte")
    assert selectors.total(Search(text='"rivers rivers"')) == totals.Total(0, "gte")
    monkeypatch.setattr(totals, "MOST_COUNTED", 10)
    assert selectors.total(Search(text='"silver rivers"')) == totals.Total(10, "eq")


# ── Common words ──────────────────────────────────────────────────────────────────────────────
def test_a_word_of_many_titles_isn_t_counted(shelf):
    def counted(words, most, **asked):
        search = replace(asked_of(Search(text=words)), **asked)
        arguments, values = search.arguments()
        assert search.filters is None
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT search_count({arguments}, %s)", [*values, most])
            return cursor.fetchone()[0]

    SearchDocument.objects.all().delete()
    assert [counted("rivers", most) for most in (20, 21)] == [20, 0]
    assert [counted(words, 20) for words in ("silver rivers", "river", "riv")] == [0, 20, 0]
    for ends in ({"minutes": ((10, lexemes.MOST),)}, {"prices": ((0, 10**9),)}):
        assert counted("rivers", 20, **ends) == 0, "a range inside the outermost buckets"
