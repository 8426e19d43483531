"""Do statements, gaps and figures say what the lesson says?"""

import re

from rapidfuzz import fuzz

from apps.ai.prompts.quiz.schema import GAP

from ..words import content, grammar_of, letters, lists
from .answer import same_root
from .asked import ALMOST, DESCRIBING, Asked, read


def true_not_in_source(asked: Asked) -> bool:
    return bool(asked.question.is_true) and _likeness(asked) < 97


def tautology(asked: Asked) -> bool:
    """None doubts that "uniform motion is a motion with constant speed", and that a mixed order mixes."""
    if not asked.question.is_true or asked.defined is None:
        return False
    grammar = grammar_of(asked.language)
    head, genus = grammar.head(asked.defined.term), grammar.genus(asked.defined.meaning)
    said, meaning = asked.words(asked.defined.term) - {head}, asked.words(asked.defined.meaning)
    if head == genus and len(meaning) < DESCRIBING:
        return True
    return any(same_root(word, other, asked.language) for word in said for other in meaning)


def false_but_in_source(asked: Asked) -> bool:
    return asked.question.is_true is False and _likeness(asked) > 99.5


def _likeness(asked: Asked) -> float:
    statement, quote = letters(asked.text), letters(read(asked.question.quote))
    return 0.0 if len(statement) > len(quote) + 12 else fuzz.partial_ratio(statement, quote)


def substitution_size(asked: Asked) -> bool:
    """A false statement differs from the quote in one place: a few words, or words of the lesson."""
    if asked.question.is_true is not False:
        return False
    put = _put_in(asked)
    return len(put) > 3 and not any(
        fuzz.partial_ratio(" ".join(put), sentence) >= ALMOST
        for sentence in asked.lesson.sentence_letters
        if len(sentence) >= len(" ".join(put))
    )


def _put_in(asked: Asked) -> list[str]:
    """The words of a statement that stand in the place of others: between what both begin and end with."""
    quote, said = letters(read(asked.question.quote)).split(), letters(asked.text).split()
    start = 0
    while start < min(len(quote), len(said)) and quote[start] == said[start]:
        start += 1
    end = 0
    while end < min(len(quote), len(said)) - start and quote[-1 - end] == said[-1 - end]:
        end += 1
    return said[start : len(said) - end]


def false_supported(asked: Asked) -> bool:
    """Another sentence of the lesson makes the "false" statement true."""
    if asked.question.is_true is not False:
        return False
    said = content(asked.text, asked.language)
    put = asked.words(" ".join(_put_in(asked)))
    rest = frozenset(said) - put
    return any(
        sentence.number not in asked.own
        and said[0] in sentence.lemmas
        and len(rest & sentence.lemmas) >= 0.45 * len(rest)
        for sentence in asked.lesson.holding(put)
    )


def gaps(asked: Asked) -> bool:
    return asked.question.text.count(GAP) != 1


def undefined_gap(asked: Asked) -> bool:
    """A gap is fair only for what the lesson defines or sets in bold type."""
    return not any(asked.words(answer) & asked.lesson.key_words for answer in asked.answers)


def in_enumeration(asked: Asked) -> bool:
    return bool(
        re.search(rf"(?:,| and| or| и| или) {GAP}|{GAP}(?:,| and| or| и| или)\s", asked.text)
    )


def number_not_in_source(asked: Asked) -> bool:
    value = asked.question.value
    source = read(asked.question.quote)
    figures = re.sub(r"(?<=\d)[,\s](?=\d{3}\b)", "", source)
    known = lists(asked.language).numbers
    in_words = {known[word] for word in letters(source).split() if word in known}
    found = {figure.replace(",", ".") for figure in re.findall(r"\d+(?:[.,]\d+)?", figures)}
    return value is None or not (
        value in in_words or any(_is_number(figure, str(value)) for figure in found)
    )


def _is_number(figure: str, value: str) -> bool:
    return float(figure) == float(value)


def number_in_stem(asked: Asked) -> bool:
    value = f"{asked.question.value:f}" if asked.question.value is not None else ""
    return bool(value and re.search(rf"(?<![\d.,]){re.escape(value)}(?![\d])", asked.text))


def approximate(asked: Asked) -> bool:
    """The gap stands for an estimate or a bound, where more than one number is right."""
    before, found, after = asked.text.partition(GAP)
    return bool(found) and bool(
        lists(asked.language).approximate.search(before)
        or re.match(r"\s?[–—-]\s?\d|\s(?:to|до|or|или) \d", after)
    )
