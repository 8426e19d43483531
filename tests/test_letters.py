"""Every letter: in both languages, as HTML and as text, with a button, a reason and a way to stop."""

import re

import pytest
from django.conf import settings
from django.core import mail as sent
from django.utils import translation

from apps.notifications.kinds import KINDS

from .browser.mails import LANGUAGES, html_of, letters

ALL = [(language, *found) for language in LANGUAGES for found in letters(language)]
LONGEST = 78  # of a line of text that holds no address
HOSTILE = "\u202eevil\r\nBcc: all@example.org\x00 <b>bold</b> 🎓 محمد " + "я" * 400


def every():
    return pytest.mark.parametrize(
        ("language", "name", "mail"), ALL, ids=[f"{name}-{lang}" for lang, name, _ in ALL]
    )


def said(html: str) -> str:
    """The words of the HTML part, as they are read."""
    seen = re.sub(r"(?s)<(style|title)>.*?</\1>|<[^>]+>", " ", html)
    return " ".join(seen.replace("\xa0", " ").replace("\u202f", " ").split())


@every()
def test_it_has_all_that_a_letter_needs(language, name, mail):
    html, text = html_of(mail), mail.body
    assert f'<html lang="{language}">' in html
    assert 5 < len(mail.subject) <= 120 and "%(" not in mail.subject + text + html
    assert html.count('class="button"') == 1
    assert re.search(rf"^{re.escape(settings.SITE_URL)}/\S+$", text, re.M), "a line of its own"
    foot = text.partition("\n-- \n")[2]
    assert foot and foot.splitlines()[0] in text, "why it came"
    assert " ".join(foot.partition("\n\n")[0].split()) in said(html)
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"


@every()
def test_the_text_reads_as_well_as_the_html(language, name, mail):
    for line in mail.body.splitlines():
        assert "http" in line or len(line) <= LONGEST
        assert line == line.strip() or line == "-- "
    assert not re.search(r"<\w|&\w+;|\{[{%]", mail.body)


@every()
def test_nothing_is_loaded_and_nobody_is_followed(language, name, mail):
    html = html_of(mail)
    assert not re.search(r"<(img|link|script|iframe|form)\b|url\(|@import", html)
    hosts = set(re.findall(r'href="(https?://[^/"]+)', html))
    assert hosts == {settings.SITE_URL}


@every()
def test_both_languages_are_their_own(language, name, mail):
    russian = len(re.findall("[а-яё]", mail.subject + mail.body))
    assert (russian > 40) == (language == "ru")


@pytest.mark.parametrize("kind", KINDS)
def test_what_may_be_stopped_says_how(kind):
    (mail,) = [found for name, found in letters("en") if name == kind]
    address = mail.extra_headers.get("List-Unsubscribe", "").strip("<>")
    assert bool(address) != KINDS[kind].email_always
    if address:
        assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert address in html_of(mail) and f"\n{address}\n" in mail.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_odd_names_neither_break_the_head_nor_turn_the_line(language):
    odd = dict.fromkeys(("name", "student", "teacher", "course", "title", "topic"), HOSTILE)
    for name, mail in letters(language, **odd):
        head, _, _ = mail.message().as_bytes().partition(b"\n\n")
        assert b"\nBcc:" not in head, name
        assert not re.search("[\x00-\x1f\u202a-\u202e\u2066-\u2069]", mail.subject), name
        assert len(mail.subject) <= 120
        assert "<b>bold" not in html_of(mail), name


def test_a_letter_goes_out_with_both_parts():
    with translation.override("ru"):
        (mail,) = [found for name, found in letters("ru") if name == "verify_email"]
        mail.send()
    (message,) = [found.message() for found in sent.outbox]
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    assert "utf-8" in message["Subject"], "encoded, not raw"
