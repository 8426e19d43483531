"""Moodle's XML as Moodle writes it: every kind, faults by line, hostile files."""

import pytest

from apps.ai.prompts.quiz.schema import DraftQuestion, QuestionKind
from apps.core.errors import Invalid, TooLarge
from apps.learning.formats import moodle_xml


def quiz(*questions):
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<quiz>\n" + "\n".join(questions) + "\n</quiz>"
    ).encode()


def question(kind, inner, text="<p>Ask &amp; <b>bold</b></p>", form="html"):
    return (
        f"<question type='{kind}'><name><text>n</text></name>"
        f"<questiontext format='{form}'><text><![CDATA[{text}]]></text></questiontext>{inner}</question>"
    )


def answer(text, fraction, more=""):
    return f"<answer fraction='{fraction}' format='html'><text><![CDATA[{text}]]></text>{more}</answer>"


def read_one(*args, **kwargs):
    reading = moodle_xml.read(quiz(question(*args, **kwargs)))
    assert reading.problems == []
    return reading.questions[0]


def fault(*args, **kwargs):
    reading = moodle_xml.read(quiz(question(*args, **kwargs)))
    assert reading.questions == []
    return reading.problems[0]


class TestKinds:
    def test_single_choice(self):
        inner = (
            "<single>true</single>" + answer("<p>yes</p>", 100) + answer("<p>no</p>", "-33.33333")
        )
        found = read_one("multichoice", inner)
        assert found.draft.kind == QuestionKind.SINGLE
        assert found.draft.text == "Ask & **bold**"
        assert (found.draft.options, found.draft.right) == (["yes", "no"], [0])

    def test_several(self):
        inner = "<single>false</single>" + "".join(
            answer(text, share)
            for text, share in (("a", "33.33333"), ("b", "33.33333"), ("c", "33.33333"), ("d", 0))
        )
        found = read_one("multichoice", inner)
        assert (found.draft.kind, found.draft.right, found.notes) == (
            QuestionKind.MULTIPLE,
            [0, 1, 2],
            (),
        )

    def test_truth(self):
        comment = "<feedback format='html'><text>so</text></feedback>"
        found = read_one("truefalse", answer("true", 0, comment) + answer("false", 100))
        assert found.draft.is_true is False
        assert "omments" in found.notes[0]

    def test_short(self):
        found = read_one(
            "shortanswer", "<usecase>1</usecase>" + answer(r"5 \* 5", 100) + answer("c*t", 100)
        )
        assert found.draft.accepted == ["5 * 5"]
        assert len(found.notes) == 2

    def test_number_with_unit(self):
        inner = (
            answer("9.81", 100, "<tolerance>0.01</tolerance>")
            + answer("*", 0)
            + "<units><unit><multiplier>1</multiplier><unit_name>m/s²</unit_name></unit></units>"
        )
        draft = read_one("numerical", inner).draft
        assert (str(draft.value), str(draft.tolerance), draft.unit) == ("9.81", "0.01", "m/s²")

    def test_matching(self):
        inner = "".join(
            f"<subquestion format='html'><text>{a}</text><answer><text>{b}</text></answer></subquestion>"
            for a, b in (("cat", "mouse"), ("dog", "bone"), ("", "hay"))
        )
        found = read_one("matching", inner)
        assert [(pair.left, pair.right) for pair in found.draft.pairs] == [
            ("cat", "mouse"),
            ("dog", "bone"),
        ]
        assert len(found.notes) == 1

    def test_ordering(self):
        draft = read_one("ordering", answer("second", 2) + answer("first", "1.0000000")).draft
        assert draft.items == ["first", "second"]

    def test_cloze(self):
        text = (
            "<p>{1:SHORTANSWER:=Berlin~%50%Bonn#was once~=Ber\\}lin} &amp; {2:MC:no~=<b>yes</b>#good}"
            " {:NM:=23.8:0} ___</p>"
        )
        found = read_one("cloze", "", text=text)
        assert found.draft.text == "___ & ___ ___ \\_\\_\\_"
        assert found.draft.gaps[0] == ["Berlin", "Ber}lin"]
        assert found.draft.gaps[2] == ["23.8"]
        assert len(found.notes) == 4

    def test_category_explanation_and_files(self):
        inner = (
            "<generalfeedback format='markdown'><text>*Why*</text></generalfeedback>"
            + answer("true", 100)
            + answer("false", 0)
        )
        xml = quiz(
            "<question type='category'><category><text>$course$/top/Cells</text></category></question>",
            question(
                "truefalse", inner, text="<img src='@@PLUGINFILE@@/a.png' alt='a cell'> Is it?"
            ),
        )
        found = moodle_xml.read(xml).questions[0]
        assert (found.category, found.line) == ("Cells", 4)
        assert (found.draft.text, found.draft.explanation) == ("a cell Is it?", "*Why*")
        assert "Pictures" in found.notes[0]

    def test_html_leaves_nothing_of_itself(self):
        hostile = "<script>a()</script><img src=x onerror=b()><a href='javascript:c()'>d</a><i onclick=e()>f</i>"
        draft = read_one("truefalse", answer("true", 100) + answer("false", 0), text=hostile).draft
        assert draft.text == "d*f*"


