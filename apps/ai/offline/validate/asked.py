"""A question beside its lesson, as the rules look at it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from apps.ai.prompts.quiz.schema import GAP, DraftQuestion, QuestionKind

from ..definitions import Definition
from ..lesson import Lesson
from ..markdown_text import read_inline
from ..words import WORD, content_set, first_high, letters, lists

ALMOST = 92  # percent of likeness that count as the same words
DESCRIBING = 4  # content words: such an answer describes; a shorter one names

SINGLE, MULTIPLE, TRUE_FALSE = QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE
SHORT, NUMERIC, CLOZE = QuestionKind.SHORT, QuestionKind.NUMERIC, QuestionKind.CLOZE
ORDERING, MATCHING = QuestionKind.ORDERING, QuestionKind.MATCHING


@dataclass(frozen=True)
class Asked:
    """A question beside its lesson, as rules look at it."""

    question: DraftQuestion
    lesson: Lesson

    @property
    def language(self) -> str:
        return self.lesson.language

    def words(self, text: str) -> frozenset[str]:
        return content_set(text, self.language)

    @cached_property
    def text(self) -> str:
        """What is read of the question, without the words that introduce a statement."""
        text = read(self.question.text)
        for introduction in self._introductions:
            text = text.removeprefix(introduction)
        return text

    @property
    def _introductions(self) -> Iterable[str]:
        wording = lists(self.language).wording
        keys = ("statement", "number", "year", "complete")
        return [wording[key].partition("{")[0] for key in keys]

    @cached_property
    def stem(self) -> frozenset[str]:
        """Content words of the question, without those of the introduction of a quotation."""
        quotation = re.search(r"[“«](.+)[”»]", self.text)
        return self.words(quotation[1] if quotation else self.text.replace(GAP, " "))

    @cached_property
    def options(self) -> list[str]:
        return [read(option) for option in self.question.options]

    @cached_property
    def answers(self) -> list[str]:
        """The right answers in words; none for kinds that have their own form."""
        question = self.question
        if question.kind == CLOZE:
            return [gap[0] for gap in question.gaps]
        if question.kind == SHORT:
            return question.accepted[:1]
        return [self.options[place] for place in question.right if place < len(self.options)]

    @cached_property
    def wrong(self) -> list[str]:
        right = set(self.question.right)
        return [text for place, text in enumerate(self.options) if place not in right]

    @cached_property
    def names(self) -> bool:
        """The answers are terms or names, not descriptions."""
        return all(
            len(self.words(answer)) < DESCRIBING
            and (len(WORD.findall(answer)) < DESCRIBING or len(self.stem) > len(self.words(answer)))
            for answer in self.answers
        )

    @cached_property
    def quote(self) -> frozenset[str]:
        return self.words(read(self.question.quote))

    @cached_property
    def own(self) -> set[int]:
        """The sentences that the quote stands in or holds."""
        quote = letters(read(self.question.quote))
        return {
            number
            for number, sentence in enumerate(self.lesson.sentence_letters)
            if sentence and quote and (sentence in quote or quote in sentence)
        }

    @cached_property
    def statement(self) -> str:
        """The text as a whole statement, with the answer in its gap."""
        text = self.text
        if self.question.kind == NUMERIC and GAP not in text:
            return first_high(text.rstrip("?")).rstrip(".") + "."
        for answer in self.answers or ["7"]:
            text = text.replace(GAP, answer, 1)
        return first_high(text)

    @cached_property
    def defined(self) -> Definition | None:
        """What it is a statement of the meaning of: such a sentence needs no other."""
        said = letters(self.text)
        return next(
            (
                definition
                for definition in self.lesson.definitions
                if definition.joint
                and said.startswith(letters(definition.subject + definition.joint))
            ),
            None,
        )


def read(markdown: str) -> str:
    """One line as a reader reads it."""
    shown = read_inline(" ".join(markdown.split()))
    return markdown if shown is None else shown
