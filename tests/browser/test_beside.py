"""Beside a lesson: own notes that nothing loses, and the talk with the tutor."""

import re
import secrets
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .browsing import PHONE, Screen, flaws, settle

LESSON = "/learn/statistics-you-can-trust/"
STUDENT = "student@example.com"
SELECT = """([first, letters]) => {
  const paragraph = document.querySelectorAll('article.prose > p')[first]
  const range = document.createRange()
  range.setStart(paragraph.firstChild, 0)
  range.setEnd(paragraph.firstChild, letters)
  getSelection().removeAllRanges()
  getSelection().addRange(range)
}"""

NOTHING_KEPT = "() => !Object.keys(localStorage).some(name => name.startsWith('edu.note.'))"


@pytest.fixture
def lesson(visit) -> Any:
    """`lesson(screen)` is the open lesson that the demo's student goes on with."""

    def come(screen: Screen = Screen(), **options: Any) -> Page:
        page: Page = visit(screen, email=STUDENT, **options)
        page.goto(LESSON)
        settle(page)
        return page

    return come


def written(page: Page, text: str) -> Any:
    return page.locator("[data-notes] .own-note", has_text=text)


def write(page: Page, text: str) -> None:
    field = page.locator("[data-field]")
    field.fill(text)
    expect(page.locator("[data-state]")).to_have_text("Saved")
    page.locator(".note-editor [data-done]").click()
    expect(field).to_have_count(0)


def test_a_note_at_words_is_written_found_and_brought_back(lesson):
    page, text = lesson(), f"Mine {secrets.token_hex(4)}"
    page.evaluate(SELECT, [0, 12])
    page.locator("[data-passage-bar] [data-do=note]").click()
    write(page, text)
    row = written(page, text)
    marks = page.locator(f"mark[data-of-note='{row.get_attribute('data-note')}']")
    expect(marks).to_have_count(1)
    assert not flaws(page)
    page.goto("/notes/")
    page.locator(".own-note", has_text=text).locator("a.own-note-quote").click()
    expect(page).to_have_url(re.compile("#note-"))
    expect(page.locator("mark.passage-glow").first).to_be_visible()
    written(page, text).locator("[data-delete]").click()
    expect(written(page, text)).to_have_count(0)
    expect(marks).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(written(page, text)).to_have_count(1)


def test_of_two_tabs_the_second_is_told(lesson):
    page, text = lesson(expected=(409,)), f"First {secrets.token_hex(4)}"
    page.keyboard.press("n")
    write(page, text)
    other = page.context.new_page()
    other.goto(page.url)
    written(other, text).locator("[data-edit]").click()
    written(page, text).locator("[data-edit]").click()
    write(page, f"{text} here")
    other.locator("[data-field]").fill(f"{text} there")
    expect(other.locator("[data-conflict]")).to_be_visible()
    expect(other.locator("[data-theirs]")).to_have_text(f"{text} here")
    other.locator("[data-keep-mine]").click()
    expect(other.locator("[data-state]")).to_have_text("Saved")
    other.reload()
    expect(written(other, f"{text} there")).to_have_count(1)


def test_words_written_without_a_connection_arrive_later(people):
    page = people.visitor(Screen(), email=STUDENT)
    page.goto(LESSON)
    settle(page)
    text = f"On the train {secrets.token_hex(4)}"
    page.context.set_offline(True)
    page.keyboard.press("n")
    page.locator("[data-field]").fill(text)
    expect(page.locator("[data-state]")).to_have_text(re.compile("Kept on this device"))
    page.context.set_offline(False)
    page.goto(LESSON)
    page.wait_for_function(NOTHING_KEPT)
    page.reload()
    expect(written(page, text)).to_have_count(1)
    page.context.close()


def test_the_tutor_is_asked_rated_and_closed(lesson):
    page = lesson(Screen(width=PHONE))
    page.locator("[data-tutor-open]").first.click()
    field = page.locator("#tutor [data-text]")
    expect(field).to_be_focused()
    before = page.locator("[data-reply]").count()
    for number in range(4):
        field.fill(f"Why does the standard error fall slowly? I think of roots, {number}.")
        page.keyboard.press("Enter")
        expect(page.locator("[data-reply]")).to_have_count(before + number + 1)
    reply = page.locator("[data-reply]").last
    reply.get_by_role("button", name="Not helpful").click()
    reply.get_by_label("It gives too much away").check()
    reply.get_by_role("button", name="Send").click()
    expect(reply).to_contain_text("Thank you")
    assert not flaws(page)
    page.keyboard.press("Escape")
    expect(page.locator("#tutor")).to_be_hidden()
    question = page.locator("[data-understood-place]")
    expect(question).to_contain_text("Did you understand it now?")
    assert not flaws(page)
    question.get_by_role("button", name="4").click()
    expect(question).to_contain_text("Thank you")
    expect(question).to_be_hidden()


def test_the_tutor_answers_without_scripts(visit):
    page = visit(email=STUDENT, java_script_enabled=False)
    page.goto(LESSON)
    page.get_by_role("link", name="Ask the tutor").click()
    page.get_by_label("Your message").fill("What is a sampling distribution?")
    page.locator("[data-composer] button").click()
    expect(page).to_have_url(re.compile(r"/tutor/#message-\d+$"))
    expect(page.locator("[data-reply]").last).to_be_visible()
