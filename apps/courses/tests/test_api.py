"""Courses through the API: each call works, the foreign is hidden, bad input is told."""

import pytest

from apps.accounts.services.profiles import update_profile
from apps.core.models import Delivery
from apps.courses import selectors, services
from apps.courses.models import Category, Course, Lesson, Module
from apps.media.models import Upload

from .factories import CategoryFactory, CourseFactory, DraftFactory, LessonFactory, ModuleFactory

pytestmark = pytest.mark.django_db
HUGE = 10**30


@pytest.fixture
def course(teacher) -> Course:
    course = CourseFactory(owner=teacher, slug="mine", lesson_count=1)
    LessonFactory(course=course, module=ModuleFactory(course=course))
    return course


def upload(owner, purpose="cover", **fields) -> Upload:
    return Upload.objects.create(
        owner=owner,
        purpose=purpose,
        kind="image/webp",
        name="a.webp",
        size=5,
        path="a",
        created_at=owner.created_at,
        **fields,
    )


# ── Reading ───────────────────────────────────────────────────────────────────────────────────
def test_categories_are_a_tree_for_anybody(api):
    root = CategoryFactory(name_ru="Наука")
    CourseFactory(category=CategoryFactory(parent=root, slug="leaf"))
    answer = api().get("/api/categories", HTTP_ACCEPT_LANGUAGE="ru")
    assert answer.status_code == 200
    (row,) = answer.json()["results"]
    assert (row["name"], row["course_count"]) == ("Наука", 1)
    assert row["children"][0]["slug"] == "leaf"


def test_a_published_course_is_anybodys_to_read(api, course, django_assert_num_queries):
    course.description = "**Bold** <script>"
    course.price_minor = 2999
    course.save()
    with django_assert_num_queries(1):
        body = api().get(f"/api/courses/{course.pk}").json()
    assert (body["price"], body["currency"], body["is_free"]) == ("29.99", "USD", False)
    assert "<strong>Bold</strong>" in body["description_html"]
    assert "<script>" not in body["description_html"]
    assert body["teacher"] == {
        "id": course.owner_id,
        "username": "teacher",
        "name": "Irina Sokolova",
        "avatar": None,
    }
    assert body["category"]["slug"] == course.category.slug
    assert body["avg_rating"] is None
    assert body["rating_histogram"] == [0] * 5
    assert body["thumbnail"].endswith(".svg")
    with django_assert_num_queries(0):  # as it was kept
        assert api().get(f"/api/courses/{course.pk}").json() == body


def test_the_cache_never_shows_an_old_course(api, course, teacher):
    url = f"/api/courses/{course.pk}"
    api().get(url)
    services.update_course(
        course=course, editor=teacher, changes={"title": "Newer"}, at=course.created_at
    )
    update_profile(user=teacher, changes={"name": "Married Name"})
    body = api().get(url).json()
    assert (body["title"], body["teacher"]["name"]) == ("Newer", "Married Name")


