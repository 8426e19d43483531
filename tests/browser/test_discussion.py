"""A question beneath a lesson, from its passage to the answer, in two browsers side by side."""

import re
import secrets

import pytest
from playwright.sync_api import Locator, Page, expect

from .browsing import DELIVERED, DESK, PHONE, Screen, flaws, settle

STUDENT, TEACHER = "student@example.com", "teacher@example.com"
LESSON = "/learn/statistics-you-can-trust/"
POLLED = 60_000  # tries of a socket in vain, and the fifteen seconds between two questions
SELECT = """() => {
  const paragraph = [...document.querySelectorAll('article.prose > p')]
    .find(({ firstChild }) => firstChild instanceof Text && firstChild.length > 20)
  const range = document.createRange()
  range.setStart(paragraph.firstChild, 0)
  range.setEnd(paragraph.firstChild, 20)
  getSelection().removeAllRanges()
  getSelection().addRange(range)
}"""


def thread(page: Page, text: str) -> Locator:
    return page.locator("section.comment", has_text=text)


def is_live(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-realtime", "on")


def address_of(lesson: Page) -> str:
    """Of the page of the lesson's discussion."""
    link = lesson.locator("main a[href$='/discussion/']").first
    return str(link.get_attribute("href"))


@pytest.fixture
def discussion(visit) -> str:
    """The address of the discussion of the lesson that the student goes on with."""
    page = visit(email=STUDENT)
    page.goto(LESSON)
    return address_of(page)


def write(page: Page, text: str) -> None:
    field = page.locator("form[data-composer] textarea")
    field.fill(text)
    page.locator("form[data-composer] [type=submit]").click()
    expect(field).to_have_value("")


def test_a_question_about_a_passage_is_answered(visit, discussion) -> None:
    mark = secrets.token_hex(4)
    question, answer = f"Why is it so, {mark}?", f"Because of the sample, {mark}."
    asker = visit(email=STUDENT)
    teacher = visit(Screen(PHONE), email=TEACHER)
    teacher.goto(discussion)
    is_live(teacher)

    # words of the lesson are selected and asked about, on the lesson's own page
    asker.goto(discussion.removesuffix("discussion/"))
    is_live(asker)
    settle(asker)
    asker.evaluate(SELECT)
    asker.get_by_role("button", name="Ask about it").click()
    form = asker.locator("form[data-composer]")
    expect(form.locator("[data-passage-words]")).not_to_be_empty()
    passage = form.locator("[data-passage-words]").inner_text()
    expect(form.get_by_label("This is a question to the teacher")).to_be_checked()
    write(asker, question)
    asked = thread(asker, question)
    expect(asked.locator("blockquote")).to_have_text(passage)
    expect(asked.get_by_text("Question", exact=True)).to_be_visible()
    expect(form.locator("[data-passage]")).to_be_hidden()

    # it is said to be there on the other's open page, and answered
    arrived = teacher.get_by_role("link", name=re.compile("new comment"))
    arrived.click(timeout=DELIVERED)
    seen = thread(teacher, question)
    expect(seen.locator("blockquote")).to_have_text(passage)
    seen.get_by_role("link", name="Reply", exact=True).click()
    field = seen.locator("form[data-replying] textarea")
    expect(field).to_be_focused()
    field.fill(answer)
    seen.get_by_role("button", name="Reply", exact=True).click()
    expect(seen.locator("article", has_text=answer)).to_have_count(1)

    # the thread is read anew where it was asked; its asker says what answers it
    reply = asked.locator("article", has_text=answer)
    expect(reply).to_be_visible(timeout=DELIVERED)
    expect(reply.get_by_text("Teacher", exact=True)).to_be_visible()
    reply.get_by_role("button", name="This answers it").click()
    expect(reply.get_by_text("Best answer", exact=True)).to_be_visible()
    expect(asked.get_by_text("Answered", exact=True)).to_be_visible()
    teacher.reload()
    expect(seen.get_by_text("Answered", exact=True)).to_be_visible()
    expect(seen.locator(".post-best")).to_contain_text(answer)

    # the passage leads back to its words
    asked.locator("blockquote a").click()
    expect(asker.locator("mark.passage-glow").first).to_be_visible()
    settle(teacher)
    teacher.evaluate("scrollTo(0, 0)")
    assert flaws(teacher) == []


def test_what_is_being_written_stays_when_others_answer(visit, discussion) -> None:
    mark = secrets.token_hex(4)
    asker, teacher = visit(email=STUDENT), visit(Screen(DESK, "ru"), email=TEACHER)
    for page in (asker, teacher):
        page.goto(discussion)
        is_live(page)
    write(asker, f"Is it clear, {mark}?")
    asked = thread(asker, mark)
    asked.get_by_role("link", name="Reply", exact=True).click()
    own = asked.locator("form[data-replying] textarea")
    own.fill("I mean the second")
    teacher.locator("#discussion-news a").click(timeout=DELIVERED)
    seen = thread(teacher, mark)
    seen.locator(".post-acts a.act").click()
    seen.locator("form[data-replying] textarea").fill(f"Вполне, {mark}.")
    seen.locator("form[data-replying] [type=submit]").click()
    expect(seen).to_contain_text("Вполне")
    # the answer is known by now, and waits for the words
    expect(asker.locator("#discussion-news[data-answered]")).to_have_count(1, timeout=DELIVERED)
    expect(own).to_have_value("I mean the second")
    own.fill(f"I mean the second sentence, {mark}.")
    asked.get_by_role("button", name="Reply", exact=True).click()
    expect(asked).to_contain_text("I mean the second sentence")
    expect(asked).to_contain_text("Вполне")


def test_news_come_by_asking_where_sockets_are_blocked(visit, discussion) -> None:
    mark = secrets.token_hex(4)
    asker, other = visit(email=STUDENT, watched=False), visit(email=TEACHER)
    asker.context.route_web_socket(re.compile("/ws/"), lambda socket: socket.close())
    asker.goto(discussion)
    expect(asker.locator("html")).to_have_attribute("data-realtime", "polling", timeout=POLLED)
    other.goto(discussion)
    write(other, f"Look at the second table, {mark}.")
    asker.locator("#discussion-news a").click(timeout=POLLED)
    expect(thread(asker, mark)).to_be_visible()


def test_a_discussion_without_scripts(visit, discussion) -> None:
    mark = secrets.token_hex(4)
    page = visit(Screen(PHONE), email=STUDENT, java_script_enabled=False)
    page.goto(discussion)
    page.locator("form[data-composer] textarea").fill(f"And without scripts, {mark}?")
    page.locator("form[data-composer] [type=submit]").click()
    asked = thread(page, mark)
    asked.get_by_role("link", name="Reply", exact=True).click()
    page.locator("main textarea").fill(f"Also, {mark}.")
    page.get_by_role("button", name="Reply", exact=True).click()
    expect(asked).to_contain_text("Also")
    asked.get_by_role("button", name="This answers it").click()
    expect(thread(page, mark).get_by_text("Answered", exact=True)).to_be_visible()
