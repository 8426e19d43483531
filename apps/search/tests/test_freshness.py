"""What changes a course changes its document, whoever says so and however many do at once."""

import threading
import time
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts import services as accounts
from apps.accounts.tests.factories import TeacherFactory
from apps.core import bus
from apps.core.models import Delivery
from apps.courses import services as courses
from apps.courses.models import Course, CourseStatus
from apps.courses.tests.factories import CategoryFactory, CourseFactory, LessonFactory
from apps.search import selectors, services
from apps.search.models import SearchDocument, SearchShelf, SearchTerm
from apps.search.queries import Search
from apps.search.services import documents, portions, rebuilding, tiers, vocabulary

pytestmark = pytest.mark.django_db

PLACED = """
SELECT count(*) FILTER (WHERE d.tier <> (
    SELECT count(*) FROM search_tier t
    WHERE (d.popularity, d.course_id) < (t.last_popularity, t.last_course)
)) FROM search_document d
"""


def found(text):
    return selectors.find_courses(Search(text=text, sort="relevance"), cursor=None, limit=50).ids


def misplaced():
    with connection.cursor() as cursor:
        cursor.execute(PLACED)
        return cursor.fetchone()[0]


@pytest.fixture
def course(teacher):
    course = CourseFactory(title="Alpha", owner=teacher, category=CategoryFactory())
    services.rebuild()
    return course


# ── What makes a document stale ───────────────────────────────────────────────────────────────
def test_figures_are_counted_without_the_words(course, deliver_all, monkeypatch):
    monkeypatch.setattr(documents, "WRITE", "SELECT 1/0")
    for histogram in ([0, 0, 1, 0, 0], [0, 0, 1, 0, 9], [0, 0, 0, 0, 0]):
        courses.set_rating(course_id=course.pk, histogram=histogram)
        courses.count_students(course_id=course.pk, change=1)
        deliver_all()
        document = SearchDocument.objects.get()
        course.refresh_from_db()
        assert document.popularity == course.student_count
        assert document.rating == int((course.avg_rating or Decimal(0)) * 100)
        assert services.check(mend=False).total == 0  # in all columns


def test_a_course_that_many_events_tell_of_is_written_once(course, monkeypatch):
    asked = []
    monkeypatch.setattr(services, "refresh", lambda **ids: asked.append(ids))
    with transaction.atomic():
        for _ in range(3):
            courses.raise_revision(course_id=course.pk)
            courses.count_students(course_id=course.pk, change=1)
    bus.deliver_waiting("search.refresh_documents")
    assert asked == [{"course_ids": {course.pk}, "counted": {course.pk}}]


def test_a_document_that_is_right_is_not_written(course):
    def version():
        with connection.cursor() as cursor:
            cursor.execute("SELECT ctid FROM search_document")
            return cursor.fetchone()

    before = version()
    services.refresh(course_ids=[course.pk], counted=[course.pk])
    services.refresh(course_ids=[], counted=[course.pk])
    assert version() == before
    Course.objects.update(title="Beta")
    services.refresh(course_ids=[course.pk])
    assert version() != before


def test_words_are_learnt_where_words_have_changed(course, monkeypatch):
    learnt = []
    monkeypatch.setattr(vocabulary, "learn", lambda course_ids: learnt.extend(course_ids))
    Course.objects.update(student_count=5, review_count=2)
    services.refresh(course_ids=[course.pk])
    assert learnt == []
    Course.objects.update(title="Beta")
    services.refresh(course_ids=[course.pk])
    assert learnt == [course.pk]


def test_a_teacher_is_found_by_the_new_name_and_not_after_erasure(course, deliver_all, monkeypatch):
    monkeypatch.setattr(portions, "PORTION", 2)
    for _ in range(4):
        CourseFactory(owner=course.owner)
    services.rebuild()
    accounts.update_profile(user=course.owner, changes={"name": "Zebedee"})
    deliver_all()
    assert len(found("zebedee")) == 5
    accounts.update_profile(user=course.owner, changes={"name": "Zebedee", "bio": "B"})
    assert not Delivery.objects.exists()
    accounts.erase_person(course.owner, timezone.now())
    deliver_all()
    assert found("zebedee") == [] and services.check(mend=False).total == 0


def test_courses_are_found_by_what_their_category_is_called_now(course, deliver_all, monkeypatch):
    monkeypatch.setattr(portions, "PORTION", 2)
    below = CategoryFactory(parent=course.category)
    for _ in range(3):
        CourseFactory(category=below)
    services.rebuild()
    courses.rename_category(
        category=course.category, slug="geo", name_en="Geology", name_ru="Геология"
    )
    deliver_all()
    assert len(found("geology")) == len(found("геология")) == 4

    other = CategoryFactory(name_en="Botany", name_ru="Ботаника")
    courses.move_category(category=below, parent=other)
    deliver_all()
    assert (len(found("geology")), len(found("botany"))) == (1, 3)

    courses.merge_category(category=below, into=course.category)
    deliver_all()
    assert (len(found("geology")), len(found("botany"))) == (4, 0)
    assert services.check(mend=False).total == 0


def test_a_category_announces_itself_alone_however_many_courses_it_has(course):
    CourseFactory.create_batch(3, category=course.category)
    courses.rename_category(category=course.category, slug="x", name_en="X", name_ru="Икс")
    assert Delivery.objects.filter(subscriber__startswith="search.").count() == 1


