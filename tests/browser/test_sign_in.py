"""Getting in: registration, the letters' links, a forgotten password, other devices."""

import re

from playwright.sync_api import Page, expect

from .browsing import PASSWORD, sign_in, sign_up

NEW_PASSWORD = "another-pass-456"


def follow_letter(page: Page, email: str, subject: str) -> None:
    """Open the letter to the address, and the link that its button leads to."""
    page.goto("/dev/mails/")
    for _ in range(30):
        letters = page.get_by_role("listitem").filter(has_text=email)
        letter = letters.get_by_role("link", name=subject)
        if letter.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    letter.first.click()
    link = page.get_by_role("main").locator("article a[href*='/accounts/']").first
    page.goto(link.get_attribute("href") or "")


def test_register_and_confirm_the_address(visit):
    page = visit()
    page.goto("/courses/how-memory-works/")
    page.get_by_role("link", name="Enrol for free").first.click()
    page.get_by_role("link", name="Create an account").click()
    email = sign_up(page, "Noor Haddad")
    assert page.url.endswith("/courses/how-memory-works/")
    expect(page.get_by_text(f"we wrote to {email}")).to_be_visible()
    follow_letter(page, email, "Confirm your e-mail address")
    page.get_by_role("button", name="Confirm the address").click()
    expect(page.get_by_text("Thank you, your address is confirmed.")).to_be_visible()
    expect(page.get_by_text(f"we wrote to {email}")).to_be_hidden()


def test_what_is_wrong_is_told_and_what_was_typed_stays(visit):
    page = visit(expected=(422,))
    page.goto("/accounts/signup/")
    page.locator("#id_name").fill("Noor Haddad")
    page.locator("#id_email").fill("student@example.com")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    expect(page.get_by_text("This address already has an account.")).to_be_visible()
    expect(page.locator("#id_email")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_email")).to_have_value("student@example.com")
    expect(page.locator("#id_name")).to_have_value("Noor Haddad")


def test_a_forgotten_password_signs_out_elsewhere(visit):
    old = visit()
    old.goto("/accounts/signup/")
    email = sign_up(old, "Noor Haddad")
    page = visit()
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Forgot the password?").click()
    page.locator("#id_email").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("main")).to_contain_text(email)
    follow_letter(page, email, "Choose a new password")
    page.locator("#id_password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Save and log in").click()
    expect(page.get_by_text("The new password is set.")).to_be_visible()
    old.goto("/settings/")
    assert "/accounts/login/" in old.url
    newer = visit()
    sign_in(newer, email, NEW_PASSWORD)
    newer.goto("/settings/security/")
    expect(newer.get_by_role("main")).to_contain_text(email)


def test_another_device_is_signed_out_within_seconds(visit):
    phone = visit(expected=(401, 403))
    closed: list[str] = []
    phone.on("websocket", lambda socket: socket.on("close", lambda _: closed.append(socket.url)))
    phone.goto("/accounts/signup/")
    email = sign_up(phone, "Noor Haddad")
    phone.goto("/settings/")
    desk = visit()
    sign_in(desk, email)
    closed.clear()

    desk.goto("/settings/security/")
    other = desk.get_by_role("listitem").filter(has_not_text="This device")
    other.get_by_role("button", name=re.compile("^Log out: ")).click()
    expect(desk.get_by_role("listitem").filter(has_text=re.compile("Last used"))).to_have_count(0)
    phone.wait_for_timeout(5_000)
    assert closed, "the socket stays open"
    phone.goto("/settings/")
    assert "/accounts/login/" in phone.url
    desk.reload()
    expect(desk.get_by_role("main")).to_contain_text("This device")


def test_signing_in_leads_to_what_was_asked_for(visit):
    page = visit()
    page.goto("/my/courses/?show=completed")
    page.locator("#id_email").fill("student@example.com")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**/my/courses/?show=completed")
    expect(page.get_by_role("main")).to_contain_text("Python from the first line")
