"""What people ask a catalogue, in classes, drawn from the words that stand in it."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import TypeVar

from django.db.models import Count
from django.http import QueryDict

from apps.courses.models import Category, ContentLanguage, Course, Level
from apps.search import queries
from apps.search.models import SearchDocument, SearchTerm
from apps.search.queries import Search
from apps.search.typing_slips import TO_CYRILLIC_KEYS, TO_LATIN_KEYS, in_latin_letters

T = TypeVar("T")
ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщэюя")
SORTS = ("newest", "rating", "price", "-price", "popular")
PRICES = (None, True, False)


def search_of(text: str, **params: str) -> Search:
    """As an address would be read, with whatever can't be used left out."""
    asked = QueryDict(mutable=True)
    asked.update({"q": text, **params})
    return queries.read(asked).search


@dataclass(frozen=True)
class Vocabulary:
    """Words of the catalogue by the share of its courses that are known to hold them."""

    common: list[str]  # a hundredth of the courses at least
    medium: list[str]  # from 0.02 % to 0.5 %
    rare: list[str]  # ten courses at most

    @classmethod
    def read(cls) -> "Vocabulary":
        courses = SearchDocument.objects.count()

        def between(least: float, most: float) -> list[str]:
            terms = SearchTerm.objects.filter(documents__gte=least, documents__lte=most)
            return list(terms.order_by("-documents", "term").values_list("term", flat=True))

        return cls(
            common=between(max(2, courses / 100), courses),
            medium=between(max(2, courses / 5000), courses / 200),
            rare=between(1, 10),
        )

    @cached_property
    def cyrillic(self) -> list[str]:
        return [word for word in self.common + self.medium if _is_cyrillic(word)]

    @cached_property
    def latin(self) -> list[str]:
        return [word for word in self.common + self.medium if not _is_cyrillic(word)]

    @cached_property
    def long(self) -> list[str]:
        """Where a slip leaves the word one can still be sure of."""
        return [word for word in self.common + self.medium if len(word) >= 6]


