"""Drafts and cards of every shape, for the tests that write and read them again."""

from decimal import Decimal

from hypothesis import strategies as st

from apps.ai.prompts.quiz.schema import GAP, DraftQuestion, QuestionKind

_SIGNS = "~=#{}:\\%*[]<>&$`_-'\"/.,;!?()|+1é—ёЖ漢😀"
LETTERS = st.one_of(
    st.sampled_from(list(_SIGNS)),
    st.sampled_from(list("abc nstT")),
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zs", "Zl", "Zp", "Co"]),
)


def _clean(text: str) -> str:
    return text.strip()


line = st.text(LETTERS, min_size=1, max_size=30).map(_clean).filter(bool)
awkward = st.sampled_from(
    [
        "%50%half",
        "[html]x",
        "a -> b",
        "=x",
        "//no comment",
        "{1:SA:=x}",
        "\\n",
        "a\\*b",
        "*",
        "TRUE",
    ]
)
words = st.one_of(line, line, awkward)
paragraphs = st.lists(words, min_size=1, max_size=3).map("\n\n".join)
texts = st.one_of(words, paragraphs)
lines = st.lists(words, min_size=2, max_size=6, unique=True)
numbers = st.decimals(
    allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9
)


@st.composite
def drafts(draw: st.DrawFn) -> DraftQuestion:
    kind = draw(st.sampled_from(list(QuestionKind)))
    fields: dict[str, object] = {
        "text": draw(texts),
        "explanation": draw(st.one_of(st.just(""), texts)),
    }
    match kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            options = draw(lines)
            places = st.sampled_from(range(len(options)))
            size = 1 if kind == QuestionKind.SINGLE else len(options)
            right = draw(st.sets(places, min_size=1, max_size=size))
            fields |= {"options": options, "right": sorted(right)}
        case QuestionKind.TRUE_FALSE:
            fields["is_true"] = draw(st.booleans())
        case QuestionKind.SHORT:
            fields["accepted"] = draw(st.lists(words, min_size=1, max_size=4, unique=True))
        case QuestionKind.NUMERIC:
            fields["value"] = draw(numbers)
            fields["tolerance"] = draw(st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(12)]))
            fields["unit"] = draw(st.sampled_from(["", "", "m/s²"]))
        case QuestionKind.ORDERING:
            fields["items"] = draw(lines)
        case QuestionKind.MATCHING:
            fields["pairs"] = [{"left": left, "right": draw(words)} for left in draw(lines)]
        case QuestionKind.CLOZE:
            parts = draw(st.lists(words, min_size=2, max_size=4))
            text = f" {GAP} ".join(parts)
            fields["text"] = text
            accepted = st.lists(words, min_size=1, max_size=3, unique=True)
            fields["gaps"] = [draw(accepted) for _gap in range(text.count(GAP))]
    return DraftQuestion(kind=kind, **fields)
