"""Words that follow from a notification's params: badges named when read, streaks, money."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.templatetags.ui import money
from apps.gamification.engine.badges import BADGES

Params = Mapping[str, Any]


def badges_title(params: Params) -> str:
    count = params.get("count", 1)
    if count == 1:
        return _("New badge: %(badge)s") % _badge(params)
    return ngettext("%(count)s new badge", "%(count)s new badges", count) % {"count": count}


def badges_body(params: Params) -> str:
    if params.get("count", 1) == 1:
        return _("%(description)s. +%(points)s XP.") % _badge(params)
    return _("The latest: “%(badge)s”, +%(points)s XP.") % _badge(params)


def _badge(params: Params) -> dict[str, Any]:
    badge = BADGES[params["badge"]]
    return {"badge": badge.name, "description": badge.description, "points": badge.points}


def streak_title(params: Params) -> str:
    words = ngettext(
        "Keep your streak: %(current)s day", "Keep your streak: %(current)s days", params["current"]
    )
    return words % {"current": params["current"]}


def streak_body(params: Params) -> str:
    if params["freezes"]:
        return _("One lesson or a few cards today keep it. Without them a freeze is used up.")
    return _("One lesson or a few cards today keep it.")


def paid_body(params: Params) -> str:
    return _("You paid %(sum)s. Thank you! The course is open to you.") % {"sum": _sum(params)}


def refunded_body(params: Params) -> str:
    return _("%(sum)s are on their way back to you. Banks take a few days.") % {"sum": _sum(params)}


def _sum(params: Params) -> str:
    places = get_currency_precision(params["currency"])
    return money(int(Decimal(params["amount"]).scaleb(places)), params["currency"])
