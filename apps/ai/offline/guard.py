"""What is wrong with a draft of the tutor's reply: names of broken rules, none for a sound one.

A draft may only use words that the student wrote, that the passages show, or that every tutor
needs (`data/tutor.*.toml`). So what is hidden stays so in translation, spelt backwards or encoded.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Prefix

from ..prompts.tutor.schema import RUNGS, Move, Orders, QuizKey, TutorReply
from .tutor_words import spoken_by_tutors
from .words import TOKEN, WORD, content_set, is_stop, lemma, lists

MOST_WORDS = 130
ROOT = 5  # letters that most forms of a word share
STEM = 0.7  # of the shorter word, with which another form of it begins
ALIKE = 88  # of 100
TOLD = 0.6  # of a fact's words: a sentence that holds so many tells it
FEWEST = 3  # words of a fact
SIGNS = re.compile(r"[A-Za-zА-Яа-яЁё0-9\s.,;:!?'’‘\"«»“”„()\-–—…`%*]*")
SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "",
    "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
TELLING = {Move.RIGHT, Move.PARTLY}  # moves that say how good the student's words were


def faults(reply: TutorReply, orders: Orders) -> list[str]:
    text = reply.text
    return [
        *told(text, orders),
        *_hinted(text, orders),
        *_strange(text, orders),
        *_disobedient(reply, orders),
    ]


def told(text: str, orders: Orders) -> list[str]:
    """Whether hidden words are said, or a fact or an answer of the quiz told."""
    found = []
    forms = forms_of(text)
    if any(is_like_any(form, orders.hidden) for form in forms):
        found.append("it says words that the student is to find")
    if orders.rung < len(RUNGS) - 1 and orders.move not in TELLING and _tells(text, orders.facts):
        found.append("it tells the fact that was asked for")
    if _answers(forms, orders.keys):
        found.append("it answers a question of the quiz")
    return found


def is_like_any(form: str, hidden: Iterable[str]) -> bool:
    """Whether the dictionary form is, or is much like, one of those: other forms and alphabets too."""
    return any(_is_same(form, other) for other in hidden)


@lru_cache(200_000)
def _is_same(form: str, other: str) -> bool:
    one, two = _bare(form), _bare(other)
    if one == two or not one or not two:
        return one == two
    shorter = min(len(one), len(two))
    if shorter <= ROOT or one[0].isdigit():
        return False
    common = Prefix.similarity(one, two)
    return common >= max(ROOT, STEM * shorter) or fuzz.ratio(one, two) >= ALIKE


@lru_cache(50_000)
def _bare(form: str) -> str:
    """Letters and figures alone, in Latin letters."""
    return "".join(LATIN.get(sign, sign) for sign in re.sub(r"[\W_]+", "", form.lower()))


def language_of(word: str) -> str:
    return "ru" if re.search("[а-яё]", word, re.IGNORECASE) else "en"


def forms_of(text: str) -> frozenset[str]:
    """Dictionary forms of all words, those of code too; figures as they are."""
    forms = set()
    for word in re.findall(rf"{WORD.pattern}|\d+(?:[.,]\d+)*", text):
        language = language_of(word)
        forms.add(lemma(word, language))
        forms.update(lemma(part, language) for part in re.findall(r"[^\W\d_]+", word))
    return frozenset(forms - {""})


def telling(text: str) -> frozenset[str]:
    """The dictionary forms that carry the text, of both languages."""
    return frozenset(form for form in forms_of(text) if not is_stop(form, language_of(form)))


def _tells(text: str, facts: Iterable[frozenset[str]]) -> bool:
    """A sentence that states something holds most words of a fact."""
    stated = [each for each in SENTENCE.findall(text) if not each.rstrip().endswith("?")]
    sentences = [forms_of(each) for each in stated]
    return any(
        len(fact) >= FEWEST and len(fact & words) >= TOLD * len(fact)
        for fact in facts
        for words in sentences
    )


def _answers(words: frozenset[str], keys: Iterable[QuizKey]) -> bool:
    """A quiz question's words and its answer stand together, or its statement is repeated."""
    return any(
        len(key.stem & words) >= max(1, TOLD * len(key.stem))
        and len(answer & words) >= TOLD * len(answer)
        and len((key.stem | answer) & words) >= FEWEST
        for key in keys
        for answer in key.answers or (frozenset(),)
    )


