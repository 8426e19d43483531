"""The personal order over real courses: who is moved and why, pages that lose nothing, who isn't touched."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from apps.accounts.services import choose_interests, update_profile
from apps.core.pagination import InvalidCursor
from apps.courses.models import Course
from apps.courses.services import merge_category
from apps.courses.tests.factories import CategoryFactory, CourseFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.search import selectors, services
from apps.search.queries import Search
from apps.search.selectors.personal import WINDOW

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
POPULAR = Search(sort="popular")


@pytest.fixture
def tree():
    science = CategoryFactory(slug="science", name_en="Science", name_ru="Наука")
    return {
        "art": CategoryFactory(slug="art", name_en="Art", name_ru="Искусство"),
        "science": science,
        "physics": CategoryFactory(
            slug="physics", name_en="Physics", name_ru="Физика", parent=science
        ),
    }


def shelf(teacher, category, popularity, **fields):
    """Courses of these popularities, the first is the most popular."""
    return [
        CourseFactory(owner=teacher, category=category, student_count=number, **fields)
        for number in popularity
    ]


def ids(courses):
    return [course.pk for course in courses]


def found(user, search=POPULAR, cursor=None, limit=20):
    return selectors.courses_for(user, search, cursor=cursor, limit=limit)


@pytest.fixture
def shelves(tree, teacher):
    """Thirty of art, then one of physics."""
    art = shelf(teacher, tree["art"], range(1000, 970, -1))
    physics = shelf(teacher, tree["physics"], [10])
    services.rebuild()
    return art, physics


def test_a_subject_chosen_above_draws_what_lies_below_and_says_so(shelves, student):
    art, (physics,) = shelves
    choose_interests(user=student, subjects=["science"], words=[])

    results = found(student)

    # the thirty-first place, twenty up
    assert results.ids == [*ids(art[:10]), physics.pk, *ids(art[10:19])]
    assert results.reasons == {physics.pk: "Because you are interested in Science"}
    with override("ru"):
        reasons = found(student).reasons
    assert reasons == {physics.pk: "Потому что вас интересует тема «Наука»"}


def test_a_seat_draws_its_subject_and_isn_t_drawn_itself(shelves, tree, teacher, student):
    art, (physics,) = shelves
    (mine,) = shelf(teacher, tree["physics"], [9])
    services.refresh(course_ids=[mine.pk])
    seat = EnrollmentFactory(student=student, course=mine)

    results = found(student)
    assert results.reasons == {physics.pk: "Because you study Physics"}
    assert results.ids.index(physics.pk) == 30 - 18

    seat.completed_at, seat.status = NOW, "completed"
    seat.save()
    results = found(student, limit=100)
    assert results.reasons == {physics.pk: "Because you studied Physics"}
    assert results.ids.index(physics.pk) == 30 - 6, "of a level that is finished, half as far"
    assert results.ids.index(mine.pk) == 31

    seat.status = "cancelled"
    seat.save()
    assert found(student).reasons == {}


def test_words_of_one_s_own_are_found_in_titles_in_any_form(shelves, tree, teacher, student):
    (views,) = shelf(teacher, tree["art"], [5], title="Основы пейзажной фотографии", language="ru")
    services.refresh(course_ids=[views.pk])
    student.locale = "ru"
    student.save()
    choose_interests(user=student, subjects=[], words=["Фотография пейзажная", "the", "квас"])

    assert found(student).reasons == {
        views.pk: "Because you are interested in Фотография пейзажная"
    }


def test_what_the_person_can_t_read_isn_t_drawn(shelves, tree, teacher, student):
    (german,) = shelf(teacher, tree["physics"], [9], language="de")
    services.refresh(course_ids=[german.pk])
    choose_interests(user=student, subjects=["physics"], words=[])
    assert german.pk not in found(student).reasons


def test_interests_follow_a_merged_subject(shelves, tree, student):
    _art, (physics,) = shelves
    choose_interests(user=student, subjects=["physics"], words=[])
    merge_category(category=tree["physics"], into=tree["science"])
    services.rebuild()
    assert found(student).reasons == {physics.pk: "Because you are interested in Science"}


# ── Untouched ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("sort", ["newest", "rating", "price", "-price"])
def test_the_reader_s_own_sort_is_never_touched(shelves, student, sort):
    choose_interests(user=student, subjects=["physics"], words=[])
    search = Search(sort=sort)
    shared = selectors.find_courses(search, cursor=None, limit=20)
    personal = found(student, search)
    assert (personal.ids, personal.next, personal.reasons) == (shared.ids, shared.next, {})


def test_switched_off_the_answer_is_everybody_s(shelves, student):
    choose_interests(user=student, subjects=["physics"], words=[])
    update_profile(user=student, changes={"personal_order": False})
    shared = selectors.find_courses(POPULAR, cursor=None, limit=20)
    assert vars(found(student)) == {**vars(shared), "reasons": {}}


def test_who_neither_chose_nor_studies_sees_what_everybody_sees(shelves, student):
    shared = selectors.find_courses(POPULAR, cursor=None, limit=20)
    assert vars(found(student)) == {**vars(shared), "reasons": {}}


def test_by_relevance_the_best_hits_stay_near(tree, teacher, student):
    art = shelf(teacher, tree["art"], range(40, 20, -1), title="Light")
    (physics,) = shelf(teacher, tree["physics"], [1], title="Light")
    services.rebuild()
    choose_interests(user=student, subjects=["physics"], words=[])
    results = found(student, Search(text="light", sort="relevance"))
    assert results.ids[:13] == [*ids(art[:12]), physics.pk]


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def long_shelves(tree, teacher, student):
    """Every fifth of a hundred courses is physics, which the student wants to learn."""
    for number in range(100):
        category = tree["physics" if number % 5 == 4 else "art"]
        CourseFactory(owner=teacher, category=category, student_count=1000 - number)
    services.rebuild()
    choose_interests(user=student, subjects=["physics"], words=[])


def walk(user, limit, meanwhile=lambda: None):
    pages, results = [], found(user, limit=limit)
    while True:
        pages.append(results)
        if results.next is None:
            return pages
        meanwhile()
        results = found(user, cursor=results.next, limit=limit)


@pytest.mark.parametrize("limit", [7, 20, 60, 100])
def test_over_the_pages_nothing_comes_twice_or_is_lost(long_shelves, student, limit):
    pages = walk(student, limit)
    everything = [pk for page in pages for pk in page.ids]
    shared = selectors.find_courses(POPULAR, cursor=None, limit=100).ids
    assert sorted(everything) == sorted(shared)
    assert everything[WINDOW:] == shared[WINDOW:], "beyond the window the order is everybody's"
    assert everything[:WINDOW] != shared[:WINDOW]
    assert all(abs(everything.index(pk) - place) <= 20 for place, pk in enumerate(shared))
    risen = {pk for page in pages for pk in page.reasons}
    assert all(everything.index(pk) < shared.index(pk) for pk in risen)
    assert {page.count.value for page in pages} == {100}


def test_a_page_goes_on_in_another_language(long_shelves, student, tree):
    search = Search(sort="popular", categories=(tree["art"], tree["physics"]))
    with override("en"):
        first = found(student, search)
    with override("ru"):
        assert found(student, search, cursor=first.next).ids


def test_what_is_chosen_meanwhile_doesn_t_shake_the_pages(long_shelves, student):
    def change_of_mind():
        choose_interests(user=student, subjects=["art"], words=[])

    pages = walk(student, 20, change_of_mind)
    assert len({pk for page in pages for pk in page.ids}) == 100


def test_the_pages_lead_back(long_shelves, student):
    first = found(student)
    second = found(student, cursor=first.next)
    back = found(student, cursor=second.previous)
    assert (back.ids, back.reasons, back.previous) == (first.ids, first.reasons, None)


def test_switched_off_on_the_way_the_pages_go_on_without_reasons(long_shelves, student):
    first = found(student)
    update_profile(user=student, changes={"personal_order": False})
    second = found(student, cursor=first.next)
    assert not {*first.ids} & {*second.ids}
    assert second.reasons == {}


def test_a_cursor_serves_its_own_question_alone(long_shelves, student):
    cursor = found(student).next
    for search in (Search(sort="relevance"), Search(sort="popular", levels=("beginner",))):
        with pytest.raises(InvalidCursor):
            found(student, search, cursor=cursor)


@pytest.mark.parametrize(
    "cursor",
    ["~", "~x", "~e30:1:x", "~" + signing.dumps([1], salt="other")],
    ids=["empty", "unsigned", "badly signed", "signed elsewhere"],  # workers have to agree on them
)
def test_a_cursor_of_one_s_own_make_is_refused(student, cursor):
    with pytest.raises(InvalidCursor):
        found(student, cursor=cursor)


def test_a_course_archived_meanwhile_is_left_out(long_shelves, student):
    first = found(student)
    second = found(student, cursor=first.next)
    Course.objects.filter(pk=second.ids[0]).update(status="archived")
    assert [course.pk for course in selectors.cards(second.ids)] == second.ids[1:]


def test_the_number_of_queries_doesn_t_grow(long_shelves, tree, teacher, student):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            found(student)
        return len(captured)

    found(student)  # the tree is cached from now on
    before = queries()
    for course in shelf(teacher, tree["art"], [1, 1, 1], tags=["ink", "light"]):
        EnrollmentFactory(student=student, course=course, last_activity_at=NOW + timedelta(days=1))
    choose_interests(user=student, subjects=["art", "physics"], words=["ink", "tea", "chess"])
    assert queries() == before + 2, "the courses studied are one query, all words another"
