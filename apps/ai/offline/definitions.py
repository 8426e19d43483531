"""Where a lesson says what something is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .markdown_text import BOLD, UNBOLD
from .sentences import Sentence, is_balanced, stands_alone
from .words import CODE_OR_FORMULA, WORD, content, content_set, grammar_of, lists

MOST = 60
TERM = rf"{BOLD}(?P<term>[^{BOLD}{UNBOLD}]{{2,60}}){UNBOLD}"
ALIAS = r"(?: ?\((?P<alias>[^()]{1,60})\))?"

_ENGLISH = [
    (
        rf"^(?P<opening>(?:An? |The |Each |Every )?){TERM}{ALIAS}(?P<tail>[^,.;:{BOLD}]{{0,60}}?),?"
        r"(?: in this course,)?(?P<joint> (?:is|are|means|refers to|is defined as|are defined as) )"
        r"(?P<meaning>.+)$"
    ),
    rf"{TERM}{ALIAS}, (?:which|that) (?:is|are|means) (?P<meaning>.+)$",
    rf"; (?P<opening>(?:an? |the )?){TERM}{ALIAS} (?:is|are) (?P<meaning>.+)$",
    (
        rf"^(?P<meaning>(?:An?|The) [^.;:{BOLD}]{{15,200}}) (?:is|are)"
        rf" (?:called|known as|termed) (?:an? |the )?{TERM}(?=[.,;]|$)"
    ),
    rf"^{TERM}{ALIAS} ?(?:[—–:]| - ) ?(?P<meaning>.+)$",
]
_RUSSIAN = [
    rf"^{TERM}{ALIAS}(?P<tail>[^—–,.;:{BOLD}]{{0,50}}?)(?P<joint> [—–-] (?:это )?)(?P<meaning>.+)$",
    rf"(?<=[ «(]){TERM}{ALIAS} [—–] (?:это )?(?P<meaning>.+)$",
    rf"{TERM}{ALIAS}, то есть (?P<meaning>.+)$",
    (
        rf"^(?P<meaning>[А-ЯЁ][^.;:{BOLD}]{{15,200}}),? (?P<verb>называют|называется|называются"
        rf"|принято называть) {TERM}(?=[.,;]|$)"
    ),
    rf"^Под {TERM} (?P<verb>понимают|понимается|подразумевают) (?P<meaning>.+)$",
    rf"^{TERM}{ALIAS} представля(?:ет|ют) собой (?P<meaning>.+)$",
    rf"^{TERM}{ALIAS}: (?P<meaning>.+)$",
]
PATTERNS = {"en": [re.compile(p) for p in _ENGLISH], "ru": [re.compile(p) for p in _RUSSIAN]}
INFLECTED = ("называ", "понима", "подразум", "принято")  # verbs that ask another case

# Without bold only the clearest form: "An X is a Y that …", "X — это …"
UNMARKED = {
    "en": re.compile(
        r"^(?P<opening>An? )(?P<term>[A-Za-z][\w’-]*(?: [\w’-]+){0,2})"
        r"(?P<joint> is )(?P<meaning>(?:an?|the|any) .+)$"
    ),
    "ru": re.compile(
        r"^(?P<term>[А-ЯЁ][а-яё-]+(?: [а-яё-]+){0,2})(?P<joint> — это )(?P<meaning>.+)$"
    ),
}
EVALUATION = {
    "en": re.compile(
        r"(?:an?|the|one|only) (?:(?:very|more|great|good|important|useful|key|common|major|main"
        r"|example|result|same|reason|best|worst|first|last|second|third|next|subject|few|little|lot|bit"
        r"|whole point|most|only|question|problem|matter|way|one|easiest|simplest|usual)\b|\w+est\b)"
        r"|(?:when|where|how|not|never|also|often|always|called|for|in|at|on|to|given|so|as|best"
        r"|most|worst|usually|easy|hard|worth|good|useful|important)\b"
    ),
    "ru": re.compile(
        r"(?:не|нет|очень|сам(?:ый|ая|ое|ые) (?:важн|главн|прост|лучш|част|популярн)\w*|важн\w+|главн\w+"
        r"|хорош\w+|плох\w+|последн\w+|лучш\w+|удобн\w+|част\w+|тоже|всегда|обычно|потому|значит|только"
        r"|одн[аио]|один|в|во|на|при|для|с|по|из|к|как|если|когда|первы[йе]|ещё|уже|лишь|там|это)\b"
    ),
}
CUTS = {
    "en": re.compile(
        r"; |(?<! ): |, (?:such as|for example|for instance|e\.g\.|usually|here|and (?:it|they|so|yet)) "
        r"| \((?:such as|for example) "
    ),
    "ru": re.compile(
        r"; |(?<! ): |, (?:например|так как|потому|обычно|чаще|причём|значит) |, [—–]| [—–] "
    ),
}
QUOTATION = re.compile(r"[«“][^»”]*[»”]")


@dataclass(frozen=True)
class Definition:
    """`term` as it stands inside a sentence; `meaning` what it is, without a full stop."""

    term: str
    meaning: str
    sentence: Sentence
    is_marked: bool
    opening: str = ""  # "the ", "an " of its sentence
    tail: str = ""  # " of a space": what stands between term and verb
    joint: str = ""  # " is ", " — это ": where the sentence begins with the term, else empty
    alias: str = ""

    @property
    def quote(self) -> str:
        return self.sentence.quote

    @property
    def section(self) -> str:
        return self.sentence.section

    @property
    def is_code(self) -> bool:
        return self.term.startswith("`")

    @property
    def surroundings(self) -> str:
        """What of its subject a pronoun in the meaning may stand for: "the rank of a matrix"."""
        words = self.term.split()
        return " ".join(words[1:]) + self.tail if self.sentence.language == "ru" else self.tail

    @property
    def subject(self) -> str:
        """The subject of its sentence, as it stands there."""
        return f"{self.opening}{self.term}{self.tail}"


def definitions_of(sentences: list[Sentence], text: str, language: str) -> list[Definition]:
    found: dict[tuple[str, ...], Definition] = {}
    for sentence in sentences:
        for definition in _definitions_in(sentence, text):
            found.setdefault(tuple(content(definition.term, language)), definition)
            if len(found) == MOST:
                return list(found.values())
    return list(found.values())


def _definitions_in(sentence: Sentence, lesson_text: str) -> Iterator[Definition]:
    language = sentence.language
    if "?" in sentence.text or len(sentence.text) > 500 or not is_balanced(sentence.text):
        return
    for pattern in PATTERNS[language]:
        for match in pattern.finditer(sentence.marked):
            definition = _definition(match, sentence, lesson_text, is_marked=True)
            if definition:
                yield definition
    plain = UNMARKED[language].match(sentence.text)
    if plain and BOLD not in sentence.marked and stands_alone(sentence.text, language):
        definition = _definition(plain, sentence, lesson_text, is_marked=False)
        if definition and _is_clear(definition, language):
            yield definition


def _definition(
    match: re.Match[str], sentence: Sentence, lesson_text: str, *, is_marked: bool
) -> Definition | None:
    language = sentence.language
    groups = match.groupdict()
    term = groups["term"].strip(' .:«»“”"')
    if (groups.get("verb") or "").startswith(INFLECTED):
        term = grammar_of(language).nominative(term) or ""
    if not term or not _is_term(term, language):
        return None
    meaning = _cut(groups["meaning"], language)
    if not _says_what(meaning, term, sentence, language):
        return None
    return Definition(
        _inside(term, sentence, lesson_text),
        _inside(meaning, sentence, lesson_text),
        sentence,
        is_marked,
        (groups.get("opening") or "").lower(),
        groups.get("tail") or "",
        groups.get("joint") or "",
        groups.get("alias") or "",
    )


def _cut(meaning: str, language: str) -> str:
    """Up to the first example, aside or second definition."""
    meaning = re.split(rf"(?:,|;) (?:and |а |и )?(?:the |an? )?{BOLD}", meaning, maxsplit=1)[0]
    meaning = meaning.replace(BOLD, "").replace(UNBOLD, "")
    shielded = CODE_OR_FORMULA.sub(lambda m: "x" * len(m[0]), meaning)
    shielded = QUOTATION.sub(lambda m: "x" * len(m[0]), shielded)
    cut = CUTS[language].search(shielded)
    if cut:
        meaning = meaning[: cut.start()]
        if "—" in cut[0]:  # the dash stands for the verb of another clause
            meaning = re.sub(r", (?:а|и|но) [^,]*$", "", meaning)
    return meaning.strip(" .,;:—–!")


def _is_term(term: str, language: str) -> bool:
    words = WORD.findall(CODE_OR_FORMULA.sub("x", term))
    if not 1 <= len(words) <= 5 or re.search(r"[\d+?!,;:]|\.$", CODE_OR_FORMULA.sub("", term)):
        return False
    first = words[0].lower()
    if first in lists(language).stop and not term.startswith("`") and len(words) > 1:
        return False
    if len(words) == 1 and first in lists(language).stop:
        return False
    return bool(grammar_of(language).is_nominative(term))


def _says_what(meaning: str, term: str, sentence: Sentence, language: str) -> bool:
    words = WORD.findall(meaning)
    if not 3 <= len(words) <= 38 or len(content_set(meaning, language)) < 2:
        return False
    if set(content(term, language)) <= set(content(meaning, language)):
        return False
    if EVALUATION[language].match(meaning) or not is_balanced(meaning):
        return False
    if re.search(r"[⟦\[\]]|https?:|\.\.|…|[.!?] |\*\*", CODE_OR_FORMULA.sub("x", meaning)):
        return False
    return bool(grammar_of(language).opens_with_noun(meaning))


def _is_clear(definition: Definition, language: str) -> bool:
    """Unmarked: genus and differentia, of something that is no everyday word."""
    words = content(definition.term, language)
    if len(words) == 1 and words[0] in lists(language).generic:
        return False
    if grammar_of(language).refers_back(definition.meaning):
        return False
    differs = r"\b(?:that|which|who|whose|used|consisting|made|by which|котор\w+|где)\b"
    return len(WORD.findall(definition.meaning)) >= 6 and bool(
        re.search(differs, definition.meaning)
    )


def _inside(text: str, sentence: Sentence, lesson_text: str) -> str:
    """As it is written inside a sentence: a small first letter, unless it is a name."""
    first = WORD.match(text)
    if first is None or not text[0].isupper() or first[0][1:] != first[0][1:].lower():
        return text
    small = text[0].lower() + text[1:]
    apart = rf"(?<![\w-]){re.escape(small)}(?![\w-])"
    if small in lesson_text and re.search(apart, lesson_text):
        return small
    if not sentence.text.startswith(text) or (sentence.language == "ru" and text[0].isascii()):
        return text  # a capital inside its own sentence, or a foreign name
    stems = [re.escape(word[: max(4, len(word) - 3)]) for word in WORD.findall(text)[:2]]
    elsewhere = r"[a-zа-яё,] \**" + r"\w* ".join(stems)
    if len(first[0]) > 3 and re.search(elsewhere, lesson_text):
        return text  # capitals in the middle of another sentence
    return text if grammar_of(sentence.language).is_name(first[0]) else small
