"""The four first steps, read off the rows that they leave."""

from dataclasses import dataclass

from apps.accounts.models import User
from apps.courses.models import Lesson
from apps.enrollment.models import LessonCompletion
from apps.gamification.selectors.habits import habit_of
from apps.learning.models import Attempt, Card

from ..models import Start
from .picks import first_lesson_of


@dataclass(frozen=True)
class FirstSteps:
    """What is done of them; `has_day` is None for who switched streaks off."""

    lesson: Lesson
    has_read: bool
    attempt: Attempt | None
    has_card: bool
    has_day: bool | None

    @property
    def done(self) -> list[bool]:
        steps = [self.has_read, self.attempt is not None, self.has_card]
        return steps if self.has_day is None else [*steps, self.has_day]

    @property
    def is_complete(self) -> bool:
        return all(self.done)

    @property
    def count(self) -> int:
        return sum(self.done)


def first_steps_of(user: User, start: Start) -> FirstSteps | None:
    """None when they aren't under way, or the lesson isn't open to the person any more.

    Who reads a lesson as a preview has no seat to complete it in: for them the answered quiz says
    that it was read.
    """
    if start.opened_at is None or start.course_id is None:
        return None
    lesson = first_lesson_of(user, start.course_id)
    if lesson is None:
        return None
    done = LessonCompletion.objects.filter(
        enrollment__student=user, enrollment__course=start.course_id
    )
    attempts = Attempt.objects.filter(
        student=user, quiz__course=start.course_id, submitted_at__isnull=False
    )
    attempt = attempts.select_related("quiz").order_by("pk").first()
    habit = habit_of(user)
    return FirstSteps(
        lesson=lesson,
        has_read=attempt is not None or done.exists(),
        attempt=attempt,
        has_card=Card.objects.visible_to(user).exists(),
        has_day=habit.last_day is not None if habit.is_on else None,
    )
