"""A topic from question to best answer, in two browsers side by side."""

import re
import secrets

from playwright.sync_api import Page, expect

from .browsing import DELIVERED, DESK, PHONE, People, Screen, Watch, flaws, settle

ASKER, ANSWERER = "student@example.com", "anna@example.com"
TOPIC = re.compile(r"/forum/topic/\d+/$")


def ask(page: Page, title: str) -> None:
    page.goto("/forum/")
    page.get_by_role("link", name="New topic").first.click()
    page.get_by_label("Category").select_option("programming")
    page.get_by_label("Title").fill(title)
    text = page.get_by_label("Text", exact=True)
    text.fill(f"{title} Which of the two is read ")
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type("sooner")
    page.get_by_label("Tags").fill("style")
    page.get_by_label("Tags").press("Enter")
    expect(page.get_by_role("button", name="Remove style")).to_be_visible()
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("[data-preview-pane] strong")).to_have_text("sooner")
    page.get_by_role("button", name="Post topic").click()
    page.wait_for_url(TOPIC)


def test_from_question_to_best_answer(people: People) -> None:
    title = f"List or loop {secrets.token_hex(3)}?"
    words = f"The loop, {secrets.token_hex(3)}, when its body is long."
    asker = people.visitor(Screen(DESK), email=ASKER)
    answerer = people.visitor(Screen(PHONE, "ru"), email=ANSWERER)
    watches = [Watch(asker.context), Watch(answerer.context)]
    ask(asker, title)
    expect(asker.get_by_role("heading", level=1)).to_have_text(title)
    assert asker.evaluate("document.activeElement === document.body")

    # somebody else finds it, names its author and answers; the words survive a lost page
    answerer.goto("/forum/programming/?order=new")
    answerer.get_by_role("link", name=title).click()
    answerer.wait_for_url(TOPIC)
    address = answerer.url
    field = answerer.locator("#reply textarea")
    field.press_sequentially("@da")
    answerer.locator("[data-people-list] [role=option]").first.wait_for()
    field.press("Enter")
    expect(field).to_have_value("@dana ")
    field.press_sequentially(words)
    expect(answerer.locator("[data-draft-line]")).not_to_be_empty()
    answerer.goto("/forum/")
    answerer.goto(address)
    expect(field).to_have_value(f"@dana {words}")
    answerer.locator("#reply [type=submit]").click()
    expect(answerer.locator("#post-1 [data-words]")).to_contain_text("The loop")
    expect(field).to_have_value("")
    assert not answerer.evaluate(
        "Object.keys(localStorage).some(key => key.startsWith('edu.draft'))"
    )

    # the asker's page says so by itself
    arrived = asker.get_by_role("link", name="1 new reply — show")
    arrived.wait_for(timeout=DELIVERED)
    arrived.click()
    expect(asker.locator("#post-1")).to_contain_text("The loop")
    expect(asker.locator("#post-1 a.mention")).to_have_text("@dana")
    expect(arrived).to_have_count(0)
    like = asker.locator("#post-1 [data-like] button")
    like.click()
    expect(asker.locator("#post-1 [data-like] button")).to_have_attribute("aria-pressed", "true")

    # a reply to the reply quotes what is selected; nothing comes twice
    asker.locator("#post-1 [data-words]").select_text()
    asker.locator("#post-1 .post-acts").get_by_role("link", name="Reply").click()
    own = asker.locator("#reply textarea")
    expect(own).to_have_value(f"> @dana {words}\n\n")
    own.press("End")
    asker.keyboard.type("Thank you.")
    asker.keyboard.press("Control+Enter")
    expect(asker.locator("#post-2")).to_contain_text("Thank you.")
    expect(asker.locator(".post[id^=post-]")).to_have_count(2)
    expect(asker.locator("#replies-count")).to_have_text("2 replies")
    answerer.locator("#arrivals a").wait_for(timeout=DELIVERED)

    # all of it quoted; a draft takes nothing from the page with it
    asker.locator("#post-2 summary").click()
    asker.locator("#post-2").get_by_role("link", name="Quote").click()
    expect(own).to_have_value(re.compile(r"> Thank you\."))
    expect(asker.locator("[data-draft-line]")).not_to_be_empty()
    asker.reload()
    expect(own).to_have_value(re.compile(r"> Thank you\."))
    expect(asker.locator("#reply-after")).to_have_value("2")
    own.fill("")

    # changed where it stands, deleted, and brought back
    asker.locator("#post-2 summary").click()
    asker.locator("#post-2").get_by_role("link", name="Edit").click()
    expect(asker.locator("#post-2 textarea")).to_be_focused()
    asker.locator("#post-2").get_by_role("link", name="Cancel").click()
    expect(asker.locator("#post-2 .post-number")).to_be_focused()
    asker.locator("#post-2 summary").click()
    asker.locator("#post-2").get_by_role("button", name="Delete").click()
    expect(asker.locator("#post-2")).to_contain_text("This reply was deleted.")
    asker.locator("[data-toast]").get_by_role("button", name="Undo").click()
    expect(asker.locator("#post-2")).to_contain_text("Thank you.")

    asker.locator("#post-1").get_by_role("button", name="Best answer").click()
    expect(asker.locator("#post-1.post-best")).to_be_visible()
    answerer.reload()
    expect(answerer.locator("#post-1.post-best")).to_be_visible()
    for page in (asker, answerer):
        page.evaluate("scrollTo(0, 0)")
        settle(page)
        assert flaws(page) == []
    assert [watch.complaints for watch in watches] == [[], []]


def test_the_forum_without_scripts(people: People) -> None:
    page = people.visitor(Screen(PHONE), email=ASKER, java_script_enabled=False)
    page.goto("/forum/new/?category=languages")
    page.get_by_label("Title").fill(f"Without scripts {secrets.token_hex(3)}")
    page.get_by_label("Text", exact=True).fill(f"It works {secrets.token_hex(8)}.")
    page.get_by_label("Tags").fill("one, two")
    page.get_by_role("button", name="Post topic").click()
    page.wait_for_url(TOPIC)
    page.locator("#reply textarea").fill(f"And so does this {secrets.token_hex(8)}.")
    page.get_by_role("button", name="Post reply").click()
    expect(page.locator("#post-1")).to_contain_text("And so does this")
    page.locator("#post-1 summary").click()
    page.locator("#post-1").get_by_role("link", name="Edit").click()
    page.locator("textarea").fill(f"Changed {secrets.token_hex(8)}.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#post-1")).to_contain_text("Changed")


def test_a_refused_reply_loses_nothing(people: People) -> None:
    page = people.visitor(Screen(DESK), email=ASKER)
    watch = Watch(page.context, expected={422})
    page.goto("/forum/")
    page.locator(".topic-row h3 a").first.click()
    page.wait_for_url(TOPIC)
    field = page.locator("#reply textarea")
    words = f"Said twice, which is once too often: {secrets.token_hex(6)}."
    for _again in range(2):
        field.fill(words)
        page.get_by_role("button", name="Post reply").click()
        expect(page.locator(".post", has_text=words)).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("just this already")
    expect(field).to_have_value(words)
    assert watch.complaints == []
