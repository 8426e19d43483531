"""The hot reads: equal to their serializers, never old, kept by caches as far as they may be."""

import json
from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation
from rest_framework.renderers import JSONRenderer

from apps.accounts.services.profiles import erase_person, update_profile
from apps.accounts.tests.factories import TeacherFactory
from apps.core import kept, moment, ready
from apps.courses import services
from apps.courses.api import CourseCardOut, CourseOut
from apps.courses.api.categories import CategoryOut
from apps.courses.models import Course
from apps.courses.selectors import categories_tree, ready_cards, ready_categories
from apps.courses.services import categories
from apps.courses.tests.factories import (
    CategoryFactory,
    CourseFactory,
    DraftFactory,
    LessonFactory,
    ModuleFactory,
)
from apps.enrollment.services import reviews
from apps.enrollment.tests.factories import EnrollmentFactory, ReviewFactory
from apps.learning.api.lessons import CurriculumOut
from apps.learning.selectors.lessons import curriculum_for, public_curriculum
from apps.search.services import refresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(teacher) -> Course:
    course = CourseFactory(
        owner=teacher, title="Pens and inks", slug="pens", lesson_count=1, duration_minutes=10
    )
    LessonFactory(course=course, module=ModuleFactory(course=course))
    refresh(course_ids=[course.pk])
    return course


@pytest.fixture
def addresses(course) -> list[str]:
    return [
        "/api/courses",
        "/api/courses?q=pens",
        "/api/courses/facets",
        "/api/courses/suggest?q=pen",
        "/api/categories",
        f"/api/courses/{course.pk}",
        f"/api/courses/{course.pk}/curriculum",
        f"/api/reviews/course/{course.pk}",
        f"/api/enrollments/course/{course.pk}/count",
    ]


# ── The same as the serializers ───────────────────────────────────────────────────────────────
def as_rendered(data) -> list:
    """What the serializer's answer is in JSON, with the order of its fields."""
    return json.loads(JSONRenderer().render(data), object_pairs_hook=list)


def as_ready(body: bytes) -> list:
    return json.loads(body, object_pairs_hook=list)


def varied_courses() -> list[Course]:
    return [
        CourseFactory(
            owner=TeacherFactory(avatar_url="/media/avatar/a-256.webp", name="Ирина «Ё» \u2028"),
            subtitle="",
            price_minor=290_000_05,
            currency="RUB",
            language="ru",
            avg_rating="4.50",
            rating_histogram=[0, 0, 0, 1, 1],
            review_count=2,
            student_count=3,
            duration_minutes=95,
            created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        ),
        CourseFactory(
            title='<script>"\\ & \U0001f58b',
            category=None,
            cover={"320": "/media/cover/c-320.webp", "640": "/media/cover/c-640.webp"},
            price_minor=5,
            created_at=datetime(2026, 1, 2, 3, 4, 5, 120_000, tzinfo=UTC),
        ),
        CourseFactory(cover={"320": "/media/cover/c-320.webp"}, avg_rating="3.00"),
    ]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_ready_card_equals_the_serializers(language):
    courses = varied_courses()
    rows = Course.objects.with_card().in_bulk([course.pk for course in courses])
    with translation.override(language):
        for _made_then_kept in range(2):
            cards = ready_cards([course.pk for course in courses])
            for course, card in zip(courses, cards, strict=True):
                assert as_ready(card) == as_rendered(CourseCardOut(rows[course.pk]).data)


def test_cards_come_in_order_and_without_what_has_left():
    first, second = CourseFactory.create_batch(2)
    draft = DraftFactory()
    found = [json.loads(card)["id"] for card in ready_cards([second.pk, draft.pk, first.pk])]
    assert found == [second.pk, first.pk]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_is_kept_whole_equals_the_serializers(api, course, language):
    root = CategoryFactory()
    CourseFactory(category=CategoryFactory(parent=root))
    with translation.override(language):
        tree = CategoryOut(categories_tree(), many=True).data
        assert as_ready(ready_categories()) == as_rendered({"results": tree})
    modules = curriculum_for(course.owner, course)
    for lesson in (lesson for module in modules for lesson in module["lessons"]):
        del lesson["completed"]
    curriculum = CurriculumOut({"course": course.pk, "modules": modules}).data
    assert as_ready(public_curriculum(course.pk)) == as_rendered(curriculum)
    for each in varied_courses():
        answer = api().get(f"/api/courses/{each.pk}", HTTP_ACCEPT_LANGUAGE=language)
        with translation.override(language):
            row = Course.objects.with_card().get(pk=each.pk)
            assert as_ready(answer.content) == as_rendered(CourseOut(row).data)


