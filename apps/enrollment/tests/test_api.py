"""Seats, progress and reviews through the API: who may, what comes back, what is refused."""

import pytest

from apps.courses.tests.factories import CourseFactory, DraftFactory, LessonFactory, ModuleFactory
from apps.enrollment.models import Enrollment, Review, SeatStatus
from apps.payments.tests.factories import PaidCourseFactory

from .factories import EnrollmentFactory, ReviewFactory

pytestmark = pytest.mark.django_db
BAD_IDS = [None, "x", [], {}, True, -1, 0, 10**30, 999_999_999]


# ── Enrolling ─────────────────────────────────────────────────────────────────────────────────
def test_enrolling_again_gives_the_same_seat(api, student):
    course = CourseFactory()
    first = api(student).post("/api/enrollments", {"course": course.pk})
    assert first.status_code == 201
    assert set(first.data) == {
        "id", "course", "status", "progress_percent", "enrolled_at", "completed_at",
    }  # fmt: skip
    again = api(student).post("/api/enrollments", {"course": course.pk})
    assert (again.status_code, again.data["id"]) == (200, first.data["id"])


def test_a_key_replays_the_first_answer(api, student):
    body, key = {"course": CourseFactory().pk}, {"Idempotency-Key": "one"}
    assert api(student).post("/api/enrollments", body, headers=key).status_code == 201
    again = api(student).post("/api/enrollments", body, headers=key)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")


def test_who_may_not_enrol(api, student, teacher):
    paid = PaidCourseFactory()
    assert api(student).post("/api/enrollments", {"course": paid.pk}).status_code == 402
    own = CourseFactory(owner=teacher)
    assert api(teacher).post("/api/enrollments", {"course": own.pk}).status_code == 409
    assert api().post("/api/enrollments", {"course": own.pk}).status_code == 401
    draft = DraftFactory()
    assert api(student).post("/api/enrollments", {"course": draft.pk}).status_code == 400


@pytest.mark.parametrize("value", BAD_IDS, ids=str)
@pytest.mark.parametrize("path", ["enrollments", "reviews"])
def test_bad_course_ids_name_the_field(api, student, path, value):
    response = api(student).post(f"/api/{path}", {"course": value, "rating": 5})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["course"]


def test_an_infinite_course_is_refused(api, student):
    body = '{"course": 1e400, "rating": 5}'
    for path in ("enrollments", "reviews", "payments"):
        response = api(student).post(f"/api/{path}", body, content_type="application/json")
        assert list(response.json()["errors"]) == ["course"]


def test_own_seats_are_listed_at_a_constant_cost(api, student, django_assert_num_queries):
    EnrollmentFactory()
    for number in (1, 2):
        EnrollmentFactory.create_batch(number, student=student)
        with django_assert_num_queries(1):
            rows = api(student).get("/api/enrollments/me").data["results"]
    assert len(rows) == 3
    assert api().get("/api/enrollments/me").status_code == 401


def test_the_count_is_public_for_what_is_visible(api, teacher, stranger):
    course = CourseFactory(student_count=7)
    url = "/api/enrollments/course/{}/count"
    assert api().get(url.format(course.pk)).json() == {"count": 7}
    draft = DraftFactory(owner=teacher)
    assert api(teacher).get(url.format(draft.pk)).json() == {"count": 0}
    for client in (api(), api(stranger)):
        assert client.get(url.format(draft.pk)).status_code == 404
        assert client.get(url.format(10**25)).status_code == 404


def test_leaving_own_foreign_missing(api, student, stranger):
    seat = EnrollmentFactory(student=student, course=CourseFactory(student_count=1))
    url = f"/api/enrollments/{seat.pk}"
    assert api().delete(url).status_code == 401
    assert api(stranger).delete(url).status_code == 404
    assert api(student).delete("/api/enrollments/999999").status_code == 404
    for _again in range(2):
        assert api(student).delete(url).status_code == 204
    assert Enrollment.objects.get().status == SeatStatus.CANCELLED
    done = EnrollmentFactory(student=student, status=SeatStatus.COMPLETED)
    assert api(student).delete(f"/api/enrollments/{done.pk}").status_code == 409


# ── Progress ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def two_lessons(student):
    module = ModuleFactory()
    lessons = LessonFactory.create_batch(2, module=module, course=module.course)
    EnrollmentFactory(student=student, course=module.course)
    return lessons


def test_completing_is_idempotent(api, student, two_lessons):
    url = f"/api/progress/lessons/{two_lessons[0].pk}/complete"
    first = api(student).post(url)
    assert first.status_code == 200
    assert first.data["lesson"] == two_lessons[0].pk
    assert first.data["course_progress"] == {"completed": 1, "total": 2, "percent": 50}
    assert api(student).post(url).json() == first.json()


def test_completing_without_a_seat(api, stranger, teacher, two_lessons):
    url = "/api/progress/lessons/{}/complete"
    known = two_lessons[0]
    assert api().post(url.format(known.pk)).status_code == 401
    assert api(stranger).post(url.format(known.pk)).status_code == 403
    hidden = LessonFactory(course=DraftFactory(owner=teacher))
    assert api(stranger).post(url.format(hidden.pk)).status_code == 404
    assert api(teacher).post(url.format(hidden.pk)).status_code == 403
    assert api(stranger).post(url.format(10**25)).status_code == 404


