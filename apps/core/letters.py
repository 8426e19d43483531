"""Letters: a mail of the house, as HTML and as text from the same words.

Whoever writes one says what happened, what can be done about it, why it came and how to stop it;
what it looks like is said here and in `templates/email/letter.html` alone.
"""

import re
import textwrap
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

MAX_SUBJECT = 120
WIDTH = 72
# they would turn the words that follow, of the mail program too
DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """`text` and `reason` are plain text; a blank line divides paragraphs.

    `reason` says why it came; `stop_url` stops letters of its kind, `choose_url` is where all
    kinds are chosen. Letters that nobody can stop have neither.
    """

    subject: str
    heading: str
    text: str
    reason: str
    action: str = ""
    url: str = ""
    # the button's address is written out: for links that must not be lost
    shows_url: bool = False
    stop_url: str = ""
    choose_url: str = ""

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in re.split(r"\n\s*\n", self.text) if part.strip()]

    @property
    def preheader(self) -> str:
        """What a list of mails shows after the subject."""
        return " ".join(self.text.split())[:MAX_SUBJECT]


def message_of(
    letter: Letter, *, to: str, headers: Mapping[str, str] | None = None
) -> EmailMultiAlternatives:
    """The letter in the language that is active, ready to be sent."""
    extra = {"Auto-Submitted": "auto-generated", **(headers or {})}
    if letter.stop_url:
        extra["List-Unsubscribe"] = f"<{letter.stop_url}>"
        extra["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=one_line(letter.subject), body=text_of(letter), to=[to], headers=extra
    )
    context = {"letter": letter, "site": settings.SITE_URL}
    message.attach_alternative(render_to_string("email/letter.html", context), "text/html")
    return message


def one_line(text: str) -> str:
    """Fit for a header: no control characters, nothing that turns what follows, not too long."""
    kept = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    line = " ".join(DIRECTION_MARKS.sub("", kept).split())
    return line if len(line) <= MAX_SUBJECT else line[: MAX_SUBJECT - 1].rstrip() + "…"


def text_of(letter: Letter) -> str:
    """The letter without HTML: wrapped, every link on a line of its own."""
    parts = [_wrapped(letter.heading), *(_wrapped(each) for each in letter.paragraphs)]
    if letter.url:
        parts.append(f"{_wrapped(letter.action)}:\n{letter.url}")
    parts.append("-- ")
    parts.append(_wrapped(letter.reason))
    if letter.stop_url:
        parts.append(_("Stop letters of this kind") + f":\n{letter.stop_url}")
    if letter.choose_url:
        parts.append(_("Choose what we write about") + f":\n{letter.choose_url}")
    parts.append(f"EduPlatform\n{settings.SITE_URL}")
    return "\n\n".join(parts).replace("-- \n\n", "-- \n") + "\n"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
