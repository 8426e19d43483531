"""The adaptive pre-test: what to ask next, when to stop, what it found.

Knowing the advanced implies much about the simple, so that a third of the concepts' number is
questions enough (`states` holds the mathematics). Nothing is taught while it runs: no feedback.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log

from . import graph
from .fold import Finding
from .graph import Edge

SURE = 0.90  # mean certainty at which it stops
SHARE, MOST_QUESTIONS = 0.35, 30
SHARE_IF_WEAK = 0.55  # where prerequisites turned out to imply little, more must be asked
USUAL_SHARE, USUAL_WEIGHT = (
    0.75,
    4,
)  # of the most that are usually asked; questions that this counts as
AGAIN_COSTS = 0.02  # how much less attractive a concept is for each time it was asked
SKIP_FROM = 0.8
RANDOM_FROM = 0.3  # probability of guessing from which the answers prove nothing
HASTY_SHARE = 0.5
UNKNOWN_GUESS = 0.01  # of the answer "I don't know"

PLAIN_LAMBDA, PROPOSED_LAMBDA = 0.15, 0.4
LAMBDAS = (0.15, 0.3, 0.5, 0.8)
TESTS_TO_LEARN = 30


@dataclass(frozen=True, slots=True)
class Question:
    id: int
    concept: int
    guess: float
    difficulty: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as stored with the attempt: facts that a later edit doesn't change."""

    question: int
    concept: int
    right: bool
    guess: float
    difficulty: float = 0.0
    hasty: bool = False  # faster than the question can be read


def dont_know(question: Question) -> Reply:
    return Reply(question.id, question.concept, False, UNKNOWN_GUESS, question.difficulty)


@dataclass(frozen=True, slots=True)
class Result:
    """What the test found of each concept; with random-looking answers nothing is skipped."""

    findings: tuple[Finding, ...]
    looks_random: bool


