"""The connection goes away while a form is filled in: it is said, nothing is lost, nothing doubled."""

import secrets
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from .browsing import DELIVERED
from .places import COURSE_IN_STUDIO

COURSE = "python-from-the-first-line"
LOST = "Nothing you typed is lost"


def topic(page: Page, words: str) -> tuple[Locator, str]:
    page.goto("/forum/new/")
    page.get_by_label("Category").select_option("programming")
    page.get_by_label("Title").fill(f"Lost in a tunnel {words}")
    field = page.get_by_label("Text", exact=True)
    field.fill(f"Where was I? {words}")
    return field, "Post topic"


def comment(page: Page, words: str) -> tuple[Locator, str]:
    page.goto(f"/courses/{COURSE}/discussion/")
    field = page.locator("form[data-draft] textarea[name=content]").first
    field.fill(f"Asked in a tunnel {words}")
    return field, "Post"


def profile(page: Page, words: str) -> tuple[Locator, str]:
    page.goto("/settings/")
    field = page.locator("textarea[name=bio]")
    field.fill(f"Travels through tunnels {words}")
    return field, "Save"


@pytest.mark.parametrize("begin", [topic, comment, profile])
def test_a_form_waits_for_the_connection_with_all_that_is_in_it(visit: Any, begin: Any) -> None:
    page = visit(email="student@example.com", watched=False)
    words = secrets.token_hex(4)
    field, button = begin(page, words)
    typed = field.input_value()
    send = field.locator("xpath=ancestor::form").get_by_role("button", name=button, exact=True)
    posted: list[str] = []
    page.on("response", lambda got: got.request.method == "POST" and posted.append(got.url))

    page.context.set_offline(True)
    send.click()
    expect(page.locator("#toasts")).to_contain_text(LOST)
    expect(field).to_have_value(typed)
    expect(send).not_to_have_attribute("aria-busy", "true")
    assert posted == []

    page.context.set_offline(False)
    send.click()
    expect(page.locator("main")).to_contain_text(words, timeout=DELIVERED)
    page.reload()
    sent = [url for url in posted if "/preview" not in url and "/beat" not in url]
    assert len(sent) == 1, sent


def out_of_reach(route: Route) -> None:
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def test_a_request_that_never_arrives_keeps_the_form(visit: Any) -> None:
    """The device says that it is online, and the server is out of reach all the same."""
    page = visit(email="student@example.com", watched=False)
    words = secrets.token_hex(4)
    field, button = topic(page, words)
    typed = field.input_value()
    page.route("**/forum/new/", out_of_reach)
    send = page.get_by_role("button", name=button, exact=True)
    send.click()
    expect(page.locator("#toasts")).to_contain_text(LOST)
    expect(field).to_have_value(typed)
    page.unroute("**/forum/new/", out_of_reach)
    send.click()
    page.wait_for_url("**/forum/topic/**")
    expect(page.locator("main")).to_contain_text(words)
    page.goto(f"/forum/search/?q={words}")
    expect(page.locator("main h2 a, main h3 a").filter(has_text=words)).to_have_count(1)


def test_a_lesson_is_kept_on_the_device_and_saved_when_the_connection_is_back(visit: Any) -> None:
    page = visit(email="teacher@example.com", watched=False)
    page.goto("/studio/")
    page.locator(COURSE_IN_STUDIO).first.click()
    text = page.locator("#text")
    before, words = text.input_value(), f"Written in a tunnel {secrets.token_hex(4)}."
    page.context.set_offline(True)
    text.fill(f"{before}\n\n{words}")
    expect(page.get_by_text("Offline: kept here")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.reload()
    expect(text).to_have_value(f"{before}\n\n{words}")
    text.fill(before)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
