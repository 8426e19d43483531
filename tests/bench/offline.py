"""What the offline engine makes of the demo lessons: how much of each kind, how long, how heavy.

`make bench-offline` prints it. For judging:

    python -m tests.bench.offline --questions FILE   writes every question as JSON
    python -m tests.bench.offline --verdicts FILE    takes [{"id", "verdict", "reason", "judge"}] over
                                                     into tests/offline/judged.json
    python -m tests.bench.offline --prune            drops the verdicts on what is no longer asked
"""

import argparse
import hashlib
import json
import os
import resource
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
django.setup()

from apps.ai.material import Material  # noqa: E402
from apps.ai.offline import make_quiz  # noqa: E402
from apps.ai.prompts.quiz.schema import DraftQuestion  # noqa: E402
from apps.demo.texts import read_courses  # noqa: E402

JUDGED = Path("tests/offline/judged.json")
Row = dict[str, Any]


def lessons() -> Iterator[tuple[str, Material]]:
    for course in read_courses():
        for _, in_module in course.modules:
            for lesson in in_module:
                path = f"{course.language}/{course.key}/{lesson.file.removesuffix('.md')}"
                yield path, Material(lesson.title, lesson.content, course.language)


def row_of(path: str, lesson: Material, question: DraftQuestion) -> Row:
    key = f"{path} {question.kind} {question.text}"
    return {
        "id": hashlib.sha256(key.encode()).hexdigest()[:12],
        "lesson": path,
        "language": lesson.language,
        "kind": question.kind.value,
        "text": question.text,
        "options": question.options,
        "right": right_of(question),
        "explanation": question.explanation,
        "quote": question.quote,
    }


def right_of(question: DraftQuestion) -> Any:
    match question.kind:
        case "single" | "multiple":
            return [question.options[place] for place in question.right]
        case "true_false":
            return question.is_true
        case "short":
            return question.accepted
        case "numeric":
            return f"{question.value:f}"
        case "ordering":
            return question.items
        case "matching":
            return [[pair.left, pair.right] for pair in question.pairs]
        case _:
            return question.gaps


def measured() -> list[Row]:
    """Every question, with the figures printed on the way."""
    rows: list[Row] = []
    before = megabytes()
    times, words, none = [], Counter[str](), Counter[str]()
    for path, lesson in lessons():
        start = time.perf_counter()
        questions = make_quiz(lesson).questions
        times.append(time.perf_counter() - start)
        words[lesson.language] += len(lesson.text.split())
        none[lesson.language] += not questions
        rows += [row_of(path, lesson, question) for question in questions]
    for language in sorted(words):
        kinds = Counter(row["kind"] for row in rows if row["language"] == language)
        made = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        per_1000 = 1000 * kinds.total() / words[language]
        print(
            f"{language}: {kinds.total()} questions, {per_1000:.1f} per 1,000 words, "
            f"{none[language]} lessons without: {made}"
        )
    print(
        f"per lesson: {statistics.mean(times):.2f} s, at most {max(times):.2f} s (the first loads the "
        f"dictionaries); {megabytes() - before:.0f} MB beside Django"
    )
    return rows


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def merge(rows: list[Row], verdicts: list[Row], *, prune: bool) -> None:
    """Verdicts on the present questions join those that are there; the newest counts."""
    judged = {row["id"]: row for row in json.loads(JUDGED.read_text("utf-8"))}
    present = {row["id"]: row for row in rows}
    for verdict in verdicts:
        question = present[verdict["id"]]
        judged[verdict["id"]] = {
            **{name: question[name] for name in ("id", "lesson", "kind", "text")},
            "verdict": verdict["verdict"],
            "reason": verdict.get("reason", ""),
            "judge": verdict.get("judge", "reader"),
        }
    kept = [row for row in judged.values() if row["id"] in present or not prune]
    kept.sort(key=lambda row: (row["lesson"], row["kind"], row["text"]))
    JUDGED.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{len(kept)} judged, {len(present.keys() - judged.keys())} of those asked are not")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, help="write the questions to this file")
    parser.add_argument("--verdicts", type=Path, help="take the verdicts of this file over")
    parser.add_argument("--prune", action="store_true", help="drop verdicts on old questions")
    asked = parser.parse_args()
    rows = measured()
    if asked.questions:
        asked.questions.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    if asked.verdicts or asked.prune:
        verdicts = json.loads(asked.verdicts.read_text("utf-8")) if asked.verdicts else []
        merge(rows, verdicts, prune=asked.prune)


if __name__ == "__main__":
    main()
