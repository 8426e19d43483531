"""Addresses that people give of themselves: kindly read, strictly kept."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 300
_valid = URLValidator(schemes=["http", "https"])
_NAME = re.compile(r"@?([A-Za-z0-9][A-Za-z0-9_-]{0,99})\Z")
_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# field → hosts (and what lies under them), and the address of a bare name there
LINKS: dict[str, tuple[tuple[str, ...], str]] = {
    "website": ((), ""),
    "linkedin_url": (("linkedin.com",), "https://www.linkedin.com/in/"),
    "github_url": (("github.com",), "https://github.com/"),
    "twitter_url": (("x.com", "twitter.com"), "https://x.com/"),
}
_WRONG_HOST: dict[str, str | Promise] = {
    "linkedin_url": _("Write an address at linkedin.com, or your name there."),
    "github_url": _("Write an address at github.com, or your name there."),
    "twitter_url": _("Write an address at x.com or twitter.com, or your name there."),
}


class WrongLink(Exception):
    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


def clean_link(field: str, text: str) -> str:
    """The address in full: "@anna" and "github.com/anna" become https://github.com/anna.

    Only http and https, a public name of a host, and nobody's name or password before it; those of
    a network only at its own hosts. Empty stays empty; all else raises WrongLink.
    """
    text = text.strip()
    if not text:
        return ""
    hosts, of_name = LINKS[field]
    if of_name and (name := _NAME.match(text)):
        return of_name + name[1]
    url = text if _HAS_SCHEME.match(text) and not _is_bare_port(text) else f"https://{text}"
    host = _host_of(url)
    if hosts and not any(host == each or host.endswith(f".{each}") for each in hosts):
        raise WrongLink(_WRONG_HOST[field])
    return url


def shown_link(url: str) -> str:
    """The address as it is read: without scheme, "www." and a last slash."""
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/")


_is_bare_port: Callable[[str], object] = re.compile(r"[A-Za-z0-9.-]+:[0-9]+(/|\Z)").match


def _host_of(url: str) -> str:
    """The name of a good address's host; "@" before it, a backslash or a blank make it a bad one."""
    try:
        _valid(url)
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        is_plain = parts.username is None and parts.password is None
    except (ValidationError, ValueError) as error:
        raise WrongLink(_NO_ADDRESS) from error
    if len(url) > MAX_LENGTH:
        raise WrongLink(_("This link is too long."))
    if not is_plain or "\\" in url or "." not in host or host.replace(".", "").isdigit():
        raise WrongLink(_NO_ADDRESS)
    return host


_NO_ADDRESS = _("Write a whole address, like https://example.org.")
