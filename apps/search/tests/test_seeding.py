"""The seeded catalogue holds together, and isn't made where it doesn't belong."""

import random
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.courses.models import Category, Course, Lesson
from apps.search import seeding, selectors, services
from apps.search.models import SearchDocument, SearchTerm
from apps.search.queries import Search
from apps.search.seeding import words
from apps.search.services import bulk, vocabulary

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_courses_are_whole_and_found(capsys):
    call_command("seed_catalog", courses=60)
    assert SearchDocument.objects.count() == Course.objects.published().count() == 60
    assert set(Course.objects.values_list("language", flat=True)) == {"en", "ru"}
    for course in Course.objects.all():
        course.full_clean()
        assert course.lesson_count > 0
        assert course.duration_minutes >= course.lesson_count
        assert sum(course.rating_histogram) == course.review_count
    assert not Lesson.objects.exists()
    results = selectors.find_courses(
        Search(text=Course.objects.first().title, sort="relevance"), cursor=None, limit=5
    )
    assert results.count.value
    assert "60 of 60" in capsys.readouterr().out
    call_command("seed_catalog", courses=5, seed=2)
    assert SearchDocument.objects.count() == Course.objects.count() == 65


@pytest.mark.django_db
def test_the_tree_grows_to_two_hundred_in_three_ranks():
    _seed(1)
    assert Category.objects.count() == 200
    assert max(Category.objects.with_tree_fields().values_list("tree_depth", flat=True)) == 2
    for category in Category.objects.all():
        category.full_clean()
    _seed(1)
    assert Category.objects.count() == 200


@pytest.mark.django_db
def test_a_seed_makes_the_same_courses_again():
    first, second, third = _seed(30, seed=7), _seed(30, seed=7), _seed(30, seed=8)
    assert first == second != third


@pytest.mark.django_db
def test_titles_alone():
    _seed(10, titles_only=True)
    assert not Course.objects.exclude(subtitle="", description="").exists()
    assert not Course.objects.filter(title="").exists()


@pytest.mark.django_db(transaction=True)
def test_many_are_written_by_several_processes_as_by_one(settings, monkeypatch):
    database = settings.DATABASES["default"]
    monkeypatch.setenv(
        "DATABASE_URL",
        "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database),
    )
    alone = _seed(40, seed=3)
    monkeypatch.setattr(seeding, "PORTION", 20)
    together = _seed(40, seed=3)
    assert len(together) == 40
    assert together[:20] == alone[:20]


def test_words_are_common_rare_and_between():
    vocabulary = words.languages()["ru"].vocabulary
    assert len(set(vocabulary.values)) == words.VOCABULARY
    drawn = vocabulary.draw(random.Random(1), 100_000)
    first, last = set(vocabulary.values[:100]), set(vocabulary.values[-10_000:])
    assert 0.3 < sum(word in first for word in drawn) / len(drawn) < 0.7
    assert 0 < sum(word in last for word in drawn) / len(drawn) < 0.05


@pytest.mark.django_db
def test_refuses_outside_the_demo(settings):
    settings.DEMO_MODE = False
    with pytest.raises(CommandError, match="DEMO_MODE"):
        call_command("seed_catalog", courses=5)
    assert not Course.objects.exists()


def test_refuses_a_number_out_of_bounds():
    with pytest.raises(CommandError):
        call_command("seed_catalog", courses=0)


@pytest.mark.django_db
def test_rebuild_says_what_it_did(capsys):
    call_command("seed_catalog", courses=7)
    SearchDocument.objects.all().delete()
    call_command("search_rebuild")
    assert SearchDocument.objects.count() == 7
    assert "7 documents" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_the_first_rebuild_of_many_is_that_of_few(monkeypatch):
    _seed(40)
    services.rebuild()
    few = list(SearchDocument.objects.order_by("pk").values())
    words = list(SearchTerm.objects.order_by("pk").values())
    SearchDocument.objects.all().delete()
    monkeypatch.setattr(bulk, "WORTH", 40)
    shares = []
    services.rebuild(progress=lambda done, total: shares.append(done / total))
    assert list(SearchDocument.objects.order_by("pk").values()) == few
    assert list(SearchTerm.objects.order_by("pk").values()) == words
    assert shares == sorted(shares) and shares[-1] == 1
    assert _missing_indexes() == set()


@pytest.mark.django_db(transaction=True)
def test_indexes_that_a_broken_rebuild_left_out_are_built_by_the_next(monkeypatch):
    _seed(40)
    monkeypatch.setattr(bulk, "WORTH", 40)
    with monkeypatch.context() as broken:
        broken.setattr(vocabulary, "learn_words", _break)
        broken.setattr(bulk, "build_index", _break)
        with pytest.raises(ZeroDivisionError):
            services.rebuild()
    assert _missing_indexes()
    services.rebuild()
    assert _missing_indexes() == set()
    assert SearchDocument.objects.count() == 40


def _missing_indexes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'search_document'")
        there = {name for (name,) in cursor.fetchall()}
    return {index.name for index in SearchDocument._meta.indexes} - there


def _break(*_arguments):
    raise ZeroDivisionError


def _seed(number, *, seed=1, titles_only=False):
    """What the new courses are, but for their ids."""
    known = set(Course.objects.values_list("pk", flat=True))
    seeding.seed(
        courses=number, at=AT, seed=seed, titles_only=titles_only, progress=lambda done, total: None
    )
    made = Course.objects.exclude(pk__in=known).order_by("pk").select_related("owner", "category")
    return [
        (course.title, course.description, course.owner.name, course.category.slug)
        + (course.student_count, course.created_at, course.price_minor)
        for course in made
    ]
