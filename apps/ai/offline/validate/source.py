"""Is what is asked and answered in the lesson?"""

import re

from rapidfuzz import fuzz

from ..words import letters
from .asked import ALMOST, MATCHING, ORDERING, Asked, read
from .lists import lines_of


def source_not_in_lesson(asked: Asked) -> bool:
    quote = letters(asked.question.quote)
    shown = letters(read(asked.question.quote))
    if not quote:
        return True
    if quote in asked.lesson.letters or any(shown in s for s in asked.lesson.sentence_letters):
        return False
    likeness = (
        fuzz.partial_ratio(shown, sentence, score_cutoff=ALMOST)
        for sentence in asked.lesson.sentence_letters
        if len(sentence) >= 0.6 * len(shown)
    )
    return not any(likeness)


def answer_not_in_source(asked: Asked) -> bool:
    for answer in asked.answers:
        words = asked.words(answer)
        needed = len(words) if asked.names else 0.6 * len(words)
        if len(words & asked.quote) < needed:
            return True
    return False


def explanation_without_source(asked: Asked) -> bool:
    told = asked.words(read(asked.question.explanation))
    needed = [asked.quote]
    if asked.question.kind in (MATCHING, ORDERING):
        needed.append(asked.words(" ".join(lines_of(asked))))
    return not any(words and len(told & words) >= 0.6 * len(words) for words in needed)


def wrong_language(asked: Asked) -> bool:
    prose = re.sub(r"`[^`]*`|\$[^$]*\$", " ", asked.question.text)
    cyrillic = len(re.findall("[а-яё]", prose, re.IGNORECASE))
    latin = len(re.findall("[a-z]", prose, re.IGNORECASE))
    return cyrillic < 10 and latin > cyrillic if asked.language == "ru" else cyrillic > latin
