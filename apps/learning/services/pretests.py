"""Pre-tests: begun once, answered question by question, finished as one piece of evidence."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.bus import publish
from apps.core.errors import Conflict, Invalid, NotAllowed, NotFound
from apps.courses.models import Course
from apps.enrollment import selectors as enrollment

from ..engine import marking
from ..engine.graph import Edge
from ..engine.mastery import is_hasty
from ..engine.pretest import Pretest as Placement
from ..engine.pretest import Question as Askable
from ..engine.pretest import Reply
from ..engine.questions import layout_of
from ..events import PretestFinished
from ..models import Pretest, PretestAnswer, Question
from ..selectors import pretests as selectors
from ..selectors.graph import graph_of
from ..selectors.pretests import reply_of
from . import evidence

_pick = random.SystemRandom()
# The student's knowledge moves meanwhile: an open test isn't gone on with for ever, and one that is
# repeated at once would be answered from memory.
KEPT = timedelta(days=14)
REPEAT_AFTER = timedelta(days=1)
MOST_BEGUN = 5  # within that time, so that nobody gives up and begins until the luck is good
REMEMBERED = 1800  # seconds for which the states of a test under way are kept


# ── Begun ─────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def start_pretest(*, student: User, course: Course, at: datetime) -> Pretest:
    """A new test with its first question, or the one that is open.

    For whoever has a seat: else NotAllowed. Raises Conflict when there is nothing to ask, on the
    day after one was finished, and on a day when too many were given up.
    """
    _check_seat(student, course)
    for _try in range(2):
        going_on = _open_pretest(student, course, at)
        if going_on is not None:
            return going_on
        try:
            with transaction.atomic():
                return _begin(student, course, at)
        except IntegrityError:  # the other tab was first: what it began is there now
            continue
    raise Conflict(retry_after=1)


def _check_seat(student: User, course: Course) -> None:
    if not enrollment.has_open_seat(student, course.pk):
        raise NotAllowed(_("Enrol in the course to take its pre-test."))


def _open_pretest(student: User, course: Course, at: datetime) -> Pretest | None:
    """The test under way; one that lay about for too long is given up on the way."""
    found = selectors.open_pretest(student, course)
    if found is not None and at - found.started_at > KEPT:
        abandon_pretest(pretest=found, at=at)
        return None
    return found


def _begin(student: User, course: Course, at: datetime) -> Pretest:
    last = selectors.last_finished(student, course)
    if last is not None and not may_be_repeated(last, at):
        raise Conflict(_("You have just taken this test. It can be repeated tomorrow."))
    since = at - REPEAT_AFTER
    begun = Pretest.objects.filter(student=student, course=course, started_at__gt=since)
    if begun.count() >= MOST_BEGUN:
        raise Conflict(_("You have begun this test often enough for today. Begin anew tomorrow."))
    graph = graph_of(course.pk)
    if not graph.concepts:
        raise Conflict(_("This course has no concepts yet: there is nothing to test."))
    pretest = Pretest.objects.create(
        student=student,
        course=course,
        graph={
            "concepts": [concept.pk for concept in graph.concepts],
            "edges": [
                [edge.advanced, edge.prerequisite, edge.weight, edge.confirmed]
                for edge in graph.edges
            ],
        },
        factor=selectors.factor_of(course.pk),
        started_at=at,
    )
    if not _ask(pretest, _placement(pretest, []), at):
        raise Conflict(_("This course has no questions for a pre-test yet."))
    return pretest


def may_be_repeated(finished: Pretest, at: datetime) -> bool:
    return finished.finished_at is not None and at - finished.finished_at >= REPEAT_AFTER


@transaction.atomic
def decline_pretest(*, student: User, course: Course, at: datetime) -> None:
    """“I'm new to this”: the test isn't offered again, one under way is given up. It tells nothing."""
    _check_seat(student, course)
    going_on = selectors.open_pretest(student, course)
    if going_on is not None:
        abandon_pretest(pretest=going_on, at=at)
    elif not Pretest.objects.filter(student=student, course=course).exists():
        Pretest.objects.create(
            student=student,
            course=course,
            graph={"concepts": [], "edges": []},
            factor=selectors.factor_of(course.pk),
            started_at=at,
            abandoned_at=at,
        )


@transaction.atomic
def abandon_pretest(*, pretest: Pretest, at: datetime) -> None:
    """Given up; again does nothing. A finished one can't be."""
    pretest = _locked(pretest)
    if pretest.finished_at is not None:
        raise Conflict(_("This pre-test is finished."))
    if pretest.abandoned_at is None:
        pretest.abandoned_at = at
        pretest.save(update_fields=["abandoned_at"])