def test_both_ways_through_a_view_give_the_same(api, addresses, stranger):
    for address in addresses:
        public, private = api().get(address).json(), api(stranger).get(address).json()
        for module in private.get("modules", []):
            for lesson in module["lessons"]:
                assert lesson.pop("completed") is False
        assert public == private, address


# ── What caches may keep ──────────────────────────────────────────────────────────────────────
def test_who_has_it_isnt_sent_it_again(api, addresses):
    for address in addresses:
        first = api().get(address)
        assert first.status_code == 200, address
        etag = first["ETag"]
        assert etag.startswith('W/"')
        for known in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
            again = api().get(address, HTTP_IF_NONE_MATCH=known)
            assert (again.status_code, again.content) == (304, b""), (address, known)
            for header in ("ETag", "Cache-Control", "Vary"):
                assert again[header] == first[header]
        assert api().get(address, HTTP_IF_NONE_MATCH='"other"').status_code == 200


def test_an_answer_in_another_language_is_another_one(api, course):
    address = f"/api/courses/{course.pk}"
    english = api().get(address, HTTP_ACCEPT_LANGUAGE="en")
    russian = api().get(address, HTTP_ACCEPT_LANGUAGE="ru", HTTP_IF_NONE_MATCH=english["ETag"])
    assert russian.status_code == 200
    assert russian["Content-Language"] == "ru"
    assert russian.json()["category"]["name"] == course.category.name_ru


def test_visitors_answers_are_public_and_others_private(api, client, addresses, stranger):
    for address in addresses:
        public = api().get(address)
        assert public["Cache-Control"] == ready.PUBLIC
        varied = {name.strip() for name in public["Vary"].split(",")}
        assert {"Accept-Language", "Authorization", "Cookie"} <= varied
        assert not public.cookies
        assert api(stranger).get(address)["Cache-Control"] == "private, no-store"
    client.force_login(stranger)
    for address in addresses:
        assert client.get(address)["Cache-Control"] == "private, no-store"


def test_a_refusal_is_told_in_the_usual_way_and_kept_by_nobody(api):
    for address, status in {
        "/api/courses/2147480000": 404,
        "/api/courses/2147480000/curriculum": 404,
        "/api/reviews/course/2147480000": 404,
        "/api/enrollments/course/2147480000/count": 404,
        "/api/courses?limit=0": 400,
        "/api/courses?cursor=nonsense": 400,
        "/api/courses?level=none": 400,
    }.items():
        answer = api().get(address)
        assert answer.status_code == status, address
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["Cache-Control"] == "private, no-store"
    assert api().post("/api/courses", {"title": "Mine"}).status_code == 401
    assert api().get("/api/categories", HTTP_ACCEPT="text/html").status_code == 406
    assert api().get("/api/categories", HTTP_AUTHORIZATION="Bearer no").status_code == 401


def test_a_head_is_a_read_too(api, course):
    answer = api().head(f"/api/courses/{course.pk}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"] == api().get(f"/api/courses/{course.pk}")["ETag"]


# ── Held for a moment ─────────────────────────────────────────────────────────────────────────
def elsewhere(course: Course, **changes) -> None:
    """Another process changes the course: this one isn't told, what both keep is forgotten."""
    Course.objects.filter(pk=course.pk).update(**changes)
    kept.get_redis_connection("default").flushdb()


def later(monkeypatch) -> None:
    """A second has gone by."""
    monkeypatch.setattr(moment, "clock", lambda: moment.SECONDS)


def test_an_answer_of_this_moment_is_the_same_one(api, addresses, django_assert_num_queries):
    for address in addresses:
        first = api().get(address)
        with django_assert_num_queries(0):
            again = api().get(address)
        assert (again.status_code, again.content) == (200, first.content), address
        assert dict(again.items()) == dict(first.items())
        known = api().get(address, HTTP_IF_NONE_MATCH=first["ETag"])
        assert (known.status_code, known.content) == (304, b"")
        assert api().head(address)["ETag"] == first["ETag"]


def test_who_has_the_answer_leaves_the_whole_for_the_next(api, course, monkeypatch):
    address = f"/api/courses/{course.pk}"
    first = api().get(address)
    moment.end()
    assert api().get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert api().get(address).content == first.content


def test_what_another_process_changes_is_shown_a_second_later(api, course, monkeypatch):
    address = f"/api/courses/{course.pk}"
    before = api().get(address).json()
    elsewhere(course, title="Brushes")
    assert api().get(address).json() == before
    assert api().get("/api/courses").json()["results"][0]["title"] == "Brushes"
    later(monkeypatch)
    assert api().get(address).json()["title"] == "Brushes"


