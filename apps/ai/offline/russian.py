"""Russian words by pymorphy3: dictionary forms, cases, agreement, whole sentences."""

import re
from functools import lru_cache

import pymorphy3
from pymorphy3.analyzer import Parse

from .words import CODE_OR_FORMULA, WORD

_morph = pymorphy3.MorphAnalyzer()
ADJECTIVES = {"ADJF", "PRTF"}
FINITE = {"VERB", "PRTS", "ADJS", "PRED"}
RELATIVE = re.compile(
    r",? (?:\w+ )?котор\w+|, (?:где|когда|что|чтобы|как|чем|если|насколько)\b|[;(]"
)
NAMES = {"Name", "Surn", "Patr", "Geox"}


@lru_cache(100_000)
def parses(word: str) -> list[Parse]:
    return list(_morph.parse(word.lower()))


def part_of_speech(parse: Parse) -> str:
    return str(parse.tag.POS)


@lru_cache(100_000)
def lemma(word: str) -> str:
    return str(parses(word)[0].normal_form).replace("ё", "е")


def head_of(phrase: str) -> tuple[int, Parse] | None:
    """Place and reading of the noun that [adjectives] noun [rest] is about, in the nominative."""
    for place, word in enumerate(WORD.findall(phrase)):
        readings = parses(word)
        nouns = [p for p in readings if "NOUN" in p.tag and "nomn" in p.tag]
        if nouns and part_of_speech(readings[0]) not in ADJECTIVES:
            return place, nouns[0]
        if part_of_speech(readings[0]) not in ADJECTIVES:
            return None
    return None


def is_nominative(phrase: str) -> bool:
    return bool(re.match(r"[`$A-Za-z]", phrase)) or head_of(phrase) is not None


def nominative(phrase: str) -> str | None:
    """Dictionary case of [adjectives] noun [rest] that stands in another one."""
    words = phrase.split()
    for place, word in enumerate(words):
        noun = next((p for p in parses(word)[:2] if "NOUN" in p.tag), None)
        if noun is None:
            continue
        form = noun.inflect({"nomn"})
        if form is None:
            return None
        wanted = {"nomn", noun.tag.number}
        if noun.tag.number == "sing" and noun.tag.gender:
            wanted.add(noun.tag.gender)
        before = [_adjective(word, wanted) for word in words[:place]]
        if None in before:
            return None
        return " ".join([*(word or "" for word in before), form.word, *words[place + 1 :]])
    return None


def _adjective(word: str, wanted: set[str]) -> str | None:
    for parse in parses(word):
        if part_of_speech(parse) in ADJECTIVES:
            form = parse.inflect(wanted)
            return form.word if form else None
    return None


def both_numbers(phrase: str) -> list[str]:
    """The phrase and, when it is one noun, its other number."""
    head = head_of(phrase)
    if " " in phrase or "-" in phrase or head is None:
        return [phrase]
    forms = (head[1].inflect({"nomn", number}) for number in ("sing", "plur"))
    return [phrase, *(form.word for form in forms if form and form.word != phrase.lower())]


def head(term: str) -> str:
    """The noun that a term is a kind of: «движение» of «равномерное движение»."""
    found = head_of(term)
    return str(found[1].normal_form).replace("ё", "е") if found else ""


genus = head


def is_action(noun: str) -> bool:
    return False


def spellings(phrase: str) -> list[str]:
    """The phrase, and with «э» for «е» where the dictionary has that too: «кеш» and «кэш»."""
    words = phrase.split()
    others = (
        " ".join([*words[:place], other, *words[place + 1 :]])
        for place, word in enumerate(words)
        for other in (re.sub("(?<=[^аеёиоуыэюя-])е", "э", word, count=1),)
        if other != word and _is_known(other) and lemma(other) == other
    )
    return [phrase, *others]


def same_kind(one: str, other: str) -> bool:
    """Both terms fit the same place of a sentence: equal number and animacy of their nouns."""
    first, second = head_of(one), head_of(other)
    if first is None or second is None:
        return first is second
    return bool(
        first[1].tag.number == second[1].tag.number
        and first[1].tag.animacy == second[1].tag.animacy
    )


def opposite(word: str, opposites: dict[str, str]) -> str | None:
    """The opposite in the word's own form, or None when it can't be formed surely."""
    reading = parses(word)[0]
    target = opposites.get(str(reading.normal_form))
    if target is None:
        return None
    tag = reading.tag
    same = next(
        (p for p in parses(target) if p.tag.POS == parses(reading.normal_form)[0].tag.POS), None
    )
    if same is None:
        return None
    wanted = {x for x in (tag.case, tag.number, tag.gender, tag.tense, tag.person, tag.mood) if x}
    if not wanted:
        return target
    if tag.POS != parses(reading.normal_form)[0].tag.POS and tag.POS not in ("VERB", "COMP"):
        return None
    form = same.inflect(wanted)
    return str(form.word) if form else None


