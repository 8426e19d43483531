"""Does the 80 % interval of the velocity cover what it says?"""

from random import Random
from statistics import fmean

from apps.learning.engine.velocity import Day, hours_to_go, velocity

from .figures import row

PERIODS = (3, 10, 30, 60)
STUDENTS = 300
TO_GO = 20


def jobs():
    for days in PERIODS:
        yield from ((covered, seed, f"{days}") for seed in range(5))


def poisson(chance, mean):
    """By counting arrivals."""
    count, passed = 0, chance.expovariate(1)
    while passed < mean:
        count, passed = count + 1, passed + chance.expovariate(1)
    return count


def heaped(chance, mean):
    """Concepts of a sitting, half as spread again as chance alone would have them."""
    return poisson(chance, chance.gammavariate(mean / 0.5, 0.5)) if mean else 0


def covered(seed, kind):
    days, chance = int(kind), Random(seed)
    rates, goals = [], []
    for _student in range(STUDENTS):
        true = chance.gammavariate(3, 0.5)  # concepts per hour
        log = []
        for number in range(days):
            if chance.random() < 0.6:
                spent = chance.uniform(0.2, 1.2)
                log.append(Day(number, heaped(chance, true * spent), spent))
        found = velocity(log, days - 1)
        rates.append(found.rate.low <= true <= found.rate.high)
        left, needed = TO_GO, 0.0
        while left > 0 and needed < 400:
            spent = chance.uniform(0.2, 1.2)
            left -= heaped(chance, true * spent)
            needed += spent
        expected = hours_to_go(TO_GO, found)
        goals.append(expected.low <= needed <= expected.high)
    return {"rate": fmean(rates), "hours": fmean(goals)}


def rows(found):
    for name, what in (("rate", "velocity"), ("hours", "hours for 20 more")):
        for days in PERIODS:
            values = [figures[name] for figures in found[f"{days}"]]
            yield row(f"{what} inside, {days} days", values, least=0.75, most=0.95, unit="%")
