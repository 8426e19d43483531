"""GIFT as people write it: every kind, every fault by its line."""

from decimal import Decimal

import pytest

from apps.ai.prompts.quiz.schema import DraftQuestion, QuestionKind
from apps.core.errors import Invalid, TooLarge
from apps.learning.formats import gift
from apps.learning.formats.found import MAX_QUESTIONS, decoded


def read_one(text):
    reading = gift.read(text)
    assert reading.problems == []
    (found,) = reading.questions
    return found


def fault(text):
    reading = gift.read(text)
    assert reading.questions == []
    (problem,) = reading.problems
    return problem


class TestKinds:
    def test_single_choice_with_comments(self):
        found = read_one("::Q2:: Between orange and green? { =yellow # right ~red # wrong ~blue }")
        draft = found.draft
        assert draft.kind == QuestionKind.SINGLE
        assert draft.text == "Between orange and green?"
        assert (draft.options, draft.right) == (["yellow", "red", "blue"], [0])
        assert len(found.notes) == 1

    def test_several_right_options(self):
        found = read_one("Who? {\n~%-100%No one\n~%50%Grant\n~%50%His wife\n~%-100%Father\n}")
        assert found.draft.kind == QuestionKind.MULTIPLE
        assert found.draft.right == [1, 2]
        assert found.notes == ()

    def test_unequal_shares_are_said(self):
        found = read_one("Who? {~%25%a ~%75%b ~c}")
        assert found.draft.right == [0, 1]
        assert "weigh differently" in found.notes[0]

    @pytest.mark.parametrize(
        ("answer", "is_true"), [("T", True), ("TRUE", True), ("f", False), ("FALSE#no#yes", False)]
    )
    def test_truth(self, answer, is_true):
        assert read_one(f"Sure? {{{answer}}}").draft.is_true is is_true

    def test_short_answer_with_variants(self):
        draft = read_one("Two plus two? {=four =4}").draft
        assert (draft.kind, draft.accepted) == (QuestionKind.SHORT, ["four", "4"])

    def test_parts_of_the_mark_are_left_out_and_said(self):
        found = read_one("Planet? {=Jupiter =%50%jupitre =*}")
        assert found.draft.accepted == ["Jupiter"]
        assert len(found.notes) == 2

    @pytest.mark.parametrize(
        ("answer", "value", "tolerance"),
        [
            ("#1822:5", "1822", "5"),
            ("#1..5", "3", "2"),
            ("#-0.5..0", "-0.25", "0.25"),
            ("#3:0.5", "3", "0.5"),
            ("#3,5", "3.5", "0"),
            ("# =3.14:0.01 # close", "3.14", "0.01"),
            ("#=1e3 =%50%999", "1000", "0"),
        ],
    )
    def test_numbers(self, answer, value, tolerance):
        draft = read_one(f"When? {{{answer}}}").draft
        assert (draft.value, draft.tolerance) == (Decimal(value), Decimal(tolerance))

    def test_matching(self):
        found = read_one("Eats? { =cat -> cat food =dog -> bone = -> hay}")
        assert [(pair.left, pair.right) for pair in found.draft.pairs] == [
            ("cat", "cat food"),
            ("dog", "bone"),
        ]
        assert len(found.notes) == 1

    def test_missing_word(self):
        draft = read_one("Two plus {=two =2} equals four.").draft
        assert (draft.kind, draft.text) == (QuestionKind.CLOZE, "Two plus ___ equals four.")
        chosen = read_one("Two plus {=two ~three} equals four.").draft
        assert (chosen.kind, chosen.text) == (QuestionKind.SINGLE, "Two plus ___ equals four.")

    def test_general_feedback_is_the_explanation(self):
        assert read_one("Sure? {T####Because \\#1.}").draft.explanation == "Because #1."

    def test_category_comment_and_windows_line_ends(self):
        found = read_one(
            "\ufeff// hello\r\n$CATEGORY: a/b\r\n\r\n// more\r\nSure?\r\n{T}\r\n".lstrip("\ufeff")
        )
        assert (found.category, found.line) == ("b", 5)

    def test_formats(self):
        assert read_one("[html]<p>a<b>b</b> &lt;</p>{T}").draft.text == "a**b** <"
        assert read_one("[markdown]a*b*{T}").draft.text == "a*b*"
        assert read_one("[plain]2*3*4 <b>{T}").draft.text == "2\\*3\\*4 \\<b>"
        assert read_one("a <b>b</b>\\nc{T}").draft.text == "a **b**\\\nc"
        assert read_one("Q {=[html]<i>x</i> ~y}").draft.options == ["*x*", "y"]

    def test_escapes(self):
        draft = read_one("1+1\\=2 \\{\\}\\~\\#\\:\\\\n {=\\=a\\~b}").draft
        assert draft.text == "1+1=2 {}~#:\\n"  # a backslash and an n
        assert draft.accepted == ["=a~b"]


