"""A question as its teacher reviews it: with the right answer, where it comes from, its state."""

from dataclasses import dataclass

from apps.ai.prompts.quiz.schema import DraftQuestion
from apps.core.markdown import plain_text

from ..engine.questions import draft_of
from ..forms.questions import Row, rows_of
from ..models import Question, QuestionVersion


@dataclass(frozen=True)
class Reviewed:
    question: Question
    version: QuestionVersion
    draft: DraftQuestion
    rows: list[Row]
    quote: str  # as it is read in the lesson, without its markup
    number: int = 0


def reviewed(question: Question, *, number: int = 0) -> Reviewed:
    """`question` with its current version."""
    version = question.current
    assert version is not None
    draft = draft_of(version)
    quote = plain_text(version.quote).replace("\n", " ")
    return Reviewed(question, version, draft, rows_of(draft), quote, number)
