"""Knowledge states drawn from the prerequisite graph, weighed by the answers of a pre-test.

Each of N particles is a whole student: what they know of K concepts, how able they are (one of four
grades) and whether they guess. Answers weigh the particles by Bayes; when few are left that matter,
they are drawn anew and each is renewed by one Gibbs sweep. Imports numpy: import it where it's used.

Sources: knowledge spaces (Doignon & Falmagne); resample-move particle filter (Gilks & Berzuini).
"""

from collections.abc import Sequence
from math import exp

import numpy as np
from numpy.typing import NDArray

GRADES = (-1.8, -0.6, 0.6, 1.8)
SLOPE = 1.5
EASIEST, HARDEST = -1.8, 0.2
GUESSERS = 0.1
KNOWN, UNKNOWN, STEP = 2.0, -2.94, 0.9  # logits of a right answer, and what difficulty costs

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def chances(guess: float, difficulty: float) -> tuple[float, float]:
    """Chance of a right answer without and with knowing the concept."""
    unknown, known = (
        guess + (1 - guess) / (1 + exp(STEP * difficulty - logit)) for logit in (UNKNOWN, KNOWN)
    )
    return unknown, known


class States:
    """Particles over concepts 0 … K−1, each after its parents; drawn and renewed by `seed` alone.

    `parents[k]` lists (parent, λ): missing it multiplies the chance of knowing k by λ. Shapes:
    `known` (K, N), `grade`, `guessing` and `weights` (N,).
    """

    def __init__(
        self, parents: Sequence[Sequence[tuple[int, float]]], *, seed: int, count: int
    ) -> None:
        self.parents = parents
        self.seed = seed
        self.count = count
        size = len(parents)
        self.children: list[list[tuple[int, float]]] = [[] for _ in range(size)]
        for child, needed in enumerate(parents):
            for parent, factor in needed:
                self.children[parent].append((child, factor))
        middle = (EASIEST + HARDEST) / 2
        hardness = np.linspace(EASIEST, HARDEST, size) if size > 1 else np.full(size, middle)
        # chance of knowing a concept with all its parents, by concept and grade
        self.base = 1 / (1 + np.exp(-SLOPE * (np.array(GRADES)[None, :] - hardness[:, None])))
        # log-likelihood of the answers so far: [guessing][known][concept]
        self.likelihood = np.zeros((2, 2, size))
        self.answers = 0
        chance = np.random.default_rng([seed, 0])
        self.grade = chance.integers(0, len(GRADES), count)
        self.guessing: Bools = chance.random(count) < GUESSERS
        self.weights: Floats = np.full(count, 1 / count)
        self.known: Bools = np.zeros((size, count), bool)
        for concept in range(size):
            prior = self.base[concept, self.grade] * self._reach(concept)
            self.known[concept] = chance.random(count) < prior

    def marginals(self) -> list[float]:
        """The probability of each concept being known."""
        return (self.known @ self.weights).tolist()

    def guesser(self) -> float:
        """The probability that the student guesses."""
        return float(self.guessing @ self.weights)

    def answer(self, concept: int, *, right: bool, guess: float, difficulty: float) -> None:
        honest = np.array(chances(guess, difficulty))
        right_chance = np.array([honest, 0.5 * honest + 0.5 * max(guess, 0.1)])
        came = right_chance if right else 1 - right_chance
        self.answers += 1
        self.likelihood[:, :, concept] += np.log(came)
        weights = self.weights * came[self.guessing.astype(int), self.known[concept].astype(int)]
        self.weights = weights / weights.sum()
        if 1 / (self.weights**2).sum() < self.count / 2:
            self.renew()

    def renew(self) -> None:
        """Systematic resampling, then a Gibbs sweep over guessing, every concept, and the grade."""
        chance = np.random.default_rng([self.seed, self.answers])
        places = (np.arange(self.count) + chance.random()) / self.count
        chosen = np.searchsorted(np.cumsum(self.weights), places).clip(0, self.count - 1)
        self.known, self.grade = self.known[:, chosen], self.grade[chosen]
        self.weights = np.full(self.count, 1 / self.count)
        self._renew_guessing(chance)
        self._renew_known(chance)
        self._renew_grade(chance)

    def _reach(self, concept: int, but: int | None = None) -> Floats:
        """What the missing parents, but for one, leave of the chance to know the concept."""
        reach = np.ones(self.count)
        for parent, factor in self.parents[concept]:
            if parent != but:
                reach = reach * np.where(self.known[parent], 1.0, factor)
        return reach

    def _renew_guessing(self, chance: np.random.Generator) -> None:
        odds = np.full(self.count, np.log(GUESSERS / (1 - GUESSERS)))
        gain = self.likelihood[1] - self.likelihood[0]
        for concept in np.nonzero(self.likelihood.any((0, 1)))[0]:
            odds += gain[self.known[concept].astype(int), concept]
        self.guessing = chance.random(self.count) < 1 / (1 + np.exp(-odds))

    def _renew_known(self, chance: np.random.Generator) -> None:
        base = self.base[:, self.grade]
        draws = chance.random(self.known.shape)
        answers = (self.likelihood[:, 1] - self.likelihood[:, 0])[self.guessing.astype(int)]
        for concept, children in enumerate(self.children):
            prior = base[concept] * self._reach(concept)
            odds = np.log(prior / (1 - prior)) + answers[:, concept]
            for child, factor in children:
                with_it = base[child] * self._reach(child, but=concept)
                odds += np.where(
                    self.known[child],
                    -np.log(factor),
                    np.log((1 - with_it) / (1 - factor * with_it)),
                )
            self.known[concept] = draws[concept] < 1 / (1 + np.exp(-odds))

    def _renew_grade(self, chance: np.random.Generator) -> None:
        """A Metropolis step: another grade is taken as far as it explains what is known better."""
        proposed = chance.integers(0, len(GRADES), self.count)
        reach = np.stack([self._reach(concept) for concept in range(len(self.parents))])
        fit = [
            np.log(np.where(self.known, prior, 1 - prior)).sum(0)
            for prior in (self.base[:, grade] * reach for grade in (self.grade, proposed))
        ]
        accepted = np.log(chance.random(self.count)) < fit[1] - fit[0]
        self.grade = np.where(accepted, proposed, self.grade)
