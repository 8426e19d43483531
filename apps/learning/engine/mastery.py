"""How surely a student knows a concept: Bayesian knowledge tracing with recall and ability (BKT-RA).

`m`, in [.001, .999], is the probability that a concept is known, whether or not it comes to mind
now; what is shown to people is `m · R`, R being the chance of recall (`trace`). One number per
student and course, `theta` in [−3, 3], says how able the student is: it sets where a new concept
starts and how fast it is learnt. Everything adds up in log-odds, so that each value explains itself.

Sources: knowledge tracing by Corbett & Anderson (1995); ability as an individual prior after
Pardos & Heffernan (2010); guess and difficulty in the emission as in item response theory.
The constants were fitted in simulation and rounded (`docs/learning-model.md`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from math import exp, isnan, log

P0 = 0.30  # a concept is known before anything was seen
SLIP = 0.12  # a known, recalled concept is answered wrongly all the same
BASE = 0.05  # right though not known, beside guessing
SLOPE = 0.9  # log-odds that a unit of difficulty costs
T = 0.12  # one encounter with feedback teaches it
T_LESSON = 0.15  # a finished lesson teaches it
KAPPA = 0.8  # what ability adds to the start, log-odds
RHO = 0.45  # what ability adds to learning, log-odds
ETA, ETA_DECAY = 1.2, 0.05  # step of ability, and how it shrinks
LEAST, MOST = 0.001, 0.999
ABILITY_LIMIT = 3.0
DIFFICULTY_LIMIT = 3.0
GUESS_LIMIT = 0.95

RIGHT = 0.6  # from this score on an answer counts as right
MIXED_KINDS = 2
MIXED_DAYS = 2
MASTERED_FROM, MASTERED_UNTIL = 0.85, 0.75


class Kind(StrEnum):
    """Where evidence comes from."""

    QUIZ = "quiz"
    CARD = "card"
    PRETEST = "pretest"
    TUTOR = "tutor"
    LESSON = "lesson"


class Level(IntEnum):
    """What a student is told, by the shown mastery."""

    NOT_STARTED = 0
    LEARNING = 1
    FAMILIAR = 2
    PROFICIENT = 3
    MASTERED = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as facts: what came of it (0 … 1) and how easy it was to come by.

    `guess` is the chance of a right answer by guessing, `difficulty` in logits (easy −1, hard +1),
    `weight` how far the answer is trusted, `teaches` whether the student was told what is right.
    Values beyond their range are cut; what is no number at all is refused.
    """

    score: float
    guess: float
    difficulty: float = 0.0
    weight: float = 1.0
    teaches: bool = True

    def __post_init__(self) -> None:
        cut = object.__setattr__
        cut(self, "score", _within(self.score, 0.0, 1.0))
        cut(self, "guess", _within(self.guess, 0.0, GUESS_LIMIT))
        cut(self, "difficulty", _within(self.difficulty, -DIFFICULTY_LIMIT, DIFFICULTY_LIMIT))
        cut(self, "weight", _within(self.weight, 0.0, 1.0))

    @property
    def right(self) -> bool:
        return self.score >= RIGHT


@dataclass(frozen=True, slots=True)
class Ability:
    """A student's ability in a course, and after how many answers."""

    theta: float = 0.0
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Update:
    """What one answer did to one concept."""

    m: float
    ability: Ability
    expected: float  # chance of a right answer, before it came
    evidence: float  # weighted log-odds for (or against) knowing
    posterior: float  # after the evidence, before the teaching

    @property
    def teaching(self) -> float:
        """Log-odds that the encounter itself added."""
        return logit(self.m) - logit(self.posterior)


# ── The model ─────────────────────────────────────────────────────────────────────────────────
def logistic(x: float) -> float:
    return 1 / (1 + exp(-x))


def logit(p: float) -> float:
    return log(p / (1 - p))


def chances(guess: float, difficulty: float) -> tuple[float, float]:
    """Chance of a right answer by one who knows and recalls it, and by one who doesn't know it."""
    known = guess + (1 - guess) * logistic(logit(1 - SLIP) - SLOPE * difficulty)
    unknown = guess + (1 - guess) * logistic(logit(BASE) - SLOPE * difficulty)
    return known, unknown


