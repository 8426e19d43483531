"""What axe can't see: motion, zoom, what is announced, where the focus goes, names and sizes."""

import re

import pytest
from playwright.sync_api import Page, expect

from .browsing import DESK, PHONE, SIDEWAYS, Screen, settle, sign_up, violations
from .places import LESSON_WITH_QUIZ, PLACES
from .test_cards import Student
from .test_keyboard import Keys, answer

BY_NAME = {place.name: place for place in PLACES}
LOOKED_AT = ["landing", "catalogue", "course", "lesson", "today", "review", "forum", "settings"]
LONGEST = 10  # milliseconds


def show(visit, name: str, screen: Screen = Screen(), **options: object) -> Page:
    place = BY_NAME[name]
    page = visit(screen, email=place.email(screen.language), **options)
    place.show(page, screen.language)
    settle(page)
    return page


# ── Motion ────────────────────────────────────────────────────────────────────────────────────
MOVING = """longest => [...document.querySelectorAll('*')].flatMap(each =>
  [null, '::before', '::after'].flatMap(part => {
    const style = getComputedStyle(each, part)
    const times = `${style.animationName === 'none' ? '' : style.animationDuration},${style.transitionDuration}`
    return times.split(',').some(time => parseFloat(time) * (time.trim().endsWith('ms') ? 1 : 1000) > longest)
      ? [`${each.outerHTML.slice(0, 80)} ${part ?? ''}: ${times}`] : []
  })).slice(0, 5)"""


@pytest.mark.parametrize("name", ["landing", "lesson", "review", "awards"])
def test_nothing_moves_for_who_wants_that(visit, name):
    """Every visitor of these tests asks for reduced motion."""
    assert show(visit, name).evaluate(MOVING, LONGEST) == []


# ── Zoom ──────────────────────────────────────────────────────────────────────────────────────
# What stays in the window when the page is scrolled, as a share of its height.
STUCK = """() => {
  scrollTo(0, document.documentElement.scrollHeight / 3)
  const rows = new Set()
  for (const each of document.querySelectorAll('body *')) {
    if (!['fixed', 'sticky'].includes(getComputedStyle(each).position)) continue
    const box = each.getBoundingClientRect()
    if (box.width < innerWidth / 2 || box.height === 0) continue
    if (getComputedStyle(each).visibility === 'hidden' || each.closest('[hidden], dialog')) continue
    for (let y = Math.max(0, Math.floor(box.top)); y < Math.min(innerHeight, box.bottom); y++) rows.add(y)
  }
  return rows.size / innerHeight
}"""
# Words that are wider than the box that clips them, where nothing says that there is more.
CUT = """() => [...document.querySelectorAll('body *')].filter(each => {
  const style = getComputedStyle(each)
  return each.clientWidth > 1 && style.overflowX === 'hidden' && style.textOverflow !== 'ellipsis'
    && !each.matches('svg *, svg, iframe, .sr-only') && style.webkitLineClamp === 'none'
    && each.scrollWidth > each.clientWidth + 1 && each.innerText?.trim()
}).map(each => each.outerHTML.slice(0, 120))"""


def stays_whole(page: Page) -> None:
    assert page.evaluate(SIDEWAYS) == []
    assert page.evaluate(CUT) == []
    assert page.evaluate(STUCK) < 0.5


