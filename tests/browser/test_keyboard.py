"""The whole way by keyboard alone: from the catalogue to a card that is graded."""

import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from .browsing import settle, sign_up

STOPS = 160  # more than any page has before what is looked for
MOMENT = 40  # pictures of the screen; what comes in above may push the focus away for some of them
# Where the focus is, and whether somebody who looks can tell: a ring on it, or on what stands for it,
# inside of the window.
FOCUS = """async patience => {
  const frame = () => new Promise(done => requestAnimationFrame(done))
  const drawn = element => {
    const style = getComputedStyle(element)
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
  }
  let found = null
  for (let left = patience; left > 0; left--) {
    await frame()
    const now = document.activeElement
    if (!now || now === document.body || now === document.documentElement) {
      found = null
      continue
    }
    const stands = [now, now.closest('label, .option, .search, .field'), now.parentElement].filter(Boolean)
    const box = (now.closest('label.option') ?? now).getBoundingClientRect()
    found = {
      told: now.outerHTML.slice(0, 160),
      ring: stands.some(drawn),
      inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    }
    if (found.inside && found.ring) break
  }
  return found
}"""


class Keys:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def kept(self) -> dict[str, Any]:
        """The focus is somewhere in the window."""
        now = self.page.evaluate(FOCUS, MOMENT)
        assert now, f"the focus is nowhere on {self.page.url}"
        assert now["inside"], f"out of sight: {now['told']}"
        return now

    def seen(self) -> None:
        now = self.kept()
        assert now["ring"], f"no ring around {now['told']}"

    def tab_to(self, selector: str) -> None:
        """Every stop on the way is seen."""
        for _ in range(STOPS):
            if self.page.evaluate("asked => document.activeElement.matches(asked)", selector):
                return
            self.press("Tab")
            self.seen()
        raise AssertionError(f"no way to {selector} on {self.page.url}")

    def follow(self, selector: str, address: str) -> None:
        self.tab_to(selector)
        self.press("Enter")
        self.page.wait_for_url(address)
        self.page.wait_for_load_state("networkidle")  # the scripts that hear the keys are there


def answer(keys: Keys, kind: str) -> None:
    """Anything but nothing: what is wrong becomes a card."""
    if kind in ("single", "multiple", "true_false"):
        keys.press("1")
    elif kind == "ordering":
        keys.tab_to("[data-now] [data-down]:enabled")
        keys.press("Enter")
    elif kind == "matching":
        keys.tab_to("[data-now] select")
        keys.press("Space")  # its list opens, where Enter chooses
        keys.press("ArrowDown")
        keys.press("Enter")
    else:
        keys.tab_to("[data-now] input:not([type=hidden])")
        keys.type("42")


def take_quiz(keys: Keys) -> None:
    page = keys.page
    count = page.locator("[data-question]").count()
    for number in range(1, count + 1):
        expect(page.locator("[data-step-number]")).to_have_text(str(number))
        kind = page.locator("[data-now]").get_attribute("data-kind") or ""
        with page.expect_response("**/quiz/answer/") as saved:
            answer(keys, kind)
        assert saved.value.ok
        keys.seen()
        expect(page.locator(".quiz-steps .y, .quiz-steps .now")).to_have_count(number)
        if number < count:
            keys.press("Enter")
            keys.kept()
    keys.follow("#quiz [data-finish]", "**/result/**")


def test_from_the_catalogue_to_a_graded_card(visit):
    page = visit()
    page.goto("/accounts/signup/")
    sign_up(page, "Ada Nyberg")
    keys = Keys(page)

    page.goto("/courses/")
    page.wait_for_load_state("networkidle")
    keys.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    keys.seen()
    keys.press("Enter")
    keys.tab_to("#search")
    keys.type("memory")
    with page.expect_response(lambda got: "q=memory" in got.url and "/courses/" in got.url):
        keys.press("Enter")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#search")).to_be_focused()  # it stays when the results are put in
    keys.follow("#results a[href='/courses/how-memory-works/']", "**/how-memory-works/")
    keys.follow("form[action$='/enroll/'] button", "**/learn/**")
    keys.follow("[data-completes] button", "**/quiz/")
    keys.tab_to("form[action$='/start/'] button")
    keys.press("Enter")
    page.locator("[data-now]").wait_for()
    page.wait_for_load_state("networkidle")
    take_quiz(keys)

    verdict = page.locator("main [role=status].sr-only")
    expect(verdict).to_have_text(re.compile(r"\d of \d+\. (Not passed yet|Passed)\. Added to your"))
    keys.follow("main a[href='/review/']", "**/review/")
    left = page.locator("span[data-left]").inner_text()
    keys.press("Space")
    expect(page.locator("[data-slot] [data-answer]")).to_be_focused()
    keys.kept()
    for rating in "1234":
        keys.tab_to(f"[data-slot] [data-grade='{rating}']")
    keys.press("4")
    expect(page.locator("[data-say]")).to_contain_text("Easy, comes back in")
    expect(page.locator("[data-say]")).to_contain_text(f"{int(left) - 1} left")
    keys.kept()


def test_what_comes_in_above_leaves_the_focus_in_sight(visit):
    """The course's map comes when it is scrolled to, above what the focus is at."""
    page = visit()
    held: list[Route] = []
    page.route("**/courses/*/map/", lambda route: held.append(route))
    page.set_viewport_size({"width": 1440, "height": 420})
    page.goto("/courses/how-memory-works/")
    keys = Keys(page)
    with page.expect_request("**/courses/*/map/"):
        keys.tab_to("#teacher a")
    page.evaluate("document.activeElement.scrollIntoView({ block: 'end' })")
    held[0].continue_()
    page.locator("#map").wait_for()
    settle(page)
    keys.seen()
    expect(page.locator("#teacher a").first).to_be_focused()