class Pretest:
    """A student's pre-test, made again for each request from the replies: same seed, same states.

    `concepts` stand in the order of the course; edges to others are left out. `factor` is λ, how much
    of the chance to know a concept is left without a prerequisite (`learnt_factor`).
    """

    def __init__(
        self,
        concepts: Sequence[int],
        edges: Iterable[Edge],
        *,
        seed: int,
        factor: float = PLAIN_LAMBDA,
        replies: Iterable[Reply] = (),
        particles: int | None = None,
    ) -> None:
        from .states import States  # numpy takes its time: only those who test pay for it

        needs: dict[int, dict[int, float]] = {concept: {} for concept in concepts}
        for edge in edges:
            if edge.advanced in needs and edge.prerequisite in needs:
                weak = factor if edge.confirmed else max(factor, PROPOSED_LAMBDA)
                needs[edge.advanced][edge.prerequisite] = weak
        place = {concept: number for number, concept in enumerate(concepts)}
        self.order = graph.ordered(concepts, needs, place.__getitem__)
        self.needs = needs
        self.factor = factor
        self.index = {concept: number for number, concept in enumerate(self.order)}
        parents = [
            [(self.index[needed], weak) for needed, weak in needs[concept].items()]
            for concept in self.order
        ]
        count = particles or (1024 if len(concepts) <= 200 else 512)
        self.states = States(parents, seed=seed, count=count)
        self.before = self.states.marginals()
        self.replies: list[Reply] = []
        for reply in replies:
            self.reply(reply)

    def reply(self, reply: Reply) -> None:
        self.replies.append(reply)
        self.states.answer(
            self.index[reply.concept],
            right=reply.right,
            guess=reply.guess,
            difficulty=reply.difficulty,
        )

    def known(self) -> dict[int, float]:
        """The probability of each concept being known, as far as the replies tell."""
        return dict(zip(self.order, self.states.marginals(), strict=True))

    def expected(self, reply: Reply) -> float:
        """The probability of just this reply before it was given."""
        from .states import chances

        unknown, known = chances(reply.guess, reply.difficulty)
        m = self.known()[reply.concept]
        right = m * known + (1 - m) * unknown
        return right if reply.right else 1 - right

    def following(self, questions: Iterable[Question]) -> Question | None:
        """The next question, or None when it is sure enough, long enough, or nothing is left."""
        return None if self.is_over else self.best(questions)

    @property
    def is_over(self) -> bool:
        long = len(self.replies) >= most_questions(len(self.order), self.factor)
        return long or certainty(self.known()) >= SURE

    def about_left(self) -> int:
        """How many questions are still to come, by what each has added to certainty so far."""
        most = most_questions(len(self.order), self.factor)
        began = certainty(dict(zip(self.order, self.before, strict=True)))
        now = certainty(self.known())
        usual = (SURE - began) / (USUAL_SHARE * most)
        pace = (now - began + USUAL_WEIGHT * usual) / (len(self.replies) + USUAL_WEIGHT)
        left = ceil((SURE - now) / pace) if pace > 0 else most
        return min(max(left, 1), most - len(self.replies))

    def best(self, questions: Iterable[Question]) -> Question | None:
        """The most telling unasked question of the concept whose state is most open."""
        left: dict[int, list[Question]] = {}
        asked = {reply.question for reply in self.replies}
        for question in questions:
            if question.id not in asked and question.concept in self.index:
                left.setdefault(question.concept, []).append(question)
        if not left:
            return None
        known, times = self.known(), Counter(reply.concept for reply in self.replies)
        concept = max(
            (concept for concept in self.order if concept in left),
            key=lambda one: min(known[one], 1 - known[one]) - AGAIN_COSTS * times[one],
        )
        return max(left[concept], key=information)

    def result(self) -> Result:
        looks_random = self.states.guesser() > RANDOM_FROM or (
            sum(reply.hasty for reply in self.replies) > HASTY_SHARE * len(self.replies)
        )
        witnessed = set() if looks_random else self._witnessed()
        findings = (
            Finding(concept, before, after, skip=after >= SKIP_FROM and concept in witnessed)
            for concept, before, after in zip(
                self.order, self.before, self.states.marginals(), strict=True
            )
        )
        return Result(tuple(findings), looks_random)

    def _witnessed(self) -> set[int]:
        """The concepts of the right replies, and all that those need."""
        seen: set[int] = set()
        waiting = [reply.concept for reply in self.replies if reply.right]
        while waiting:
            concept = waiting.pop()
            if concept not in seen:
                seen.add(concept)
                waiting.extend(self.needs[concept])
        return seen


def most_questions(concepts: int, factor: float = PLAIN_LAMBDA) -> int:
    """The questions at which a test ends whatever it knows by then."""
    share = SHARE if factor <= PLAIN_LAMBDA else SHARE_IF_WEAK
    return min(ceil(share * concepts), MOST_QUESTIONS)


def certainty(known: Mapping[int, float]) -> float:
    """How right the test expects to be on average, calling known what is likelier known than not."""
    return sum(max(m, 1 - m) for m in known.values()) / max(len(known), 1)


def information(question: Question) -> float:
    """What the answer tells about an even chance of knowing, in nats (mutual information)."""
    from .states import chances

    unknown, known = chances(question.guess, question.difficulty)
    return _entropy((unknown + known) / 2) - (_entropy(unknown) + _entropy(known)) / 2


def learnt_factor(
    concepts: Sequence[int],
    edges: Sequence[Edge],
    tests: Sequence[Sequence[Reply]],
    particles: int = 512,
) -> float:
    """λ of a course from its finished pre-tests: the one that foresaw their answers best.

    Replies to concepts that the course no longer has are passed over. With fewer than 30 tests the
    prerequisites are believed as they stand.
    """
    if len(tests) < TESTS_TO_LEARN:
        return PLAIN_LAMBDA
    scores = dict.fromkeys(LAMBDAS, 0.0)
    for factor in scores:
        for seed, replies in enumerate(tests):
            test = Pretest(concepts, edges, seed=seed, factor=factor, particles=particles)
            for reply in replies:
                if reply.concept in test.index:
                    scores[factor] += log(test.expected(reply))
                    test.reply(reply)
    return max(scores, key=scores.__getitem__)


def _entropy(p: float) -> float:
    return -(p * log(p) + (1 - p) * log(1 - p))
