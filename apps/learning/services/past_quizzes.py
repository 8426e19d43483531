"""Quizzes of a student's past, told in bulk: the rows that taking them one by one would have left."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core.bus import happening

from ..models import Answer, Attempt, Note, NoteSource, Question, Quiz
from ..selectors.schedule import memory_settings_of
from . import evidence
from .attempts import Given, announce, laid_out, mark, put_answers
from .notes import add_basic, note_of


@dataclass
class Sheet:
    """An attempt that is under way, and its questions as they are shown."""

    attempt: Attempt
    answers: list[Answer]


@dataclass
class PastQuizzes:
    """What was taken so far, each handed in before the next one begins; nothing is stored yet."""

    student: User
    taken: list[Sheet] = field(default_factory=list)
    tries: Counter[int] = field(default_factory=Counter)

    def begin(self, quiz: Quiz, questions: Sequence[Question], at: datetime) -> Sheet:
        """`questions` are what `attempts.asked_in` finds; a limit of attempts isn't looked at."""
        self.tries[quiz.pk] += 1
        return Sheet(*laid_out(quiz, self.student, self.tries[quiz.pk], questions, at))

    def hand_in(self, sheet: Sheet, answers: Sequence[Given], at: datetime) -> Attempt:
        put_answers(sheet.attempt, {row.question_id: row for row in sheet.answers}, answers, at)
        mark(sheet.attempt, sheet.answers, at)
        self.taken.append(sheet)
        return sheet.attempt


def past_quizzes_of(student: User) -> PastQuizzes | None:
    """None for who has taken some already."""
    if Attempt.objects.filter(student=student).exists():
        return None
    return PastQuizzes(student)


@transaction.atomic
def keep_past_quizzes(*, past: PastQuizzes) -> int:
    """Store the attempts with all that follows from them, told as of their moments; how many."""
    if memory_settings_of(past.student).cards_from_mistakes:
        _make_cards(past.taken)
    Attempt.objects.bulk_create((sheet.attempt for sheet in past.taken), batch_size=500)
    rows = [row for sheet in past.taken for row in sheet.answers]
    for row in rows:
        row.attempt_id = row.attempt.pk
    Answer.objects.bulk_create(rows, batch_size=1000)
    evidence.record_past_quizzes(
        student=past.student, taken=[(sheet.attempt, sheet.answers) for sheet in past.taken]
    )
    for sheet in past.taken:
        assert sheet.attempt.submitted_at is not None
        with happening(sheet.attempt.submitted_at):
            announce(sheet.attempt)
    return len(past.taken)


def _make_cards(taken: Sequence[Sheet]) -> None:
    """One for each question that was got wrong, counted with the first attempt that did so."""
    drafts: dict[str, Note] = {}
    of_attempt: dict[str, Attempt] = {}
    for attempt, row in ((sheet.attempt, row) for sheet in taken for row in sheet.answers):
        if row.is_right is False:
            assert attempt.submitted_at is not None
            note = note_of(row, attempt, NoteSource.MISTAKE, attempt.submitted_at)
            key = note.source_key or ""
            drafts.setdefault(key, note)
            of_attempt.setdefault(key, attempt)
    for note in add_basic(list(drafts.values())):
        of_attempt[note.source_key or ""].cards_created += 1
