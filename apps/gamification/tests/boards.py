"""A course with people who learn in it and take part in its leaderboard."""

from datetime import UTC, datetime, timedelta

from apps.accounts.models import User
from apps.accounts.tests.factories import UserFactory
from apps.courses.models import Course
from apps.courses.tests.factories import CourseFactory
from apps.enrollment.services.seats import grant_seat
from apps.gamification.selectors.boards import leaderboard_of
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts, boards

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
LAST_WEEK = NOW - timedelta(days=7)


class Class:
    """People by name; each lesson brings 20 XP."""

    def __init__(self, owner: User | None = None) -> None:
        fields = {"owner": owner} if owner else {}
        self.course: Course = CourseFactory(status="published", **fields)
        self.number = 0

    def seat(self, user: User) -> User:
        grant_seat(student_id=user.pk, course_id=self.course.pk, at=NOW)
        return user

    def add(self, name: str, lessons: int = 0, *, at: datetime = NOW, joins: bool = True) -> User:
        user: User = self.seat(UserFactory(username=name, name=name.title()))
        self.learn(user, lessons, at)
        if joins:
            boards.join(user=user, course=self.course, at=at)
        return user

    def learn(self, user: User, lessons: int, at: datetime = NOW) -> None:
        for _ in range(lessons):
            self.number += 1
            deed = Deed("lesson", str(self.number), at, self.course.pk)
            acts.record(user_id=user.pk, deeds=[deed])

    def board(self, viewer: User, period: str = "week", at: datetime = NOW):
        return leaderboard_of(viewer, self.course, period, at)

    def shown(self, viewer: User, period: str = "week") -> list[tuple[int, str, int]]:
        places = self.board(viewer, period).places
        return [(place.rank, place.user.username, place.xp) for place in places]
