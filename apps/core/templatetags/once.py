"""`{% once %}`: what is the same for everybody is rendered once in each language."""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.translation import get_language

register = template.Library()

MOST = 500  # renderings of one place; more of them are made anew from time to time


class Once(template.Node):
    """Sees the named values and nothing else of the page, so that nothing personal is kept."""

    def __init__(self, nodelist: NodeList, values: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.values = values
        self._made: dict[tuple[Any, ...], str] = {}

    def render(self, context: Context) -> str:
        values = {name: value.resolve(context) for name, value in self.values.items()}
        key = (get_language(), *values.values())
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= MOST:
                self._made.clear()
            bare = Context(values)
            assert context.template is not None  # it is being rendered
            with bare.bind_template(context.template):
                made = self._made[key] = self.nodelist.render(bare)
        return made


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """`{% once %}…{% endonce %}`; `{% once name=value %}` once for each of a few values."""
    values = token_kwargs(token.split_contents()[1:], parser)
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodelist, values)