def starting(theta: float) -> float:
    """m of a concept at its first evidence."""
    return logistic(logit(P0) + KAPPA * theta)


def expected(m: float, answer: Answer, recall: float = 1.0) -> float:
    """Chance of a right answer; `recall` is R before the answer, 1 without a trace."""
    known, unknown = _recalled_chances(answer, recall)
    return m * known + (1 - m) * unknown


def weighed(
    m: float, answer: Answer, recall: float = 1.0, share: float = 1.0
) -> tuple[float, float]:
    """m after the evidence, and its weight in log-odds; `share` as in `share_of`."""
    known, unknown = _recalled_chances(answer, recall)
    ratio = answer.score * log(known / unknown) + (1 - answer.score) * log(
        (1 - known) / (1 - unknown)
    )
    evidence = answer.weight * share * ratio
    return bounded(logistic(logit(m) + evidence)), evidence


def moved(ability: Ability, answer: Answer, expected_chance: float) -> Ability:
    """Ability after an answer that was expected to be right with that chance."""
    answers = ability.answers + 1
    step = ETA / (1 + ETA_DECAY * answers) * answer.weight * (answer.score - expected_chance)
    return Ability(_within(ability.theta + step, -ABILITY_LIMIT, ABILITY_LIMIT), answers)


def taught(m: float, theta: float, rate: float = T) -> float:
    """m after an encounter that teaches: one not known is learnt with a chance by ability."""
    return bounded(m + (1 - m) * logistic(logit(rate) + RHO * theta))


def answered(m: float, ability: Ability, answer: Answer, recall: float = 1.0) -> Update:
    """One answer about one concept."""
    chance = expected(m, answer, recall)
    posterior, evidence = weighed(m, answer, recall)
    after = moved(ability, answer, chance)
    reached = taught(posterior, after.theta) if answer.teaches else posterior
    return Update(reached, after, chance, evidence, posterior)


def pretested(m: float, before: float, after: float) -> tuple[float, float]:
    """m after a pre-test that moved the concept's probability so, and the log-odds it added.

    A concept without earlier evidence starts from `before` and so ends at `after`.
    """
    evidence = logit(bounded(after)) - logit(bounded(before))
    return bounded(logistic(logit(m) + evidence)), evidence


def _recalled_chances(answer: Answer, recall: float) -> tuple[float, float]:
    known, unknown = chances(answer.guess, answer.difficulty)
    return recall * known + (1 - recall) * unknown, unknown


def bounded(m: float) -> float:
    """Within [.001, .999]: nobody is ever sure, so that evidence can always turn it."""
    return min(max(m, LEAST), MOST)


def _within(value: float, least: float, most: float) -> float:
    if isnan(value):
        raise ValueError("not a number")
    return float(min(max(value, least), most))


# ── What evidence weighs ──────────────────────────────────────────────────────────────────────
# By question kind; a single choice is 1 of its options, two included.
GUESS_BY_KIND = {
    "true_false": 0.5,
    "multiple": 0.1,
    "ordering": 0.05,
    "matching": 0.05,
    "short": 0.05,
    "numeric": 0.05,
    "cloze": 0.05,
}
GUESS_OF_CARD = 0.05
GUESS_BY_HINTS = (0.05, 0.35, 0.60, 0.85)
DIFFICULTY = {"easy": -1.0, "medium": 0.0, "hard": 1.0}
REPEATED_WEIGHT, HASTY_WEIGHT = 0.3, 0.25
TUTOR_WEIGHT, TUTOR_TURNS_A_DAY = 0.5, 3
LEAST_SHARE = 0.3
LEAST_READING = 0.3
HASTY_MS, HASTY_SHARE = 2000, 0.1
FULL_MEASURE = 20  # answers that count as much as the teacher's own judgement of difficulty


def guess_of(kind: str, options: int = 0) -> float:
    """The chance of guessing a question of that kind right."""
    return 1 / max(options, 1) if kind == "single" else GUESS_BY_KIND[kind]


def quiz_weight(*, repeated: bool, hasty: bool) -> float:
    """How far a quiz answer is trusted; `repeated`: the same question earlier on that day."""
    return min(REPEATED_WEIGHT if repeated else 1.0, HASTY_WEIGHT if hasty else 1.0)


