"""Template filters for texts that people write."""

from django import template
from django.utils.safestring import SafeString

from apps.core import markdown as house

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Safe HTML of markdown: `{{ post.content|markdown }}`."""
    return house.render(text)
