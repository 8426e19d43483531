"""Mastery in templates: chances and weights as people read them."""

from django import template

from apps.core import markdown
from apps.core.templatetags.ui import number

from ..selectors.path import words

register = template.Library()


@register.filter
def share(chance: float) -> str:
    """0.64 → "64%" or "64 %"."""
    return words.share(chance)


@register.filter
def signed(weight: float) -> str:
    """1.15 → "+1.15"; −0.4 → "−0.40"."""
    return f"{'−' if weight < 0 else '+'}{number(abs(weight), 2)}"


@register.filter
def plain_text(text: str) -> str:
    """Markdown without its marks, in one line."""
    return " ".join(markdown.plain_text(text).split())
