"""How cards are written on pages."""

from django import template

from .. import wording
from ..models import Card
from ..selectors import sessions

register = template.Library()


@register.filter
def interval(seconds: float) -> str:
    return wording.interval(seconds)


@register.filter
def card_title(card: Card) -> str:
    return sessions.title_of(card)


@register.filter
def of_retention(percent: float | None) -> int | None:
    """A share from 0 to 1 in whole percent."""
    return None if percent is None else round(percent * 100)
