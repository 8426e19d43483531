"""Naming people in a text: who is named hears of it, ten people at most, once for each text."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, QuerySet

from apps.accounts.models import User
from apps.core.bus import publish
from apps.social.selectors import ids_apart_from

from ..events import UserMentioned
from ..models import Mention
from ..selectors.texts import names_in
from ..selectors.things import MODELS

MAX_TOLD = 10
# one person is told of another's texts so often a day, however many of them are written anew
MAX_A_DAY = 10
DAY = timedelta(days=1)


@transaction.atomic
def mention_people(
    *, author: User, kind: str, object_id: int, text: str, at: datetime
) -> list[int]:
    """Tell those named in the text who may see it and aren't kept apart from its author.

    After an edit only those who are new are told; a text never tells more than ten. Returns the
    ids of who is told now.
    """
    names = names_in(text)
    if not names:
        return []
    told = set(
        Mention.objects.filter(kind=kind, object_id=object_id).values_list("user", flat=True)
    )
    left = MAX_TOLD - len(told)
    if left <= 0:
        return []
    people = User.objects.filter(username__in=names, is_active=True, erased_at=None)
    apart = ids_apart_from(author) | told | {author.pk} | _told_enough(author, people, at)
    by_name = {person.username: person for person in people if person.pk not in apart}
    found: list[int] = []
    for name in names:
        person = by_name.get(name)
        if person is None or len(found) == left:
            continue
        if MODELS[kind].objects.visible_to(person).filter(pk=object_id).exists():
            found.append(person.pk)
    for user_id in found:
        _row, made = Mention.objects.get_or_create(
            user_id=user_id,
            kind=kind,
            object_id=object_id,
            defaults={"author": author, "created_at": at},
        )
        if made:
            publish(
                UserMentioned(
                    kind=str(kind), object_id=object_id, author_id=author.pk, user_id=user_id
                )
            )
    return found


def _told_enough(author: User, people: QuerySet[User], at: datetime) -> set[int]:
    today = Mention.objects.filter(
        user__in=people.values("pk"), author=author, created_at__gt=at - DAY
    )
    counted = today.values("user").annotate(count=Count("pk")).filter(count__gte=MAX_A_DAY)
    return set(counted.values_list("user", flat=True))
