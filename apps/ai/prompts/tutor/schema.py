"""What the task `tutor` answers, and the orders under which it is asked."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

LONGEST = 1200  # characters of a reply


class TutorReply(BaseModel):
    """`cites`: numbers of the passages that the reply is about, from 1."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]
    cites: Annotated[list[int], Field(max_length=5)] = []


class Move(StrEnum):
    """What a reply does; the first four are the rungs of the ladder."""

    PROBE = "probe"
    POINT = "point"
    FRAME = "frame"
    EXAMPLE = "example"
    SMALLER = "smaller"
    RIGHT = "right"
    PARTLY = "partly"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"
    OFF_TOPIC = "off_topic"


RUNGS = (Move.PROBE, Move.POINT, Move.FRAME, Move.EXAMPLE)


@dataclass(frozen=True)
class QuizKey:
    """Words of a question of the quiz: what it says, each of its answers, and those of its rivals.

    Without answers the question is a statement, and whether it is true is the answer.
    """

    stem: frozenset[str]
    answers: tuple[frozenset[str], ...]
    options: frozenset[str]


@dataclass(frozen=True)
class Orders:
    """What the policy wants of one reply. It is for the checker and the engine without a model:
    no prompt holds it, but for the move, the rung and the language.

    hidden      dictionary forms that the reply may not hold
    own         those that the student wrote
    shown       those of the passages as the model sees them
    facts       words of each passage, so that none is told whole
    passages    how many there are
    known       words of the question that the lesson speaks of, as they were typed
    section     the heading over the best passage, and in which third of the lesson it stands; frame, near: sentences with what is hidden left out
    found       words of the student's reply that fit
    turn        counts the replies to one question, so that they don't repeat
    """

    move: Move
    rung: int
    language: str
    lesson_language: str
    hidden: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    facts: tuple[frozenset[str], ...] = ()
    keys: tuple[QuizKey, ...] = ()
    passages: int = 0
    known: tuple[str, ...] = ()
    section: str = ""
    third: int = 0
    frame: str = ""
    near: str = ""
    found: tuple[str, ...] = ()
    turn: int = 0
