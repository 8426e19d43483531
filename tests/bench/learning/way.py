"""Minutes of study until a whole course is recalled at .80 on day 30: the path against usual ones."""

from datetime import timedelta
from random import Random
from statistics import fmean

from apps.learning.engine.credit import Held, credited
from apps.learning.engine.fold import Event, Standing, stepped
from apps.learning.engine.graph import exercised
from apps.learning.engine.mastery import Answer, Kind, card_answer
from apps.learning.engine.path import (
    REFRESH_HOPS,
    Candidate,
    Known,
    Lesson,
    comes_back,
    learning_chance,
    lesson_gain,
    lesson_minutes,
    next_step,
    review_gain,
    to_refresh,
)
from apps.learning.engine.pretest import Pretest
from apps.learning.engine.trace import EPOCH, interval

from . import world
from .figures import crossing, jackknifed
from .placement import Course, asked

CONCEPTS, DAYS, TARGET = 40, 30, 0.80
READING, READING_AGAIN, REVIEW, QUESTION = 8.0, 4.0, 0.5, 0.5  # minutes
FIXED = (1, 3, 7, 14, 30, 60)  # days
STUDENTS = 4
SEEDS = {"mixed": 14, "beginners": 6, "wrong edges": 6, "guessers": 6}
SLOW, QUICK = (11.0, 12.5, 14.0), (5.5, 7.0, 8.5, 10.5)
POLICIES = {"fixed": SLOW, "fsrs": SLOW, "greedy": SLOW, "all": QUICK}


def jobs():
    for kind in SEEDS:
        yield from ((compared, seed, kind) for seed in range(SEEDS[kind]))


