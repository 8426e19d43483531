"""What is asked of a definition, and with what beside it; each lesson has one fault planted."""

import pytest

from apps.ai.material import Material
from apps.ai.offline import make_quiz
from apps.ai.offline.kinds.definitions import accepted
from apps.ai.offline.kinds.definitions import candidates as of_definitions
from apps.ai.offline.kinds.sentences import candidates as of_sentences
from apps.ai.offline.lesson import read
from apps.ai.offline.relations import one_family, same_genus
from apps.ai.offline.words import grammar_of

RATES = """
The **nominal rate** is the rate per year that a bank prints on paper. The **effective rate** is the \
rate that a saver really earns when interest is added. The **tax rate** is the rate that a state takes \
from every salary. A **budget** is a plan of spending made before the month begins.
"""


def questions(text, kind, language="en", title="Lesson"):
    lesson = read(title, text, language)
    made = of_definitions(lesson, lesson.chance("test"))
    return [c.question for c in made if c.question.kind == kind]


def test_a_choice_has_what_the_answer_could_be_taken_for():
    choices = questions(RATES, "single")
    assert choices
    for choice in choices:
        assert "budget" not in choice.text
        assert "plan of spending" not in choice.options[choice.right[0]]
    names = [set(c.options) for c in choices if c.text.startswith("Which")]
    assert all({"Nominal rate", "Effective rate", "Tax rate"} <= options for options in names)


def test_a_single_rival_needs_two_more_beside_it():
    pair = RATES.replace("The **tax rate** is the rate that a state takes from every salary. ", "")
    assert questions(pair, "single") == []
    more = " **Saving** is a habit that begins with the first salary."
    assert all(len(choice.options) == 4 for choice in questions(pair + more, "single"))
    assert questions(pair + more, "single")


def test_no_choice_when_the_lesson_says_the_same_of_the_rival():
    text = RATES + "\nWhat a saver really earns with added interest may be a tax rate.\n"
    asked = [choice.text for choice in questions(text, "single")]
    assert not any("really earns" in text for text in asked)


@pytest.mark.parametrize(
    ("meaning", "genus", "language"),
    [
        ("a quick jump of the eyes", "jump", "en"),
        ("the number obtained by adding", "number", "en"),
        ("money kept available for bad days", "money", "en"),
        ("what is left of it", "", "en"),
        ("последовательная проверка всех элементов", "проверка", "ru"),
        ("объект, который светит", "объект", "ru"),
    ],
)
def test_genus(meaning, genus, language):
    assert grammar_of(language).genus(meaning) == genus


def test_what_is_of_one_family():
    text = (
        "**Chunking** is the grouping of elements into one unit. **Testing** is a method that asks for "
        "what was learned. A **savings rate** is a share of income. An **interest rate** is a price of "
        "money. A **string** is a piece of text."
    )
    lesson = read("", text, "en")
    chunking, testing, savings, interest, string = lesson.definitions
    assert same_genus(lesson, chunking, testing)  # both are actions
    assert one_family(lesson, savings, interest)  # by their names
    assert not same_genus(lesson, savings, interest)
    assert not one_family(lesson, chunking, string)


def forms(text, title="Lesson", language="en"):
    lesson = read(title, text, language)
    return accepted(lesson, lesson.definitions[0])


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("A **deposit guarantee** is a scheme that repays savers. Each deposit guarantee scheme has a limit.", "Banks", "deposit guarantee scheme"),
        ("The **line height** is the distance between lines. Set `line-height` in CSS.", "Lines", "line-height"),
        ("**Normalisation** is the division of tables by facts.", "Tables", "normalization"),
        ("A **typographic scale** is a small set of sizes.", "Scale: sizes in order", "scale"),
        ("A **retrieval cue** is a hint that wakes a memory. A cue may be a smell. A cue may be a word.", "Memory", "cue"),
        ("A **matrix** is a table of numbers. Two matrices are multiplied.", "Tables", "matrices"),
    ],
)  # fmt: skip
def test_what_the_lesson_says_too_is_accepted(text, title, expected):
    assert expected in forms(text, title)


