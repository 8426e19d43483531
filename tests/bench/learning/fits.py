"""Does fitting the scheduler to a student help those who differ, and harm no one else?"""

from datetime import timedelta
from random import Random
from statistics import fmean

from apps.learning.engine.fitting import Logged, fit, losses
from apps.learning.engine.trace import EPOCH

from . import world
from .figures import row

REVIEWS = {
    "like the default": (0.0, 1024),
    "mildly different": (0.6, 1024),
    "very different": (1.2, 1024),
}
FUTURE = 2000
SEEDS = 20
HARM = 0.0005  # log loss per review


def jobs():
    for kind in REVIEWS:
        yield from ((fitted, seed, kind) for seed in range(SEEDS))


def student(chance, spread):
    """Weights of FSRS as people may differ."""
    w = list(world.WEIGHTS)
    common = chance.gauss(0, spread)
    w[:4] = sorted(weight * chance.lognormvariate(common, spread * 0.3) for weight in w[:4])
    w[8] += chance.gauss(0, 0.5 * spread)
    w[9] = min(max(w[9] + chance.gauss(0, 0.08 * spread), 0.01), 0.6)
    w[10] *= chance.lognormvariate(0, 0.3 * spread)
    w[20] = min(max(w[20] * chance.lognormvariate(0, 0.5 * spread), 0.1), 0.6)
    return tuple(w)


def reviewed(chance, weights, count):
    """So many reviews on later days, eight new cards a day, scheduled with the defaults."""
    log, cards, reviews, day = [], [], 0, 0
    while reviews < count:
        cards += [{"due": day} for _new in range(8)]
        for number, card in enumerate(cards):
            if card["due"] > day:
                continue
            if "true" not in card:
                grade = chance.choice([1, 3, 3, 3, 4])
                card["true"] = world.first_memory(weights, grade)
                card["seen"] = world.first_memory(world.WEIGHTS, grade)
            else:
                days = day - card["last"]
                recalled = world.recalled(weights, card["true"][0], days)
                grade = world.GOOD if chance.random() < recalled else world.AGAIN
                seen = world.recalled(world.WEIGHTS, card["seen"][0], days)
                card["true"] = world.next_memory(weights, *card["true"], recalled, grade)
                card["seen"] = world.next_memory(world.WEIGHTS, *card["seen"], seen, grade)
                reviews += 1
            log.append(Logged(number, grade, EPOCH + timedelta(days=day)))
            card["last"] = day
            card["due"] = day + world.planned(world.WEIGHTS, card["seen"][0])
        day += 1
    return log


def fitted(seed, kind):
    spread, count = REVIEWS[kind]
    chance = Random(seed * 7 + count)
    weights = student(chance, spread)
    found = fit(reviewed(chance, weights, count), None)
    if not found.adopted:
        return {"gain": 0.0, "adopted": 0.0, "harmed": 0.0}
    future = reviewed(chance, weights, FUTURE)
    gain = fmean(losses(future, None)) - fmean(losses(future, found.weights))
    return {"gain": gain, "adopted": 1.0, "harmed": float(gain < -HARM)}


def rows(found):
    for kind in REVIEWS:
        of = {
            name: [figures[name] for figures in found[kind]]
            for name in ("gain", "adopted", "harmed")
        }
        yield row(f"{kind}: adopted", of["adopted"], unit="%")
        yield row(f"{kind}: harmed", of["harmed"], most=0.15, unit="%")
        least = {"least": -0.0005} if kind == "like the default" else {}
        yield row(f"{kind}: gain in log loss, future reviews", of["gain"], places=4, **least)