class Student:
    """A month of one student under one policy and a daily budget of minutes."""

    def __init__(self, seed, course, drawn, traits, policy, budget, pretest):
        self.chance, self.course, self.drawn = Random(seed), course, drawn
        self.policy, self.budget = policy, budget
        self.speed, weights, known = traits
        self.known = list(known)
        self.memory = [world.Memory(weights) for _concept in known]
        for one, knows in zip(self.memory, known, strict=True):
            if knows:
                one.stability = 40 * self.chance.lognormvariate(0.3, 0.7)
                one.last = -40 * self.chance.random()
        self.standing, self.events = Standing(), 0
        self.held: dict[int, Held] = {}
        self.done, self.tries, self.steps = set(), [0] * CONCEPTS, [0] * CONCEPTS
        self.passed = self.tried = 0
        self.minutes = self.left = 0.0
        self.worth: dict[int, Candidate] = {}
        self.day = 0
        self.children = [sum(one in needs for needs in drawn["needs"]) for one in range(CONCEPTS)]
        if policy == "all":
            self.place(pretest)

    @property
    def at(self):
        return EPOCH + timedelta(days=self.day)

    def tell(self, kind, concept, answer=None, findings=()):
        self.events += 1
        event = Event(
            id=self.events, kind=kind, occurred_at=self.at, received_at=self.at, day=self.at.date(),
            concepts=(concept,), answer=answer, findings=findings,
        )  # fmt: skip
        self.standing = stepped(self.standing, event).standing
        self.worth.clear()

    def place(self, pretest):
        self.spend(QUESTION * len(pretest.replies))
        findings = pretest.result().findings
        self.tell(Kind.PRETEST, 0, findings=findings)
        for one in findings:
            if one.skip:
                self.done.add(one.concept)
                trace = self.standing.concepts[one.concept].trace
                within = interval(trace.stability, 0.9) * (0.5 + 0.5 * self.chance.random())
                due = self.at + timedelta(days=round(within))
                self.held[one.concept] = Held(trace, own_due=due, due=due)

    def spend(self, minutes):
        self.minutes += minutes
        self.left -= minutes

    # ── A day ─────────────────────────────────────────────────────────────────────────────────
    def live(self):
        for self.day in range(DAYS):
            self.left = min(self.left, 0.0) + self.budget  # who overran studies less next day
            self.worth.clear()
            while self.left > 0.4 and (step := self.chosen()) is not None:
                self.take(step)
        recalls = [
            one.chance(DAYS) if knows else 0.0
            for one, knows in zip(self.memory, self.known, strict=True)
        ]
        return self.minutes, fmean(recalls)

    def due(self):
        return [
            k for k, held in self.held.items() if held.due <= self.at and held.trace.last < self.at
        ]

    def chosen(self):
        if self.policy in ("fixed", "fsrs"):
            due = sorted(self.due(), key=lambda concept: self.held[concept].due)
            if due:
                return Candidate("review", 1, REVIEW, (due[0],))
            lessons = (k for k in range(CONCEPTS) if k not in self.done)
            return next((Candidate("lesson", 1, READING, (k,)) for k in lessons), None)
        if not self.worth:
            self.worth = {
                concept: self.lesson(concept)
                for concept in range(CONCEPTS)
                if concept not in self.done
            }
        return next_step([*(self.review(concept) for concept in self.due()), *self.worth.values()])

    def known_of(self, concepts):
        found = ((one, self.standing.concepts.get(one)) for one in concepts)
        return {one: Known(known.m, known.recall(self.at)) for one, known in found if known}

    def review(self, concept):
        m = self.standing.concepts[concept].m
        return Candidate(
            "review", review_gain(m, self.held[concept].trace, self.at), REVIEW, (concept,)
        )

    def lesson(self, concept):
        lesson = Lesson(
            concept, READING_AGAIN if self.tries[concept] else READING, (concept,),
            tuple(self.drawn["needs"][concept]), self.children[concept],
        )  # fmt: skip
        known = self.known_of((concept, *lesson.needs))
        gain = lesson_gain(lesson, known, learning_chance(self.passed, self.tried))
        return Candidate("lesson", gain, lesson_minutes(lesson), (concept,))

    def take(self, step):
        (concept,) = step.ids
        if step.what == "review":
            return self.asked(concept)
        if self.policy == "all":
            needs = self.drawn["near"].get(concept, {})
            for faded in to_refresh([concept], self.drawn["near"], self.known_of(needs), REVIEW):
                if faded in self.held:
                    self.asked(faded)
        return self.read(concept)

    # ── What it does ──────────────────────────────────────────────────────────────────────────
    def asked(self, concept):
        self.spend(REVIEW)
        own, knows = self.memory[concept], self.known[concept]
        right = self.chance.random() < (0.02 + 0.96 * own.chance(self.day) if knows else 0.04)
        if knows:
            own.practise(self.day, right)
        elif self.chance.random() < 0.25 * world.logistic(self.speed):
            self.learnt(concept, world.HARD)
        self.tell(Kind.CARD, concept, card_answer(world.GOOD if right else world.AGAIN))
        self.steps[concept] = self.steps[concept] + 1 if right else 0
        self.plan(concept)
        if comes_back(self.standing.concepts[concept].m) and self.tries[concept] < 3:
            self.done.discard(concept)
        self.exercise(concept, right)

    def read(self, concept):
        minutes = READING_AGAIN if self.tries[concept] else READING
        self.spend(minutes + 3 * QUESTION)
        self.tries[concept] += 1
        ready = 1.0
        for one in self.course.graph[concept]:
            ready *= 1 - 0.5 * (1 - (self.memory[one].chance(self.day) if self.known[one] else 0.0))
        if self.known[concept]:
            self.memory[concept].practise(self.day, True)
        elif self.chance.random() < ready * world.logistic(0.9 + self.speed):
            self.learnt(concept, world.GOOD)
        self.tell(Kind.LESSON, concept)
        right = 0
        for _question in range(3):
            guess, difficulty = (0.25, 0.05)[self.chance.random() >= 0.6], self.chance.gauss(0, 0.8)
            odds = world.answer_chance(self.known[concept], guess, difficulty)
            came = self.chance.random() < odds
            right += came
            self.tell(Kind.QUIZ, concept, Answer(came, guess, world.rounded(difficulty)))
        if not self.known[concept] and self.chance.random() < 0.3 * ready:
            self.learnt(concept, world.HARD)
        self.steps[concept] = 0
        self.plan(concept)
        self.tried, self.passed = self.tried + 1, self.passed + (right >= 2)
        enough = self.standing.concepts[concept].m >= 0.5 or self.tries[concept] >= 3
        if self.policy in ("fixed", "fsrs"):
            enough = right >= 2 or self.tries[concept] >= 2
        if enough:
            self.done.add(concept)
        self.exercise(concept, right >= 2)

    def learnt(self, concept, grade):
        self.known[concept] = True
        self.memory[concept].learn(self.day, grade)

    def plan(self, concept):
        trace = self.standing.concepts[concept].trace
        days = max(1, round(interval(trace.stability, 0.9)))
        if self.policy == "fixed":
            days = FIXED[min(self.steps[concept], len(FIXED) - 1)]
        due = self.at + timedelta(days=days)
        self.held[concept] = Held(trace, own_due=due, due=due)

    def exercise(self, concept, right):
        if right and self.known[concept]:
            for one, weight in self.course.through[concept].items():
                below = self.memory[one]
                if self.known[one] and self.day - below.last >= 1 and self.chance.random() < weight:
                    below.practise(self.day, True)
        if right and self.policy == "all":
            for one, weight in self.drawn["far"].get(concept, {}).items():
                if one in self.held and self.held[one].trace.last < self.at:
                    self.held[one] = credited(self.held[one], weight, self.at)


