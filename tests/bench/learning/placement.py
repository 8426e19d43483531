"""How few questions the pre-test needs, and what it makes of doubtful prerequisites and guessers."""

from random import Random
from statistics import fmean
from time import process_time

import numpy as np

from apps.learning.engine.mastery import is_hasty
from apps.learning.engine.pretest import Pretest, Question, Reply, learnt_factor

from . import world
from .figures import row

SEEDS = 10
STUDENTS = {30: 6, 40: 6, 100: 2, 300: 1}
TESTS = 40
CURVE = 40  # questions of the comparison with random order


def jobs():
    for size in STUDENTS:
        yield from (
            (placed, seed, f"{size}") for seed in range(SEEDS * 2 if size == 100 else SEEDS)
        )
    for kind in ("beginners", "guessers", "wrong edges"):
        yield from ((placed, seed, kind) for seed in range(6))
    yield from ((curves, seed, "curves") for seed in range(SEEDS))
    for kind in ("weak", "none"):
        yield from ((learnt, seed, kind) for seed in range(3))


class Course:
    """A course of the world, its bank of questions, and the edges its teacher drew."""

    def __init__(self, chance, size, wrong=0.0):
        self.chance = chance
        self.graph = world.make_graph(chance, size)
        self.edges = world.edges_of(world.mistaken(chance, self.graph, wrong))
        self.hardness = [chance.gauss(0, 0.5) + b - 0.9 for b in world.spread(size, -1.2, 1.4)]

    def bank(self):
        """Questions with their true difficulty; the application is told it rounded."""
        return {
            concept * 10 + number: (
                concept,
                (0.25, 0.05)[self.chance.random() >= 0.6],
                self.chance.gauss(0, 0.8),
            )
            for concept in range(len(self.graph))
            for number in range(world.QUESTIONS)
        }

    def replier(self, known, bank, guesses=False):
        def reply(question):
            concept, guess, difficulty = bank[question.id]
            right = world.answer_chance(known[concept], guess, difficulty)
            at_random = guesses and self.chance.random() < 0.5
            if at_random:
                right = max(guess, 0.1)
            # those who guess take 1 to 4 seconds, those who read 8 to 40
            took = self.chance.uniform(*((1000, 4000) if at_random else (8000, 40_000)))
            return Reply(
                question.id, concept, self.chance.random() < right, guess, question.difficulty,
                hasty=is_hasty(took, 20_000),
            )  # fmt: skip

        return reply


def asked(bank):
    return [
        Question(number, concept, guess, world.rounded(difficulty))
        for number, (concept, guess, difficulty) in bank.items()
    ]


def accuracy(test, known):
    return fmean((m >= 0.5) == known[concept] for concept, m in test.known().items())


def placed(seed, kind):
    """The whole procedure as a student meets it."""
    size = int(kind) if kind.isdigit() else 40
    chance = Random(97_000 + seed)
    course = Course(chance, size, 0.2 if kind == "wrong edges" else 0)
    who = world.BEGINNERS if kind == "beginners" else world.MIXED
    told, times, made_again = [], [], []
    for number in range(STUDENTS[size]):
        known = world.starter(chance, course.graph, course.hardness, who)
        bank = course.bank()
        guesses = kind == "guessers" and chance.random() < 0.3
        reply, questions = course.replier(known, bank, guesses), asked(bank)
        test = Pretest(range(size), course.edges, seed=seed * 100 + number)
        while (question := test.following(questions)) is not None:
            began = process_time()
            test.reply(reply(question))
            times.append(process_time() - began)
        began = process_time()
        Pretest(range(size), course.edges, seed=seed * 100 + number, replies=test.replies)
        made_again.append(process_time() - began)
        skipped = [one.concept for one in test.result().findings if one.skip]
        told.append(
            (
                len(test.replies) / size,
                accuracy(test, known),
                fmean(not known[one] for one in skipped) if skipped else None,
                sum(known[one] for one in skipped) / max(sum(known), 1),
            )
        )
    wrong = [one[2] for one in told if one[2] is not None]
    return {
        "share": fmean(one[0] for one in told),
        "accuracy": fmean(one[1] for one in told),
        "wrongly": fmean(wrong) if wrong else None,
        "skipped": fmean(one[3] for one in told),
        "p95": float(np.percentile(times, 95)) * 1000,
        "again": max(made_again) * 1000,
    }