# ── Answered ──────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def answer_pretest(
    *, pretest: Pretest, question_id: int, answer: Any, at: datetime, duration_ms: int = 0
) -> Pretest:
    """Keep the answer to the open question, None for "I don't know", and ask the next one or finish.

    The same answer again changes nothing. Raises Invalid for a question that wasn't asked or what
    can't be an answer to it, Conflict for another answer to one that is answered.
    """
    pretest = _locked(pretest)
    if pretest.abandoned_at is not None:
        raise Conflict(_("This pre-test was given up."))
    rows = list(pretest.answers.select_related("version", "question"))
    row = next((each for each in rows if each.question_id == question_id), None)
    if row is None:
        raise Invalid(errors={"question": [_("This question isn’t open in this test.")]})
    if row.answered_at is not None:
        if row.given == answer:
            return pretest
        raise Conflict(_("This question is answered already."))
    _keep(row, answer, duration_ms, at)
    placement = _placement(pretest, [reply_of(each) for each in rows if each is not row])
    placement.reply(reply_of(row))
    _remember(pretest, placement)
    if not _ask(pretest, placement, at):
        _finish(pretest, placement, at)
    return pretest


def _keep(row: PretestAnswer, answer: Any, duration_ms: int, at: datetime) -> None:
    version = row.version
    try:
        marking.check_form(version.kind, version.body, answer)
    except ValueError as error:
        raise Invalid(errors={"answer": [str(error)]}) from error
    row.given = answer
    row.answered_at = at
    row.is_right = marking.mark(version.kind, version.body, answer).is_right
    row.duration_ms = duration_ms
    # without a measured time nothing can be said on haste; who says "I don't know" needs none
    usual = row.question.median_ms or 0
    row.hasty = answer is not None and duration_ms > 0 and is_hasty(duration_ms, usual)
    row.save(update_fields=["given", "answered_at", "is_right", "duration_ms", "hasty"])


def _ask(pretest: Pretest, placement: Placement, at: datetime) -> bool:
    """Open the next question; False when the test is over."""
    bank = _bank(pretest)
    chosen = placement.following(bank)
    if chosen is None:
        return False
    version = Question.objects.select_related("current").get(pk=chosen.id).current
    assert version is not None  # a question is stored with its first version
    unasked = {question.id for question in bank} - {reply.question for reply in placement.replies}
    PretestAnswer.objects.create(
        pretest=pretest,
        position=len(placement.replies) + 1,
        question_id=chosen.id,
        version=version,
        concept_id=chosen.concept,
        layout=layout_of(version.kind, version.body, shuffle=True, pick=_pick),
        guess=chosen.guess,
        difficulty=chosen.difficulty,
        asked_at=at,
        about_left=min(placement.about_left(), len(unasked)),
    )
    return True


def _bank(pretest: Pretest) -> list[Askable]:
    """What may be asked; of a concept with questions new to the student only those."""
    questions = selectors.askable_questions(pretest.course_id, set(pretest.graph["concepts"]))
    earlier = PretestAnswer.objects.filter(
        pretest__student=pretest.student_id, pretest__course=pretest.course_id
    ).exclude(pretest=pretest)
    seen = set(earlier.values_list("question_id", flat=True))
    fresh = {question.concept for question in questions if question.id not in seen}
    return [one for one in questions if one.id not in seen or one.concept not in fresh]


def _finish(pretest: Pretest, placement: Placement, at: datetime) -> None:
    result = placement.result()
    pretest.findings = [[one.concept, one.before, one.after, one.skip] for one in result.findings]
    pretest.looks_random = result.looks_random
    pretest.finished_at = at
    pretest.save(update_fields=["findings", "looks_random", "finished_at"])
    evidence.record_pretest(pretest=pretest, at=at)
    publish(
        PretestFinished(
            pretest_id=pretest.pk, student_id=pretest.student_id, course_id=pretest.course_id
        )
    )


# ── The engine ────────────────────────────────────────────────────────────────────────────────
def _placement(pretest: Pretest, replies: Sequence[Reply]) -> Placement:
    """The test as the engine has it after these replies: kept from the last step, else made again."""
    kept: Placement | None = cache.get(_key(pretest, len(replies)))
    if kept is not None and kept.replies == list(replies):
        return kept
    return Placement(
        pretest.graph["concepts"],
        [Edge(*edge) for edge in pretest.graph["edges"]],
        seed=pretest.pk,
        factor=pretest.factor,
        replies=replies,
    )


def _remember(pretest: Pretest, placement: Placement) -> None:
    cache.set(_key(pretest, len(placement.replies)), placement, REMEMBERED)


def _key(pretest: Pretest, replies: int) -> str:
    return f"learning:pretest:{pretest.pk}:{replies}"


def _locked(pretest: Pretest) -> Pretest:
    rows = Pretest.objects.select_related("course").select_for_update(of=("self",))
    found = rows.filter(pk=pretest.pk).first()
    if found is None:
        raise NotFound
    return found
