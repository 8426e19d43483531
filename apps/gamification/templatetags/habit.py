"""Seals for templates."""

from functools import cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.templatetags.ui import icon

from ..engine.badges import BADGES
from ..seals import WAVES, ring_of, turned, turns_of

register = template.Library()

SEAL = (
    '<svg class="seal" viewBox="0 0 100 100" aria-hidden="true" focusable="false">{}'
    '<circle class="ring" cx="50" cy="50" r="31"/><circle class="disc" cx="50" cy="50" r="28"/>'
    "{}</svg>"
)
GLYPH = '<svg class="glyph" x="36" y="36" width="28" height="28">{}</svg>'
AGAIN = '<use class="g" href="#ring-{}" transform="rotate({} 50 50)"/>'
ALONE = '<path class="g" d="{}" transform="rotate({} 50 50)"/>'


@register.simple_tag
def rings() -> SafeString:
    """The rings that `seal`s of the same page are made of; once, before them."""
    return _rings()


@register.simple_tag
def seal(slug: str) -> SafeString:
    """The seal of a badge, on a page with `rings`."""
    badge = BADGES[slug]
    drawn = format_html_join("", AGAIN, ((badge.rarity, turn) for turn in turns_of(slug)))
    return format_html(SEAL, drawn, _glyph(badge.icon))


@register.simple_tag
def secret_seal() -> SafeString:
    drawn = format_html_join("", AGAIN, (("mythic", turn) for turn in turned("mythic", 0)))
    return format_html(SEAL, drawn, _glyph("circle-question-mark"))


@register.simple_tag
def lone_seal(rarity: str, glyph: str) -> SafeString:
    """A seal that needs no `rings`, its lines each a path of their own."""
    return _lone(rarity, glyph)


@cache
def _rings() -> SafeString:
    paths = ((rarity, ring_of(rarity)) for rarity in WAVES)
    return format_html(
        '<svg width="0" height="0" class="absolute" aria-hidden="true" focusable="false"><defs>{}'
        "</defs></svg>",
        format_html_join("", '<path id="ring-{}" d="{}"/>', paths),
    )


@cache
def _lone(rarity: str, glyph: str) -> SafeString:
    drawn = ((ring_of(rarity), turn) for turn in turned(rarity, 2))
    return format_html(SEAL, format_html_join("", ALONE, drawn), _glyph(glyph))


def _glyph(name: str) -> SafeString:
    return format_html(GLYPH, icon(name, **{"class": ""}))
