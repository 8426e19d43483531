"""Checkout, the page of a payment, and the history, as a person walks them."""

import pytest

from apps.courses.tests.factories import CourseFactory, DraftFactory
from apps.payments.models import Payment, PaymentStatus

from .factories import PaidCourseFactory, PaymentFactory

pytestmark = pytest.mark.django_db
PAY = {"provider": "test", "outcome": "goes_through"}


def test_buying_leads_to_the_payment_and_a_second_press_too(site, student):
    course = PaidCourseFactory()
    client = site(student)
    page = client.get(f"/checkout/{course.slug}/").content.decode()
    assert "This is a test payment." in page
    assert "$29" in page
    response = client.post(f"/checkout/{course.slug}/", PAY, follow=True)
    payment = Payment.objects.get()
    assert response.redirect_chain[-1][0] == f"/payments/{payment.pk}/"
    assert "Paid. Thank you!" in response.content.decode()
    again = client.post(f"/checkout/{course.slug}/", PAY)
    assert again.url == f"/payments/{payment.pk}/"
    assert Payment.objects.count() == 1


def test_a_declined_payment_says_so_and_can_be_tried_again(site, student):
    course = PaidCourseFactory()
    client = site(student)
    declined = PAY | {"outcome": "declined"}
    page = client.post(f"/checkout/{course.slug}/", declined, follow=True).content.decode()
    assert "The payment didn’t go through" in page
    assert f"/checkout/{course.slug}/" in page
    client.post(f"/checkout/{course.slug}/", PAY)
    assert sorted(Payment.objects.values_list("status", flat=True)) == ["failed", "succeeded"]


@pytest.mark.parametrize("form", [{}, {"provider": "stripe"}, PAY | {"outcome": "x"}])
def test_a_bad_form_is_told(site, student, form):
    course = PaidCourseFactory()
    assert site(student).post(f"/checkout/{course.slug}/", form).status_code == 422
    assert not Payment.objects.exists()


def test_what_is_not_sold_has_no_checkout(site, student, teacher):
    free = CourseFactory()
    client = site(student)
    assert client.get(f"/checkout/{free.slug}/").url == f"/courses/{free.slug}/"
    assert client.get(f"/checkout/{DraftFactory().slug}/").status_code == 404
    own = PaidCourseFactory(owner=teacher)
    assert site(teacher).get(f"/checkout/{own.slug}/").url == f"/courses/{own.slug}/"


def test_without_a_provider_nothing_is_asked(site, student, settings):
    settings.TEST_PAYMENTS = False
    course = PaidCourseFactory()
    client = site(student)
    assert "switched off" in client.get(f"/checkout/{course.slug}/").content.decode()
    assert client.post(f"/checkout/{course.slug}/", PAY).status_code == 422


@pytest.mark.parametrize("status", PaymentStatus.values)
def test_every_state_has_a_page(site, student, status):
    payment = PaymentFactory(buyer=student, status=status)
    assert site(student).get(f"/payments/{payment.pk}/").status_code == 200


def test_own_foreign_missing(site, client, stranger):
    payment = PaymentFactory()
    assert client.get(f"/payments/{payment.pk}/").status_code == 302
    assert client.get(f"/checkout/{payment.course.slug}/").status_code == 302
    site(stranger)
    assert client.get(f"/payments/{payment.pk}/").status_code == 404
    assert client.get("/payments/999999/").status_code == 404


def test_the_history_is_ones_own_and_costs_the_same(site, student, django_assert_max_num_queries):
    PaymentFactory(course__title="Somebody else's")
    client = site(student)
    assert "No payments yet" in client.get("/payments/").content.decode()
    for _more in range(2):
        PaymentFactory.create_batch(2, buyer=student)
        with django_assert_max_num_queries(8):
            page = client.get("/payments/").content.decode()
    assert page.count("<article") == 4
    assert "Somebody else" not in page


def test_the_admin_reads_and_does_not_write(site, admin):
    payment = PaymentFactory()
    client = site(admin)
    assert client.get("/admin/payments/payment/").status_code == 200
    assert client.get(f"/admin/payments/payment/{payment.pk}/change/").status_code == 200
    assert client.get("/admin/payments/payment/add/").status_code == 403
