"""The concepts of a course from a table and into one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import starmap
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Invalid
from apps.courses.models import Course, Lesson

from ..engine.graph import Edge, cycle_in
from ..engine.words import plain
from ..formats import csv_concepts
from ..formats.csv_concepts import FileConcept
from ..models import Concept, LessonConcept, Prerequisite
from ..selectors.concepts import concepts_by_name
from ..selectors.graph import graph_of
from .concepts.checks import checked, names_of, once
from .concepts.edges import DEFAULT_WEIGHT, MAX_EDGES, check_weight, circle_told
from .concepts.listing import MAX_CONCEPTS
from .concepts.tags import MAX_TAGS
from .concepts.turns import announce, last_word, take_turn

FIELDS = ("name", "description", "aliases", "importance")
Taken = Sequence[tuple[FileConcept, Concept]]


@dataclass
class ImportReport:
    """What became of a table; with problems, told by line, nothing was taken."""

    added: int = 0
    changed: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, row: FileConcept, why: Any) -> None:
        self.problems.append((row.line, str(why)))


@transaction.atomic
def import_concepts(*, course: Course, text: str, at: datetime) -> ImportReport:
    """Add the table's concepts, and change those that the course has by one of their names.

    A column that the table has replaces what its concepts had there; all is taken or nothing.
    Raises Invalid for a table without concepts.
    """
    found = csv_concepts.read(text, most=MAX_CONCEPTS, most_edges=MAX_EDGES)
    if found.problems:
        return ImportReport(problems=found.problems)
    if not found.concepts:
        raise Invalid(_("There are no concepts in it."))
    take_turn(course.pk)
    report = ImportReport()
    taken = _take_concepts(course, found.concepts, report, at)
    if not report.problems:
        _store(taken, report)
        _take_lessons(course, taken, report)
        _take_needs(course, taken, report)
    if report.problems:
        transaction.set_rollback(True)
        return ImportReport(problems=sorted(report.problems))
    announce(course.pk)
    return report


def export_concepts(course: Course) -> str:
    """The table that `import_concepts` reads; a lesson without a name of its own goes by its number."""
    graph = graph_of(course.pk)
    name_of = {concept.pk: concept.name for concept in graph.concepts}
    known = _lessons_by_name(course)
    titles = dict(Lesson.objects.filter(course=course).values_list("pk", "title"))
    needs: dict[int, list[csv_concepts.Need]] = {pk: [] for pk in name_of}
    for edge in graph.edges:
        needs[edge.advanced].append((name_of[edge.prerequisite], edge.weight))
    return csv_concepts.write(
        FileConcept(
            line=0,
            name=concept.name,
            description=concept.description,
            aliases=tuple(concept.aliases),
            importance=concept.importance,
            lessons=tuple(
                titles[pk] if known.get(plain(titles[pk])) == pk else f"#{pk}"
                for pk in graph.lessons[concept.pk]
            ),
            needs=tuple(needs[concept.pk]),
        )
        for concept in graph.concepts
    )


# ── The concepts themselves ───────────────────────────────────────────────────────────────────
def _take_concepts(
    course: Course, rows: Sequence[FileConcept], report: ImportReport, at: datetime
) -> Taken:
    """The rows with their concepts, changed or new, not yet stored."""
    there = list(Concept.objects.filter(course=course).in_order())
    known = concepts_by_name(there)
    last = max((concept.position for concept in there), default=0)
    taken: list[tuple[FileConcept, Concept]] = []
    for row in rows:
        values = _values(row, report)
        if not values:
            continue
        concept = known.get(plain(values["name"]))
        if concept is None:
            last += 1
            concept = Concept(course=course, position=last, created_at=at)
        elif plain(concept.name) != plain(values["name"]):
            del values["name"]  # it goes by another one
        for name, value in values.items():
            setattr(concept, name, value)
        concept.aliases = once([concept.name, *concept.aliases])[1:]
        concept.updated_at = at
        taken.append((row, concept))
    _check_names(there, taken, report)
    return taken


def _values(row: FileConcept, report: ImportReport) -> dict[str, Any]:
    """What the row says of the concept itself, checked; empty when something of it is wrong."""
    written = {name: getattr(row, name) for name in FIELDS}
    try:
        return checked({name: value for name, value in written.items() if value is not None})
    except Invalid as fault:
        for told in fault.errors.values():
            report.refuse(row, told[0])
        return {}


def _check_names(there: Sequence[Concept], taken: Taken, report: ImportReport) -> None:
    """No two concepts answer to one name once the table is taken, and no row is there twice."""
    named = {concept.pk for _row, concept in taken}
    untouched = [concept for concept in there if concept.pk not in named]
    if len(untouched) + len(taken) > MAX_CONCEPTS:
        limit = {"limit": MAX_CONCEPTS}
        report.refuse(taken[-1][0], _("A course has at most %(limit)s concepts.") % limit)
    owner = {name: concept for concept in untouched for name in names_of(concept)}
    for row, concept in taken:
        names = names_of(concept)
        if both := names & owner.keys():
            other = {"name": owner[min(both)].name}
            report.refuse(row, _("One of its names is taken by the concept “%(name)s”.") % other)
        owner |= dict.fromkeys(names, concept)


def _store(taken: Taken, report: ImportReport) -> None:
    fresh = [concept for _row, concept in taken if concept.pk is None]
    changed = [concept for _row, concept in taken if concept.pk is not None]
    with last_word():
        Concept.objects.bulk_update(changed, [*FIELDS, "updated_at"])
        Concept.objects.bulk_create(fresh)
    report.added, report.changed = len(fresh), len(changed)


# ── Their lessons ─────────────────────────────────────────────────────────────────────────────
def _take_lessons(course: Course, taken: Taken, report: ImportReport) -> None:
    known = _lessons_by_name(course)
    concerned = [concept.pk for row, concept in taken if row.lessons is not None]
    tags = LessonConcept.objects.filter(concept__course=course)
    count = Counter(tags.exclude(concept__in=concerned).values_list("lesson_id", flat=True))
    kept = set(tags.filter(concept__in=concerned).values_list("lesson_id", "concept_id"))
    wanted: dict[tuple[int, int], None] = {}
    for row, concept in taken:
        for name in row.lessons or ():
            lesson_id = known.get(plain(name))
            if lesson_id is None:
                report.refuse(
                    row,
                    _("No lesson, or more than one, is called “%(name)s”.") % {"name": name[:80]},
                )
                continue
            wanted[lesson_id, concept.pk] = None
            count[lesson_id] += 1
            if count[lesson_id] == MAX_TAGS + 1:
                limit = {"limit": MAX_TAGS, "name": name[:80]}
                report.refuse(
                    row, _("The lesson “%(name)s” has more than %(limit)s concepts.") % limit
                )
    for lesson_id, concept_id in kept - wanted.keys():
        tags.filter(lesson=lesson_id, concept=concept_id).delete()
    LessonConcept.objects.bulk_create(
        LessonConcept(lesson_id=lesson, concept_id=concept)
        for lesson, concept in wanted
        if (lesson, concept) not in kept
    )


def _lessons_by_name(course: Course) -> dict[str, int]:
    """Lessons by title where it is theirs alone, and each by its number, as in "#12"."""
    rows = list(Lesson.objects.filter(course=course).values_list("pk", "title"))
    times = Counter(plain(title) for _pk, title in rows)
    titled = {plain(title): pk for pk, title in rows if times[plain(title)] == 1}
    return titled | {f"#{pk}": pk for pk, _title in rows}


# ── What they need ────────────────────────────────────────────────────────────────────────────
def _take_needs(course: Course, taken: Taken, report: ImportReport) -> None:
    concepts = Concept.objects.filter(course=course).in_bulk()
    known = concepts_by_name(concepts.values())
    rows = {concept.pk: row for row, concept in taken if row.needs is not None}
    there = Prerequisite.objects.filter(course=course)
    edges = {(each.advanced_id, each.prerequisite_id): each for each in there}
    before = {pair: edge for pair, edge in edges.items() if pair[0] in rows}
    edges = {pair: edge for pair, edge in edges.items() if pair[0] not in rows}
    fresh = []
    for pk, row in rows.items():
        for need, weight in _found_needs(row, known, report).items():
            old = before.get((pk, need))
            fresh.append(
                Prerequisite(
                    course=course,
                    advanced_id=pk,
                    prerequisite_id=need,
                    weight=weight or (old.weight if old else DEFAULT_WEIGHT),
                )
            )
    pairs = [*edges, *((edge.advanced_id, edge.prerequisite_id) for edge in fresh)]
    _check_edges(pairs, rows, concepts, report)
    if not report.problems:
        there.filter(advanced__in=rows).delete()
        Prerequisite.objects.bulk_create(fresh)


def _found_needs(
    row: FileConcept, known: Mapping[str, Concept], report: ImportReport
) -> dict[int, float | None]:
    found: dict[int, float | None] = {}
    for name, weight in row.needs or ():
        concept = known.get(plain(name))
        if concept is None:
            report.refuse(row, _("No concept is called “%(name)s”.") % {"name": name[:80]})
            continue
        try:
            if weight is not None:
                check_weight(weight)
        except Invalid as fault:
            report.refuse(row, fault.errors["weight"][0])
        found[concept.pk] = weight
    return found


def _check_edges(
    pairs: Sequence[tuple[int, int]],
    rows: Mapping[int, FileConcept],
    concepts: Mapping[int, Concept],
    report: ImportReport,
) -> None:
    if len(pairs) > MAX_EDGES:
        limit = {"limit": MAX_EDGES}
        told = _("A course has at most %(limit)s prerequisites.") % limit
        report.refuse(next(iter(rows.values())), told)
    circle = cycle_in(starmap(Edge, pairs))
    if circle:
        row = next(rows[pk] for pk in circle if pk in rows)
        report.refuse(row, circle_told([concepts[pk] for pk in circle]))
