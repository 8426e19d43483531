"""Which of the possible questions a quiz asks: the best first, nothing twice, a few of each kind."""

from collections import Counter
from collections.abc import Iterator

from apps.ai.material import Material
from apps.ai.prompts.quiz.schema import QuestionKind, QuizDraft

from .candidates import Candidate
from .kinds import definitions, matching
from .lesson import Lesson, read
from .validate import faults_in

MOST = 12
WORDS_PER_QUESTION = 60
MOST_OF_KIND = {
    QuestionKind.SINGLE: 5,
    QuestionKind.SHORT: 3,
    QuestionKind.MATCHING: 2,
    QuestionKind.NUMERIC: 2,
    QuestionKind.TRUE_FALSE: 2,
    QuestionKind.ORDERING: 1,
    QuestionKind.CLOZE: 2,
}
MAKERS = (definitions, matching)


def make_quiz(material: Material) -> QuizDraft:
    lesson = read(material.title, material.text, material.language)
    if lesson is None:
        return QuizDraft(questions=[])
    chosen = choose(lesson, sorted(possible(lesson), key=lambda candidate: -candidate.score))
    chosen.sort(key=lambda candidate: candidate.place)
    return QuizDraft(questions=[candidate.question for candidate in chosen])


def possible(lesson: Lesson) -> Iterator[Candidate]:
    for maker in MAKERS:
        chance = lesson.chance(maker.__name__)
        yield from maker.candidates(lesson, chance)


def choose(lesson: Lesson, candidates: list[Candidate]) -> list[Candidate]:
    most = min(MOST, 2 + lesson.words // WORDS_PER_QUESTION)
    chosen: list[Candidate] = []
    used: set[str] = set()
    kinds: Counter[QuestionKind] = Counter()
    for candidate in candidates:
        kind = candidate.question.kind
        if used & candidate.uses or kinds[kind] >= MOST_OF_KIND[kind]:
            continue
        if faults_in(candidate.question, lesson):
            continue
        used |= candidate.uses
        kinds[kind] += 1
        chosen.append(candidate)
        if len(chosen) == most:
            break
    return chosen
