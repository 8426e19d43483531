"""A badge is celebrated once, between two things; the header counts along; all of it can be off."""

import re

import pytest
from playwright.sync_api import Page, expect

from .browsing import CELEBRATION, DESK, PHONE, Screen, sign_up

COURSE = "python-from-the-first-line"
LESSON = re.compile(rf"/learn/{COURSE}/\d+/")
SHORTLY = 5_000  # ms
TRIES = 12  # times that: as long as a busy machine's worker may take
COUNTER = "[data-habit]"
# learnt at night there are more things than it names
GLAD = re.compile("First Steps|more things? to be glad of")


def learner(visit, screen: Screen = Screen()) -> Page:
    """Somebody new, with a lesson done, on the lesson or quiz that follows it."""
    page: Page = visit(screen)
    page.goto("/accounts/signup/")
    sign_up(page, "Nora Lind")
    page.goto(f"/courses/{COURSE}/")
    page.get_by_role("button", name="Enrol for free").first.click()
    page.wait_for_url(LESSON)
    begun = page.url
    page.get_by_role("main").locator("[data-completes] button").click()
    page.wait_for_url(lambda url: url != begun)
    page.remove_locator_handler(page.locator(CELEBRATION))
    return page


def wait_until_counted(page: Page) -> None:
    """By a frame, or with the next page if the frame came between the two."""
    active = page.locator(f"{COUNTER}[data-active]")
    for _ in range(TRIES):
        try:
            expect(active).to_be_visible(timeout=SHORTLY)
        except AssertionError:
            page.goto(page.url)
        else:
            break
    expect(page.locator(f"{COUNTER} [data-habit-days]")).to_have_text("1")
    assert int(page.locator(f"{COUNTER} [data-habit-xp]").text_content() or "") >= 40


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_badge_is_celebrated_once_and_never_in_a_lesson(visit, width):
    page = learner(visit, Screen(width))
    wait_until_counted(page)
    page.goto(page.url)
    page.wait_for_load_state("networkidle")
    expect(page.locator("#celebration")).to_have_count(0)
    expect(page.locator("dialog[open]")).to_have_count(0)

    page.goto("/my/courses/")
    moment = page.locator(CELEBRATION)
    expect(moment).to_contain_text(GLAD)
    proceed = moment.get_by_role("button", name="Continue")
    expect(proceed).to_be_focused()
    with page.expect_response("**/habit/moment/seen/") as told:
        page.keyboard.press("Enter")
    assert told.value.status == 204
    expect(page.locator("dialog[open]")).to_have_count(0)
    for address in ("/my/courses/", "/", "/awards/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("1 day in a row")


def test_escape_ends_it_and_so_does_leaving(visit):
    page = learner(visit)
    wait_until_counted(page)
    page.goto("/")
    expect(page.locator(CELEBRATION)).to_contain_text(GLAD)
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    # at once, before the server may have heard of it
    page.goto("/my/courses/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_switched_off_nothing_of_it_is_left(visit):
    page = learner(visit)
    wait_until_counted(page)
    page.goto("/settings/habit/")
    page.get_by_label("Points, streaks and badges").uncheck()
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator(COUNTER)).to_have_count(0)
    page.goto("/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_role("main")).not_to_contain_text("in a row")


def test_the_awards_work_without_scripts(visit):
    page: Page = visit(email="student@example.com", java_script_enabled=False)
    page.goto("/awards/")
    expect(page.get_by_role("heading", name="Learning", exact=True)).to_be_visible()
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.get_by_role("link", name="First Steps").click()
    expect(page.get_by_role("heading", name="First Steps")).to_be_visible()
    page.goto("/settings/habit/")
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
