"""A question as a teacher types it: one form whose rows follow the kind."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

from apps.ai.prompts.quiz import schema
from apps.ai.prompts.quiz.schema import GAP, DraftQuestion
from apps.courses.models import Course

from ..models import Difficulty, Question, QuestionConcept, QuestionKind
from .concepts import concept_choices, in_their_order

CHOICES = {QuestionKind.SINGLE, QuestionKind.MULTIPLE}
# How many rows an empty form offers, and how many wait for more below those filled in.
FIRST_ROWS = {QuestionKind.SHORT: 2, QuestionKind.CLOZE: 2}
USUAL_ROWS = 4
MORE_ROWS = 1
MOST_ROWS = 12
LONGEST = 1000
BETWEEN = "|"


@dataclass(frozen=True)
class Row:
    """One line of the form: an option, an accepted answer, a step, a pair, a gap."""

    number: int
    text: str = ""
    other: str = ""
    is_right: bool = False
    error: str = ""


@dataclass
class _Read:
    """What the rows say, and what is wrong with them by row; `whole` is wrong with all of them."""

    fields: dict[str, Any] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    whole: str = ""


class QuestionForm(forms.Form):
    """`draft` is there when the form is valid. Rows left empty don't count."""

    text = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    value = forms.CharField(label=gettext_lazy("Right number"), max_length=60)
    tolerance = forms.CharField(label=gettext_lazy("May be off by"), max_length=60, required=False)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=40, required=False)
    explanation = forms.CharField(
        label=gettext_lazy("Explanation"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Shown after submission. Markdown works."),
    )
    quote = forms.CharField(
        label=gettext_lazy("The lesson’s own words"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Copied from the lesson: students are led back to them, and you are told when they change."
        ),
    )

    difficulty = forms.ChoiceField(
        label=gettext_lazy("Difficulty"), choices=Difficulty, initial=Difficulty.MEDIUM
    )
    concepts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Concepts"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without any of its own it counts for those of its lesson."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kind: str,
        course: Course,
        draft: DraftQuestion | None = None,
        question: Question | None = None,
    ) -> None:
        self.kind = QuestionKind(kind)
        self.draft: DraftQuestion | None = None
        self._section = draft.section if draft else ""
        super().__init__(data, initial=_initial(draft) if draft else None)
        self._tagged = _tags_of(question)
        self.fields["concepts"].choices = concept_choices(course)  # type: ignore[attr-defined]
        if question is not None:
            self.initial["difficulty"] = question.difficulty
            self.initial["concepts"] = self._tagged
        self._rows = _typed(data, self.kind) if data is not None else rows_of(draft)
        self._problems = _Read()
        if self.kind != QuestionKind.NUMERIC:
            for name in ("value", "tolerance", "unit"):
                del self.fields[name]
        elif data is None and draft is None:
            self.initial["tolerance"] = "0"

    @property
    def rows(self) -> list[Row]:
        """What was typed, each with its error, and empty ones to go on."""
        filled = [
            Row(row.number, row.text, row.other, row.is_right, self._problems.errors.get(n, ""))
            for n, row in enumerate(self._rows)
        ]
        wanted = max(FIRST_ROWS.get(self.kind, USUAL_ROWS), len(filled) + MORE_ROWS)
        empty = range(len(filled), min(MOST_ROWS, wanted))
        return filled + [Row(number) for number in empty]

    @property
    def rows_error(self) -> str:
        return self._problems.whole

    @property
    def meant(self) -> dict[str, Any]:
        """What the question is beside its words."""
        return {name: self.cleaned_data[name] for name in ("difficulty", "concepts")}

    def clean_concepts(self) -> list[int]:
        return in_their_order(self.cleaned_data["concepts"], self._tagged)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._problems = read = _read(self.kind, self._rows, cleaned)
        for name in ("value", "tolerance"):
            if text := read.fields.pop(f"{name}_error", ""):
                self.add_error(name, text)
        if read.whole or read.errors:
            # told at the rows; the form is invalid all the same
            self.add_error(None, forms.ValidationError(_("Look at what is marked."), code="rows"))
        if not self.errors:
            self._make_draft(cleaned, read.fields)
        return cleaned

    def _make_draft(self, cleaned: dict[str, Any], answer: dict[str, Any]) -> None:
        try:
            self.draft = DraftQuestion(
                kind=schema.QuestionKind(self.kind),
                text=cleaned["text"],
                explanation=cleaned["explanation"],
                quote=cleaned["quote"],
                section=self._section,
                **answer,
            )
        except ValidationError:  # what no row could tell
            self.add_error(None, _("This question can’t be asked like this."))


def _tags_of(question: Question | None) -> list[int]:
    """Its own concepts, the first one first."""
    tags = QuestionConcept.objects.filter(question=question).order_by("pk")
    return [] if question is None else list(tags.values_list("concept_id", flat=True))


# ── Rows ──────────────────────────────────────────────────────────────────────────────────────
def _initial(draft: DraftQuestion) -> dict[str, Any]:
    return {
        "text": draft.text,
        "explanation": draft.explanation,
        "quote": draft.quote,
        "value": "" if draft.value is None else f"{draft.value:f}",
        "tolerance": f"{draft.tolerance:f}",
        "unit": draft.unit,
    }