def test_it_all_works_without_redis(api, course, settings):
    settings.CACHES = {
        "default": {
            **settings.CACHES["default"],
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    settings.DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = False
    for _ in range(2):
        assert api().get(f"/api/courses/{course.pk}").status_code == 200
        assert api().get("/api/categories").json()["results"][0]["course_count"] == 1


def test_a_draft_is_its_owners_and_moderators(api, teacher, stranger, moderator):
    draft = DraftFactory(owner=teacher)
    statuses = {
        user: api(user).get(f"/api/courses/{draft.pk}").status_code
        for user in (None, stranger, teacher, moderator)
    }
    assert list(statuses.values()) == [404, 404, 200, 200]


@pytest.mark.parametrize("pk", [0, 999_999, HUGE])
def test_what_is_missing_is_not_found(api, admin, pk):
    for url in (
        f"/api/courses/{pk}",
        f"/api/courses/{pk}/versions",
    ):
        assert api(admin).get(url).status_code == 404
    for url in (
        f"/api/courses/{pk}/publish",
        f"/api/courses/{pk}/archive",
        f"/api/courses/{pk}/versions/1/restore",
        f"/api/courses/{pk}/reorder",
        f"/api/courses/{pk}/modules",
        f"/api/modules/{pk}/lessons",
    ):
        assert api(admin).post(url, {"title": "T"}).status_code == 404
    for url in (f"/api/courses/{pk}", f"/api/modules/{pk}", f"/api/lessons/{pk}"):
        assert api(admin).patch(url, {"title": "T"}).status_code == 404
        assert api(admin).delete(url).status_code == 404


# ── Who may write ─────────────────────────────────────────────────────────────────────────────
def writes(course: Course) -> list[tuple[str, str, dict]]:
    module = course.modules.first()
    lesson = course.lessons.first()
    order = {"modules": [{"id": module.pk, "lessons": [lesson.pk]}]}
    return [
        ("put", f"/api/courses/{course.pk}", {"title": "T"}),
        ("patch", f"/api/courses/{course.pk}", {"title": "T2"}),
        ("post", f"/api/courses/{course.pk}/publish", {}),
        ("get", f"/api/courses/{course.pk}/versions", {}),
        ("post", f"/api/courses/{course.pk}/versions/1/restore", {}),
        ("post", f"/api/courses/{course.pk}/reorder", order),
        ("post", f"/api/courses/{course.pk}/modules", {"title": "M"}),
        ("patch", f"/api/modules/{module.pk}", {"title": "M2"}),
        ("post", f"/api/modules/{module.pk}/lessons", {"title": "L"}),
        ("patch", f"/api/lessons/{lesson.pk}", {"title": "L2"}),
        ("delete", f"/api/lessons/{lesson.pk}", {}),
        ("delete", f"/api/modules/{module.pk}", {}),
        ("post", f"/api/courses/{course.pk}/archive", {}),
        ("delete", f"/api/courses/{course.pk}", {}),
    ]


def made_course(teacher) -> Course:
    course = services.create_course(
        owner=teacher,
        title="Course",
        at=teacher.created_at,
        description="D",
        category=CategoryFactory(),
    )
    for _ in range(2):
        module = services.add_module(
            course=course, title="M", at=teacher.created_at, editor=teacher
        )
        for _ in range(2):
            services.add_lesson(module=module, title="L", at=teacher.created_at, editor=teacher)
    return course


@pytest.mark.parametrize(
    ("who", "expected"), [("nobody", 401), ("student", 403), ("other_teacher", 404)]
)
def test_strangers_write_nothing(api, teacher, student, who, expected):
    from apps.accounts.tests.factories import TeacherFactory

    course = CourseFactory(owner=teacher)
    LessonFactory(course=course)
    user = {"nobody": None, "student": student, "other_teacher": TeacherFactory()}[who]
    before = Course.objects.values().get()
    for method, url, body in writes(course):
        assert getattr(api(user), method)(url, body).status_code == expected, (method, url)
    assert Course.objects.values().get() == before
    assert Lesson.objects.count() == 1


@pytest.mark.parametrize("who", ["teacher", "moderator", "admin"])
def test_owner_and_moderators_write(api, request, teacher, who):
    user = request.getfixturevalue(who)
    course = made_course(teacher)
    statuses = []
    order = [
        (module.pk, [lesson.pk for lesson in module.lessons_in_order])
        for module in selectors.outline(course)
    ]
    for method, url, body in writes(course):
        if url.endswith("reorder"):
            body = {"modules": [{"id": pk, "lessons": lessons} for pk, lessons in order]}
        if url.endswith("restore"):
            url = url.replace("/1/", "/2/")
        statuses.append(getattr(api(user), method)(url, body).status_code)
    assert statuses == [200, 200, 200, 200, 200, 200, 201, 200, 201, 200, 204, 204, 200, 409]


def test_making_a_course(api, teacher, student):
    CategoryFactory(slug="maths")
    body = {
        "title": "Вероятность",
        "price": "29.90",
        "currency": "EUR",
        "level": "advanced",
        "category": "maths",
        "tags": ["a", "a", " b "],
        "outcomes": ["Know"],
        "subtitle": "S",
        "owner": student.pk,
        "status": "published",
        "student_count": 7,
    }
    assert api().post("/api/courses", body).status_code == 401
    assert api(student).post("/api/courses", body).status_code == 403
    answer = api(teacher).post("/api/courses", body)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["status"], made["price"], made["slug"]) == ("draft", "29.90", "veroiatnost")
    assert made["tags"] == ["a", "b"]
    assert made["teacher"]["id"] == teacher.pk
    assert made["student_count"] == 0


def test_an_unverified_teacher_drafts_and_does_not_publish(api, teacher):
    teacher.is_verified = False
    teacher.save()
    course_id = api(teacher).post("/api/courses", {"title": "T"}).json()["id"]
    assert api(teacher).post(f"/api/courses/{course_id}/publish").status_code == 403


def test_publishing_through_the_api(api, teacher):
    CategoryFactory(slug="maths")
    client = api(teacher)
    course_id = client.post("/api/courses", {"title": "T"}).json()["id"]
    refused = client.post(f"/api/courses/{course_id}/publish")
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {"description", "category"}
    client.patch(f"/api/courses/{course_id}", {"description": "D", "category": "maths"})
    assert client.post(f"/api/courses/{course_id}/publish").status_code == 409
    module = client.post(f"/api/courses/{course_id}/modules", {"title": "M"}).json()
    lesson = client.post(
        f"/api/modules/{module['id']}/lessons",
        {"title": "L", "content": "# Hi\n\n" + "word " * 300, "is_preview": True},
    ).json()
    assert (lesson["course"], lesson["module"]) == (course_id, module["id"])
    assert (lesson["duration_minutes"], lesson["position"], lesson["is_preview"]) == (2, 1, True)
    assert "Hi" in lesson["content_html"]
    published = client.post(f"/api/courses/{course_id}/publish")
    assert published.status_code == 200
    assert (published.json()["status"], published.json()["duration_minutes"]) == ("published", 2)
    assert client.delete(f"/api/courses/{course_id}").status_code == 409
    assert client.delete(f"/api/lessons/{lesson['id']}").status_code == 409
    assert client.post(f"/api/courses/{course_id}/archive").json()["status"] == "archived"


def test_deleting_a_draft(api, teacher):
    course_id = api(teacher).post("/api/courses", {"title": "T"}).json()["id"]
    assert api(teacher).delete(f"/api/courses/{course_id}").status_code == 204
    assert api(teacher).get(f"/api/courses/{course_id}").status_code == 404


def test_versions_and_restoring(api, teacher):
    client = api(teacher)
    course_id = client.post("/api/courses", {"title": "First"}).json()["id"]
    client.patch(f"/api/courses/{course_id}", {"title": "Second"})
    rows = client.get(f"/api/courses/{course_id}/versions").json()["results"]
    assert [(row["number"], row["kind"]) for row in rows] == [(2, "settings"), (1, "created")]
    answer = client.post(f"/api/courses/{course_id}/versions/1/restore")
    assert (answer.status_code, answer.json()["title"]) == (200, "First")
    assert client.post(f"/api/courses/{course_id}/versions/{HUGE}/restore").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_versions_takes_as_many_queries_for_any_number(
    api, teacher, count, django_assert_num_queries
):
    course = DraftFactory(owner=teacher)
    for number in range(count):
        services.update_course(
            course=course, editor=teacher, changes={"title": f"T{number}"}, at=course.created_at
        )
    with django_assert_num_queries(2):
        api(teacher).get(f"/api/courses/{course.pk}/versions")


# ── Bad input ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", None),
        ("title", ["x"]),
        ("title", "x" * 161),
        ("description", "x" * 20_001),
        ("description", None),
        ("price", "-1"),
        ("price", "NaN"),
        ("price", "Infinity"),
        ("price", 1e300),
        ("price", "1.005"),
        ("price", {}),
        ("price", HUGE),
        ("price", None),
        ("currency", "XXX"),
        ("level", "godlike"),
        ("level", []),
        ("language", "xx"),
        ("category", "no-such"),
        ("category", {"a": 1}),
        ("category", "x" * 100),
        ("tags", "python"),
        ("tags", ["x" * 41]),
        ("tags", [str(n) for n in range(21)]),
        ("tags", [None]),
        ("outcomes", [{}]),
        ("prerequisites", 5),
        ("thumbnail", "abc"),
        ("thumbnail", HUGE),
        ("thumbnail", 0),
        ("thumbnail", []),
        ("thumbnail", 123_456),
    ],
)
def test_a_bad_field_is_named(api, teacher, field, value):
    course = DraftFactory(owner=teacher)
    for method, url in (("patch", f"/api/courses/{course.pk}"), ("post", "/api/courses")):
        body = {field: value} if method == "patch" else {"title": "T", field: value}
        answer = getattr(api(teacher), method)(url, body)
        assert answer.status_code == 400, value
        assert any(key.split(".")[0] == field for key in answer.json()["errors"])


