"""A teacher's first hour: verified, an example copied, made one's own by the checklist, published."""

import re

from playwright.sync_api import Page, expect

from .test_whole_way import apply_to_teach, verify


def from_checklist(page: Page, text: str) -> None:
    """The link at the line of the checklist."""
    line = page.get_by_role("listitem").filter(has_text=text)
    line.get_by_role("link", name=re.compile("Open")).click()
    page.wait_for_load_state()


def is_done(page: Page, text: str) -> None:
    expect(page.get_by_role("listitem").filter(has_text=text)).to_contain_text("there")


def test_from_verified_to_published_by_the_checklist(visit):
    name = "Greta Lund"
    page = visit()
    apply_to_teach(page, name)
    page.goto("/studio/")
    expect(page.get_by_role("main")).to_contain_text("We are reading your application")
    verify(visit(email="admin@example.com"), name)

    page.goto("/teach/")
    page.get_by_role("link", name="Make your first course").click()
    page.get_by_role("button", name="Start from this example").click()
    page.wait_for_url("**/publish/")
    checklist = page.url
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_disabled()

    from_checklist(page, "A title of its own")
    page.get_by_label("Title", exact=True).fill("Knots that hold")
    page.locator("#id_category").select_option(index=1)
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible()

    page.goto(checklist)
    is_done(page, "A title of its own")
    from_checklist(page, "Looked at as a student sees it")
    expect(page.get_by_role("heading", name="One promise", level=1)).to_be_visible()
    page.goto(checklist)
    is_done(page, "Looked at as a student sees it")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("link", name="See the course page").click()
    expect(page.get_by_role("heading", name="Knots that hold", level=1)).to_be_visible()
