"""Can the question be understood alone, and is it a question of fact?"""

import re

from apps.ai.prompts.quiz.schema import GAP

from ..sentences import is_balanced, stands_alone
from ..words import lists
from .asked import MULTIPLE, NUMERIC, SHORT, SINGLE, Asked
from .lists import lines_of


def broken_text(asked: Asked) -> bool:
    texts = [asked.text.replace(GAP, "x"), *asked.options, *lines_of(asked)]
    return any("⟦" in text or not is_balanced(text) for text in texts)


def not_standalone(asked: Asked) -> bool:
    if asked.question.kind in (SINGLE, MULTIPLE, SHORT) and GAP not in asked.text:
        outside = re.sub(r"[“«].+[”»]", "", asked.text)
        return bool(lists(asked.language).page.search(outside))
    is_event = asked.question.kind == NUMERIC and GAP not in asked.text
    if asked.defined:
        return False
    return not stands_alone(asked.statement, asked.language, shortest=4 if is_event else 6)


def vague(asked: Asked) -> bool:
    return not asked.defined and bool(lists(asked.language).vague.search(asked.text))


def opinion(asked: Asked) -> bool:
    return not asked.defined and bool(lists(asked.language).opinion.search(asked.text))


def definite_subject(asked: Asked) -> bool:
    """Which corps, in "The corps set out", was said before, unless the lesson is about it."""
    subject = re.match(r"(?:The|That) (?:\w+ )?(\w+) \w+", asked.statement)
    if subject is None or asked.language != "en":
        return False
    return not asked.words(subject[0]) & asked.lesson.key_words


def pronoun_to_blank(asked: Asked) -> bool:
    return bool(
        re.match(rf"\W*(?:The |An? )?{GAP}", asked.text)
        and re.search(r"\b(?:its?|their|they|his|her|he|she|его|её|их|он|она|они)\b", asked.text)
    )
