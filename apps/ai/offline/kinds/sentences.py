"""Questions from single sentences: the term that a sentence speaks of, a statement turned round."""

import random
import re
from collections.abc import Iterator

from apps.ai.prompts.quiz.schema import GAP, DraftQuestion, QuestionKind

from ..candidates import Candidate
from ..lesson import Lesson
from ..markdown_text import BOLD, UNBOLD
from ..relations import fit_together, supports, too_close
from ..sentences import Sentence, stands_alone
from ..wording import cited, phrase, printed
from ..words import CODE_OR_FORMULA, WORD, content_set, first_high, grammar_of, lists
from .definitions import shuffled

MOST_SUBJECTS = 40
SUBJECT = re.compile(
    rf"^(?P<opening>(?:An? |The )?){BOLD}(?P<term>[^{BOLD}{UNBOLD}]{{2,40}}){UNBOLD} "
)
# where a bold word is said to be the name
NAMED = {
    "en": re.compile(
        rf"\b(?:is|are) (?:called|known as|termed) (?:an? |the )?{BOLD}(?P<term>[^{BOLD}]{{3,40}})"
        rf"{UNBOLD}(?=\.$)"
    ),
    "ru": re.compile(
        rf"\b(?:называ(?:ют|ется|ются)|принято называть) {BOLD}(?P<term>[^{BOLD}]{{3,40}}){UNBOLD}"
        rf"(?=\.$)"
    ),
}
NEGATION = re.compile(
    r"\b(?:not|never|no|nor|without|не|нет|ни|без|никогда)\b|n[’']t\b", re.IGNORECASE
)
JOINED = re.compile(r"^,? ?(?:and|or|than|и|или|чем)\b", re.IGNORECASE)


def candidates(lesson: Lesson, chance: random.Random) -> Iterator[Candidate]:
    defining = {definition.sentence.number for definition in lesson.definitions}
    subjects = _subjects(lesson)
    for sentence in lesson.sentences:
        uses = frozenset({f"sentence {sentence.number}"})
        if sentence.number in subjects and sentence.number not in defining:
            question = _complete(lesson, sentence, subjects, chance)
            if question:
                yield Candidate(question, uses, sentence.number, 6.5 + chance.random())
        question = _named(sentence)
        if question:
            told = {d.term for d in lesson.definitions if d.sentence.number == sentence.number}
            yield Candidate(question, uses | told, sentence.number, 6 + chance.random())
        if sentence.number not in defining and sentence.lemmas & lesson.key_words:
            question = _turned_round(lesson, sentence)
            if question:
                yield Candidate(question, uses, sentence.number, 2.5 + chance.random())


def _subjects(lesson: Lesson) -> dict[int, str]:
    """The bold terms that sentences begin with, by the number of each one's first sentence."""
    found: dict[str, int] = {}
    for sentence in lesson.sentences:
        match = SUBJECT.match(sentence.marked)
        if match and re.match(r"[^\W\d_]", match["term"]) and len(found) < MOST_SUBJECTS:
            found.setdefault(match["term"].strip(), sentence.number)
    return {number: term for term, number in found.items()}


def _complete(
    lesson: Lesson, sentence: Sentence, subjects: dict[int, str], chance: random.Random
) -> DraftQuestion | None:
    term, language = subjects[sentence.number], lesson.language
    if not stands_alone(sentence.text, language, shortest=7, longest=30):
        return None
    opening, rest = sentence.text.split(term, 1)
    stem = content_set(rest, language)
    own = content_set(term, language)
    wrong: list[str] = []
    for other in [*subjects.values(), *(d.term for d in lesson.definitions)]:
        words = content_set(other, language)
        if (
            words <= sentence.lemmas
            or not fit_together(lesson, term, other)
            or too_close(lesson, term, other)
            or supports(lesson, stem, words, but=sentence.number)
            or any(words == content_set(kept, language) for kept in wrong)
        ):
            continue
        wrong.append(other)
    wrong.sort(key=lambda other: len(own & content_set(other, language)), reverse=True)
    head = grammar_of(language).head
    if (
        len(wrong) < 2
        or head(wrong[0]) != head(term)
        or own & stem
        or grammar_of(language).refers_back(rest)
    ):
        return None
    options, right = shuffled(term, wrong[:3], chance)
    opening = re.sub(r"^An? $", "A(n) ", opening)
    return DraftQuestion(
        kind=QuestionKind.SINGLE,
        text=phrase(language, "complete", sentence=printed(opening) + GAP + printed(rest)),
        options=[printed(first_high(option)) for option in options],
        right=[right],
        explanation=cited(sentence),
        quote=sentence.quote,
        section=sentence.section,
    )


def _named(sentence: Sentence) -> DraftQuestion | None:
    """The term at the end of "A distribution with a long tail to one side is called …"."""
    match = NAMED[sentence.language].search(sentence.marked)
    if match is None or sentence.marked.count(BOLD) != 1:
        return None
    if not stands_alone(sentence.text, sentence.language, shortest=7, longest=30):
        return None
    start = match.start("term") - 1  # the mark of bold before it isn't read
    rest = sentence.text[start + len(match["term"]) :]
    nominative = grammar_of(sentence.language).nominative(match["term"])
    return DraftQuestion(
        kind=QuestionKind.CLOZE,
        text=printed(sentence.text[:start]) + GAP + printed(rest),
        gaps=[list(dict.fromkeys(filter(None, (match["term"], nominative))))],
        explanation=cited(sentence),
        quote=sentence.quote,
        section=sentence.section,
    )


def _turned_round(lesson: Lesson, sentence: Sentence) -> DraftQuestion | None:
    """A statement made false by one opposite."""
    text, language = sentence.text, lesson.language
    if (
        NEGATION.search(text)
        or ":" in text
        or lists(language).supposition.search(text)
        or not stands_alone(text, language, shortest=8, longest=26)
    ):
        return None
    plain = CODE_OR_FORMULA.sub(lambda m: "x" * len(m[0]), text)
    swaps = []
    for match in WORD.finditer(plain):
        other = grammar_of(language).opposite(match[0], lists(language).opposites)
        if other and match[0].islower():
            swaps.append((match, other))
    if len(swaps) != 1:
        return None
    match, other = swaps[0]
    before, after = text[: match.start()], text[match.end() :]
    if JOINED.match(after) or re.search(r"(?:,|\b(?:and|or|и|или|an?)) $", before):
        return None
    statement = before + other + after
    return DraftQuestion(
        kind=QuestionKind.TRUE_FALSE,
        text=phrase(language, "statement", statement=printed(statement)),
        is_true=False,
        explanation=f"{phrase(language, 'wrong')} {cited(sentence)}",
        quote=sentence.quote,
        section=sentence.section,
    )
