"""What is asked of the catalogue: the parameters of an address, read and checked."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.money import CURRENCIES
from apps.courses.models import Category, ContentLanguage, Level
from apps.courses.selectors import named_category

MAX_LENGTH = 200
MAX_TERMS = 16
MAX_CATEGORIES = 20
SORTS = ("relevance", "newest", "rating", "price", "-price", "popular")
LEVELS, LANGUAGES = tuple(Level.values), tuple(ContentLanguage.values)
PRICE_BANDS = ("free", "low", "high")
LENGTH_BANDS = ("short", "medium", "long")
TERM = re.compile(r'-?"[^"]*"?|\S+')

Messages = dict[str, list[str | Promise]]


@dataclass(frozen=True)
class Search:
    """One question to the catalogue. Values of one group widen it, groups narrow each other."""

    text: str = ""
    categories: tuple[Category, ...] = ()
    levels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()
    lengths: tuple[str, ...] = ()
    is_free: bool | None = None
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    currency: str = "USD"
    min_rating: Decimal | None = None
    min_duration: int | None = None
    max_duration: int | None = None
    sort: str = "popular"


@dataclass
class Reading:
    """A Search, and what of the parameters couldn't be used: field → messages."""

    search: Search
    errors: Messages = field(default_factory=dict)
    # slugs in the address that have a newer one: old → new
    renamed: dict[str, str] = field(default_factory=dict)


def terms_of(text: str) -> list[str]:
    """Words, "phrases" and -exclusions, as many as are used."""
    return TERM.findall(text)[:MAX_TERMS]


def is_wanted(term: str) -> bool:
    """Whether the term says what is looked for, and not what isn't, nor how words are joined."""
    return not term.startswith("-") and term.lower() != "or" and any(map(str.isalnum, term))


def split_typing(text: str) -> tuple[str, str]:
    """What is finished, and the word that may go on; it is empty when none may."""
    terms = terms_of(text)
    if terms and is_wanted(terms[-1]) and not terms[-1].startswith('"'):
        return " ".join(terms[:-1]), terms[-1]
    return " ".join(terms), ""


def read(params: QueryDict, *, currency: str = "USD") -> Reading:
    """The parameters as a Search; one that can't be used is left out and named in `errors`."""
    errors: Messages = {}
    get = _Reader(params, errors)
    text = get.text("q")
    categories, renamed = get.categories("category")
    sort = get.one("sort", SORTS) or "relevance"
    if sort == "relevance" and not text:
        sort = "popular"
    search = Search(
        text=text,
        categories=categories,
        levels=get.some("level", LEVELS),
        languages=get.some("language", LANGUAGES),
        prices=get.some("price", PRICE_BANDS),
        lengths=get.some("length", LENGTH_BANDS),
        is_free=get.boolean("is_free"),
        min_price=get.amount("min_price"),
        max_price=get.amount("max_price"),
        currency=get.one("currency", CURRENCIES) or currency,
        min_rating=get.amount("min_rating", most=5),
        min_duration=get.whole("min_duration"),
        max_duration=get.whole("max_duration"),
        sort=sort,
    )
    for low, high in (("min_price", "max_price"), ("min_duration", "max_duration")):
        least, most = getattr(search, low), getattr(search, high)
        if least is not None and most is not None and least > most:
            errors[high] = [_("This is less than the lower bound.")]
    return Reading(search, errors, renamed)


def read_switch(params: QueryDict, name: str) -> tuple[bool | None, Messages]:
    """One parameter that is true, false or not there, and what is wrong with it."""
    errors: Messages = {}
    return _Reader(params, errors).boolean(name), errors


class _Reader:
    """Takes parameters out of a query string, and notes those that it can't."""

    def __init__(self, params: QueryDict, errors: Messages) -> None:
        self.params = params
        self.errors = errors

    def text(self, name: str) -> str:
        text = " ".join(self.params.get(name, "").replace("\x00", " ").split())
        if len(text) > MAX_LENGTH:
            self.errors[name] = [_("At most 200 characters.")]
        text = text[:MAX_LENGTH]
        return text if any(is_wanted(term) for term in terms_of(text)) else ""

    def one(self, name: str, choices: Iterable[str]) -> str:
        if not self.params.get(name):
            return ""
        return self._parsed(name, _chosen(choices), _one_of(choices)) or ""

    def some(self, name: str, choices: Iterable[str]) -> tuple[str, ...]:
        """Given more than once, each counts."""
        found = {value.lower() for value in self.params.getlist(name) if value}
        if not found:
            return ()
        if found - set(choices):
            self.errors[name] = [_one_of(choices)]
        return tuple(choice for choice in choices if choice in found)

    def boolean(self, name: str) -> bool | None:
        words = {"true": True, "1": True, "false": False, "0": False}
        value: bool | None = self._parsed(
            name, lambda raw: words[raw.lower()], _("Either true or false.")
        )
        return value

    def amount(self, name: str, most: int = 10**9) -> Decimal | None:
        def parse(raw: str) -> Decimal:
            if not re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,2})?", raw) or Decimal(raw) > most:
                raise ValueError
            return Decimal(raw)

        message = _("A number from 0 to 5.") if most == 5 else _("An amount such as 29 or 29.50.")
        value: Decimal | None = self._parsed(name, parse, message)
        return value

    def whole(self, name: str) -> int | None:
        def parse(raw: str) -> int:
            if not re.fullmatch(r"[0-9]{1,7}", raw):
                raise ValueError
            return int(raw)

        value: int | None = self._parsed(name, parse, _("A whole number of minutes."))
        return value

    def categories(self, name: str) -> tuple[tuple[Category, ...], dict[str, str]]:
        found: dict[int, Category] = {}
        renamed = {}
        for slug in self.params.getlist(name)[:MAX_CATEGORIES]:
            category = named_category(slug[:60])
            if category is None:
                if slug:
                    self.errors[name] = [_("There is no such category.")]
                continue
            found[category.pk] = category
            if category.slug != slug:
                renamed[slug] = category.slug
        return tuple(found.values()), renamed

    def _parsed(self, name: str, parse: Callable[[str], Any], message: str | Promise) -> Any:
        raw = self.params.get(name, "").strip()
        if not raw:
            return None
        try:
            return parse(raw)
        except (ValueError, KeyError, ArithmeticError):
            self.errors[name] = [message]
            return None


def _chosen(choices: Iterable[str]) -> Callable[[str], str]:
    return lambda raw: {choice.lower(): choice for choice in choices}[raw.lower()]


def _one_of(choices: Iterable[str]) -> str:
    return str(_("One of: %(choices)s.") % {"choices": ", ".join(choices)})
