"""Does mastery foresee the next answer? Two worlds: concepts known or not, and skill by degrees."""

from datetime import date, timedelta
from random import Random
from time import process_time
from types import SimpleNamespace

import numpy as np

from apps.learning.engine.fold import CardFacts, Event, Standing, replayed, stepped
from apps.learning.engine.mastery import Answer, Kind, card_answer
from apps.learning.engine.trace import EPOCH, practised, recall

from . import world
from .figures import row

CONCEPTS, STUDENTS, DAYS = 40, 40, 60
GUESSES = (0.25, 0.05)
BINARY_SEEDS, GRADED_SEEDS, OTHER_SEEDS = 8, 5, 3
LEVELS = {
    "learning": (0, 0.4),
    "familiar": (0.4, 0.7),
    "proficient": (0.7, 0.85),
    "≥ .85": (0.85, 2),
}


def jobs():
    # seeds apart from those on which the recall of cards and traces was chosen
    yield from ((binary, 200 + seed, "plain") for seed in range(BINARY_SEEDS))
    yield from ((graded, seed, "graded") for seed in range(GRADED_SEEDS))
    for kind in ("sparse", "guessers", "fast"):
        yield from ((binary, 100 + seed, kind) for seed in range(OTHER_SEEDS))
    yield (replay, 7, "replay")


# ── The logs ──────────────────────────────────────────────────────────────────────────────────
def sitting(chance, graph, due, day, progress, sparse=False):
    """What a student does on a day: due cards, then a lesson or two with their questions."""
    acts = [("card", concept) for concept in range(CONCEPTS) if due[concept] <= day + 0.5][:20]
    for _lesson in range(1 + (chance.random() < 0.5)):
        if progress < CONCEPTS:
            acts.append(("lesson", progress))
            acts += [("quiz", progress)] * (2 if sparse else 3)
            acts += [("quiz", one) for one in graph[progress] if chance.random() < 0.3]
            progress += 1
    return acts, progress


def schedule(memory, day, right):
    """When the card comes next: the world's log is made before the application sees it."""
    if memory.stability:
        memory.practise(day, right)
    else:
        memory.learn(day, world.GOOD if right else world.AGAIN)
    return int(day) + world.planned(world.WEIGHTS, memory.stability)


def emission(chance, act):
    """Difficulty and chance of guessing of what is asked."""
    if act == "card":
        return 0.0, 0.02
    return chance.gauss(0, 0.9), GUESSES[chance.random() >= 0.6]


def act_of(day, act, concept, difficulty, guess, right, truth):
    return SimpleNamespace(
        day=day,
        act=act,
        concept=concept,
        difficulty=difficulty,
        guess=guess,
        right=right,
        truth=truth,
    )


def binary_student(chance, graph, hardness, kind):
    """Concepts are known or not; lessons, questions and cards may teach; memory fades."""
    fast, sparse = kind == "fast", kind == "sparse"
    ability = chance.gauss(1.5 if fast else 0, 1)
    speed = chance.gauss(2.5 if fast else 0, 0.8) + 0.4 * ability
    learns = world.logistic(0.4 + 1.1 * speed)
    weights = world.shaped(np.exp(chance.gauss(0, 0.45)))
    known = world.knowledge(chance, graph, [b + 0.7 for b in hardness], ability)
    memory = [world.Memory(weights) for _concept in graph]
    for one, knows in zip(memory, known, strict=True):
        if knows:
            one.stability, one.last = 30 * np.exp(chance.gauss(0.5, 0.8)), -60 * chance.random()
    quirk = [chance.gauss(0, 0.5) for _concept in graph]
    guesses = kind == "guessers" and chance.random() < 0.3
    due, planned = [1e9] * CONCEPTS, [world.Memory(world.WEIGHTS) for _concept in graph]
    log, progress = [], 0
    for number in range(40 if sparse else DAYS):
        if chance.random() > (0.25 if sparse else 0.6):
            continue
        day = number + chance.random() * 0.5
        acts, progress = sitting(chance, graph, due, number, progress, sparse)
        for act, concept in acts:
            own = memory[concept]
            ready = 0.45 ** sum(not known[one] for one in graph[concept])
            if act == "lesson":
                odds = ready * world.logistic(0.6 + 1.1 * speed - 0.5 * hardness[concept])
                if known[concept]:
                    own.practise(day, True)
                elif chance.random() < odds:
                    known[concept] = True
                    own.learn(day)
                if not planned[concept].stability:
                    planned[concept].learn(day)
                due[concept] = number + world.planned(world.WEIGHTS, planned[concept].stability)
                log.append(act_of(day, act, concept, 0, 0, None, None))
                continue
            difficulty, guess = emission(chance, act)
            logit = (2.2 if known[concept] else -3.0) + quirk[concept] - difficulty + 0.3 * ability
            right_chance = guess + (0.98 - guess) * world.logistic(logit)
            remembered = own.chance(day) if known[concept] else 0.0
            if known[concept]:
                right_chance = remembered * right_chance + (1 - remembered) * guess
            if guesses and act == "quiz" and chance.random() < 0.5:
                right_chance = max(guess, 0.1)
            right = chance.random() < right_chance
            log.append(act_of(day, act, concept, difficulty, guess, right, remembered))
            if known[concept]:
                own.practise(day, right)
            elif chance.random() < ready * (0.35 if act == "quiz" else 0.3) * learns:
                known[concept] = True
                own.learn(day, world.HARD)
            due[concept] = schedule(planned[concept], day, right)
    return log


