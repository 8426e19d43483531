"""Jobs: progress, result, error, cancelling, and going on after a killed worker."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from apps.core import jobs
from apps.core.errors import Conflict, Invalid, NotFound
from apps.core.models import Job

pytestmark = pytest.mark.django_db
seen = []


@jobs.register("test.count")
def count(run):
    start = run.checkpoint or 0
    for number in range(start, run.args["to"]):
        seen.append(number)
        run.report(100 * number // run.args["to"], checkpoint=number + 1)
        if number == run.args.get("die_at") and start == 0:
            raise KeyboardInterrupt
    if run.args["to"] == 13:
        raise Invalid("Thirteen is not possible.")
    if run.args["to"] == 15:
        raise jobs.TryLater
    if run.args["to"] == 14:
        raise ZeroDivisionError
    return {"counted": run.args["to"]}


@pytest.fixture
def start(student):
    seen.clear()

    def begin(**args):
        return jobs.start(kind="test.count", owner=student, args=args, at=timezone.now())

    return begin


def test_a_job_runs_once_to_its_result(start):
    job = start(to=3)
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.progress, job.result) == ("done", 100, {"counted": 3})
    assert seen == [0, 1, 2]


def test_a_refusal_is_told_an_accident_is_not_explained(start):
    told, hidden = start(to=13), start(to=14)
    jobs.run(told.pk)
    jobs.run(hidden.pk)
    told.refresh_from_db()
    hidden.refresh_from_db()
    assert (told.status, told.error) == ("failed", "Thirteen is not possible.")
    assert (hidden.status, hidden.error) == ("failed", "Something went wrong on our side.")


def test_rolled_back_with_the_caller(start):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        start(to=3)
        _ = 1 / 0
    assert Job.objects.count() == 0


def test_a_killed_worker_is_resumed_from_the_checkpoint(start):
    job = start(to=5, die_at=2)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(job.pk)
    jobs.run(job.pk)
    assert seen == [0, 1, 2]
    Job.objects.update(alive_at=timezone.now() - timedelta(minutes=2))
    jobs.run(job.pk)
    job.refresh_from_db()
    assert seen == [0, 1, 2, 3, 4] and job.status == "done"


def test_one_that_keeps_dying_is_given_up(start):
    job = start(to=5)
    Job.objects.update(
        status="running", attempts=jobs.MAX_ATTEMPTS, alive_at=timezone.now() - timedelta(minutes=2)
    )
    jobs.resume_lost(at=timezone.now())
    job.refresh_from_db()
    assert job.status == "failed"


def test_a_passing_fault_is_tried_again_a_minute_later_and_three_times_at_most(start):
    job = start(to=15)
    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.attempts == attempt
        assert job.status == ("queued" if attempt < jobs.MAX_ATTEMPTS else "failed")


def test_cancelled_work_stops_and_ended_work_conflicts(start):
    job = start(to=5)
    jobs.cancel(job=job, at=timezone.now())
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.status == "cancelled" and seen == []
    with pytest.raises(Conflict):
        jobs.cancel(job=job, at=timezone.now())


def test_a_job_is_its_owners(start, student, stranger, api):
    job = start(to=3)
    assert jobs.get_job(user=student, job_id=job.pk) == job
    with pytest.raises(NotFound):
        jobs.get_job(user=stranger, job_id=job.pk)
    body = api(student).get(f"/api/jobs/{job.pk}").json()
    assert (body["status"], body["progress"]) == ("queued", 0)
    assert api(stranger).get(f"/api/jobs/{job.pk}").status_code == 404
    assert api().get(f"/api/jobs/{job.pk}").status_code == 401
