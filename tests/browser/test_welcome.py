"""A newcomer's first hour: from registration to a streak of one; skipped, left and taken up again."""

import re

import pytest
from playwright.sync_api import Page, expect

from .browsing import DESK, PHONE, Screen, flaws, settle, sign_up, words

LESSON = re.compile(r"/learn/[\w-]+/\d+/$")
QUESTIONS, PICKED = "**/welcome/questions/", "**/welcome/course/"
STRIP = "#first-steps"
SHORTLY, TRIES = 5_000, 18  # ms, and how often: as long as a busy machine's worker may take


def newcomer(visit, screen: Screen = Screen(), **options) -> Page:
    """Just registered, before the questions."""
    page: Page = visit(screen, **options)
    page.goto("/accounts/signup/")
    sign_up(page, "Nora Lind" if screen.language == "en" else "Нора Линд")
    page.wait_for_url(QUESTIONS)
    return page


def tick(page: Page, **chosen: str) -> None:
    for name, value in chosen.items():
        page.locator(f"#questions input[name={name}][value='{value}']").check(force=True)


def go_on(page: Page) -> None:
    page.locator("#questions button.btn-primary").click()


def ticked(page: Page) -> list[str]:
    return page.locator("#questions input:checked").evaluate_all(
        "rows => rows.map(row => row.value)"
    )


def is_clean(page: Page) -> None:
    settle(page)
    assert flaws(page) == []


def begin_lesson(page: Page) -> str:
    page.locator("form[action$='/welcome/course/start/'] button").click()
    page.wait_for_url(LESSON)
    return page.url


def hand_in_nothing(page: Page) -> None:
    """Every question counts as a mistake, and makes a card."""
    page.locator("main form[action$='/quiz/start/'] button").first.click()
    page.locator("form[action$='/submit/']").wait_for(state="attached")
    page.evaluate("document.querySelector('form[action$=\"/submit/\"]').requestSubmit()")
    page.wait_for_url("**/result/**")


def wait_for_button(page: Page, name: str) -> None:
    """By a frame, or with the next page if the frame came between the two."""
    button = page.locator(STRIP).get_by_role("button", name=name)
    for _ in range(TRIES):
        try:
            expect(button).to_be_visible(timeout=SHORTLY)
        except AssertionError:
            page.reload()
        else:
            return
    raise AssertionError(f"no {name}")


@pytest.mark.parametrize("screen", [Screen(PHONE, "ru"), Screen(DESK, "en", dark=True)], ids=str)
def test_from_registration_to_a_streak_of_one(visit, screen):
    say = words(screen.language)
    page = newcomer(visit, screen)
    is_clean(page)
    tick(page, subjects="programming", goal="work", minutes="10")
    expect(page.locator(".welcome-outlook")).to_contain_text("10")
    go_on(page)
    page.wait_for_url(PICKED)
    is_clean(page)
    lesson = begin_lesson(page)
    strip = page.locator(STRIP)
    expect(strip.locator("[aria-current=step]")).to_contain_text(say("Read the lesson"))
    is_clean(page)

    page.get_by_role("main").locator("[data-completes] button").click()
    page.wait_for_url("**/quiz/")
    hand_in_nothing(page)
    assert page.url.startswith(lesson)
    wait_for_button(page, say("See your first day"))
    is_clean(page)
    page.goto("/")
    expect(page.locator(STRIP)).to_be_visible()
    page.wait_for_timeout(1000)  # what would open by itself does so before that
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator(STRIP).get_by_role("button", name=say("See your first day")).click()
    page.wait_for_url("**/welcome/done/")
    expect(page.get_by_role("main")).to_contain_text(say("Your first card"))
    expect(page.locator(".stat-n").first).to_contain_text("1")
    is_clean(page)
    page.get_by_role("link", name=say("On to the next lesson")).click()
    page.wait_for_url(LESSON)
    assert page.url != lesson
    expect(page.locator(STRIP)).to_have_count(0)
    page.goto("/welcome/")
    page.wait_for_url(re.compile(r"//[^/]+/$"))


def test_skipped_it_never_comes_back(visit):
    page = newcomer(visit)
    page.get_by_role("button", name="Skip for now").click()
    expect(page.get_by_text("Subjects and your daily goal are in the settings.")).to_be_visible()
    for address in ("/", "/welcome/", "/welcome/questions/", "/welcome/course/"):
        page.goto(address)
        page.wait_for_url(re.compile(r"//[^/]+/$"))


def test_left_in_the_middle_it_goes_on_at_the_same_place(visit):
    page = newcomer(visit)
    page.goto("/courses/")
    page.goto("/")
    page.wait_for_url(QUESTIONS)
    tick(page, subjects="programming", goal="change", minutes="40")
    go_on(page)
    page.wait_for_url(PICKED)
    page.get_by_role("button", name="Choose this one").first.click()
    page.wait_for_url(PICKED)
    title = page.locator("article h2").inner_text()
    page.goto("/courses/")
    page.goto("/")
    page.wait_for_url(PICKED)
    assert page.locator("article h2").inner_text() == title
    page.get_by_role("link", name="Back", exact=True).click()
    page.wait_for_url(QUESTIONS)
    assert ticked(page) == ["programming", "change", "40"]


def test_a_lost_connection_loses_nothing(visit):
    page = newcomer(visit, watched=False)
    watched = ["programming", "science", "self", "60"]
    tick(page, subjects="programming", goal="self", minutes="60")
    tick(page, subjects="science")
    settle(page)
    page.route("**/welcome/questions/", lambda route: route.abort("internetdisconnected"))
    go_on(page)
    expect(
        page.locator(".toast, [role=alert], [role=status]").filter(visible=True).first
    ).to_be_visible()
    assert ticked(page) == watched
    page.unroute("**/welcome/questions/")
    go_on(page)
    page.wait_for_url(PICKED)


def test_what_is_missing_is_told_and_the_first_of_it_has_the_focus(visit):
    page = newcomer(visit, expected={422})
    tick(page, minutes="60")
    go_on(page)
    expect(page.get_by_text("Choose at least one: the course is picked by it.")).to_be_visible()
    expect(page.get_by_text("Choose what is nearest.")).to_be_visible()
    assert ticked(page) == ["60"]
    is_clean(page)


def test_without_scripts_the_questions_and_the_course_work(visit):
    page = newcomer(visit, java_script_enabled=False)
    for name, value in (("subjects", "programming"), ("goal", "work"), ("minutes", "40")):
        page.locator(f"label:has(input[name={name}][value='{value}'])").click()
    go_on(page)
    page.wait_for_url(PICKED)
    begin_lesson(page)


def test_by_keyboard_alone(visit):
    page = newcomer(visit)
    page.locator("#questions input[name=subjects]").first.focus()
    page.keyboard.press("Space")
    page.locator("#questions input[name=goal]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(PICKED)


def test_the_strip_can_be_hidden_for_good(visit):
    page = newcomer(visit)
    tick(page, subjects="programming", goal="work", minutes="20")
    go_on(page)
    page.wait_for_url(PICKED)
    begin_lesson(page)
    page.locator(STRIP).get_by_role("button", name="Hide the first steps").click()
    expect(page.locator(STRIP)).to_have_count(0)
    page.goto("/")
    expect(page.locator(".first-steps")).to_have_count(0)
