"""What people say they want to learn."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid

from ..models import Interest, User

MAX_INTERESTS = 20


@transaction.atomic
def choose_interests(*, user: User, subjects: Iterable[str], words: Iterable[str]) -> None:
    """These instead of those chosen before; `subjects` are keys that the caller has checked."""
    wanted = [(Interest.Kind.SUBJECT, key) for key in dict.fromkeys(subjects)]
    wanted += [(Interest.Kind.WORDS, text) for text in dict.fromkeys(words)]
    if len(wanted) > MAX_INTERESTS:
        raise Invalid(_("Twenty at most: they should say what matters to you."))
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # one choice after the other
    kept = {(row.kind, row.value): row.pk for row in user.interests.all()}
    user.interests.exclude(pk__in=[kept[one] for one in wanted if one in kept]).delete()
    Interest.objects.bulk_create(
        Interest(user=user, kind=kind, value=value)
        for kind, value in wanted
        if (kind, value) not in kept
    )


@transaction.atomic
def replace_subject(*, old: str, new: str) -> None:
    """The subject of the key `old` is that of `new` from now on; who had chosen both keeps one."""
    chosen = Interest.objects.filter(kind=Interest.Kind.SUBJECT)
    both = chosen.filter(value=new).values("user")
    chosen.filter(value=old, user__in=both).delete()
    chosen.filter(value=old).update(value=new)
