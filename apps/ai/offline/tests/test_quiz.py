"""The engine on its own small and hostile lessons."""

import subprocess
import sys
import time

import pytest

from apps.ai.material import Material
from apps.ai.offline import make_key_terms, make_quiz, make_summary
from apps.ai.offline.validate import faults
from apps.core import markdown


def test_a_lesson_that_says_little_gives_few_or_none():
    one = "A **vector** is an arrow in the plane with a length and a direction."
    assert len(make_quiz(Material("A", one, "en")).questions) == 1
    assert make_quiz(Material("A", "Now do the exercise and read on.", "en")).questions == []


def test_identifiers_are_code_and_signs_no_markup():
    text = (
        "An **f-string** is a text with the letter `f` before it, in which `{x}` is a value.\n\n"
        "A **glob** is a pattern such that * stands for any_name_of a file, as [a] does.\n"
    )
    shown = "".join(
        markdown.render(q.text) for q in make_quiz(Material("Text", text, "en")).questions
    )
    assert "<code>f</code>" in shown
    assert "<em>" not in shown


HOSTILE = {
    "empty": "",
    "one word": "Word",
    "spaces": " \n\t " * 1000,
    "long word": "a" * 200_000,
    "long sentence": "word " * 40_000,
    "many sentences": "A **vector** is an arrow in the plane. " * 5_000,
    "many definitions": "".join(f"A **term{chr(97 + n % 26)}{n}** is a thing that counts {n} cows.\n\n" for n in range(3_000)),
    "only code": "```python\n" + "x = 1\n" * 20_000 + "```",
    "html": "<script>alert(1)</script><div onclick='x'>A **b** is a <b>thing</b> that is.</div>" * 500,
    "unbalanced": "**a** is a ** thing * that _ is ` not ``` closed [ ( « “ $ \n" * 1_000,
    "nested": "> " * 2_000 + "- " * 2_000 + "[" * 5_000,
    "mixed": "A **стек** is a структура of данных, which это есть the stack. " * 300,
    "odd": "A **ve\x00ctor** is\u202e an arr\ud800ow \ufeffin\ue000 the\ue001 plane\u00ad. \U0001f600 " * 300,
    "dashes": "**A** — " * 20_000,
    "quotes": "«" * 50_000 + "“" * 50_000,
    "dots": "." * 100_000 + "… ! ? " * 10_000,
    "dollars": "$" * 100_000,
    "table": "| a | b |\n|---|---|\n" + "| **x** | y is a z |\n" * 3_000,
    "years": "In 1900, a war began in the far east of Europe. " * 3_000,
    "windows": "# Title\r\n\r\nA **vector** is an arrow\r\nin the plane.\r\n" * 50,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_lesson_makes_it_fail_or_hang(name, language):
    lesson = Material("Title\x00", HOSTILE[name], language)
    start = time.process_time()
    quiz, _, _ = make_quiz(lesson), make_summary(lesson), make_key_terms(lesson)
    assert time.process_time() - start < 12
    assert all(not faults(question, lesson.text, language) for question in quiz.questions)


def test_the_engine_is_light_until_it_is_used():
    """Web processes import it and must not carry the dictionaries."""
    heavy = "{'pymorphy3', 'lemminflect', 'numpy', 'rapidfuzz'}"
    code = f"import sys, apps.ai.offline; print({heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_the_same_lesson_gives_the_same_quiz():
    text = "".join(
        f"A **{name}** is a {kind} that carries people over {where}.\n\n"
        for name, kind, where in (
            ("ferry", "ship", "water"), ("tram", "car", "rails"), ("kite", "sail", "a meadow"),
            ("bus", "car", "roads"),
        )
    )  # fmt: skip
    made = make_quiz(Material("Travel", text, "en"))
    assert len(made.questions) == 2  # as many as so short a text bears
    assert make_quiz(Material("Travel", text, "en", {"other": 1})) == made
    assert make_quiz(Material("Other", text, "en")) != made
