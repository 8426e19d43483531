"""What an open page tells: that the lesson was opened, and that the student is still at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from apps.courses.models import Lesson

from ..models import Activity, Verb
from .acts import iso_duration
from .statements import Act, Thing, record_all

# Beats of a person within so many seconds are one, from however many pages they come.
STEP = 10
LONGEST = 30  # seconds that one beat can tell of
OPENED, READING, WATCHING, DIGEST = "opened", "lesson", "video", "digest"
VERBS = {
    OPENED: Verb.EXPERIENCED,
    READING: Verb.INTERACTED,
    WATCHING: Verb.PLAYED,
    DIGEST: Verb.EXPERIENCED,
}
ONCE_EACH = (OPENED, DIGEST)


@dataclass(frozen=True)
class Beat:
    """One of `OPENED`, `DIGEST`, or that the student was at it for the last `seconds`."""

    at: datetime
    kind: str
    seconds: float = 0


def tell(*, student_id: int, lesson: Lesson, at: datetime, kind: str, seconds: float) -> None:
    tell_all(student_id=student_id, lesson=lesson, beats=[Beat(at, kind, seconds)])


def tell_all(*, student_id: int, lesson: Lesson, beats: Iterable[Beat]) -> None:
    """Beats of one page, in one statement."""
    record_all(acts=[_act(student_id, lesson, beat) for beat in beats])


def _act(student_id: int, lesson: Lesson, beat: Beat) -> Act:
    at, kind = _stepped(beat.at), beat.kind
    place = f"{student_id}:{lesson.pk}" if kind in ONCE_EACH else f"{student_id}"
    named = kind != DIGEST
    return Act(
        key=f"{kind if kind in ONCE_EACH else 'beat'}:{place}:{at.timestamp():.0f}",
        actor_id=student_id,
        verb=VERBS[kind],
        object=Thing(
            activity=Activity.LESSON if named else Activity.DIGEST,
            id=lesson.pk,
            name=lesson.title if named else "",
        ),
        at=at,
        received_at=at,
        result={}
        if kind in ONCE_EACH
        else {"duration": iso_duration(min(max(beat.seconds, 0), LONGEST))},
        course_id=lesson.course_id,
        lesson_id=lesson.pk,
    )


def _stepped(at: datetime) -> datetime:
    """The beginning of the step that the moment is in: a fact that repeats share."""
    return datetime.fromtimestamp(at.timestamp() // STEP * STEP, tz=UTC)
