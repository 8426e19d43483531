"""Each rule of the validator names the fault planted for it; sound questions pass, whoever wrote them."""

import pytest

from apps.ai.offline.validate import RULES, faults
from apps.ai.prompts.quiz.schema import DraftQuestion

ENGLISH = """
A **prokaryote** is a single-celled organism that lacks a nucleus. A **eukaryote** is an organism \
whose cells have a nucleus. A **ribosome** is a particle that builds proteins in every cell.

Ribosomes synthesise proteins in every cell. Mitochondria release energy from glucose in eukaryotic \
cells. Chloroplasts capture light energy in plant cells. Chloroplasts and mitochondria contain their \
own DNA. Prokaryotic cells measure about 5 micrometres across on the average. Human body cells \
contain 46 chromosomes in the nucleus. Vacuoles often store water and salts in old plant cells. \
The corps collected 46 samples of cells from the river in winter. Yeasts release energy from glucose \
without oxygen.

A **green plant** is a plant whose leaves are greenish all year round. \
A **fast cell** is a cell that divides.

A cell divides in this order: the chromosomes are copied, the copies are pulled apart, the cell is \
cut in two. In 1665 Hooke saw the first cells. In 1839 Schwann wrote that animals consist of cells.

| Organelle | Work |
|---|---|
| Vacuole | stores water and salts |
| Nucleus | keeps the chromosomes |
| Membrane | lets matter in and out |
"""
RUSSIAN = """
**Инфляция** — это устойчивый рост общего уровня цен на товары и услуги. **Дефляция** — это снижение \
общего уровня цен. **Ипотека** — это долгосрочный кредит под залог недвижимости.

Центральный банк повышает ключевую ставку при высокой инфляции. Высокая инфляция уменьшает \
покупательную способность денег.
"""

RELEASE = "Mitochondria release energy from glucose in eukaryotic cells."
CAPTURE = "Chloroplasts capture light energy in plant cells."
DNA = "Chloroplasts and mitochondria contain their own DNA."
HUMAN = "Human body cells contain 46 chromosomes in the nucleus."
PROKARYOTE = "A **prokaryote** is a single-celled organism that lacks a nucleus."
RIBOSOME = "A **ribosome** is a particle that builds proteins in every cell."
SYNTHESISE = "Ribosomes synthesise proteins in every cell."
GREEN = "A **green plant** is a plant whose leaves are greenish all year round."
ORDER = (
    "A cell divides in this order: the chromosomes are copied, the copies are pulled apart, "
    "the cell is cut in two."
)
TABLE = ENGLISH[ENGLISH.index("| Organelle") :].strip()
PAIRS = [
    ("Vacuole", "stores water and salts"),
    ("Nucleus", "keeps the chromosomes"),
    ("Membrane", "lets matter in and out"),
]
STEPS = ["the chromosomes are copied", "the copies are pulled apart", "the cell is cut in two"]


def drafted(kind, text, quote, **fields):
    fields.setdefault("explanation", f"In the lesson: “{quote}”")
    return DraftQuestion(kind=kind, text=text, quote=quote, **fields)


def single(text, options, quote, right=0, **fields):
    return drafted("single", text, quote, options=options, right=[right], **fields)


def matching(pairs, quote=TABLE, **fields):
    made = [{"left": left, "right": right} for left, right in pairs]
    return drafted("matching", "Match the organelle with its work.", quote, pairs=made, **fields)


ORGANELLES = ["Mitochondria", "Chloroplasts", "Ribosomes", "Chromosomes"]
SOUND = {
    "choice": single(
        "Which organelles release energy from glucose in eukaryotic cells?", ORGANELLES, RELEASE
    ),
    "choice of a description": single(
        "What is a prokaryote?",
        [
            "a single-celled organism that lacks a nucleus",
            "an organism whose cells have a nucleus",
            "a particle that builds proteins in every cell",
        ],
        PROKARYOTE,
    ),
    "multiple": drafted(
        "multiple",
        "Which parts of a cell contain their own DNA?",
        DNA,
        options=["Chloroplasts", "Mitochondria", "Ribosomes", "Vacuoles"],
        right=[0, 1],
    ),
    "true": drafted("true_false", DNA, DNA, is_true=True),
    "false": drafted("true_false", "Chloroplasts capture sound energy in plant cells.", CAPTURE, is_true=False),
    "short": drafted(
        "short",
        "What is a single-celled organism that lacks a nucleus called?",
        PROKARYOTE,
        accepted=["prokaryote"],
    ),
    "numeric": drafted(
        "numeric", "Human body cells contain ___ chromosomes in the nucleus.", HUMAN, value="46"
    ),
    "cloze": drafted(
        "cloze",
        "A ___ is a particle that builds proteins in every cell.",
        RIBOSOME,
        gaps=[["ribosome"]],
    ),
    "ordering": drafted("ordering", "Put the steps of division in order.", ORDER, items=STEPS),
    "matching": matching(PAIRS),
}  # fmt: skip

