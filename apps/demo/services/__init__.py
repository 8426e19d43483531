"""The whole demo, made once: people, courses, and months of what they did."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import bus, realtime
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
from .habits import join_leaderboards, retell_habits, settle_habits
from .invitations import invite, reward
from .messages import make_conversations
from .nights import catch_up
from .opinions import Opinions
from .paces import Pace
from .people import Player, make_people
from .quizzes import make_quizzes
from .seats import plan_seats
from .social import follow_teachers, make_profiles
from .study import live
from .telling import Tell, portions

LOCK = 7_201_777
UNREAD = 3
# whose part is done here: in bulk at the end, or in the order of what happened
SPARED = (
    "gamification",
    "learning.make_cards_from_terms",
    "learning.count_lesson_as_evidence",
)


@bus.unheard()
@realtime.unseen()
def seed(*, at: datetime, tell: Tell) -> None:
    """Make what isn't there yet; what is there stays as people have changed it.

    All but the talks in one transaction: the site sees the whole demo or nothing, and no worker
    hears of it before.
    """
    if not settings.DEMO_MODE:
        raise NotAllowed(_("The demo is made in demo mode only."))
    people, places = _make(at=at, tell=tell)
    asked = sum(talk(person, places, at=at) for person in people.values())
    bus.deliver_everything()
    tell(f"{asked} questions to the tutor", 1.0)


@transaction.atomic
def _make(*, at: datetime, tell: Tell) -> tuple[Mapping[str, Player], Mapping[str, Place]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    with bus.sparing(*SPARED):
        people = _make_people(at=at, tell=tell)
        courses = texts.read_courses()
        places = _make_courses(courses, people, at=at, tell=tell)
        seats = _make_lives(courses, people, places, at=at, tell=tell)
        _make_talks(people, places, at=at, tell=tell)
        if seats or any(person.is_new for person in people.values()):
            reward(people)
            notes = sum(write_notes(person, places, at=at) for person in people.values())
            tell(f"{notes} notes", 0.63)
    fresh = [person.user for person in people.values() if person.is_new]
    if fresh or seats:
        _settle(fresh, [person.user for person in people.values()], at=at, tell=tell)
    return people, places


def _make_people(*, at: datetime, tell: Tell) -> dict[str, Player]:
    ensure_categories()
    people = make_people([*texts.read_people(), *texts.read_crowd()], at=at)
    tell(f"{sum(person.is_new for person in people.values())} people", 0.02)
    follows = make_profiles(people, at=at) + follow_teachers(people, at=at)
    tell(f"{follows} follows", 0.03)
    tell(f"{invite(people)} people who came by an invitation", 0.03)
    return people


def _make_courses(
    courses: Collection[texts.CourseText],
    people: Mapping[str, Player],
    *,
    at: datetime,
    tell: Tell,
) -> dict[str, Place]:
    places = {text.key: make_course(text, people=people, at=at) for text in courses}
    fresh = [(text, places[text.key]) for text in courses if places[text.key].is_new]
    # lessons are read into passages before there are questions whose quotes would be looked for
    bus.deliver_everything()
    tell(f"{len(fresh)} courses", 0.13)
    quizzes = sum(make_quizzes(*each, at=at) for each in portions(fresh, tell, 0.13, 0.19))
    tell(f"{quizzes} quizzes", 0.19)
    tell(f"{sum(make_concepts(*each, at=at) for each in fresh)} concepts", 0.24)
    return places


def _make_lives(
    courses: Collection[texts.CourseText],
    people: Mapping[str, Player],
    places: Mapping[str, Place],
    *,
    at: datetime,
    tell: Tell,
) -> int:
    """Whoever learns has a pace; how many seats were taken."""
    paces = {name: Pace.of(row) for name, row in texts.read_paces().items()}
    opinions = Opinions(texts.read_opinions())
    learners = [person for person in people.values() if person.person.pace]
    seats = 0
    for player in portions(learners, tell, 0.24, 0.58):
        pace = paces[player.person.pace]
        plans = plan_seats(player, pace, list(courses), places, opinions=opinions, at=at)
        seats += live(player, pace, plans, places, at=at)
    tell(f"{seats} seats, and what was learnt on them", 0.58)
    return seats


def _make_talks(
    people: Mapping[str, Player], places: Mapping[str, Place], *, at: datetime, tell: Tell
) -> None:
    tell(f"{make_forum(people, at=at)} topics", 0.59)
    talks = texts.read_conversations()
    said = make_conversations(talks, people=people, places=places, at=at)
    tell(f"{said} messages", 0.60)
    tell(f"{make_discussions(people, places, at=at)} comments", 0.62)
    tell(f"{ban_some(people, at=at)} bans", 0.62)


def _settle(fresh: list[User], users: list[User], *, at: datetime, tell: Tell) -> None:
    """What follows from all that: habits, figures of the nights gone by, and old news read."""
    tell(f"{retell_habits(users, at=at, tell=tell)} acts", 0.75)
    delivered = bus.deliver_everything(lambda share: tell("", 0.75 + 0.20 * share))
    tell(f"{delivered} events", 0.95)
    tell(f"{catch_up(users, at=at)} people summed up", 0.96)
    tell(f"{settle_habits(users, at=at)} moments of joy", 0.97)
    tell(f"{join_leaderboards(fresh, at=at)} places on leaderboards", 0.97)
    notifications.take_back_letters(users=users)
    for user in users:
        _read_old_news(user, at)


def _read_old_news(user: User, at: datetime) -> None:
    """All but the newest few notifications have been seen."""
    newest = list(notifications_of(user)[:UNREAD])
    if newest:
        notifications.mark_all_read(user=user, at=at, before=newest[-1].created_at)