class TestFaults:
    @pytest.mark.parametrize(
        ("kind", "inner", "word"),
        [
            ("essay", "", "essay"),
            ("description", "", "description"),
            ("ddwtos", "", "ddwtos"),
            ("multichoice", answer("a", 100) + answer("b", 50), "part of the mark"),
            ("multichoice", answer("a", 100), "Fewer"),
            ("multichoice", answer("a", 100) + answer("a", 0), "same"),
            ("multichoice", answer("a", 100) + answer("", 0), "empty"),
            ("multichoice", answer("a", "x") + answer("b", 0), "not a number"),
            ("truefalse", answer("true", 0), "Neither"),
            ("shortanswer", answer("a", 50), "wholly"),
            ("numerical", answer("x", 100), "not a number"),
            ("numerical", answer("1", 100) + answer("2", 100), "one right"),
            ("cloze", "", "no gap"),
            ("ordering", answer("a", 1), "Fewer"),
        ],
    )
    def test_names_the_line(self, kind, inner, word):
        problem = fault(kind, inner)
        assert problem.line == 3
        assert word in problem.text

    @pytest.mark.parametrize(
        "text", ["{1:SA:=a", "{1:SA:~b}", "{1:ESSAY:=a}", "{1:NM:=5:1}", "{1:SA:}"]
    )
    def test_broken_gaps(self, text):
        assert fault("cloze", "", text=text).line == 3

    def test_goes_on_with_the_next(self):
        good = question("truefalse", answer("true", 100) + answer("false", 0))
        reading = moodle_xml.read(quiz(good, question("essay", ""), good))
        assert [found.line for found in reading.questions] == [3, 5]
        assert [problem.line for problem in reading.problems] == [4]

    def test_keeps_what_stood_before_broken_xml(self):
        good = question("truefalse", answer("true", 100) + answer("false", 0))
        reading = moodle_xml.read(quiz(good, "<question type='essay'>", "</oops>"))
        assert len(reading.questions) == 1
        assert reading.problems[0].line == 5


class TestHostile:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"no xml",
            b"<html/>",
            b"<?xml version='1.0' encoding='klingon'?><quiz/>",
            b"<!DOCTYPE quiz [<!ENTITY a 'b'>]><quiz>&a;</quiz>",
            b"<!DOCTYPE q [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><quiz>&a;</quiz>",
        ],
    )
    def test_refused(self, content):
        with pytest.raises(Invalid):
            moodle_xml.read(content)

    def test_entity_bomb(self):
        levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
        with pytest.raises(Invalid):
            moodle_xml.read(f'<!DOCTYPE q [<!ENTITY a0 "x">{levels}]><quiz>&a9;</quiz>'.encode())

    def test_too_large(self):
        with pytest.raises(TooLarge):
            moodle_xml.read(b"<quiz>" + b" " * (2 * 1024 * 1024))

    def test_nested_beyond_reason(self):
        reading = moodle_xml.read(b"<quiz>" + b"<a>" * 100_000)
        assert reading.questions == []
        assert len(reading.problems) == 1


def test_a_text_like_a_gap_is_left_out():
    odd = DraftQuestion(kind="cloze", text="{1:SA:=x} ___ b", gaps=[["y"]])
    written = moodle_xml.write([odd])
    assert (written.count, len(written.left_out)) == (0, 1)
