"""A person at a browser: who they are, how wide their screen is, and what the browser complains of."""

import os
import re
import secrets
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Timer
from typing import Any

from django.utils.translation import gettext, override
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
DESK, PHONE = 1440, 390
HEIGHT = {DESK: 900, PHONE: 844}
LOCALE = {"en": "en-GB", "ru": "ru-RU"}
PATIENCE = 20_000  # milliseconds; the machine may be busy with other things
CLOSING = 30  # seconds, where a tenth of one is usual
DELIVERED = 90_000  # until an event has had its effect, even when it waits for the sweeper
PASSWORD = "demo-pass-123"
CELEBRATION = "dialog.moment[open]"


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)


@dataclass(frozen=True)
class Screen:
    """What a page is looked at with."""

    width: int = DESK
    language: str = "en"
    dark: bool = False

    def __str__(self) -> str:
        return f"{self.width}-{'dark' if self.dark else 'light'}-{self.language}"


class People:
    """Browsers of their own for everybody who is needed, signed in once each."""

    def __init__(self, browser: Browser, site: str) -> None:
        self._browser = browser
        self._site = site
        self._signed_in: dict[str, Any] = {}

    def visitor(self, screen: Screen = Screen(), *, email: str = "", **options: Any) -> Page:
        """An open page; `email` is that of a demo account, whose password everybody knows.

        The service worker, which fetches in the background, is there for `service_workers="allow"`.
        What is celebrated is put aside wherever it stands in the way.
        """
        options.setdefault("service_workers", "block")
        context = self._browser.new_context(
            base_url=self._site,
            viewport={"width": screen.width, "height": HEIGHT[screen.width]},
            locale=LOCALE[screen.language],
            color_scheme="dark" if screen.dark else "light",
            reduced_motion="reduce",
            has_touch=screen.width == PHONE,
            storage_state=self._session(email) if email else None,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.add_locator_handler(page.locator(CELEBRATION), lambda: page.keyboard.press("Escape"))
        return page

    def _session(self, email: str) -> Any:
        if email not in self._signed_in:
            page = self.visitor()
            sign_in(page, email)
            self._signed_in[email] = page.context.storage_state()
            close(page.context)
        return self._signed_in[email]


def close(context: BrowserContext) -> None:
    """Close all pages."""
    with impatience(CLOSING):
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.close()


@contextmanager
def impatience(seconds: float) -> Iterator[None]:
    """Now and then Chromium waits for ever for one of its own: then they are ended from outside,
    and it goes on."""
    timer = Timer(seconds, end_renderers)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def end_renderers() -> None:
    """Kill the processes that draw pages for the browser that this process has started."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True)
    rows = [line.split(None, 2) for line in told.stdout.splitlines()]
    parent_of = {int(pid): int(parent) for pid, parent, *_ in rows}
    for pid, _parent, *command in rows:
        if not (command and "--type=renderer" in command[0]):
            continue
        above = int(pid)
        while above in parent_of and above != os.getpid():
            above = parent_of[above]
        if above == os.getpid():
            os.kill(int(pid), signal.SIGKILL)


def words(language: str) -> Callable[[str], str]:
    """The site's own words in the language, by their English."""

    def say(text: str) -> str:
        with override(language):
            return gettext(text)

    return say


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_email").fill(email)
    page.locator("#id_password").fill(password)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


def sign_up(page: Page, name: str, role: str = "student") -> str:
    """On the open page of registration; the address, which nobody had before."""
    email = f"{secrets.token_hex(6)}@example.com"
    page.locator(f"input[name=role][value={role}]").check(force=True)
    page.locator("#id_name").fill(name)
    page.locator("#id_email").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda address: "/accounts/signup/" not in address)
    return email


def has_news(page: Page) -> None:
    """Wait until the bell of the open page says so, without a reload."""
    page.locator("header [data-unread]").wait_for(state="visible", timeout=DELIVERED)


# A part that was asked for anew before it came; the first of these stands before the name of every failure.
GIVEN_UP = ("htmx:afterRequest,", "htmx:sendAbort,")


class Watch:
    """Notes every error of scripts, refusal by the policy and failed request of a browser.

    Answers whose status is in `expected` are part of the story.
    """

    def __init__(self, context: BrowserContext, expected: set[int] | None = None) -> None:
        self.expected = expected or set()
        self.complaints: list[str] = []
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._note(error.page, str(error.error)))
        context.on("requestfailed", self._failed)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type != "error" or message.text.startswith(GIVEN_UP):
            return
        status = re.search(r"(?:responded with a status of|Status Error Code) (\d+)", message.text)
        if not (status and int(status[1]) in self.expected):
            self._note(message.page, f"{message.text} ({message.location.get('url', '')})")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the person went on to another page
            self._note(None, f"{request.failure}: {request.url}")

    def _note(self, page: Page | None, text: str) -> None:
        self.complaints.append(f"{page.url if page else ''}: {text}")


# ── What is wrong with a page ─────────────────────────────────────────────────────────────────
RULES = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),
]


@cache
def _axe() -> str:
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text()


def settle(page: Page) -> None:
    """Until the page's parts and fonts are there."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")


def flaws(page: Page) -> list[str]:
    """What axe finds, and whether anything pushes the page sideways."""
    told = [
        f"{violation['id']}: {node['failureSummary']} {node['html'][:200]}"
        for violation, node in violations(page)
    ]
    return told + page.evaluate(SIDEWAYS)


def violations(page: Page) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What axe finds: each rule with each element that is against it."""
    page.evaluate(_axe())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
        RULES,
    )
    return [(each, node) for each in found["violations"] for node in each["nodes"]]


# What sticks out of the window, unless something around it scrolls or clips on purpose.
SIDEWAYS = """() => {
  const root = document.documentElement
  if (root.scrollWidth <= root.clientWidth) return []
  const contained = element => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== 'visible') return true
    return false
  }
  const wide = [...document.body.querySelectorAll('*')]
    .filter(each => each.getBoundingClientRect().right > root.clientWidth + 0.5 && !contained(each))
  return [`sideways: ${root.scrollWidth} > ${root.clientWidth}: `
    + wide.slice(0, 3).map(each => each.outerHTML.slice(0, 160)).join(' | ')]
}"""