@pytest.mark.parametrize("name", LOOKED_AT)
def test_twice_as_large_on_a_desk(visit, name):
    """A window of 1440 × 900 at 200 % is one of 720 × 450."""
    page = show(visit, name)
    page.set_viewport_size({"width": DESK // 2, "height": 450})
    stays_whole(page)


@pytest.mark.parametrize("name", LOOKED_AT)
def test_text_twice_as_large_on_a_phone(visit, name):
    page = show(visit, name, Screen(PHONE, "ru"))
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    stays_whole(page)


# ── What is announced ─────────────────────────────────────────────────────────────────────────
def test_a_lost_connection_is_announced(visit):
    page = show(visit, "catalogue", watched=False)
    page.context.set_offline(True)
    expect(page.locator("[role=status] [data-offline-line]")).to_be_visible()
    page.locator("#search").fill("memory")
    page.locator("#search").press("Enter")
    expect(page.locator("#toasts[role=status]")).to_contain_text("No connection")


def test_what_was_found_is_announced(visit):
    page = show(visit, "catalogue")
    page.locator("#search").fill("memory")
    page.locator("#search").press("Enter")
    expect(page.locator("#results [role=status], #results [aria-live]").first).to_contain_text(
        re.compile(r"\d+ course")
    )


def test_a_quiz_announces_what_is_saved_and_what_came_of_it(visit):
    page = visit()
    page.goto("/accounts/signup/")
    sign_up(page, "Karin Moe")
    page.goto("/courses/how-memory-works/")
    page.locator("form[action$='/enroll/'] button:visible").first.click()
    page.wait_for_url("**/learn/**")
    page.goto(page.locator(LESSON_WITH_QUIZ).first.get_attribute("href") + "quiz/")
    page.locator("form[action$='/start/'] button").click()
    saved = page.locator("#quiz [role=status]").filter(has=page.locator("[data-saved]"))
    expect(saved).to_have_text("", use_inner_text=True)
    settle(page)
    answer(Keys(page), page.locator("[data-now]").get_attribute("data-kind") or "")
    expect(saved).to_have_text("Saved", use_inner_text=True)
    for _ in range(page.locator("[data-question]").count() - 1):
        page.locator("[data-next]").click()
    expect(page.locator("[data-left-out][role=status]")).to_contain_text(
        re.compile(r"without an answer: \d|One question has no answer yet")
    )
    page.locator("[data-finish]").click()
    page.wait_for_url("**/result/**")
    expect(page.locator("main [role=status].sr-only")).to_have_text(
        re.compile(r"^[\d.]+ of \d+\. Not passed yet\. Added to your flashcards\.$")
    )


def test_a_review_announces_the_turn_the_grade_and_what_is_left(visit):
    student = Student(visit(), 4)
    page = student.page
    student.begin()
    said = page.locator("[data-review] > [data-say][role=status]")
    expect(said).to_have_text("")
    for grade, told, left in [(1, "Again", 4), (2, "Hard", 4), (3, "Good", 4), (4, "Easy", 3)]:
        page.keyboard.press("Space")
        expect(said).to_have_text("The answer is shown.")
        expect(page.locator("[data-slot] [data-answer]")).to_be_focused()
        page.keyboard.press(str(grade))
        expect(said).to_have_text(re.compile(rf"^{told}, comes back in .+\. {left} left$"))
    page.keyboard.press("z")
    expect(said).to_have_text("Taken back. 4 left")


# Every word that the toasts' live region gets after the page is there.
HEARD = """() => {
  window.heard = []
  addEventListener('DOMContentLoaded', () => new MutationObserver(changes => {
    if (document.readyState !== 'complete') return
    for (const { addedNodes } of changes)
      for (const node of addedNodes) window.heard.push(node.textContent.trim())
  }).observe(document.querySelector('#toasts[role=status]'), { childList: true, subtree: true }))
}"""


def test_toasts_are_announced_those_of_the_page_too(visit):
    page = visit()
    page.add_init_script(f"({HEARD})()")
    page.goto("/accounts/signup/")
    sign_up(page, "Nora Lie")
    page.goto("/settings/")
    page.locator("#id_name").press("Enter")
    text = page.locator("#toasts [data-toast-text]").first
    expect(text).not_to_be_empty()
    page.wait_for_function("text => window.heard.includes(text)", arg=text.inner_text())
    page.evaluate("window.edu.toast('Copied')")
    page.wait_for_function("window.heard.some(each => each.startsWith('Copied'))")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("login", "main form"),
        ("sign-up", "main form"),
        ("settings", "main form:has(#id_name)"),
        ("card-new", "main form[method=post]"),
        ("studio-new", "main form[method=post]"),
    ],
)
def test_a_form_sent_wrong_leads_to_what_is_wrong(visit, name, form):
    """The focus is on the first field that is wrong, or on the sentence about the whole form."""
    page = show(visit, name, expected=(422, 400, 403))
    page.locator(form).first.evaluate(
        """form => {
          for (const field of form.querySelectorAll('textarea, input:not([type=hidden], [type=checkbox], [type=radio])'))
            field.value = field.type === 'email' ? 'nobody@example.com' : field.type === 'password' ? '1' : ''
          form.noValidate = true
          form.requestSubmit()
        }"""
    )
    first = page.locator("main :is([aria-invalid=true], .note-bad[role=alert])").first
    first.wait_for()
    settle(page)
    expect(first).to_be_focused()
    if first.get_attribute("aria-invalid"):
        described = (first.get_attribute("aria-describedby") or "").split()
        assert any(page.locator(f"#{each}").inner_text().strip() for each in described)


