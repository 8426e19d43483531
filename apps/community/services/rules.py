"""Whether somebody may write in the community now, and this: bans, limits of the new, spam.

Every service that stores a text asks here first, before it locks anything else: the lock of the
writer's own row makes the counts hold when they write several things at once.
"""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import CharField, Func
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.core.errors import Invalid, NotAllowed, TooMany

from ..models import Comment, Kind, Post, Topic
from ..models.writing import MAX_TEXT
from ..selectors.standing import ban_of, is_trusted, may
from ..selectors.texts import has_pictures, links_in

DAY = timedelta(days=1)
NEW_FOR = timedelta(days=3)
TOPICS_A_DAY = 5  # of a new account
POSTS_A_DAY = 20  # posts and comments together
MAX_LINKS = 10
# shorter ones, like "Thank you!", are said more than once
SHORTEST_REPEAT = 20


class _Plain(Func):
    """A text without regard to case and white space."""

    template = r"lower(regexp_replace(btrim(%(expressions)s, E' \t\r\n'), '\s+', ' ', 'g'))"
    output_field = CharField()


def check_may_write(
    *,
    user: User,
    kind: str,
    text: str,
    at: datetime,
    slow_mode_seconds: int = 0,
    last_written_at: datetime | None = None,
) -> None:
    """Raises NotAllowed, TooMany or Invalid, with words for the writer; locks the writer's row."""
    check_not_banned(user=user, at=at)
    lock_writer(user)
    check_text(user=user, text=text, at=at)
    if user.is_moderator:
        return
    _check_age(user, at)
    if slow_mode_seconds and last_written_at is not None:
        _check_pace(last_written_at + timedelta(seconds=slow_mode_seconds), at)
    if at - user.created_at < NEW_FOR and not is_trusted(user):
        _check_day(user, kind, at)
    _check_repeat(user, text, at)


def check_may_edit(*, user: User, text: str, at: datetime) -> None:
    """What holds for a new text holds for a changed one, but for the counts."""
    check_not_banned(user=user, at=at)
    check_text(user=user, text=text, at=at)


def lock_writer(user: User) -> None:
    """One text of a person at a time; whoever reads what they wrote last does it behind this."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def check_not_banned(*, user: User, at: datetime) -> None:
    ban = ban_of(user, at)
    if ban is None:
        return
    if ban.until is None:
        raise NotAllowed(
            _("You can’t write in the community any more: %(reason)s") % {"reason": ban.reason}
        )
    until = date_format(localtime(ban.until), "DATETIME_FORMAT")
    raise NotAllowed(
        _("You can’t write in the community until %(until)s: %(reason)s")
        % {"until": until, "reason": ban.reason}
    )


def check_text(*, user: User, text: str, at: datetime) -> None:
    """Its length, its links and its pictures."""
    if not text.strip():
        raise _wrong(_("Write something first."))
    if len(text) > MAX_TEXT:
        raise _wrong(_("At most %(limit)s characters.") % {"limit": MAX_TEXT})
    links = links_in(text)
    if len(links) > MAX_LINKS:
        raise _wrong(
            ngettext("At most %(limit)s link.", "At most %(limit)s links.", MAX_LINKS)
            % {"limit": MAX_LINKS}
        )
    if is_trusted(user):
        return
    if links and at - user.created_at < DAY:
        raise NotAllowed(_("A new account can’t post links on its first day."))
    if links and not may(user, "links"):
        raise NotAllowed(
            _("Links are for people whose answers others have liked a few times. Leave it out.")
        )
    if has_pictures(text) and not may(user, "pictures"):
        raise NotAllowed(
            _("Pictures are for people whose answers others have liked. Leave it out for now.")
        )


def _wrong(message: str) -> Invalid:
    return Invalid(message, errors={"content": [message]})


def _check_age(user: User, at: datetime) -> None:
    least = timedelta(minutes=settings.COMMUNITY_MINIMUM_AGE)
    if least and at - user.created_at < least:
        wait = (user.created_at + least - at).total_seconds()
        raise TooMany(
            _("Your account is very new. You can write here in a few minutes."),
            retry_after=ceil(wait),
        )


def _check_pace(free_at: datetime, at: datetime) -> None:
    wait = ceil((free_at - at).total_seconds())
    if wait > 0:
        message = ngettext(
            "It goes slowly here on purpose: write again in %(seconds)s second.",
            "It goes slowly here on purpose: write again in %(seconds)s seconds.",
            wait,
        )
        raise TooMany(message % {"seconds": wait}, retry_after=wait)


def _check_day(user: User, kind: str, at: datetime) -> None:
    if kind == Kind.TOPIC:
        models: tuple[Any, ...] = (Topic,)
        limit = TOPICS_A_DAY
        message = _("A new account can start %(limit)s topics a day. Go on tomorrow.")
    else:
        models, limit = (Post, Comment), POSTS_A_DAY
        message = _("A new account can write %(limit)s replies a day. Go on tomorrow.")
    times: list[datetime] = []
    for model in models:
        written = model.objects.filter(author=user, created_at__gt=at - DAY)
        latest = written.order_by("-created_at").values_list("created_at", flat=True)
        times += latest[:limit]
    if len(times) >= limit:
        first = sorted(times, reverse=True)[limit - 1]
        wait = max(1, ceil((first + DAY - at).total_seconds()))
        raise TooMany(message % {"limit": limit}, retry_after=wait)


def _check_repeat(user: User, text: str, at: datetime) -> None:
    plain = " ".join(text.split()).lower()
    if len(plain) < SHORTEST_REPEAT:
        return
    for model in (Topic, Post, Comment):
        written = model.objects.filter(author=user, created_at__gt=at - DAY, deleted_at=None)
        if written.alias(plain=_Plain("content")).filter(plain=plain).exists():
            raise TooMany(
                _("You have written just this already. Say it in one place."), retry_after=3600
            )
