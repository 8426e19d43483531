"""What students of the demo wrote beside their lessons, how long they read, what they asked the tutor."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.core import bus
from apps.courses.models import Lesson
from apps.learning.models import Annotation, TutorThread
from apps.learning.services import beats
from apps.learning.services.annotations import Spot, annotate
from apps.learning.services.beats import Beat
from apps.learning.services.tutor import ask_tutor

from .courses import Place
from .people import Player

BEAT = timedelta(seconds=75)  # one counts until the next, for at most 90 seconds
READS = 0.8  # of the time that a lesson is said to take
BETWEEN = timedelta(minutes=2)


def read_lesson(student: User, lesson: Lesson, *, until: datetime) -> None:
    """The page was open and in use for about as long as the lesson takes."""
    moment = until - READS * timedelta(minutes=lesson.duration_minutes)
    told = [Beat(moment, beats.OPENED)]
    while (moment := moment + BEAT) < until:
        told.append(Beat(moment, beats.READING, beats.LONGEST))
    beats.tell_all(student_id=student.pk, lesson=lesson, beats=told)


def write_notes(player: Player, places: Mapping[str, Place], *, at: datetime) -> int:
    """Once: notes that were deleted since don't come back."""
    if Annotation.objects.visible_to(player.user).exists():
        return 0
    rows = [row for row in player.person.notes if row["course"] in places]
    for days, row in enumerate(rows, start=1):
        lesson = places[row["course"]].lessons[row["lesson"] - 1]
        written_at = at - timedelta(days=days)
        start = lesson.content.find(row["quote"])
        spot = Spot(quote=row["quote"], start=start if row["quote"] and start >= 0 else None)
        with bus.happening(written_at):
            annotate(
                student=player.user,
                lesson=lesson,
                at=written_at,
                text=row.get("text", ""),
                spot=spot,
            )
    return len(rows)


def talk(player: Player, places: Mapping[str, Place], *, at: datetime) -> int:
    """Last evening, with the tutor; outside of a transaction."""
    plan = player.person.talk
    if not plan or plan["course"] not in places:
        return 0
    lesson = places[plan["course"]].lessons[plan["lesson"] - 1]
    if TutorThread.objects.visible_to(player.user).exists():
        return 0
    moment = at - timedelta(hours=20)
    for text in plan["says"]:
        moment += BETWEEN
        with bus.happening(moment):
            ask_tutor(student=player.user, lesson=lesson, text=text, at=moment)
    return len(plan["says"])
