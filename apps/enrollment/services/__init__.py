"""Every change of seats, progress and reviews."""

from .counters import Difference, recount_course, recount_seats
from .progress import complete_lesson
from .reviews import (
    MAX_REVIEW,
    delete_review,
    edit_review,
    reply_to_review,
    vote_helpful,
    write_review,
)
from .seats import cancel_seat, enroll, enroll_at_once, free_seat, grant_seat

__all__ = [
    "MAX_REVIEW",
    "Difference",
    "cancel_seat",
    "complete_lesson",
    "delete_review",
    "edit_review",
    "enroll",
    "enroll_at_once",
    "free_seat",
    "grant_seat",
    "recount_course",
    "recount_seats",
    "reply_to_review",
    "vote_helpful",
    "write_review",
]
