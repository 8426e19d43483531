"""Concepts that an engine found in the lessons of a course, until the teacher decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.ai.prompts.concepts.schema import FoundConcept
from apps.ai.services import Material, Outcome, ask
from apps.core import jobs
from apps.core.errors import Conflict, Invalid, NotFound, TooMany
from apps.core.models import Job
from apps.courses.models import Course, Lesson

from ..engine.graph import Edge, cycle_in
from ..engine.words import plain
from ..models import Concept, ConceptProposal, LessonConcept, Prerequisite, ProposalStatus
from ..selectors.concepts import concepts_by_name
from .concepts import DEFAULT_WEIGHT, add_concept
from .concepts.checks import MAX_ALIASES, checked, once
from .concepts.edges import MAX_EDGES, edges_of
from .concepts.listing import MAX_CONCEPTS
from .concepts.tags import MAX_TAGS
from .concepts.turns import take_turn
from .generation import Report, is_too_short, language_of
from .quizzes import MAX_WAITING, check_credits

KIND = "concepts.propose"


# ── Made by an engine ─────────────────────────────────────────────────────────────────────────
@transaction.atomic
def start_proposals(*, course: Course, by: User, at: datetime, offline: bool = False) -> Job:
    """Have concepts found in every lesson; a search under way already is gone on with.

    Raises TooMany when a model would be asked and the day's credits are used up.
    """
    if not offline:
        check_credits(by, at)
    take_turn(course.pk)
    states = [Job.Status.QUEUED, Job.Status.RUNNING]
    waiting = jobs.jobs_of(by).filter(kind=KIND, status__in=states)
    same = waiting.filter(args__course=course.pk).first()
    if same is None and waiting.count() >= MAX_WAITING:
        raise TooMany(retry_after=30)
    args = {"course": course.pk, "offline": offline}
    return same or jobs.start(kind=KIND, owner=by, args=args, at=at)


def propose(
    *, course_id: int, by: User, offline: bool, report: Report, checkpoint: dict[str, Any] | None
) -> dict[str, Any]:
    """Proposals from every lesson, in their order: {"proposals", "engine", "note"}; run by a job.

    `checkpoint` is what the last report stored: lessons that are done aren't asked about again.
    With the day's credits used up it goes on without a model.
    """
    course = Course.objects.filter(pk=course_id).first()
    if course is None:
        raise NotFound(_("The course is gone."))
    lesson_ids = list(course.lessons.in_order().values_list("pk", flat=True))
    tally = checkpoint or {"done": [], "proposals": 0, "engine": "", "skipped": 0}
    for lesson_id in lesson_ids:
        if lesson_id in tally["done"]:
            continue
        _add_lesson(tally, lesson_id, by, offline)
        report(100 * len(tally["done"]) // max(1, len(lesson_ids)), checkpoint=tally)
    return {
        "proposals": tally["proposals"],
        "engine": tally["engine"],
        "note": _note(tally["skipped"]),
    }


def _add_lesson(tally: dict[str, Any], lesson_id: int, by: User, offline: bool) -> None:
    added = 0
    lesson = Lesson.objects.filter(pk=lesson_id).select_related("course").first()
    if lesson is not None and not is_too_short(lesson):
        outcome = _found_in(lesson, by, offline)
        tally["engine"] = outcome.engine
        added = keep_proposals(
            lesson=lesson,
            found=outcome.value.concepts,
            engine=outcome.engine,
            at=timezone.now(),
        )
    tally["done"].append(lesson_id)
    tally["proposals"] += added
    tally["skipped"] += not added


def _found_in(lesson: Lesson, by: User, offline: bool) -> Outcome[Any]:
    """By a model, and without one when the credits of the day are used up."""
    names = [*_names_of_concepts(lesson.course_id), *_names_proposed(lesson.course_id)]
    material = Material(
        title=lesson.title,
        text=lesson.content,
        language=language_of(lesson.content),
        wishes={"known": once(names)[:MAX_CONCEPTS]},
    )
    for without in (offline, True):
        try:
            return ask(
                task="concepts",
                material=material,
                user=by,
                at=timezone.now(),
                course_id=lesson.course_id,
                offline=without,
            )
        except TooMany:
            if without:
                raise
    raise AssertionError("the engine without a model always answers")


def _names_of_concepts(course_id: int) -> list[str]:
    rows = Concept.objects.filter(course=course_id).in_order()
    return list(rows.values_list("name", flat=True))


def _names_proposed(course_id: int) -> list[str]:
    rows = ConceptProposal.objects.filter(course=course_id, status=ProposalStatus.OPEN)
    return list(rows.order_by("pk").values_list("name", flat=True))


def _note(skipped: int) -> str:
    if not skipped:
        return ""
    return ngettext(
        "%(count)s lesson gave nothing new.", "%(count)s lessons gave nothing new.", skipped
    ) % {"count": skipped}


@transaction.atomic
def keep_proposals(
    *, lesson: Lesson, found: Sequence[FoundConcept], engine: str, at: datetime
) -> int:
    """Store what the course doesn't have by any name and wasn't proposed before; how many."""
    take_turn(lesson.course_id)
    concepts = Concept.objects.filter(course=lesson.course_id)
    proposals = ConceptProposal.objects.filter(course=lesson.course_id)
    known = set(concepts_by_name(concepts))
    for name, aliases in proposals.values_list("name", "aliases"):
        known.update(map(plain, [name, *aliases]))
    room = MAX_CONCEPTS - len(concepts) - proposals.filter(status=ProposalStatus.OPEN).count()
    fresh: list[ConceptProposal] = []
    for each in found:
        values = _storable(each)
        names = {plain(name) for name in [values.get("name", ""), *values.get("aliases", [])]}
        if not values or names & known or len(fresh) >= room:
            continue
        known |= names
        fresh.append(
            ConceptProposal(
                course_id=lesson.course_id, lesson=lesson, engine=engine, created_at=at, **values
            )
        )
    ConceptProposal.objects.bulk_create(fresh)
    return len(fresh)


def _storable(found: FoundConcept) -> dict[str, Any]:
    """What an engine found, by the rules that a teacher's words follow; empty where it breaks them."""
    fields = found.model_dump(include={"name", "description", "aliases", "importance"})
    try:
        values = checked(fields)
        needs = checked({"aliases": found.needs})["aliases"]
    except Invalid:
        return {}
    return {**values, "needs": needs, "quote": found.quote.replace("\x00", "")}


