"""The whole way: a teacher is verified and makes a course; a student learns it to the end."""

import re
import struct
import time
import zlib
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from .browsing import DELIVERED, DESK, PHONE, Screen, has_news, sign_up, words

TEXT = """\
## Why dough rises

Yeast eats sugar and breathes out gas. Twice the yeast isn't twice the gas:

$$ V(t) = V_0 \\cdot 2^{t / d} $$

| Temperature | Doubling time |
|---|---|
| 18 °C | 4 h |
| 26 °C | 1 h 30 min |

```python
def grams_of_water(flour, hydration=0.7):
    return round(flour * hydration)
```
"""


def picture() -> bytes:
    """A small PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    width, height = 1280, 853
    rows = (b"\x00" + b"\xc8\x9b\x5a" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(kind, data)
        for kind, data in [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    )


# ── The teacher ───────────────────────────────────────────────────────────────────────────────
def apply_to_teach(page: Page, name: str) -> None:
    page.goto("/")
    page.goto("/accounts/signup/")
    sign_up(page, name, role="teacher")
    page.wait_for_url("**/teach/apply/")
    page.get_by_label("qualif").or_(page.locator("#id_qualification")).first.fill(
        "Twelve years in a bakery, and four of teaching apprentices how dough behaves. "
        "I hold the master's certificate and have written a book about sourdough."
    )
    page.get_by_role("button", name="Send application").click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("read|waiting|days", re.I))


def verify(page: Page, name: str) -> None:
    """The admin's way, from the first page of the administration."""
    page.goto("/admin/")
    page.get_by_role("link", name=re.compile("Teachers waiting")).first.click()
    page.get_by_role("link", name=re.compile(name)).first.click()
    page.wait_for_load_state("networkidle")  # before its scripts are there a dialog is a page
    page.get_by_role("link", name="Verify").click()
    page.locator("#dialog").get_by_role("button", name="Verify").click()
    expect(page.get_by_text("The teacher is verified.")).to_be_visible()


def begin_course(page: Page, title: str) -> None:
    page.goto("/studio/")
    page.get_by_role("link", name="New course").first.click()
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Begin").click()
    add_module(page, "Flour and water")


def add_module(page: Page, title: str) -> None:
    page.locator("#new-module").fill(title)
    with page.expect_navigation():
        page.get_by_role("button", name="Add the module").click()


