"""What students of the demo did after their lessons: quizzes with mistakes, and reviews of cards."""

import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.core import bus
from apps.enrollment.models import LessonCompletion
from apps.learning.engine.marking import right_answer
from apps.learning.models import Answer, Attempt, Card, Quiz
from apps.learning.selectors.cards import due_cards
from apps.learning.services import attempts, notes, reviews

KNOWS = 0.72  # chance that a question is answered rightly
READS_ON = timedelta(minutes=4)
SESSION = 60  # cards at most
EVENING = timedelta(hours=19)
REST = timedelta(days=2)  # the last days without a session: some cards are due now
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4


@dataclass(frozen=True)
class Done:
    """A lesson that the student has completed."""

    lesson_id: int
    at: datetime


def take_quizzes(student: User, *, of: Collection[User]) -> int:
    """The student takes the quiz of every completed lesson of the teachers' courses; how many."""
    taken = 0
    for done in _completed(student, course__owner__in=of):
        with bus.happening(done.at + READS_ON):
            taken += _take_quiz(student, done)
    return taken


def study(student: User, *, at: datetime) -> int:
    """Quizzes and cards after each lesson, and a session in most evenings since; reviews made."""
    if Card.objects.visible_to(student).exists() or not (lessons := list(_completed(student))):
        return 0
    draw = random.Random(f"{student.username} reviews")  # noqa: S311
    made = 0
    for evening in _evenings(lessons[0].at, at - REST):
        while lessons and lessons[0].at < evening:
            done = lessons.pop(0)
            with bus.happening(done.at):
                _take_quiz(student, done)
                notes.cards_from_terms(student_id=student.pk, lesson_id=done.lesson_id, at=done.at)
        if draw.random() < 0.8:
            made += _session(student, evening, draw)
    for done in lessons:
        with bus.happening(done.at):
            _take_quiz(student, done)
            notes.cards_from_terms(student_id=student.pk, lesson_id=done.lesson_id, at=done.at)
    return made


def _completed(student: User, **filters: Any) -> Iterable[Done]:
    rows = LessonCompletion.objects.filter(enrollment__student=student)
    if filters:
        rows = rows.filter(**{f"lesson__{name}": value for name, value in filters.items()})
    pairs = rows.order_by("completed_at").values_list("lesson_id", "completed_at")
    return [Done(lesson_id, at) for lesson_id, at in pairs]


def _evenings(first: datetime, last: datetime) -> Iterable[datetime]:
    evening = first.replace(hour=0, minute=0, second=0, microsecond=0) + EVENING
    while evening < last:
        yield evening
        evening += timedelta(days=1)


def _take_quiz(student: User, done: Done) -> bool:
    quiz = Quiz.objects.published().filter(lesson_id=done.lesson_id).first()
    if quiz is None or Attempt.objects.filter(quiz=quiz, student=student).exists():
        return False
    begun_at = done.at + READS_ON
    draw = random.Random(f"{student.username} {quiz.title}")  # noqa: S311
    attempt = attempts.start_attempt(quiz=quiz, student=student, at=begun_at)
    rows = list(attempt.answers.select_related("version"))
    answers = [
        attempts.Given(row.question_id, _answer(row, draw), draw.randint(6_000, 40_000))
        for row in rows
    ]
    ended_at = begun_at + timedelta(minutes=2) * len(rows)
    attempts.submit_attempt(attempt=attempt, answers=answers, at=ended_at)
    return True


def _answer(row: Answer, draw: random.Random) -> Any:
    """The right answer, or now and then another option; for what has no options, none."""
    right = right_answer(row.version.kind, row.version.body)
    if draw.random() < KNOWS:
        return right
    if row.version.kind == "true_false":
        return not right
    others = [option for option in row.layout if option != right]
    return draw.choice(others) if row.version.kind == "single" and others else None


def _session(student: User, evening: datetime, draw: random.Random) -> int:
    cards = list(due_cards(student, evening)[:SESSION])
    moment = evening
    for card in cards:
        moment += timedelta(seconds=draw.randint(4, 20))
        with bus.happening(moment):
            reviews.review_card(
                card=card,
                rating=_grade(card, draw),
                at=moment,
                duration_ms=draw.randint(3_000, 18_000),
            )
    return len(cards)


def _grade(card: Card, draw: random.Random) -> int:
    """Remembered nine times of ten; the first sight of a card is harder."""
    remembers = draw.random() < (0.9 if card.reps else 0.7)
    return draw.choices((HARD, GOOD, EASY), (2, 7, 1))[0] if remembers else AGAIN
