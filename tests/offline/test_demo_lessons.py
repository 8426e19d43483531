"""What every question must be that the offline engine makes of the demo lessons."""

import re

from apps.ai.material import Material
from apps.ai.offline import make_quiz, make_summary
from apps.ai.offline.validate import faults
from apps.ai.offline.validate import read as read_line
from apps.ai.offline.words import content_set, grammar_of
from apps.ai.prompts.quiz.schema import GAP
from apps.core import markdown


def test_no_question_has_a_fault(demo_questions):
    assert [
        (made.path, made.question.text, found)
        for made in demo_questions
        if (found := faults(made.question, made.text, made.language))
    ] == []


def test_quotes_stand_in_the_lesson_word_for_word(demo_questions):
    assert [m.question.text for m in demo_questions if m.question.quote not in m.text] == []


def test_answers_stand_in_the_quote(demo_questions):
    for made in demo_questions:
        question = made.question
        answers = [question.options[place] for place in question.right]
        answers += question.accepted[:1] + [gap[0] for gap in question.gaps]
        quote = content_set(read_line(question.quote), made.language)
        for answer in answers:
            assert content_set(read_line(answer), made.language) <= quote, question.text


def test_options_are_distinct_by_lemma_and_agree(demo_questions):
    for made in demo_questions:
        options = [read_line(option) for option in made.question.options]
        lemmas = {content_set(option, made.language) for option in options}
        assert len(lemmas) == len(options), options
        if made.language == "ru" and options and max(map(len, options)) < 30:
            same = grammar_of("ru").same_kind
            assert all(same(options[0], other) for other in options[1:]), options


def test_explanations_cite_sentence_and_section(demo_questions):
    for made in demo_questions:
        said = "В уроке: «" if made.language == "ru" else "In the lesson: “"
        assert said in made.question.explanation
        if made.question.kind not in ("matching", "ordering"):
            cited = re.sub(r"\W+", "", read_line(made.question.quote))
            assert cited in re.sub(r"\W+", "", read_line(made.question.explanation))
        assert made.question.section


def test_a_gap_is_one_and_is_shown(demo_questions):
    for made in demo_questions:
        assert made.question.text.count(GAP) <= 1
        if made.question.kind == "cloze":
            assert GAP in markdown.render(made.question.text)


def test_what_is_printed_is_what_was_meant(demo_questions):
    """Formulas become MathML, code becomes code, and nothing else turns into markup."""
    for made in demo_questions:
        shown = markdown.render(made.question.text)
        assert "formula-error" not in shown
        assert not re.search(r"<(?:em|strong|a|li|h\d|blockquote|table)\b", shown), shown


def test_the_language_is_the_lessons(demo_lessons):
    russian = next(m for path, m in demo_lessons.items() if path.startswith("ru/algoritmy"))
    assert make_quiz(Material(russian.title, russian.text, "en")) == make_quiz(russian)
    assert make_quiz(Material("", "Ein Wort. " * 50, "de")).questions == []


def test_the_yield_is_useful(demo_questions, demo_lessons):
    words = sum(len(lesson.text.split()) for lesson in demo_lessons.values())
    assert len(demo_questions) >= 3 * words / 1000
    kinds = {made.question.kind for made in demo_questions}
    assert {"single", "short", "matching", "true_false", "numeric", "cloze"} <= kinds


def test_a_summary_is_the_lessons_own_sentences(demo_lessons):
    for path in list(demo_lessons)[::7]:
        lesson = demo_lessons[path]
        summary = make_summary(lesson)
        assert 3 <= len(summary.sentences) <= 7
        read = read_line(lesson.text.replace("\n", " "))
        assert all(
            sentence[:25] in lesson.text or read_line(sentence)[:25] in read
            for sentence in summary.sentences
        )