def add_lesson(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Lesson", exact=True).first.click()


def write_lesson(page: Page, title: str, text: str) -> None:
    """It saves itself, and the preview follows."""
    page.locator("#title").fill(title)
    with page.expect_response(lambda answer: answer.request.method == "PATCH") as saved:
        page.locator("#text").fill(text)
    assert saved.value.ok
    expect(page.get_by_text("Saved", exact=True).first).to_be_visible()


def lesson_titles(page: Page) -> list[str]:
    return page.locator("li[data-lesson] [data-title]").all_inner_texts()


def move_first_lesson_down(page: Page) -> None:
    page.locator("li[data-lesson] [data-handle]").first.focus()
    with page.expect_response("**/reorder") as answer:
        page.keyboard.press("Alt+ArrowDown")
    assert answer.value.ok


def describe(page: Page) -> None:
    page.get_by_role("link", name="Settings").first.click()
    page.get_by_label("One line of promise").fill("Bake one good loaf, and know why it is good")
    page.get_by_label("Description").fill("For everybody with an oven and *patience*.")
    page.locator("#id_category").select_option(index=1)
    page.get_by_label("What they will be able to do").fill("Feed a starter\nRead a dough")
    page.locator("#id_cover").set_input_files(
        {"name": "loaf.png", "mimeType": "image/png", "buffer": picture()}
    )
    page.get_by_role("main").get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    expect(page.locator("main img[src^='/media/']").first).to_be_visible()


def publish(page: Page) -> str:
    """The course's address on the site."""
    page.get_by_role("link", name="Publish", exact=True).first.click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("link", name="See the course page").click()
    page.wait_for_url("**/courses/**")
    return page.url


# ── The student ───────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Learner:
    """A student at a screen, who speaks its language."""

    page: Page
    screen: Screen

    def says(self, text: str) -> str:
        return words(self.screen.language)(text)

    def press(self, text: str) -> None:
        self.page.get_by_role("button", name=self.says(text)).first.click()

    def follow(self, text: str) -> None:
        self.page.get_by_role("link", name=self.says(text)).first.click()

    def find(self, typed: str, title: str) -> None:
        """A new course is in the index as soon as its event has been delivered."""
        self.page.goto("/courses/")
        for _ in range(20):
            self.page.locator("#search").fill(typed)
            self.page.locator("#search").press("Enter")
            found = self.page.locator("#results").get_by_role("link", name=title)
            self.page.wait_for_url("**q=**")
            if found.count():
                found.first.click()
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        raise AssertionError(f"{typed} doesn't find {title}")

    def learn_everything(self) -> None:
        while True:
            lesson = self.page.url
            self.page.get_by_role("main").locator("[data-completes] button").click()
            self.page.wait_for_url(lambda address, old=lesson: address != old)
            if "/quiz/" in self.page.url:
                self.follow("Skip for now")
                self.page.wait_for_url(lambda address: "/quiz/" not in address)
            if "/done/" in self.page.url:
                return
            expect(self.page.locator("progress").first).to_have_attribute(
                "value", re.compile(r"^[1-9]")
            )

    def review(self, comment: str) -> None:
        self.follow("Write a review")
        if not self.page.locator("#id_comment").is_visible():
            self.page.locator("#reviews-of-course summary").click()
        self.page.locator("input[name=rating][value='5']").check()
        self.page.locator("#id_comment").fill(comment)
        self.press("Publish the review")
        expect(self.page.locator("#reviews-of-course article").first).to_contain_text(comment)


def reply(page: Page, comment: str, text: str) -> None:
    """The teacher's way: from the bell to the review."""
    told = page.get_by_role("main").locator("li", has_text="reviewed").locator("a")
    deadline = time.monotonic() + DELIVERED / 1000
    page.goto("/notifications/")
    # the badges that the new course brought may come before it
    while not told.count() and time.monotonic() < deadline:
        page.wait_for_timeout(2000)
        page.reload()
    told.first.click()
    review = page.locator("article", has_text=comment).first
    review.locator("a[href$='/reply/']").click()
    review.locator("textarea").fill(text)
    review.locator("button[type=submit]").last.click()
    expect(review).to_contain_text(text)


def test_from_an_application_to_a_reply(visit):
    name, title = "Bertil Rask", "Sourdough for patient people"
    teacher = visit()
    apply_to_teach(teacher, name)
    verify(visit(email="admin@example.com"), name)
    has_news(teacher)

    begin_course(teacher, title)
    write_lesson(teacher, "Why dough rises", TEXT)
    preview = teacher.locator("#preview")
    for part in ("math", "table", "pre code, .highlight, code"):
        expect(preview.locator(part).first).to_be_visible()
    add_lesson(teacher)
    write_lesson(teacher, "Feeding a starter", "Equal parts, every morning.")
    assert lesson_titles(teacher) == ["Why dough rises", "Feeding a starter"]
    move_first_lesson_down(teacher)
    teacher.reload()
    assert lesson_titles(teacher) == ["Feeding a starter", "Why dough rises"]
    add_module(teacher, "Heat")
    write_lesson(teacher, "The first ten minutes", "Steam keeps the crust soft while it grows.")
    describe(teacher)
    address = publish(teacher)

    student = Learner(visit(), Screen(DESK, "en"))
    student.page.goto("/accounts/signup/")
    sign_up(student.page, "Ines Moreau")
    student.find("sourdugh", title)
    assert student.page.url == address
    student.press("Enrol for free")
    expect(student.page.get_by_role("heading", name="Feeding a starter")).to_be_visible()
    student.learn_everything()
    expect(student.page.get_by_role("heading", name=title)).to_be_visible()
    comment = "My first loaf stood up straight."
    student.review(comment)
    student.page.goto("/")

    has_news(teacher)
    reply(teacher, comment, "That is the best thing a loaf can do.")
    student.page.goto("/courses/")
    student.page.goto("/notifications/")
    expect(student.page.get_by_role("main")).to_contain_text(f"{name} replied to your review")


@pytest.fixture
def phone(visit) -> Learner:
    screen = Screen(PHONE, "ru")
    return Learner(visit(screen), screen)


def test_a_student_learns_on_a_phone_in_russian(phone, visit):
    page = phone.page
    page.goto("/accounts/signup/")
    sign_up(page, "Ирина Волкова")
    phone.find("астраномия", "Астрономия: от Луны до галактик")
    phone.press("Enrol for free")
    page.wait_for_url("**/learn/**")
    phone.learn_everything()
    expect(page.get_by_role("main")).to_contain_text(phone.says("Course completed"))
    comment = "Теперь вечером выхожу смотреть на небо."
    phone.review(comment)
    page.goto("/my/courses/?show=completed")
    expect(page.get_by_role("main")).to_contain_text("Астрономия")
    page.goto("/notifications/")
    page.get_by_role("button", name=phone.says("Mark all as read")).click()
    expect(page.locator("header [data-unread]")).to_be_hidden()

    teacher = visit(Screen(DESK, "ru"), email="vera@example.com")
    teacher.goto("/courses/astronomiia-ot-luny-do-galaktik/reviews/")
    review = teacher.locator("article", has_text=comment).first
    review.locator("a[href$='/reply/']").click()
    review.locator("textarea").fill("Ясной погоды!")
    review.locator("button[type=submit]").last.click()
    has_news(page)
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Вера Лебедева")
