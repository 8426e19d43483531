"""What may be typed into any form: nothing breaks, a clear word stands at the field, nothing is lost.

The forms are found by walking the site, so that a new one is tried as soon as a page shows it.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.api.world import World

from .found import Found, client_of, forms_of
from .pages import Page

BAD = {
    "empty": "",
    "spaces": " \u00a0\u200b ",
    "enormous": "ы" * 300_000,
    "emoji": "🎓👩‍🏫🏳️‍🌈",
    "turned": "\u202eשלום عربى\u2066",
    "null": "a\x00b",
    "control": "a\x07\x1b[31m\x0bb",
    "pasted": '<script>alert(1)</script><b onclick="x()">x</b>',
    "absent": "999999999999999999999",
}
# what programs send: they show the refusal themselves, and keep what was typed
BY_SCRIPT = {"learning:say"}
# the helper of password managers beside a field of its own kind
HELPERS = {("accounts:password", "username")}
# a walk finds at least these; fewer, and it has lost its way
FEWEST = 55
WELL_KNOWN = {
    "accounts:login",
    "accounts:settings",
    "accounts:sign_up",
    "community:new_topic",
    "courses:settings",
    "enrollment:reviews",
    "learning:new_card",
    "learning:question_add",
    "messaging:conversation",
    "onboarding:questions",
    "payments:checkout",
}


@pytest.fixture(autouse=True)
def wide_limits(settings):
    settings.ACCOUNT_REQUESTS_PER_MINUTE = settings.ACCOUNT_WRITES_PER_MINUTE = 1_000_000
    settings.ADDRESS_LIMIT_FACTOR = 1_000_000


def filled(one: Found, text: str) -> dict[str, list[str]]:
    """The form as a browser sends it, with `text` wherever a person decides something."""
    share = text[: len(text) // max(1, len(one.form.answers))] if len(text) > 1000 else text
    sent: dict[str, list[str]] = {}
    for each in one.form.fields:
        if each.kind not in {"file", "submit"}:
            value = share if each in one.form.answers else each.value
            sent.setdefault(each.name, []).append(value[:100] if each.kind == "password" else value)
    return sent


def send(one: Found, client: Client, sent: dict[str, list[str]]) -> Any:
    """What the site answers; what it did is undone."""
    head = {"HTTP_HX_REQUEST": "true"} if one.form.is_partial else {}
    with transaction.atomic():
        answer = client.post(one.form.action, sent, **head)  # type: ignore[arg-type]
        transaction.set_rollback(True)
    return answer


def page_of(answer: HttpResponse, one: Found) -> Page | None:
    if "html" not in answer.get("Content-Type", ""):
        return None
    return Page(answer.content.decode(), one.page)


def untied(page: Page) -> list[str]:
    """Fields marked as wrong that no words are tied to."""
    return [
        each.name
        for each in page.fields
        if each.is_invalid and not any(page.texts.get(id, "").strip() for id in each.described_by)
    ]


def lost(one: Found, page: Page, sent: dict[str, list[str]]) -> list[str]:
    """Typed fields that came back otherwise; a fragment that leaves the form alone keeps it."""
    given: dict[str, list[str]] = {}
    for each in page.fields:
        given.setdefault(each.name, []).append(" ".join(each.value.split()))
    found = []
    for each in one.form.typed:
        if one.form.is_partial and each.name not in given:
            continue
        back = given.get(each.name, [])
        for value in sent[each.name]:
            words = " ".join(value.replace("\r\n", "\n").split())
            if words and words not in back and (one.key[0], each.name) not in HELPERS:
                found.append(each.name)
    return found


def faults(world: World, forms: list[Found], name: str) -> Iterator[str]:
    clients = {who: client_of(world, who) for who in {one.who for one in forms}}
    for one in forms:
        sent = filled(one, BAD[name])
        answer = send(one, clients[one.who], sent)
        told = f"{one}, {name}: {answer.status_code}"
        page = page_of(answer, one)
        if answer.status_code >= 500:
            yield told
        elif b"<script>alert(1)" in answer.content or b'<b onclick="x()"' in answer.content:
            yield f"{told}, markup came alive"
        elif b"Null characters" in answer.content:
            yield f"{told}, in words of programs"
        elif answer.status_code in {400, 404, 409, 413, 429}:
            # a toast over a page that stays as it is, or a program's answer
            if not (one.form.is_partial or one.key[0] in BY_SCRIPT):
                yield f"{told}, a page in the form's place"
        elif answer.status_code == 422 and page is not None:
            if untied(page):
                yield f"{told}, nothing is tied to {untied(page)}"
            if lost(one, page, sent):
                yield f"{told}, lost {lost(one, page, sent)}"
            said = " ".join(page.texts.values()) + answer.content.decode()
            if "error" not in said and "alert" not in said and "note-bad" not in said:
                yield f"{told}, without a word"
        elif answer.status_code not in {200, 204, 302}:
            yield told


@pytest.mark.timeout(600)  # some six hundred forms are sent
def test_whatever_is_typed_ends_in_a_clear_word_and_nothing_is_lost(db):
    world = World()
    forms = list(forms_of(world).values())
    assert len(forms) >= FEWEST and WELL_KNOWN <= {one.key[0] for one in forms}
    found = [each for name in BAD for each in faults(world, forms, name)]
    assert not found, "\n" + "\n".join(found)


def test_more_than_the_site_takes_is_told_with_the_limit(client, student):
    client.force_login(student)
    too_much = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    for head in ({}, {"HTTP_HX_REQUEST": "true"}):
        answer = client.post("/settings/", {"bio": too_much}, **head)
        assert answer.status_code == 413
        assert re.search(r"at most 2 MB.*go back", answer.content.decode(), re.S)


def test_control_characters_are_named_in_plain_words(client, teacher):
    client.force_login(teacher)
    answer = client.post("/studio/courses/new/", {"title": "a\x00b"})
    assert answer.status_code == 422 and "control characters" in answer.content.decode()
