"""The check finds what differs, and nothing that is on its way; a rebuild may be repeated."""

from datetime import timedelta

import pytest
from django.contrib.postgres.search import SearchVector
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F, Value

from apps.core import metrics
from apps.core.errors import Conflict
from apps.core.models import Delivery
from apps.courses import services as courses
from apps.courses.models import Course, CourseStatus
from apps.courses.tests.factories import CategoryFactory, CourseFactory
from apps.search import services, tasks
from apps.search.models import SearchDocument, SearchShelf
from apps.search.services import checking, rebuilding
from apps.search.services.documents import COLUMNS

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(teacher):
    made = [CourseFactory(owner=teacher, category=CategoryFactory()) for _ in range(5)]
    services.rebuild()
    return made


WRONG = {
    "owner_id": F("owner_id") + 1,
    "category_id": None,
    "root_id": None,
    "level": "advanced",
    "language": "kk",
    "price_key": F("price_key") + 1,
    "duration_minutes": F("duration_minutes") + 1,
    "rating": F("rating") + 1,
    "rating_key": F("rating_key") + 1,
    "popularity": F("popularity") + 1,
    "tier": F("tier") + 1,
    "created_at": F("created_at") + timedelta(seconds=1),
    "title": "other",
    "title_vector": SearchVector(Value("other")),
    "body_vector": SearchVector(Value("other")),
}


@pytest.mark.parametrize("column", sorted(set(COLUMNS) - {"course_id"}))
def test_a_wrong_column_is_found_and_mended(shelf, column):
    SearchDocument.objects.filter(pk=shelf[2].pk).update(**{column: WRONG[column]})
    assert services.check(mend=False) == services.Drift(differing=1)
    assert services.check(mend=True).differing == 1
    assert services.check(mend=False).total == 0


def test_missing_and_superfluous_documents_are_found_and_mended(shelf, monkeypatch, capsys):
    monkeypatch.setattr(checking, "PORTION", 2)
    SearchDocument.objects.filter(pk__in=[shelf[0].pk, shelf[1].pk]).delete()
    Course.objects.filter(pk=shelf[3].pk).update(status=CourseStatus.ARCHIVED)
    SearchShelf.objects.filter(category=shelf[4].category).delete()
    with pytest.raises(SystemExit):
        call_command("search_check")
    assert "2 missing, 1 superfluous, 0 differing" in capsys.readouterr().out
    assert b'eduplatform_search_drift{kind="missing"} 2.0' in metrics.exposition()
    call_command("search_check", "--mend")
    assert "mended" in capsys.readouterr().out
    call_command("search_check")
    assert b'eduplatform_search_drift{kind="missing"} 0.0' in metrics.exposition()
    kept = {course.category_id for course in shelf} - {shelf[3].category_id}
    assert set(SearchShelf.objects.values_list("category", flat=True)) == kept


def test_what_an_event_will_tell_is_no_drift(shelf, teacher, deliver_all):
    Course.objects.update(title="Beta")
    with transaction.atomic():
        courses.raise_revision(course_id=shelf[0].pk)
    courses.rename_category(category=shelf[1].category, slug="x", name_en="X", name_ru="Икс")
    assert services.check(mend=False).differing == 3
    Delivery.objects.update(dead=True)
    assert services.check(mend=False).differing == 5


def test_a_check_goes_on_part_by_part(shelf, monkeypatch):
    SearchDocument.objects.all().delete()
    first = min(course.pk for course in shelf)
    part = services.check(mend=True, above=first - 1, most=2)
    assert (part.missing, part.next) == (2, first + 1)
    monkeypatch.setattr(tasks, "CHECKED_AT_ONCE", 2)
    monkeypatch.setattr(tasks.check_index, "delay", tasks.check_index)
    tasks.check_index(part.next, part.missing)
    assert services.check(mend=False).total == 0
    assert services.last_check() == services.Drift(missing=5)


def test_an_index_that_was_emptied_fills_itself(shelf):
    tasks.fill_index()
    SearchDocument.objects.all().delete()
    tasks.fill_index()
    assert SearchDocument.objects.count() == 5
    # an event comes before the beat does
    SearchDocument.objects.exclude(pk=shelf[0].pk).delete()
    tasks.fill_index()
    assert SearchDocument.objects.count() == 5


def test_a_rebuild_may_be_repeated_and_clears_empty_shelves(shelf, monkeypatch):
    monkeypatch.setattr(rebuilding, "PORTION", 2)
    moved = shelf[0]
    emptied = moved.category_id
    Course.objects.filter(pk=moved.pk).update(category=shelf[1].category)
    Course.objects.filter(pk=shelf[2].pk).update(status=CourseStatus.ARCHIVED)
    for _ in range(2):
        told = []
        assert services.rebuild(progress=lambda done, total: told.append((done, total))) == 4
        assert told == [(2, 4), (4, 4)]
        assert services.check(mend=False).total == 0
        assert not SearchShelf.objects.filter(category__in=[emptied, shelf[2].category_id]).exists()


@pytest.mark.django_db(transaction=True)
def test_two_rebuilds_at_once_are_refused(shelf):
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [rebuilding.LOCK])
        with pytest.raises(Conflict):
            services.rebuild()
        cursor.execute("SELECT pg_advisory_unlock(%s)", [rebuilding.LOCK])
    other.close()
    assert services.rebuild() == 5
