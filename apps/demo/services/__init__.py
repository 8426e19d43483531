"""The whole demo, made once: people, courses, seats with progress and reviews."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import bus
from apps.core.errors import NotAllowed
from apps.courses.services import ensure_categories
from apps.notifications import services as notifications
from apps.notifications.selectors import notifications_of

from .. import texts
from .bans import ban_some
from .beside import talk, write_notes
from .concepts import make_concepts
from .courses import Place, make_course
from .discussions import make_discussions
from .forum import make_forum
from .habits import join_leaderboards, settle_habits
from .invitations import invite, reward
from .messages import make_conversations
from .people import Player, make_people
from .quizzes import make_quizzes
from .seats import draw_seats, make_seat
from .social import make_profiles
from .study import study, take_quizzes

LOCK = 7_201_777
UNREAD = 3
SHOWN_TEACHERS = ("teacher@example.com", "nurlan@example.com")  # one in either language
SHOWN_STUDENT = "student@example.com"


@bus.unheard()
def seed(*, at: datetime, tell: Callable[[str], None]) -> None:
    """Make what isn't there yet; what is there stays as people have changed it.

    All but the talks in one transaction: the site sees the whole demo or nothing, and no worker
    hears of it before.
    """
    if not settings.DEMO_MODE:
        raise NotAllowed(_("The demo is made in demo mode only."))
    people, places = _make(at=at, tell=tell)
    tell(f"{sum(talk(person, places, at=at) for person in people.values())} questions to the tutor")
    bus.deliver_everything()


@transaction.atomic
def _make(
    *, at: datetime, tell: Callable[[str], None]
) -> tuple[Mapping[str, Player], Mapping[str, Place]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    ensure_categories()
    people = make_people(texts.read_people(), at=at)
    new_people = [person for person in people.values() if person.is_new]
    tell(f"{len(new_people)} people")
    tell(f"{make_profiles(people, at=at)} follows")
    tell(f"{invite(people)} people who came by an invitation")
    courses = texts.read_courses()
    places = {text.key: make_course(text, people=people, at=at) for text in courses}
    new_places = [place for place in places.values() if place.is_new]
    tell(f"{len(new_places)} courses")
    tell(f"{sum(make_quizzes(place, at=at) for place in new_places)} quizzes")
    drawn = (
        make_concepts(text, places[text.key], at=at) for text in courses if places[text.key].is_new
    )
    tell(f"{sum(drawn)} concepts")
    seats = draw_seats(courses, people=people, places=places, at=at)
    count = sum(make_seat(seat, people=people, places=places, at=at) for seat in seats)
    tell(f"{count} seats")
    tell(f"{make_forum(people, at=at)} topics")
    talks = texts.read_conversations()
    said = make_conversations(talks, people=people, places=places, at=at)
    tell(f"{said} messages")
    tell(f"{make_discussions(people, places, at=at)} comments")
    tell(f"{ban_some(people, at=at)} bans")
    if new_people or new_places or count:
        _let_live(people, places, at=at, tell=tell)
    return people, places


def _let_live(
    people: Mapping[str, Player],
    places: Mapping[str, Place],
    *,
    at: datetime,
    tell: Callable[[str], None],
) -> None:
    reward(people)
    tell(f"{_let_study(people, at=at)} reviews of cards")
    tell(f"{sum(write_notes(person, places, at=at) for person in people.values())} notes")
    tell(f"{bus.deliver_everything()} events")
    tell(f"{settle_habits(at=at)} moments of joy")
    beginners = [person.user for person in people.values() if person.is_new]
    tell(f"{join_leaderboards(beginners, at=at)} places on leaderboards")
    users = [person.user for person in people.values()]
    notifications.take_back_letters(users=users)
    for user in users:
        _read_old_news(user, at)


def _let_study(people: Mapping[str, Player], *, at: datetime) -> int:
    """The one who shows the student's side has months of reviews; others have taken some quizzes."""
    teachers = User.objects.filter(email__in=SHOWN_TEACHERS)
    made = 0
    for player in people.values():
        if player.user.email == SHOWN_STUDENT:
            made = study(player.user, at=at)
        elif player.person.role == "student":
            take_quizzes(player.user, of=teachers)
    return made


def _read_old_news(user: User, at: datetime) -> None:
    """All but the newest few notifications have been seen."""
    for notification in notifications_of(user)[UNREAD:]:
        notifications.mark_read(user=user, notification_id=notification.pk, at=at)