@pytest.mark.parametrize("body", [[], "text", 5, {"title": {"title": "T"}}])
def test_a_body_of_another_shape_is_refused(api, teacher, course, body):
    for method, url, _ in writes(course):
        if method in {"put", "patch"} or url.endswith(("modules", "lessons", "reorder")):
            assert getattr(api(teacher), method)(url, body).status_code == 400, url


def test_malformed_json_and_null_bytes(api, teacher, course):
    url = f"/api/courses/{course.pk}"
    for body in (b"{", b'{"title": "a\\u0000b"}', b'{"title": "\\ud800"}', b"\xff"):
        answer = api(teacher).patch(url, body, content_type="application/json")
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("content", "x" * 200_001),
        ("content", None),
        ("video_url", "javascript:x"),
        ("video_url", "ftp://example.com/a"),
        ("duration_minutes", -1),
        ("duration_minutes", HUGE),
        ("duration_minutes", "ten"),
        ("is_preview", "perhaps"),
        ("is_preview", None),
        ("attachments", [HUGE]),
        ("attachments", [77]),
        ("attachments", "x"),
        ("revision", "x"),
        ("revision", HUGE),
    ],
)
def test_a_bad_field_of_a_lesson_is_named(api, teacher, course, field, value):
    lesson = course.lessons.get()
    answer = api(teacher).patch(f"/api/lessons/{lesson.pk}", {field: value})
    assert answer.status_code == 400
    assert any(key.split(".")[0] == field for key in answer.json()["errors"])


