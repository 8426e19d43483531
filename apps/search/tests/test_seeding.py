"""The seeded catalogue holds together, and isn't made where it doesn't belong."""

import pytest
from django.core.management import CommandError, call_command

from apps.courses.models import Course, Lesson
from apps.search import selectors
from apps.search.models import SearchDocument
from apps.search.queries import Search

pytestmark = pytest.mark.django_db


def test_courses_are_whole_and_found(capsys):
    call_command("seed_catalog", courses=60)
    assert SearchDocument.objects.count() == Course.objects.published().count() == 60
    assert set(Course.objects.values_list("language", flat=True)) == {"en", "ru"}
    for course in Course.objects.all():
        course.full_clean()
        lessons = Lesson.objects.filter(course=course)
        assert lessons.count() == course.lesson_count
        assert sum(lesson.duration_minutes for lesson in lessons) == course.duration_minutes
        assert sum(course.rating_histogram) == course.review_count
    results = selectors.find_courses(
        Search(text=Course.objects.first().title, sort="relevance"), cursor=None, limit=5
    )
    assert results.courses
    assert "60 of 60" in capsys.readouterr().out
    call_command("seed_catalog", courses=5, seed=2)
    assert Course.objects.count() == 65


def test_refuses_outside_the_demo(settings):
    settings.DEMO_MODE = False
    with pytest.raises(CommandError, match="DEMO_MODE"):
        call_command("seed_catalog", courses=5)
    assert not Course.objects.exists()


def test_refuses_a_number_out_of_bounds():
    with pytest.raises(CommandError):
        call_command("seed_catalog", courses=0)


def test_rebuild_says_what_it_did(capsys):
    call_command("seed_catalog", courses=7)
    SearchDocument.objects.all().delete()
    call_command("search_rebuild")
    assert SearchDocument.objects.count() == 7
    assert "7 documents" in capsys.readouterr().out
