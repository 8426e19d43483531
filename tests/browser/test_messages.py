"""Two people write to each other: at once, after the connection was away, and without sockets."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from .browsing import DESK, PHONE, Screen, flaws, settle

STUDENT, TEACHER = "student@example.com", "teacher@example.com"
POLLED = 40_000  # two tries in vain, and the fifteen seconds between two questions


def said(page: Page, text: str):
    return page.locator("#log .msg:not(.msg-pending)", has_text=text)


def write(page: Page, text: str) -> None:
    page.locator("#message").fill(text)
    page.locator("#message").press("Enter")
    expect(page.locator("#message")).to_have_value("")


def is_live(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-realtime", "on")


@pytest.fixture
def talk(visit):
    """Both sides of the conversation between the student and the teacher."""

    def open_both(screen: Screen = Screen(), **options) -> tuple[Page, Page]:
        one = visit(screen, email=STUDENT, **options)
        one.goto("/messages/new/?to=irina")
        if "/new/" in one.url:
            one.get_by_label("Message", exact=True).fill("Good evening!")
            one.get_by_role("button", name="Send").click()
            one.wait_for_url(re.compile(r"/messages/\d+/"))
        other = visit(email=TEACHER)
        other.goto(one.url)
        is_live(other)
        return one, other

    return open_both


def test_a_talk_with_typing_and_read_marks(talk) -> None:
    one, other = talk(Screen(PHONE))
    is_live(one)
    expect(one.locator("#message")).not_to_be_focused()
    expect(other.locator("#message")).to_be_focused()
    expect(other.locator("[data-here]")).to_be_visible()  # the dot of presence

    one.locator("#message").press_sequentially("Is one")
    expect(other.locator("[data-typing]")).to_contain_text("is typing")
    question = f"Is one customer in many rows? {secrets.token_hex(4)}"
    write(one, question)
    expect(said(other, question)).to_be_visible()
    expect(other.locator("[data-typing]")).to_be_hidden()
    expect(said(one, question).locator("[data-state]")).to_contain_text("read")
    expect(other.locator("[data-announce]")).to_contain_text(question)

    other.goto("/messages/new/")  # looks away
    settle(other)
    away = f"It is. {secrets.token_hex(4)}"
    write(one, away)
    expect(said(one, away).locator("[data-state]")).to_contain_text("delivered")
    expect(other.locator("header [data-unread-messages]")).to_be_visible()
    expect(other.locator("#conversations")).to_contain_text(away)
    other.goto(one.url)
    expect(other.locator("[data-new]")).to_be_visible()
    expect(said(one, away).locator("[data-state]")).to_contain_text("read")
    expect(other.locator("header [data-unread-messages]")).to_be_hidden()


def test_two_lines_a_reply_a_change_and_taking_it_back(talk) -> None:
    one, other = talk()
    is_live(one)
    mark = secrets.token_hex(4)
    one.locator("#message").fill(f"First line {mark}")
    one.locator("#message").press("Shift+Enter")
    one.locator("#message").press_sequentially("second line")
    one.locator("#message").press("Enter")
    expect(said(other, mark)).to_contain_text("second line")

    row = said(other, mark)
    row.hover()
    row.get_by_role("button", name="More about the message").click()
    row.get_by_role("button", name="Reply").click()
    write(other, f"An answer {mark}")
    expect(said(one, f"An answer {mark}").locator(".msg-quote")).to_contain_text("First line")

    own = said(one, f"First line {mark}").first
    own.hover()
    own.get_by_role("button", name="More about the message").click()
    own.locator("[data-edit]").click()
    field = one.locator("#log textarea")
    field.fill(f"Changed {mark}")
    one.locator("#log").get_by_role("button", name="Save").click()
    expect(said(other, f"Changed {mark}")).to_contain_text("changed")

    own = said(one, f"Changed {mark}").first
    own.hover()
    own.get_by_role("button", name="More about the message").click()
    own.get_by_role("button", name="Delete for everybody").click()
    expect(said(other, f"Changed {mark}")).to_have_count(0)
    one.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(said(one, f"Changed {mark}")).to_be_visible()
    expect(said(other, f"Changed {mark}")).to_be_visible()
    settle(one)
    assert flaws(one) == []


def test_a_file_goes_up_before_it_is_sent(talk) -> None:
    one, other = talk()
    is_live(one)
    name = f"wait-times-{secrets.token_hex(4)}.csv"
    file = {"name": name, "mimeType": "text/csv", "buffer": b"minutes\n4\n7\n"}
    one.locator("#composer input[type=file]").set_input_files(file)
    expect(one.locator("[data-file-said]")).to_have_text("Ready to be sent")
    one.locator("#message").press("Enter")
    link = said(other, name).locator("a.msg-file")
    with other.expect_download() as loaded:
        link.click()
    assert loaded.value.suggested_filename == name


def test_nothing_is_missed_or_doubled_while_the_connection_is_away(talk) -> None:
    one, other = talk(watched=False)
    is_live(one)
    mark = secrets.token_hex(4)
    write(other, f"{mark} before")
    expect(said(one, f"{mark} before")).to_be_visible()
    one.context.set_offline(True)
    expect(one.locator("html")).not_to_have_attribute("data-realtime", "on")
    for number in range(5):
        write(other, f"{mark} meanwhile {number}")
        expect(said(other, f"{mark} meanwhile {number}")).to_be_visible()
    write(one, f"{mark} from the tunnel")
    expect(one.locator(".msg-pending")).to_contain_text("Not sent")
    one.context.set_offline(False)
    is_live(one)
    for page in (one, other):
        expect(said(page, mark)).to_have_count(7)
        expect(page.locator(".msg-pending")).to_have_count(0)
        order = page.locator("#log [data-seq]").evaluate_all("all => all.map(e => +e.dataset.seq)")
        assert order == sorted(set(order))
        assert order == list(range(order[0], order[-1] + 1))


def test_messages_arrive_by_asking_where_sockets_are_blocked(talk) -> None:
    one, other = talk(watched=False)
    one.context.route_web_socket(re.compile("/ws/"), lambda socket: socket.close())
    one.reload()
    expect(one.locator("html")).to_have_attribute("data-realtime", "polling", timeout=POLLED)
    text = f"No socket needed {secrets.token_hex(4)}"
    write(other, text)
    expect(said(one, text)).to_be_visible(timeout=POLLED)
    expect(said(other, text).locator("[data-state]")).to_contain_text("read", timeout=POLLED)


def test_a_message_that_was_not_sent_is_there_after_a_reload(talk) -> None:
    one, other = talk(watched=False)
    is_live(one)
    text = f"Kept in the browser {secrets.token_hex(4)}"
    one.route("**/api/messages/conversations/*/messages", lambda route: route.abort())
    write(one, text)
    expect(one.locator(".msg-pending")).to_contain_text("Not sent")
    one.locator("#message").fill("A draft")
    one.unroute("**/api/messages/conversations/*/messages")
    one.reload()
    expect(said(one, text)).to_have_count(1)
    expect(said(other, text)).to_have_count(1)
    expect(one.locator("#message")).to_have_value("A draft")
    one.locator("#message").fill("")


def test_it_works_without_scripts(talk, visit) -> None:
    one, other = talk()
    plain = visit(Screen(DESK), email=STUDENT, java_script_enabled=False)
    plain.goto(one.url)
    text = f"Without scripts {secrets.token_hex(4)}"
    plain.locator("#message").fill(text)
    plain.get_by_role("button", name="Send").click()
    expect(said(plain, text)).to_be_visible()
    expect(said(other, text)).to_be_visible()
