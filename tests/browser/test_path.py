"""The path through a course: refreshed before the next lesson, seen as a whole, by module, on a phone."""

from playwright.sync_api import expect

from .browsing import PHONE, Screen, flaws, settle

COURSE = "/learn/statistics-you-can-trust/"
STUDENT = "student@example.com"


def test_what_has_faded_is_refreshed_before_the_lesson(visit):
    page = visit(email=STUDENT)
    page.goto(COURSE)
    card = page.get_by_role("region", name="Before you start")
    expect(card).to_contain_text("it has faded")
    card.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("heading", name="Before you start")).to_be_visible()
    assert flaws(page) == []
    page.get_by_role("button", name="Leave, and go to the lesson").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The standard error")


def test_the_path_is_read_as_a_whole_and_by_module(visit):
    page = visit(Screen(PHONE), email=STUDENT)
    page.goto(f"{COURSE}path/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your path")
    expect(page.locator(".path-now")).to_contain_text("The standard error")
    page.get_by_role("link", name="From a sample to a statement").click()
    expect(page.locator(".path")).not_to_contain_text("The standard error")
    expect(page.locator(".path")).to_contain_text("Confidence intervals")
    settle(page)
    assert flaws(page) == []