def test_both_russian_spellings_are_accepted():
    assert forms("**Кеш** — это хранилище копий полученных ответов.", language="ru") == [
        "кеш",
        "кэш",
    ]
    assert forms("**Мера** — это единица для сравнения величин.", language="ru") == ["мера"]


@pytest.mark.parametrize(
    ("text", "title", "wrong"),
    [
        ("**Elaboration** is the connecting of new material with old.", "Memory", "elaborations"),
        ("**Noise** is the sound that nobody wants to hear.", "Sound", "noize"),
        ("A **dot product** is a number made of two vectors.", "The dot product", "product"),
        ("A **neutron star** is a ball of heavy matter.", "The life of a star", "star"),
        ("A **primary key** is a column for each row. A **foreign key** is a column that points. A key is short. A key is long.", "Rows", "key"),
    ],
)  # fmt: skip
def test_what_nobody_says_is_not_accepted(text, title, wrong):
    assert wrong not in forms(text, title)


def test_statements_are_false_where_there_is_something_to_take_it_for():
    statements = questions(RATES, "true_false")
    assert [statement.is_true for statement in statements] == [False] * 3
    assert not any("budget" in statement.text.lower() for statement in statements)


@pytest.mark.parametrize(
    "text",
    [
        "The **inverse** is the matrix for which the product $A^{-1}A$ is the identity.",
        "**Learning** is the lasting change that remains.",
    ],
)
def test_a_definition_that_says_too_little_is_not_asked_for(text):
    assert questions(text, "short") == []
    assert questions(text, "true_false") == []


def kinds(text, title="Lesson"):
    return {question.kind.value for question in make_quiz(Material(title, text, "en")).questions}


COUNT = "{} has three kinds of fact to record in one big book of loans."
YEAR = "The **Timsort** method sorts quickly{} Peters wrote for Python in 2002."


def test_figures_of_examples_are_not_asked_for():
    assert "numeric" in kinds("## Library\n\n" + COUNT.format("Library work"))
    assert "numeric" not in kinds("## Facts\n\n" + COUNT.format("A lending library"))


def test_a_year_told_in_passing_is_not_asked_for():
    assert "numeric" in kinds(YEAR.format(", and"))
    assert "numeric" not in kinds(YEAR.format(" by rules, which"))


TABLE = "| Claim | Evidence |\n|---|---|\n| {} | {} |\n| Naps | {} |\n| Tapes | no gain at all |\n"


@pytest.mark.parametrize(
    ("cells", "is_asked"),
    [
        (("Sleep", "better memory of words", "more attention"), True),
        (("Sleep", "well supported, though small", "supported in many studies"), False),
        (("Does it rhyme?", "better memory of words", "more attention"), False),
    ],
)
def test_rows_that_could_be_swapped_or_guessed_are_no_pairs(cells, is_asked):
    assert ("matching" in kinds(TABLE.format(*cells))) is is_asked


def test_columns_of_samples_are_no_pairs():
    text = "| Part | Value |\n|---|---|\n| Host | `a.example` |\n| Path | `/menu` |\n| Query | `x=1` |\n"
    assert "matching" not in kinds(text)


def test_a_ratio_is_not_cut():
    lesson = read("", "An **octave** is a distance of two sounds in the ratio 2 : 1.", "en")
    assert lesson.definitions[0].meaning.endswith("2 : 1")


def test_a_gap_for_a_method_needs_another_method():
    text = (
        "The **snowball method** pays off the smallest debt first of all. The **minimum payment** grows "
        "each month with it. The **old contract** ends on the last day of a year."
    )
    another = " The **avalanche method** pays off the debt with the highest rate first."

    def asked(text):
        lesson = read("Debt", text, "en")
        return [c.question.text for c in of_sentences(lesson, lesson.chance("test"))]

    assert any("smallest debt" in question for question in asked(text + another))
    assert not any("smallest debt" in question for question in asked(text))