def compared(seed, kind):
    chance = Random(19_000 + seed)
    course = Course(chance, CONCEPTS, 0.2 if kind == "wrong edges" else 0.0)
    course.through = world.reached(course.graph)
    needs = [[] for _concept in range(CONCEPTS)]
    for edge in course.edges:
        needs[edge.advanced].append(edge.prerequisite)
    drawn = {
        "needs": needs,
        "near": exercised(course.edges, REFRESH_HOPS),
        "far": exercised(course.edges),
    }
    who = world.BEGINNERS if kind == "beginners" else world.MIXED
    policies = (
        POLICIES
        if kind == "mixed"
        else {"fixed": SLOW, "all": SLOW if kind == "beginners" else QUICK}
    )
    told = {(policy, budget): [] for policy, budgets in policies.items() for budget in budgets}
    for number in range(STUDENTS):
        known = world.starter(chance, course.graph, course.hardness, who)
        traits = chance.gauss(0.2, 0.7), world.shaped(chance.lognormvariate(0, 0.35)), known
        bank = course.bank()
        reply = course.replier(known, bank, kind == "guessers" and chance.random() < 0.3)
        pretest, questions = Pretest(range(CONCEPTS), course.edges, seed=number), asked(bank)
        while (question := pretest.following(questions)) is not None:
            pretest.reply(reply(question))
        for policy, budget in told:
            student = Student(seed * 1000 + number, course, drawn, traits, policy, budget, pretest)
            told[policy, budget].append(student.live())
    return {
        policy: [
            [fmean(column) for column in zip(*told[policy, budget], strict=True)]
            for budget in budgets
        ]
        for policy, budgets in policies.items()
    }


def minutes(seeds, policy):
    """Until the mean of all students of these seeds reaches the target."""
    points = [
        [fmean(column) for column in zip(*budget, strict=True)]
        for budget in zip(*(seed[policy] for seed in seeds), strict=True)
    ]
    return crossing(
        [spent for spent, _recall in points], [recall for _spent, recall in points], TARGET
    )


def rows(found):
    def less(what, kind, one, other, **bounds):
        def measure(seeds):
            return 1 - minutes(seeds, one) / minutes(seeds, other)

        return jackknifed(what, found[kind], measure, unit="%", **bounds)

    mixed = found["mixed"]
    for policy, name in (
        ("fixed", "course order, fixed intervals 1-3-7-14-30"), ("fsrs", "course order, FSRS"),
        ("greedy", "greedy order, FSRS"), ("all", "pre-test, greedy order, FSRS, refresh, credit"),
    ):  # fmt: skip
        yield jackknifed(
            f"mixed starters: {name}",
            mixed,
            lambda seeds, p=policy: minutes(seeds, p),
            unit="min",
            places=0,
        )
    yield less("less than fixed intervals", "mixed", "all", "fixed", least=0.35)
    yield less("less than course order with FSRS", "mixed", "all", "fsrs", least=0.32)
    yield less("without the pre-test, less than fixed", "mixed", "greedy", "fixed")
    yield less("beginners: less than fixed", "beginners", "all", "fixed", least=-0.03)
    yield less("20 % wrong edges: less than fixed", "wrong edges", "all", "fixed")
    yield less("30 % guessers: less than fixed", "guessers", "all", "fixed")