def curves(seed, _kind):
    """Accuracy after each question: the chosen order against a random one over the same states."""
    chance = Random(88_000 + seed)
    course = Course(chance, 40)
    told = {"chosen": np.zeros(CURVE), "random": np.zeros(CURVE)}
    for number in range(4):
        known = world.starter(chance, course.graph, course.hardness)
        bank = course.bank()
        reply, questions = course.replier(known, bank), asked(bank)
        by_chance = [questions[concept * 3] for concept in chance.sample(range(40), 40)]
        for order, curve in told.items():
            test = Pretest(range(40), course.edges, seed=number)
            for place in range(CURVE if order == "random" else 25):
                question = by_chance[place] if order == "random" else test.best(questions)
                test.reply(reply(question))
                curve[place] += accuracy(test, known) / 4
    told["chosen"][25:] = told["chosen"][24]
    return told


def learnt(seed, kind):
    """λ from forty stored tests of a course whose prerequisites are weak, or none at all."""
    missing = {"weak": 0.4, "none": 1.0}[kind]
    chance = Random(1500 + seed)
    course = Course(chance, 40)

    def test_of(number, factor=0.15):
        known = world.starter(chance, course.graph, course.hardness, missing=missing)
        bank = course.bank()
        reply, questions = course.replier(known, bank), asked(bank)
        test = Pretest(range(40), course.edges, seed=number, factor=factor)
        while (question := test.following(questions)) is not None:
            test.reply(reply(question))
        return test, accuracy(test, known)

    stored = [test_of(number) for number in range(TESTS)]
    factor = learnt_factor(range(40), course.edges, [test.replies for test, _share in stored])
    after = [test_of(1000 + number, factor) for number in range(TESTS)]
    return {
        "factor": factor,
        "before": fmean(share for _test, share in stored),
        "after": fmean(share for _test, share in after),
        "asked": fmean(len(test.replies) / 40 for test, _share in after),
    }


def rows(found):
    def of(kind, name):
        return [figures[name] for figures in found[kind] if figures[name] is not None]

    for size, most in ((30, 0.35), (40, 0.35), (100, 0.20), (300, 0.10)):
        yield row(f"{size} concepts: right", of(f"{size}", "accuracy"), least=0.89)
        yield row(f"{size} concepts: questions", of(f"{size}", "share"), most=most, unit="%")
    yield row("40 concepts: skipped though unknown", of("40", "wrongly"), unit="%")
    yield row("40 concepts: known and skipped", of("40", "skipped"), unit="%")
    mean = {
        order: np.mean([figures[order] for figures in found["curves"]], 0)
        for order in ("chosen", "random")
    }
    needed = {order: first_above(curve, 0.90) for order, curve in mean.items()}
    yield row("questions to 90 %, chosen order", [needed["chosen"]], places=0)
    yield row("questions to 90 %, random order", [needed["random"]], places=0)
    yield row("chosen of random", [needed["chosen"] / needed["random"]], most=0.55, unit="%")
    yield row(
        "300 concepts: step, p95, processor time", of("300", "p95"), most=80, unit="ms", places=0
    )
    yield row("the same, made again from all replies", of("300", "again"), unit="ms", places=0)
    for kind in ("beginners", "guessers", "wrong edges"):
        name = {"guessers": "30 % guessers", "wrong edges": "20 % wrong edges"}.get(kind, kind)
        yield row(f"{name}: right", of(kind, "accuracy"))
        yield row(f"{name}: questions", of(kind, "share"), unit="%")
        yield row(f"{name}: skipped though unknown", of(kind, "wrongly") or [0.0], unit="%")
    for kind, name in (("weak", "weak prerequisites (.4)"), ("none", "no prerequisites at all")):
        yield row(f"{name}: λ learned", of(kind, "factor"), places=2)
        yield row(f"{name}: right with λ .15", of(kind, "before"))
        yield row(f"{name}: right with λ learned", of(kind, "after"), least=0.85)
        yield row(f"{name}: questions then", of(kind, "asked"), unit="%")


def first_above(curve, target):
    return next((place + 1 for place, share in enumerate(curve) if share >= target), len(curve) + 1)
