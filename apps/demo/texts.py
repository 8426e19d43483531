"""Reads the demo's people and courses from `content/`."""

import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True)
class Person:
    key: str
    name: str
    role: str
    locale: str
    timezone: str
    joined: int  # days ago
    bio: str
    email: str = ""
    invited_by: str = ""
    ban: str = ""  # why they may not write in the community for a while
    application: dict[str, Any] = field(default_factory=dict)
    seats: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    talk: dict[str, Any] = field(default_factory=dict)
    pace: str = ""  # by its name in paces.toml; whoever learns has one

    @property
    def address(self) -> str:
        return self.email or f"{self.key}@example.com"


@dataclass(frozen=True)
class LessonText:
    file: str
    title: str
    duration_minutes: int
    content: str
    is_preview: bool = False
    questions: list[dict[str, Any]] = field(default_factory=list)  # the teacher's own ones


@dataclass(frozen=True)
class ReviewText:
    student: str
    rating: int
    comment: str
    reply: str = ""


@dataclass(frozen=True)
class ConceptText:
    """`lesson` is the file that teaches it; `needs` are names of earlier concepts with weights."""

    name: str
    lesson: str
    description: str
    importance: int = 3
    aliases: list[str] = field(default_factory=list)
    needs: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class CourseText:
    key: str
    title: str
    subtitle: str
    category: str
    language: str
    level: str
    price: Decimal
    currency: str
    teacher: str
    tags: list[str]
    outcomes: list[str]
    prerequisites: list[str]
    description: str
    modules: list[tuple[str, list[LessonText]]]
    reviews: list[ReviewText]
    concepts: list[ConceptText]


def read_conversations() -> list[dict[str, Any]]:
    """What the people write to each other, in the order of the file."""
    found: list[dict[str, Any]] = tomllib.loads((CONTENT / "conversations.toml").read_text())[
        "conversations"
    ]
    return found


def read_people() -> list[Person]:
    rows = tomllib.loads((CONTENT / "people.toml").read_text())["people"]
    return [Person(**row) for row in rows]


def read_crowd() -> list[Person]:
    """Those around, of whom the demo tells less."""
    rows = tomllib.loads((CONTENT / "crowd.toml").read_text())["people"]
    return [Person(role="student", **{"bio": "", **row}) for row in rows]


def read_paces() -> dict[str, dict[str, Any]]:
    """How people live with the platform, by name."""
    return tomllib.loads((CONTENT / "paces.toml").read_text())


def read_opinions() -> dict[str, dict[str, list[str]]]:
    """What the crowd says of courses: texts by language and rating."""
    return tomllib.loads((CONTENT / "opinions.toml").read_text())


def read_profiles() -> dict[str, dict[str, Any]]:
    """What people say of themselves by their keys, with `follows`."""
    return tomllib.loads((CONTENT / "profiles.toml").read_text())


def read_courses() -> list[CourseText]:
    """In the order of their folders: the English ones, then the Russian ones."""
    return [_course(path) for path in sorted(CONTENT.glob("*/*/course.toml"))]


def _course(path: Path) -> CourseText:
    data = tomllib.loads(path.read_text())
    modules = [
        (module["title"], [_lesson(path.parent, row) for row in module["lessons"]])
        for module in data.pop("modules")
    ]
    return CourseText(
        key=path.parent.name,
        price=Decimal(data.pop("price")),
        description=data.pop("description").strip(),
        modules=modules,
        reviews=[ReviewText(**row) for row in data.pop("reviews")],
        concepts=_concepts(path.parent),
        **data,
    )


def _concepts(folder: Path) -> list[ConceptText]:
    rows = tomllib.loads((folder / "concepts.toml").read_text())["concepts"]
    return [ConceptText(**row) for row in rows]


def _lesson(folder: Path, row: dict[str, Any]) -> LessonText:
    return LessonText(content=(folder / row["file"]).read_text().strip(), **row)
