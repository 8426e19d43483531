"""A question as an engine, a teacher or a file gives it: checked in form, not yet in the bank."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

GAP = "___"  # stands in the text of a cloze question, once per gap

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    SHORT = "short"
    NUMERIC = "numeric"
    ORDERING = "ordering"
    MATCHING = "matching"
    CLOZE = "cloze"


class Pair(BaseModel):
    model_config = ConfigDict(extra="forbid")

    left: Line
    right: Line


class DraftQuestion(BaseModel):
    """One question with its right answer; each kind fills its own fields and leaves the others.

    text         markdown; a cloze holds `___` once per gap
    options      single, multiple: what is offered; `right` holds the indices of the right ones
    is_true      true_false
    accepted     short: every accepted answer, the first one is shown
    value        numeric, with an absolute `tolerance` and an optional `unit`
    items        ordering: in the right order
    pairs        matching
    gaps         cloze: accepted answers per gap, the first one is shown
    explanation  markdown, shown after submission
    quote        the words of the lesson that the answer stands in, as they are there
    section      the heading that the quote stands under
    """

    model_config = ConfigDict(extra="forbid")

    kind: QuestionKind
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
    options: Annotated[list[Line], Field(max_length=12)] = []
    right: Annotated[list[int], Field(max_length=12)] = []
    is_true: bool | None = None
    accepted: Annotated[list[Line], Field(max_length=20)] = []
    value: Decimal | None = None
    tolerance: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    items: Annotated[list[Line], Field(max_length=12)] = []
    pairs: Annotated[list[Pair], Field(max_length=12)] = []
    gaps: Annotated[
        list[Annotated[list[Line], Field(min_length=1, max_length=20)]], Field(max_length=12)
    ] = []
    explanation: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = ""
    quote: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = ""
    section: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""

    @model_validator(mode="after")
    def holds_its_answer(self) -> Self:
        problem = _problem(self)
        if problem:
            raise ValueError(problem)
        return self


class QuizDraft(BaseModel):
    """What the task `quiz` answers; fewer questions than asked for, or none, is an answer too."""

    model_config = ConfigDict(extra="forbid")

    questions: Annotated[list[DraftQuestion], Field(max_length=40)]


def _problem(question: DraftQuestion) -> str:
    """What is missing or contradicts itself, or the empty string."""
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            return _problem_of_options(question)
        case QuestionKind.TRUE_FALSE:
            return "is_true is missing" if question.is_true is None else ""
        case QuestionKind.SHORT:
            return "" if question.accepted else "no accepted answer"
        case QuestionKind.NUMERIC:
            if question.value is None or not question.value.is_finite():
                return "value is missing or no number"
            return "" if question.tolerance.is_finite() else "tolerance is no number"
        case QuestionKind.ORDERING:
            return _problem_of_list(question.items, "items")
        case QuestionKind.MATCHING:
            return _problem_of_list([pair.left for pair in question.pairs], "pairs")
        case QuestionKind.CLOZE:
            gaps = question.text.count(GAP)
            if not gaps:
                return f"the text has no gap ({GAP})"
            return (
                "" if gaps == len(question.gaps) else f"{gaps} gaps, {len(question.gaps)} answers"
            )


def _problem_of_options(question: DraftQuestion) -> str:
    right = set(question.right)
    if problem := _problem_of_list(question.options, "options"):
        return problem
    if (
        not right
        or len(right) != len(question.right)
        or not right <= set(range(len(question.options)))
    ):
        return "right must name options by index, each once"
    if question.kind == QuestionKind.SINGLE and len(right) != 1:
        return "a single choice has one right option"
    return ""


def _problem_of_list(lines: list[str], name: str) -> str:
    if len(lines) < 2:
        return f"{name}: two or more are needed"
    return "" if len(set(lines)) == len(lines) else f"{name} repeat"