def test_a_stale_edit_of_a_lesson_conflicts(api, teacher, course):
    lesson = course.lessons.get()
    url = f"/api/lessons/{lesson.pk}"
    first = api(teacher).patch(url, {"content": "mine", "revision": 1})
    assert (first.status_code, first.json()["revision"]) == (200, 2)
    stale = api(teacher).patch(url, {"content": "older", "revision": 1})
    assert stale.status_code == 409
    assert "elsewhere" in stale.json()["detail"]
    lesson.refresh_from_db()
    assert lesson.content == "mine"


def test_reorder_through_the_api(api, teacher, course):
    module, lesson = course.modules.get(), course.lessons.get()
    foreign = LessonFactory()
    url = f"/api/courses/{course.pk}/reorder"

    def send(*modules):
        body = {"modules": [{"id": pk, "lessons": lessons} for pk, lessons in modules]}
        return api(teacher).post(url, body).status_code

    assert send((module.pk, [lesson.pk])) == 200
    assert send((module.pk, [lesson.pk, foreign.pk])) == 400
    assert send((HUGE, [])) == 400
    assert send((module.pk, [])) == 409
    assert send() == 400
    assert api(teacher).post(url, {"modules": [[1, [2]]]}).status_code == 400


# ── Files ─────────────────────────────────────────────────────────────────────────────────────
def test_covers_are_ones_own_uploads(api, teacher, stranger, course):
    variants = {"320": "/media/cover/a-320.webp", "640": "/media/cover/a-640.webp"}
    mine, wrong = upload(teacher, variants=variants), upload(teacher, purpose="avatar")
    url = f"/api/courses/{course.pk}"
    body = api(teacher).patch(url, {"thumbnail": mine.pk}).json()
    assert body["thumbnail"] == variants["640"]
    for foreign in (upload(stranger), wrong):
        assert api(teacher).patch(url, {"thumbnail": foreign.pk}).status_code == 400
    assert api(teacher).patch(url, {"thumbnail": None}).json()["thumbnail"].endswith(".svg")


def test_attachments_are_ones_own_or_there_already(api, teacher, moderator, stranger, course):
    mine = upload(teacher, purpose="attachment")
    foreign = upload(stranger, purpose="attachment")
    url = f"/api/lessons/{course.lessons.get().pk}"
    rows = api(teacher).patch(url, {"attachments": [mine.pk]}).json()["attachments"]
    assert [row["id"] for row in rows] == [mine.pk]
    assert api(teacher).patch(url, {"attachments": [foreign.pk]}).status_code == 400
    assert api(moderator).patch(url, {"attachments": [mine.pk], "title": "X"}).status_code == 200
    assert api(teacher).patch(url, {"attachments": []}).json()["attachments"] == []


# ── Events ────────────────────────────────────────────────────────────────────────────────────
def test_subscribers_hear_of_what_happened(teacher, monkeypatch):
    from apps.courses.services import changes, courses, publishing

    heard = []
    for module in (changes, courses, publishing):
        monkeypatch.setattr(module, "publish", lambda event: heard.append(event.name))
    course = made_course(teacher)
    services.publish_course(course=course, by=teacher, at=teacher.created_at)
    services.archive_course(course=course, by=teacher, at=teacher.created_at)
    assert heard.count("course.created") == 1
    assert heard.count("lesson.changed") == 4
    assert heard.count("course.published") == 1
    assert heard.count("course.archived") == 1
    assert heard.count("course.changed") == 8
    assert not Delivery.objects.exists()
    assert Category.objects.count() == 1
    assert Module.objects.count() == 2
