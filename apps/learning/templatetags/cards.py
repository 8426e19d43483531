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
