import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from apps.analytics.models import TrackedEvent
from apps.core.caching import PUBLIC
from apps.courses.models import CourseSlug, CourseStatus
from apps.courses.services import archive_course
from apps.courses.tests.factories import CourseFactory, DraftFactory, LessonFactory
from apps.enrollment.services import complete_lesson, grant_seat
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.models import Concept, Prerequisite
from apps.learning.tests.factories import ConceptFactory
from apps.learning.tests.knowing import knows, teaches

pytestmark = pytest.mark.django_db

QUERIES = 16


@pytest.fixture
def course(teacher):
    found = CourseFactory(owner=teacher, slug="a-course", price_minor=2900, description="**Bold**")
    LessonFactory(course=found, title="Open lesson", is_preview=True)
    LessonFactory(course=found, title="Closed lesson")
    return found


def read(client, slug="a-course"):
    return client.get(f"/courses/{slug}/")


def test_visitors_read_it_and_shared_caches_may_keep_it(client, course):
    answer = read(client)
    text = answer.content.decode()
    assert course.title in text and "<strong>Bold</strong>" in text
    assert answer["Cache-Control"] == PUBLIC
    assert "csrfmiddlewaretoken" not in text


def test_only_previews_are_links_without_a_seat(client, course):
    preview, closed = course.lessons.order_by("pk")
    text = read(client).content.decode()
    assert f"/learn/a-course/{preview.pk}/" in text
    assert f"/learn/a-course/{closed.pk}/" not in text


def test_a_paid_course_is_bought(site, student, course):
    assert "/checkout/a-course/" in read(site(student)).content.decode()


def test_a_free_course_is_enrolled_in(site, client, student, course):
    course.price_minor = 0
    course.save()
    assert "/accounts/login/?next=/courses/a-course/" in read(client).content.decode()
    answer = read(site(student))
    assert "Enrol for free" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


def test_a_seat_is_continued_at_the_next_lesson(site, student, course):
    grant_seat(student_id=student.pk, course_id=course.pk, at=timezone.now())
    first, second = course.lessons.order_by("pk")
    complete_lesson(student=student, lesson=first, at=timezone.now())
    text = read(site(student)).content.decode()
    assert f'href="/learn/a-course/{second.pk}/">Continue' in text
    assert "/checkout/" not in text


def test_a_draft_is_seen_by_its_owner_and_by_moderators_only(
    site, client, teacher, moderator, stranger
):
    DraftFactory(owner=teacher, slug="draft")
    assert read(client, "draft").status_code == 404
    assert read(site(stranger), "draft").status_code == 404
    assert "isn’t public yet" in read(site(teacher), "draft").content.decode()
    assert read(site(moderator), "draft").status_code == 200


def test_an_archived_course_stays_open_to_those_with_a_seat(site, student, stranger, course):
    grant_seat(student_id=student.pk, course_id=course.pk, at=timezone.now())
    archive_course(course=course, by=course.owner, at=timezone.now())
    course.refresh_from_db()
    assert course.status == CourseStatus.ARCHIVED
    assert read(site(student)).status_code == 200
    assert read(site(stranger)).status_code == 404


def test_an_old_slug_redirects(client, course):
    CourseSlug.objects.create(course=course, slug="older")
    answer = read(client, "older")
    assert (answer.status_code, answer["Location"]) == (301, "/courses/a-course/")


def test_visits_are_kept_but_not_the_teachers_own(site, student, teacher, course):
    read(site(student))
    read(site(teacher))
    views = TrackedEvent.objects.filter(name="course.viewed")
    assert list(views.values_list("user_id", "course_id")) == [(student.pk, course.pk)]


def test_queries_dont_grow_with_the_curriculum(
    client, site, student, course, django_assert_num_queries
):
    browser = site(student)
    with django_assert_num_queries(QUERIES):
        read(browser)
    LessonFactory.create_batch(3, course=course)
    with django_assert_num_queries(QUERIES):
        read(browser)


def test_a_visitors_page_is_made_once_until_something_changes(
    client, student, course, django_assert_num_queries
):
    read(client)
    with django_assert_num_queries(4):  # the course, and the note of the visit in a savepoint
        assert "1 student" not in read(client).content.decode()
    grant_seat(student_id=student.pk, course_id=course.pk, at=timezone.now())
    assert "1 student" in read(client).content.decode()


def test_a_waiting_toast_is_nobody_elses(client, course):
    kept, carrier = CookieStorage(RequestFactory().get("/")), HttpResponse()
    kept.add(messages.SUCCESS, "You are signed out.")
    kept.update(carrier)
    client.cookies["messages"] = carrier.cookies["messages"].value
    answer = read(client)
    assert "You are signed out." in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert "You are signed out." not in read(Client()).content.decode()


# ── The map of its concepts ───────────────────────────────────────────────────────────────────
def test_the_map_is_a_picture_without_anybodys_levels(client, site, student, course):
    before, after = ConceptFactory.create_batch(2, course=course)
    Prerequisite.objects.create(course=course, advanced=after, prerequisite=before)
    url = f"/courses/{course.slug}/map/"
    page = client.get(url)
    assert "public" in page["Cache-Control"]
    assert before.name in page.text
    assert "level" not in page.context["picture"].graph
    EnrollmentFactory(student=student, course=course)
    own = site(student).get(url)
    assert "level" in own.context["picture"].graph
    assert f"/map/{course.slug}/" in own.text


def test_a_course_without_concepts_shows_no_map(client, course):
    answer = client.get(f"/courses/{course.slug}/map/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.get("/courses/no-such-course/map/").status_code == 404


def test_the_curriculum_marks_what_the_path_skips(site, student):
    course = CourseFactory(slug="known")
    known, new = (LessonFactory(course=course, title=title) for title in ("Known", "New"))
    grant_seat(student_id=student.pk, course_id=course.pk, at=timezone.now())
    for lesson in (known, new):
        teaches(lesson, ConceptFactory(course=course))
    knows(student, Concept.objects.get(lesson_tags__lesson=known.pk), at=timezone.now())
    text = site(student).get("/courses/known/").content.decode()
    assert text.count("skipped") == 1
    assert f"/learn/known/{new.pk}/" in text
    assert "/learn/known/path/" in text


def test_a_course_whose_lessons_are_a_figure_alone_stands(client, teacher, student, site, api):
    """As made-up catalogues have them: no outline, and still something to enrol in."""
    found = CourseFactory(owner=teacher, slug="bare", price_minor=0, lesson_count=12)
    assert "12 lessons" in read(client, "bare").content.decode()
    reader = site(student)
    assert reader.post("/courses/bare/enroll/").status_code == 302
    for address in ("/courses/bare/", "/learn/bare/", "/learn/bare/path/", "/my/courses/", "/"):
        assert reader.get(address, follow=True).status_code == 200, address
    for address in (f"/api/courses/{found.pk}/curriculum", f"/api/progress/courses/{found.pk}"):
        assert api(student).get(address).status_code == 200, address
    for address in ("/studio/", f"/studio/courses/{found.pk}/"):
        assert site(teacher).get(address, follow=True).status_code == 200, address