@pytest.mark.parametrize("status", ["archived", "draft"])
def test_what_another_process_takes_away_is_gone_a_second_later(api, course, status, monkeypatch):
    addresses = [f"/api/courses/{course.pk}", f"/api/courses/{course.pk}/curriculum"]
    for address in addresses:
        api().get(address)
    assert len(api().get("/api/courses").json()["results"]) == 1
    elsewhere(course, status=status)
    later(monkeypatch)
    assert [api().get(address).status_code for address in addresses] == [404, 404]
    assert api().get("/api/courses").json()["results"] == []


def test_a_refusal_is_held_for_nobody(api, teacher):
    course = DraftFactory(owner=teacher)
    address = f"/api/courses/{course.pk}"
    assert api().get(address).status_code == 404
    elsewhere(course, status="published")
    assert api().get(address).status_code == 200


def test_each_address_host_and_language_has_an_answer_of_its_own(api, teacher, settings):
    settings.ALLOWED_HOSTS = ["one.test", "two.test"]
    courses = CourseFactory.create_batch(3, owner=teacher, level="beginner")
    refresh(course_ids=[course.pk for course in courses])

    def ask(query: str, host: str = "one.test", language: str = "en", **headers) -> dict:
        answer = api().get(
            f"/api/courses?{query}", HTTP_HOST=host, HTTP_ACCEPT_LANGUAGE=language, **headers
        )
        return answer.json()

    for _made_then_held in range(2):
        first = ask("limit=1&level=beginner")
        assert first["next"].startswith("http://one.test/api/courses?limit=1&level=beginner&")
        other = ask("level=beginner&limit=1")
        assert other["next"].startswith("http://one.test/api/courses?level=beginner&limit=1&")
        assert other["results"] == first["results"]
        assert ask("limit=1&level=beginner", "two.test")["next"].startswith("http://two.test/")
        secure = ask("limit=1&level=beginner", **{"wsgi.url_scheme": "https"})
        assert secure["next"].startswith("https://one.test/")
        assert ask("limit=2&level=beginner")["results"][0] == first["results"][0]
        russian = ask("limit=1&level=beginner", language="ru")["results"][0]
        assert russian["category"]["name"] != first["results"][0]["category"]["name"]


@pytest.mark.parametrize("odd", ["?&", "?&&", "?=", "?#"])
def test_what_odd_addresses_answer_is_kept_by_nobody(api, course, odd):
    """Anybody can think of any number of them."""
    path = f"/api/reviews/course/{course.pk}"
    first = api().get(path).json()
    before = set(kept.get_redis_connection("default").keys("kept:*"))
    for address in (path + odd, path.replace("course/", "course/000")):
        assert api().get(address).json() == first
    assert set(kept.get_redis_connection("default").keys("kept:*")) == before


def test_a_long_address_takes_its_room(api, course, monkeypatch):
    monkeypatch.setattr(moment._now(), "room", 10_000)
    for zeros in ("0" * 4_000, "0" * 4_001, "0" * 4_002):
        assert api().get(f"/api/enrollments/course/{zeros}{course.pk}/count").status_code == 200
    assert len(moment._now().held) == 1


def test_what_a_signed_in_person_gets_is_theirs_alone(api, site, course, stranger, monkeypatch):
    address = f"/api/courses/{course.pk}"
    api().get(address)
    elsewhere(course, title="Brushes")
    for answer in (api(stranger).get(address), site(stranger).get(address)):
        assert answer.json()["title"] == "Brushes"
        assert answer["Cache-Control"] == "private, no-store"
    assert api().get(address).json()["title"] == course.title  # and nobody else's
    moment.end()
    api(stranger).get(address)
    elsewhere(course, title="Easels")
    assert api().get(address).json()["title"] == "Easels"


# ── Never old ─────────────────────────────────────────────────────────────────────────────────
def now():
    return timezone.now()


def shown(api, course: Course) -> dict[str, object]:
    """Everything that visitors are told of the course, by its list, its page and its parts."""
    return {
        name: json.loads(api().get(address).content)
        for name, address in {
            "card": "/api/courses",
            "detail": f"/api/courses/{course.pk}",
            "curriculum": f"/api/courses/{course.pk}/curriculum",
            "reviews": f"/api/reviews/course/{course.pk}",
            "count": f"/api/enrollments/course/{course.pk}/count",
        }.items()
    }