# ── Names and sizes ───────────────────────────────────────────────────────────────────────────
# Smaller targets that have no other 24 pixels wide circle of a target across their own are allowed,
# as are links within a sentence: WCAG 2.5.8.
SMALL = """() => {
  const shown = each => each.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && each.getClientRects().length
  const targets = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(shown)
  const boxes = targets.map(each => (each.closest('label') ?? each).getBoundingClientRect())
  const above = each => { for (let up = each; up; up = up.parentElement) if (['fixed', 'sticky'].includes(getComputedStyle(up).position)) return up }
  const inline = each => getComputedStyle(each).display === 'inline' && each.parentElement.innerText?.trim().length > each.innerText?.trim().length
  return targets.filter((each, number) => {
    const box = boxes[number]
    if ((box.width >= 24 && box.height >= 24) || box.width <= 1 || inline(each)) return false
    const x = box.x + box.width / 2, y = box.y + box.height / 2
    return boxes.some((other, at) => {
      if (at === number || above(each) !== above(targets[at]) || targets[at].contains(each) || each.contains(targets[at]) || other.width <= 1) return false
      if (targets[at].closest('label') && targets[at].closest('label') === each.closest('label')) return false
      const away = Math.hypot(Math.max(other.x - x, 0, x - other.right), Math.max(other.y - y, 0, y - other.bottom))
      return away < 12 && away > 0
    })
  }).map(each => each.outerHTML.slice(0, 120))
}"""
LANDMARKS = """() => ['nav', 'aside:not([role])', 'section[role=region]', 'dialog'].flatMap(kind => {
  const found = [...document.querySelectorAll(kind)].filter(each => each.checkVisibility())
  const names = found.map(each => each.getAttribute('aria-label')
    || document.getElementById(each.getAttribute('aria-labelledby'))?.innerText || '')
  return names.filter((name, at) => (found.length > 1 || kind === 'dialog') && (!name || names.indexOf(name) !== at))
    .map(name => `${kind} “${name}”`)
})"""


@pytest.mark.parametrize("screen", [Screen(DESK, "en"), Screen(PHONE, "ru")], ids=str)
def test_pages_are_told_apart(visit, screen):
    """Titles of their own that begin with the page, one heading of the first level, landmarks with
    names, targets that a finger hits."""
    titles: dict[str, str] = {}
    for name in [*LOOKED_AT, "notifications", "my-courses", "decks", "messages", "awards", "maps"]:
        page = show(visit, name, screen)
        title, heading = page.title(), page.locator("h1")
        assert title not in titles, f"{name} has the title of {titles[title]}"
        titles[title] = name
        assert not title.startswith("EduPlatform"), name
        assert heading.count() == 1, name
        assert page.evaluate(LANDMARKS) == [], name
        assert page.evaluate(SMALL) == [], name
        page.context.close()


def test_who_skips_to_the_content_goes_on_from_there(visit):
    page = visit()
    page.goto("/accounts/signup/")
    sign_up(page, "Olga Berg")
    page.goto("/settings/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


# ── The admin ─────────────────────────────────────────────────────────────────────────────────
# What comes with Unfold, by rule, element and reason; our own templates have no exceptions.
OF_UNFOLD = {
    (
        "target-size",
        "searchbar-submit",
    ): "its search button is 18 pixels wide; Enter in the field searches too",
    (
        "target-size",
        "Toggle sorting",
    ): "the arrow of a sorted column; the column's name does the same",
    (
        "target-size",
        "sortremove",
    ): "the cross of a sorted column; the column's name sorts otherwise",
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "path", ["", "accounts/user/", "courses/category/", "courses/category/add/", "setup/"]
)
def test_the_admin_is_usable(visit, path, dark):
    """Serious and critical only: most of it is Unfold's."""
    page = visit(Screen(dark=dark), email="admin@example.com")
    answer = page.goto(f"/admin/{path}")
    assert answer.status == 200
    settle(page)
    assert ("dark" in (page.locator("html").get_attribute("class") or "")) == dark
    found = [
        f"{rule['id']}: {node['failureSummary']} {node['html'][:200]}"
        for rule, node in violations(page)
        if rule["impact"] in ("serious", "critical")
        and not any(rule["id"] == known and mark in node["html"] for known, mark in OF_UNFOLD)
    ]
    assert not found, "\n".join(found)
