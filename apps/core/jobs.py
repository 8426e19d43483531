"""Long work with progress: a row in the caller's transaction, a registered function on queue `jobs`."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from . import realtime
from .errors import Conflict, DomainError, NotFound
from .models import Job

logger = logging.getLogger(__name__)

# A running job whose worker gave no sign of life for so long is taken up again.
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3


class Cancelled(Exception):
    """Raised inside a job whose owner cancelled it."""


class TryLater(Exception):
    """Raised by a job that met a passing fault outside: it is run again in a minute."""


@dataclass
class Run:
    """What a job's function is given: its arguments, and how it tells how far it is.

    `checkpoint` is what the last `report` stored: a resumed run goes on from there.
    """

    job_id: int
    owner_id: int
    args: dict[str, Any]
    checkpoint: Any

    def report(self, percent: int, *, checkpoint: Any = None) -> None:
        """Store progress (0–100) and a checkpoint; raises Cancelled when the owner has stopped it."""
        changed = Job.objects.filter(pk=self.job_id, status=Job.Status.RUNNING).update(
            progress=max(0, min(100, percent)), checkpoint=checkpoint, alive_at=timezone.now()
        )
        if not changed:
            raise Cancelled
        _tell(self.job_id, self.owner_id)


Function = Callable[[Run], dict[str, Any] | None]
_functions: dict[str, Function] = {}


def register(kind: str) -> Callable[[Function], Function]:
    """Make the function the one that does jobs of this kind; it must bear being run again."""

    def remember(function: Function) -> Function:
        _functions[kind] = function
        return function

    return remember


def jobs_of(user: AbstractBaseUser) -> QuerySet[Job]:
    return Job.objects.filter(owner_id=user.pk)


def get_job(*, user: AbstractBaseUser, job_id: int) -> Job:
    job = jobs_of(user).filter(pk=job_id).first()
    if job is None:
        raise NotFound
    return job


def start(*, kind: str, owner: AbstractBaseUser, args: dict[str, Any], at: datetime) -> Job:
    """Insert the job in the caller's transaction; a worker takes it after the commit."""
    if kind not in _functions:
        raise KeyError(kind)
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind, owner_id=owner.pk, args=args, created_at=at, alive_at=at
        )
        transaction.on_commit(lambda: _send(job.pk), robust=True)
    return job


@transaction.atomic
def cancel(*, job: Job, at: datetime) -> None:
    """Stop a job that is queued or running; a finished one conflicts."""
    changed = Job.objects.filter(
        pk=job.pk, status__in=[Job.Status.QUEUED, Job.Status.RUNNING]
    ).update(status=Job.Status.CANCELLED, finished_at=at)
    if not changed:
        raise Conflict(_("This job has ended already."))
    _tell(job.pk, job.owner_id)


def run(job_id: int) -> None:
    """Claim the job and do it. A job that another worker holds, or that has ended, is left alone."""
    now = timezone.now()
    free = Q(status=Job.Status.QUEUED) | Q(status=Job.Status.RUNNING, alive_at__lt=now - LEASE)
    claimed = Job.objects.filter(free, pk=job_id).update(
        status=Job.Status.RUNNING, alive_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return
    job = Job.objects.get(pk=job_id)
    task = Run(job_id=job.pk, owner_id=job.owner_id, args=job.args, checkpoint=job.checkpoint)
    try:
        result = _functions[job.kind](task)
    except Cancelled:
        return
    except TryLater as error:
        _put_off(job, error)
    except DomainError as error:
        _finish(job, Job.Status.FAILED, error=str(error))
    except Exception:
        logger.exception("job_failed", extra={"job": job_id, "kind": job.kind})
        _finish(job, Job.Status.FAILED, error=_("Something went wrong on our side."))
    else:
        _finish(job, Job.Status.DONE, result=result, progress=100)


def resume_lost(*, at: datetime) -> None:
    """Send open jobs without a sign of life again; one that keeps dying is failed."""
    lost = Job.objects.filter(
        status__in=[Job.Status.QUEUED, Job.Status.RUNNING], alive_at__lt=at - LEASE
    )
    for job in lost.order_by("id")[:500]:
        if job.attempts >= MAX_ATTEMPTS:
            _finish(job, Job.Status.FAILED, error=_("This took too long and was given up."))
        else:
            _send(job.pk)


def _put_off(job: Job, error: TryLater) -> None:
    logger.warning("job_put_off", exc_info=error, extra={"job": job.pk, "kind": job.kind})
    if job.attempts >= MAX_ATTEMPTS:
        _finish(job, Job.Status.FAILED, error=_("Something went wrong on our side."))
    else:
        Job.objects.filter(pk=job.pk).update(status=Job.Status.QUEUED, alive_at=timezone.now())


def _finish(job: Job, status: str, **values: Any) -> None:
    with transaction.atomic():
        Job.objects.filter(pk=job.pk, status__in=[Job.Status.QUEUED, Job.Status.RUNNING]).update(
            status=status, finished_at=timezone.now(), **values
        )
        _tell(job.pk, job.owner_id)


def _send(job_id: int) -> None:
    from .tasks import run_job

    try:
        run_job.delay(job_id)
    except run_job.OperationalError:
        logger.warning("broker_away", extra={"job": job_id})


def _tell(job_id: int, owner_id: int) -> None:
    realtime.push(f"user:{owner_id}", "job:progress", job_id)


@realtime.payload("job:progress")
def job_progress(user: AbstractBaseUser, job_id: int) -> dict[str, Any] | None:
    job = jobs_of(user).filter(pk=job_id).first()
    if job is None:
        return None
    return {"id": job.pk, "status": job.status, "progress": job.progress}