def rows_of(draft: DraftQuestion | None) -> list[Row]:
    """The answer as lines: what the form starts from, and what a review shows."""
    if draft is None:
        return []
    match draft.kind.value:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            return [Row(n, text, is_right=n in draft.right) for n, text in enumerate(draft.options)]
        case QuestionKind.TRUE_FALSE:
            return [Row(0, is_right=bool(draft.is_true))]
        case QuestionKind.SHORT:
            return [Row(n, text) for n, text in enumerate(draft.accepted)]
        case QuestionKind.ORDERING:
            return [Row(n, text) for n, text in enumerate(draft.items)]
        case QuestionKind.MATCHING:
            return [Row(n, pair.left, pair.right) for n, pair in enumerate(draft.pairs)]
        case QuestionKind.CLOZE:
            return [Row(n, f" {BETWEEN} ".join(gap)) for n, gap in enumerate(draft.gaps)]
    return []


def _typed(data: QueryDict, kind: str) -> list[Row]:
    """The rows of the form but the empty ones, numbered anew."""
    if kind == QuestionKind.TRUE_FALSE:
        return [Row(0, data.get("truth", ""), is_right=data.get("truth") == "true")]
    texts = [text.strip() for text in data.getlist("row")]
    others = [text.strip() for text in data.getlist("other")]
    others += [""] * (len(texts) - len(others))
    right = set(data.getlist("right"))
    filled = [
        (text, other, str(place) in right)
        for place, (text, other) in enumerate(zip(texts, others, strict=False))
        if text or other
    ]
    return [Row(n, text, other, is_right) for n, (text, other, is_right) in enumerate(filled)]


def _read(kind: str, rows: list[Row], cleaned: dict[str, Any]) -> _Read:
    found = _Read(errors=dict(_long_rows(rows)))
    if len(rows) > MOST_ROWS:
        found.whole = _("At most %(count)s rows.") % {"count": MOST_ROWS}
        return found
    texts = [row.text for row in rows]
    match kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            found.fields = {"options": texts, "right": [row.number for row in rows if row.is_right]}
            found.errors |= _repeated(texts)
            found.whole = _problem_of_options(kind, rows)
        case QuestionKind.TRUE_FALSE:
            found.fields = {"is_true": rows[0].is_right}
            if rows[0].text not in ("true", "false"):
                found.whole = _("Say whether it is true.")
        case QuestionKind.SHORT:
            found.fields = {"accepted": texts}
            found.whole = "" if texts else _("Give at least one right answer.")
        case QuestionKind.NUMERIC:
            found.fields = _numbers(cleaned)
        case QuestionKind.ORDERING:
            found.fields = {"items": texts}
            found.errors |= _repeated(texts)
            found.whole = "" if len(texts) > 1 else _("Give two items or more, in the right order.")
        case QuestionKind.MATCHING:
            found.fields = {"pairs": [{"left": row.text, "right": row.other} for row in rows]}
            found.errors |= _repeated(texts) | {
                row.number: _("Both sides are needed.")
                for row in rows
                if not (row.text and row.other)
            }
            found.whole = "" if len(rows) > 1 else _("Give two pairs or more.")
        case QuestionKind.CLOZE:
            _read_gaps(found, rows, cleaned.get("text", ""))
    return found


def _long_rows(rows: list[Row]) -> Iterator[tuple[int, str]]:
    for row in rows:
        if max(len(row.text), len(row.other)) > LONGEST:
            yield row.number, _("Keep it under %(count)s characters.") % {"count": LONGEST}


def _repeated(texts: list[str]) -> dict[int, str]:
    return {n: _("This is here already.") for n, text in enumerate(texts) if text in texts[:n]}


def _problem_of_options(kind: str, rows: list[Row]) -> str:
    if len(rows) < 2:
        return _("Give two options or more.")
    right = sum(row.is_right for row in rows)
    if kind == QuestionKind.SINGLE and right != 1:
        return _("Mark the one right option.")
    return "" if right else _("Mark at least one right option.")


def _numbers(cleaned: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"unit": cleaned.get("unit", "")}
    try:
        if "value" in cleaned:  # else its absence has been told
            found["value"] = _number(cleaned["value"])
    except InvalidOperation:
        found["value_error"] = _("Give a number.")
    try:
        found["tolerance"] = abs(_number(cleaned.get("tolerance") or "0"))
    except InvalidOperation:
        found["tolerance_error"] = _("Give a number.")
    return found


def _number(text: str) -> Decimal:
    """As people type it: a comma may stand for the decimal point."""
    value = Decimal("".join(text.split()).replace(",", ".").replace("−", "-"))
    if not value.is_finite() or abs(value.adjusted()) > 30:
        raise InvalidOperation
    return value


def _read_gaps(found: _Read, rows: list[Row], text: str) -> None:
    gaps = [
        [variant.strip() for variant in row.text.split(BETWEEN) if variant.strip()] for row in rows
    ]
    found.fields = {"gaps": gaps}
    found.errors |= {n: _("Give a right answer.") for n, gap in enumerate(gaps) if not gap}
    places = text.count(GAP)
    if not places:
        found.whole = _("Put ___ (three underscores) into the question where a word is missing.")
    elif places != len(gaps):
        found.whole = _("The question has %(places)s gaps, here are answers to %(answers)s.") % {
            "places": places,
            "answers": len(gaps),
        }