# ── Decided by the teacher ────────────────────────────────────────────────────────────────────
@transaction.atomic
def accept_proposal(
    *, proposal: ConceptProposal, at: datetime, changes: Mapping[str, Any] | None = None
) -> Concept:
    """The concept that it becomes, with edges for the teacher to confirm, and its lesson tagged.

    `changes` may hold another name, description or importance. Raises Conflict when its name is
    taken or it was decided before.
    """
    proposal = _decided(proposal, ProposalStatus.ACCEPTED, at)
    values = {
        "name": proposal.name,
        "description": proposal.description,
        "importance": proposal.importance,
        **(changes or {}),
    }
    taken = set(concepts_by_name(Concept.objects.filter(course=proposal.course_id)))
    # under the name that was proposed it stays known: nobody proposes it again
    aliases = [
        name for name in once([proposal.name, *proposal.aliases]) if plain(name) not in taken
    ]
    concept = add_concept(course=proposal.course, aliases=aliases[:MAX_ALIASES], at=at, **values)
    _tag(proposal.lesson, concept)
    _connect(proposal, concept)
    return concept


@transaction.atomic
def accept_proposals(*, course: Course, lesson_id: int, at: datetime) -> int:
    """All that wait from one lesson; those whose name is taken stay. How many were accepted."""
    take_turn(course.pk)
    waiting = ConceptProposal.objects.filter(
        course=course, lesson=lesson_id, status=ProposalStatus.OPEN
    )
    accepted = 0
    for proposal in waiting.order_by("pk"):
        try:
            with transaction.atomic():
                accept_proposal(proposal=proposal, at=at)
        except Conflict:
            continue
        accepted += 1
    return accepted


@transaction.atomic
def decline_proposal(*, proposal: ConceptProposal, at: datetime) -> None:
    """It isn't proposed again."""
    _decided(proposal, ProposalStatus.DECLINED, at)


def _decided(proposal: ConceptProposal, status: ProposalStatus, at: datetime) -> ConceptProposal:
    take_turn(proposal.course_id)
    found = ConceptProposal.objects.select_related("course", "lesson").get(pk=proposal.pk)
    if found.status != ProposalStatus.OPEN:
        raise Conflict(_("This proposal was decided already."))
    found.status, found.decided_at = status, at
    found.save(update_fields=["status", "decided_at"])
    return found


def _tag(lesson: Lesson, concept: Concept) -> None:
    if LessonConcept.objects.filter(lesson=lesson).count() < MAX_TAGS:
        LessonConcept.objects.create(lesson=lesson, concept=concept)


def _connect(proposal: ConceptProposal, concept: Concept) -> None:
    """To what it needs, and to what was accepted before and waited for it; never in a circle."""
    known = concepts_by_name(Concept.objects.filter(course=proposal.course_id))
    own = {plain(proposal.name), plain(concept.name)}
    pairs = [(concept, known.get(plain(name))) for name in proposal.needs]
    accepted = ConceptProposal.objects.filter(
        course=proposal.course_id, status=ProposalStatus.ACCEPTED
    )
    for name, needs in accepted.order_by("pk").values_list("name", "needs"):
        if own & set(map(plain, needs)) and (waiting := known.get(plain(name))):
            pairs.append((waiting, concept))
    edges = edges_of(proposal.course_id)
    there = {(edge.advanced, edge.prerequisite) for edge in edges}
    for advanced, needed in pairs:
        if needed is None or (advanced.pk, needed.pk) in there or len(edges) >= MAX_EDGES:
            continue
        edge = Edge(advanced.pk, needed.pk)
        if not cycle_in([*edges, edge]):
            edges.append(edge)
            there.add((edge.advanced, edge.prerequisite))
            Prerequisite.objects.create(
                course_id=proposal.course_id,
                advanced=advanced,
                prerequisite=needed,
                weight=DEFAULT_WEIGHT,
                confirmed=False,
            )
