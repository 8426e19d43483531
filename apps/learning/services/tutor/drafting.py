"""What the tutor says to a message: read, planned by the ladder, written by an engine, checked."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from apps.accounts.models import User
from apps.ai.offline.guard import is_like_any, telling
from apps.ai.offline.masking import frame_of, masked
from apps.ai.offline.replies import Judged, Kind, judged, kind_of
from apps.ai.offline.retrieval import Asked, known_words
from apps.ai.offline.sentences import stands_alone
from apps.ai.prompts.registry import TASKS
from apps.ai.prompts.tutor.schema import RUNGS, Move, Orders, QuizKey
from apps.ai.services import Material, ask
from apps.courses.models import Lesson

from ...engine.ladder import HIGHEST, Ladder, Step, Turn, next_step
from ...models import TutorMessage
from ...selectors.answer_keys import answer_keys, is_asked, related
from ...selectors.passages import Found, lessons_up_to, neighbours, passages_for
from ...selectors.tutor import concept_of_turn, language_of_message, messages_before
from ..generation import language_of
from ..passages import read_lesson

ENOUGH = 0.38  # of a question that the best passage speaks of: below, the lesson doesn't say
BY_MODELS = {*RUNGS, Move.RIGHT, Move.PARTLY}
WORDLESS = {Move.OFF_TOPIC, Move.UNKNOWN}  # replies that are about no passage
HEARD = 5  # passages whose words are hidden, for the best may not be the one that answers
REMEMBERED = 8  # messages that a model is shown
LONGEST_SHOWN = 500  # characters of each
Words = frozenset[str]


@dataclass(frozen=True)
class Draft:
    """A checked reply, and what its turn came to."""

    text: str
    citations: list[dict[str, Any]]
    ladder: Ladder
    rung: int
    engine: str
    prompt_version: str
    faults: list[str]
    score: float | None
    concept_id: int | None


@dataclass(frozen=True)
class Heard:
    """The message with all that it is understood by. `hits` are of the question under way after it."""

    message: TutorMessage
    lesson: Lesson
    language: str  # of the lesson
    spoken: str  # of the student
    kind: Kind
    step: Step
    hits: list[Found]
    judged: Judged
    keys: tuple[QuizKey, ...]
    asked_by_quiz: list[QuizKey]
    earlier: list[TutorMessage]


def drafted(
    *, student: User, message: TutorMessage, lesson: Lesson, at: datetime
) -> Generator[str, None, Draft]:
    """Yields what it is doing: "reading", then "thinking"."""
    yield "reading"
    read_lesson(lesson=lesson)
    heard = _heard(student, message, lesson)
    orders = _orders(heard)
    yield "thinking"
    outcome = ask(
        task="tutor",
        material=_material(heard, orders),
        user=student,
        at=at,
        course_id=lesson.course_id,
        offline=not _is_for_models(heard),
    )
    ladder = heard.step.ladder
    return Draft(
        text=outcome.value.text,
        citations=_citations(heard, orders, outcome.value.cites),
        ladder=ladder,
        rung=ladder.rung,
        engine=outcome.engine,
        prompt_version=TASKS["tutor"].version,
        faults=list(outcome.faults),
        score=heard.step.score,
        concept_id=concept_of_turn(lesson, _words(heard)) if heard.step.score is not None else None,
    )


# ── Reading ───────────────────────────────────────────────────────────────────────────────────
def _heard(student: User, message: TutorMessage, lesson: Lesson) -> Heard:
    language = language_of(lesson.content)
    earlier = messages_before(message, REMEMBERED)
    spoken = language_of_message(message, earlier, student)
    ladder = Ladder.of(message.thread.state)
    scope = lessons_up_to(student, lesson)
    kind = kind_of(message.text, spoken)
    keys = answer_keys(lesson.course_id)

    def hits_of(question: str) -> list[Found]:
        return passages_for(Asked.read(question, language), lesson, scope, most=HEARD)

    reads = kind not in (Kind.LOW, Kind.OFF)
    now = hits_of(message.text) if reads else []
    under_way = hits_of(ladder.question) if ladder.is_open else []
    said = telling(message.text)
    result = _judged(message.text, ladder, under_way, language) if reads else Judged(0, ())
    by_quiz = is_asked(said, keys) + is_asked(telling(ladder.question), keys) * ladder.is_open
    turn = Turn(
        text=message.text,
        kind=kind,
        found=bool(now) and now[0].coverage >= ENOUGH,
        touches=bool(now),
        is_same=ladder.is_open and not result.score and _is_same(message.text, ladder, language),
        score=result.score,
        is_quiz=bool(by_quiz),
    )
    step = next_step(ladder, turn)
    is_new = step.ladder.question == message.text
    if is_new:
        by_quiz = is_asked(said, keys)
    return Heard(
        message=message,
        lesson=lesson,
        language=language,
        spoken=spoken,
        kind=kind,
        step=step,
        hits=now if is_new else under_way,
        judged=result,
        keys=keys,
        asked_by_quiz=by_quiz,
        earlier=earlier,
    )


def _judged(text: str, ladder: Ladder, hits: list[Found], language: str) -> Judged:
    if not hits:
        return Judged(0, ())
    near = [hit for hit in hits if hit.score >= 0.6 * hits[0].score]
    own = telling(ladder.question)
    wanted = [telling(hit.passage.text) - own for hit in near]
    return judged(text, wanted, [hit.passage.text for hit in near], language)


def _is_same(text: str, ladder: Ladder, language: str) -> bool:
    """Both ask by mostly the same words."""
    one = set(Asked.read(text, language).lemmas)
    other = set(Asked.read(ladder.question, language).lemmas)
    smaller = min(len(one), len(other))
    return smaller > 0 and len(one & other) >= 0.6 * smaller


def _words(heard: Heard) -> Words:
    """What the talk is about: the question under way and the passages that answer it."""
    found = [hit.passage.text for hit in heard.hits[:1]]
    return telling(" ".join([heard.step.ladder.question, heard.message.text, *found]))


# ── Orders ────────────────────────────────────────────────────────────────────────────────────
def _orders(heard: Heard) -> Orders:
    step = heard.step
    secret, hidden = _secrets(heard)
    best = heard.hits[0].passage if heard.hits else None
    asked = Asked.read(step.ladder.question, heard.language)
    orders = Orders(
        move=step.move,
        rung=step.ladder.rung,
        language=heard.spoken,
        lesson_language=heard.language,
        hidden=secret,
        own=_own_words(heard),
        facts=tuple(frozenset(telling(hit.passage.text)) for hit in heard.hits),
        keys=heard.keys,
        passages=len(heard.hits),
        turn=step.ladder.turns,
        found=heard.judged.found,
    )
    if best is None:
        return orders
    around = neighbours(best)
    return replace(
        orders,
        known=_known(heard, asked, hidden),
        section=_section(heard, hidden),
        third=min(2, 3 * best.start // (len(heard.lesson.content) or 1)),
        frame=frame_of(best.text, hidden),
        near=next(
            (
                row.text
                for row in around
                if stands_alone(row.text, heard.language)
                and not any(is_like_any(form, hidden) for form in telling(row.text))
            ),
            "",
        ),
        shown=telling(" ".join([heard.lesson.title, _shown(heard, secret)])),
    )


def _secrets(heard: Heard) -> tuple[Words, Words]:
    """What no reply of this turn may say, and with it what an offline one leaves to be found."""
    question = telling(heard.step.ladder.question)
    found = telling(" ".join(hit.passage.text for hit in heard.hits))
    own = _own_words(heard)
    keys = related(question | found, heard.keys) - own
    for key in heard.asked_by_quiz:
        keys |= key.options
    told = Words() if _is_guess(heard) else question
    answer = frozenset(form for form in found if not is_like_any(form, told))
    if heard.judged.score:
        answer -= own
    hidden = answer | keys
    opens = heard.step.ladder.rung == HIGHEST or heard.step.move == Move.RIGHT
    return (keys if opens else hidden), hidden


def _own_words(heard: Heard) -> Words:
    """What the student brought to this question. A guess brings nothing: it may list everything."""
    texts = [row.text for row in heard.earlier if row.speaker == "student"]
    spoken = [text for text in [*texts, heard.message.text] if not _offers(text, heard.spoken)]
    return telling(" ".join(spoken))


def _offers(text: str, language: str) -> bool:
    return kind_of(text, language) in (Kind.GUESS, Kind.OFF)


def _is_guess(heard: Heard) -> bool:
    return _offers(heard.step.ladder.question, heard.spoken)


def _known(heard: Heard, asked: Asked, hidden: Words) -> tuple[str, ...]:
    """Words of the question that the passages speak of; of a guess none, for that would answer it."""
    if _is_guess(heard) or heard.asked_by_quiz:
        return ()
    lemmas = [form for hit in heard.hits for form in hit.passage.lemmas.split("\n")]
    words = dict.fromkeys(known_words(asked, lemmas).values())
    return tuple(
        word for word in words if not any(is_like_any(form, hidden) for form in telling(word))
    )


def _section(heard: Heard, hidden: Words) -> str:
    passage = heard.hits[0].passage
    if passage.lesson_id == heard.lesson.pk:
        return _named(passage.section, hidden)
    return _named(f"{passage.lesson.title}: {passage.section}", hidden)


def _named(name: str, hidden: Words) -> str:
    """A heading as far as it may be said; empty when nothing of it is left."""
    left = masked(name, hidden)
    return left if telling(left) else ""


# ── Engines ───────────────────────────────────────────────────────────────────────────────────
def _is_for_models(heard: Heard) -> bool:
    """What the quiz asks and what wants a yes isn't given to a model: it could only tell."""
    return (
        heard.step.move in BY_MODELS
        and bool(heard.hits)
        and not heard.asked_by_quiz
        and heard.kind != Kind.GUESS
        and not _is_guess(heard)
    )


