"""What is wrong with a question about a lesson, whichever engine made it.

The lesson's sentences and the question are all that is given: what a rule needs besides, such as
the words that were put in place of others, it finds by comparing the question with its quote.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from apps.ai.prompts.quiz.schema import GAP, DraftQuestion, QuestionKind

from .definitions import Definition
from .lesson import Lesson
from .lesson import read as read_lesson
from .markdown_text import read_inline
from .relations import supports
from .sentences import is_balanced, stands_alone
from .words import WORD, content, content_set, first_high, grammar_of, letters, lists

SINGLE, MULTIPLE, TRUE_FALSE = QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE
SHORT, NUMERIC, CLOZE = QuestionKind.SHORT, QuestionKind.NUMERIC, QuestionKind.CLOZE
ORDERING, MATCHING = QuestionKind.ORDERING, QuestionKind.MATCHING

ALMOST = 92  # percent of likeness that count as the same words
DESCRIBING = 4  # content words: such an answer describes; a shorter one names


def faults(question: DraftQuestion, lesson_text: str, language: str) -> list[str]:
    """Names of the rules that the question breaks; none for a sound one."""
    lesson = read_lesson("", lesson_text, language)
    return faults_in(question, lesson) if lesson else []


def faults_in(question: DraftQuestion, lesson: Lesson) -> list[str]:
    asked = Asked(question, lesson)
    return [
        rule.__name__.replace("_", "-")
        for rule, kinds in RULES
        if question.kind in kinds and rule(asked)
    ]


@dataclass(frozen=True)
class Asked:
    """A question beside its lesson, as rules look at it."""

    question: DraftQuestion
    lesson: Lesson

    @property
    def language(self) -> str:
        return self.lesson.language

    def words(self, text: str) -> frozenset[str]:
        return content_set(text, self.language)

    @cached_property
    def text(self) -> str:
        """What is read of the question, without the words that introduce a statement."""
        text = read(self.question.text)
        for introduction in self._introductions:
            text = text.removeprefix(introduction)
        return text

    @property
    def _introductions(self) -> Iterable[str]:
        wording = lists(self.language).wording
        keys = ("statement", "number", "year", "complete")
        return [wording[key].partition("{")[0] for key in keys]

    @cached_property
    def stem(self) -> frozenset[str]:
        """Content words of the question, without those of the introduction of a quotation."""
        quotation = re.search(r"[“«](.+)[”»]", self.text)
        return self.words(quotation[1] if quotation else self.text.replace(GAP, " "))

    @cached_property
    def options(self) -> list[str]:
        return [read(option) for option in self.question.options]

    @cached_property
    def answers(self) -> list[str]:
        """The right answers in words; none for kinds that have their own form."""
        question = self.question
        if question.kind == CLOZE:
            return [gap[0] for gap in question.gaps]
        if question.kind == SHORT:
            return question.accepted[:1]
        return [self.options[place] for place in question.right if place < len(self.options)]

    @cached_property
    def wrong(self) -> list[str]:
        right = set(self.question.right)
        return [text for place, text in enumerate(self.options) if place not in right]

    @cached_property
    def names(self) -> bool:
        """The answers are terms or names, not descriptions."""
        return all(
            len(self.words(answer)) < DESCRIBING
            and (len(WORD.findall(answer)) < DESCRIBING or len(self.stem) > len(self.words(answer)))
            for answer in self.answers
        )

    @cached_property
    def quote(self) -> frozenset[str]:
        return self.words(read(self.question.quote))

    @cached_property
    def own(self) -> set[int]:
        """The sentences that the quote stands in or holds."""
        quote = letters(read(self.question.quote))
        return {
            number
            for number, sentence in enumerate(self.lesson.sentence_letters)
            if sentence and quote and (sentence in quote or quote in sentence)
        }

    @cached_property
    def statement(self) -> str:
        """The text as a whole statement, with the answer in its gap."""
        text = self.text
        if self.question.kind == NUMERIC and GAP not in text:
            return first_high(text.rstrip("?")).rstrip(".") + "."
        for answer in self.answers or ["7"]:
            text = text.replace(GAP, answer, 1)
        return first_high(text)

    @cached_property
    def defined(self) -> Definition | None:
        """What it is a statement of the meaning of: such a sentence needs no other."""
        said = letters(self.text)
        return next(
            (
                definition
                for definition in self.lesson.definitions
                if definition.joint
                and said.startswith(letters(definition.subject + definition.joint))
            ),
            None,
        )


def read(markdown: str) -> str:
    """One line as a reader reads it."""
    shown = read_inline(" ".join(markdown.split()))
    return markdown if shown is None else shown


# ── About the source ──────────────────────────────────────────────────────────────────────────


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
        needed.append(asked.words(" ".join(_lines(asked))))
    return not any(words and len(told & words) >= 0.6 * len(words) for words in needed)


def wrong_language(asked: Asked) -> bool:
    prose = re.sub(r"`[^`]*`|\$[^$]*\$", " ", asked.question.text)
    cyrillic = len(re.findall("[а-яё]", prose, re.IGNORECASE))
    latin = len(re.findall("[a-z]", prose, re.IGNORECASE))
    return cyrillic < 10 and latin > cyrillic if asked.language == "ru" else cyrillic > latin


# ── About the wording ─────────────────────────────────────────────────────────────────────────


def broken_text(asked: Asked) -> bool:
    texts = [asked.text.replace(GAP, "x"), *asked.options, *_lines(asked)]
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


# ── About the answer ──────────────────────────────────────────────────────────────────────────


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
            _same_root(word, said, asked.language)
            and not any(_same_root(each, said, asked.language) for o in others for each in o)
            for word in words
            for said in asked.stem
        )
    if words and words <= asked.stem:
        return True
    if any(not any(word in other for other in others) for word in shared):
        return True
    return any(
        _same_root(word, said, asked.language)
        and not any(_same_root(word, each, asked.language) for other in others for each in other)
        for word in words
        for said in asked.stem
    )


def _same_root(one: str, other: str, language: str) -> bool:
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


# ── About options ─────────────────────────────────────────────────────────────────────────────


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


# ── About statements, gaps and figures ────────────────────────────────────────────────────────


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
    return any(_same_root(word, other, asked.language) for word in said for other in meaning)


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


# ── About lists and pairs ─────────────────────────────────────────────────────────────────────


def _lines(asked: Asked) -> list[str]:
    question = asked.question
    lines = [
        *question.items,
        *(side for pair in question.pairs for side in (pair.left, pair.right)),
    ]
    return [read(line) for line in lines]


def items(asked: Asked) -> bool:
    found = [letters(line) for line in _lines(asked)]
    return not 3 <= len(found) <= 7 or len(set(found)) < len(found)


def ordinal_hint(asked: Asked) -> bool:
    hints = lists(asked.language).order_hints
    return any(hints.match(line) or re.match(r"\d", line) for line in _lines(asked))


def item_length(asked: Asked) -> bool:
    return any(not 2 <= len(WORD.findall(line)) <= 30 for line in _lines(asked))


def date_in_item(asked: Asked) -> bool:
    return any(re.search(r"\b(?:1\d{3}|20\d\d)\b", line) for line in _lines(asked))


def item_not_in_source(asked: Asked) -> bool:
    return any(not _is_said(asked, asked.words(line)) for line in _lines(asked))


def _is_said(asked: Asked, words: frozenset[str]) -> bool:
    """One sentence or row of the lesson, or the quote, holds nearly all of the words."""
    return any(
        len(words & said) >= 0.8 * len(words) for said in (asked.quote, *asked.lesson.sayings)
    )


def pairs(asked: Asked) -> bool:
    left = [letters(read(pair.left)) or pair.left for pair in asked.question.pairs]
    right = [letters(read(pair.right)) or pair.right for pair in asked.question.pairs]
    return not 3 <= len(left) <= 6 or len(set(left)) < len(left) or len(set(right)) < len(right)


def pairs_alike(asked: Asked) -> bool:
    sets = [asked.words(read(pair.right)) for pair in asked.question.pairs]
    return any(
        a and b and len(a & b) > 0.75 * min(len(a), len(b))
        for place, a in enumerate(sets)
        for b in sets[place + 1 :]
    )


def pair_length(asked: Asked) -> bool:
    return any(len(WORD.findall(line)) > 32 for line in _lines(asked))


def pair_numbers(asked: Asked) -> bool:
    """Rows of figures are no knowledge."""
    left = [read(pair.left) for pair in asked.question.pairs]
    right = [read(pair.right) for pair in asked.question.pairs]
    return any(
        sum(not WORD.search(re.sub(r"\$[^$]*\$", "x", line)) for line in side) > len(side) / 2
        for side in (left, right)
    )


def pair_not_in_source(asked: Asked) -> bool:
    """Both sides have to be said of one another, not only somewhere each."""
    return any(
        not _is_said(asked, asked.words(f"{read(pair.left)} {read(pair.right)}"))
        for pair in asked.question.pairs
    )


Rule = Callable[[Asked], bool]
CHOICE = (SINGLE, MULTIPLE)
NAMING = (SINGLE, MULTIPLE, SHORT, CLOZE)
STATING = (TRUE_FALSE, NUMERIC, CLOZE)
RULES: list[tuple[Rule, tuple[QuestionKind, ...]]] = [
    (source_not_in_lesson, tuple(QuestionKind)),
    (explanation_without_source, tuple(QuestionKind)),
    (wrong_language, tuple(QuestionKind)),
    (broken_text, tuple(QuestionKind)),
    (answer_not_in_source, NAMING),
    (not_standalone, (*CHOICE, SHORT, *STATING)),
    (vague, STATING),
    (opinion, STATING),
    (definite_subject, STATING),
    (pronoun_to_blank, (CLOZE, NUMERIC)),
    (leak, (*NAMING, MATCHING)),
    (generic_term, NAMING),
    (answer_too_long, (SHORT, CLOZE)),
    (thin_stem, NAMING),
    (options, CHOICE),
    (options_same_lemma, CHOICE),
    (option_about_options, CHOICE),
    (option_within_option, CHOICE),
    (answer_longest, CHOICE),
    (option_unlike, CHOICE),
    (distractor_in_stem, CHOICE),
    (distractor_in_source, CHOICE),
    (distractor_supported, CHOICE),
    (true_not_in_source, (TRUE_FALSE,)),
    (tautology, (TRUE_FALSE,)),
    (false_but_in_source, (TRUE_FALSE,)),
    (substitution_size, (TRUE_FALSE,)),
    (false_supported, (TRUE_FALSE,)),
    (gaps, (CLOZE,)),
    (undefined_gap, (CLOZE,)),
    (in_enumeration, (CLOZE,)),
    (number_not_in_source, (NUMERIC,)),
    (number_in_stem, (NUMERIC,)),
    (approximate, (NUMERIC,)),
    (items, (ORDERING,)),
    (ordinal_hint, (ORDERING,)),
    (item_length, (ORDERING,)),
    (date_in_item, (ORDERING,)),
    (item_not_in_source, (ORDERING,)),
    (pairs, (MATCHING,)),
    (pairs_alike, (MATCHING,)),
    (pair_length, (MATCHING,)),
    (pair_numbers, (MATCHING,)),
    (pair_not_in_source, (MATCHING,)),
]
