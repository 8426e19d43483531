"""Tags and filters every template may use: icons, people, typography, money, numbers, time."""

import json
import re
import zlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent, get_currency_precision
from django import template
from django.conf import settings
from django.forms import BoundField, widgets
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext
from django_cotton.templatetags import Attrs

register = template.Library()

NBSP = "\u00a0"
SVG = (
    '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
    ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>'
)
MARK = (
    '<svg viewBox="0 0 28 28" fill="none" stroke="currentColor" stroke-width="2.4"'
    ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
    '<path d="M2.5 5c.3 9.5 1.8 15.5 5.5 17.5V5c.8 7.2 2.9 11.5 7.5 13V5c1.4 5 4.4 8 10 9.2"/>'
    "</svg>"
)
STAR = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2.5l2.9 6.2 6.6.8-4.9 4.6 1.3'
    ' 6.7L12 17.5l-5.9 3.3 1.3-6.7L2.5 9.5l6.6-.8z"/></svg>'
)


def _locale() -> Locale:
    return _locale_of(get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=16)
def _locale_of(language: str) -> Locale:
    return Locale.parse(language, sep="-")


# ── Icons ─────────────────────────────────────────────────────────────────────────────────────
@lru_cache(maxsize=1)
def _icons(path: Path) -> dict[str, str]:
    shapes: dict[str, str] = json.loads(path.read_text())
    return shapes


@register.simple_tag
def icon(name: str, **attrs: str) -> SafeString:
    """A Lucide icon, `{% icon "bell" class="ico-s" %}`: ico is 18 px, ico-s 16, ico-l 24."""
    return _drawn(name, attrs.get("class", "ico"))


@lru_cache(maxsize=1000)
def _drawn(name: str, css: str) -> SafeString:
    try:
        shape = _icons(settings.BASE_DIR / "static" / "dist" / "icons.json")[name]
    except FileNotFoundError:
        shape = ""  # tests run without a built front end
    return format_html(SVG, css, mark_safe(shape))


@register.simple_tag
def flame(**attrs: str) -> SafeString:
    return icon("flame", **{"class": f"{attrs.get('class', 'ico-s')} flame"})


@register.simple_tag
def mark() -> SafeString:
    """The sign of the house: a forgetting curve caught three times."""
    return mark_safe(MARK)


@register.simple_tag
def star() -> SafeString:
    return mark_safe(STAR)


# ── People ────────────────────────────────────────────────────────────────────────────────────
@register.filter
def shown_name(user: Any) -> str:
    """The name if there is one, else the username."""
    return getattr(user, "name", "") or getattr(user, "username", "") or str(user)


def _initial(word: str) -> str:
    """Its first letter; a word of other signs, such as a rocket, has none."""
    return next(filter(str.isalnum, word), "")


@register.simple_tag
def avatar(user: Any, size: str = "") -> SafeString:
    """`{% avatar user %}`, sizes s, l, xl: the picture, or initials on a colour that stays.

    The style sheet writes the initials: they are a picture, no text to be read aloud.
    """
    sized = f"ava ava-{size}" if size else "ava"
    if url := getattr(user, "avatar_url", ""):
        return format_html('<img class="{}" src="{}" alt="" loading="lazy">', sized, url)
    colour = zlib.crc32(str(user.pk).encode()) % 5 + 1
    initials = "".join(map(_initial, shown_name(user).split()[:2])).upper()
    return format_html(
        '<span class="{} ava-{}" aria-hidden="true" data-initials="{}"></span>',
        sized,
        colour,
        initials,
    )


# ── Typography ────────────────────────────────────────────────────────────────────────────────
MARKUP = re.compile(r"(<(?:pre|code|textarea)\b.*?</(?:pre|code|textarea)>|<[^>]+>)", re.S)
SHORT_WORD = re.compile(
    r"(^|[\s(«\u00a0])([а-яё]{1,2}|для|без|при|что|как|над|под|или|это) (?=\S)", re.I
)


def _set_russian(text: str) -> str:
    text = re.sub(r"(\d) %", rf"\1{NBSP}%", text).replace(" — ", f"{NBSP}— ")
    text = re.sub(r"(\d) (?=[а-яё₽])", rf"\1{NBSP}", text, flags=re.I)
    for _ in range(2):  # neighbours share the space between them
        text = SHORT_WORD.sub(rf"\1\2{NBSP}", text)
    return re.sub(r" (ли|же|бы|б)(?=[\s.,?!:;])", rf"{NBSP}\1", text)


def _set_english(text: str) -> str:
    text = re.sub(r"(\d) %", r"\1%", text)
    return re.sub(r"(?<=\w)'(?=\w)", "’", text)


@register.filter(is_safe=True)
def typo(value: object) -> str:
    """No-break spaces where the language wants them, in text or in the text of markup."""
    set_text = _set_russian if get_language() == "ru" else _set_english
    if not isinstance(value, SafeString):
        return set_text(str(value))
    pieces = MARKUP.split(value)
    # odd pieces are tags
    pieces[::2] = [set_text(piece) for piece in pieces[::2]]
    return mark_safe("".join(pieces))


# ── Money and numbers ─────────────────────────────────────────────────────────────────────────
# Babel knows no narrow symbols
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "RUB": "₽", "KZT": "₸"}


@register.filter
def price(minor: int | None, currency: str = "USD") -> str:
    """Minor units as people write them: "$29", "$29.50", "2 490 ₽", "Free"."""
    if not minor:
        return gettext("Free")
    return money(minor, currency)


