"""What works behind the pages: workers, the clock, the outbox, sockets."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.core import health
from apps.core.models import Delivery, Job
from apps.core.templatetags.ui import ago, number

from . import history
from .parts import Found, Part, State

SILENT_AFTER = timedelta(seconds=90)  # the canary sings every 30 s
JOB_SECONDS = 10.0
SOCKETS = "sockets"


def parts() -> list[Part]:
    return [_workers(), _outbox(), _sockets()]


def _workers() -> Part:
    seen = health.worker_seen_at()
    works = seen is not None and timezone.now() - seen < SILENT_AFTER
    if seen is None:
        text = _(
            "No sign of life for five minutes: beat or the worker of the queue events is away."
        )
    elif works:
        text = _("Seen at work %(when)s.") % {"when": ago(seen)}
    else:
        text = _("Last seen at work %(when)s: beat or the worker of the queue events is away.") % {
            "when": ago(seen)
        }
    return Part(
        key="workers",
        title=_("Workers and beat"),
        state=State.WORKS if works else State.BROKEN,
        text=text,
        variables=("REDIS_URL",),
        is_needed=True,
        trial=_("Have a job done"),
        note=_("By the worker of the queue jobs."),
        at=reverse("admin:core_job_changelist"),
    )


def do_job(user: User) -> Found:
    job = health.greet_worker(owner=user, seconds=JOB_SECONDS)
    if job.status == Job.Status.DONE and job.finished_at:
        took = (job.finished_at - job.created_at).total_seconds()
        text = _("A worker took the job and did it within %(seconds)s s.")
        return Found(True, text % {"seconds": f"{took:.1f}"})
    if job.status == Job.Status.QUEUED:
        text = _(
            "No worker took the job within %(seconds)s seconds: start the one of the queue jobs. It "
            "stays in the list of jobs until then."
        )
        return Found(False, text % {"seconds": f"{JOB_SECONDS:.0f}"}, "queued")
    text = _("The job was taken but not done: %(state)s.")
    return Found(False, text % {"state": job.get_status_display()}, str(job.status))


def _outbox() -> Part:
    dead = Delivery.objects.dead().count()
    if dead:
        text = ngettext(
            "%(n)s event was given up after ten tries: read its error, then try again.",
            "%(n)s events were given up after ten tries: read their errors, then try again.",
            dead,
        ) % {"n": number(dead)}
    else:
        text = _("Nothing was given up; %(waiting)s waiting.") % {
            "waiting": number(Delivery.objects.waiting().count())
        }
    return Part(
        key="outbox",
        title=_("Outbox"),
        state=State.BROKEN if dead else State.WORKS,
        text=text,
        at=reverse("admin:core_delivery_changelist"),
    )


def _sockets() -> Part:
    last = history.last_trial(SOCKETS, history.fingerprint())
    state = State.UNTRIED if last is None else State.WORKS if last.is_ok else State.BROKEN
    return Part(
        key=SOCKETS,
        title=_("Sockets"),
        state=state,
        text=_(
            "Messages, replies and progress are told at once; without sockets pages ask every 15 s."
        ),
        variables=("REDIS_URL", "SITE_URL", "SOCKETS_PER_ADDRESS"),
        trial=_("Say hello"),
        note=_("From the server; your browser’s own socket is tried beside it."),
    )


def say_hello(user: User) -> Found:
    if health.channels_echo():
        return Found(True, _("The message came back through Valkey."))
    text = _("The message didn’t come back. Look at REDIS_URL, and whether Valkey runs.")
    return Found(False, text, "lost")
