"""Best answers: one at a question, whose author has the XP until another one is chosen."""

from datetime import datetime

from django.db import connection

from apps.core.transactions import joined

from ..engine.rules import UNDONE
from ..models import Act
from ..selectors import deeds
from . import acts

# Whoever gives and takes for a question holds its lock, and asks what is chosen after it got it.
_LOCK = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"
SPACE = 0x0A5E


@joined
def settle_best(*, kind: str, object_id: int, at: datetime) -> None:
    """Give what the chosen answer brings to its author, and take it from those chosen before.

    An answer that isn't chosen any more when this is told changes nothing: what took its place
    is told, too.
    """
    best = deeds.best_answer(kind, object_id)
    if best is None:
        return
    lock(best.question)
    best = deeds.best_answer(kind, object_id)
    if best is None:
        return
    deed = deeds.of_answer(best, at)
    credited = Act.objects.filter(
        rule__in=("answer", "answer" + UNDONE),
        source__gte=best.question,
        source__lt=f"{best.question}$",
    )
    people = set(credited.values_list("user_id", flat=True)) | {best.author_id}
    # in one order, as their habits are locked
    for person in sorted(people):
        holds = person == best.author_id and person != best.asker_id
        acts.settle(user_id=person, deed=deed, holds=holds, at=at)


def lock(question: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [SPACE, question])
