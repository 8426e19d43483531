"""What is read of a person from many apps: the profile, and its lists."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from apps.accounts.models import User
from apps.core.errors import NotFound
from apps.courses.models import Course, CourseQuerySet
from apps.enrollment.models import Enrollment, SeatStatus
from apps.social.models import Profile
from apps.social.selectors import people_visible_to, profile_of

FINISHED = [SeatStatus.COMPLETED, SeatStatus.CERTIFIED]
ORDERING = ("-published_at", "-id")


@dataclass(frozen=True)
class Shown:
    """A person's profile for one viewer. Counts are None where the person doesn't show courses."""

    person: User
    profile: Profile
    is_self: bool
    courses_completed: int | None
    courses_created: int | None

    @property
    def shows_courses(self) -> bool:
        return self.is_self or self.profile.show_courses

    @property
    def shows_badges(self) -> bool:
        return self.is_self or self.profile.show_badges

    @property
    def shows_activity(self) -> bool:
        return self.is_self or self.profile.show_activity


def get_person(viewer: Any, username: str) -> User:
    """By username; who is private, or kept apart from the viewer by a block, isn't there."""
    person = people_visible_to(viewer).filter(username=username.lower()).first()
    if person is None:
        raise NotFound
    return person


def shown_profile(viewer: Any, person: User) -> Shown:
    """The profile of a person whom the viewer may see."""
    profile = profile_of(person)
    is_self = person.pk == viewer.pk
    completed = created = None
    if is_self or profile.show_courses:
        completed = courses_of(person, kind="completed").count()
        created = courses_of(person, kind="created").count()
    return Shown(person, profile, is_self, completed, created)


def courses_of(person: User, kind: str = "") -> CourseQuerySet:
    """Published courses that the person made or finished, each with `completed_at`."""
    seats = Enrollment.objects.of(person).filter(course=OuterRef("pk"), status__in=FINISHED)
    courses = Course.objects.published().annotate(
        completed_at=Subquery(seats.values("completed_at")[:1])
    )
    is_kind = {"created": Q(owner=person), "completed": Q(completed_at__isnull=False)}
    return courses.filter(is_kind.get(kind) or is_kind["created"] | is_kind["completed"])
