"""Concepts of a course from a table: all of it or nothing, and the same again when written out."""

import pytest
from django.utils import timezone

from apps.core.errors import Invalid
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.learning.models import Concept, Prerequisite
from apps.learning.selectors.graph import graph_of
from apps.learning.services import concept_files, concepts
from apps.learning.services.concept_files import export_concepts, import_concepts

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TABLE = """name,description,aliases,importance,lessons,needs
Number,What counts.,digit | figure,5,Counting,
Vector,"A row, of numbers.",,4,Arrows,Number (0.4)
Matrix,Rows of rows.,,,Arrows,Vector | figure (1)
"""


@pytest.fixture
def course():
    course = CourseFactory()
    for title in ("Counting", "Arrows"):
        LessonFactory(course=course, module__course=course, title=title)
    return course


def taken(course, text):
    return import_concepts(course=course, text=text, at=NOW)


def told(course, text):
    """The lines with problems, and the words of all; nothing was taken."""
    before = state(course)
    report = taken(course, text)
    assert state(course) == before
    assert (report.added, report.changed) == (0, 0)
    return [line for line, _text in report.problems], " ".join(text for _, text in report.problems)


def state(course):
    graph = graph_of(course.pk)
    names = {concept.pk: concept.name for concept in graph.concepts}
    return (
        [(each.name, each.description, each.aliases, each.importance) for each in graph.concepts],
        {(names[e.advanced], names[e.prerequisite]): e.weight for e in graph.edges},
        [[names[pk] for pk in taught] for taught in graph.taught.values()],
    )


def test_a_table_becomes_concepts_and_the_table_again(course):
    report = taken(course, TABLE)
    assert (report.added, report.changed, report.problems) == (3, 0, [])
    assert state(course) == (
        [
            ("Number", "What counts.", ["digit", "figure"], 5),
            ("Vector", "A row, of numbers.", [], 4),
            ("Matrix", "Rows of rows.", [], 3),
        ],
        {("Vector", "Number"): 0.4, ("Matrix", "Vector"): 0.7, ("Matrix", "Number"): 1.0},
        [["Number"], ["Vector", "Matrix"]],
    )
    written, before = export_concepts(course), state(course)
    report = taken(course, written.removeprefix("\ufeff"))
    assert (report.added, report.changed, state(course)) == (0, 3, before)
    other = CourseFactory()
    for title in ("Counting", "Arrows"):
        LessonFactory(course=other, module__course=other, title=title)
    taken(other, written.removeprefix("\ufeff"))
    assert state(other) == before


def test_columns_replace_what_their_concepts_had_and_absent_ones_leave_it(course):
    taken(course, TABLE)
    report = taken(course, "name,needs\nNUMBER,\nMatrix,Number (0.2)\nfigure,Tensor\nTensor,")
    assert report.problems[0][0] == 4  # one concept twice: by its name and by another
    report = taken(course, "name,needs\ndigit,\nMatrix,Number (0.2)\nTensor,Matrix")
    assert (report.added, report.changed) == (1, 2)
    concepts_now, edges, tags = state(course)
    assert concepts_now[0] == ("Number", "What counts.", ["digit", "figure"], 5)
    assert edges == {
        ("Vector", "Number"): 0.4,
        ("Matrix", "Number"): 0.2,
        ("Tensor", "Matrix"): 0.7,
    }
    assert tags == [["Number"], ["Vector", "Matrix"]]


def test_all_or_nothing_with_every_fault_by_its_line(course):
    concepts.add_concept(course=course, name="Set", aliases=["class"], at=NOW)
    lines, words = told(course, "name,aliases\nMatrix,CLASS\n" + "x" * 81 + ",\nRing,matrix\n,a")
    assert lines == [2, 3, 4, 5]
    assert "“Set”" in words and "“Matrix”" in words
    lines, words = told(
        course, "name,lessons,needs\nA,Nowhere,Set (7)\nB,Counting | Arrows,Nothing\nC,,C"
    )
    assert lines == [2, 2, 3, 4]
    for word in ("“Nowhere”", "0.05", "“Nothing”", "itself"):
        assert word in words


def test_a_circle_is_told_by_its_names(course):
    taken(course, TABLE)
    lines, words = told(course, "name,needs\nGroup,Matrix\nNumber,Group")
    assert lines[0] in (2, 3)
    assert all(name in words for name in ("Number", "Group", "Matrix"))


def test_limits(course, monkeypatch):
    monkeypatch.setattr(concept_files, "MAX_TAGS", 1)
    lines, words = told(course, TABLE)
    assert (lines, "“Arrows”" in words) == ([4], True)
    monkeypatch.setattr(concept_files, "MAX_EDGES", 2)
    lines, _words = told(course, TABLE.replace("Arrows", ""))
    assert lines == [2]
    monkeypatch.setattr(concept_files, "MAX_CONCEPTS", 3)
    concepts.add_concept(course=course, name="Set", at=NOW)
    lines, _words = told(course, TABLE)
    assert lines == [4]


def test_a_table_without_concepts_is_refused(course):
    for text in ("", "\n\n", "name,needs\n"):
        with pytest.raises(Invalid):
            taken(course, text)


def test_lessons_of_one_title_go_by_number(course):
    twin = LessonFactory(course=course, module__course=course, title="arrows")
    lines, _words = told(course, "name,lessons\nVector,Arrows")
    assert lines == [2]
    taken(course, f"name,lessons\nVector,Counting | #{twin.pk}")
    assert f"Counting | #{twin.pk}" in export_concepts(course)
    foreign = LessonFactory()
    lines, _words = told(course, f"name,lessons\nVector,#{foreign.pk}")
    assert lines == [2]


def test_unconfirmed_edges_that_a_table_names_are_confirmed(course):
    taken(course, TABLE)
    Prerequisite.objects.update(confirmed=False)
    taken(course, "name,needs\nVector,Number")
    confirmed = Prerequisite.objects.filter(confirmed=True)
    assert [(edge.advanced.name, edge.weight) for edge in confirmed] == [("Vector", 0.4)]


def test_five_hundred_concepts_in_few_queries(course, django_assert_max_num_queries):
    rows = "\n".join(f"Concept {n},Concept {n - 1}" if n else "Concept 0," for n in range(500))
    with django_assert_max_num_queries(30):
        taken(course, f"name,needs\n{rows}")
    assert Concept.objects.count() == 500