class TestFaults:
    @pytest.mark.parametrize(
        ("text", "line", "word"),
        [
            ("\n\nOnly words", 3, "description"),
            ("Essay {}", 1, "essay"),
            ("Sure?\n{T", 2, "isn’t closed"),
            ("Sure? T}", 1, "no opening"),
            ("Sure? {T} }", 1, "no opening"),
            ("One {T}\nTwo {F}", 2, "second brace"),
            ("Which {\n=a\n~%50%b\n}", 1, "part of the mark"),
            ("Which {\n=a\n=b\n~c\n}", 1, "wholly right"),
            ("Which {~a ~b}", 1, "No option"),
            ("Which {~%50%a ~%25%b}", 1, "whole"),
            ("Which {=a ~a}", 1, "same"),
            ("What {\nParis\n}", 1, "begins with"),
            ("What {\n=a\n=\n}", 3, "empty"),
            ("Pairs {\n=a -> b\n=c\n}", 3, "arrow"),
            ("Number {#\n=x1\n}", 2, "not a number"),
            ("Number {#5..1}", 1, "above"),
            ("Number {#5:-1}", 1, "negative"),
            ("Number {#1e999999999}", 1, "not a number"),
            ("Number {#NaN}", 1, "not a number"),
            ("Number {#}", 1, "not a number"),
            ("Number {#=1 =2}", 1, "one right answer"),
            ("{T}", 1, "no text"),
            ("Short {=*}", 1, "wholly right"),
            ("Long {=a ~" + "x" * 1001 + "}", 1, "longer"),
            ("x" * 20_001 + "{T}", 1, "longer"),
            ("Many {" + "".join(f"~%5%a{n}" for n in range(20)) + "}", 1, "More than"),
        ],
    )
    def test_names_the_line(self, text, line, word):
        problem = fault(text)
        assert problem.line == line
        assert word.lower() in problem.text.lower()

    def test_goes_on_with_the_next(self):
        reading = gift.read("Sure? {T\n\nReally? {F}\n\nEssay {}\n\nWell? {T}")
        assert [found.line for found in reading.questions] == [3, 7]
        assert [problem.line for problem in reading.problems] == [1, 5]

    def test_too_many(self):
        with pytest.raises(TooLarge):
            gift.read("Q {T}\n\n" * (MAX_QUESTIONS + 1))

    def test_other_encodings(self):
        assert decoded("Да {T}".encode("utf-16")) == "Да {T}"
        assert decoded(b"\xef\xbb\xbfQ") == "Q"
        with pytest.raises(Invalid):
            decoded("Да".encode("cp1251"))
        with pytest.raises(TooLarge):
            decoded(b"x" * (2 * 1024 * 1024 + 1))

    def test_answers_without_end_are_not_looked_at(self):
        assert fault("Which? {=a " + "~b" * 100 + "}").text == "More than 100 options."

    def test_what_is_not_taken_counts_too(self):
        with pytest.raises(TooLarge):
            gift.read("Essay {}\n\n" * (MAX_QUESTIONS + 1))


class TestLeftOut:
    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "ordering", "items": ["a", "b"]},
            {"kind": "cloze", "text": "a ___ b ___ c", "gaps": [["x"], ["y"]]},
            {"kind": "cloze", "text": "the end is ___", "gaps": [["x"]]},
            {"kind": "numeric", "value": 5, "unit": "m"},
            {"kind": "short", "accepted": ["a -> b"]},
            {
                "kind": "matching",
                "pairs": [{"left": "a->", "right": "b"}, {"left": "c", "right": "d"}],
            },
        ],
    )
    def test_is_told_and_the_others_written(self, fields):
        odd = DraftQuestion(**({"text": "Why?"} | fields))
        plain = DraftQuestion(kind="true_false", text="Sure?", is_true=True)
        written = gift.write([odd, plain])
        assert written.count == 1
        assert [(each.number, each.text) for each in written.left_out] == [(1, odd.text)]
        assert [found.draft for found in gift.read(written.content).questions] == [plain]
