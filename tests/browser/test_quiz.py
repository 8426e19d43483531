"""A quiz from the lesson's text to a student's result: made, mended, published, taken by keys."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from .browsing import DELIVERED, DESK, PHONE, Screen, flaws, settle, sign_up
from .places import LESSON_WITH_QUIZ
from .test_whole_way import add_module, describe, publish

TEXT = """\
## Words of the trade

A **starter** is a piece of dough kept alive from one baking to the next. **Hydration** is the \
weight of the water divided by the weight of the flour. **Autolyse** is a rest that flour and \
water are given before the salt comes in. A **banneton** is a basket in which a loaf rises \
before it is baked.

## Heat

The oven is heated to 250 degrees. Steam keeps the crust soft while the loaf still grows. The \
crumb is ready at 96 degrees inside, and a loaf that is cut before it has cooled stays sticky.
"""
WORDS = "Which basket holds a rising loaf?"


def write(page: Page) -> str:
    """A course with one lesson; the address of its quiz in the studio."""
    page.goto("/studio/courses/new/")
    page.get_by_label("Title").fill("Bread, word by word")
    page.get_by_role("button", name="Begin").click()
    add_module(page, "Dough")
    with page.expect_response(lambda answer: answer.request.method == "PATCH") as saved:
        page.locator("#text").fill(TEXT)
    assert saved.value.ok
    return page.url.split("?")[0] + "quiz/"


def make(page: Page) -> None:
    """Beside the lesson: from the offer over the progress to the first draft, accepted there."""
    page.get_by_role("button", name="Make a quiz from this lesson").click()
    accept = page.locator("#panel-accept")
    accept.wait_for(timeout=DELIVERED)
    accept.click()
    expect(page.locator("#quiz-panel")).to_contain_text(re.compile(r"1 / \d"))


def write_question(page: Page) -> None:
    """By hand: first without an answer, which is told; what was typed stays."""
    page.get_by_role("link", name="Short answer").click()
    form = page.locator("#new-question form")
    form.get_by_label("Question").fill(WORDS)
    form.get_by_role("button", name="Save").click()
    expect(form).to_contain_text("Give at least one right answer.")
    expect(form.get_by_label("Question")).to_have_value(WORDS)
    settle(page)  # the form that came back is bound a moment after it is shown
    form.get_by_label("Row 1").fill("banneton")
    form.get_by_role("button", name="Save").click()
    expect(page.locator("#questions")).to_contain_text(WORDS)
    expect(page.locator("#new-question form")).to_have_count(0)


def mend_first(page: Page) -> None:
    """The first question, in place."""
    first = page.locator("#questions article").first
    first.get_by_role("link", name="Edit").click()
    form = page.locator("#questions form[action*='/edit/']")
    form.get_by_label("Explanation").fill("It stands in the first paragraph.")
    form.get_by_role("button", name="Save").click()
    expect(page.locator("#questions article").first).to_contain_text("Explanation")
    expect(page.locator("#questions article").first).to_contain_text("Written by hand")


def discard_and_undo(page: Page) -> None:
    articles = page.locator("#questions article")
    count = articles.count()
    articles.last.get_by_role("button", name="Discard").click()
    expect(articles).to_have_count(count - 1)
    page.get_by_role("button", name="Undo").click()
    expect(articles).to_have_count(count)


def answer_all(page: Page) -> None:
    """By keys alone; every choice is the first option, the rest is typed or chosen."""
    count = page.locator("[data-question]").count()
    for number in range(1, count + 1):
        now = page.locator("[data-now]")
        expect(page.locator("[data-step-number]")).to_have_text(str(number))
        kind = now.get_attribute("data-kind")
        with page.expect_response("**/quiz/answer/") as saved:
            give(page, kind or "")
        assert saved.value.ok
        if number == 2:
            reload_and_find(page, count)
        if number < count:
            page.keyboard.press("Enter")


def give(page: Page, kind: str) -> None:
    if kind in ("single", "multiple", "true_false"):
        page.keyboard.press("1")
    elif kind == "ordering":
        page.locator("[data-now] [data-down]").first.press("Enter")
    elif kind == "matching":
        page.locator("[data-now] select").first.select_option(index=1)
    else:
        page.locator("[data-now] input:not([type=hidden])").first.focus()
        page.keyboard.type("42" if kind == "numeric" else "banneton")


def reload_and_find(page: Page, count: int) -> None:
    """What was saved is there again; the page goes on at the first question without an answer."""
    page.reload()
    expect(page.locator(".quiz-steps .y")).to_have_count(2)
    if count > 2:
        expect(page.locator("[data-step-number]")).to_have_text("3")
        page.get_by_role("button", name="Previous").click()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_from_a_lesson_to_a_result(visit, width):
    teacher = visit(email="teacher@example.com", expected=(422,))
    quiz = write(teacher)
    make(teacher)
    teacher.goto(quiz)
    mend_first(teacher)
    write_question(teacher)
    discard_and_undo(teacher)
    settle(teacher)
    assert flaws(teacher) == []
    teacher.get_by_role("button", name="Publish the quiz").click()
    expect(teacher.get_by_text("The quiz is public")).to_be_visible()
    teacher.goto(quiz.replace("quiz/", ""))
    describe(teacher)
    course = publish(teacher)

    page = visit(Screen(width))
    page.goto("/accounts/signup/")
    sign_up(page, "Ines Moreau")
    page.goto(course)
    page.get_by_role("button", name="Enrol for free").first.click()
    page.get_by_role("button", name="Mark complete and take the quiz").click()
    page.wait_for_url("**/quiz/")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_selector("[data-now]")
    answer_all(page)
    page.get_by_role("button", name="Finish the quiz").press("Enter")
    page.wait_for_url("**/result/**")
    settle(page)
    assert flaws(page) == []
    expect(page.get_by_role("main")).to_contain_text("The pass mark is 70%.")
    expect(page.get_by_role("main")).to_contain_text("Added to your flashcards.")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector("[data-now]")


def finish(page: Page) -> None:
    """Whatever is answered."""
    page.locator("#quiz").evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/result/**")


def begin_one_of_the_demo(page: Page) -> None:
    page.goto("/learn/statistics-you-can-trust/")
    address = (page.locator(LESSON_WITH_QUIZ).first.get_attribute("href") or "") + "quiz/"
    page.goto(address)
    if page.locator("#quiz").count():  # a test that failed left it open, with answers
        finish(page)
        page.goto(address)
    page.locator("form[action$='/start/'] button").click()
    page.wait_for_selector("[data-now]")
    page.wait_for_load_state("networkidle")  # the scripts that hear the keys are there


def test_nothing_is_lost_when_the_line_goes(visit):
    """A failed save is told and tried again; the answer stays on the page and reaches the server."""
    page = visit(email="student@example.com", expected=(503,))
    begin_one_of_the_demo(page)
    page.route("**/quiz/answer/", lambda route: route.fulfill(status=503))
    give(page, page.locator("[data-now]").get_attribute("data-kind") or "")
    expect(page.locator("[data-not-saved]")).to_be_visible()
    page.unroute("**/quiz/answer/")
    expect(page.locator("[data-saved]")).to_be_visible()
    page.reload()
    expect(page.locator(".quiz-steps .y").first).to_be_attached()
    finish(page)


def test_a_save_that_the_end_overtakes_keeps_nobody_from_the_result(visit):
    page = visit(email="student@example.com", expected=(409,))
    begin_one_of_the_demo(page)
    saves: list[Route] = []

    def end(route: Route) -> None:
        with page.expect_response("**/quiz/answer/"):
            saves[0].fulfill(status=409)
        route.continue_()

    page.route("**/quiz/answer/", lambda route: saves.append(route))
    page.route("**/quiz/submit/", end)
    with page.expect_request("**/quiz/answer/"):
        give(page, page.locator("[data-now]").get_attribute("data-kind") or "")
    finish(page)


TEN_SECONDS = """
document.addEventListener('readystatechange', () => {
  const form = document.getElementById('quiz')
  if (!form || document.readyState !== 'interactive') return
  form.dataset.secondsLeft = 10
  form.insertAdjacentHTML('beforeend', '<span data-clock-line><span data-clock></span></span>')
})
"""


def test_what_is_typed_until_the_end_is_saved(visit):
    """Without ever a pause, in which it would be saved anyway."""
    page = visit(email="student@example.com")
    page.add_init_script(TEN_SECONDS)
    page.clock.install()
    begin_one_of_the_demo(page)
    field = page.locator("#quiz").locator("input:not([type=hidden]), select").first
    page.clock.run_for(6000)
    with page.expect_response("**/quiz/answer/"):
        for _ in range(6):
            field.evaluate("field => field.dispatchEvent(new Event('input', {bubbles: true}))")
            page.clock.run_for(400)
    finish(page)  # else the quiz's page shows what was begun, and no results


def test_a_quiz_is_a_plain_form_without_scripts(visit):
    page = visit(email="anna@example.com", java_script_enabled=False)
    page.goto("/learn/statistika-dlia-analiza-dannykh/")
    page.goto((page.locator(LESSON_WITH_QUIZ).first.get_attribute("href") or "") + "quiz/")
    if page.locator("#quiz").count() == 0:
        page.locator("form[action$='/start/'] button").click()
    questions = page.locator("[data-question]")
    assert questions.count() > 1
    expect(questions.last).to_be_visible()
    expect(page.locator("[data-next]")).to_be_hidden()
    page.locator("[data-finish]").click()
    page.wait_for_url("**/result/**")
