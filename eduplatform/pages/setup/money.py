"""Payments: which providers are on, and a charge in their test mode."""

from django.conf import settings
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.payments import services
from apps.payments.providers import TEST, Outcome, Provider, enabled_providers

from . import history
from .parts import Found, Part, State

PREFIX = "payment-"


def parts() -> list[Part]:
    found = [_part(provider) for provider in enabled_providers().values()]
    return found or [
        Part(
            key="payments",
            title=_("Payment provider"),
            state=State.NOT_SET,
            text=_("No provider is switched on: free courses work, paid ones can’t be bought."),
            variables=("TEST_PAYMENTS",),
        )
    ]


def _part(provider: Provider) -> Part:
    key = PREFIX + provider.name
    last = history.last_trial(key, fingerprint(provider.name))
    is_test = provider.name == TEST.name
    state = State.UNTRIED if last is None else State.WORKS if last.is_ok else State.BROKEN
    text = _("Switched on.")
    if is_test:
        text = _("Every payment succeeds and no money moves. That is for trying out alone.")
        if not settings.DEBUG and not settings.DEMO_MODE:
            state = State.BROKEN
            text = _("Anybody gets paid courses without paying: switch the test provider off.")
    return Part(
        key=key,
        title=str(provider.title),
        state=state,
        text=text,
        variables=("TEST_PAYMENTS",) if is_test else (),
        is_needed=state == State.BROKEN,
        trial=_("Charge a test dollar"),
        note=_("In the provider’s test mode: no money moves, nothing is stored."),
    )


def fingerprint(name: str) -> str:
    return history.fingerprint(name, settings.TEST_PAYMENTS)


def charge(user: User, name: str) -> Found:
    fact = services.try_provider(name=name)
    if fact.outcome != Outcome.SUCCEEDED:
        text = _("The provider declined the charge: %(reason)s") % {"reason": fact.reason}
        return Found(False, text, "declined")
    text = _("The provider took the charge: %(reference)s.")
    return Found(True, text % {"reference": fact.provider_reference})
