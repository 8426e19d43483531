"""From what people wrote to what is shown: safe HTML, with links to the people named in it."""

import hashlib
import re
from collections.abc import Iterable
from functools import partial
from itertools import chain
from typing import Any, TypeVar

from django.core.cache import cache
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.accounts.models import User
from apps.core import markdown

T = TypeVar("T")
LIFETIME = 3600  # seconds; found by the text itself, so never out of date
GAP = "\ue001"
CODE = re.compile(r"(```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]+`)", re.DOTALL)
NAME = re.compile(r"(?<![\w@/.\-])@([A-Za-z0-9][A-Za-z0-9._-]{0,39})(?![A-Za-z0-9_])")
ENDS = "._-"  # of a sentence rather than of a name, unless somebody is called so
MOST_NAMES = 50
ADDRESS = re.compile(r"(?i)\b(?:https?://|www\.)[^\s<>\"')\]]+")
LINK = re.compile(r'<a href="([^"]*)"')
PICTURE = re.compile(r"<img ")


def names_in(text: str) -> list[str]:
    """Usernames that the text may name, in their order, code left out; the first fifty."""
    found: dict[str, None] = {}
    for part in CODE.split(text)[::2]:
        for match in NAME.finditer(part):
            name = match[1].lower()
            found[name] = None
            found[name.rstrip(ENDS)] = None
            if len(found) > MOST_NAMES:
                return list(found)[:MOST_NAMES]
    return list(found)


def with_html(rows: Iterable[T]) -> list[T]:
    """Each row with `content_html`, made of its `content`; one query and one look into the cache."""
    found: list[Any] = list(rows)
    named = set(chain.from_iterable(names_in(row.content) for row in found))
    known = _known(named)
    keys = {_key(row.content, known): row.content for row in found}
    kept: dict[str, SafeString] = cache.get_many(keys)
    made = {key: _html(text, known) for key, text in keys.items() if key not in kept}
    if made:
        cache.set_many(made, LIFETIME)
    for row in found:
        row.content_html = (kept | made)[_key(row.content, known)]
    return found


def html_of(text: str) -> SafeString:
    """One text, not kept: for previews."""
    return _html(text, _known(set(names_in(text))))


def excerpt(text: str, length: int = 140) -> str:
    """The first words a reader reads, on one line."""
    plain = " ".join(markdown.plain_text(text[: 20 * length]).split())
    return plain if len(plain) <= length else plain[: length - 1].rstrip() + "…"


def links_in(text: str) -> set[str]:
    """Addresses of other sites that the text leads to, written out or behind words; not in code."""
    html = markdown.render(text)
    bare = ADDRESS.findall(markdown.plain_text(text))
    return {link for link in (*LINK.findall(html), *bare) if not link.startswith("/media/")}


def has_pictures(text: str) -> bool:
    return PICTURE.search(markdown.render(text)) is not None


def _known(names: set[str]) -> set[str]:
    """Those that public people have."""
    if not names:
        return set()
    people = User.objects.filter(
        username__in=names, is_profile_public=True, is_active=True, erased_at=None
    )
    return set(people.values_list("username", flat=True))


def _key(text: str, known: set[str]) -> str:
    named = sorted(known.intersection(names_in(text))) if known else []
    digest = hashlib.sha256(f"{named}\n{text}".encode("utf-8", "replace")).hexdigest()
    return f"community:html:{digest}:{get_language()}"


def _html(text: str, known: set[str]) -> SafeString:
    """With names as links; where one stands in a formula or an address, without any."""
    links: list[SafeString] = []
    if known:
        pieces = CODE.split(text.replace(GAP, ""))
        pieces[::2] = [NAME.sub(partial(_gap, known, links), piece) for piece in pieces[::2]]
        whole = markdown.render_with_gaps("".join(pieces), gap=GAP, parts=links) if links else None
        if whole is not None:
            return whole
    return markdown.render(text)


def _gap(known: set[str], links: list[SafeString], match: re.Match[str]) -> str:
    written = match[1]
    for name in (written, written.rstrip(ENDS)):
        if name.lower() in known:
            link = format_html('<a class="mention" href="/profile/{}/">@{}</a>', name.lower(), name)
            links.append(link)
            return GAP + written[len(name) :]
    return match[0]
