"""The site itself: its mode, its secrets, its addresses, its way to browsers."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.utils.translation import gettext as _

from .parts import Part, State

SHORTEST_KEY = 50
DEVELOPMENT_KEY = "development-only"
LOCAL = {"localhost", "127.0.0.1", "::1"}


def parts() -> list[Part]:
    return [_mode(), _demo(), _keys(), _addresses(), _https()]


def _mode() -> Part:
    return Part(
        key="mode",
        title=_("Mode of operation"),
        state=State.UNSAFE if settings.DEBUG else State.WORKS,
        text=_(
            "Development: errors show the code to everybody, and limits are a hundred times wider."
        )
        if settings.DEBUG
        else _("Production."),
        variables=("DEBUG",),
        is_needed=True,
    )


def _demo() -> Part:
    return Part(
        key="demo",
        title=_("Demo accounts"),
        state=State.UNSAFE if settings.DEMO_MODE else State.WORKS,
        text=_("On: everybody knows the password of the demo’s administrator.")
        if settings.DEMO_MODE
        else _("Off."),
        variables=("DEMO_MODE",),
        is_needed=True,
    )


def _keys() -> Part:
    keys = {"SECRET_KEY": settings.SECRET_KEY, "ACCESS_TOKEN_KEY": settings.ACCESS_TOKEN_KEY}
    unset = [name for name, key in keys.items() if key.startswith(DEVELOPMENT_KEY)]
    short = [name for name, key in keys.items() if len(key) < SHORTEST_KEY]
    if unset:
        state = State.NOT_SET
        text = _(
            "Not set: %(names)s. The ones of development stand in the source, for all to read."
        )
    elif short:
        state, text = State.BROKEN, _("Shorter than 50 characters: %(names)s.")
    elif settings.SECRET_KEY == settings.ACCESS_TOKEN_KEY:
        state, text = State.BROKEN, _("Both are the same text: make two different ones.")
    else:
        state, text = State.WORKS, _("Both are set.")
    return Part(
        key="keys",
        title=_("Secret keys"),
        state=state,
        text=text % {"names": ", ".join(unset or short)},
        variables=tuple(keys),
        is_needed=True,
    )


def _addresses() -> Part:
    host = urlsplit(settings.SITE_URL).hostname or ""
    if host in LOCAL:
        state = State.UNSAFE
        text = _("Links in mails lead to %(site)s, which nobody else can open.")
    elif "*" in settings.ALLOWED_HOSTS:
        state = State.UNSAFE
        text = _("Any host name is answered: name yours in ALLOWED_HOSTS.")
    elif not validate_host(host, settings.ALLOWED_HOSTS):
        state = State.BROKEN
        text = _("%(site)s isn’t among the allowed hosts: its links end in an error.")
    else:
        state, text = State.WORKS, _("The site is at %(site)s.")
    return Part(
        key="addresses",
        title=_("Addresses"),
        state=state,
        text=text % {"site": settings.SITE_URL},
        variables=("SITE_URL", "ALLOWED_HOSTS"),
        is_needed=True,
    )


def _https() -> Part:
    variables = ("SITE_URL", "SECURE_SSL_REDIRECT", "TRUSTED_PROXIES", "CSRF_TRUSTED_ORIGINS")
    if not settings.SITE_URL.startswith("https://"):
        state, text = State.UNSAFE, _("SITE_URL begins with http: passwords travel in the clear.")
    elif not settings.SECURE_SSL_REDIRECT:
        state = State.UNSAFE
        text = _("Who comes over http stays there: switch SECURE_SSL_REDIRECT on.")
    elif not settings.SESSION_COOKIE_SECURE:
        state, text = State.UNSAFE, _("Cookies travel over http as well while DEBUG is on.")
    else:
        state, text = State.WORKS, _("Everything goes over https.")
        if not settings.TRUSTED_PROXIES:
            text += " " + _("No proxy is trusted: if one stands before the site, say so.")
    return Part(
        key="https", title="HTTPS", state=state, text=text, variables=variables, is_needed=True
    )
