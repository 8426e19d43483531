"""What the nights of the months gone by would have counted."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.learning.services.difficulty import measure_questions
from apps.learning.services.study_time import sum_up

EVER = timedelta(days=400)


def catch_up(users: Iterable[User], *, at: datetime) -> int:
    """Hours of study by day, and how hard the questions are; how many people were summed up."""
    measure_questions(since=at - EVER)
    count = 0
    for user in users:
        sum_up(student=user, at=at)
        count += 1
    return count
