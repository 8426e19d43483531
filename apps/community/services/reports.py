"""Reports to the moderators, and what they decide: hide, show again, let it stand."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import audit
from apps.core.errors import Invalid, NotAllowed, NotFound

from ..models import Comment, Kind, Report, ReportReason, StandingCause, Verdict
from ..selectors.standing import weight_of_report
from ..selectors.things import MODELS
from .hiding import hide, show
from .standing import award, take_back

# reports of so much weight together hide a thing until a moderator has looked
HIDING_WEIGHT = 6
MAX_NOTE = 1000


@transaction.atomic
def report(
    *, user: User, kind: str, object_id: int, reason: str, at: datetime, note: str = ""
) -> Report:
    """Ask the moderators to look; once per person and thing, a second time changes the reason."""
    if reason not in ReportReason.values:
        raise Invalid(errors={"reason": [_("There is no such reason.")]})
    if len(note) > MAX_NOTE:
        raise Invalid(errors={"note": [_("At most %(limit)s characters.") % {"limit": MAX_NOTE}]})
    thing = _locked(kind, object_id, MODELS[kind].objects.visible_to(user))
    if thing.author_id == user.pk:
        raise NotAllowed(_("You can’t report what you wrote yourself: delete it."))
    made, _is_new = Report.objects.update_or_create(
        reporter=user,
        kind=kind,
        object_id=object_id,
        defaults={"reason": reason, "note": note.strip()},
        create_defaults={
            "reason": reason,
            "note": note.strip(),
            "weight": weight_of_report(user),
            "created_at": at,
        },
    )
    waiting = Report.objects.filter(kind=kind, object_id=object_id, decided_at=None)
    weight = waiting.aggregate(sum=Sum("weight"))["sum"] or 0
    if weight >= HIDING_WEIGHT and thing.hidden_at is None and not _was_let_stand(kind, object_id):
        hide(thing=thing, by=None, at=at)
    return made


@transaction.atomic
def uphold(*, kind: str, object_id: int, by: User, at: datetime) -> Any:
    """A moderator hides the thing, and its reports were right; the author's standing pays for it."""
    thing = _decided(kind, object_id, by, Verdict.UPHELD, at)
    hide(thing=thing, by=by, at=at)
    award(
        user_id=thing.author_id,
        cause=StandingCause.HIDDEN,
        kind=kind,
        object_id=object_id,
        by_id=by.pk,
        at=at,
    )
    audit.record(actor=by, action="community.hidden", target=thing, at=at, author=thing.author_id)
    return thing


@transaction.atomic
def refuse(*, kind: str, object_id: int, by: User, at: datetime) -> Any:
    """A moderator lets the thing stand: it is shown again, and its reports are done."""
    thing = _decided(kind, object_id, by, Verdict.REFUSED, at)
    show(thing=thing, at=at)
    take_back(user_id=thing.author_id, cause=StandingCause.HIDDEN, kind=kind, object_id=object_id)
    audit.record(actor=by, action="community.shown", target=thing, at=at, author=thing.author_id)
    return thing


def _decided(kind: str, object_id: int, by: User, verdict: Verdict, at: datetime) -> Any:
    """The thing behind its lock, with every report on it decided."""
    if kind == Kind.COMMENT:
        allowed = Comment.objects.kept_in_order_by(by)
    elif by.is_moderator:
        allowed = MODELS[kind].objects.visible_to(by)
    else:
        raise NotFound
    thing = _locked(kind, object_id, allowed)
    Report.objects.filter(kind=kind, object_id=object_id, decided_at=None).update(
        decided_at=at, decided_by=by, decision=verdict
    )
    return thing


def _was_let_stand(kind: str, object_id: int) -> bool:
    """A moderator has looked before: from then on only moderators hide it."""
    refused = Report.objects.filter(kind=kind, object_id=object_id, decision=Verdict.REFUSED)
    return refused.exists()


def _locked(kind: str, object_id: int, allowed: Any) -> Any:
    if not allowed.filter(pk=object_id).exists():
        raise NotFound
    if kind == Kind.COMMENT:  # a thread's root is locked before what hangs under it
        roots = Comment.objects.filter(pk=object_id, root__isnull=False).values("root")
        list(Comment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=roots))
    rows = MODELS[kind].objects.filter(deleted_at=None)
    found = rows.select_for_update(of=("self",), no_key=True).filter(pk=object_id).first()
    if found is None:
        raise NotFound
    return found
