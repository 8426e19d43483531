"""Which of the possible questions a quiz asks: the best first, nothing twice, a few of each kind."""

from collections import Counter
from collections.abc import Iterator

from apps.ai.material import Material
from apps.ai.prompts.quiz.schema import QuestionKind, QuizDraft

from .candidates import Candidate
from .kinds import definitions, events, matching, numbers, sentences
from .lesson import Lesson, read
from .validate import faults_in

MOST = 12
WORDS_PER_QUESTION = 60
SAME_KIND = 0.7  # what a kind loses each time that it was taken
MOST_OF_KIND = {
    QuestionKind.SINGLE: 5,
    QuestionKind.SHORT: 3,
    QuestionKind.MATCHING: 2,
    QuestionKind.NUMERIC: 2,
    QuestionKind.TRUE_FALSE: 2,
    QuestionKind.ORDERING: 1,
    QuestionKind.CLOZE: 2,
}
MAKERS = (definitions, matching, sentences, numbers, events)


def make_quiz(material: Material) -> QuizDraft:
    lesson = read(material.title, material.text, material.language)
    if lesson is None:
        return QuizDraft(questions=[])
    chosen = sorted(choose(lesson, list(possible(lesson))), key=lambda candidate: candidate.place)
    return QuizDraft(questions=[candidate.question for candidate in chosen])


def possible(lesson: Lesson) -> Iterator[Candidate]:
    for maker in MAKERS:
        chance = lesson.chance(maker.__name__)
        yield from maker.candidates(lesson, chance)


def choose(lesson: Lesson, candidates: list[Candidate]) -> list[Candidate]:
    """The best one after another; a kind that was asked already weighs less each time."""
    most = min(MOST, 2 + lesson.words // WORDS_PER_QUESTION)
    left = list(candidates)
    chosen: list[Candidate] = []
    kinds: Counter[QuestionKind] = Counter()
    while left and len(chosen) < most:
        best = max(left, key=lambda c: c.score - SAME_KIND * kinds[c.question.kind])
        left.remove(best)
        if faults_in(best.question, lesson):
            continue
        chosen.append(best)
        kinds[best.question.kind] += 1
        left = [
            candidate
            for candidate in left
            if not candidate.uses & best.uses
            and kinds[candidate.question.kind] < MOST_OF_KIND[candidate.question.kind]
        ]
    return chosen