def graded_student(chance, graph, hardness, _kind):
    """Skill grows by degrees, nothing is ever simply known: a world that isn't the model's."""
    ability = chance.gauss(0, 1)
    speed = min(max(chance.gauss(0, 0.5) + 0.3 * ability, -1.2), 2)
    weights = world.shaped(np.exp(chance.gauss(0, 0.45)))
    skill = [-1.2 + 0.9 * ability - 0.8 * b + chance.gauss(0, 1) for b in hardness]
    memory = [world.Memory(weights) for _concept in graph]
    for one in memory:
        one.stability, one.last = 20 * np.exp(chance.gauss(0.3, 0.8)), -30 * chance.random()
    due, planned = [1e9] * CONCEPTS, [world.Memory(world.WEIGHTS) for _concept in graph]
    log, progress = [], 0
    for number in range(DAYS):
        if chance.random() > 0.6:
            continue
        day = number + chance.random() * 0.5
        acts, progress = sitting(chance, graph, due, number, progress)
        for act, concept in acts:
            own, needs = memory[concept], graph[concept]
            ready = np.mean([world.logistic(skill[one]) for one in needs]) if needs else 1.0
            if act == "lesson":
                skill[concept] += (1.0 + 0.6 * speed) * (0.3 + 0.7 * ready)
                own.stability, own.last = max(own.stability, weights[2]), day
                if not planned[concept].stability:
                    planned[concept].learn(day)
                due[concept] = number + world.planned(world.WEIGHTS, planned[concept].stability)
                log.append(act_of(day, act, concept, 0, 0, None, None))
                continue
            difficulty, guess = emission(chance, act)
            able = own.chance(day) * world.logistic(skill[concept] - difficulty)
            right = chance.random() < guess + (1 - guess) * able
            truth = own.chance(day) * world.logistic(skill[concept])
            log.append(act_of(day, act, concept, difficulty, guess, right, truth))
            own.practise(day, right)
            gain = (0.35 + 0.2 * speed) * (0.4 + 0.6 * ready) * (1.0 if right else 0.8)
            skill[concept] = min(skill[concept] + gain, 4.0)
            due[concept] = schedule(planned[concept], day, right)
    return log


# ── What the application makes of them ────────────────────────────────────────────────────────
def events_of(log):
    """The log as the application stores it: difficulty as a teacher marks it, cards of their own."""
    events, cards = [], {}
    for number, one in enumerate(log):
        at = EPOCH + timedelta(days=one.day)
        answer, facts = None, None
        if one.act == "quiz":
            answer = Answer(one.right, one.guess, world.rounded(one.difficulty))
        elif one.act == "card":
            answer, before = (
                card_answer(world.GOOD if one.right else world.AGAIN),
                cards.get(one.concept),
            )
            cards[one.concept] = practised(before, good=one.right, at=at)
            known = None if before is None else recall(before, at)
            facts = CardFacts(one.concept, known, cards[one.concept])
        events.append(
            Event(
                id=number, kind=Kind(one.act), occurred_at=at, received_at=at,
                day=date(2000, 1, 1) + timedelta(days=int(one.day)), concepts=(one.concept,),
                answer=answer, card=facts,
            )
        )  # fmt: skip
    return events