FAULTY = {
    "source-not-in-lesson": [
        single(
            "Which organelle digests waste inside the cell?",
            ["Lysosome", "Nucleus", "Ribosome", "Vacuole"],
            "Lysosomes digest waste inside the cell.",
        ),
        single("Which organelles release energy from glucose?", ORGANELLES, "", explanation="So it is."),
    ],
    "answer-not-in-source": [
        single("Which organelles release energy from glucose?", ["Ribosomes", "Nuclei", "Vacuoles"], RELEASE),
        drafted("short", "What releases energy from glucose?", RELEASE, accepted=["Ribosomes"]),
    ],
    "explanation-without-source": [
        single("Which organelles release energy from glucose?", ORGANELLES, RELEASE, explanation="Because."),
        matching(PAIRS, explanation="See the table."),
    ],
    "wrong-language": [single("Какие органоиды выделяют энергию из глюкозы?", ORGANELLES, RELEASE)],
    "broken-text": [single("Which organelles (release energy from glucose?", ORGANELLES, RELEASE)],
    "not-standalone": [
        drafted("true_false", "They contain their own DNA in these cells.", DNA, is_true=True),
        single("Which organelles in the figure above release energy from glucose?", ORGANELLES, RELEASE),
    ],
    "vague": [
        drafted(
            "true_false",
            "Vacuoles often store water and salts in old plant cells.",
            "Vacuoles often store water and salts in old plant cells.",
            is_true=True,
        )
    ],
    "opinion": [
        drafted("true_false", "Ribosomes synthesise beautiful proteins in every cell.", SYNTHESISE, is_true=False)
    ],
    "definite-subject": [
        drafted(
            "numeric",
            "The corps collected ___ samples of cells from the river in winter.",
            "The corps collected 46 samples of cells from the river in winter.",
            value="46",
        )
    ],
    "pronoun-to-blank": [
        drafted("cloze", "___ contain their own DNA and mitochondria too.", DNA, gaps=[["Chloroplasts"]])
    ],
    "leak": [
        single(
            "Which organism, a prokaryote, lacks a nucleus?",
            ["prokaryote", "eukaryote", "ribosome"],
            PROKARYOTE,
        ),
        drafted("short", "What does the synthesiser synthesise in every cell?", SYNTHESISE, accepted=["synthesis"]),
        matching([("Vacuole", "a vacuole stores water and salts"), *PAIRS[1:]]),
        drafted("short", "Which plast captures light energy in plant cells?", CAPTURE, accepted=["Chloroplast"]),
        single(
            "What is a prokaryote, the single one?",
            [
                "a single-celled organism that lacks a nucleus",
                "an organism whose cells have a nucleus",
                "a particle that builds proteins in every cell",
            ],
            PROKARYOTE,
        ),
    ],
    "generic-term": [
        single("What releases energy from glucose in plants?", ["Energy type", "Type", "Glucose"], RELEASE, right=1)
    ],
    "answer-too-long": [
        drafted(
            "short",
            "What do mitochondria do?",
            RELEASE,
            accepted=["release energy from glucose in eukaryotic cells"],
        )
    ],
    "thin-stem": [single("Which ones are these?", ORGANELLES, RELEASE)],
    "options": [single("What captures light energy in plant cells?", ["Chloroplasts", "Glucose"], CAPTURE)],
    "options-same-lemma": [
        single("What captures light energy in plant cells?", ["Chloroplasts", "Chloroplast", "Ribosomes"], CAPTURE)
    ],
    "option-about-options": [
        single("What captures light energy in plant cells?", ["Chloroplasts", "Ribosomes", "All of the above"], CAPTURE)
    ],
    "option-within-option": [
        single("What captures light energy in plant cells?", ["Chloroplasts", "Green chloroplasts", "Ribosomes"], CAPTURE)
    ],
    "answer-longest": [
        single(
            "What is a prokaryote?",
            ["a single-celled organism that lacks a nucleus", "a virus", "a crystal"],
            PROKARYOTE,
        )
    ],
    "option-unlike": [
        single("What captures light energy in plant cells?", ["Chloroplasts", "Nucleus", "Virus"], CAPTURE)
    ],
    "distractor-in-stem": [
        single("What in plant cells captures light energy, if not ribosomes?", ["Chloroplasts", "Ribosomes", "Vacuoles"], CAPTURE)
    ],
    "distractor-in-source": [
        single("Which parts contain their own DNA?", ["Mitochondria", "Chloroplasts", "Ribosomes"], DNA)
    ],
    "distractor-supported": [
        single(
            "What releases energy from glucose in eukaryotic cells?",
            ["Mitochondria", "Yeasts", "Chloroplasts"],
            RELEASE,
        ),
    ],
    "true-not-in-source": [
        drafted("true_false", "Ribosomes destroy proteins in every cell.", SYNTHESISE, is_true=True)
    ],
    "tautology": [
        drafted("true_false", "A green plant is a plant whose leaves are greenish all year round.", GREEN, is_true=True),
        drafted("true_false", "A fast cell is a cell that divides.", "A **fast cell** is a cell that divides.", is_true=True),
    ],
    "false-but-in-source": [drafted("true_false", DNA, DNA, is_true=False)],
    "substitution-size": [
        drafted("true_false", "Chloroplasts dance about gladly under the moon of June.", CAPTURE, is_true=False)
    ],
    "false-supported": [
        drafted("true_false", "Mitochondria contain their own DNA.", RELEASE, is_true=False)
    ],
    "gaps": [
        drafted("cloze", "___ synthesise ___ in every cell.", SYNTHESISE, gaps=[["Ribosomes"], ["proteins"]])
    ],
    "undefined-gap": [
        drafted("cloze", "Chloroplasts capture ___ energy in plant cells.", CAPTURE, gaps=[["light"]])
    ],
    "in-enumeration": [
        drafted("cloze", "Chloroplasts and ___ contain their own DNA.", DNA, gaps=[["mitochondria"]])
    ],
    "number-not-in-source": [
        drafted("numeric", "Human body cells contain ___ chromosomes in the nucleus.", HUMAN, value="48")
    ],
    "number-in-stem": [
        drafted("numeric", "Of 46 chromosomes, how many stand in the nucleus of human body cells?", HUMAN, value="46")
    ],
    "approximate": [
        drafted(
            "numeric",
            "Prokaryotic cells measure about ___ micrometres across on the average.",
            "Prokaryotic cells measure about 5 micrometres across on the average.",
            value="5",
        )
    ],
    "items": [drafted("ordering", "Put the steps in order.", ORDER, items=STEPS[:2])],
    "ordinal-hint": [
        drafted("ordering", "Put the steps in order.", ORDER, items=["First " + STEPS[0], *STEPS[1:]])
    ],
    "item-length": [drafted("ordering", "Put the steps in order.", ORDER, items=["chromosomes", *STEPS[1:]])],
    "date-in-item": [
        drafted(
            "ordering",
            "Put the events in order.",
            "In 1665 Hooke saw the first cells. In 1839 Schwann wrote that animals consist of cells.",
            items=["In 1665 Hooke saw cells", "Schwann wrote in 1839", "Animals consist of cells"],
        )
    ],
    "item-not-in-source": [
        drafted("ordering", "Put the steps in order.", ORDER, items=["the cell sings a song", *STEPS[1:]])
    ],
    "pairs": [matching(PAIRS[:2])],
    "pairs-alike": [matching([PAIRS[0], ("Nucleus", "stores salts and water"), PAIRS[2]])],
    "pair-length": [matching([("Vacuole", "stores water and salts " * 9), *PAIRS[1:]])],
    "pair-numbers": [matching([("1", PAIRS[0][1]), ("2", PAIRS[1][1]), ("3", PAIRS[2][1])])],
    "pair-not-in-source": [
        matching([("Vacuole", "sings songs about glory"), *PAIRS[1:]]),
        matching([("Vacuole", "contains 46 chromosomes"), *PAIRS[1:]], quote=HUMAN),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_sound_questions_pass(name):
    assert faults(SOUND[name], ENGLISH, "en") == []


@pytest.mark.parametrize(
    ("rule", "question"),
    [(rule, question) for rule, questions in FAULTY.items() for question in questions],
)
def test_the_planted_fault_is_named(rule, question):
    assert rule in faults(question, ENGLISH, "en")


def test_every_rule_has_a_planted_fault():
    assert {rule.__name__.replace("_", "-") for rule, _ in RULES} == set(FAULTY)


INFLATION = "**Инфляция** — это устойчивый рост общего уровня цен на товары и услуги."
MORTGAGE = "**Ипотека** — это долгосрочный кредит под залог недвижимости."


def test_russian_questions_are_judged_by_the_same_rules():
    sound = single(
        "Как называется устойчивый рост общего уровня цен на товары и услуги?",
        ["Инфляция", "Дефляция", "Ипотека"],
        INFLATION,
    )
    leaking = drafted(
        "short",
        "Какой ипотечный кредит берут под залог недвижимости?",
        MORTGAGE,
        accepted=["ипотека"],
    )
    unlike = single(
        "Как называется долгосрочный кредит под залог недвижимости?",
        ["Ипотека", "Кредиты", "Цены"],
        MORTGAGE,
    )
    english = single("What is a long loan called?", ["Ипотека", "Дефляция", "Инфляция"], MORTGAGE)
    inside = drafted(
        "short",
        "Как называется рост цен на недвижимость?",
        MORTGAGE,
        accepted=["сверхнедвижимость"],
    )
    assert faults(sound, RUSSIAN, "ru") == []
    assert "leak" in faults(leaking, RUSSIAN, "ru")
    assert "leak" in faults(inside, RUSSIAN, "ru")
    assert "option-unlike" in faults(unlike, RUSSIAN, "ru")
    assert "wrong-language" in faults(english, RUSSIAN, "ru")


def test_a_language_that_is_not_known_is_not_judged():
    assert faults(SOUND["choice"], ENGLISH, "de") == []
