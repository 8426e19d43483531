"""What can be the matter with a page, brought about by real means: nobody's rows are pretended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from playwright.sync_api import Page, Route

from .browsing import settle
from .places import PLACES, Place

FADED_IN = 600  # milliseconds: what shows that something takes long comes after 300


@dataclass(frozen=True)
class State:
    """`before` the page is asked for and `after` it is there something is done to it.

    `expected`: statuses of further answers that belong to it. One that isn't `watched` may have
    the browser complain, as when its network is gone; one that `waits` never comes to rest.
    """

    name: str
    who: str = ""
    before: Callable[[Page], None] | None = None
    after: Callable[[Page], None] | None = None
    expected: tuple[int, ...] = ()
    watched: bool = True
    waits: bool = False


@dataclass(frozen=True)
class Sight:
    """A page in a state."""

    place: Place
    state: State

    def __str__(self) -> str:
        return f"{self.place}-{self.state.name}"

    @property
    def expected(self) -> tuple[int, ...]:
        return (self.place.status, *self.state.expected)

    def email(self, language: str) -> str:
        return self.place.email(language)

    def show(self, page: Page, language: str) -> None:
        if self.state.before:
            self.state.before(page)
        self.place.show(page, language)
        if self.state.waits:
            page.wait_for_load_state("load")
            page.evaluate("document.fonts.ready.then(() => true)")
        else:
            settle(page)
        if self.state.after:
            self.state.after(page)
        if self.state.waits:
            page.wait_for_timeout(FADED_IN)


# ── Means ─────────────────────────────────────────────────────────────────────────────────────
def hold_parts(page: Page) -> None:
    """What htmx asks for doesn't come."""

    def hold(route: Route) -> None:
        if "hx-request" not in route.request.headers:
            route.continue_()

    page.route("**/*", hold)


def keep_sending(page: Page) -> None:
    """The form is on its way for ever. Were the request held, the browser would answer no more."""
    page.locator("main form[method=post]").evaluate(
        """form => {
          addEventListener('submit', event => event.preventDefault())
          form.noValidate = true
          form.requestSubmit(form.querySelector('button[type=submit]'))
        }"""
    )


def search_again(page: Page) -> None:
    page.locator("#search").fill("a")
    page.locator("#search").press("Enter")


def turn(page: Page) -> None:
    page.keyboard.press("Space")
    page.locator("[data-grades]").first.wait_for()


def open_beside(page: Page) -> None:
    """The tutor, from its own page to the drawer beside the lesson."""
    page.goto(page.url.removesuffix("tutor/"))
    settle(page)
    page.locator("a[href$='/tutor/']:visible").first.click()
    page.locator("#tutor textarea:visible").first.wait_for()
    settle(page)


def lose_network(page: Page) -> None:
    page.context.set_offline(True)
    page.locator("[data-offline-line]").wait_for()


def send(form: str, **typed: str) -> Callable[[Page], None]:
    """The form with all its texts empty but those that are named; the browser doesn't check it."""

    def sent(page: Page) -> None:
        found = page.locator(form).first
        found.evaluate(EMPTY, typed)
        page.wait_for_function(TOLD)
        settle(page)

    return sent


EMPTY = """(form, typed) => {
  for (const field of form.elements) {
    if (!field.matches('textarea, input:is([type=text], [type=email], [type=password], [type=search], [type=url], [type=number])')) continue
    field.value = typed[field.name] ?? ''
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  form.noValidate = true
  form.requestSubmit()
}"""
TOLD = "() => document.querySelector('main :is([aria-invalid=true], [role=alert]:not([hidden]))')"

# ── States ────────────────────────────────────────────────────────────────────────────────────
USUAL = State("usual")
EMPTY_STUDENT = State("empty", who="nobody")
EMPTY_TEACHER = State("empty", who="beginner")
FULL_STUDENT = State("full", who="full")
FULL_TEACHER = State("full", who="full-teacher")
LOADING = State("loading", before=hold_parts, waits=True)
OFFLINE = State("offline", after=lose_network, watched=False, waits=True)


