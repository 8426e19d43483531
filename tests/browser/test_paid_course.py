"""A paid course: the checkout says what it is, pays once, and opens the lessons."""

import pytest
from playwright.sync_api import Page, expect

from .browsing import DELIVERED, sign_up

COURSE = "sql-and-relational-thinking"


@pytest.fixture
def buyer(visit) -> Page:
    """On the checkout, from the course page's button."""
    page = visit()
    page.goto("/accounts/signup/")
    sign_up(page, "Emil Sand")
    page.goto(f"/courses/{COURSE}/")
    page.get_by_role("link", name="Buy the course").first.click()
    page.wait_for_url(f"**/checkout/{COURSE}/")
    return page


def test_paying_twice_pays_once_and_the_lessons_open(buyer):
    expect(buyer.get_by_text("This is a test payment.")).to_be_visible()
    buyer.get_by_role("button", name="Pay $39").dblclick()
    expect(buyer.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    buyer.get_by_role("link", name="Start the first lesson").click(timeout=DELIVERED)
    expect(buyer.locator("article.prose")).to_be_visible()
    buyer.goto("/payments/")
    expect(buyer.get_by_role("article")).to_have_count(1)
    buyer.goto(f"/checkout/{COURSE}/")
    assert "/checkout/" not in buyer.url


def test_a_declined_payment_charges_nothing_and_can_be_tried_again(buyer):
    buyer.locator("input[name=outcome][value=declined]").check(force=True)
    buyer.get_by_role("button", name="Pay $39").click()
    expect(buyer.get_by_role("heading", name="The payment didn’t go through")).to_be_visible()
    expect(buyer.get_by_text("Nothing was charged.")).to_be_visible()
    buyer.get_by_role("link", name="Try again").click()
    buyer.get_by_role("button", name="Pay $39").click()
    expect(buyer.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
