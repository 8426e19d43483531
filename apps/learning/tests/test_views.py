"""The lesson player, as students, visitors, teachers and strangers meet it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.courses.models import LessonAttachment
from apps.courses.tests.factories import CourseFactory, DraftFactory, LessonFactory, ModuleFactory
from apps.enrollment.models import Enrollment, SeatStatus
from apps.enrollment.tests.factories import EnrollmentFactory, ReviewFactory
from apps.media.services import store_upload
from apps.payments.models import PaymentStatus
from apps.payments.tests.factories import PaymentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(teacher):
    module = ModuleFactory(course__owner=teacher)
    LessonFactory.create_batch(3, module=module, course=module.course)
    return module.course


@pytest.fixture
def seat(course, student):
    return EnrollmentFactory(student=student, course=course)


def url_of(lesson, tail=""):
    return f"/learn/{lesson.course.slug}/{lesson.pk}/{tail}"


def test_a_lesson_shows_text_place_and_neighbours(site, seat, student):
    first, second, third = seat.course.lessons.in_order()
    page = site(student).get(url_of(second)).content.decode()
    assert "<strong>lesson</strong>" in page
    assert f'href="{url_of(first)}" rel="prev" data-key="k"' in page
    assert f'href="{url_of(third)}" rel="next" data-key="j"' in page
    assert "Lesson 2 of 3" in page
    assert "Mark complete and go on" in page


@pytest.mark.parametrize(
    ("language", "scripts"), [("en", ["latin"]), ("ru", ["cyrillic", "latin"])]
)
def test_the_font_of_the_text_is_fetched_with_the_page(site, seat, student, language, scripts):
    type(seat.course).objects.filter(pk=seat.course_id).update(language=language)
    page = site(student).get(url_of(seat.course.lessons.first())).content.decode()
    head = page.partition("</head>")[0]
    assert re.findall(r'rel="preload"[^>]*serif-text-(\w+)', head) == scripts


def test_the_lesson_page_without_concepts_needs_few_queries(
    site, seat, student, django_assert_max_num_queries
):
    client = site(student)
    lesson = seat.course.lessons.in_order().first()
    with django_assert_max_num_queries(20):
        client.get(url_of(lesson))
    more = LessonFactory.create_batch(
        5, module=ModuleFactory(course=seat.course), course=seat.course
    )
    with django_assert_max_num_queries(19):
        client.get(url_of(more[0]))


def test_strangers_and_visitors_are_led_to_the_course(site, client, seat, stranger):
    lesson = seat.course.lessons.first()
    course_page = f"/courses/{seat.course.slug}/"
    assert client.get(url_of(lesson)).url == course_page
    assert client.get(f"/learn/{seat.course.slug}/").url == course_page
    site(stranger)
    assert client.get(url_of(lesson)).url == course_page
    assert client.get(f"/learn/{seat.course.slug}/").url == course_page
    assert client.get(f"/learn/{seat.course.slug}/999999/").status_code == 404


def test_what_is_hidden_is_not_there(site, client, stranger):
    lesson = LessonFactory(course=DraftFactory(), is_preview=True)
    assert client.get(url_of(lesson)).status_code == 404
    site(stranger)
    assert client.get(url_of(lesson)).status_code == 404
    assert client.get(f"/learn/{lesson.course.slug}/").status_code == 404


def test_a_preview_invites_to_enrol(client):
    lesson = LessonFactory(is_preview=True)
    page = client.get(url_of(lesson)).content.decode()
    assert "free preview" in page
    assert f"/courses/{lesson.course.slug}/enroll/" in page
    assert "Mark complete" not in page


def test_the_teacher_reads_their_own_draft(site, teacher):
    lesson = LessonFactory(course=DraftFactory(owner=teacher))
    page = site(teacher).get(url_of(lesson)).content.decode()
    assert "Mark complete" not in page
    assert "Enrol for free" not in page


def test_a_wrong_slug_is_set_right(site, seat, student):
    lesson = seat.course.lessons.first()
    assert site(student).get(f"/learn/other/{lesson.pk}/").url == url_of(lesson)


def test_completing_goes_on_and_the_end_is_celebrated_once(site, seat, student):
    first, second, third = seat.course.lessons.in_order()
    client = site(student)
    assert client.post(url_of(first, "complete/")).url == url_of(second)
    assert client.post(url_of(first, "complete/")).url == url_of(second)
    assert client.get(f"/learn/{seat.course.slug}/").url == url_of(second)
    assert client.post(url_of(third, "complete/")).url == url_of(second)
    done = f"/learn/{seat.course.slug}/done/"
    assert client.get(done).url == f"/learn/{seat.course.slug}/"
    assert client.post(url_of(second, "complete/")).url == done
    page = client.get(done).content.decode()
    assert "Course completed" in page
    assert "Write a review" in page
    assert client.post(url_of(second, "complete/")).url == url_of(third)
    ReviewFactory(enrollment=seat)
    assert "Write a review" not in client.get(done).content.decode()


def test_completing_by_htmx_goes_on_by_a_header(site, seat, student):
    first, second, _third = seat.course.lessons.in_order()
    answer = site(student).post(url_of(first, "complete/"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == url_of(second)


def test_completing_is_for_those_with_a_seat(site, client, seat, stranger):
    lesson = seat.course.lessons.first()
    assert client.post(url_of(lesson, "complete/")).status_code == 302
    site(stranger)
    assert client.post(url_of(lesson, "complete/")).status_code == 403
    hidden = LessonFactory(course=DraftFactory())
    assert client.post(url_of(hidden, "complete/")).status_code == 404
    assert client.get(url_of(lesson, "complete/")).status_code == 405
    assert Enrollment.objects.get().status == SeatStatus.ENROLLED


def test_a_video_is_framed_or_linked(site, seat, student):
    lesson = seat.course.lessons.first()
    client = site(student)
    lesson.video_url = "https://youtu.be/dQw4w9WgXcQ"
    lesson.save()
    page = client.get(url_of(lesson))
    assert "youtube-nocookie.com/embed/dQw4w9WgXcQ" in page.content.decode()
    assert "https://www.youtube-nocookie.com" in page.headers["Content-Security-Policy"]
    lesson.video_url = "https://example.com/film.mp4"
    lesson.save()
    page = client.get(url_of(lesson)).content.decode()
    assert "<iframe" not in page
    assert "https://example.com/film.mp4" in page


def test_files_are_for_whoever_may_read_the_lesson(site, client, seat, student, stranger, teacher):
    lesson = seat.course.lessons.first()
    upload = store_upload(
        owner=teacher,
        file=SimpleUploadedFile("notes.txt", b"Words to keep."),
        purpose="attachment",
        at=timezone.now(),
    )
    row = LessonAttachment.objects.create(lesson=lesson, upload=upload, position=1)
    url = url_of(lesson, f"files/{row.pk}/")
    assert client.get(url).status_code == 404
    site(student)
    assert "notes.txt" in client.get(url_of(lesson)).content.decode()
    answer = client.get(url, follow=True)
    assert answer.content == b"Words to keep."
    site(stranger)
    assert client.get(url).status_code == 404


def test_the_seat_is_waited_for_after_paying(site, student, deliver_all):
    payment = PaymentFactory(buyer=student, status=PaymentStatus.SUCCEEDED)
    LessonFactory(course=payment.course)
    client = site(student)
    slug = payment.course.slug
    assert 'hx-trigger="every 1s"' in client.get(f"/learn/{slug}/ready/").content.decode()
    assert "being prepared" in client.get(f"/learn/{slug}/").content.decode()
    EnrollmentFactory(student=student, course=payment.course)
    ready = client.get(f"/learn/{slug}/ready/").content.decode()
    assert "hx-trigger" not in ready
    assert f"/learn/{slug}/" in ready
    assert client.get(f"/learn/{slug}/").status_code == 302


def test_a_course_without_lessons_leads_to_its_page(site, student):
    seat = EnrollmentFactory(student=student, course=CourseFactory())
    assert site(student).get(f"/learn/{seat.course.slug}/").url == f"/courses/{seat.course.slug}/"
