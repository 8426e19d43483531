"""Enrolling, "my learning" and reviews on the site, and the admin beside them."""

import pytest
from django.utils import timezone

from apps.core.models import AuditEntry
from apps.courses.tests.factories import CourseFactory, DraftFactory
from apps.enrollment import services
from apps.enrollment.models import Enrollment, Review, SeatStatus
from apps.payments.tests.factories import PaidCourseFactory

from .factories import EnrollmentFactory, ReviewFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_one_click_enrols_and_opens_the_course(site, student):
    course = CourseFactory()
    client = site(student)
    for _again in range(2):
        assert client.post(f"/courses/{course.slug}/enroll/").url == f"/learn/{course.slug}/"
    assert Enrollment.objects.count() == 1
    assert client.get(f"/courses/{course.slug}/enroll/").url == f"/courses/{course.slug}/"


def test_who_does_not_enrol_by_a_click(site, client, student, teacher):
    course = CourseFactory(owner=teacher)
    assert "/accounts/login/" in client.post(f"/courses/{course.slug}/enroll/").url
    site(student)
    paid = PaidCourseFactory()
    assert client.post(f"/courses/{paid.slug}/enroll/").url == f"/checkout/{paid.slug}/"
    assert client.post(f"/courses/{DraftFactory().slug}/enroll/").status_code == 404
    site(teacher)
    assert client.post(f"/courses/{course.slug}/enroll/").status_code == 409


def test_my_learning_at_a_constant_cost(site, student, django_assert_max_num_queries):
    client = site(student)
    assert "Nothing on your shelf yet" in client.get("/my/courses/").content.decode()
    EnrollmentFactory(course__title="Somebody else's")
    for _more in range(2):
        EnrollmentFactory.create_batch(2, student=student)
        with django_assert_max_num_queries(8):
            page = client.get("/my/courses/").content.decode()
    assert page.count("<article") == 4
    assert "Somebody else" not in page


def test_finished_courses_stand_apart(site, student):
    EnrollmentFactory(
        student=student,
        status=SeatStatus.COMPLETED,
        completed_at=timezone.now(),
        course__title="Done with it",
    )
    EnrollmentFactory(student=student, status=SeatStatus.CANCELLED, course__title="Left it")
    client = site(student)
    assert "Done with it" in client.get("/my/courses/?show=completed").content.decode()
    page = client.get("/my/courses/").content.decode()
    assert "Done with it" not in page
    assert "Left it" not in page


def test_a_long_shelf_is_paged(site, student):
    EnrollmentFactory.create_batch(21, student=student)
    client = site(student)
    page = client.get("/my/courses/").content.decode()
    assert "Show more" in page
    assert client.get("/my/courses/?cursor=nonsense").status_code == 400


# ── Reviews ───────────────────────────────────────────────────────────────────────────────────
def test_reviews_are_public_as_a_page_and_as_a_fragment(client):
    review = ReviewFactory(comment="Worth every evening.")
    url = f"/courses/{review.course.slug}/reviews/"
    page = client.get(url).content.decode()
    assert "<html" in page
    assert "Worth every evening." in page
    assert "Write a review" not in page
    fragment = client.get(url, headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert "Worth every evening." in fragment
    assert client.get(f"/courses/{DraftFactory().slug}/reviews/").status_code == 404


def test_more_reviews_follow_by_cursor_at_a_constant_cost(client, django_assert_num_queries):
    course = CourseFactory()
    url = f"/courses/{course.slug}/reviews/"
    for number in (1, 5):
        for seat in EnrollmentFactory.create_batch(number, course=course):
            ReviewFactory(enrollment=seat)
        with django_assert_num_queries(2):
            response = client.get(url, headers=HTMX)
    assert response.content.decode().count("<article") == 5
    cursor = response.context["page"].next
    rest = client.get(f"{url}?cursor={cursor}", headers=HTMX).content.decode()
    assert rest.count("<article") == 1
    assert "reviews-of-course" not in rest


def test_writing_changing_and_deleting_ones_own(site, student):
    seat = EnrollmentFactory(student=student)
    url = f"/courses/{seat.course.slug}/reviews/"
    client = site(student)
    bad = client.post(url, {"rating": "9", "comment": "Kept words"}, headers=HTMX)
    assert bad.status_code == 422
    assert "Kept words" in bad.content.decode()
    first = client.post(url, {"rating": "4", "comment": "Good"}, headers=HTMX)
    assert "Good" in first.content.decode()
    client.post(url, {"rating": "2", "comment": "Hm"})
    review = Review.objects.get()
    assert (review.rating, review.comment) == (2, "Hm")
    seat.course.refresh_from_db()
    assert seat.course.rating_histogram == [0, 1, 0, 0, 0]
    assert client.post(f"/reviews/{review.pk}/delete/", headers=HTMX).status_code == 200
    assert not Review.objects.exists()


def test_others_can_not_write_or_delete(site, client, stranger):
    review = ReviewFactory()
    url = f"/courses/{review.course.slug}/reviews/"
    assert "/accounts/login/" in client.post(url, {"rating": "1"}).url
    assert "/accounts/login/" in client.post(f"/reviews/{review.pk}/helpful/").url
    site(stranger)
    assert client.post(url, {"rating": "1"}).status_code == 403
    assert client.post(f"/reviews/{review.pk}/delete/").status_code == 404
    assert client.get(f"/reviews/{review.pk}/reply/").status_code == 404
    assert Review.objects.count() == 1


def test_helpful_answers_its_button(site, client, stranger, student):
    review = ReviewFactory(enrollment__student=student)
    site(stranger)
    answer = client.post(f"/reviews/{review.pk}/helpful/", headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in answer
    answer = client.post(f"/reviews/{review.pk}/helpful/", headers=HTMX).content.decode()
    assert 'aria-pressed="false"' in answer
    site(student)
    assert client.post(f"/reviews/{review.pk}/helpful/").status_code == 403


def test_the_teacher_replies_below_the_review(site, teacher):
    review = ReviewFactory(enrollment__course__owner=teacher)
    client = site(teacher)
    assert 'name="text"' in client.get(f"/reviews/{review.pk}/reply/").content.decode()
    answer = client.post(f"/reviews/{review.pk}/reply/", {"text": "Thank you"}, headers=HTMX)
    assert "Thank you" in answer.content.decode()
    long = {"text": "x" * 5001}
    assert client.post(f"/reviews/{review.pk}/reply/", long).status_code == 422


# ── Admin ─────────────────────────────────────────────────────────────────────────────────────
def test_the_admin_reads_seats_and_deletes_reviews_by_the_service(site, admin):
    seat = EnrollmentFactory()
    review = services.write_review(
        student=seat.student, course=seat.course, rating=1, comment="Rude", at=timezone.now()
    )
    client = site(admin)
    assert client.get("/admin/enrollment/enrollment/").status_code == 200
    assert client.get("/admin/enrollment/review/?q=rude").status_code == 200
    assert client.get("/admin/enrollment/enrollment/add/").status_code == 403
    client.post(f"/admin/enrollment/review/{review.pk}/delete/", {"post": "yes"})
    assert not Review.objects.exists()
    seat.course.refresh_from_db()
    assert seat.course.review_count == 0
    assert AuditEntry.objects.filter(action="review.deleted", actor=admin).exists()
