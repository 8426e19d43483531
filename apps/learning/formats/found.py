"""What a reader of questions gives back: drafts with their lines, and what couldn't be taken."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from apps.ai.prompts.quiz.schema import GAP, DraftQuestion, QuestionKind
from apps.core.errors import Invalid, TooLarge

MAX_BYTES = 2 * 1024 * 1024
MAX_QUESTIONS = 1000
MAX_RAW = 20_000  # characters of one text as the file has it
WHOLE = Decimal(100)
_PRECISE = Context(prec=200)


class Fault(Exception):
    """Why a question isn't taken; `at` is its place in the reader's own measure."""

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True)
class Found:
    """A question that was read; `notes` say what of it was left out."""

    line: int
    draft: DraftQuestion
    category: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """A question that couldn't be taken, by its line."""

    line: int
    text: str


@dataclass
class Reading:
    questions: list[Found] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, line: int, text: str) -> None:
        self._check_room()
        self.problems.append(Problem(line, text))

    def take(self, found: Found) -> None:
        self._check_room()
        self.questions.append(found)

    def _check_room(self) -> None:
        """What isn't taken has cost its reading too."""
        if len(self.questions) + len(self.problems) >= MAX_QUESTIONS:
            limit = {"limit": MAX_QUESTIONS}
            raise TooLarge(_("More than %(limit)s questions. Divide the file.") % limit)


@dataclass(frozen=True)
class LeftOut:
    """A question that has no form in the file's format; `number` counts from 1."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True)
class Written:
    content: str
    count: int
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class Choice:
    """An option or variant with its share of the mark, in percent."""

    text: str
    share: Decimal


def decoded(content: bytes, *, limit: int = MAX_BYTES) -> str:
    """The text of a file; raises TooLarge or Invalid."""
    if len(content) > limit:
        size = {"size": limit // 1024**2}
        raise TooLarge(_("The file is larger than %(size)s MB.") % size)
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_("This isn’t a text in UTF-8. Save the file in UTF-8.")) from error


# ── Drafts ────────────────────────────────────────────────────────────────────────────────────
def drafted(kind: QuestionKind, text: str, **fields: Any) -> DraftQuestion:
    """The draft; raises Fault in words for a teacher when something is missing or too long."""
    if not text.strip():
        raise Fault(_("The question has no text."))
    try:
        return DraftQuestion(kind=kind, text=text, **fields)
    except ValidationError as error:
        raise Fault(_complaint(error)) from error


def _complaint(error: ValidationError) -> str:
    first = error.errors()[0]
    match first["type"]:
        case "string_too_long":
            limit = {"limit": first["ctx"]["max_length"]}
            return _("A text is longer than %(limit)s characters.") % limit
        case "too_long":
            return _("More than %(limit)s options.") % {"limit": first["ctx"]["max_length"]}
        case "string_too_short":
            return _("An option is empty.")
    if "repeat" in first["msg"]:
        return _("Two options are the same.")
    if "two or more" in first["msg"]:
        return _("Fewer than two options.")
    return _("The question isn’t complete: the right answer is missing.")


def choices(options: list[Choice], *, several: bool) -> tuple[dict[str, Any], list[str]]:
    """The fields of a single or multiple choice, and notes; raises Fault for what would be a guess."""
    right = [index for index, each in enumerate(options) if each.share > 0]
    fields = {"options": [each.text for each in options], "right": right}
    if not right:
        raise Fault(_("No option is right."))
    if several:
        return fields, _notes_on_shares([options[index].share for index in right])
    if len(right) > 1 and all(options[index].share == WHOLE for index in right):
        raise Fault(_("Several options are wholly right; a single choice has one right option."))
    part = next((options[index] for index in right if options[index].share != WHOLE), None)
    if part is not None:
        raise Fault(
            _("“%(option)s” gives a part of the mark; a single choice has no such options.")
            % {"option": part.text[:60]}
        )
    return fields, []


def variants(answers: list[Choice]) -> tuple[list[str], list[str]]:
    """The wholly right ones, each once, and notes on what was left out."""
    whole = list(dict.fromkeys(each.text for each in answers if each.share == WHOLE))
    if not whole:
        raise Fault(_("No answer is wholly right."))
    partly = [each.text for each in answers if 0 < each.share < WHOLE]
    if not partly:
        return whole, []
    left_out = ", ".join(partly)[:200]
    return whole, [_("Answers for a part of the mark are left out: %(them)s.") % {"them": left_out}]


def _notes_on_shares(shares: list[Decimal]) -> list[str]:
    if abs(sum(shares) - WHOLE) > 1:
        raise Fault(_("The shares of the right options don’t make a whole."))
    if max(shares) - min(shares) <= 1:
        return []
    return [_("The right options weigh differently in the file; here they weigh the same.")]


# ── Words and numbers ─────────────────────────────────────────────────────────────────────────
def check_length(text: str) -> None:
    """Before it is converted: what is so long with its HTML makes no question."""
    if len(text) > MAX_RAW:
        raise Fault(_("A text is longer than %(limit)s characters.") % {"limit": MAX_RAW})


def without_gaps(text: str) -> str:
    """Markdown in which no line of underscores can be taken for a gap."""
    return text.replace(GAP, r"\_\_\_")


def number(text: str) -> Decimal:
    """A decimal number of a sensible size; raises Fault."""
    written = text.strip()
    if written.count(",") == 1 and "." not in written:
        written = written.replace(",", ".")
    try:
        value = Decimal(written) if len(written) <= 80 else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or abs(value.adjusted()) > 100:
        raise Fault(_("“%(text)s” is not a number.") % {"text": text.strip()[:40]})
    return value


def middle(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """Value and tolerance of a range, exactly."""
    if low > high:
        raise Fault(_("The range begins above its end."))
    total, width = _PRECISE.add(low, high), _PRECISE.subtract(high, low)
    return _PRECISE.divide(total, Decimal(2)), _PRECISE.divide(width, Decimal(2))


def plain_number(value: Decimal) -> str:
    """Without an exponent where it reads well."""
    return format(value, "f") if abs(value.adjusted()) < 20 else str(value)


def share_of(right: int) -> str:
    """100 % in so many parts, as Moodle writes its grades."""
    return f"{WHOLE / right:.5f}".rstrip("0").rstrip(".")


# Moodle reads `*` in a typed answer as "anything"; a backslash makes it a star.
def starred(answer: str) -> str:
    return answer.replace("*", r"\*")


def unstarred(answer: str) -> str | None:
    """The answer itself; None when it holds a wildcard."""
    bare = answer.replace(r"\*", "")
    return None if "*" in bare else answer.replace(r"\*", "*")


def typed(answers: Iterable[Choice]) -> tuple[list[str], list[str]]:
    """Variants of a typed answer; those with wildcards are left out and noted."""
    plain = [(unstarred(each.text), each) for each in answers]
    wild = [each.text for text, each in plain if text is None and each.share > 0]
    accepted, notes = variants([Choice(text, each.share) for text, each in plain if text])
    if wild:
        them = ", ".join(wild)[:200]
        notes.append(_("Answers with a wildcard are left out: %(them)s.") % {"them": them})
    return accepted, notes
