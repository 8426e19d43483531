"""The prerequisite graph of a course: order, cycles, and how much one concept exercises another.

An edge runs from an advanced concept to one that it needs. Its weight, in (0, 1], is how much of the
simpler concept is exercised by practising the advanced one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

HOPS = 3
LEAST_WEIGHT = 0.25

# How much practising the outer concept exercises the inner ones: {advanced: {prerequisite: weight}}.
Exercises = Mapping[int, Mapping[int, float]]


@dataclass(frozen=True, slots=True)
class Edge:
    advanced: int
    prerequisite: int
    weight: float = 1.0
    confirmed: bool = True  # by the teacher; a proposal of a model isn't


def exercised(edges: Iterable[Edge], hops: int = HOPS) -> dict[int, dict[int, float]]:
    """The greatest product of weights over the paths of at most so many hops, where it is ≥ .25.

    O(hops · edges · prerequisites kept per concept). Parallel edges count with the heavier one.
    """
    direct: dict[int, dict[int, float]] = {}
    for edge in edges:
        if edge.weight >= LEAST_WEIGHT:
            needed = direct.setdefault(edge.advanced, {})
            needed[edge.prerequisite] = max(needed.get(edge.prerequisite, 0.0), edge.weight)
    reached = {concept: dict(needed) for concept, needed in direct.items()}
    for _hop in range(hops - 1):
        reached = {concept: _further(needed, reached) for concept, needed in direct.items()}
    return reached


def _further(direct: Mapping[int, float], reached: Exercises) -> dict[int, float]:
    """What the direct prerequisites exercise in turn; a path so light is worth no step more."""
    best = dict(direct)
    for middle, weight in direct.items():
        for concept, beyond in reached.get(middle, {}).items():
            product = weight * beyond
            if product >= LEAST_WEIGHT and product > best.get(concept, 0.0):
                best[concept] = product
    return best


def cycle_in(edges: Iterable[Edge]) -> list[int]:
    """The concepts of one cycle, each needing the next and the last the first; empty without one."""
    needs: dict[int, list[int]] = {}
    for edge in edges:
        needs.setdefault(edge.advanced, []).append(edge.prerequisite)
    done: set[int] = set()
    for root in needs:
        trail: dict[int, None] = {}
        stack = [(root, iter([root]))]
        while stack:
            owner, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                trail.pop(owner, None)
                done.add(owner)
            elif following in trail:
                way = list(trail)
                return way[way.index(following) :]
            elif following not in done:
                trail[following] = None
                stack.append((following, iter(needs.get(following, ()))))
    return []


def ordered(
    nodes: Iterable[int], needs: Mapping[int, Iterable[int]], key: Callable[[int], Any]
) -> list[int]:
    """The nodes, each after what it needs; of several that could come next the least by `key`.

    Where needs run in a circle (lessons may, though concepts can't), the least of those left goes
    first, so that every node comes once.
    """
    waiting = {node: set[int]() for node in nodes}
    opens: dict[int, list[int]] = {node: [] for node in waiting}
    for node, wanted in needs.items():
        for other in set(wanted) - {node}:
            if node in waiting and other in waiting:
                waiting[node].add(other)
                opens[other].append(node)
    keys = {node: (key(node), node) for node in waiting}
    ready = [keys[node] for node, wanted in waiting.items() if not wanted]
    heapify(ready)
    by_key = sorted(keys.values(), reverse=True)
    way: list[int] = []
    placed: set[int] = set()
    while len(way) < len(waiting):
        node = heappop(ready)[1] if ready else by_key.pop()[1]
        if node in placed:
            continue
        placed.add(node)
        way.append(node)
        for other in opens[node]:
            waiting[other].discard(node)
            if not waiting[other] and other not in placed:
                heappush(ready, keys[other])
    return way
