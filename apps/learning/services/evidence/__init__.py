"""What tells what a student knows: kept as facts, folded into mastery, replayed, taken back.

Locks come in one order: attempt or card, then the standing of student and course, under which
everything here is read and decided. Cards that earn credit are locked last and never waited for.
"""

from .contesting import take_back_review, unvoid, void
from .gathering import gathering
from .recording import (
    record_lesson,
    record_past_quizzes,
    record_past_reviews,
    record_pretest,
    record_quiz,
    record_refresh,
    record_review,
    record_turn,
)
from .replaying import replay, replay_merged

__all__ = [
    "gathering",
    "record_lesson",
    "record_past_quizzes",
    "record_past_reviews",
    "record_pretest",
    "record_quiz",
    "record_refresh",
    "record_review",
    "record_turn",
    "replay",
    "replay_merged",
    "take_back_review",
    "unvoid",
    "void",
]
