"""People as the reader of the page may see them."""

from typing import Any

from django import template

from apps.accounts.selectors import ShownPerson, person_shown

register = template.Library()


@register.simple_tag(takes_context=True)
def shown(context: Any, person: Any) -> ShownPerson:
    """`{% shown comment.author as who %}`: for `{% avatar who %}`, `{{ who|shown_name }}` and, unless
    `who.is_hidden`, a link to the profile of `who.username`."""
    return person_shown(person, context["user"])
