"""When something was said, as a conversation tells it."""

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_time
from django import template
from django.utils import timezone
from django.utils.translation import get_language, gettext

register = template.Library()


def _locale() -> str:
    return get_language() or "en"


@register.filter
def hour(at: datetime) -> str:
    """18:04."""
    return str(format_time(timezone.localtime(at).time(), "HH:mm", locale=_locale()))


@register.filter
def day_name(day: date) -> str:
    """Today, Yesterday, Thursday, 3 November, 3 November 2025."""
    passed = (timezone.localdate() - day).days
    if passed == 0:
        return gettext("Today")
    if passed == 1:
        return gettext("Yesterday")
    if passed < 7:
        name = str(format_date(day, "EEEE", locale=_locale()))
        return name[:1].upper() + name[1:]
    same_year = day.year == timezone.localdate().year
    return str(format_date(day, "d MMMM" if same_year else "d MMMM y", locale=_locale()))


@register.filter
def last_said(at: datetime) -> str:
    """In a list: the hour of today, the weekday of this week, else the date."""
    local = timezone.localtime(at)
    passed = timezone.localdate() - local.date()
    if not passed:
        return hour(at)
    if passed < timedelta(days=7):
        name = str(format_date(local, "EEE", locale=_locale()))
        return name[:1].upper() + name[1:]
    same_year = local.year == timezone.localdate().year
    return str(format_date(local, "d MMM" if same_year else "dd.MM.yy", locale=_locale()))