def _hinted(text: str, orders: Orders) -> list[str]:
    """Whether a guess is confirmed, or a word spelt by the initials of others."""
    found = []
    if _spells(text, orders.hidden):
        found.append("its initials spell what the student is to find")
    verdicts = [spoken_by_tutors(each).verdict for each in {orders.language, "en"}]
    if orders.move not in TELLING and any(verdict.search(text) for verdict in verdicts):
        found.append("it says whether a guess is right")
    return found


def _spells(text: str, hidden: Iterable[str]) -> bool:
    """Initials of words, sentences or lines that make a hidden word, forwards or backwards."""
    rows = [
        [word[0] for word in WORD.findall(text)],
        [word[0] for each in SENTENCE.findall(text) if (word := "".join(WORD.findall(each)[:1]))],
        [word[0] for each in text.splitlines() if (word := "".join(WORD.findall(each)[:1]))],
    ]
    initials = [_bare("".join(row)) for row in rows]
    spelt = [each for row in initials for each in (row, row[::-1])]
    words = [_bare(word) for word in hidden]
    return any(len(word) > 3 and word in row for word in words for row in spelt)


def _strange(text: str, orders: Orders) -> list[str]:
    """Words and signs that a draft may not use."""
    found = []
    if not SIGNS.fullmatch(text) or re.search(r"(?:[.\-–—*`'’]\s*){4,}", text):
        found.append("it holds signs that are no plain text")
    strange = [word for word in _words(text) if not _is_allowed(word, orders)]
    if strange:
        listed = ", ".join(dict.fromkeys(strange[:8]))
        found.append(f"words that stand neither in the passages nor in the talk: {listed}")
    return found


def _words(text: str) -> list[str]:
    return [
        part
        for token in TOKEN.findall(text)
        for part in re.findall(rf"{WORD.pattern}|\d+(?:[.,]\d+)*", token)
    ]


def _is_allowed(word: str, orders: Orders) -> bool:
    language = language_of(word)
    form = lemma(word, language)
    known = spoken_by_tutors(language)
    if word.isdigit() or form in lists(language).numbers:
        return form in orders.own or form in orders.shown
    if is_stop(word, language) or form in known.words:
        return len(word) > 1 or word.lower() in known.letters
    if form in orders.own or form in orders.shown:
        return True
    return len(form) > ROOT and form[:ROOT] in known.roots | _roots(orders)


def _roots(orders: Orders) -> set[str]:
    return {form[:ROOT] for form in orders.own | orders.shown if len(form) > ROOT}


def _disobedient(reply: TutorReply, orders: Orders) -> list[str]:
    found = []
    text = reply.text
    if len(WORD.findall(text)) > MOST_WORDS:
        found.append("it is too long")
    if "?" not in text:
        found.append("it asks nothing")
    if any(not 1 <= number <= orders.passages for number in reply.cites):
        found.append("it cites passages that don't exist")
    if not _is_in(text, orders):
        found.append("it is in another language")
    if orders.shown and not content_set(text, orders.lesson_language) & (orders.own | orders.shown):
        found.append("it speaks of something else")
    return found


def _is_in(text: str, orders: Orders) -> bool:
    """Outside quotation marks, most letters are of the language's alphabet."""
    prose = re.sub(r"[«“\"„][^»”\"]*[»”\"]|`[^`]*`", "", text)
    cyrillic = len(re.findall("[а-яё]", prose, re.IGNORECASE))
    latin = len(re.findall("[a-z]", prose, re.IGNORECASE))
    ours, theirs = (cyrillic, latin) if orders.language == "ru" else (latin, cyrillic)
    return ours >= theirs
