"""AI: each provider that tasks may come to, the ceiling of a day, and the engine without a model."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.ai import breaker, selectors
from apps.ai.models import ModelCall
from apps.ai.money import dollars
from apps.ai.selectors import Route
from apps.ai.services import Tried, dearest_trial, try_model
from apps.ai.services.trying import SECONDS
from apps.core.errors import NotFound

from . import history
from .parts import Found, Part, State

PREFIX = "ai-"
OWN = "own"  # the key of a server of one's own, which has no provider's name


def parts() -> list[Part]:
    offline = Part(
        key="offline",
        title=_("Built-in engine"),
        state=State.WORKS,
        text=_(
            "Makes quizzes, summaries, cards and the tutor’s questions without any model, and "
            "steps in whenever no model answers."
        ),
    )
    return [*map(_part, selectors.routes()), offline]


def _part(route: Route) -> Part:
    is_own = not route.name
    state, text = _state_of(route)
    return Part(
        key=PREFIX + (route.name or OWN),
        title=_("Your model server") if is_own else route.name.capitalize(),
        state=state,
        text=text,
        variables=(*(("AI_BASE_URL",) if is_own else ()), route.variable, *_lists(route)),
        trial=_("Ask %(model)s") % {"model": route.model} if _is_askable(route) else "",
        note=_("One tiny question; it costs at most about %(cost)s.")
        % {"cost": dollars(dearest_trial(route.model))}
        if _is_askable(route)
        else "",
        at=reverse("admin:ai_costs"),
    )


def _lists(route: Route) -> list[str]:
    """The variables that name its models."""
    return [f"AI_{tier.upper()}_MODELS" for tier in route.tiers]


def _is_askable(route: Route) -> bool:
    return route.has_key or not route.name


def _state_of(route: Route) -> tuple[State, str]:
    if not _is_askable(route):
        return State.NOT_SET, _(
            "Without a key its models aren’t asked; what they would make is made by cheaper "
            "models or by the built-in engine."
        )
    if breaker.state_of(route.model, timezone.now()) == breaker.State.OPEN:
        return State.BROKEN, _("The model failed several times and is paused for a minute.")
    last = selectors.last_call_of(route.model)
    if last is None:
        return State.UNTRIED, _("%(where)s is set. It hasn’t been asked yet.") % _where(route)
    if last.result in (ModelCall.Result.OK, ModelCall.Result.INVALID):
        return State.WORKS, _("%(where)s is set. The last question was answered.") % _where(route)
    return State.BROKEN, _("The last question was not answered: %(result)s.") % {
        "result": last.get_result_display()
    }


def _where(route: Route) -> dict[str, str]:
    """The server's name without what else its address may hold."""
    if route.name:
        return {"where": _("The key")}
    return {"where": urlsplit(settings.AI_BASE_URL).hostname or "AI_BASE_URL"}


def fingerprint(name: str) -> str:
    route = _route(name)
    key = settings.AI_KEYS.get(route.name, settings.AI_API_KEY)
    return history.fingerprint(route.model, settings.AI_BASE_URL, key)


def _route(name: str) -> Route:
    for route in selectors.routes():
        if (route.name or OWN) == name and _is_askable(route):
            return route
    raise NotFound


def ask(user: User, name: str) -> Found:
    """One question to the provider's first model; it stands in the ledger like any other."""
    route = _route(name)
    tried = try_model(model=route.model, at=timezone.now())
    if tried.is_ok:
        seconds = f"{tried.milliseconds / 1000:.1f}"
        text = _("%(model)s answered within %(seconds)s s; that cost %(cost)s.") % {
            "model": route.model,
            "seconds": seconds,
            "cost": dollars(tried.cost_micro),
        }
        return Found(True, text)
    return Found(False, _why(route, tried), "ceiling" if tried.ceiling else str(tried.status))


def _why(route: Route, tried: Tried) -> str:
    if tried.ceiling:
        return _("The money of today is spent: raise AI_SITE_DOLLARS_PER_DAY, or try tomorrow.")
    match tried.status:
        case 401 | 403:
            text = _("The key was refused (%(status)s): look at %(variable)s.")
        case 404:
            text = _("There is no model %(model)s (%(status)s): look at %(names)s.")
        case 408:
            text = _("No answer within %(seconds)s seconds.")
        case 429:
            text = _("Too many requests, or the account’s quota is used up (%(status)s).")
        case status if status >= 500:
            text = _("The server couldn’t be reached or has trouble of its own (%(status)s).")
        case _other:
            text = _("The request was refused (%(status)s): look at %(names)s.")
    return text % {
        "status": tried.status,
        "variable": route.variable,
        "model": route.model,
        "names": ", ".join(_lists(route)),
        "seconds": f"{SECONDS:.0f}",
    }
