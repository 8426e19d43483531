"""What a tutor says and hears in each language: `data/tutor.*.toml`."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from .words import DATA, alternatives, any_of, lemma

ROOT = 5


@dataclass(frozen=True)
class TutorWords:
    """`words` and `roots` may stand in every reply; `phrases` by move; `places` in thirds of a lesson."""

    words: frozenset[str]
    roots: frozenset[str]
    letters: frozenset[str]
    verdict: re.Pattern[str]
    low_effort: re.Pattern[str]
    off_topic: re.Pattern[str]
    asking: re.Pattern[str]
    guessing: re.Pattern[str]
    negation: re.Pattern[str]
    phrases: dict[str, list[str]]
    places: list[str]


@lru_cache
def spoken_by_tutors(language: str) -> TutorWords:
    data = tomllib.loads((DATA / f"tutor.{language}.toml").read_text("utf-8"))
    forms = {lemma(word, language) for word in data["words"].split()}
    return TutorWords(
        words=frozenset(forms),
        roots=frozenset(form[:ROOT] for form in forms if len(form) > ROOT),
        letters=frozenset(data["letters"].split()),
        verdict=any_of(data["verdict"]),
        low_effort=re.compile(
            rf"\W*(?:(?:{alternatives(data['fillers'])})\W+)*"
            rf"(?:{alternatives(data['low_effort'])})(?:\W+(?:{alternatives(data['fillers'])}))*\W*",
            re.IGNORECASE,
        ),
        off_topic=any_of(data["off_topic"]),
        asking=re.compile(rf"\W*(?:{alternatives(data['asking'])})(?![\w-])", re.IGNORECASE),
        guessing=any_of(data["guessing"]),
        negation=any_of(data["negation"]),
        phrases=data["phrases"],
        places=data["places"],
    )
