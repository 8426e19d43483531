"""How well the tutor finds what answers the judged questions, and how long that takes."""

import os
import time
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eduplatform.settings")
django.setup()

from tests.offline import asking  # noqa: E402


def main() -> None:
    tally: Counter[tuple[str, str]] = Counter()
    for question, sentences, passages in asking.measured():
        language = question.language
        tally[language, "asked"] += 1
        tally[language, "sentence first"] += sentences[:1] == [True]
        tally[language, "sentence among three"] += any(sentences)
        tally[language, "passage among three"] += any(passages)
    for language in ("en", "ru"):
        asked = tally[language, "asked"]
        print(f"{language}: {asked} questions")
        for name in ("sentence first", "sentence among three", "passage among three"):
            print(f"  {name:22} {tally[language, name]:3} {tally[language, name] / asked:5.0%}")
    question = asking.questions()[0]
    rows = [candidate for candidate, _ in asking.candidates(question.lesson)]
    asked_words = asking.Asked.read(question.text, question.language)
    start = time.perf_counter()
    for _ in range(100):
        asking.ranked(asked_words, rows, len(rows))
    print(f"{len(rows)} passages are ranked in {(time.perf_counter() - start) * 10:.1f} ms")


if __name__ == "__main__":
    main()
