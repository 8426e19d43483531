"""Simulated students: a prerequisite graph, what they know of it, and a memory that follows FSRS-6.

The world has mathematics of its own, none of the application's, and knows what is true: how well the
application guesses it is what the benchmarks measure. Figures rank models and guard against
regressions; they claim nothing about people.
"""

from dataclasses import dataclass
from math import exp
from random import Random

import fsrs

from apps.learning.engine.graph import Edge

WEIGHTS = fsrs.scheduler.DEFAULT_PARAMETERS
AGAIN, HARD, GOOD = 1, 2, 3
# The chance of knowing a concept is multiplied by this for each prerequisite that is missing.
MISSING = 0.08
QUESTIONS = 3  # in the bank, per concept


def logistic(x):
    return 1 / (1 + exp(-x))


# ── Memory: FSRS-6 ────────────────────────────────────────────────────────────────────────────
def shaped(factor, weights=WEIGHTS):
    """Weights of a student whose first stabilities are so many times the usual."""
    return (*(weight * factor for weight in weights[:4]), *weights[4:])


def recalled(weights, stability, days):
    factor = 0.9 ** (-1 / weights[20]) - 1
    return (1 + factor * max(days, 0.0) / stability) ** -weights[20]


def first_memory(weights, grade):
    difficulty = weights[4] - exp(weights[5] * (grade - 1)) + 1
    return weights[grade - 1], min(max(difficulty, 1.0), 10.0)


def next_memory(weights, stability, difficulty, chance, grade, same_day=False):
    w = weights
    if same_day:
        growth = exp(w[17] * (grade - 3 + w[18])) * stability ** -w[19]
        after = stability * (max(growth, 1.0) if grade >= HARD else growth)
    elif grade == AGAIN:
        lapsed = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1)
        after = min(lapsed * exp((1 - chance) * w[14]), stability / exp(w[17] * w[18]))
    else:
        slower = w[15] if grade == HARD else 1.0
        gain = exp(w[8]) * (11 - difficulty) * stability ** -w[9] * (exp((1 - chance) * w[10]) - 1)
        after = stability * (1 + gain * slower)
    easy = w[4] - exp(w[5] * 3) + 1
    moved = difficulty + (10 - difficulty) * -(w[6] * (grade - 3)) / 9
    return max(after, 0.001), min(max(w[7] * easy + (1 - w[7]) * moved, 1.0), 10.0)


def planned(weights, stability, retention=0.9):
    """Whole days until recall falls to the retention."""
    factor = 0.9 ** (-1 / weights[20]) - 1
    return max(1, round(stability / factor * (retention ** (-1 / weights[20]) - 1)))


@dataclass
class Memory:
    """What a student truly remembers of one concept; without stability it was never known."""

    weights: tuple
    stability: float = 0.0
    difficulty: float = 5.0
    last: float = 0.0

    def chance(self, day):
        return recalled(self.weights, self.stability, day - self.last) if self.stability else 0.0

    def learn(self, day, grade=GOOD):
        self.stability, self.difficulty = first_memory(self.weights, grade)
        self.last = day

    def practise(self, day, right, short=0.6):
        """`short`: a pause in days below which it is the same sitting."""
        self.stability, self.difficulty = next_memory(
            self.weights, self.stability, self.difficulty, self.chance(day),
            GOOD if right else AGAIN, day - self.last < short,
        )  # fmt: skip
        self.last = day


# ── Graph ─────────────────────────────────────────────────────────────────────────────────────
def make_graph(chance: Random, size: int) -> list[dict[int, float]]:
    """For each concept its prerequisites, among the twelve before it, with their weights."""
    graph: list[dict[int, float]] = [{}]
    for concept in range(1, size):
        near = range(max(0, concept - 12), concept)
        count = min(1 + (chance.random() < 0.55) + (chance.random() < 0.2), len(near))
        chosen = chance.sample(near, count)
        if chance.random() < 0.06 and concept > 3:
            chosen = []
        graph.append({one: chance.choice([0.3, 0.5, 0.7, 0.9, 1.0]) for one in chosen})
    return graph


def mistaken(chance: Random, graph, share: float):
    """The graph as a teacher drew it: so many of the edges are missing or go astray."""
    drawn = [dict(needs) for needs in graph]
    for concept, needs in enumerate(graph):
        for one, weight in needs.items():
            if chance.random() < share:
                del drawn[concept][one]
                if chance.random() < 0.5:
                    drawn[concept].setdefault(chance.randrange(concept), weight)
    return drawn


def edges_of(graph) -> list[Edge]:
    return [
        Edge(concept, one, weight)
        for concept, needs in enumerate(graph)
        for one, weight in needs.items()
    ]


def reached(graph):
    """The greatest product of weights over all paths: how much one really exercises another."""
    through: list[dict[int, float]] = []
    for needs in graph:
        best: dict[int, float] = {}
        for one, weight in needs.items():
            for other, beyond in {one: 1.0, **through[one]}.items():
                best[other] = max(best.get(other, 0.0), weight * beyond)
        through.append(best)
    return through


# ── Students ──────────────────────────────────────────────────────────────────────────────────
def spread(size, low, high):
    return [low + (high - low) * k / max(size - 1, 1) for k in range(size)]


def knowledge(chance: Random, graph, hardness, ability, missing=MISSING) -> list[bool]:
    known: list[bool] = []
    for concept, needs in enumerate(graph):
        odds = logistic(1.6 * (ability - hardness[concept]))
        for one in needs:
            if not known[one]:
                odds *= missing
        known.append(chance.random() < odds)
    return known


@dataclass(frozen=True)
class Starters:
    """Who starts: abilities around a mean, within a share of the course already known."""

    ability: float = 0.3
    least: float = 0.15
    most: float = 0.9


MIXED = Starters()
BEGINNERS = Starters(-2.5, 0.0, 0.1)


def starter(chance: Random, graph, hardness, who=MIXED, missing=MISSING) -> list[bool]:
    for _try in range(300):
        known = knowledge(chance, graph, hardness, chance.gauss(who.ability, 1.5), missing)
        if who.least <= sum(known) / len(known) <= who.most:
            break
    return known


def answer_chance(known, guess, difficulty):
    return guess + (1 - guess) * logistic((2.2 if known else -3.0) - difficulty)


def rounded(difficulty):
    """As a teacher marks it: easy, medium or hard."""
    return float(min(max(round(difficulty), -1), 1))
