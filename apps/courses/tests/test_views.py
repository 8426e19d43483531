"""The studio and the covers on the site."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from apps.accounts.tests.factories import TeacherFactory
from apps.courses import services
from apps.courses.models import Course, CourseStatus, Lesson

from .factories import CategoryFactory, CourseFactory, DraftFactory, LessonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


# ── Covers ────────────────────────────────────────────────────────────────────────────────────
def test_a_cover_is_drawn_and_kept_for_ever(client):
    root = CategoryFactory(slug="programming")
    course = CourseFactory(category=CategoryFactory(parent=root))
    answer = client.get(course.cover_url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    assert b'xmlns="http://www.w3.org/2000/svg"' in answer.content


def test_an_older_cover_address_leads_to_the_new_one(client):
    course = CourseFactory()
    old = course.cover_url
    course.title = "Other"
    course.save()
    assert client.get(old).url == course.cover_url
    course.status = CourseStatus.DRAFT
    course.save()
    assert client.get(old).status_code == 404
    assert client.get(DraftFactory().cover_url).status_code == 200
    assert client.get("/courses/cover/999999-0123456789ab.svg").status_code == 404


# ── The studio ────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def course(teacher):
    course = services.create_course(owner=teacher, title="My course", at=NOW)
    module = services.add_module(course=course, title="One", at=NOW, editor=teacher)
    services.add_lesson(module=module, title="First", content="# Hi", at=NOW, editor=teacher)
    services.add_lesson(module=module, title="Second", at=NOW, editor=teacher)
    course.refresh_from_db()
    return course


def addresses(course) -> list[tuple[str, str]]:
    """Method and address of every page and action on one course."""
    module, lesson = course.modules.first(), course.lessons.first()
    names = {
        (course.pk,): "settings publish look archive delete history editor add_module",
        (course.pk, 1): "version restore",
        (module.pk,): "rename_module delete_module add_lesson",
        (lesson.pk,): "lesson duplicate_lesson delete_lesson lesson_settings attach",
        (lesson.pk, 1): "file detach",
    }
    return [
        (name, reverse(f"courses:{name}", args=args))
        for args, some in names.items()
        for name in some.split()
    ]


READ_ONLY = {"history", "look", "version", "editor", "lesson", "file"}


def test_strangers_find_nothing(client, course, student):
    stranger = TeacherFactory()
    for user, expected in ((None, 302), (student, 403), (stranger, 404)):
        if user:
            client.force_login(user)
        for name, url in addresses(course):
            answer = client.get(url) if name in READ_ONLY else client.post(url, {"title": "X"})
            assert answer.status_code == expected, (name, user)
        for url in ("/studio/", "/studio/courses/new/"):
            if user != stranger:
                assert client.get(url).status_code == expected
    course.refresh_from_db()
    assert (course.title, course.lesson_count, course.status) == ("My course", 2, "draft")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_page_opens(site, teacher, course, language):
    teacher.locale = language
    teacher.save()
    client = site(teacher)
    lesson = course.lessons.first()
    services.update_lesson(lesson=lesson, editor=teacher, changes={"content": "New"}, at=NOW)
    services.delete_lesson(lesson=course.lessons.last(), editor=teacher, at=NOW)
    for url in (
        "/studio/",
        "/studio/courses/new/",
        reverse("courses:settings", args=[course.pk]),
        reverse("courses:publish", args=[course.pk]),
        reverse("courses:history", args=[course.pk]),
        *(reverse("courses:version", args=[course.pk, n]) for n in (1, 2, 3, 4)),
        reverse("courses:lesson", args=[lesson.pk]) + "?undo=3&new=1",
    ):
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert "style=" not in answer.content.decode()


def test_from_a_title_to_a_public_course(site, teacher):
    client = site(teacher)
    CategoryFactory(slug="maths")
    answer = client.post("/studio/courses/new/", {"title": "Numbers"})
    course = Course.objects.get()
    assert answer.url == reverse("courses:editor", args=[course.pk])
    assert client.get(answer.url).status_code == 200
    added = client.post(reverse("courses:add_module", args=[course.pk]), {"title": "One"})
    lesson = course.lessons.get()
    assert added["HX-Redirect"].startswith(reverse("courses:lesson", args=[lesson.pk]))
    assert client.get(reverse("courses:editor", args=[course.pk])).status_code == 302
    url = reverse("courses:settings", args=[course.pk])
    body = {
        "title": "Numbers",
        "subtitle": "Count",
        "description": "All",
        "category": "maths",
        "level": "advanced",
        "language": "ru",
        "price": "10.50",
        "currency": "EUR",
        "outcomes": "Count\n\nAdd ",
        "prerequisites": "",
        "tags": "one, two,",
    }
    assert client.post(url, body).status_code == 302
    assert client.post(reverse("courses:publish", args=[course.pk])).status_code == 302
    course.refresh_from_db()
    assert (course.status, course.price_minor, course.currency) == ("published", 1050, "EUR")
    assert (course.outcomes, course.tags) == (["Count", "Add"], ["one", "two"])
    assert course.category.slug == "maths"
    assert client.post(reverse("courses:archive", args=[course.pk])).status_code == 302
    assert client.post(reverse("courses:delete", args=[course.pk])).status_code == 409


def test_publishing_too_early_is_told(site, teacher, course):
    client = site(teacher)
    page = client.get(reverse("courses:publish", args=[course.pk])).content.decode()
    assert "disabled" in page
    assert "#id_description" in page
    assert client.post(reverse("courses:publish", args=[course.pk])).status_code == 400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 161),
        ("title", "a\x00b"),
        ("price", "many"),
        ("price", "NaN"),
        ("price", "-1"),
        ("category", "no-such"),
        ("level", ""),
        ("tags", "x" * 41),
        ("tags", ",".join(str(n) for n in range(21))),
        ("outcomes", "x" * 241),
        ("description", "x" * 20_001),
    ],
)
def test_bad_settings_are_told_at_their_field_and_kept(site, teacher, course, field, value):
    body = {"title": "T", "level": "beginner", "language": "en", "price": "0", "currency": "USD"}
    url = reverse("courses:settings", args=[course.pk])
    answer = site(teacher).post(url, {**body, "subtitle": "typed before", field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "typed before" in answer.content.decode()
    course.refresh_from_db()
    assert course.title == "My course"


def test_a_published_course_tells_what_it_may_not_lose(site, teacher):
    course = CourseFactory(owner=teacher)
    LessonFactory(course=course)
    body = {"title": "T", "level": "beginner", "language": "en", "price": "0", "currency": "USD"}
    answer = site(teacher).post(reverse("courses:settings", args=[course.pk]), body)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"description", "category"}


def picture(name="cover.png", size=(1300, 900)) -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", size, "teal").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def test_a_picture_is_stored_in_its_sizes_and_taken_away(site, teacher, course, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = site(teacher)
    url = reverse("courses:settings", args=[course.pk])
    body = {"title": "T", "level": "beginner", "language": "en", "price": "0", "currency": "USD"}
    assert client.post(url, {**body, "cover": picture()}).status_code == 302
    course.refresh_from_db()
    assert set(course.cover) == {"320", "640", "1280"}
    assert course.cover_url == course.cover["640"]
    assert "1280w" in course.cover_srcset
    fake = SimpleUploadedFile("a.png", b"<svg onload=alert(1)>", "image/png")
    refused = client.post(url, {**body, "cover": fake})
    assert refused.status_code == 422
    assert "cover" in refused.context["form"].errors
    assert client.post(url, {**body, "remove_cover": "on"}).status_code == 302
    course.refresh_from_db()
    assert course.cover == {}


def test_the_outline(site, teacher, course):
    client = site(teacher)
    module, lesson = course.modules.get(), course.lessons.first()
    assert client.post(reverse("courses:add_module", args=[course.pk])).status_code == 422
    rename = reverse("courses:rename_module", args=[module.pk])
    assert client.post(rename, {"title": " "}).status_code == 422
    assert client.post(rename, {"title": "Uno"})["HX-Refresh"] == "true"
    client.post(reverse("courses:add_lesson", args=[module.pk]))
    client.post(reverse("courses:duplicate_lesson", args=[lesson.pk]))
    module.refresh_from_db()
    titles = list(module.lessons.values_list("title", flat=True))
    assert (module.title, titles) == ("Uno", ["First", "First (copy)", "Second", "New lesson"])


def test_a_deletion_is_undone(site, teacher, course):
    client = site(teacher)
    first, second = course.lessons.all()
    answer = client.post(
        reverse("courses:delete_lesson", args=[first.pk]), {"current": str(second.pk)}
    )
    assert answer.url.startswith(reverse("courses:lesson", args=[second.pk]))
    page = client.get(answer.url).content.decode()
    undo = reverse("courses:restore", args=[course.pk, 2])
    assert undo in page
    client.post(undo)
    assert [lesson.pk for lesson in course.lessons.in_order()] == [first.pk, second.pk]
    answer = client.post(reverse("courses:delete_module", args=[first.module_id]), {"current": "x"})
    assert client.get(answer.url).status_code == 200
    assert not course.lessons.exists()


def test_the_settings_of_a_lesson(site, teacher, course):
    client = site(teacher)
    lesson = course.lessons.first()
    url = reverse("courses:lesson_settings", args=[lesson.pk])
    body = {"duration_minutes": "30", "video_url": "https://video.test/1", "is_preview": "on"}
    assert client.post(url, body).status_code == 200
    lesson.refresh_from_db()
    assert (lesson.duration_minutes, lesson.is_preview, lesson.revision) == (30, True, 1)
    for field, value in (
        ("duration_minutes", "-1"),
        ("duration_minutes", "9" * 30),
        ("video_url", "javascript:alert(1)"),
        ("video_url", "x" * 400),
    ):
        answer = client.post(url, {**body, field: value})
        assert answer.status_code == 422
        assert list(answer.context["settings_form"].errors) == [field]
    client.post(url, {})
    lesson.refresh_from_db()
    assert (lesson.duration_minutes, lesson.video_url, lesson.is_preview) == (1, "", False)


def test_files_of_a_lesson(site, teacher, course, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = site(teacher)
    lesson = course.lessons.first()
    url = reverse("courses:attach", args=[lesson.pk])
    notes = SimpleUploadedFile("notes.txt", b"Plain words.", "text/plain")
    page = client.post(url, {"file": notes})
    assert page.status_code == 200
    upload_id = lesson.attachments.get().upload_id
    opened = client.get(reverse("courses:file", args=[lesson.pk, upload_id]))
    assert opened.status_code == 302
    assert client.get(reverse("courses:file", args=[lesson.pk, 0])).status_code == 404
    bad = SimpleUploadedFile("a.exe", b"MZ\x00\x01\x02", "application/octet-stream")
    assert client.post(url, {"file": bad}).status_code == 422
    assert client.post(url, {}).status_code == 422
    assert client.post(reverse("courses:detach", args=[lesson.pk, upload_id])).status_code == 200
    assert not lesson.attachments.exists()


def test_the_preview_is_safe(site, teacher, student, client):
    text = "# Hi\n\n<script>alert(1)</script> **bold**"
    html = site(teacher).post("/studio/preview/", {"content": text}).content.decode()
    assert "<strong>bold</strong>" in html
    assert "<script" not in html
    assert site(student).post("/studio/preview/", {"content": text}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_studio_takes_as_many_queries_for_any_number(
    site, teacher, count, django_assert_max_num_queries
):
    for _ in range(count):
        course = DraftFactory(owner=teacher)
        for _ in range(count):
            LessonFactory(course=course)
    client = site(teacher)
    with django_assert_max_num_queries(6):
        client.get("/studio/")
    lesson = Lesson.objects.first()
    with django_assert_max_num_queries(10):
        client.get(reverse("courses:lesson", args=[lesson.pk]))


def test_the_studios_list_goes_on(site, teacher):
    for _ in range(21):
        CourseFactory(owner=teacher)
    client = site(teacher)
    page = client.get("/studio/")
    following = client.get(
        "/studio/", {"cursor": page.context["page"].next}, headers={"HX-Request": "true"}
    )
    assert len(following.context["page"].items) == 1
    assert b"<html" not in following.content
    assert client.get("/studio/", {"cursor": "nonsense"}).status_code == 400


def test_a_moderator_edits_and_the_history_says_who(site, moderator, course):
    client = site(moderator)
    assert client.get(reverse("courses:editor", args=[course.pk])).status_code == 302
    client.post(reverse("courses:restore", args=[course.pk, 1]))
    assert course.versions.first().author == moderator
    assert client.get(reverse("courses:history", args=[course.pk])).status_code == 200
