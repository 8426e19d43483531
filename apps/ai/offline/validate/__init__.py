"""What is wrong with a question about a lesson, whichever engine made it.

The lesson's sentences and the question are all that is given: what a rule needs besides, such as
the words that were put in place of others, it finds by comparing the question with its quote.
"""

from collections.abc import Callable

from apps.ai.prompts.quiz.schema import DraftQuestion, QuestionKind

from ..lesson import Lesson
from ..lesson import read as read_lesson
from .answer import answer_too_long, generic_term, leak, thin_stem
from .asked import (
    CLOZE,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    ORDERING,
    SHORT,
    SINGLE,
    TRUE_FALSE,
    Asked,
    read,
)
from .lists import (
    date_in_item,
    item_length,
    item_not_in_source,
    items,
    ordinal_hint,
    pair_length,
    pair_not_in_source,
    pair_numbers,
    pairs,
    pairs_alike,
)
from .options import (
    answer_longest,
    distractor_in_source,
    distractor_in_stem,
    distractor_supported,
    option_about_options,
    option_unlike,
    option_within_option,
    options,
    options_same_lemma,
)
from .source import (
    answer_not_in_source,
    explanation_without_source,
    source_not_in_lesson,
    wrong_language,
)
from .statements import (
    approximate,
    false_but_in_source,
    false_supported,
    gaps,
    in_enumeration,
    number_in_stem,
    number_not_in_source,
    substitution_size,
    tautology,
    true_not_in_source,
    undefined_gap,
)
from .wording import broken_text, definite_subject, not_standalone, opinion, pronoun_to_blank, vague

__all__ = ["RULES", "faults", "faults_in", "read"]


def faults(question: DraftQuestion, lesson_text: str, language: str) -> list[str]:
    """Names of the rules that the question breaks; none for a sound one."""
    lesson = read_lesson("", lesson_text, language)
    return faults_in(question, lesson) if lesson else []


def faults_in(question: DraftQuestion, lesson: Lesson) -> list[str]:
    asked = Asked(question, lesson)
    return [
        rule.__name__.replace("_", "-")
        for rule, kinds in RULES
        if question.kind in kinds and rule(asked)
    ]


Rule = Callable[[Asked], bool]
CHOICE = (SINGLE, MULTIPLE)
NAMING = (SINGLE, MULTIPLE, SHORT, CLOZE)
STATING = (TRUE_FALSE, NUMERIC, CLOZE)
RULES: list[tuple[Rule, tuple[QuestionKind, ...]]] = [
    (source_not_in_lesson, tuple(QuestionKind)),
    (explanation_without_source, tuple(QuestionKind)),
    (wrong_language, tuple(QuestionKind)),
    (broken_text, tuple(QuestionKind)),
    (answer_not_in_source, NAMING),
    (not_standalone, (*CHOICE, SHORT, *STATING)),
    (vague, STATING),
    (opinion, STATING),
    (definite_subject, STATING),
    (pronoun_to_blank, (CLOZE, NUMERIC)),
    (leak, (*NAMING, MATCHING)),
    (generic_term, NAMING),
    (answer_too_long, (SHORT, CLOZE)),
    (thin_stem, NAMING),
    (options, CHOICE),
    (options_same_lemma, CHOICE),
    (option_about_options, CHOICE),
    (option_within_option, CHOICE),
    (answer_longest, CHOICE),
    (option_unlike, CHOICE),
    (distractor_in_stem, CHOICE),
    (distractor_in_source, CHOICE),
    (distractor_supported, CHOICE),
    (true_not_in_source, (TRUE_FALSE,)),
    (tautology, (TRUE_FALSE,)),
    (false_but_in_source, (TRUE_FALSE,)),
    (substitution_size, (TRUE_FALSE,)),
    (false_supported, (TRUE_FALSE,)),
    (gaps, (CLOZE,)),
    (undefined_gap, (CLOZE,)),
    (in_enumeration, (CLOZE,)),
    (number_not_in_source, (NUMERIC,)),
    (number_in_stem, (NUMERIC,)),
    (approximate, (NUMERIC,)),
    (items, (ORDERING,)),
    (ordinal_hint, (ORDERING,)),
    (item_length, (ORDERING,)),
    (date_in_item, (ORDERING,)),
    (item_not_in_source, (ORDERING,)),
    (pairs, (MATCHING,)),
    (pairs_alike, (MATCHING,)),
    (pair_length, (MATCHING,)),
    (pair_numbers, (MATCHING,)),
    (pair_not_in_source, (MATCHING,)),
]