CHANGES = {
    "the title": (
        {"card", "detail"},
        lambda course: services.update_course(
            course=course, editor=course.owner, changes={"title": "Brushes"}, at=now()
        ),
    ),
    "a lesson": (
        {"detail", "curriculum", "card"},
        lambda course: services.add_lesson(
            module=course.modules.get(),
            title="L",
            duration_minutes=5,
            editor=course.owner,
            at=now(),
        ),
    ),
    "a module": (
        {"curriculum"},
        lambda course: services.add_module(course=course, title="M", editor=course.owner, at=now()),
    ),
    "a seat": (
        {"card", "detail", "count"},
        lambda course: services.count_students(course_id=course.pk, change=1),
    ),
    "the teacher": (
        {"card", "detail"},
        lambda course: update_profile(user=course.owner, changes={"name": "Ann Other"}),
    ),
    "an erased teacher": (
        {"card", "detail"},
        lambda course: erase_person(course.owner, now()),
    ),
    "the category's name": (
        {"card", "detail"},
        lambda course: categories.rename_category(
            category=course.category, slug="new", name_en="New", name_ru="Новая"
        ),
    ),
    "another category": (
        {"card", "detail"},
        lambda course: categories.merge_category(category=course.category, into=CategoryFactory()),
    ),
    "a review": (
        {"card", "detail", "reviews"},
        lambda course: reviews.write_review(
            student=EnrollmentFactory(course=course).student,
            course=course,
            rating=3,
            comment="",
            at=now(),
        ),
    ),
    "a reply": (
        {"reviews"},
        lambda course: reviews.reply_to_review(
            review=course.first_review, by=course.owner, text="Thank you", at=now()
        ),
    ),
    "a helpful vote": (
        {"reviews"},
        lambda course: reviews.vote_helpful(
            review=course.first_review, user=course.owner, at=now()
        ),
    ),
    "a reviewer": (
        {"reviews"},
        lambda course: update_profile(
            user=course.first_review.student, changes={"name": "Ann Other"}
        ),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_shown_at_once(api, course, change):
    course.first_review = ReviewFactory(course=course)
    before = shown(api, course)
    assert shown(api, course) == before
    changed, make = CHANGES[change]
    make(course)
    after = shown(api, course)
    # the revision and the time of the change aside
    for body in (before, after):
        for name in ("revision", "updated_at"):
            del body["detail"][name]
    assert {name for name in before if before[name] != after[name]} == changed


def test_what_left_the_catalogue_is_gone_at_once(api, course, teacher, student):
    paths = [f"/api/courses/{course.pk}", f"/api/courses/{course.pk}/curriculum"]
    assert [api().get(path).status_code for path in paths] == [200, 200]
    assert len(api().get("/api/courses").json()["results"]) == 1
    EnrollmentFactory(student=student, course=course)
    services.archive_course(course=course, by=teacher, at=now())
    assert [api().get(path).status_code for path in paths] == [404, 404]
    assert [api(student).get(path).status_code for path in paths] == [200, 200]
    assert api().get("/api/courses").json()["results"] == []
    services.publish_course(course=course, by=teacher, at=now())
    assert [api().get(path).status_code for path in paths] == [200, 200]


def test_what_enters_the_index_is_found_at_once(api, course):
    addresses = ["/api/courses", "/api/courses?q=pens", "/api/courses/facets"]
    for address in addresses:
        assert api().get(address).json()["count"]["value"] == 1
    other = CourseFactory(title="Pens again")
    refresh(course_ids=[other.pk])
    for address in addresses:
        assert api().get(address).json()["count"]["value"] == 2


def test_a_title_is_suggested_as_it_is_now(api, course):
    def suggested() -> list[str]:
        found = api().get("/api/courses/suggest?q=pen").json()["results"]
        return [one["text"] for one in found if one["kind"] == "course"]

    assert suggested() == ["Pens and inks"]
    services.update_course(
        course=course, editor=course.owner, changes={"title": "Pens and brushes"}, at=now()
    )
    assert suggested() == ["Pens and brushes"]


def test_what_one_has_done_is_in_nobody_elses_curriculum(api, course, student, stranger):
    path = f"/api/courses/{course.pk}/curriculum"
    for person in (student, None, stranger, None):
        (module,) = api(person).get(path).json()["modules"]
        assert ("completed" in module["lessons"][0]) is (person is not None)


def test_a_hot_course_costs_no_query(api, course, django_assert_num_queries):
    for path in (f"/api/courses/{course.pk}", f"/api/courses/{course.pk}/curriculum"):
        api().get(path)
        with django_assert_num_queries(0):
            api().get(path)


def test_everything_is_right_without_redis(api, course, addresses, monkeypatch):
    before = [api().get(address).json() for address in addresses]

    def away(_alias):
        raise kept.RedisError

    monkeypatch.setattr(kept, "get_redis_connection", away)
    assert [api().get(address).json() for address in addresses] == before
    services.update_course(
        course=course, editor=course.owner, changes={"title": "Brushes"}, at=now()
    )
    assert api().get(f"/api/courses/{course.pk}").json()["title"] == "Brushes"
    (card,) = api().get("/api/courses").json()["results"]
    assert card["title"] == "Brushes"
