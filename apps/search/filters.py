"""The filters of the catalogue page: groups with their values and counts, and addresses that change one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.core.money import to_minor
from apps.core.templatetags.ui import money, number
from apps.courses.models import ContentLanguage, Level
from apps.courses.selectors import CategoryNode, categories_tree

from .lexemes import RATING_STEPS
from .prices import BAND_EDGE, UNITS
from .queries import Search
from .selectors import EXACT_UP_TO, Count, Facets


@dataclass
class Choice:
    """One value of a group. `inner`: a category inside a chosen one."""

    value: str
    label: str
    count: Count
    on: bool
    inner: bool = False

    @property
    def shown_count(self) -> str:
        """Exact up to a thousand; an estimate of less than that is said to be one."""
        if self.count.number > EXACT_UP_TO:
            return f"{number(EXACT_UP_TO)}+"
        return (
            number(self.count.number) if self.count.exact else f"≈\u00a0{number(self.count.number)}"
        )


@dataclass
class Group:
    """`name` is the parameter of the address; `single` takes one value at most."""

    name: str
    title: str
    choices: list[Choice]
    single: bool = False
    starts_open: bool = True

    @property
    def is_chosen(self) -> bool:
        return any(choice.on for choice in self.choices)

    @property
    def is_open(self) -> bool:
        return self.starts_open or self.is_chosen


@dataclass(frozen=True)
class Chip:
    label: str
    url: str


class Address:
    """The address of the page, without what is empty; and as it would be after one change."""

    order = ("q", "category", "level", "price", "language", "length", "min_rating", "is_free",
             "min_price", "max_price", "currency", "min_duration", "max_duration", "sort")  # fmt: skip

    def __init__(self, request: HttpRequest) -> None:
        self.path = request.path
        self.values = {
            name: list(dict.fromkeys(value for value in request.GET.getlist(name) if value))
            for name in self.order
        }

    def changed(self, *, only: Iterable[str] | None = None, **values: list[str]) -> str:
        query = QueryDict(mutable=True)
        kept = self.values if only is None else {name: self.values[name] for name in only}
        for name, found in {**kept, **values}.items():
            if found:
                query.setlist(name, found)
        return f"{self.path}?{query.urlencode()}" if query else self.path

    def without(self, name: str, value: str | None = None) -> str:
        left = [each for each in self.values[name] if value is not None and each != value]
        return self.changed(**{name: left})


def filter_groups(search: Search, facets: Facets) -> list[Group]:
    """The groups in the order of the page; values that would leave nothing are left out unless on."""
    edge = money(BAND_EDGE // UNITS[search.currency], search.currency)
    prices = {
        "free": _("Free"),
        "low": _("Up to %(price)s") % {"price": edge},
        "high": _("%(price)s and over") % {"price": edge},
    }
    lengths = {
        "short": _("Under 3 hours"),
        "medium": _("3 to 10 hours"),
        "long": _("Over 10 hours"),
    }
    rating = str(search.min_rating.normalize()) if search.min_rating else ""
    steps = {
        step: _("%(stars)s and up") % {"stars": number(Decimal(step), 1)} for step in RATING_STEPS
    }
    languages = {code: str(ContentLanguage(code).label) for code in facets["language"]}
    languages |= {code: str(ContentLanguage(code).label) for code in search.languages}
    levels = {level.value: str(level.label) for level in Level}
    groups = [
        Group("category", _("Subject"), list(_categories(search, facets["category"]))),
        Group("level", _("Level"), _choices(levels, facets["level"], search.levels)),
        Group("price", _("Price"), _choices(prices, facets["price"], search.prices)),
        Group("language", _("Language"), _choices(languages, facets["language"], search.languages)),
        Group(
            "length",
            _("Length"),
            _choices(lengths, facets["length"], search.lengths),
            starts_open=False,
        ),
        Group(
            "min_rating",
            pgettext("filter", "Rating"),
            _choices(steps, facets["rating"], [rating]),
            single=True,
            starts_open=False,
        ),
    ]
    return [group for group in groups if group.choices]


NONE = Count(0)


def _choices(
    labels: dict[str, str], counts: dict[str, Count], chosen: Iterable[str]
) -> list[Choice]:
    on = set(chosen)
    return [
        Choice(value, label, counts.get(value, NONE), value in on)
        for value, label in labels.items()
        if counts.get(value, NONE).number or value in on
    ]


def _categories(search: Search, counts: dict[str, Count]) -> Iterator[Choice]:
    """Those of the first rank; below a chosen one, or around one, its own."""
    chosen = {category.slug for category in search.categories}

    def holds(node: CategoryNode) -> bool:
        return node.slug in chosen or any(holds(child) for child in node.children)

    def show(node: CategoryNode, inner: bool) -> Iterator[Choice]:
        if counts.get(node.slug) or holds(node):
            count = counts.get(node.slug, NONE)
            yield Choice(node.slug, node.name, count, node.slug in chosen, inner)
        if holds(node):
            for child in node.children:
                yield from show(child, True)

    for root in categories_tree():
        yield from show(root, False)


def active_filters(groups: list[Group], search: Search, address: Address) -> list[Chip]:
    """What is on, each with the address without it; bounds of an address have no checkbox."""
    chips = [
        Chip(
            choice.label,
            address.without(group.name, None if group.single else choice.value),
        )
        for group in groups
        for choice in group.choices
        if choice.on
    ]
    for name, label in _bounds(search):
        chips.append(Chip(label, address.without(name)))
    return chips


def _bounds(search: Search) -> Iterator[tuple[str, str]]:
    def price(amount: Decimal) -> str:
        return money(to_minor(amount), search.currency)

    if search.is_free is not None:
        yield "is_free", _("Free") if search.is_free else pgettext("filter", "Paid")
    if search.min_price is not None:
        yield "min_price", _("From %(price)s") % {"price": price(search.min_price)}
    if search.max_price is not None:
        yield "max_price", _("Up to %(price)s") % {"price": price(search.max_price)}
    if search.min_rating and str(search.min_rating.normalize()) not in RATING_STEPS:
        stars = number(search.min_rating, 1)
        yield "min_rating", _("%(stars)s and up") % {"stars": stars}
    if search.min_duration is not None:
        yield "min_duration", _("From %(minutes)s min") % {"minutes": number(search.min_duration)}
    if search.max_duration is not None:
        yield "max_duration", _("Up to %(minutes)s min") % {"minutes": number(search.max_duration)}


def sorts(search: Search) -> list[Choice]:
    """The orders of the select; relevance only where something is searched for."""
    labels = {
        "relevance": _("Best match"),
        "popular": _("Most popular"),
        "newest": _("Newest"),
        "rating": _("Highest rated"),
        "price": _("Price: low to high"),
        "-price": _("Price: high to low"),
    }
    if not search.text:
        del labels["relevance"]
    return [Choice(value, label, NONE, value == search.sort) for value, label in labels.items()]
