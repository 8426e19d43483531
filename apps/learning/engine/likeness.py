"""Whether two questions ask the same."""

from rapidfuzz import fuzz

from apps.ai.prompts.quiz.schema import DraftQuestion, QuestionKind

from .words import plain

# Of 100: measured by words, whatever their order.
ALIKE = 92


def is_like(one: DraftQuestion, other: DraftQuestion) -> bool:
    """Nearly the same words, and nearly the same right answer.

    Many questions share a frame ("Which term means …?"), so the text alone doesn't tell.
    """
    return _ratio(one.text, other.text) >= ALIKE and _ratio(_answer(one), _answer(other)) >= ALIKE


def _ratio(one: str, other: str) -> float:
    return fuzz.token_sort_ratio(plain(one), plain(other))


def _answer(draft: DraftQuestion) -> str:
    match draft.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            return " ".join(draft.options[number] for number in sorted(draft.right))
        case QuestionKind.TRUE_FALSE:
            return str(draft.is_true)
        case QuestionKind.SHORT:
            return draft.accepted[0]
        case QuestionKind.NUMERIC:
            return f"{draft.value} {draft.unit}"
        case QuestionKind.ORDERING:
            return " ".join(draft.items)
        case QuestionKind.MATCHING:
            return " ".join(pair.left for pair in draft.pairs)
        case QuestionKind.CLOZE:
            return " ".join(accepted[0] for accepted in draft.gaps)
