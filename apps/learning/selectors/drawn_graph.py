"""A course's graph as the canvas takes it: JSON for a data attribute."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.core.templatetags.ui import mastery_name
from apps.courses.models import Course
from apps.enrollment.selectors import has_open_seat

from ..models import Concept
from .graph import CourseGraph, graph_of
from .knowledge_map import Node, map_of


def drawn(graph: CourseGraph, nodes: Mapping[int, Node] | None = None) -> str:
    """With `nodes` a student's levels are in it, without it is the same for everybody.

    Edges lead the way of learning, from the prerequisite on; `open` is one that waits for the
    teacher's word.
    """
    shape = {
        "nodes": [_node(each, nodes[each.pk] if nodes else None) for each in graph.concepts],
        "edges": [
            {"from": edge.prerequisite, "to": edge.advanced}
            | ({} if edge.confirmed else {"open": True})
            for edge in graph.edges
        ],
    }
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":"))


def _node(concept: Concept, node: Node | None) -> dict[str, Any]:
    """`told` is what a screen reader says of it."""
    found = {"id": concept.pk, "name": concept.name, "importance": concept.importance}
    if node is None:
        return found
    told = f"{concept.name}, {mastery_name(node.level)}, {node.percent} %"
    return {**found, "level": int(node.level), "told": told}


@dataclass(frozen=True)
class Picture:
    """A course's graph for its own page; `held` is what a student there knows already."""

    graph: str
    count: int
    held: int | None


def picture_of(user: Any, course: Course, at: datetime) -> Picture | None:
    """With the levels of somebody who has a seat; None for a course without concepts."""
    if not has_open_seat(user, course.pk):
        graph = graph_of(course.pk)
        return Picture(drawn(graph), len(graph.concepts), None) if graph.concepts else None
    found = map_of(user, course, at)
    if not found.nodes:
        return None
    held = sum(node.is_held for node in found.nodes.values())
    return Picture(drawn(found.graph, found.nodes), len(found.nodes), held)
