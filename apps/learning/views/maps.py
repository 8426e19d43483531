"""The map of concepts: all courses, one course drawn and listed, and what is known of a concept."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.core.errors import NotFound
from apps.courses.models import Course

from ..engine.mastery import Level
from ..models import Concept
from ..selectors import knowledge_map as selectors
from ..selectors.drawn_graph import drawn
from ..selectors.knowledge_map import KnowledgeMap, Node
from ..selectors.lessons import shared_curriculum
from ..selectors.map_panel import Place, panel_of, places_of

LEVELS = [int(level) for level in Level]
ORDERS = {"weakest", "fading"}
FAR = 10_000  # days: after whatever fades


@require_safe
def maps(request: HttpRequest) -> HttpResponse:
    """The courses with a map; a single one is opened."""
    found = selectors.maps_of(request.user, timezone.now())
    if len(found) == 1:
        return redirect("learning:map", found[0].course.slug)
    return render(request, "learning/map/overview.html", {"maps": found, "levels": LEVELS})


@require_safe
def course_map(request: HttpRequest, slug: str) -> HttpResponse:
    course = _course(request, slug)
    found = selectors.map_of(request.user, course, timezone.now())
    if not found.nodes:
        return render(request, "learning/map/empty.html", {"course": course})
    chosen = _chosen(request, found)
    context = {
        **_concept_context(request, course, found, chosen),
        "map": found,
        "levels": LEVELS,
        "graph": drawn(found.graph, found.nodes),
        "url": reverse("learning:concept", args=[course.slug, 0]),
    }
    return render(request, "learning/map/map.html", context)


@require_safe
def concept(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What is known of a concept: the panel of the map, or a page of its own."""
    course = _course(request, slug)
    found = selectors.map_of(request.user, course, timezone.now())
    if pk not in found.nodes:
        raise NotFound
    context = _concept_context(request, course, found, found.nodes[pk].concept)
    template = "_concept" if request.htmx else "concept"
    return render(request, f"learning/map/{template}.html", context)


@require_safe
def concept_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The map as a list: by module, or in another order; of one level if it is asked for."""
    course = _course(request, slug)
    found = selectors.map_of(request.user, course, timezone.now())
    if not found.nodes:
        return render(request, "learning/map/empty.html", {"course": course})
    order = request.GET.get("order", "")
    level = request.GET.get("level", "")
    level = level if level in map(str, LEVELS) else ""
    shown = [node for node in found.nodes.values() if level in ("", str(int(node.level)))]
    context = {
        "course": course,
        "map": found,
        "groups": _groups(course, found, shown, order),
        "order": order if order in ORDERS else "",
        "level": level,
        "levels": LEVELS,
        "mastered": found.levels[Level.MASTERED],
    }
    template = "_list" if request.htmx else "list"
    return render(request, f"learning/map/{template}.html", context)


def _course(request: HttpRequest, slug: str) -> Course:
    return get_object_or_404(selectors.courses_with_map(request.user), slug=slug)


def _chosen(request: HttpRequest, found: KnowledgeMap) -> Concept:
    """The concept that the address names, else the next to learn, else the first."""
    asked = request.GET.get("concept", "")
    if asked.isdecimal() and len(asked) < 19 and int(asked) in found.nodes:
        return found.nodes[int(asked)].concept
    return found.next.concept if found.next else found.graph.concepts[0]


def _concept_context(
    request: HttpRequest, course: Course, found: KnowledgeMap, chosen: Concept
) -> dict[str, Any]:
    panel = panel_of(request.user, course, found, chosen, timezone.now())
    return {"course": course, "concept": chosen, "panel": panel}


# ── The list ──────────────────────────────────────────────────────────────────────────────────
Row = dict[str, Any]


def _groups(
    course: Course, found: KnowledgeMap, shown: Sequence[Node], order: str
) -> list[dict[str, Any]]:
    """One group in an order of its own, else a group for each module."""
    if order in ORDERS:
        by: Callable[[Node], Any] = (
            (lambda node: node.mastery) if order == "weakest" else _soonest_faded
        )
        rows = [_row(found, node) for node in sorted(shown, key=by)]
        return [{"title": "", "rows": rows}] if rows else []
    places = places_of(course)
    rows_of: dict[int, list[Row]] = {}
    for node in shown:
        rows_of.setdefault(_module_of(found, node, places), []).append(_row(found, node))
    modules = {
        module["id"]: (n, module["title"]) for n, module in enumerate(shared_curriculum(course), 1)
    }
    return [
        {"number": number, "title": title, "rows": rows_of[pk], "mastered": _mastered(rows_of[pk])}
        for pk, (number, title) in [*modules.items(), (0, (0, ""))]
        if pk in rows_of
    ]


def _soonest_faded(node: Node) -> tuple[bool, int]:
    return not node.faded, FAR if node.fades_in is None else node.fades_in


def _module_of(found: KnowledgeMap, node: Node, places: dict[int, Place]) -> int:
    """The module of the first lesson that teaches it; 0 without one."""
    lessons = found.graph.lessons[node.concept.pk]
    return next((places[pk].module_id for pk in lessons if pk in places), 0)


def _row(found: KnowledgeMap, node: Node) -> Row:
    needs = [each.concept.name for each in found.needs(node.concept)]
    return {"node": node, "needs": needs, "opens": len(found.graph.opens[node.concept.pk])}


def _mastered(rows: list[Row]) -> int:
    return sum(row["node"].level == Level.MASTERED for row in rows)
