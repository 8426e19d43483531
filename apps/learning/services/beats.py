"""What an open page tells: that the lesson was opened, and that the student is still at it."""

from datetime import UTC, datetime

from apps.courses.models import Lesson

from ..models import Activity, Verb
from .acts import iso_duration
from .statements import Thing, record

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


def tell(*, student_id: int, lesson: Lesson, at: datetime, kind: str, seconds: float) -> None:
    """One of `OPENED`, `DIGEST`, or that the student was at it for the last `seconds`."""
    at = _stepped(at)
    place = f"{student_id}:{lesson.pk}" if kind in ONCE_EACH else f"{student_id}"
    named = kind != DIGEST
    record(
        actor_id=student_id,
        verb=VERBS[kind],
        object=Thing(
            activity=Activity.LESSON if named else Activity.DIGEST,
            id=lesson.pk,
            name=lesson.title if named else "",
        ),
        at=at,
        result={}
        if kind in ONCE_EACH
        else {"duration": iso_duration(min(max(seconds, 0), LONGEST))},
        course_id=lesson.course_id,
        lesson_id=lesson.pk,
        key=f"{kind if kind in ONCE_EACH else 'beat'}:{place}:{at.timestamp():.0f}",
    )


def _stepped(at: datetime) -> datetime:
    """The beginning of the step that the moment is in: a fact that repeats share."""
    return datetime.fromtimestamp(at.timestamp() // STEP * STEP, tz=UTC)
