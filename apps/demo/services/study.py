"""What students of the demo did, session by session: lessons, quizzes with mistakes, cards."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.models import User
from apps.core import bus
from apps.courses.models import Lesson
from apps.enrollment.services import complete_lesson
from apps.learning.engine.marking import right_answer
from apps.learning.models import Answer, Card
from apps.learning.services import attempts, evidence, notes, past, past_quizzes

from .beside import read_lesson
from .courses import Paper, Place
from .habits import choose_goal
from .paces import Pace, sessions
from .people import Player
from .placement import take_pretest
from .seats import SeatPlan, say, take_seat

CARDS_FIRST = timedelta(minutes=22)  # of a session, before the lesson
QUESTION = timedelta(seconds=50)
BREAK = timedelta(minutes=3)
PASSED = 70
FEWEST = 2  # cards of a session that is cut short
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4


def live(
    player: Player,
    pace: Pace,
    plans: Sequence[SeatPlan],
    places: Mapping[str, Place],
    *,
    at: datetime,
) -> int:
    """The student's whole past, once; how many seats were taken."""
    student, zone = player.user, ZoneInfo(player.user.timezone)
    taken = [plan for plan in plans if take_seat(student, places[plan.course], at=plan.began_at)]
    if not taken:
        return 0
    if pace.goal:
        choose_goal(student, pace.goal)
    first = min(plan.began_at for plan in taken)
    days = sessions(pace, zone, key=player.person.key, first=first, at=at)
    with evidence.gathering():
        done = _learn(student, pace, taken, places, days)
        remember(player, pace, days, at=at)
    for plan in taken:
        if plan.review:
            after = done.get(plan.course, plan.began_at)
            say(student, plan.review, places[plan.course], after=after, at=at)
    return len(taken)


# ── Lessons ───────────────────────────────────────────────────────────────────────────────────
def _learn(
    student: User,
    pace: Pace,
    plans: Sequence[SeatPlan],
    places: Mapping[str, Place],
    days: Sequence[datetime],
) -> dict[str, datetime]:
    """All lessons in the order of their days; when the last one of each course was done."""
    todo: defaultdict[datetime, list[tuple[str, Lesson]]] = defaultdict(list)
    for plan in plans:
        if plan.knows:
            take_pretest(student, places[plan.course].course, knows=plan.knows, at=plan.began_at)
        for day, lesson in _spread(plan, places[plan.course].lessons, days):
            todo[day].append((plan.course, lesson))
    draw = random.Random(f"{student.username} lessons")  # noqa: S311
    done: dict[str, datetime] = {}
    read: list[tuple[Lesson, datetime]] = []
    quizzes = past_quizzes.past_quizzes_of(student)
    for day in sorted(todo):
        moment = day + CARDS_FIRST
        for key, lesson in todo[day]:
            moment = done[key] = _lesson(student, pace, lesson, moment, draw)
            read.append((lesson, moment))
            if quizzes is not None and (pace.quizzes == 1 or draw.random() < pace.quizzes):
                paper = places[key].paper_of(lesson)
                moment = done[key] = _take_quiz(quizzes, pace, paper, moment, draw)
    notes.cards_from_lessons(student=student, done=read)
    if quizzes is not None:
        past_quizzes.keep_past_quizzes(past=quizzes)
    return done


def _spread(
    plan: SeatPlan, lessons: Sequence[Lesson], days: Sequence[datetime]
) -> list[tuple[datetime, Lesson]]:
    """The lessons evenly over the sessions of their time; as many as have a session, at the least."""
    own = [day for day in days if plan.began_at <= day <= plan.ended_at]
    count = min(plan.lessons, len(lessons), 2 * len(own))
    return [
        (own[number * len(own) // count], lesson) for number, lesson in enumerate(lessons[:count])
    ]


def _lesson(
    student: User, pace: Pace, lesson: Lesson, moment: datetime, draw: random.Random
) -> datetime:
    """Read and done; when that was over."""
    moment += timedelta(minutes=lesson.duration_minutes * draw.uniform(0.7, 1.1))
    if pace.reads:
        read_lesson(student, lesson, until=moment)
    with bus.happening(moment):
        complete_lesson(student=student, lesson=lesson, at=moment)
        evidence.record_lesson(student_id=student.pk, lesson_id=lesson.pk, at=moment)
    return moment


def _take_quiz(
    quizzes: past_quizzes.PastQuizzes,
    pace: Pace,
    paper: Paper | None,
    moment: datetime,
    draw: random.Random,
) -> datetime:
    """The quiz of a lesson, if it has one, once or twice; when that was over."""
    if paper is None:
        return moment
    knows = pace.knows
    for _try in range(1 + pace.retakes):
        moment += BREAK
        sheet = quizzes.begin(paper.quiz, paper.questions, moment)
        given = []
        for row in sorted(sheet.answers, key=lambda row: row.question_id):
            spent = draw.randint(7_000, 65_000)
            given.append(attempts.Given(row.question_id, _answer(row, knows, draw), spent))
            moment += timedelta(milliseconds=spent)
        attempt = quizzes.hand_in(sheet, given, moment)
        if (attempt.percent or 0) >= PASSED:
            break
        knows = (1 + knows) / 2
    return moment


def _answer(row: Answer, knows: float, draw: random.Random) -> Any:
    """The right answer, or now and then another option; for what has no options, none."""
    right = right_answer(row.version.kind, row.version.body)
    if draw.random() < knows:
        return right
    if row.version.kind == "true_false":
        return not right
    if row.version.kind != "single":
        return None
    others = sorted(option for option in row.layout if option != right)
    return draw.choice(others) if others else None


# ── Cards ─────────────────────────────────────────────────────────────────────────────────────
def remember(player: Player, pace: Pace, days: Sequence[datetime], *, at: datetime) -> None:
    """Every session begins with the cards that are due."""
    history = past.past_of(player.user)
    if history is None:
        return
    draw = random.Random(f"{player.person.key} cards")  # noqa: S311
    for day in days:
        if draw.random() >= pace.cards:
            continue
        cards = history.due(day)[: pace.session]
        if day in days[len(days) - pace.slow :]:
            cards = cards[:FEWEST]
        moment = day
        for card in cards:
            spent = timedelta(seconds=min(draw.lognormvariate(2, 0.5), 60))
            moment += spent + timedelta(seconds=draw.uniform(1, 4))
            rating = _grade(card, pace, draw)
            history.grade(card, rating, moment, round(spent.total_seconds() * 1000))
    past.keep_past(past=history)


def _grade(card: Card, pace: Pace, draw: random.Random) -> int:
    """Remembered as the pace says; the first sight of a card is harder, and each card its own."""
    own = random.Random(card.note.front).uniform(-0.12, 0.06)  # noqa: S311
    chance = pace.remembers + own - (0 if card.reps else 0.15)
    if draw.random() >= chance:
        return AGAIN
    return draw.choices((HARD, GOOD, EASY), (2, 7, 1))[0]
