"""What a person searched for: the last few, until they say no."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User

from ..models import RecentSearch

MOST = 20


@transaction.atomic
def remember_search(*, user: User, text: str, at: datetime) -> None:
    """The text as the newest of at most twenty; nothing for who switched the personal order off."""
    if not user.personal_order:
        return
    RecentSearch.objects.bulk_create(
        [RecentSearch(user=user, text=text.lower()[: RecentSearch.LENGTH], at=at)],
        update_conflicts=True,
        unique_fields=["user", "text"],
        update_fields=["at"],
    )
    mine = RecentSearch.objects.filter(user=user)
    mine.filter(pk__in=mine.order_by("-at", "-pk").values("pk")[MOST:]).delete()


@transaction.atomic
def forget_searches(*, user: User) -> None:
    RecentSearch.objects.filter(user=user).delete()
