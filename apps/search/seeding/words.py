"""Words, titles and texts of made-up courses, out of the data files and a random generator."""

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from apps.core.slugs import slug_of

DATA = Path(__file__).parent.parent / "data"
LANGUAGES = ("en", "ru")
GAP = re.compile(r"\{(\w+)\}")
VOCABULARY = 40_000  # words of each language
# The r-th word is drawn 1/r as often as the first, and from here on rarer still, as in natural
# texts: without that no word of a large catalogue would stand in a handful of courses alone.
BEND = 4_000


class Weighted:
    """Draws values by weights that fall with their place."""

    def __init__(self, values: Sequence[Any], *, bend: int | None = None) -> None:
        bend = bend or len(values)
        self.values = values
        self.weights = list(
            accumulate(min(1.0, bend / rank) / rank for rank in range(1, len(values) + 1))
        )

    def draw(self, chance: random.Random, number: int) -> list[Any]:
        return chance.choices(self.values, cum_weights=self.weights, k=number)


@dataclass(frozen=True)
class Subject:
    """A name in one language and its slug, the slug of its category, and its own terms."""

    name: str
    slug: str
    category: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A pattern: `{}` for each gap, and what belongs into them."""

    pattern: str
    gaps: tuple[str, ...]

    @classmethod
    def read(cls, source: str) -> "Line":
        return cls(GAP.sub("{}", source), tuple(GAP.findall(source)))


@dataclass(frozen=True)
class Language:
    """All that courses in one language are made of."""

    subjects: Weighted
    titles: Weighted
    subtitles: Weighted
    sentences: Weighted
    vocabulary: Weighted
    first_names: Sequence[str]
    last_names: Sequence[str]

    def person(self, chance: random.Random) -> str:
        return f"{chance.choice(self.first_names)} {chance.choice(self.last_names)}"

    def course(self, chance: random.Random, *, titles_only: bool) -> tuple[Subject, str, str, str]:
        """A subject, and a title, subtitle and description about it."""
        subject = self.subjects.draw(chance, 1)[0]
        lines = self.titles.draw(chance, 1)
        if not titles_only:
            lines += self.subtitles.draw(chance, 1)
            lines += dict.fromkeys(self.sentences.draw(chance, chance.randint(4, 8)))
        title, subtitle, *sentences = *self._filled(lines, subject, chance), *("",) * titles_only
        return subject, title, subtitle, " ".join(sentences)

    def _filled(self, lines: list[Line], subject: Subject, chance: random.Random) -> Iterator[str]:
        gaps = [gap for line in lines for gap in line.gaps]
        words = iter(self.vocabulary.draw(chance, gaps.count("word")))
        for line in lines:
            text = line.pattern.format(
                *[self._fill(gap, subject, words, chance) for gap in line.gaps]
            )
            yield text[0].upper() + text[1:]

    def _fill(self, gap: str, subject: Subject, words: Iterator[str], chance: random.Random) -> str:
        if gap == "word":
            return next(words)
        if gap == "term":
            return chance.choice(subject.terms)
        if gap == "subject":
            return subject.name
        if gap == "other":
            return self.subjects.draw(chance, 1)[0].name
        return str(chance.choice((7, 10, 14, 21, 30)))


@cache
def languages() -> dict[str, Language]:
    data, words = _file("catalog"), _file("vocabulary")
    return {
        language: Language(
            subjects=Weighted(_subjects(data["subject"], language)),
            vocabulary=Weighted(_vocabulary(words[language]), bend=BEND),
            first_names=data[language]["first_names"],
            last_names=data[language]["last_names"],
            **{
                kind: Weighted([Line.read(source) for source in data[language][kind]])
                for kind in ("titles", "subtitles", "sentences")
            },
        )
        for language in LANGUAGES
    }


def categories() -> list[dict[str, Any]]:
    """What is added to the tree: below the category of each row its subjects but the first."""
    return [
        {
            "slug": row["category"],
            "children": [
                {"slug": slug_of(en, max_length=60), "en": en[0].upper() + en[1:], "ru": ru}
                for en, ru in list(zip(row["en"], row["ru"], strict=True))[1:]
            ],
        }
        for row in _file("catalog")["subject"]
    ]


def _subjects(rows: list[dict[str, Any]], language: str) -> list[Subject]:
    """The first of each category, then the second …"""
    found = []
    for rank in range(max(len(row[language]) for row in rows)):
        for row in rows:
            if rank < len(row[language]):
                name = row[language][rank]
                category = slug_of(row["en"][rank], max_length=60) if rank else row["category"]
                terms = tuple(row[f"{language}_terms"])
                found.append(Subject(name, slug_of(name, max_length=60), category, terms))
    return found


def _vocabulary(parts: dict[str, str]) -> list[str]:
    """The words alone, then beginnings joined to words, in an order of no meaning."""
    words = parts["words"].split()
    joined = [start + word for start in parts["beginnings"].split() for word in words]
    random.Random(1).shuffle(joined)  # noqa: S311 - the same for every catalogue
    return list(dict.fromkeys(words + joined))[:VOCABULARY]


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text())
