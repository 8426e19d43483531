"""What people of the demo asked and answered beneath its lessons and courses."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from apps.community.models import Comment, Kind
from apps.community.services import comments
from apps.community.services.likes import toggle_like
from apps.core import bus

from ..texts import CONTENT
from .courses import Place
from .people import Player

BETWEEN = timedelta(minutes=70)


def make_discussions(
    people: Mapping[str, Player], places: Mapping[str, Place], *, at: datetime
) -> int:
    """Once: what was deleted since doesn't come back. How many comments were written."""
    threads = tomllib.loads((CONTENT / "discussions.toml").read_text())["threads"]
    rows = [row for row in threads if row["course"] in places]
    courses = {places[row["course"]].course.pk for row in rows}
    if Comment.objects.filter(course__in=courses).exists():
        return 0
    return sum(_thread(row, people, places[row["course"]], at) for row in rows)


def _thread(row: dict[str, Any], people: Mapping[str, Player], place: Place, at: datetime) -> int:
    moment = at - timedelta(days=row["days"])
    lesson = place.lessons[row["lesson"] - 1] if row["lesson"] else None
    with bus.happening(moment):
        root = comments.write_comment(
            author=people[row["by"]].user,
            course=place.course,
            lesson=lesson,
            content=row["text"],
            passage=row.get("passage", ""),
            is_question=row.get("question", False),
            at=moment,
        )
    _like(root, row, people, moment)
    for reply in row.get("replies", []):
        moment += BETWEEN
        with bus.happening(moment):
            made = comments.reply_to(
                comment=root, author=people[reply["by"]].user, content=reply["text"], at=moment
            )
            if reply.get("answers"):
                comments.mark_answer(question=root, answer=made, by=root.author, at=moment)
        _like(made, reply, people, moment)
    return 1 + len(row.get("replies", []))


def _like(
    comment: Comment, row: dict[str, Any], people: Mapping[str, Player], at: datetime
) -> None:
    """Of those who have a seat: others don't see it."""
    for name in row.get("likes", []):
        user = people[name].user
        if Comment.objects.visible_to(user).filter(pk=comment.pk).exists():
            with bus.happening(at):
                toggle_like(user=user, kind=Kind.COMMENT, object_id=comment.pk, at=at)