def is_name(word: str) -> bool:
    return all(NAMES & set(parse.tag.grammemes) for parse in parses(word))


def is_whole(sentence: str) -> bool:
    """All small words are known, and a nominative agrees with a finite verb or a dash stands for it."""
    bare = re.sub(r"\([^)]*\)", " ", CODE_OR_FORMULA.sub(" ", sentence))
    words = WORD.findall(bare)
    if not words or not all(_is_known(word) for word in words if re.fullmatch("[а-яё-]{4,}", word)):
        return False
    if re.match(r"(\S+ ){1,7}(их|его|её|ее|него|неё|нее|них|ней|ним)\b", sentence):
        return False
    if re.search(r"\b(также|тоже|ошибк\w+|учтите|итого|ещё)\b", " ".join(words[:5]).lower()):
        return False
    if re.match(r"[^—–]{2,70} [—–] [а-яё«`]", sentence) and _may_be(words[0], "nomn"):
        return True
    readings = [parses(word)[:3] for word in words]
    if readings[0][0].tag.mood == "impr":
        return False
    if part_of_speech(readings[0][0]) in ("VERB", "PRTS", "PRED", "INFN", "GRND", "ADVB", "COMP"):
        return False
    subjects = [p.tag for group in readings for p in group if "nomn" in p.tag and "NOUN" in p.tag]
    verbs = [group[0].tag for group in readings if part_of_speech(group[0]) in FINITE]
    if any(verb.person in ("1per", "2per") for verb in verbs):
        return False
    return any(_agree(verb, subject) for verb in verbs for subject in subjects)


def is_property(word: str) -> bool:
    """An adjective and nothing else."""
    return all(part_of_speech(parse) in ADJECTIVES for parse in parses(word))


def _agree(verb: pymorphy3.tagset.OpencorporaTag, subject: pymorphy3.tagset.OpencorporaTag) -> bool:
    return bool(
        verb.number == subject.number
        and (None in (verb.gender, subject.gender) or verb.gender == subject.gender)
    )


def _may_be(word: str, grammeme: str) -> bool:
    return any(grammeme in parse.tag for parse in parses(word))


@lru_cache(50_000)
def _is_known(word: str) -> bool:
    return bool(_morph.word_is_known(word)) or (
        "-" in word and all(_morph.word_is_known(part) for part in word.split("-"))
    )


def opens_with_noun(meaning: str) -> bool:
    """A definition begins with what the thing is: a nominative noun, perhaps after adjectives."""
    words = WORD.findall(meaning)[:6]
    if not words:
        return meaning[:1] in "`$"
    main = WORD.findall(RELATIVE.split(meaning, maxsplit=1)[0])
    if any(part_of_speech(p) in FINITE and p.score >= 0.3 for word in main for p in parses(word)):
        return False  # a whole statement, such as a law
    first = parses(words[0])
    if any("NPRO" in p.tag for p in first[:1]) and words[0].lower() in ("то", "тот", "та", "те"):
        return True
    if not any(
        part_of_speech(p) in ADJECTIVES | {"NOUN", "COMP"} and ("nomn" in p.tag or "COMP" in p.tag)
        for p in first
    ):
        return bool(re.match(r"[a-z]", words[0], re.IGNORECASE))
    return any("NOUN" in p.tag and "nomn" in p.tag for word in words for p in parses(word)[:3])


# gender and number that a pronoun stands for
PRONOUNS = {
    "он": {"masc"}, "его": {"masc", "neut"}, "него": {"masc", "neut"}, "ему": {"masc", "neut"},
    "нему": {"masc", "neut"}, "им": {"masc", "neut", "plur"}, "ним": {"masc", "neut", "plur"},
    "нём": {"masc", "neut"}, "нем": {"masc", "neut"}, "оно": {"neut"}, "она": {"femn"}, "её": {"femn"},
    "ее": {"femn"}, "ей": {"femn"}, "ней": {"femn"}, "неё": {"femn"}, "нее": {"femn"}, "они": {"plur"},
    "их": {"plur"}, "них": {"plur"}, "ними": {"plur"},
}  # fmt: skip


def refers_back(meaning: str, context: str = "") -> bool:
    """A pronoun in the meaning stands for a word that is neither in it nor in the context."""
    words = [word.lower() for word in WORD.findall(meaning)]
    before = {_gender(parses(word)[0]) for word in WORD.findall(context)} - {""}
    for place, word in enumerate(words):
        if word in PRONOUNS:
            nouns = before | {_gender(parses(noun)[0]) for noun in words[1:place]}
            if not PRONOUNS[word] & nouns or place == 0:
                return True
        if re.fullmatch("эт(?:от|а|о|и|ого|ой|ом|их|ому|им|ими|у)|здесь|там|тут", word):
            return True
    return False


def _gender(noun: Parse) -> str:
    if "NOUN" not in noun.tag:
        return ""
    return "plur" if noun.tag.number == "plur" else str(noun.tag.gender)
