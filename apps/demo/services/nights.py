"""What the nights of the months gone by would have counted."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.learning.selectors.log import students_to_fit
from apps.learning.services.difficulty import measure_questions
from apps.learning.services.parameters import fit_memory
from apps.learning.services.study_time import sum_up

EVER = timedelta(days=400)


def catch_up(users: Iterable[User], *, at: datetime) -> int:
    """Hours of study by day, how hard the questions are, and schedules of one's own for those with
    enough reviews; how many people were summed up."""
    measure_questions(since=at - EVER)
    to_fit = {*students_to_fit()}
    count = 0
    for user in users:
        sum_up(student=user, at=at)
        if user.pk in to_fit:
            fit_memory(student=user, at=at)
        count += 1
    return count
