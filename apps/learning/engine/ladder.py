"""What the tutor does next: the ladder from a probing question to a worked neighbouring example.

0 probe    say back what is asked, ask what is known already
1 point    the section and the sentence to read
2 frame    that sentence with gaps
3 example  a neighbouring idea, worked out

A try of one's own that fits nothing climbs a rung. Two turns without effort climb one together,
but never to the last. What the quiz asks is climbed by turns alone, so that nothing is told by it.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from apps.ai.offline.replies import Kind
from apps.ai.prompts.tutor.schema import RUNGS, Move

TURNS_PER_RUNG = 2  # without effort
HIGHEST_BY_TURNS = 2  # the frame
HIGHEST = len(RUNGS) - 1


@dataclass(frozen=True)
class Ladder:
    """The question under way, and how far its answer has been led to."""

    question: str = ""
    rung: int = 0
    idle: int = 0  # turns without effort since the last rung
    half: int = 0  # tries in a row that fitted in part
    turns: int = 0
    last_try: str = ""
    is_solved: bool = False

    @classmethod
    def of(cls, state: dict[str, Any]) -> Self:
        return cls(**{name: state[name] for name in cls.__dataclass_fields__ if name in state})

    @property
    def state(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_open(self) -> bool:
        return bool(self.question) and not self.is_solved


@dataclass(frozen=True)
class Turn:
    """A student's message, read.

    kind       what it is
    found      the lesson has passages for it
    touches    it has words of the lesson
    is_same    it asks the question under way again
    score      how well it says what was to be found, 0, .5 or 1
    is_quiz    the quiz asks the question under way, or this
    """

    text: str
    kind: Kind
    found: bool = False
    touches: bool = False
    is_same: bool = False
    score: float = 0.0
    is_quiz: bool = False


@dataclass(frozen=True)
class Step:
    """`score` is of a try that was judged; `ladder` is what stands after the reply."""

    move: Move
    ladder: Ladder
    score: float | None = None


def next_step(ladder: Ladder, turn: Turn) -> Step:
    ladder = replace(ladder, turns=ladder.turns + 1)
    if turn.kind == Kind.OFF:
        return Step(Move.OFF_TOPIC, ladder)
    if not ladder.is_open:
        return _opened(ladder, turn)
    if turn.kind == Kind.LOW or turn.is_same or turn.text == ladder.last_try:
        return _without_effort(ladder, Move.SMALLER)
    is_try = turn.kind == Kind.STATEMENT or (turn.kind == Kind.GUESS and turn.score > 0)
    if is_try or (turn.is_quiz and turn.kind == Kind.GUESS):
        return _tried(ladder, turn)
    return _opened(ladder, turn)


def _opened(ladder: Ladder, turn: Turn) -> Step:
    """A new question, if the lesson has something to it."""
    if turn.kind == Kind.LOW:
        return Step(Move.SMALLER, ladder)
    if turn.found:
        return Step(Move.PROBE, Ladder(question=turn.text, turns=ladder.turns))
    if turn.kind == Kind.STATEMENT:
        return Step(Move.OFF_TOPIC, ladder)
    return Step(Move.UNKNOWN, ladder)


def _without_effort(ladder: Ladder, move: Move) -> Step:
    idle = ladder.idle + 1
    if idle < TURNS_PER_RUNG or ladder.rung >= HIGHEST_BY_TURNS:
        return Step(move, replace(ladder, idle=idle))
    climbed = replace(ladder, idle=0, rung=ladder.rung + 1)
    return Step(RUNGS[climbed.rung], climbed)


def _tried(ladder: Ladder, turn: Turn) -> Step:
    tried = replace(ladder, last_try=turn.text)
    if turn.is_quiz:
        return _without_effort(tried, Move.WITHHELD)
    if not turn.score and not turn.touches:
        return Step(Move.OFF_TOPIC, tried)
    tried = replace(tried, idle=0)
    if turn.score == 1:
        return Step(Move.RIGHT, replace(tried, is_solved=True), 1.0)
    if turn.score:
        return Step(Move.PARTLY, _after_part(tried), turn.score)
    climbed = replace(tried, half=0, rung=min(HIGHEST, ladder.rung + 1))
    return Step(RUNGS[climbed.rung], climbed, 0.0)


def _after_part(ladder: Ladder) -> Ladder:
    """A second part in a row doesn't say it yet: the next hint may be stronger."""
    if ladder.half:
        return replace(ladder, half=0, rung=min(HIGHEST, ladder.rung + 1))
    return replace(ladder, half=1)
