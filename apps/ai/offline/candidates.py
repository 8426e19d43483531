"""A question that could be asked, with what decides whether it is."""

from dataclasses import dataclass

from ..prompts.quiz.schema import DraftQuestion


@dataclass(frozen=True)
class Candidate:
    """`uses` names what it asks about, so that nothing is asked twice; `place` is where it stands."""

    question: DraftQuestion
    uses: frozenset[str]
    place: int
    score: float
