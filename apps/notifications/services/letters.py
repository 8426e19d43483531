"""Letters: sent after a claim, put off in quiet hours and after failures, given up in the end."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.accounts.models import QuietHours, User
from apps.accounts.selectors import quiet_hours_of_many
from apps.core.letters import Letter, message_of
from apps.core.templatetags.ui import day
from apps.gamification.selectors.habits import habit_of

from .. import selectors
from ..models import Dispatch, Notification
from ..unsubscribe import unsubscribe_url

MAX_ATTEMPTS = 8
# a dispatch being sent is another's again when its worker died
LEASE = timedelta(minutes=2)


def send_due(*, at: datetime, limit: int = 200) -> int:
    """Send what waits; returns how many were tried. A failed one is put off, then given up.

    Letters wait for the end of their reader's quiet hours, those about money and the account not.
    """
    due = Dispatch.objects.filter(status=Dispatch.Status.QUEUED, due_at__lte=at)
    found = list(due.select_related("notification__user").order_by("due_at")[:limit])
    quiet = quiet_hours_of_many({each.notification.user_id for each in found})
    ready = [each for each in found if _is_its_time(each, quiet, at)]
    for each in ready:
        _send(each.pk, at)
    return len(ready)


def _is_its_time(dispatch: Dispatch, quiet: Mapping[int, QuietHours], at: datetime) -> bool:
    """If not, it is put off to the end of quiet hours, or dropped: when it comes too late then, or
    nobody wants to know of it any more."""
    notification = dispatch.notification
    shape, user = notification.shape, notification.user
    if shape.email_always:
        return True
    over = quiet[user.pk].over_at(at, ZoneInfo(user.timezone))
    waiting = Dispatch.objects.filter(
        pk=dispatch.pk, status=Dispatch.Status.QUEUED, due_at=dispatch.due_at
    )
    if shape.of_habit and not habit_of(user).is_on:
        waiting.delete()
        return False
    if shape.mail_within is not None and over > notification.created_at + shape.mail_within:
        waiting.delete()
        return False
    if over > at:
        waiting.update(due_at=over)
    return over <= at


def _send(dispatch_id: int, at: datetime) -> None:
    """Commit the claim, send, commit the result: two workers never send the same one."""
    claimed = Dispatch.objects.filter(
        pk=dispatch_id, status=Dispatch.Status.QUEUED, due_at__lte=at
    ).update(due_at=at + LEASE, attempts=F("attempts") + 1)
    if not claimed:
        return
    dispatch = Dispatch.objects.select_related("notification__user").get(pk=dispatch_id)
    row = Dispatch.objects.filter(pk=dispatch_id)
    try:
        mail_of(dispatch.notification).send()
    except OSError as error:  # SMTP errors are OSErrors
        gone = dispatch.attempts >= MAX_ATTEMPTS
        row.update(
            status=Dispatch.Status.DEAD if gone else Dispatch.Status.QUEUED,
            due_at=at + timedelta(minutes=2**dispatch.attempts),
            last_error=f"{type(error).__name__}: {error}"[:500],
        )
    else:
        row.update(status=Dispatch.Status.SENT, sent_at=at, last_error="")


@transaction.atomic
def take_back_letters(*, users: Iterable[User]) -> None:
    """Letters to these people that haven't gone out are not sent: what they tell is long known."""
    Dispatch.objects.filter(
        status=Dispatch.Status.QUEUED, notification__user__in=list(users)
    ).delete()


def mail_of(notification: Notification) -> EmailMultiAlternatives:
    """The notification as a letter in its reader's language: text, HTML, one button, how to stop."""
    user = notification.user
    with translation.override(user.locale), timezone.override(user.timezone):
        selectors.with_people([notification], user)
        headers = {"Message-ID": f"<notification-{notification.pk}@{_mail_domain()}>"}
        return message_of(_letter(notification), to=user.email, headers=headers)


def _letter(notification: Notification) -> Letter:
    shape = notification.shape
    is_choice = not shape.email_always
    return Letter(
        subject=notification.title,
        heading=notification.title,
        text=notification.body,
        action=str(shape.action),
        url=f"{settings.SITE_URL}{notification.url or reverse('notifications:list')}",
        reason=_reason(notification),
        stop_url=unsubscribe_url(notification) if is_choice else "",
        choose_url=f"{settings.SITE_URL}{reverse('notifications:list')}#preferences"
        if is_choice
        else "",
    )


def _reason(notification: Notification) -> str:
    told = {
        "when": f"{day(notification.created_at)}, {localtime(notification.created_at):%H:%M}",
        "label": notification.shape.label,
    }
    if notification.shape.email_always:
        return _("%(when)s. We always write about payments and decisions on your account.") % told
    return _("%(when)s. You get this because “%(label)s” is switched on for e-mail.") % told


def _mail_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
