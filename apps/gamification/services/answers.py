"""Best answers: one at a question, whose author has the XP until another one is chosen."""

from collections import defaultdict
from datetime import datetime

from django.db import connection

from apps.core.transactions import joined

from ..models import Act
from ..selectors import deeds
from . import acts

# Whoever gives and takes for a question holds the lock, and asks what is chosen after it got it. One
# for all questions: an answer is chosen seldom, and which question it is of isn't known before.
LOCK = 0x0A5E_BE57


@joined
def settle_best(*, kind: str, object_id: int, at: datetime) -> None:
    """Give what the chosen answer brings to its author, and take it from those chosen before.

    An answer that isn't chosen any more when this is told changes nothing: what took its place
    is told, too.
    """
    lock()
    best = deeds.best_answer(kind, object_id)
    if best is None:
        return
    deed = deeds.of_answer(best, at)
    by_person: dict[int, list[Act]] = defaultdict(list)
    for row in acts.family(deed):
        by_person[row.user_id].append(row)
    books = acts.open_books(by_person.keys() | {best.author_id})
    for person, book in books.items():
        holds = person == best.author_id and person != best.asker_id
        acts.settle_in(book, deed, by_person[person], holds, at)


def lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
