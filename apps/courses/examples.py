"""The example courses a teacher may begin with: data files, one for each language."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from apps.accounts.models import User

from .models import ContentLanguage

FOLDER = Path(__file__).parent / "data" / "examples"


@dataclass(frozen=True)
class ExampleLesson:
    """`key` is its name in every language: what higher apps add to it is found by it."""

    key: str
    title: str
    content: str
    is_preview: bool


@dataclass(frozen=True)
class ExampleModule:
    title: str
    lessons: tuple[ExampleLesson, ...]


@dataclass(frozen=True)
class Example:
    """`fields` are the course's own: subtitle, description, outcomes …"""

    title: str
    fields: dict[str, Any]
    modules: tuple[ExampleModule, ...]

    @property
    def lesson_count(self) -> int:
        return sum(len(module.lessons) for module in self.modules)


@lru_cache
def example(language: str) -> Example:
    data = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    modules = tuple(
        ExampleModule(module["title"], tuple(ExampleLesson(**each) for each in module["lessons"]))
        for module in data["modules"]
    )
    return Example(data["title"], {**data["fields"], "language": language}, modules)


def example_for(user: User) -> Example:
    """The one in the user's language."""
    return example(user.locale if user.locale in ContentLanguage.values else ContentLanguage.EN)


@lru_cache
def example_titles() -> frozenset[str]:
    """What no course of the public is called: a copy wants a title of its own."""
    return frozenset(example(path.stem).title for path in FOLDER.glob("*.toml"))
