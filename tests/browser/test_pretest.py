"""A pre-test as a student meets it: invited, by keys alone, over a broken line, to what can be skipped."""

import re

import pytest
from playwright.sync_api import Page, expect

from .browsing import DESK, PHONE, Screen, flaws, settle, sign_up
from .places import NAMES

MOST = 30


def enrol(page: Page) -> None:
    page.goto("/accounts/signup/")
    sign_up(page, "Ines Moreau")
    page.goto(f"/courses/{NAMES['en']['free']}/")
    page.get_by_role("button", name="Enrol for free").first.click()


def begin(page: Page) -> None:
    page.get_by_role("link", name="Find out").click()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_selector("#pretest")


def asked(page: Page) -> str:
    return page.locator("[data-question]").get_attribute("data-question") or ""


def wait_for_other(page: Page, question: str) -> None:
    page.wait_for_function(
        "id => document.querySelector('[data-question]')?.dataset.question !== id", arg=question
    )


def not_know(page: Page) -> None:
    """By its key; in a field that has the focus the key is a digit, or nothing."""
    if page.locator("[data-question] .input, [data-question] .select").count():
        page.get_by_role("button", name="I don’t know").click()
    else:
        page.keyboard.press("0")


def refuse_nothing(page: Page) -> None:
    """Next without an answer is told, and the page waits for one."""
    before = asked(page)
    if page.locator("[data-question]").get_attribute("data-kind") == "ordering":
        return  # its order as shown is an answer
    page.keyboard.press("Enter")
    expect(page.locator("[data-error]")).to_contain_text("say that you don’t know")
    assert asked(page) == before
    assert flaws(page) == []


def lose_the_line(page: Page) -> None:
    """The answer stays on the page, is tried again, and counts once."""
    before = asked(page)
    page.route("**/pretest/answer/", lambda route: route.fulfill(status=503))
    page.get_by_role("button", name="I don’t know").click()
    expect(page.locator("[data-not-sent]")).to_be_visible()
    page.unroute("**/pretest/answer/")
    wait_for_other(page, before)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_from_the_invitation_to_what_can_be_skipped(visit, width):
    page = visit(Screen(width), expected=(422,))
    enrol(page)
    settle(page)
    assert flaws(page) == []
    begin(page)
    refuse_nothing(page)
    for number in range(MOST):
        if not page.locator("[data-question]").count():
            break
        before = asked(page)
        if number == 1:
            page.reload()  # nothing is lost by leaving
            assert asked(page) == before
        not_know(page)
        wait_for_other(page, before)
    page.wait_for_url("**/result/**")
    settle(page)
    assert flaws(page) == []
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nothing to skip")
    page.get_by_role("link", name=re.compile("^Start with")).click()
    page.wait_for_url(re.compile(r"/learn/[\w-]+/\d+/$"))
    expect(page.get_by_role("link", name="Find out")).to_have_count(0)


def test_a_broken_line_loses_no_answer(visit):
    page = visit(expected=(503,))
    enrol(page)
    begin(page)
    lose_the_line(page)
    expect(page.locator(".quiz-bar .y")).to_have_count(1)


def test_it_is_a_plain_form_without_scripts(visit):
    page = visit(java_script_enabled=False)
    enrol(page)
    begin(page)
    before = asked(page)
    page.get_by_role("button", name="I don’t know").click()
    expect(page.locator("[data-question]")).not_to_have_attribute("data-question", before)