def test_the_title_of_a_lesson_is_found(course, teacher, deliver_all):
    lesson = LessonFactory(course=course)
    courses.update_lesson(
        lesson=lesson, editor=teacher, changes={"title": "Quaternions"}, at=timezone.now()
    )
    deliver_all()
    assert found("quaternions") == [course.pk]


# ── Tiers ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("number", [3, 9, 30, 120])
def test_tiers_are_whole_after_every_step_of_a_cut(number, monkeypatch):
    monkeypatch.setattr(tiers, "PORTION", 3)
    owner = TeacherFactory()
    made = [CourseFactory(owner=owner, student_count=n % 7).pk for n in range(number)]
    services.refresh(course_ids=made)
    move = tiers._move_end

    def step(tier, target):
        moved = move(tier, target)
        ends = tiers._ends_now()
        assert misplaced() == 0 and moved <= 3 and ends == sorted(ends, reverse=True)
        return moved

    monkeypatch.setattr(tiers, "_move_end", step)
    for share in ((0.01, 0.10), (0.3, 0.6), (0.02, 0.05), (0.4, 0.5), (0.0, 0.9)):
        monkeypatch.setattr(tiers, "SHARES", share)
        services.cut()
        wanted = [round(number * share[0]), round(number * share[1])]
        sizes = [SearchDocument.objects.filter(tier__lt=tier).count() for tier in (1, 2)]
        assert sizes == wanted
        Course.objects.filter(pk__in=made[: number // 2]).update(student_count=number)
        services.refresh(course_ids=[], counted=made)
        assert misplaced() == 0


# ── Races ─────────────────────────────────────────────────────────────────────────────────────
def beside(call):
    """Start the call in a thread, and wait until it has to wait for somebody's lock."""
    done = []

    def run():
        try:
            call()
            done.append(None)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    while not done and not waiting():
        time.sleep(0.01)
    return thread


def waiting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


def rewrite(course_ids):
    rebuilding._write_portion(course_ids)


def refresh(course_ids):
    services.refresh(course_ids=course_ids)


def recount(course_ids):
    services.refresh(course_ids=[], counted=course_ids)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("earlier", [refresh, rewrite, recount])
@pytest.mark.parametrize("later", [refresh, rewrite])
def test_of_two_writers_none_stores_what_it_read_before_the_other(course, earlier, later):
    with transaction.atomic():
        Course.objects.update(title="Beta", student_count=70)
        later([course.pk])
        thread = beside(lambda: earlier([course.pk]))
    thread.join()
    assert services.check(mend=False).total == 0
    assert found("beta") == [course.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("earlier", [refresh, rewrite, recount])
def test_an_archived_course_does_not_come_back(course, earlier):
    Course.objects.update(title="Beta", student_count=70)  # else there is nothing to write
    with transaction.atomic():
        Course.objects.update(status=CourseStatus.ARCHIVED)
        refresh([course.pk])
        thread = beside(lambda: earlier([course.pk]))
    thread.join()
    assert not SearchDocument.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [refresh, rewrite, recount])
def test_a_document_written_during_a_cut_stands_in_the_tier_of_the_new_ends(
    course, write, monkeypatch
):
    for number in range(9):
        CourseFactory(owner=course.owner, student_count=number * 10)
    services.rebuild()
    monkeypatch.setattr(tiers, "SHARES", (0.3, 0.6))
    Course.objects.filter(pk=course.pk).update(student_count=75)
    with transaction.atomic():
        services.cut()
        thread = beside(lambda: write([course.pk]))
    thread.join()
    assert SearchDocument.objects.get(pk=course.pk).popularity == 75
    assert misplaced() == 0


@pytest.mark.django_db(transaction=True)
def test_a_shelf_is_not_cleared_under_a_document_that_comes(course):
    services.rebuild()
    Course.objects.update(status=CourseStatus.ARCHIVED)
    refresh([course.pk])
    with transaction.atomic():
        Course.objects.update(status=CourseStatus.PUBLISHED)
        refresh([course.pk])
        thread = beside(lambda: services.finish(found=services.Drift(), mended=True))
    thread.join()
    assert SearchShelf.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_batches_that_share_courses_wait_for_each_other_without_a_deadlock(teacher):
    made = [CourseFactory(owner=teacher).pk for _ in range(20)]
    failed = []

    def run(order):
        try:
            for number in range(10):
                Course.objects.filter(pk__in=made).update(review_count=number)
                services.refresh(course_ids=order[:10], counted=order[10:])
        except Exception as error:  # noqa: BLE001 - it is the result
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[order]) for order in (made, made[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


# ── The outbox ────────────────────────────────────────────────────────────────────────────────
def test_search_waits_behind_no_other_subscriber(course):
    assert bus.queues() == {"search"}
    assert bus._subscribers["search.refresh_documents"].queue == "search"


def test_words_of_a_published_course_can_be_suggested_at_once(course, deliver_all):
    Course.objects.update(title="Xylophone")
    with transaction.atomic():
        courses.raise_revision(course_id=course.pk)
    deliver_all()
    assert SearchTerm.objects.filter(term="xylophone").exists()
