"""λ of a course, learned from the pre-tests that were finished in it."""

from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.db.models import Count, QuerySet

from ..engine.pretest import TESTS_TO_LEARN, Reply, learnt_factor
from ..models import Pretest, PretestAnswer, PretestFactor
from ..selectors.graph import graph_of
from ..selectors.pretests import reply_of

LATEST = 100  # tests that it is learned from
NEWS = 10  # finished tests that make it worth learning again


def courses_to_learn() -> list[int]:
    """Courses with tests enough, and enough of them since it was learned last."""
    counted = (
        _telling()
        .order_by()
        .values_list("course_id")
        .annotate(count=Count("pk"))
        .filter(count__gte=TESTS_TO_LEARN)
    )
    known = dict(PretestFactor.objects.values_list("course_id", "tests"))
    return sorted(course for course, count in counted if count >= known.get(course, 0) + NEWS)


def _telling() -> QuerySet[Pretest]:
    """Finished tests whose answers don't look random."""
    return Pretest.objects.filter(finished_at__isnull=False, looks_random=False)


def learn_factor(*, course_id: int, at: datetime) -> PretestFactor | None:
    """Try each λ on the latest tests and keep what foresaw their answers best; takes seconds.

    A test keeps the λ that it began with.
    """
    tests = _telling().filter(course=course_id).order_by("-finished_at")
    graph = graph_of(course_id)
    concepts = [concept.pk for concept in graph.concepts]
    count = tests.count()
    if not concepts or count < TESTS_TO_LEARN:
        return None
    ids = list(tests.values_list("pk", flat=True)[:LATEST])
    factor = learnt_factor(concepts, graph.edges, _replies(ids))
    return _keep(course_id, factor, count, at)


def _replies(ids: list[int]) -> list[list[Reply]]:
    rows = PretestAnswer.objects.filter(pretest__in=ids, answered_at__isnull=False)
    by_test = groupby(rows.order_by("pretest_id", "position"), key=attrgetter("pretest_id"))
    return [[reply_of(row) for row in group] for _test, group in by_test]


@transaction.atomic
def _keep(course_id: int, factor: float, tests: int, at: datetime) -> PretestFactor:
    kept, _made = PretestFactor.objects.update_or_create(
        course_id=course_id, defaults={"factor": factor, "tests": tests, "learnt_at": at}
    )
    return kept
