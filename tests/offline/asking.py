"""Questions to the tutor about the demo's lessons, judged by hand: which passage answers them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from apps.ai.offline.passages import Passage, passages_of
from apps.ai.offline.retrieval import Asked, Candidate, Hit, ranked
from apps.demo.texts import read_courses

JUDGED = Path(__file__).parent / "tutor_questions.json"


@dataclass(frozen=True)
class Question:
    lesson: str
    text: str
    passages: tuple[str, ...]  # beginnings or parts of the sentences that answer
    answer: tuple[str, ...]  # words of the answer that guidance may not say

    @property
    def language(self) -> str:
        return self.lesson[:2]


def questions() -> list[Question]:
    rows = json.loads(JUDGED.read_text("utf-8"))
    return [
        Question(row["lesson"], row["question"], tuple(row["passage"]), tuple(row["answer"]))
        for row in rows
    ]


@lru_cache
def lessons() -> dict[str, tuple[str, str]]:
    """Path → title and text, course by course in order."""
    return {
        f"{course.language}/{course.key}/{lesson.file.removesuffix('.md')}": (
            lesson.title,
            lesson.content,
        )
        for course in read_courses()
        for _, in_module in course.modules
        for lesson in in_module
    }


@lru_cache(100)
def passages(path: str) -> tuple[Passage, ...]:
    title, text = lessons()[path]
    return tuple(passages_of(title, text, path[:2]))


def scope(path: str) -> list[str]:
    """The lessons of the course up to this one."""
    course = path.rpartition("/")[0]
    return [other for other in sorted(lessons()) if other.startswith(course) and other <= path]


def candidates(path: str) -> list[tuple[Candidate, Passage]]:
    rows = [(each == path, passage) for each in scope(path) for passage in passages(each)]
    return [
        (
            Candidate(number, p.text, p.section, p.lemmas, p.near, p.is_definition, home=home),
            p,
        )
        for number, (home, p) in enumerate(rows)
    ]


def found(question: Question) -> tuple[list[Hit], list[tuple[Candidate, Passage]]]:
    rows = candidates(question.lesson)
    asked = Asked.read(question.text, question.language)
    return ranked(asked, [candidate for candidate, _ in rows], len(rows)), rows


def answers(question: Question, text: str) -> bool:
    bare = re.sub(r"[*_]", "", text)
    return any(part in bare for part in question.passages)


def measured() -> Iterator[tuple[Question, list[bool], list[bool]]]:
    """For each question and hit: whether the sentence answers, and whether it or one beside it does."""
    for question in questions():
        hits, rows = found(question)
        sentence = [answers(question, rows[hit.id][1].text) for hit in hits]
        passage = [
            any(
                answers(question, row[1].text)
                for row in rows[max(0, hit.id - 1) : hit.id + 2]
                if row[1].section == rows[hit.id][1].section
            )
            for hit in hits
        ]
        yield question, sentence, passage