def foreseen(log):
    """For each answer: what was expected, what came, mastery as shown, and the truth of it."""
    standing = Standing()
    for one, event in zip(log, events_of(log), strict=True):
        before = standing.concepts.get(one.concept)
        step = stepped(standing, event)
        standing = step.standing
        if one.right is not None:
            shown = None if before is None else before.shown(event.at)
            yield step.expected, one.right, shown, one.truth


def run(seed, kind, student):
    chance = Random(seed)
    graph = world.make_graph(chance, CONCEPTS)
    trend = world.spread(CONCEPTS, -0.8, 1.2)
    hardness = [chance.gauss(0, 0.7) + middle for middle in trend]
    told = [
        answer
        for _student in range(STUDENTS)
        for answer in foreseen(student(chance, graph, hardness, kind))
    ]
    expected = np.array([one[0] for one in told])
    right = np.array([one[1] for one in told], float)
    seen = np.array([(one[2], one[3]) for one in told if one[2] is not None])
    figures = {
        "auc": auc(right, expected),
        "loss": loss(right, expected),
        "ece": ece(right, expected),
    }
    for name, (low, high) in LEVELS.items():
        inside = (seen[:, 0] >= low) & (seen[:, 0] < high)
        figures[name] = float(np.mean(seen[inside, 1] - seen[inside, 0]))
    return figures


def binary(seed, kind):
    return run(seed, kind, binary_student)


def graded(seed, kind):
    return run(1000 + seed, kind, graded_student)


def replay(seed, _kind):
    """A student's log of ten thousand events, live and replayed from shuffled rows."""
    chance = Random(seed)
    graph = world.make_graph(chance, CONCEPTS)
    events: list[Event] = []
    while len(events) < 10_000:
        log = events_of(binary_student(chance, graph, world.spread(CONCEPTS, -0.8, 1.2), "plain"))
        shift = timedelta(days=DAYS * (len(events) // 300))
        for event in log:
            at = event.at + shift
            events.append(
                Event(
                    id=len(events), kind=event.kind, occurred_at=at, received_at=at, day=event.day,
                    concepts=event.concepts, answer=event.answer, card=event.card,
                )
            )  # fmt: skip
    events = sorted(events[:10_000], key=lambda event: (event.at, event.id))
    standing = Standing()
    for event in events:
        standing = stepped(standing, event).standing
    chance.shuffle(events)
    began = process_time()
    again, _lines = replayed(events)
    return {"equal": float(again == standing), "seconds": process_time() - began}


# ── Measures ──────────────────────────────────────────────────────────────────────────────────
def auc(right, expected):
    """The chance that a right answer was thought likelier than a wrong one."""
    _values, inverse, counts = np.unique(expected, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    rights = right.sum()
    wrongs = len(right) - rights
    return float((ranks[right == 1].sum() - rights * (rights + 1) / 2) / (rights * wrongs))


def loss(right, expected):
    p = np.clip(expected, 1e-6, 1 - 1e-6)
    return float(-(right * np.log(p) + (1 - right) * np.log(1 - p)).mean())


def ece(right, expected, bins=10):
    """Mean distance of expected and observed share, over ten classes of the expected."""
    classes = np.minimum((expected * bins).astype(int), bins - 1)
    return float(
        sum(
            (classes == one).mean()
            * abs(right[classes == one].mean() - expected[classes == one].mean())
            for one in range(bins)
            if (classes == one).any()
        )
    )


def rows(found):
    def of(kind, name):
        return [figures[name] for figures in found[kind]]

    yield row("AUC", of("plain", "auc"), least=0.785)
    yield row("log loss", of("plain", "loss"), most=0.535)
    yield row("calibration error (ECE)", of("plain", "ece"), most=0.015)
    for name in LEVELS:
        yield row(f"true less shown, {name}", of("plain", name), least=-0.04, most=0.04)
    yield row("AUC, world of graded skill", of("graded", "auc"), least=0.76)
    yield row("log loss there", of("graded", "loss"))
    yield row("calibration error there", of("graded", "ece"))
    for kind, name in (
        ("sparse", "few answers"), ("guessers", "30 % rapid guessers"), ("fast", "fast learners"),
    ):  # fmt: skip
        yield row(f"AUC, {name}", of(kind, "auc"))
        yield row(f"calibration error, {name}", of(kind, "ece"))
    yield row("replay equal to live", of("replay", "equal"), least=1, places=0)
    yield row(
        "replay of 10,000 events, processor time",
        of("replay", "seconds"),
        most=0.5,
        unit="s",
        places=2,
    )
