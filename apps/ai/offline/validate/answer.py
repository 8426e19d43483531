"""Does the wording give the answer away, or ask for too much or too little?"""

from ..words import content, lists
from .asked import CLOZE, MATCHING, Asked, read


def leak(asked: Asked) -> bool:
    """The question says the answer, or a word of it that no wrong option has."""
    if asked.question.kind == MATCHING:
        return _pairs_leak(asked)
    return any(_leaks(asked, answer) for answer in asked.answers)


def _pairs_leak(asked: Asked) -> bool:
    """A definition holds its term, or most pairs share a word that only they have."""
    pairs = [(asked.words(read(p.left)), asked.words(read(p.right))) for p in asked.question.pairs]
    if any(left and left <= right for left, right in pairs):
        return True
    telling = sum(
        any(sum(word in other for _, other in pairs) == 1 for word in left & right)
        for left, right in pairs
    )
    return telling > len(pairs) / 2


def _leaks(asked: Asked, answer: str) -> bool:
    words = asked.words(answer)
    others = [asked.words(wrong) for wrong in asked.wrong]
    shared = words & asked.stem
    if not asked.names:
        return any(
            same_root(word, said, asked.language)
            and not any(same_root(each, said, asked.language) for o in others for each in o)
            for word in words
            for said in asked.stem
        )
    if words and words <= asked.stem:
        return True
    if any(not any(word in other for other in others) for word in shared):
        return True
    return any(
        same_root(word, said, asked.language)
        and not any(same_root(word, each, asked.language) for other in others for each in other)
        for word in words
        for said in asked.stem
    )


def same_root(one: str, other: str, language: str) -> bool:
    """Merit and meritocracy, губа and губной; line and baseline, квартиль and межквартильный."""
    length = 4 if language == "ru" else 5
    if min(len(one), len(other)) >= length and one[:length] == other[:length]:
        return True
    short, long = sorted((one, other), key=len)
    if language == "ru":
        return len(short) >= 7 and short[:-2] in long
    return len(short) >= 4 and long.endswith(short)


def generic_term(asked: Asked) -> bool:
    defined = [asked.words(d.term) for d in asked.lesson.definitions if d.is_marked]
    return any(
        len(content(answer, asked.language)) <= 1
        and asked.words(answer) <= lists(asked.language).generic
        and asked.words(answer) not in defined
        for answer in asked.answers
    )


def answer_too_long(asked: Asked) -> bool:
    return any(len(content(answer, asked.language)) > 3 for answer in asked.answers)


def thin_stem(asked: Asked) -> bool:
    return len(asked.stem) < (4 if asked.question.kind == CLOZE else 3) and asked.names
