"""What one wants to learn moves the catalogue a little, says so, and can be switched off."""

import re

import pytest
from playwright.sync_api import Page, expect

from .browsing import DESK, PHONE, Screen, sign_up

SWITCH = "Order the catalogue by what I study"


def newcomer(visit, *args, **options) -> Page:
    page = visit(*args, **options)
    page.goto("/accounts/signup/")
    sign_up(page, "Nora Lind")
    return page


def titles(page: Page) -> list[str]:
    page.goto("/courses/")
    return page.locator("#results h3").all_inner_texts()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_chosen_topic_moves_its_course_up_until_it_is_switched_off(visit, width):
    page = newcomer(visit, Screen(width))
    shared = titles(page)
    plain = [title for title in shared if re.fullmatch(r"[A-Za-z\s]+", title)]
    last = plain[-1]
    topic = last.replace("\xa0", " ")

    page.goto("/settings/interests/")
    field = page.get_by_label("A topic of your own")
    field.press_sequentially(topic.split()[0].lower())
    expect(page.locator("#topics option").first).to_be_attached()
    field.fill(topic)
    field.press("Enter")
    expect(page.get_by_role("checkbox", name=topic)).to_be_checked()

    moved = titles(page)
    assert sorted(moved) == sorted(shared)
    assert moved.index(last) < shared.index(last)
    expect(page.get_by_text(f"Because you are interested in {topic}")).to_be_visible()
    page.get_by_role("link", name="Change or switch off").click()
    page.get_by_label(SWITCH).uncheck()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    assert titles(page) == shared


def test_a_search_that_was_meant_is_remembered_until_it_is_forgotten(visit):
    page = newcomer(visit)
    page.goto("/courses/")
    page.locator("#search").fill("statistics")
    with page.expect_response("**/search/recent/") as told:
        page.keyboard.press("Enter")
    assert told.value.status == 204
    page.goto("/settings/interests/")
    remembered = page.locator("#searches").get_by_role("link", name="statistics")
    expect(remembered).to_be_visible()
    page.get_by_role("button", name="Forget them").click()
    expect(remembered).to_be_hidden()


def test_subjects_are_chosen_without_scripts_too(visit):
    page = newcomer(visit, java_script_enabled=False)
    page.goto("/settings/interests/")
    page.get_by_text("Statistics", exact=True).click()
    page.get_by_label("A topic of your own").fill("tea")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("checkbox", name="Statistics")).to_be_checked()
    expect(page.get_by_role("checkbox", name="tea")).to_be_checked()
    page.get_by_label(SWITCH).uncheck()
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_label(SWITCH)).not_to_be_checked()
