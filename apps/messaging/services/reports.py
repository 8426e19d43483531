"""Showing a message to those who keep order."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit, limits
from apps.core.errors import Conflict, Invalid

from .. import selectors
from ..models import Decision, Message, MessageReport, ReportedWords

MAX_REASON = 1000
REPORTS_PER_DAY = 20


@transaction.atomic
def report_message(
    *, message: Message, reporter: User, reason: str, at: datetime
) -> tuple[MessageReport, bool]:
    """Keep the message and five before it, as the reporter sees them, for moderators.

    Reported again it stays one report; returns whether it was made.
    """
    if message.author_id == reporter.pk:
        raise Invalid(_("This is your own message."))
    if len(reason) > MAX_REASON or "\x00" in reason:
        raise Invalid(
            errors={"reason": [_("At most %(limit)s characters.") % {"limit": MAX_REASON}]}
        )
    limits.take(
        bucket=f"message-reports:{reporter.pk}",
        limit=REPORTS_PER_DAY,
        per=timedelta(days=1),
        at=at,
    )
    report, made = MessageReport.objects.get_or_create(
        reporter=reporter,
        message=message,
        defaults={"author_id": message.author_id, "reason": reason.strip(), "created_at": at},
    )
    if made:
        _keep_words(report, message, reporter)
    return report, made


def _keep_words(report: MessageReport, message: Message, reporter: User) -> None:
    seen = selectors.messages_of(message.conversation, reporter)
    seen = seen.filter(sequence__lte=message.sequence)[: selectors.BEFORE_REPORTED + 1]
    ReportedWords.objects.bulk_create(
        ReportedWords(
            report=report,
            sequence=each.sequence,
            author_id=each.author_id,
            # what its author took back is shown of the reported message alone
            content=each.content if each.pk == message.pk or not each.is_deleted else "",
            attachment_name=each.attachment.name if each.attachment else "",
            created_at=each.created_at,
        )
        for each in seen
    )


@transaction.atomic
def open_report(*, report: MessageReport, by: User, at: datetime) -> None:
    """Write down that a member of staff reads what was said in private."""
    audit.record(actor=by, action="message_report.opened", target=report, at=at)


@transaction.atomic
def decide_report(
    *, report: MessageReport, by: User, decision: Decision, at: datetime
) -> MessageReport:
    found = MessageReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if found.decided_at is not None:
        raise Conflict(_("This report was decided already."))
    found.decided_at, found.decided_by, found.decision = at, by, decision
    found.save(update_fields=["decided_at", "decided_by", "decision"])
    audit.record(
        actor=by, action="message_report.decided", target=found, at=at, decision=str(decision)
    )
    return found
