"""The graph of prerequisites: weights along paths, cycles, order."""

import random

from apps.learning.engine.graph import Edge, cycle_in, exercised, ordered


def test_the_heaviest_path_of_three_hops_counts():
    edges = [Edge(4, 3, 0.9), Edge(3, 2, 0.9), Edge(2, 1, 0.9), Edge(1, 0, 0.9), Edge(4, 2, 0.5)]
    reached = exercised(edges)
    assert reached[4] == {3: 0.9, 2: 0.9 * 0.9, 1: 0.9 * (0.9 * 0.9), 0: 0.5 * (0.9 * 0.9)}
    assert exercised(edges, hops=1)[4] == {3: 0.9, 2: 0.5}
    assert exercised(edges, hops=2)[4] == {3: 0.9, 2: 0.81, 1: 0.45}


def test_what_is_too_light_is_left_out():
    assert exercised([Edge(2, 1, 0.5), Edge(1, 0, 0.5), Edge(5, 0, 0.24)]) == {
        2: {1: 0.5, 0: 0.25},
        1: {0: 0.5},
    }
    assert exercised([Edge(2, 1, 0.5), Edge(1, 0, 0.49)])[2] == {1: 0.5}
    assert exercised([]) == {}


def test_parallel_edges_count_with_the_heavier():
    assert exercised([Edge(1, 0, 0.3), Edge(1, 0, 0.8), Edge(1, 0, 0.5)]) == {1: {0: 0.8}}


def test_a_cycle_is_found_and_named():
    assert cycle_in([]) == []
    assert cycle_in([Edge(2, 1), Edge(1, 0), Edge(2, 0), Edge(3, 0)]) == []
    assert cycle_in([Edge(7, 7)]) == [7]
    way = cycle_in([Edge(9, 2), Edge(2, 1), Edge(1, 0), Edge(0, 2), Edge(5, 6)])
    assert set(way) == {0, 1, 2}
    following = dict(zip(way, way[1:] + way[:1], strict=True))
    assert following == {2: 1, 1: 0, 0: 2}


def test_random_graphs_without_and_with_a_cycle():
    chance = random.Random(4)
    for _round in range(200):
        size = chance.randrange(2, 30)
        edges = [
            Edge(high, chance.randrange(high))
            for high in (chance.randrange(1, size) for _edge in range(60))
        ]
        assert cycle_in(edges) == []
        edge = chance.choice(edges)
        assert cycle_in([*edges, Edge(edge.prerequisite, edge.advanced)])


def test_a_deep_chain_and_many_edges_stand():
    chance = random.Random(4)
    edges = [Edge(n, chance.randrange(n), 0.5) for n in range(1, 500) for _edge in range(40)]
    chain = [Edge(n + 1, n) for n in range(5000)]
    assert cycle_in(edges) == cycle_in(chain) == []
    assert len(cycle_in([*chain, Edge(0, 5000)])) == 5001
    assert len(exercised(chain)) == 5000
    needs = {edge.advanced: [edge.prerequisite] for edge in edges}
    assert len(ordered(range(500), needs, lambda n: n)) == 500


def test_order_puts_needs_first_and_then_the_least():
    needs = {1: [4], 2: [1], 3: []}
    assert ordered([1, 2, 3, 4], needs, key=lambda n: n) == [3, 4, 1, 2]
    assert ordered([1, 2, 3, 4], needs, key=lambda n: -n) == [4, 3, 1, 2]
    assert ordered([], {}, key=lambda n: n) == []


def test_a_circle_still_gives_every_node_once():
    assert ordered([1, 2, 3], {1: [2], 2: [1], 3: [1]}, key=lambda n: n) == [1, 2, 3]
    assert ordered([1, 2], {1: [1], 2: [1, 99]}, key=lambda n: -n) == [1, 2]
    assert ordered([3, 2, 1], {3: [2], 2: [1], 1: [3]}, key=lambda n: n) == [1, 2, 3]
