"""POST and GET of payments: who may, what comes back, nothing twice."""

import pytest

from apps.courses.tests.factories import CourseFactory, DraftFactory
from apps.payments.models import Payment, PaymentStatus

from .factories import PaidCourseFactory, PaymentFactory

pytestmark = pytest.mark.django_db


def test_a_test_payment_succeeds_at_once_and_the_seat_follows(api, student, deliver_all):
    course = PaidCourseFactory()
    response = api(student).post("/api/payments", {"course": course.pk})
    assert response.status_code == 201
    assert response.data | {"id": 0, "created_at": ""} == {
        "id": 0,
        "course": course.pk,
        "amount": "29.00",
        "currency": "USD",
        "status": "succeeded",
        "provider": "test",
        "checkout_url": None,
        "created_at": "",
    }
    deliver_all()
    again = api(student).post("/api/enrollments", {"course": course.pk})
    assert (again.status_code, again.data["status"]) == (200, "enrolled")


def test_the_same_key_pays_once_and_another_post_is_refused(api, student):
    course = PaidCourseFactory()
    client = api(student)
    first = client.post("/api/payments", {"course": course.pk}, headers={"Idempotency-Key": "k"})
    again = client.post("/api/payments", {"course": course.pk}, headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.json()) == (201, first.json())
    assert client.post("/api/payments", {"course": course.pk}).status_code == 409
    other = {"course": PaidCourseFactory().pk}
    refused = client.post("/api/payments", other, headers={"Idempotency-Key": "k"})
    assert refused.status_code == 409
    assert Payment.objects.count() == 1


def test_an_open_payment_is_gone_on_with(api, student):
    payment = PaymentFactory(buyer=student)
    assert (
        api(student)
        .get(f"/api/payments/{payment.pk}")
        .data["checkout_url"]
        .endswith(f"/checkout/{payment.course.slug}/")
    )
    response = api(student).post("/api/payments", {"course": payment.course_id})
    assert (response.status_code, response.data["id"]) == (201, payment.pk)
    assert response.data["status"] == "succeeded"


def test_what_a_person_looks_at_is_pending_to_its_buyer(api, student):
    payment = PaymentFactory(buyer=student, status=PaymentStatus.REVIEW)
    shown = api(student).get(f"/api/payments/{payment.pk}").data
    assert (shown["status"], shown["checkout_url"]) == ("pending", None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "course"),
        ({"course": "x"}, "course"),
        ({"course": None}, "course"),
        ({"course": 10**30}, "course"),
        ({"course": [1]}, "course"),
        ({"course": -1}, "course"),
    ],
)
def test_bad_bodies_name_the_field(api, student, body, field):
    response = api(student).post("/api/payments", body)
    assert response.status_code == 400
    assert field in response.json()["errors"]


def test_what_is_not_on_sale_is_refused(api, student, teacher):
    client = api(student)
    assert client.post("/api/payments", {"course": CourseFactory().pk}).status_code == 409
    assert client.post("/api/payments", {"course": DraftFactory().pk}).status_code == 400
    own = PaidCourseFactory(owner=teacher)
    assert api(teacher).post("/api/payments", {"course": own.pk}).status_code == 409
    body = {"course": own.pk, "provider": "stripe"}
    assert "provider" in client.post("/api/payments", body).json()["errors"]


def test_own_foreign_missing(api, student, stranger, moderator):
    payment = PaymentFactory(buyer=student)
    url = f"/api/payments/{payment.pk}"
    assert api(student).get(url).status_code == 200
    assert api(stranger).get(url).status_code == 404
    assert api(moderator).get(url).status_code == 404
    assert api().get(url).status_code == 401
    assert api(student).get("/api/payments/999999999").status_code == 404
    assert api().post("/api/payments", {}).status_code == 401
    assert api().get("/api/payments/me").status_code == 401


def test_the_list_is_ones_own_and_costs_the_same(api, student, django_assert_num_queries):
    PaymentFactory()
    client = api(student)
    for number in (1, 2):
        PaymentFactory.create_batch(number, buyer=student)
        with django_assert_num_queries(1):
            rows = client.get("/api/payments/me").data["results"]
    assert len(rows) == 3
    assert {row["status"] for row in rows} == {"pending"}