class Questions:
    """`number` of each class; the same for the same catalogue and seed."""

    def __init__(self, vocabulary: Vocabulary, *, number: int, seed: int = 1) -> None:
        self.words = vocabulary
        self.number = number
        self.chance = random.Random(seed)

    def classes(self) -> dict[str, list[Search]]:
        makers: dict[str, Callable[[], str]] = {
            "rare": lambda: self._one(self.words.rare),
            "medium": lambda: self._one(self.words.medium),
            "common": lambda: self._one(self.words.common),
            "two common words": lambda: " ".join(self.chance.sample(self.words.common, 2)),
            "mixed languages": lambda: (
                f"{self._one(self.words.latin)} {self._one(self.words.cyrillic)}"
            ),
            "phrases": self._phrase,
            "typos": lambda: slip(self._one(self.words.long), self.chance),
            "layout": lambda: wrong_layout(self._one(self.words.long)),
            "translit": lambda: in_latin_letters(self._one(self.words.cyrillic)),
            "no hit": lambda: "".join(self.chance.choices(self.chance.choice(ALPHABETS), k=11)),
            "1–2 letters": self._letters,
        }
        classes = {
            name: [search_of(make()) for _ in range(self.number)] for name, make in makers.items()
        }
        return classes | {"adversarial": [search_of(text) for text in self.adversarial()]}

    def filtered(self) -> list[Search]:
        """Words of all frequencies with one to three filters."""
        return [self.narrow(search_of(self._any())) for _ in range(2 * self.number)]

    def sorted(self) -> list[Search]:
        """Words of all frequencies, some filtered, in every order but relevance."""
        found = [replace(search_of(self._any()), sort=sort) for sort in SORTS * (self.number // 3)]
        return [
            self.narrow(search) if place % 3 == 0 else search for place, search in enumerate(found)
        ]

    def beginnings(self) -> list[str]:
        """What stands in the field while a word is being typed."""
        return [self._any()[: self.chance.randint(1, 6)] for _ in range(2 * self.number)]

    def checked(self, number: int) -> list[Search]:
        """Questions of whole words, a third with filters, that brute force answers too."""
        makers = (
            self._any,
            lambda: f"{self._any()} {self._one(self.words.common)}",
            self._phrase,
            lambda: f"{self._one(self.words.common)} -{self._one(self.words.common)}",
        )
        found = [search_of(makers[place % len(makers)]()) for place in range(number)]
        return [
            self.narrow(search) if place % 3 == 0 else search for place, search in enumerate(found)
        ]

    def narrow(self, search: Search) -> Search:
        choices = {
            "categories": (self._one(self._categories),),
            "levels": (self._one(Level.values),),
            "languages": (self._one(["en", "ru"]),),
            "is_free": self._one([True, False]),
            "min_rating": 4,
        }
        names = self.chance.sample(sorted(choices), self.chance.randint(1, 3))
        return replace(search, **{name: choices[name] for name in names})

    def adversarial(self) -> list[str]:
        common, rare = self.words.common, self.words.rare
        some = self.chance.sample(common, min(16, len(common)))
        return [
            "- - - | & ! ( ) : *",
            '"""" "" "',
            "the and of или и в на не",
            "%' OR 1=1; DROP TABLE courses_course; --",
            ".*+?^${}()|[]\\ (a+)+$",
            "a\x00b \x00",
            "э" * 200,
            "x " * 100,
            " ".join(some),
            " or ".join(some),
            " or ".join(self._one(rare) for _ in range(8)),
            f"{some[0]} " + " ".join(f"-{word}" for word in some[1:]),
            " ".join(f"-{word}" for word in some),
            '"' + " ".join(some[:8]) + '"',
            f'"{some[0]} {some[1]}',
            f"{some[0]} {self._one(rare)}",
            f"{some[0]} {some[1]} {some[2]} zzqx",
            "c++ c# .net node.js f#",
            "🙂 🙃 ☃ ﷽",
            "a:* b:* c:*",
            "1 2 3 4 5 6 7 8 9 0",
            "_____ ----- .....",
            "co",
            "пр",
            "con pro re in de",
            "../../etc/passwd",
            "<script>alert(1)</script>",
            "İıſß ﬁ ǅ",
            "ё" * 3 + " " + "е" * 3,
            "-",
        ]

    @cached_property
    def _categories(self) -> list[Category]:
        return list(Category.objects.order_by("pk"))

    @cached_property
    def _titles(self) -> list[list[str]]:
        """Of some courses, from all over the table."""
        ids = Course.objects.published().order_by("pk").values_list("pk", flat=True)
        first, last = ids.first(), ids.last()
        some = {self.chance.randint(first, last) for _ in range(20 * self.number)}
        titles = Course.objects.published().filter(pk__in=some).order_by("pk")
        found = [
            title.replace('"', " ").split() for title in titles.values_list("title", flat=True)
        ]
        return [words for words in found if len(words) > 1]

    def _one(self, values: Sequence[T]) -> T:
        return self.chance.choice(values)

    def _any(self) -> str:
        return self._one(self._one([self.words.common, self.words.medium, self.words.rare]))

    def _phrase(self) -> str:
        words = self._one(self._titles)
        start = self.chance.randrange(len(words) - 1)
        return '"' + " ".join(words[start : start + 2]) + '"'

    def _letters(self) -> str:
        alphabet = self._one(ALPHABETS)
        return self._any()[:2] if self.chance.random() < 0.6 else self.chance.choice(alphabet)


def slip(word: str, chance: random.Random) -> str:
    """The word with two letters changed over, one missing, one twice, or another in its place."""
    place = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    other = chance.choice(ALPHABETS[_is_cyrillic(word)])
    return chance.choice(
        [before + after[0] + letter + after[1:], before + after, before + letter + letter + after,
         before + other + after]
    )  # fmt: skip


def wrong_layout(word: str) -> str:
    return word.translate(TO_LATIN_KEYS if _is_cyrillic(word) else TO_CYRILLIC_KEYS)


def _is_cyrillic(word: str) -> bool:
    return "а" <= word[0] <= "я"


# ── Browsing ──────────────────────────────────────────────────────────────────────────────────
def browsing() -> tuple[list[Search], list[Search]]:
    """900 ways to look through the catalogue: 720 first pages of all combinations of place, level,
    price, language and sort; and 180 to be read deep, which take the levels in turn."""
    levels = ((), *((level,) for level in Level.values))
    languages = ((), *((language,) for language in (ContentLanguage.EN, ContentLanguage.RU)))
    places, sorts = _places(), SORTS

    def search(
        place: tuple[Category, ...],
        price: bool | None,
        language: tuple[str, ...],
        sort: str,
        level: tuple[str, ...],
    ) -> Search:
        return Search(categories=place, is_free=price, languages=language, sort=sort, levels=level)

    first = [search(*each) for each in product(places, PRICES, languages, sorts, levels)]
    deep = [
        search(*each, levels[number % len(levels)])
        for number, each in enumerate(product(places, PRICES, languages, sorts))
    ]
    return first, deep


def _places() -> Iterable[tuple[Category, ...]]:
    """Everything; the largest leaf, branch and root of the tree."""
    rows = list(Category.objects.with_tree_fields())
    parents = {row.parent_id for row in rows}
    own = dict(SearchDocument.objects.order_by().values_list("category").annotate(n=Count("pk")))

    def largest(among: Iterable[Category]) -> tuple[Category, ...]:
        return (max(among, key=lambda row: own.get(row.pk, 0)),)

    leaf = largest(row for row in rows if row.pk not in parents)
    branch = largest(row for row in rows if row.pk in parents and row.parent_id)
    root = next(row for row in rows if row.pk == branch[0].parent_id)
    return (), leaf, branch, (root,)