def test_progress_is_of_ones_own_seat(api, student, stranger, two_lessons):
    course = two_lessons[0].course
    api(student).post(f"/api/progress/lessons/{two_lessons[1].pk}/complete")
    url = f"/api/progress/courses/{course.pk}"
    expected = {"completed": 1, "total": 2, "percent": 50, "status": "in_progress"}
    assert api(student).get(url).data == expected
    rows = api(student).get(f"{url}/lessons").data["results"]
    assert [(row["lesson"], bool(row["completed_at"])) for row in rows] == [
        (two_lessons[0].pk, False),
        (two_lessons[1].pk, True),
    ]
    for path in (url, f"{url}/lessons", "/api/progress/courses/999999"):
        assert api(stranger).get(path).status_code == 404
        assert api().get(path).status_code == 401


def test_a_seat_outlives_archiving_in_the_api_too(api, student):
    seat = EnrollmentFactory(student=student, course=CourseFactory(status="archived"))
    lesson = LessonFactory(course=seat.course)
    again = api(student).post("/api/enrollments", {"course": seat.course_id})
    assert again.status_code == 200
    assert api(student).post(f"/api/progress/lessons/{lesson.pk}/complete").status_code == 200


# ── Reviews ───────────────────────────────────────────────────────────────────────────────────
def write(client, course, **body):
    return client.post("/api/reviews", {"course": course.pk, "rating": 5} | body)


def test_a_review_is_written_once_by_the_enrolled(api, student, stranger):
    seat = EnrollmentFactory(student=student)
    response = write(api(student), seat.course, comment="Good")
    assert response.status_code == 201
    assert response.data["user"]["username"] == student.username
    assert "email" not in str(response.data)
    assert write(api(student), seat.course).status_code == 409
    assert write(api(stranger), seat.course).status_code == 403
    assert write(api(), seat.course).status_code == 401


@pytest.mark.parametrize("rating", [None, 0, 6, "x", 4.5, True, 10**30])
def test_bad_ratings_name_the_field(api, student, rating):
    seat = EnrollmentFactory(student=student)
    response = write(api(student), seat.course, rating=rating)
    assert (response.status_code, list(response.json()["errors"])) == (400, ["rating"])


def test_long_and_broken_comments_are_refused(api, student):
    seat = EnrollmentFactory(student=student)
    assert write(api(student), seat.course, comment="x" * 5001).status_code == 400
    assert write(api(student), seat.course, comment="\x00").status_code == 400


def test_reviews_of_a_course_come_with_their_histogram(api, student, django_assert_num_queries):
    course = CourseFactory()
    for number, queries in ((1, 2), (2, 2)):
        for seat in EnrollmentFactory.create_batch(number, course=course):
            write(api(seat.student), course, rating=4)
        with django_assert_num_queries(queries):
            data = api().get(f"/api/reviews/course/{course.pk}").json()
    assert data["histogram"] == [0, 0, 0, 3, 0]
    assert (data["avg_rating"], data["review_count"], len(data["results"])) == (4.0, 3, 3)
    page = api().get(f"/api/reviews/course/{course.pk}?limit=2").json()
    rest = api().get(page["next"]).json()
    assert len(page["results"]) + len(rest["results"]) == 3
    assert api().get(f"/api/reviews/course/{DraftFactory().pk}").status_code == 404
    assert api().get("/api/reviews/course/999999").status_code == 404


def test_changing_and_deleting_own_foreign_missing(api, student, stranger, moderator):
    review = ReviewFactory(enrollment__student=student)
    url = f"/api/reviews/{review.pk}"
    assert api(student).patch(url, {"rating": 2}).data["rating"] == 2
    assert api(student).patch(url, {"comment": "Hm"}).data["comment"] == "Hm"
    assert api(student).patch(url, {"rating": 9}).status_code == 400
    for client, code in ((api(), 401), (api(stranger), 404), (api(moderator), 404)):
        assert client.patch(url, {"rating": 1}).status_code == code
    assert api(stranger).delete(url).status_code == 404
    assert api().delete(url).status_code == 401
    assert api(moderator).delete(url).status_code == 204
    assert api(student).delete(url).status_code == 404
    assert not Review.objects.exists()


def test_the_reply_is_the_teachers(api, teacher, student, stranger):
    review = ReviewFactory(enrollment__student=student, enrollment__course__owner=teacher)
    url = f"/api/reviews/{review.pk}/reply"
    assert api(teacher).put(url, {"text": "Thanks"}).data["reply"] == "Thanks"
    assert api(teacher).put(url, {}).status_code == 400
    for client, code in ((api(), 401), (api(student), 404), (api(stranger), 404)):
        assert client.put(url, {"text": "Mine"}).status_code == code
    assert api(teacher).put(url, {"text": ""}).data["replied_at"] is None


def test_helpful_is_a_toggle(api, student, stranger):
    review = ReviewFactory(enrollment__student=student)
    url = f"/api/reviews/{review.pk}/helpful"
    assert api(stranger).post(url).data == {"helpful": True, "helpful_count": 1}
    assert api(stranger).post(url).data == {"helpful": False, "helpful_count": 0}
    assert api(student).post(url).status_code == 403
    assert api().post(url).status_code == 401
    hidden = ReviewFactory(enrollment__course=DraftFactory())
    assert api(stranger).post(f"/api/reviews/{hidden.pk}/helpful").status_code == 404


def test_a_repeated_helpful_with_a_key_stays(api, stranger):
    review = ReviewFactory()
    for _again in range(2):
        response = api(stranger).post(
            f"/api/reviews/{review.pk}/helpful", headers={"Idempotency-Key": "h"}
        )
        assert response.json() == {"helpful": True, "helpful_count": 1}


def test_russian_is_spoken(api, stranger):
    lesson = LessonFactory()
    response = api(stranger).post(
        f"/api/progress/lessons/{lesson.pk}/complete", headers={"Accept-Language": "ru"}
    )
    assert response.json()["detail"] == "Сначала запишитесь на курс."
