"""A draft that a format can say comes back from the file as it was."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.learning.formats import gift, moodle_xml

from .strategies import drafts


def _check(questions, written, reading):
    left_out = {each.number for each in written.left_out}
    kept = [each for number, each in enumerate(questions, start=1) if number not in left_out]
    assert reading.problems == []
    assert [each.draft for each in reading.questions] == kept
    assert all(not each.notes for each in reading.questions)


@settings(max_examples=300, deadline=None)
@given(st.lists(drafts(), min_size=1, max_size=4))
def test_gift(questions):
    written = gift.write(questions, category="Physics")
    reading = gift.read(written.content)
    _check(questions, written, reading)
    assert all(each.category == "Physics" for each in reading.questions)


@settings(max_examples=300, deadline=None)
@given(st.lists(drafts(), min_size=1, max_size=4))
def test_moodle_xml(questions):
    written = moodle_xml.write(questions, category="Physics")
    reading = moodle_xml.read(written.content.encode())
    _check(questions, written, reading)
    assert all(each.category == "Physics" for each in reading.questions)
