"""Every task: which models it wants, its prompt and schema, what checks it, what makes it offline."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from .. import judging
from .concepts.schema import FoundConcepts
from .key_terms.schema import KeyTerms
from .quiz.schema import QuizDraft
from .summary.schema import Summary
from .tutor.schema import TutorReply


@dataclass(frozen=True)
class Task:
    """`tier` is cheap, mid or expensive; a changed prompt is a new `version` in a file of its own.

    sound        what of a model's value may stand, given the material; raises judging.Unusable
    maker        the function of apps.ai.offline that makes the same without a model
    max_tokens   of an answer, a model's reasoning included
    is_kept      whether an answer may stand for a later, equal question
    """

    name: str
    tier: str
    version: str
    schema: type[BaseModel]
    sound: Callable[[Any, Any], BaseModel]
    maker: str
    max_tokens: int
    is_kept: bool = True

    @property
    def prompt(self) -> str:
        return _text_of(f"{self.name}/{self.version}.md")


@lru_cache
def _text_of(path: str) -> str:
    return (Path(__file__).parent / path).read_text(encoding="utf-8")


TASKS = {
    task.name: task
    for task in [
        Task("quiz", "mid", "v1", QuizDraft, judging.sound_quiz, "make_quiz", 12_000),
        Task("summary", "cheap", "v1", Summary, judging.sound_summary, "make_summary", 4_000),
        Task(
            "tutor", "mid", "v1", TutorReply, judging.sound_guidance, "make_guidance", 3_000, False
        ),
        Task("key_terms", "cheap", "v1", KeyTerms, judging.sound_terms, "make_key_terms", 6_000),
        Task(
            "concepts", "mid", "v1", FoundConcepts, judging.sound_concepts, "make_concepts", 8_000
        ),
    ]
}
