"""Where sentences end, and which of them can be understood alone."""

import time

import pytest

from apps.ai.offline.sentences import split, stands_alone
from apps.ai.offline.words import lists


def test_short_forms_end_no_sentence():
    text = "Dr. Smith spoke of e.g. Lisbon at 3 p.m. in May. Then he left."
    assert split(text, lists("en")) == [
        "Dr. Smith spoke of e.g. Lisbon at 3 p.m. in May.",
        "Then he left.",
    ]
    text = "В 1885 г. Эббингауз издал книгу. А. С. Пушкин её не читал."
    assert split(text, lists("ru")) == [
        "В 1885 г. Эббингауз издал книгу.",
        "А. С. Пушкин её не читал.",
    ]


def test_short_forms_without_end_take_no_time():
    begun = time.process_time()
    assert len(split("X is a Y. " * 10_000, lists("en"))) == 1
    assert time.process_time() - begun < 2


def test_code_and_formulas_are_not_cut():
    text = "Call `a.b. C` once. The sum $x. Y$ is known."
    assert split(text, lists("en")) == ["Call `a.b. C` once.", "The sum $x. Y$ is known."]


@pytest.mark.parametrize(
    "text",
    [
        "Interference makes memories harder to retrieve after similar learning.",
        "The forgetting curve falls steeply during the first day after learning.",
    ],
)
def test_whole_english_statements(text):
    assert stands_alone(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "It falls steeply during the first day after learning something new.",
        "However the curve falls steeply during the first day of learning.",
        "Look at the curve and read its shape during the first day.",
        "The curve falls more steeply, as the figure above clearly shows.",
        "In 1830 he travelled across the whole of Europe by train.",
        "The em dash is about twice as wide and marks an interruption.",
        "Does the curve fall steeply during the first day after learning?",
        "The curve (falls steeply during the first day after learning.",
        "Short one.",
    ],
)
def test_what_leans_on_something_else_in_english(text):
    assert not stands_alone(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "Центральный банк повышает ключевую ставку при высокой инфляции.",
        "Двоичная куча извлекает наименьший элемент за логарифмическое время.",
    ],
)
def test_whole_russian_statements(text):
    assert stands_alone(text, "ru")


@pytest.mark.parametrize(
    "text",
    [
        "Он повышает ключевую ставку при высокой инфляции в стране.",
        "Поэтому центральный банк повышает ключевую ставку при инфляции.",
        "Получил ярлык на великое княжение в Золотой Орде.",
        "На рисунке слева показано, как банк повышает ключевую ставку.",
        "Посмотрите, как центральный банк повышает ключевую ставку сегодня.",
        "Победа в брьбе с инфляцией досталась центральному банку страны.",
    ],
)
def test_what_leans_on_something_else_in_russian(text):
    assert not stands_alone(text, "ru")
