"""Statements as xAPI 1.0.3 writes them, with the actor as far as the reader may know them."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, override, pgettext

from apps.courses.models import Course

from ..models import Activity, Statement, Verb

ADL = "http://adlnet.gov/expapi/"
STREAMS = "http://activitystrea.ms/schema/1.0/"
VERBS = {
    Verb.PLAYED: "https://w3id.org/xapi/video/verbs/played",
    Verb.ANNOTATED: f"{STREAMS}create",
    Verb.BOOKMARKED: "http://id.tincanapi.com/verb/bookmarked",
}
TYPES = {
    Activity.COURSE: f"{ADL}activities/course",
    Activity.LESSON: f"{ADL}activities/lesson",
    Activity.QUIZ: f"{ADL}activities/assessment",
    Activity.PRETEST: f"{ADL}activities/assessment",
    Activity.QUESTION: f"{ADL}activities/question",
    Activity.NOTE: f"{STREAMS}note",
}
SALT = "learning.statement"


def verb_iri(verb: str) -> str:
    return VERBS.get(Verb(verb), f"{ADL}verbs/{verb}")


def type_iri(activity: str) -> str:
    return TYPES.get(Activity(activity), f"{settings.SITE_URL}/xapi/activities/{activity}")


def secret_id(*parts: object) -> UUID:
    """An id that is the same each time and tells nothing of what it was made from."""
    text = ":".join(map(str, parts))
    return UUID(bytes=salted_hmac(SALT, text, algorithm="sha256").digest()[:16], version=4)


def shape_of(row: Statement, scope: str = "") -> dict[str, Any]:
    """The statement; within a `scope` all ids that lead to the person are others than elsewhere."""
    return {
        "id": str(_id(row.id, scope)),
        "actor": _actor(row.actor_id, scope),
        "verb": {"id": verb_iri(row.verb), "display": {"en": row.verb}},
        "object": _object(row, scope),
        **({"result": row.result} if row.result else {}),
        "context": _context(row, scope),
        "timestamp": row.at.isoformat(),
        "stored": row.stored_at.isoformat(),
        "version": "1.0.3",
    }


def _id(made: UUID, scope: str) -> UUID:
    return secret_id(scope, "statement", made) if scope else made


def _actor(actor_id: int | None, scope: str) -> dict[str, Any]:
    name = "erased" if actor_id is None else secret_id(scope, "actor", actor_id).hex
    return {
        "objectType": "Agent",
        "account": {"homePage": settings.SITE_URL, "name": name},
    }


def _object(row: Statement, scope: str) -> dict[str, Any]:
    if row.voids is not None:
        return {"objectType": "StatementRef", "id": str(_id(row.voids, scope))}
    language = row.language or "en"
    key: object = row.object_id
    if scope and row.activity in PERSONAL:
        key = secret_id(scope, row.activity, row.object_id).hex
    return {
        "objectType": "Activity",
        "id": f"{settings.SITE_URL}/xapi/{row.activity}/{key}",
        "definition": {
            "type": type_iri(row.activity),
            "name": {language: row.name or _kind_name(row.activity, language)},
        },
    }


# rows that belong to one student: their ids would tell who it is
PERSONAL = (Activity.CARD, Activity.TALK, Activity.NOTE, Activity.PRETEST)


def _kind_name(activity: str, language: str) -> str:
    """What it is, where it has no name that others may read."""
    with override(language):
        return {
            Activity.CARD: pgettext("to review", "Card"),
            Activity.TALK: gettext("Talk with the tutor"),
            Activity.DIGEST: gettext("The lesson in short"),
            Activity.NOTE: gettext("Note in a lesson"),
            Activity.PRETEST: gettext("Pre-test"),
        }.get(Activity(activity), activity)


def _context(row: Statement, scope: str) -> dict[str, Any]:
    grouping = []
    if row.course_id is not None:
        grouping.append(_place("course", row.course_id))
    parent = [_place("lesson", row.lesson_id)] if row.lesson_id is not None else []
    return {
        **({"registration": str(secret_id(scope, "seat", row.seat_id))} if row.seat_id else {}),
        "platform": "EduPlatform",
        **({"language": row.language} if row.language else {}),
        "contextActivities": {
            **({"parent": parent} if parent else {}),
            **({"grouping": grouping} if grouping else {}),
        },
    }


def _place(activity: str, pk: int) -> dict[str, Any]:
    return {
        "objectType": "Activity",
        "id": f"{settings.SITE_URL}/xapi/{activity}/{pk}",
        "definition": {"type": type_iri(activity)},
    }


# ── A teacher's file ──────────────────────────────────────────────────────────────────────────
BATCH = 1000


def lines_of_course(course: Course, until: datetime) -> Iterator[bytes]:
    """Each statement of the course as a line of JSON, by people whose names hold in this file alone."""
    scope = f"course:{course.pk}"
    rows = Statement.objects.filter(course_id=course.pk, at__lt=until).order_by("at", "id")
    rows = rows.exclude(actor_id=course.owner_id)
    last: Statement | None = None
    while True:
        page = rows
        if last is not None:
            # written twice, so that the index and only the months still ahead are read
            page = rows.filter(at__gte=last.at).exclude(at=last.at, id__lte=last.id)
        found = list(page[:BATCH])
        for row in found:
            yield json.dumps(shape_of(row, scope), ensure_ascii=False).encode() + b"\n"
        if len(found) < BATCH:
            return
        last = found[-1]