def is_hasty(duration_ms: float, median_ms: float) -> bool:
    """Answered faster than the question can be read."""
    return duration_ms < max(HASTY_MS, HASTY_SHARE * median_ms)


def card_answer(rating: int) -> Answer:
    """The grade of a card, 1 (again) to 4 (easy)."""
    return Answer(score=float(rating > 1), guess=GUESS_OF_CARD)


def tutor_answer(score: float, *, hints: int, earlier_today: int) -> Answer:
    """A turn with the tutor after so many hints; beyond three a day and concept it does nothing."""
    guess = GUESS_BY_HINTS[min(max(hints, 0), len(GUESS_BY_HINTS) - 1)]
    counts = earlier_today < TUTOR_TURNS_A_DAY
    return Answer(score, guess, weight=TUTOR_WEIGHT if counts else 0.0, teaches=counts)


def share_of(tags: int) -> float:
    """What an answer about several concepts weighs for each: blame and praise are spread."""
    return max(LEAST_SHARE, 1 / max(tags, 1))


def counts_as_read(active_seconds: float, reading_seconds: float) -> bool:
    """Whether a finished lesson was on the screen long enough to teach something."""
    return active_seconds >= LEAST_READING * reading_seconds


def expected_at(chance: float, answer: Answer, difficulty: float = 0.0) -> float:
    """What was expected of an answer, had its question been of another difficulty.

    The chance is c0 + m·R·(c1 − c0): what was thought of the student, m·R, is read back from it.
    """
    known, unknown = chances(answer.guess, answer.difficulty)
    shown = (chance - unknown) / (known - unknown)
    known, unknown = chances(answer.guess, difficulty)
    return unknown + shown * (known - unknown)


def measured_difficulty(answers: int, expected_share: float, right_share: float) -> float:
    """Difficulty in logits from the log, drawn hard to 0: noisy difficulty is worse than none.

    `expected_share` is what the model expected at difficulty 0, `right_share` what came.
    """
    trust = answers / (answers + FULL_MEASURE)
    gap = logit(_within(expected_share, 0.01, 0.99)) - logit(_within(right_share, 0.01, 0.99))
    return _within(trust * gap, -DIFFICULTY_LIMIT, DIFFICULTY_LIMIT)


# ── What people are told ──────────────────────────────────────────────────────────────────────
def level_of(shown: float | None, *, mixed: bool, held: bool) -> Level:
    """The level of a shown mastery m·R, None without evidence.

    Mastered takes evidence of two kinds on two days (`mixed`) and stays until it falls below .75
    (`held`: it was mastered before), so that it doesn't flicker.
    """
    if shown is None:
        return Level.NOT_STARTED
    if is_mastered(shown, mixed=mixed, held=held):
        return Level.MASTERED
    if shown >= 0.70:
        return Level.PROFICIENT
    return Level.FAMILIAR if shown >= 0.40 else Level.LEARNING


def is_mastered(shown: float, *, mixed: bool, held: bool) -> bool:
    return (shown >= MASTERED_FROM and mixed) or (shown >= MASTERED_UNTIL and held)


@dataclass(frozen=True, slots=True)
class Line:
    """What one event did to one concept, in log-odds."""

    event_id: int
    concept: int
    kind: Kind
    evidence: float
    teaching: float

    @property
    def effect(self) -> float:
        return self.evidence + self.teaching


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a concept stands where it stands: start + lines + others = ℓ(m); shown = m · recall."""

    start: float
    lines: tuple[Line, ...]  # the largest, in the order in which they came
    others: float  # the sum of all further ones, and of what the bounds of m cut off
    m: float
    recall: float

    @property
    def shown(self) -> float:
        return self.m * self.recall


def explained(
    started: float, lines: Sequence[Line], m: float, recall: float, largest: int = 5
) -> Explanation:
    """The largest effects on a concept that started at `started` and stands at `m`."""
    chosen = sorted(range(len(lines)), key=lambda i: (-abs(lines[i].effect), i))[:largest]
    kept = tuple(lines[i] for i in sorted(chosen))
    start = logit(started)
    return Explanation(start, kept, logit(m) - start - _sum(kept), m, recall)


def _sum(lines: Iterable[Line]) -> float:
    return sum(line.effect for line in lines)