def wrong(form: str = "main form[method=post]", **typed: str) -> State:
    return State("error", after=send(form, **typed), expected=(422, 400, 403))


NOTHING_YET = """
    today my-courses my-courses-done notes decks deck review review-done card-stats card-settings
    notifications messages feed awards referrals payments maps progress forum-followed profile-own
    activity-own settings settings-interests settings-security settings-privacy cards-export
    following followers course
""".split()
NOTHING_TAUGHT = "today studio studio-waiting profile-own".split()
# with the longest names and three hundred rows
TOO_MUCH = """
    course reviews course-discussion lesson-preview followers following
    today my-courses course-with-seat lesson lesson-discussion lesson-notes tutor notes decks deck
    card-edit review quiz profile-own notifications messages messages-conversation settings feed
    activity-own payments payment maps map map-list concept path leaderboard profile-of-another
    progress pretest
""".split()
TOO_MUCH_TAUGHT = """
    studio course-own studio-waiting notifications studio-editor studio-settings studio-publish
    studio-history studio-concepts studio-graph studio-questions studio-quiz studio-learning
    profile-own
""".split()
SLOW = "today awards profile-own profile-teacher course lesson studio-editor studio-quiz".split()
CUT_OFF = "today lesson review quiz messages-conversation settings catalogue".split()
MISTAKEN = {
    "login": wrong(email="nobody@example.com", password="wrong"),
    "sign-up": wrong(email="not an address", password="1"),
    "forgot-password": wrong(email="not an address"),
    "settings": wrong("main form:has(#id_name)"),
    "settings-security": wrong("main form[action*='password']", current="x", new="1"),
    "card-new": wrong(),
    "forum-new-topic": wrong("main form[data-draft], main form[method=post]"),
    "apply": replace(wrong(), who="newcomer"),  # nobody whose application is being read
    "checkout": wrong(),
    "cards-import": wrong(),
    "studio-new": wrong(),
    "studio-settings": wrong(),
    "studio-import": wrong(),
    "studio-table": wrong(),
    "studio-concepts": wrong("main form[action$='/concepts/add/']"),
}
OTHERS = {
    "catalogue": State("loading", before=hold_parts, after=search_again, waits=True),
    "sign-up": State("sending", after=keep_sending, waits=True),
    "forum-topic-signed-in": FULL_STUDENT,
    "review": State("turned", after=turn),
    "tutor": State("beside", after=open_beside),
}


def states_of(place: Place) -> Iterator[State]:
    yield USUAL
    if place.name in NOTHING_YET:
        yield EMPTY_STUDENT
    if place.name in NOTHING_TAUGHT:
        yield replace(EMPTY_TEACHER, name="empty-teacher")
    if place.name in TOO_MUCH:
        yield FULL_STUDENT
    if place.name in TOO_MUCH_TAUGHT:
        yield replace(FULL_TEACHER, name="full-teacher")
    if place.name in SLOW:
        yield LOADING
    if place.name in CUT_OFF:
        yield OFFLINE
    if place.name in MISTAKEN:
        yield MISTAKEN[place.name]
    if place.name in OTHERS:
        yield OTHERS[place.name]


def sights_of(place: Place) -> list[Sight]:
    """The page in each of its states, the usual one first."""
    return [Sight(replace(place, who=state.who or place.who), state) for state in states_of(place)]


def _named() -> set[str]:
    lists = [
        NOTHING_YET,
        NOTHING_TAUGHT,
        TOO_MUCH,
        TOO_MUCH_TAUGHT,
        SLOW,
        CUT_OFF,
        MISTAKEN,
        OTHERS,
    ]
    return {name for names in lists for name in names}


if unknown := _named() - {place.name for place in PLACES}:
    raise LookupError(f"no such pages: {', '.join(sorted(unknown))}")
