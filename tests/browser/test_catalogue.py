"""Looking for a course: suggestions, filters, the address, the way back, and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from .browsing import DESK, PHONE, Screen, sign_up


def count_loads(page: Page) -> list[str]:
    """Every load of a whole page from now on."""
    loads: list[str] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
    return loads


def titles(page: Page) -> list[str]:
    return page.locator("#results h3").all_inner_texts()


def test_suggestions_by_keyboard(visit):
    page = visit()
    page.goto("/courses/")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("statis", delay=40)
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    chosen = options.first.get_attribute("id")
    expect(page.locator("#search")).to_have_attribute("aria-activedescendant", chosen or "")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    course = options.filter(has_text="Statistics you can trust").first
    while course.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses/**")


def test_filters_change_the_address_without_a_load_and_back_undoes_them(visit):
    page = visit()
    page.goto("/courses/")
    everything = len(titles(page))
    loads = count_loads(page)
    page.get_by_role("checkbox", name="Free").first.check()
    page.wait_for_url("**price=**")
    page.get_by_role("checkbox", name="English").check()
    page.wait_for_url("**language=en**")
    expect(page.locator("#results h3")).not_to_have_count(everything)
    few = titles(page)
    page.locator("#sort").select_option(label="Newest")
    page.wait_for_url("**sort=**")
    assert sorted(titles(page)) == sorted(few)
    assert loads == []
    page.go_back()
    page.go_back()
    page.wait_for_url(lambda address: "language=en" not in address)
    expect(page.get_by_role("checkbox", name="English")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Free").first).to_be_checked()


def test_an_address_with_filters_opens_as_it_was(visit):
    page = visit()
    page.goto("/courses/?language=ru&q=статистика")
    expect(page.locator("#search")).to_have_value("статистика")
    expect(page.get_by_role("checkbox", name="Русский")).to_be_checked()
    assert titles(page)[0].startswith("Статистика")


def test_filters_are_a_sheet_on_a_phone(visit):
    page = visit(Screen(PHONE, "ru"))
    page.goto("/courses/")
    page.get_by_role("button", name="Фильтры").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    sheet.get_by_text("Бесплатно").first.click()
    page.wait_for_url("**price=**")
    sheet.get_by_role("button", name="Показать").click()
    expect(sheet).to_be_hidden()
    expect(page.locator("#results")).to_be_visible()


def test_nothing_found_says_so_and_offers_a_way(visit):
    page = visit()
    page.goto("/courses/?q=qwxzvk")
    page.get_by_role("link", name="See all courses").click()
    expect(page.locator("#results h3").first).to_be_visible()


@pytest.mark.parametrize("screen", [Screen(DESK), Screen(PHONE)], ids=str)
def test_without_scripts_one_can_search_filter_and_enrol(visit, screen):
    signed_in = visit()
    signed_in.goto("/accounts/signup/")
    sign_up(signed_in, "Olga Lind")
    page = visit(screen, java_script_enabled=False)
    page.context.add_cookies(signed_in.context.cookies())
    page.goto("/courses/")
    page.locator("#search").fill("memory")
    page.locator("#search").press("Enter")
    page.wait_for_url("**q=memory**")
    page.locator("#facets input[name=language][value=en]").check()
    page.get_by_role("button", name="Apply filters").click()
    page.wait_for_url("**language=en**")
    page.locator("#results").get_by_role("link", name="How memory works").click()
    page.wait_for_url("**/courses/how-memory-works/")  # with its styles: one button is hidden
    page.get_by_role("button", name="Enrol for free").click()
    page.wait_for_url("**/learn/**")
    page.locator("[data-completes] button").click()  # leads on to the lesson's quiz
    page.wait_for_url("**/quiz/")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("button", name="Finish the quiz")).to_be_visible()
