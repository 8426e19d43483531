"""Teachers' applications: opened, submitted, checked, decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core import audit, jobs
from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.media.models import Upload

from ..events import RoleChanged, TeacherApplied, TeacherRefused, TeacherVerified
from ..models import Role, TeacherApplication, User
from ..rights import has_right

Status = TeacherApplication.Status
CHECKS_JOB = "accounts.check_application"
MAX_LINKS = 5
MAX_DOCUMENTS = 5


@transaction.atomic
def open_application(*, user: User, at: datetime) -> TeacherApplication:
    """An empty application of somebody who registers as a teacher."""
    application = TeacherApplication.objects.create(user=user, opened_at=at)
    publish(TeacherApplied(user_id=user.pk, application_id=application.pk))
    return application


@transaction.atomic
def submit_application(
    *,
    user: User,
    qualification: str,
    links: Sequence[str],
    documents: Sequence[Upload],
    at: datetime,
) -> TeacherApplication:
    """Send, or send again, what a teacher shows; a refused one waits for a decision anew."""
    if not has_right(user, "teacher.apply"):
        raise NotAllowed
    application, _made = TeacherApplication.objects.select_for_update(of=("self",)).get_or_create(
        user=user, defaults={"opened_at": at}
    )
    if application.status == Status.VERIFIED:
        raise Conflict(_("You are a verified teacher already."))
    application.qualification = qualification
    application.links = list(links)
    application.status = Status.PENDING
    application.reason = ""
    application.checks = {}
    application.submitted_at = at
    application.decided_at = application.decided_by = None
    application.save()
    application.documents.set(documents)
    publish(TeacherApplied(user_id=user.pk, application_id=application.pk))
    jobs.start(kind=CHECKS_JOB, owner=user, args={"application": application.pk}, at=at)
    return application


@transaction.atomic
def record_checks(
    *, application_id: int, submitted_at: datetime | None, checks: dict[str, Any]
) -> None:
    """Keep what the pre-checks found, unless the application was sent anew meanwhile."""
    TeacherApplication.objects.filter(pk=application_id, submitted_at=submitted_at).update(
        checks=checks
    )


@transaction.atomic
def verify_teacher(*, application: TeacherApplication, by: User, at: datetime) -> None:
    """The teacher may publish from now on; a student becomes a teacher."""
    application = _to_decide(application, by=by)
    if application.status == Status.VERIFIED:
        return
    _decide(application, Status.VERIFIED, reason="", by=by, at=at)
    user = application.user
    promoted = user.role == Role.STUDENT
    if promoted:
        user.role = Role.TEACHER
    user.is_verified = True
    user.save(update_fields=["role", "is_verified"])
    if promoted:
        publish(RoleChanged(user_id=user.pk, role=user.role))
    publish(TeacherVerified(user_id=user.pk))
    audit.record(actor=by, action="teacher.verify", target=user, at=at)


@transaction.atomic
def refuse_teacher(*, application: TeacherApplication, by: User, reason: str, at: datetime) -> None:
    """Refuse with words that the teacher will read; they may send the application again."""
    application = _to_decide(application, by=by)
    if application.status == Status.VERIFIED:
        raise Conflict(_("This teacher is verified already."))
    if not reason.strip():
        raise Invalid(errors={"reason": [_("Say why: the teacher will read it.")]})
    _decide(application, Status.REFUSED, reason=reason.strip(), by=by, at=at)
    publish(TeacherRefused(user_id=application.user_id, reason=reason.strip()))
    audit.record(actor=by, action="teacher.refuse", target=application.user, at=at)


@transaction.atomic
def withdraw_verification(*, user: User, by: User, at: datetime) -> None:
    """Of somebody who is no teacher any more: who wants to be one again applies again."""
    TeacherApplication.objects.filter(user=user, status=Status.VERIFIED).update(
        status=Status.REFUSED, reason="", decided_at=at, decided_by=by
    )


def _to_decide(application: TeacherApplication, *, by: User) -> TeacherApplication:
    if not has_right(by, "teacher.verify"):
        raise NotAllowed
    # one lock order for the house: the user first
    User.objects.select_for_update(of=("self",)).get(pk=application.user_id)
    return (
        TeacherApplication.objects.select_for_update(of=("self",))
        .select_related("user")
        .get(pk=application.pk)
    )


def _decide(
    application: TeacherApplication, status: str, *, reason: str, by: User, at: datetime
) -> None:
    application.status, application.reason = status, reason
    application.decided_at, application.decided_by = at, by
    application.save(update_fields=["status", "reason", "decided_at", "decided_by"])
