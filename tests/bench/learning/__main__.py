"""What the learning engine is worth on simulated students: its own functions, seeded, with targets.

`make bench-learning` runs it. The exit code tells whether every target holds. Times stated as
processor time move little with the load of the machine; all other figures don't move at all.
"""

import argparse
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor

from . import evenness, fits, implicit, pace, placement, prediction, way
from .figures import table

PARTS = {
    "Mastery": prediction,
    "Pre-test": placement,
    "Path": way,
    "Credit": implicit,
    "Load": evenness,
    "Velocity": pace,
    "Fitting the scheduler": fits,
}


def run(job):
    measure, seed, kind = job
    return measure(seed, kind)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--processes", type=int, default=2, help="default: 2")
    options.add_argument(
        "--part", choices=[part.__name__.rpartition(".")[2] for part in PARTS.values()]
    )
    chosen = options.parse_args()
    parts = {
        title: part
        for title, part in PARTS.items()
        if (chosen.part or part.__name__) in part.__name__
    }
    began = time.perf_counter()
    jobs = [(title, job) for title, part in parts.items() for job in part.jobs()]
    found = {title: defaultdict(list) for title in parts}
    with ProcessPoolExecutor(chosen.processes) as pool:
        results = pool.map(run, [job for _title, job in jobs])
        for (title, (_measure, _seed, kind)), figures in zip(jobs, results, strict=True):
            found[title][kind].append(figures)
    short = 0
    for title, part in parts.items():
        rows = list(part.rows(found[title]))
        short += sum(not row.holds for row in rows)
        sys.stdout.write(f"\n### {title}\n{table(rows)}\n")
    sys.stdout.write(f"\n{short} short of their targets; {time.perf_counter() - began:.0f} s\n")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
