"""All parts in their sections, and the trials by the keys of their buttons."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import NotFound

from . import engines, history, mail, money, site, stores, work
from .parts import Found, Part


@dataclass(frozen=True)
class Section:
    title: str
    parts: list[Part]


@dataclass(frozen=True)
class Trial:
    """`of` says with which settings it is made."""

    make: Callable[[User], Found]
    of: str


def sections() -> list[Section]:
    return [
        Section(_("The site"), site.parts()),
        Section(_("Mail"), mail.parts()),
        Section(_("Data"), stores.parts()),
        Section(_("Behind the pages"), work.parts()),
        Section(_("Payments"), money.parts()),
        Section(_("AI"), engines.parts()),
    ]


def open_parts() -> list[Part]:
    """What is to be done before the public may come."""
    makers = (site.parts, mail.parts, stores.parts, work.parts, money.parts)
    return [part for make in makers for part in make() if part.is_open]


def trial_of(key: str) -> Trial:
    """Raises NotFound for what there is no button for."""
    none = history.fingerprint()
    simple = {
        mail.KEY: Trial(mail.send, mail.fingerprint()),
        "cache": Trial(stores.write_value, none),
        "files": Trial(stores.write_file, none),
        "workers": Trial(work.do_job, none),
        work.SOCKETS: Trial(work.say_hello, none),
    }
    if key in simple:
        return simple[key]
    if key.startswith(money.PREFIX) and any(part.key == key for part in money.parts()):
        name = key.removeprefix(money.PREFIX)
        return Trial(partial(money.charge, name=name), money.fingerprint(name))
    if key.startswith(engines.PREFIX):
        name = key.removeprefix(engines.PREFIX)
        return Trial(partial(engines.ask, name=name), engines.fingerprint(name))
    raise NotFound