@register.filter
def money(minor: int, currency: str = "USD") -> str:
    """As `price`, but zero stays a number."""
    locale = _locale()
    places = get_currency_precision(currency)
    amount = Decimal(minor).scaleb(-places)
    whole = amount == amount.to_integral_value()
    pattern = "#,##0" if whole else "#,##0." + "0" * places
    number = format_decimal(abs(amount), format=pattern, locale=locale)
    symbol = SYMBOLS.get(currency, currency)
    sign = "−" if amount < 0 else ""
    before = locale.currency_formats["standard"].pattern.startswith("¤")
    return f"{sign}{symbol}{number}" if before else f"{sign}{number}{NBSP}{symbol}"


@register.filter
def number(value: float | Decimal | None, places: int | None = None) -> str:
    """1284 → "1,284" or "1 284"; `|number:1` gives one decimal: "4.9" or "4,9"."""
    if value is None:
        return ""
    pattern = None if places is None else "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(value, format=pattern, locale=_locale()))


@register.filter
def percent(value: float) -> str:
    """46 → "46%" or "46 %"."""
    return str(format_percent(Decimal(str(value)) / 100, locale=_locale()))


# ── Time ──────────────────────────────────────────────────────────────────────────────────────
@register.filter
def duration(minutes: float) -> str:
    """Minutes: "12 min", "1 h 20 min"; from ten hours on the minutes don't matter: "14 h"."""
    hours, rest = divmod(round(minutes), 60)
    if hours >= 10:
        hours, rest = round(minutes / 60), 0
    parts = []
    if hours:
        parts.append(gettext("%(hours)s h") % {"hours": hours})
    if rest or not hours:
        parts.append(gettext("%(minutes)s min") % {"minutes": rest})
    return " ".join(part.replace(" ", NBSP) for part in parts)


@register.filter
def clock(seconds: float) -> str:
    """Seconds of a video: "7:05", "1:02:30"."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


@register.filter
def day(at: datetime | date) -> str:
    """A date in the reader's zone and language: "21 Nov 2026", "21 нояб. 2026 г."."""
    if isinstance(at, datetime):
        at = timezone.localtime(at).date()
    same_year = at.year == timezone.localdate().year
    pattern = "d MMMM" if same_year else "d MMMM y"
    return str(format_date(at, pattern, locale=_locale()))


@register.filter
def weekday(at: datetime) -> str:
    """Today as a heading: "Friday, 21 November"."""
    text = format_date(timezone.localtime(at), "EEEE, d MMMM", locale=_locale())
    return str(text[:1].upper() + text[1:])


@register.filter
def month(at: datetime) -> str:
    """The month of a date in a sentence: "March 2024", "марта 2024"."""
    return str(format_date(timezone.localtime(at), "MMMM y", locale=_locale()))


@register.filter
def ago(at: datetime) -> str:
    """How long ago or how soon: "2 hours ago", "in 3 days"; beyond a month the date."""
    passed = timezone.now() - at
    if abs(passed) < timedelta(minutes=1):
        return gettext("just now")
    if abs(passed) > timedelta(days=30):
        return day(at)
    return str(format_timedelta(-passed, add_direction=True, threshold=1.0, locale=_locale()))


@register.simple_tag
def when(at: datetime) -> SafeString:
    """A <time> that says how long ago, with the exact moment in its title."""
    exact = format_datetime(timezone.localtime(at), "d MMMM y, HH:mm", locale=_locale())
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(timespec="seconds"), exact, ago(at)
    )


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────
@register.simple_tag(takes_context=True)
def current(context: Context, *names: str) -> SafeString:
    """aria-current for the navigation when one of these URL names is on the screen."""
    view_name = context.get("view_name")  # inside `once`
    if view_name is None:
        match = getattr(context.get("request"), "resolver_match", None)
        view_name = match and match.view_name
    return mark_safe('aria-current="page"' if view_name in names else "")


# ── Forms ─────────────────────────────────────────────────────────────────────────────────────
KINDS: list[tuple[type[widgets.Widget], str]] = [
    (widgets.HiddenInput, "hidden"),
    (widgets.CheckboxSelectMultiple, "checks"),
    (widgets.RadioSelect, "radios"),
    (widgets.CheckboxInput, "check"),
    (widgets.Select, "select"),
    (widgets.Textarea, "textarea"),
    (widgets.PasswordInput, "password"),
    (widgets.FileInput, "file"),
]
CLASSES = {"check": "checkbox", "select": "select", "textarea": "textarea", "file": "file"}


@register.filter
def kind(field: BoundField) -> str:
    """Which layout of <c-field> a form field wants."""
    return next((name for cls, name in KINDS if isinstance(field.field.widget, cls)), "input")


@register.simple_tag
def control(field: BoundField, extra: Attrs | None = None) -> SafeString:
    """The field's widget in our classes, tied to its hint and its error."""
    classes = [CLASSES.get(kind(field), "input"), field.field.widget.attrs.get("class", "")]
    described = [f"{field.id_for_label}_hint"] if field.help_text else []
    attrs: dict[str, Any] = extra.attrs_dict() if extra else {}
    if field.errors:
        described.append(f"{field.id_for_label}_error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs={**attrs, "class": " ".join(filter(None, classes))})


# ── Small arithmetic of drawings ──────────────────────────────────────────────────────────────
@register.filter
def times(value: float, factor: str) -> str:
    """A coordinate of an SVG, always with a decimal point."""
    return f"{value * float(factor):g}"


@register.filter
def plain(value: float) -> str:
    """A number for an attribute: no grouping, decimal point."""
    return f"{float(value):g}"


@register.filter
def mastery_name(level: int) -> str:
    names = (
        pgettext("mastery", "Not started"),
        pgettext("mastery", "Learning"),
        pgettext("mastery", "Familiar"),
        pgettext("mastery", "Proficient"),
        pgettext("mastery", "Mastered"),
    )
    return names[level]
