"""Without a connection: cards are reviewed, lessons read, and nobody sees what was another's."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .browsing import PHONE, People, Screen, close, flaws, settle, sign_in, words
from .test_cards import UNTIL_SENT, Student

STUDENT, OTHER, RUSSIAN = "student@example.com", "omar@example.com", "anna@example.com"
KEPT_LINE = "[data-kept-line]"
# Until the worker is there and has kept the address, with the words in it.
UNTIL_KEPT = """async ([path, words]) => {
  for (let tries = 0; tries < 300; tries++) {
    for (const name of await caches.keys()) {
      const found = name.startsWith('edu-pages-') && await caches.match(path, { cacheName: name, ignoreVary: true })
      if (found && navigator.serviceWorker.controller && (await found.text()).includes(words)) return true
    }
    await new Promise(done => setTimeout(done, 50))
  }
  throw new Error(`${path} was not kept`)
}"""
KEPT = """async () => {
  const found = []
  for (const name of await caches.keys())
    if (/^edu-(pages|pictures)-/.test(name))
      for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname)
  return found
}"""
A_MONTH_LATER = """async () => {
  for (const name of await caches.keys()) {
    if (!name.startsWith('edu-pages-')) continue
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      const found = await cache.match(request, { ignoreVary: true })
      const headers = new Headers(found.headers)
      headers.set('Kept-At', Date.now() - 31 * 24 * 3600 * 1000)
      await cache.put(request, new Response(await found.text(), { headers }))
    }
  }
}"""
UNTIL_EMPTY = """async () => {
  for (let tries = 0; tries < 300; tries++) {
    const names = await caches.keys()
    if (!names.some(name => /^edu-(pages|pictures)-[0-9]/.test(name))) return true
    await new Promise(done => setTimeout(done, 50))
  }
  throw new Error('somebody’s pages are still there')
}"""


@pytest.fixture
def come(people: People):
    """`come(email=…)` is somebody whose browser keeps pages and may lose its connection."""
    opened: list[BrowserContext] = []

    def visitor(screen: Screen = Screen(), **options: Any) -> Page:
        page = people.visitor(screen, service_workers="allow", **options)
        opened.append(page.context)
        return page

    yield visitor
    for context in opened:
        close(context)


def until_kept(page: Page, path: str, text: str = "") -> None:
    page.evaluate(UNTIL_KEPT, [path, text])


def read_a_lesson(page: Page) -> str:
    """Open one that the person has a seat for, until it is kept; its path."""
    page.goto("/my/courses/")
    page.locator("main a[href^='/learn/']").first.click()
    page.wait_for_url(re.compile(r"/learn/[^/]+/\d+/"))
    path = page.evaluate("location.pathname")
    until_kept(page, path)
    return path


def sign_out(page: Page) -> None:
    with page.expect_navigation():
        page.locator("header form[action='/accounts/logout/'] button").evaluate("it => it.click()")


def heading(page: Page) -> Any:
    return expect(page.get_by_role("heading", level=1))


def test_cards_are_reviewed_offline_and_each_grade_arrives_once(come):
    student = Student(come(), 3)
    page = student.page
    page.goto("/cards/")
    until_kept(page, "/review/", "Question 3")
    page.context.set_offline(True)
    page.goto("/review/")  # never opened before
    student.sees("Question 1")
    expect(page.locator(KEPT_LINE)).to_contain_text("Read offline, as of")
    expect(page.locator("span[data-left]")).to_have_text("3")
    student.answers(4)
    student.sees("Question 2")
    page.goto("/review/")  # what was graded isn't asked again
    student.sees("Question 2")
    student.answers(4)
    student.sees("Question 3")
    assert not flaws(page)
    later = page.context.new_page()
    page.close()
    later.context.set_offline(False)
    student.page = later
    later.goto("/")  # a page without the script that sends
    heading(later).to_be_visible()
    later.evaluate(UNTIL_SENT)
    assert student.reps() == [1, 1, 0]
    later.context.set_offline(True)
    later.goto("/review/")
    student.sees("Question 3")
    later.context.set_offline(False)
    student.answers(4)
    later.wait_for_url("**/review/done/")
    assert student.reps() == [1, 1, 1]


def test_cards_about_web_pages_are_kept_and_fetch_nothing(come):
    """What their text names isn't what the page is made of: neither missing files nor others' pages."""
    student = Student(come(), 0)
    code = '<link href="/static/missing.css"> <script src="/static/../settings/security/">'
    student.api("post", "", {"front": f"`{code}`", "back": "HTML"})
    page = student.page
    page.goto("/cards/")
    until_kept(page, "/review/", "missing.css")
    kept = page.evaluate(
        "async () => (await (await caches.open('edu-static')).keys()).map(({ url }) => new URL(url).pathname)"
    )
    assert kept and all(path.startswith("/static/") for path in kept)
    page.context.set_offline(True)
    page.goto("/review/")
    student.sees("missing.css")


def test_grades_wait_for_their_own_account(come, people):
    student = Student(come(), 1)
    page = student.page
    student.begin()
    own = page.context.cookies()
    page.context.set_offline(True)
    student.answers(3)
    expect(page.locator("[data-unsent]")).to_be_visible()
    page.context.clear_cookies()
    page.context.add_cookies(people._session(OTHER)["cookies"])  # somebody else, in another tab
    page.context.set_offline(False)
    expect(page.locator("[data-unsent] [data-on=signed-out]")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).some(name => name.startsWith('edu.grades.'))")
    page.context.clear_cookies()
    page.context.add_cookies(own)
    page.goto("/cards/")
    page.evaluate(UNTIL_SENT)
    assert student.reps() == [1]


def test_a_lesson_that_was_read_is_there_and_other_pages_say_so(come):
    page = come(Screen(PHONE), email=STUDENT)
    path = read_a_lesson(page)
    title = page.get_by_role("heading", level=1).text_content() or ""
    page.context.set_offline(True)
    page.goto(path)
    heading(page).to_have_text(title)
    expect(page.locator(KEPT_LINE)).to_be_visible()
    expect(page.locator("#toasts [data-toast]")).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.querySelector('.prose')).fontSize") != "16px"
    assert not flaws(page)
    page.goto("/forum/")
    heading(page).to_have_text("No connection")
    assert not flaws(page)
    page.get_by_role("link", name=title).click()
    heading(page).to_have_text(title)
    page.goto("/")  # where the installed app begins
    page.context.set_offline(False)
    expect(page.locator("[data-offline-page]")).to_have_count(0)
    for address in ("/payments/", "/settings/security/", "/messages/", "/notifications/"):
        page.goto(address)
    assert set(page.evaluate(KEPT)) <= {path, "/review/"}


def test_what_was_kept_a_month_ago_is_shown_no_more(come):
    page = come(email=STUDENT)
    path = read_a_lesson(page)
    until_kept(page, "/review/", "data-ask")
    page.evaluate(A_MONTH_LATER)
    page.context.set_offline(True)
    for address in (path, "/review/"):
        page.goto(address)
        heading(page).to_have_text("No connection")
        expect(page.locator("[data-kept-list]")).to_be_hidden()
        expect(page.locator("[data-kept-review]")).to_be_hidden()


def test_the_offline_page_is_in_the_readers_language(come):
    say = words("ru")
    page = come(Screen(PHONE, "ru", dark=True), email=RUSSIAN)
    page.goto("/")
    until_kept(page, "/review/")
    page.context.set_offline(True)
    page.goto("/courses/")
    heading(page).to_have_text(say("No connection"))
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    settle(page)
    assert not flaws(page)


def test_signing_out_empties_what_was_kept(come):
    page = come()
    sign_in(page, STUDENT)
    path = read_a_lesson(page)
    sign_out(page)
    page.evaluate(UNTIL_EMPTY)
    page.context.set_offline(True)
    for address in (path, "/review/"):
        page.goto(address)
        heading(page).to_have_text("No connection")
        expect(page.locator("[data-kept-list]")).to_be_hidden()
        expect(page.locator("[data-kept-review]")).to_be_hidden()


def test_signing_out_without_a_connection_empties_it_too(come):
    page = come()
    sign_in(page, STUDENT)
    path = read_a_lesson(page)
    page.context.set_offline(True)
    page.goto(path)
    sign_out(page)
    heading(page).to_have_text("No connection")
    page.goto(path)
    heading(page).to_have_text("No connection")
    assert page.evaluate(KEPT) == []


@pytest.mark.parametrize("way", ["form", "cookie"])
def test_another_account_sees_nothing_of_the_first(come, people, way):
    page = come(email=STUDENT)
    path = read_a_lesson(page)
    until_kept(page, "/review/")
    first = page.evaluate("document.body.dataset.signedIn")
    page.context.clear_cookies()  # the session ended without anybody signing out
    if way == "form":
        sign_in(page, OTHER)
    else:  # as a provider that sends somebody back
        page.context.add_cookies(people._session(OTHER)["cookies"])
        page.goto("/")
    until_kept(page, "/review/")
    page.context.set_offline(True)
    page.goto(path)
    heading(page).to_have_text("No connection")
    expect(page.locator("[data-kept-list]")).to_be_hidden()
    assert page.evaluate(KEPT) == ["/review/"]
    assert not [name for name in page.evaluate("caches.keys()") if name.endswith(f"-{first}")]
    page.goto("/review/")  # one's own, or that there is none
    assert page.evaluate("document.body.dataset.signedIn") != first


def test_a_new_worker_takes_over_and_keeps_what_kept_pages_need(come):
    page = come(email=STUDENT)
    path = read_a_lesson(page)
    page.evaluate("""async () => {
      await (await caches.open('edu-shell-before')).put('/offline/en/', new Response('old'))
      await (await caches.open('edu-static')).put('/static/app.0123456789ab.css', new Response('old'))
    }""")
    page.evaluate("""async () => {
      const found = await navigator.serviceWorker.register('/sw.js?another')
      const worker = found.installing ?? found.waiting ?? found.active
      while (worker.state !== 'activated') await new Promise(done => setTimeout(done, 20))
    }""")
    kept = page.evaluate("""async () => [
      (await caches.keys()).filter(name => name.startsWith('edu-shell-')).length,
      (await (await caches.open('edu-static')).keys()).map(({ url }) => new URL(url).pathname),
    ]""")
    assert kept[0] == 1
    assert "/static/app.0123456789ab.css" not in kept[1]
    # outside of development their names carry hashes
    named = {re.sub(r"\.[0-9a-f]{12}\.", ".", path) for path in kept[1]}
    assert {"/static/app.css", "/static/app.js", "/static/learning.js"} <= named
    page.context.set_offline(True)
    page.goto(path)
    expect(page.locator(KEPT_LINE)).to_be_visible()


def test_a_browser_without_room_or_worker_has_the_site_all_the_same(come, visit):
    full = come(email=STUDENT)
    full.goto("/")
    control = full.context.new_cdp_session(full)
    origin = full.evaluate("location.origin")
    control.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
    for page in (full, visit(email=STUDENT)):  # the second one's browser forbids workers
        page.goto("/review/")
        heading(page).to_be_attached()
        page.goto("/my/courses/")
        page.locator("main a[href^='/learn/']").first.click()
        expect(page.locator(".prose")).to_be_visible()


def test_a_form_sent_without_a_connection_keeps_what_was_typed(come):
    page = come(email=STUDENT)
    page.goto("/settings/")
    field = page.locator("main input[type=text]").first
    field.fill("Typed on a train")
    page.context.set_offline(True)
    field.press("Enter")
    expect(page.locator("#toasts [data-toast]").first).to_be_visible()
    expect(field).to_have_value("Typed on a train")
