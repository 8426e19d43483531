"""Events of a lesson to be put in the order of their years."""

import random
from collections.abc import Iterator

from apps.ai.prompts.quiz.schema import DraftQuestion, QuestionKind

from ..candidates import Candidate
from ..lesson import Lesson
from ..sentences import Sentence
from ..wording import cited, phrase, printed
from ..words import first_high
from .numbers import event_of

FEWEST, MOST = 3, 5
LONGEST_QUOTE = 3_000


def candidates(lesson: Lesson, chance: random.Random) -> Iterator[Candidate]:
    dated: dict[int, tuple[str, Sentence]] = {}
    for sentence in lesson.sentences:
        found = event_of(sentence)
        if found:
            dated.setdefault(found[0], (found[1], sentence))
    chosen = sorted(dated.items())[:MOST]
    if len(chosen) < FEWEST:
        return
    sentences = sorted((sentence for _, (_, sentence) in chosen), key=lambda s: s.start)
    first, last = sentences[0], sentences[-1]
    quote = lesson.text[first.start : last.start + len(last.quote)]
    if len(quote) > LONGEST_QUOTE:
        return
    question = DraftQuestion(
        kind=QuestionKind.ORDERING,
        text=phrase(lesson.language, "chronological"),
        items=[printed(first_high(event)) for _, (event, _) in chosen],
        explanation=cited(*sentences),
        quote=quote,
        section=first.section,
    )
    uses = frozenset(f"sentence {sentence.number}" for sentence in sentences)
    yield Candidate(question, uses, first.number, 7)
