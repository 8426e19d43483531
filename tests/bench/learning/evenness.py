"""How even the days become when due days are placed where there is least to do."""

from random import Random

import numpy as np

from apps.learning.engine.memory import place

from . import world
from .figures import row

DAYS, NEW_A_DAY, WARM_UP = 180, 10, 30
SEEDS = 8


def jobs():
    for kind in ("placed", "as computed"):
        yield from ((lived, seed, kind) for seed in range(SEEDS))


def lived(seed, kind):
    chance = Random(seed)
    due: list[list[int]] = [[] for _day in range(DAYS + 5000)]
    states: list[tuple[float, float, int]] = []
    done, recalls = np.zeros(DAYS), []

    def plan(card, day):
        days = world.planned(world.WEIGHTS, states[card][0])
        if kind == "placed":
            days = place(days, lambda offset: len(due[day + offset]))
        if day + days < len(due):
            due[day + days].append(card)

    for day in range(DAYS):
        if day < 90 and day % 7 < 5:  # new cards on working days, for three months
            for _card in range(NEW_A_DAY * 7 // 5):
                states.append((*world.first_memory(world.WEIGHTS, world.GOOD), day))
                plan(len(states) - 1, day)
        for card in due[day]:
            stability, difficulty, last = states[card]
            recalled = world.recalled(world.WEIGHTS, stability, day - last)
            grade = world.GOOD if chance.random() < recalled else world.AGAIN
            after = world.next_memory(world.WEIGHTS, stability, difficulty, recalled, grade)
            states[card] = (*after, day)
            recalls.append(recalled)
            plan(card, day)
        done[day] = len(due[day])
    usual = np.maximum(np.convolve(done, np.ones(7) / 7, "same"), 1)
    share = (done / usual)[WARM_UP:]
    return {
        "sd": float(share.std()),
        "p95": float(np.percentile(share, 95)),
        "recall": float(np.mean(recalls)),
    }


def rows(found):
    def of(kind, name):
        return [figures[name] for figures in found[kind]]

    yield row("load of a day by its week's mean: sd", of("placed", "sd"), most=0.17)
    yield row("the same without placing", of("as computed", "sd"))
    yield row("95th percentile", of("placed", "p95"), places=2)
    yield row("the same without placing", of("as computed", "p95"), places=2)
    yield row("recall when asked", of("placed", "recall"))
    yield row("the same without placing", of("as computed", "recall"))
