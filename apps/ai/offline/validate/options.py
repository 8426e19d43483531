"""Are the options of one kind, and exactly one of them right?"""

from ..relations import supports
from ..words import grammar_of, letters, lists
from .asked import MULTIPLE, Asked


def options(asked: Asked) -> bool:
    seen = [letters(text) or text for text in asked.options]
    most = 6 if asked.question.kind == MULTIPLE else 5
    return not 3 <= len(seen) <= most or len(set(seen)) < len(seen)


def options_same_lemma(asked: Asked) -> bool:
    sets = [asked.words(text) for text in asked.options]
    return any(a and a == b for place, a in enumerate(sets) for b in sets[place + 1 :])


def option_about_options(asked: Asked) -> bool:
    return any(lists(asked.language).about_options.search(text) for text in asked.options)


def option_within_option(asked: Asked) -> bool:
    return asked.names and any(
        asked.words(a) < asked.words(b) or asked.words(b) < asked.words(a)
        for a in asked.answers
        for b in asked.wrong
    )


def answer_longest(asked: Asked) -> bool:
    longest = max((len(text) for text in asked.wrong), default=0)
    return any(len(text) > max(40, 1.8 * longest) for text in asked.answers)


def option_unlike(asked: Asked) -> bool:
    """The answer alone stands in another number or begins with another kind of letter."""
    if not asked.names or not asked.wrong:
        return False
    same = grammar_of(asked.language).same_kind
    return any(
        not any(same(answer, wrong) for wrong in asked.wrong)
        or all(_case(answer) != _case(wrong) for wrong in asked.wrong)
        for answer in asked.answers
    )


def _case(text: str) -> bool:
    return text[:1].isupper()


def distractor_in_stem(asked: Asked) -> bool:
    return asked.names and any(asked.words(w) and asked.words(w) <= asked.stem for w in asked.wrong)


def distractor_in_source(asked: Asked) -> bool:
    """The quote says it of the wrong option too, as in "A and B contain …"."""
    return asked.names and any(
        asked.words(w) and asked.words(w) <= asked.quote and not asked.words(w) <= asked.stem
        for w in asked.wrong
    )


def distractor_supported(asked: Asked) -> bool:
    """Another sentence says the same of a wrong option, alone or beside the right one."""
    if not asked.names:
        return False
    right = frozenset[str]().union(*(asked.words(answer) for answer in asked.answers))
    for wrong in map(asked.words, asked.wrong):
        if not wrong:
            continue
        if any(
            supports(asked.lesson, asked.stem - right, wrong, but=own) for own in asked.own or {-1}
        ):
            return True
        if any(
            sentence.number not in asked.own
            and len(asked.stem & sentence.lemmas) >= max(2, 0.4 * len(asked.stem))
            for sentence in asked.lesson.holding(wrong | right)
        ):
            return True
    return False
