"""English words without a tagger: lemminflect's dictionary and the shape of the word."""

import re
from functools import lru_cache

import lemminflect

from .words import WORD, lists

PARTS = ("NOUN", "PROPN", "VERB", "ADJ", "AUX", "ADV")
COPULAS = {"is", "are", "was", "were", "has", "have", "had", "can", "will", "does"}


@lru_cache(100_000)
def lemma(word: str) -> str:
    word = re.sub(r"'s?$", "", word.lower())
    known = lemminflect.getAllLemmas(word)
    for part in PARTS:
        if part in known:
            return str(known[part][0]).lower()
    return word[:-1] if len(word) > 4 and re.search(r"[^sui]s$", word) else word


@lru_cache(100_000)
def parts_of_speech(word: str) -> frozenset[str]:
    """What the dictionary allows the word to be; empty for an unknown one."""
    return frozenset(lemminflect.getAllLemmas(word.lower()))


@lru_cache(10_000)
def is_plural(phrase: str) -> bool | None:
    """The number of the phrase's last word; None for one that can't be told."""
    word = phrase.split()[-1].lower() if phrase.split() else ""
    if word.endswith(("ics", "ss", "us", "is")):
        return False
    nouns = lemminflect.getAllLemmas(word).get("NOUN")
    if nouns:
        return bool(nouns[0].lower() != word)
    return True if re.search(r"[^s]s$", word) else None


def both_numbers(phrase: str) -> list[str]:
    """Singular and plural of a phrase, as far as the dictionary knows its last word."""
    *before, last = phrase.split()
    if "NOUN" not in parts_of_speech(last) or not last.islower():
        return [phrase]
    singular = lemma(last)
    plurals = lemminflect.getInflection(singular, "NNS") or ()
    return [" ".join([*before, form]) for form in (singular, *plurals[:1])]


def head(term: str) -> str:
    """The noun that a term is a kind of: "memory" of "working memory"."""
    words = WORD.findall(term)
    return lemma(words[-1]) if words else ""


def genus(meaning: str) -> str:
    """The noun that says what kind of thing it is: "jump" of "a quick jump of the eyes"."""
    words = re.sub(r"^(?:an?|the|any|all|one) ", "", meaning).split()
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word.lower() in lists("en").stop:
            return ""
        if is_noun(word) and not is_noun(after):
            return lemma(word.strip(",;"))
    return ""


def is_action(noun: str) -> bool:
    """A verb's -ing, as "grouping" and unlike "string"."""
    return noun.endswith("ing") and noun not in lemminflect.getAllLemmas(noun).get("VERB", (noun,))


def spellings(phrase: str) -> list[str]:
    """The phrase with -ise for -ize or the other way round, where the dictionary knows that too."""
    ending = r"i[sz](?=(?:ations?|e[sdr]?|ing)\b)"
    other = re.sub(ending, lambda match: "iz" if match[0] == "is" else "is", phrase)
    known = other != phrase and all(parts_of_speech(word) for word in other.split())
    return [phrase, other] if known else [phrase]


def same_kind(one: str, other: str) -> bool:
    """Both terms fit the same place of a sentence: they don't differ in number."""
    return {is_plural(one), is_plural(other)} != {True, False}


def opposite(word: str, opposites: dict[str, str]) -> str | None:
    return opposites.get(word.lower())


def is_nominative(phrase: str) -> bool:
    """A noun and no property: "robust" is none."""
    last = WORD.findall(phrase)[-1]
    parts = parts_of_speech(last)
    return not parts or "NOUN" in parts or last.endswith("ing") or not last.islower()


def nominative(phrase: str) -> str:
    return phrase


def is_name(word: str) -> bool:
    """A word that keeps its capital inside a sentence."""
    return (
        word.lower() not in lists("en").stop
        and not parts_of_speech(word) - {"PROPN"}
        and not word.endswith(("ing", "ion", "ity", "ism", "ness"))
    )


def is_whole(sentence: str) -> bool:
    """The sentence has a verb and a subject that it names itself."""
    words = WORD.findall(sentence)
    if not words:
        return False
    first = parts_of_speech(words[0])
    if (
        "VERB" in first
        and not first & {"NOUN", "ADJ", "AUX"}
        and not words[0].endswith(("ing", "ed"))
    ):
        return False  # an order
    if re.match(r"(Because|If|When|While|Although|As|Since|Though|Unless)\b", sentence):
        return False
    if words[0].endswith("ly") or re.search(
        r"\b(also|then|however|therefore|too|again|even|thus|more|another|other)\b",
        " ".join(words[:5]),
    ):
        return False
    if re.match(r"\w+ [^,]{0,80}, (\w+ )?(he|she|it|they|his|her|their|its)\b", sentence):
        return False
    if re.search(r"\b(?:twice|half|equally|just|times) as \w+(?! as\b)", sentence):
        return False  # as wide as what?
    if re.search(r"\b(him|them|he|she)\b", sentence):
        return False
    pronoun = re.search(r"\b(it|its|they|their|her|his)\b", sentence, re.IGNORECASE)
    if pronoun and len(WORD.findall(sentence[: pronoun.start()])) < 3:
        return False
    return _has_verb(words)


def _has_verb(words: list[str]) -> bool:
    for before, word in zip(["", *words], words, strict=False):
        parts = parts_of_speech(word)
        if word.lower() in COPULAS:
            return True
        if parts & {"VERB", "AUX"} and (
            "NOUN" not in parts or re.search(r"(ed|s|es)$", word) or is_plural(before)
        ):
            return True
    return False


def opens_with_noun(meaning: str) -> bool:
    """A definition must begin with what the thing is: article, noun or -ing."""
    words = WORD.findall(meaning)
    if not words:
        return meaning[:1] in "`$"
    first = words[0].lower()
    if first in (
        "a",
        "an",
        "the",
        "any",
        "all",
        "those",
        "one",
        "everything",
        "anything",
        "what",
        "two",
    ):
        return True
    if first in lists("en").stop:
        return False
    parts = parts_of_speech(first)
    return not parts or bool(parts & {"NOUN", "ADJ"}) or first.endswith("ing")


def is_property(word: str) -> bool:
    """An adjective and nothing else."""
    return parts_of_speech(word) == {"ADJ"}


def is_noun(word: str) -> bool:
    return word.lower() not in lists("en").stop and "NOUN" in parts_of_speech(word)


PLURAL_PRONOUNS = {"they", "them", "their"}


# "the two operations", "a row from the first": said before or in the subject
ELSEWHERE = re.compile(
    r"\bthe (?:two|three|four|five) |\bthe (?:first|second|third|other|left|right)(?: one)?"
    r"(?= (?:with|and|from|of|is|then)\b|[,.]|$)"
)
THAT_ONE = re.compile(r"\b(?:around|of|in|by|for|to|from) (?:that|those) (?!who|which|that|of|in)")


def refers_back(meaning: str, context: str = "") -> bool:
    """A pronoun in the meaning stands for a word that is neither in it nor in the context."""
    words = WORD.findall(meaning)
    before = [word for word in WORD.findall(context) if is_noun(word)]
    for place, word in enumerate(words):
        small = word.lower()
        if small in ("it", "its") or small in PLURAL_PRONOUNS:
            nouns = before + [w for w in words[2:place] if is_noun(w)]
            if not any(is_plural(noun) == (small in PLURAL_PRONOUNS) for noun in nouns):
                return True
        elif small in ("this", "these", "here", "former", "latter", "he", "she", "his", "her"):
            return True
    if not context and ELSEWHERE.search(meaning):
        return True
    return bool(THAT_ONE.search(meaning))
