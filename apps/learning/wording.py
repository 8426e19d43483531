"""Times in the words of cards."""

from collections.abc import Sequence
from datetime import date, timedelta

from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from .models import Card
from .selectors.sessions import Stretch

DAYS_IN_MONTH = 30.44


def interval(seconds: float) -> str:
    """Until a card comes back: "10 min", "4 days", "2.5 months", as the reader's language says it."""
    minutes = round(seconds / 60)
    if minutes < 60:
        return gettext("%(n)d min") % {"n": max(1, minutes)}
    hours = round(seconds / 3600)
    if hours < 24:
        return gettext("%(n)d h") % {"n": hours}
    days = round(seconds / 86_400)
    if days < 60:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    months = round(days / DAYS_IN_MONTH)
    if months < 24:
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    years = round(days / 365.25)
    return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}


def weekday_name(day: date) -> str:
    """As it stands in a sentence: "Tuesday", "вторник"."""
    return str(format_date(day, "EEEE", locale=get_language() or "en"))


def moment_names(stretches: Sequence[Stretch], card: Card) -> list[str]:
    """Names of the reviews in a drawing: the first, today's, the next two."""
    if not stretches:
        return []
    started = timezone.localtime(card.due - timedelta(days=stretches[-1].start))
    first = str(format_date(started.date(), "d MMM", locale=get_language() or "en"))
    wait = (stretches[-1].start - stretches[-2].start) * 86_400
    until_last = (stretches[-1].end - stretches[-2].start) * 86_400
    names = ["" for _each in stretches]
    names[-2] = gettext("today")
    names[-1] = gettext("in %(interval)s") % {"interval": interval(wait)}
    if len(stretches) > 2:
        names[0] = first
    return [*names, gettext("in %(interval)s") % {"interval": interval(until_last)}]
