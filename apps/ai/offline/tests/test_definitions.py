"""What is read as a definition, and what isn't."""

import pytest

from apps.ai.offline.lesson import read


def defined(text, language):
    lesson = read("", text, language)
    return [(d.term, d.meaning) for d in lesson.definitions]


@pytest.mark.parametrize(
    ("text", "term", "meaning"),
    [
        (
            "A **matrix** is a rectangular table of numbers.",
            "matrix",
            "a rectangular table of numbers",
        ),
        (
            "The **rank** of a matrix is the dimension of its column space: here two.",
            "rank",
            "the dimension of its column space",
        ),
        (
            "Rereading produces **fluency**, which is the feeling of ease.",
            "fluency",
            "the feeling of ease",
        ),
        (
            "A piece of text in a program is called a **string**.",
            "string",
            "a piece of text in a program",
        ),
        (
            "- **Stack trace** — the list of calls in progress.",
            "stack trace",
            "the list of calls in progress",
        ),
        (
            "A saccade is a quick jump of the eyes that ends at the next word.",
            "saccade",
            "a quick jump of the eyes that ends at the next word",
        ),
    ],
)
def test_english_definitions(text, term, meaning):
    assert defined(text, "en") == [(term, meaning)]


@pytest.mark.parametrize(
    ("text", "term", "meaning"),
    [
        (
            "**Стек** — это структура данных, в которой извлекается последний элемент.",
            "стек",
            "структура данных, в которой извлекается последний элемент",
        ),
        (
            "Остаётся **линейный поиск** — проверка всех элементов подряд.",
            "линейный поиск",
            "проверка всех элементов подряд",
        ),
        (
            "Больший элемент перед меньшим в списке называют **инверсией**.",
            "инверсия",
            "больший элемент перед меньшим в списке",
        ),
        (
            "Под **инфляцией** понимают устойчивый рост цен, например на хлеб.",
            "инфляция",
            "устойчивый рост цен",
        ),
        (
            "Видно **невесомость**, то есть состояние без давления на опору.",
            "невесомость",
            "состояние без давления на опору",
        ),
    ],
)
def test_russian_definitions(text, term, meaning):
    assert defined(text, "ru") == [(term, meaning)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("**Savings** are an important thing to have.", "en"),
        ("**This** is the end of the first part.", "en"),
        ("Is a **matrix** a rectangular table of numbers?", "en"),
        ("A **budget** is best made before the month begins.", "en"),
        ("**Закон сохранения импульса**: сумма импульсов тел остаётся постоянной.", "ru"),
        ("**Главное** — это очень хорошая погода на море.", "ru"),
        ("Город — это место, в котором живут люди.", "ru"),
    ],
)
def test_what_does_not_say_what_something_is(text, language):
    assert defined(text, language) == []


def test_names_keep_their_capitals():
    text = "**Большой взрыв** — это начальное состояние Вселенной. Свет остался от Большого взрыва."
    assert defined(text, "ru")[0][0] == "Большой взрыв"
    assert (
        defined("**SQL injection** is an attack by means of a query.", "en")[0][0]
        == "SQL injection"
    )


def test_sections_that_only_ask_define_nothing():
    text = "## Matrices\n\nText.\n\n## To think about\n\nA **matrix** is a table of numbers.\n"
    assert defined(text, "en") == []