def _material(heard: Heard, orders: Orders) -> Material:
    talk = "\n".join(
        f"{'Student' if row.speaker == 'student' else 'Tutor'}: {row.text[:LONGEST_SHOWN]}"
        for row in [*heard.earlier, heard.message]
    )
    return Material(
        title=masked(heard.lesson.title, orders.hidden),
        text=f"## Passages\n\n{_shown(heard, orders.hidden)}\n\n## Talk\n\n{talk}",
        language=heard.spoken,
        wishes={"move": orders.move.value, "section": orders.section},
        private=orders,
    )


def _shown(heard: Heard, secret: Words) -> str:
    """The passages as a model sees them: with gaps for what it isn't to say."""
    return "\n".join(
        f"[{number}] ({masked(hit.passage.section, secret)}) {masked(hit.passage.text, secret)}"
        for number, hit in enumerate(heard.hits, start=1)
    )


# ── Citations ─────────────────────────────────────────────────────────────────────────────────
def _citations(heard: Heard, orders: Orders, cites: list[int]) -> list[dict[str, Any]]:
    if heard.step.move in WORDLESS:
        return []
    _secret, hidden = _secrets(heard)
    rows = [heard.hits[number - 1] for number in cites or [1] if number <= len(heard.hits)]
    return [_citation(heard, found, hidden) for found in rows]


def _citation(heard: Heard, found: Found, hidden: Words) -> dict[str, Any]:
    """For what the quiz asks not the sentence, which would be its answer, but all around it."""
    passage = found.passage
    start, end = passage.start, passage.end
    if heard.asked_by_quiz:
        around = [row for row in neighbours(passage) if row.section == passage.section]
        start = min([start, *(row.start for row in around)])
        end = max([end, *(row.end for row in around)])
    return {
        "lesson": passage.lesson_id,
        "title": _named(passage.lesson.title, hidden),
        "section": _named(passage.section, hidden),
        "start": start,
        "end": end,
    }
