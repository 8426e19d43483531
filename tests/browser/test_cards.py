"""Reviewing cards: by keyboard, by finger, without scripts, and with a connection that breaks."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from .browsing import PHONE, People, Screen, flaws, settle, sign_up

ANSWER = "[data-slot] [data-answer]"
UNTIL_SENT = """() => new Promise(done => {
  const look = () => Object.keys(localStorage).some(name => name.startsWith('edu.grades')) ? setTimeout(look, 50) : done()
  look()
})"""


class Student:
    """Somebody new with cards of their own, whose answers are numbered as the questions."""

    def __init__(self, page: Page, cards: int) -> None:
        self.page = page
        page.goto("/accounts/signup/")
        sign_up(page, "Mira Lund")
        for number in range(1, cards + 1):
            self.api("post", "", {"front": f"Question {number}", "back": f"Answer {number}"})

    def api(self, method: str, path: str, data: Any = None) -> Any:
        token = next(
            each["value"] for each in self.page.context.cookies() if each["name"] == "csrftoken"
        )
        origin = re.match(r"https?://[^/]+", self.page.url)
        answer = getattr(self.page.request, method)(
            f"/api/flashcards{path}",
            data=data,
            headers={"X-CSRFToken": token, "Referer": f"{origin and origin[0]}/"},
        )
        assert answer.ok, answer.text()
        return answer.json()

    def reps(self) -> list[int]:
        """How often each card was graded, the first one first."""
        return [card["reps"] for card in reversed(self.api("get", "")["results"])]

    def begin(self) -> None:
        self.page.goto("/review/")
        self.sees("Question 1")

    def sees(self, text: str) -> None:
        expect(self.page.locator("[data-slot] .flashcard")).to_contain_text(text)

    def answers(self, grade: int) -> None:
        self.page.keyboard.press("Space")
        expect(self.page.locator(ANSWER)).to_be_visible()
        self.page.keyboard.press(str(grade))


@pytest.fixture
def learner(people: People):
    """`learner(3)` has three cards; the browser may lose its connection."""
    pages: list[Page] = []

    def come(cards: int, screen: Screen = Screen()) -> Student:
        pages.append(people.visitor(screen))
        return Student(pages[-1], cards)

    yield come
    for page in pages:
        page.context.close()


def test_a_session_by_keyboard_with_undo(visit):
    student = Student(visit(), 3)
    page = student.page
    student.begin()
    expect(page.locator("span[data-left]")).to_have_text("3")
    page.keyboard.press("4")  # nothing is graded before the answer is seen
    student.sees("Question 1")
    student.answers(1)
    student.sees("Question 2")
    expect(page.locator("[data-say]")).to_contain_text("Again, comes back in 1 min")
    page.keyboard.press("z")
    expect(page.locator(ANSWER)).to_contain_text("Answer 1")
    page.keyboard.press("4")
    student.sees("Question 2")
    student.answers(4)
    student.answers(4)
    page.wait_for_url("**/review/done/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 cards")
    assert student.reps() == [1, 1, 1]


def test_a_forgotten_card_comes_back_in_the_session(visit):
    student = Student(visit(), 2)
    student.begin()
    student.answers(1)
    student.answers(4)
    student.sees("Question 1")
    student.answers(4)
    student.page.wait_for_url("**/review/done/")
    assert student.reps() == [2, 1]


def test_no_grade_is_lost_or_doubled_without_a_connection(learner):
    student = learner(5)
    page = student.page
    student.begin()
    student.answers(4)
    student.sees("Question 2")
    page.context.set_offline(True)
    for number in (2, 3):
        student.sees(f"Question {number}")
        student.answers(4)
    student.sees("Question 4")
    expect(page.locator("[data-unsent]")).to_be_visible()
    page.keyboard.press("z")  # never sent: it is simply forgotten
    student.sees("Question 3")
    page.keyboard.press("4")
    page.context.set_offline(False)
    expect(page.locator("[data-unsent]")).to_be_hidden()
    assert student.reps() == [1, 1, 1, 0, 0]
    student.answers(4)
    student.answers(4)
    page.wait_for_url("**/review/done/")
    assert student.reps() == [1, 1, 1, 1, 1]


def test_grades_of_a_closed_page_are_sent_by_the_next_one(learner):
    student = learner(2)
    student.begin()
    student.page.context.set_offline(True)
    student.answers(4)
    student.answers(4)
    expect(student.page.get_by_role("heading", level=2)).to_be_visible()
    later = student.page.context.new_page()
    student.page.close()
    student.page = later
    later.context.set_offline(False)
    later.goto("/cards/")
    expect(later.get_by_role("heading", level=1)).to_be_visible()
    later.evaluate(UNTIL_SENT)
    assert student.reps() == [1, 1]


def test_an_answer_lost_on_its_way_back_counts_once(learner):
    student = learner(2)
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().headers["date"])
        route.abort()

    student.page.route("**/api/flashcards/*/review", lose_the_first)
    student.begin()
    student.answers(4)
    student.answers(4)
    student.page.wait_for_url("**/review/done/")
    assert lost
    assert student.reps() == [1, 1]


def swipe(page: Page, pixels: int) -> None:
    box = page.locator("[data-slot] .flashcard").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    touch.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    )
    for step in range(1, 9):
        point = {"x": x + pixels * step / 8, "y": y}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_card_is_tapped_and_swiped_on_a_phone(visit):
    student = Student(visit(Screen(PHONE, "en")), 2)
    page = student.page
    student.begin()
    page.locator("[data-slot] .flashcard").tap()
    expect(page.locator(ANSWER)).to_be_visible()
    swipe(page, 40)  # too short to mean anything
    student.sees("Answer 1")
    swipe(page, 150)
    student.sees("Question 2")
    expect(page.locator("[data-say]")).to_contain_text("Good")
    page.locator("[data-slot] .flashcard").tap()
    expect(page.locator(ANSWER)).to_be_visible()
    swipe(page, -150)
    expect(page.locator("[data-say]")).to_contain_text("Again")
    assert not flaws(page)


def test_a_card_is_changed_and_suspended_in_the_session(visit):
    student = Student(visit(), 3)
    page = student.page
    student.begin()
    page.keyboard.press("Space")
    page.get_by_role("link", name="Edit card").click()
    page.locator("#card-form textarea").last.fill("A better answer")
    assert not flaws(page)
    page.locator("#card-form button[type=submit]").click()
    expect(page.locator(ANSWER)).to_contain_text("A better answer")
    page.get_by_role("button", name="Suspend").click()
    student.sees("Question 2")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    student.answers(4)
    student.answers(4)
    student.sees("Question 1")
    student.answers(4)
    page.wait_for_url("**/review/done/")
    assert student.reps() == [1, 1, 1]


def test_cards_are_reviewed_without_scripts(visit):
    student = Student(visit(), 2)
    browser = student.page.context.browser
    assert browser
    context = browser.new_context(
        java_script_enabled=False,
        storage_state=student.page.context.storage_state(),
        base_url=student.page.url.split("/", 3)[0] + "//" + student.page.url.split("/", 3)[2],
    )
    page = context.new_page()
    page.goto("/review/")
    for number in (1, 2):
        expect(page.locator(".flashcard")).to_contain_text(f"Question {number}")
        page.get_by_role("link", name="Show answer").click()
        page.get_by_role("button", name=re.compile("Easy")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 cards")
    context.close()
    assert student.reps() == [1, 1]


def test_a_card_with_gaps_is_written_deleted_and_brought_back(visit):
    student = Student(visit(), 0)
    page = student.page
    page.goto("/cards/new/?kind=cloze")
    page.locator("#id_front").fill("Water boils at 100 degrees.")
    page.locator("#id_front").evaluate("field => field.setSelectionRange(15, 18)")
    page.get_by_role("button", name="Make a gap").click()
    expect(page.locator("#id_front")).to_have_value("Water boils at {{c1::100}} degrees.")
    expect(page.locator("#card-preview")).to_contain_text("Water boils at […] degrees.")
    page.get_by_role("button", name="Add card").click()
    expect(page.locator("#toasts")).to_contain_text("1 card added.")
    page.goto("/cards/decks/0/")
    page.get_by_role("button", name=re.compile("What to do with")).click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".card-row")).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator(".card-row")).to_have_count(1)
    settle(page)
    assert not flaws(page)
