"""Marks in a suggestion what was typed."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def marked(text: str, typed: str) -> SafeString | str:
    """The text with the last typed word marked where a word begins with it."""
    word = typed.split()[-1].lower() if typed.split() else ""
    start = f" {text}".lower().find(f" {word}") if word else -1
    if start < 0:
        return text
    end = start + len(word)
    return format_html("{}<mark>{}</mark>{}", text[:start], text[start:end], text[end:])
