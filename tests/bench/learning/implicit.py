"""What credit saves, and what it costs where practising the advanced exercises nothing."""

from datetime import timedelta
from random import Random

from apps.learning.engine.credit import Held, credited, is_saved
from apps.learning.engine.graph import exercised
from apps.learning.engine.trace import EPOCH, interval, practised

from . import world
from .figures import crossing, row

CONCEPTS, DAYS, NEW_A_DAY, WARM_UP = 80, 120, 2, 30
SEEDS = {"true": 12, "wrong edges": 6, "too strong": 6, "none": 6}
STUDENTS = 4
RETENTION = 0.9
GRID = (0.86, 0.90, 0.93)
# how much less than drawn an edge truly exercises, and the share of edges drawn wrongly
TRUTHS = {
    "true": (0.0, 0.0),
    "wrong edges": (0.0, 0.2),
    "too strong": (0.4, 0.0),
    "none": (2.0, 0.0),
}
MOMENTS = [EPOCH + timedelta(days=day) for day in range(DAYS + 1)]


def jobs():
    for kind in TRUTHS:
        yield from ((compared, seed, kind) for seed in range(SEEDS[kind]))


class Student:
    """One student's course under one policy: 80 concepts, a card each, two new ones a day."""

    def __init__(self, chance, truth, drawn, weights, retention, gives_credit):
        self.chance, self.truth, self.drawn = chance, truth, drawn
        self.retention, self.gives_credit = retention, gives_credit
        self.memory = [world.Memory(weights) for _concept in range(CONCEPTS)]
        self.held: list[Held | None] = [None] * CONCEPTS
        self.reviews = self.failed = self.saved = 0
        self.recalls: list[float] = []
        self.hidden: set[int] = set()
        self.hidden_failures: list[float] = []

    def live(self):
        learnt = 0
        for day in range(DAYS):
            today = [k for k in range(learnt) if self.held[k].due <= MOMENTS[day]]
            new = range(learnt, min(learnt + NEW_A_DAY, CONCEPTS))
            learnt += len(new)
            for concept in sorted([*today, *new], reverse=True):  # the advanced first
                if self.held[concept] is None:
                    self.memory[concept].learn(day)
                    self.graded(concept, day, True)
                elif self.held[concept].due <= MOMENTS[day]:  # not knocked out a moment ago
                    self.graded(concept, day, self.asked(concept, day))
            self.look(day, learnt)
        return self

    def asked(self, concept, day):
        """Right when it is recalled and nothing that it builds on fails."""
        self.reviews += 1
        own = self.chance.random() < self.memory[concept].chance(day)
        for one, weight in self.truth[concept].items():
            below = self.memory[one]
            if weight > 0.25 and below.stability and day > below.last:
                if self.chance.random() < weight * (1 - below.chance(day)):
                    below.practise(day, False)
                    if not own:
                        self.memory[concept].practise(day, False)
                    self.failed += 1
                    return False
        self.memory[concept].practise(day, own)
        self.failed += not own
        return own

    def graded(self, concept, day, right):
        before, at = self.held[concept], MOMENTS[day]
        trace = practised(before and before.trace, good=right, at=at)
        due = at + timedelta(days=max(1, round(interval(trace.stability, self.retention))))
        self.held[concept] = Held(trace, own_due=due, due=due, retention=self.retention)
        self.hidden.discard(concept)
        if not right:
            return
        for one, weight in self.truth[concept].items():
            below = self.memory[one]
            if below.stability and day - below.last >= 1 and self.chance.random() < weight:
                below.practise(day, True)
        if self.gives_credit:
            for one, weight in self.drawn.get(concept, {}).items():
                old = self.held[one]
                if old is not None and old.trace.last < at:
                    self.held[one] = credited(old, weight, at)
                    self.saved += is_saved(old, self.held[one])

    def look(self, day, learnt):
        for concept in range(learnt):
            held = self.held[concept]
            chance = self.memory[concept].chance(day)
            if held.own_due <= MOMENTS[day] < held.due and concept not in self.hidden:
                self.hidden.add(concept)
                self.hidden_failures.append(1 - chance)
            if day >= WARM_UP:
                self.recalls.append(chance)

    def figures(self):
        recall = sum(self.recalls) / len(self.recalls)
        low = sum(chance < 0.7 for chance in self.recalls) / len(self.recalls)
        return self.reviews, recall, low


def compared(seed, kind):
    weaker, wrong = TRUTHS[kind]
    chance = Random(1500 + seed)
    graph = world.make_graph(chance, CONCEPTS)
    drawn = exercised(world.edges_of(world.mistaken(chance, graph, wrong)))
    truth = world.reached(
        [{one: max(0.0, w - weaker) for one, w in needs.items() if w > weaker} for needs in graph]
    )
    factors = [chance.lognormvariate(0, 0.35) for _student in range(STUDENTS)]

    def lived(retention, gives_credit):
        students = [
            Student(
                Random(seed * 10 + number),
                truth,
                drawn,
                world.shaped(factor),
                retention,
                gives_credit,
            ).live()
            for number, factor in enumerate(factors)
        ]
        means = [
            sum(column) / STUDENTS for column in zip(*(s.figures() for s in students), strict=True)
        ]
        return students, means

    plain = {retention: lived(retention, False) for retention in GRID}
    students, (reviews, recall, low) = lived(RETENTION, True)
    curve = [means for _students, means in plain.values()]
    equal = crossing([each[0] for each in curve], [each[1] for each in curve], recall)
    usual, means = plain[RETENTION]
    hidden = [each for student in students for each in student.hidden_failures]
    return {
        "saved": 1 - reviews / means[0],
        "at equal recall": 1 - reviews / equal,
        "lost": means[1] - recall,
        "low": low,
        "hidden": sum(hidden) / max(len(hidden), 1),
        "shown": sum(s.failed for s in usual) / sum(s.reviews for s in usual),
        "counted": sum(s.saved for s in students) / STUDENTS,
        "fewer": means[0] - reviews,
    }


def rows(found):
    def of(kind, name):
        return [figures[name] for figures in found[kind]]

    yield row("reviews saved", of("true", "saved"), unit="%")
    yield row("at equal recall", of("true", "at equal recall"), least=0.20, unit="%")
    yield row("hidden cards that would have failed", of("true", "hidden"), unit="%")
    yield row("shown cards that failed, without credit", of("true", "shown"), unit="%")
    less = [
        shown - hidden
        for shown, hidden in zip(of("true", "shown"), of("true", "hidden"), strict=True)
    ]
    yield row("so hidden fail no oftener than shown: by", less, least=0.0, unit="%")
    yield row("reviews said to be saved, a student", of("true", "counted"), places=0)
    yield row("reviews fewer in truth, a student", of("true", "fewer"), places=0)
    yield row("20 % wrong edges: at equal recall", of("wrong edges", "at equal recall"), unit="%")
    yield row("edges .4 too strong: at equal recall", of("too strong", "at equal recall"), unit="%")
    yield row("wholly false edges: recall lost", of("none", "lost"), most=0.025, unit="%")
    yield row("wholly false edges: recall below .7", of("none", "low"), most=0.0, unit="%")
    yield row("wholly false edges: hidden that would have failed", of("none", "hidden"), unit="%")
    yield row(
        "wholly false edges: shown that failed, without credit", of("none", "shown"), unit="%"
    )
