"""The questions of the example course: data files beside those of its lessons."""

import tomllib
from functools import lru_cache
from pathlib import Path

from apps.ai.prompts.quiz.schema import DraftQuestion

FOLDER = Path(__file__).parent / "data" / "examples"


@lru_cache
def example_questions(language: str) -> dict[str, tuple[DraftQuestion, ...]]:
    """By the key of the lesson; lessons without a quiz aren't named."""
    data = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return {
        key: tuple(DraftQuestion(**question) for question in questions)
        for key, questions in data.items()
    }
