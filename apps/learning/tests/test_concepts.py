"""The concepts of a course: added, changed, connected, merged, and hung on what is about them."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.core.errors import Conflict, Invalid, NotFound
from apps.core.models import Delivery
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.learning.models import (
    Concept,
    LessonConcept,
    MergedConcept,
    NoteConcept,
    Prerequisite,
    QuestionConcept,
)
from apps.learning.selectors import tags
from apps.learning.services import concepts as services
from apps.learning.services.concepts import edges as edge_services
from apps.learning.services.concepts import listing
from apps.learning.services.notes import add_note
from apps.learning.services.questions import add_question
from apps.learning.tests.factories import DRAFTS, ConceptFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def add(course, name, **fields):
    return services.add_concept(course=course, name=name, at=NOW, **fields)


def edges():
    rows = Prerequisite.objects.order_by("pk")
    return {
        (row.advanced.name, row.prerequisite.name): row.weight
        for row in rows.select_related("advanced", "prerequisite")
    }


def told():
    """How often the change of a course was announced since the last look."""
    rows = Delivery.objects.filter(event="concepts.changed", subscriber__startswith="analytics")
    count = rows.count()
    rows.delete()
    return count


# ── The list ──────────────────────────────────────────────────────────────────────────────────
def test_a_concept_is_added_at_the_end_and_changed():
    course = CourseFactory()
    first = add(course, "  Cell \n wall ", description=" Of plants. ", aliases=["Wall", "wall", ""])
    second = add(course, "Mitosis", importance=5)
    assert (first.name, first.description, first.aliases) == ("Cell wall", "Of plants.", ["Wall"])
    assert list(Concept.objects.in_order()) == [first, second]
    assert told() == 2
    services.change_concept(concept=second, changes={"name": "Meiosis"}, at=NOW)
    services.change_concept(concept=second, changes={"name": "Meiosis"}, at=NOW)
    second.refresh_from_db()
    assert second.name == "Meiosis"
    assert told() == 1  # for what changed something


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "x" * 81),
        ("name", "x" * 1_000_000),
        ("name", "a\x00b"),
        ("description", "x" * 1001),
        ("description", "a\x00b"),
        ("aliases", ["x" * 81]),
        ("aliases", [str(number) for number in range(21)]),
        ("importance", 0),
        ("importance", 6),
    ],
)
def test_what_makes_no_concept_is_told_by_its_field(field, value):
    course = CourseFactory()
    with pytest.raises(Invalid) as refused:
        add(course, **{"name": "A name", field: value})
    assert list(refused.value.errors) == [field]
    concept = ConceptFactory(course=course)
    with pytest.raises(Invalid) as refused:
        services.change_concept(concept=concept, changes={field: value}, at=NOW)
    assert list(refused.value.errors) == [field]


def test_one_name_belongs_to_one_concept_of_a_course():
    course = CourseFactory()
    add(course, "Cell wall", aliases=["wall"])
    for name, aliases in [("CELL  WALL", []), ("Wall", []), ("Membrane", ["cell wall"])]:
        with pytest.raises(Conflict, match="Cell wall"):
            add(course, name, aliases=aliases)
    other = add(course, "Membrane")
    with pytest.raises(Conflict):
        services.change_concept(concept=other, changes={"name": "cell wall"}, at=NOW)
    add(CourseFactory(), "Cell wall")


def test_the_database_has_the_last_word_about_names(monkeypatch):
    course = CourseFactory()
    add(course, "Cell")
    monkeypatch.setattr(listing, "check_names", lambda *args: None)
    with pytest.raises(Conflict, match="this name"):
        add(course, "cell")


def test_a_list_has_its_limit(monkeypatch):
    course = CourseFactory()
    monkeypatch.setattr(listing, "MAX_CONCEPTS", 1)
    add(course, "One")
    with pytest.raises(Conflict, match="at most 1"):
        add(course, "Two")


def test_the_order_is_the_teachers():
    course = CourseFactory()
    a, b, c = [add(course, name) for name in "abc"]
    services.reorder_concepts(course=course, ids=[c.pk, a.pk, b.pk], at=NOW)
    assert list(Concept.objects.in_order()) == [c, a, b]
    with pytest.raises(Conflict):
        services.reorder_concepts(course=course, ids=[c.pk, a.pk], at=NOW)
    for wrong in ([a.pk, a.pk, b.pk], [a.pk, b.pk, ConceptFactory().pk]):
        with pytest.raises(Invalid):
            services.reorder_concepts(course=course, ids=wrong, at=NOW)


def test_a_deleted_concept_takes_its_edges_and_tags_along():
    course = CourseFactory()
    a, b = [add(course, name) for name in "ab"]
    services.connect(advanced=b, prerequisite=a, weight=0.7, at=NOW)
    services.tag_lesson(lesson=LessonFactory(course=course), concepts=[a.pk], at=NOW)
    told()
    services.delete_concept(concept=a, at=NOW)
    assert not Prerequisite.objects.exists()
    assert not LessonConcept.objects.exists()
    assert told() == 1
    a.pk = b.pk + 1000
    with pytest.raises(NotFound):
        services.delete_concept(concept=a, at=NOW)


# ── Edges ─────────────────────────────────────────────────────────────────────────────────────
def test_prerequisites_are_set_with_and_without_weights():
    course = CourseFactory()
    a, b, c = [add(course, name) for name in "abc"]
    services.set_prerequisites(concept=c, needs={a.pk: 0.4}, at=NOW)
    services.set_prerequisites(concept=c, needs=[a.pk, b.pk], at=NOW)
    assert edges() == {("c", "a"): 0.4, ("c", "b"): 0.7}
    services.connect(advanced=c, prerequisite=a, weight=0.9, at=NOW, confirmed=False)
    assert edges()[("c", "a")] == 0.9
    told()
    services.set_prerequisites(concept=c, needs=[a.pk, b.pk], at=NOW)
    assert told() == 1  # what the teacher names is confirmed
    services.set_prerequisites(concept=c, needs=[a.pk, b.pk], at=NOW)
    assert told() == 0
    services.disconnect(advanced=c, prerequisite=a, at=NOW)
    services.disconnect(advanced=c, prerequisite=a, at=NOW)
    assert edges() == {("c", "b"): 0.7}
    assert told() == 1


def test_a_circle_is_refused_by_its_names():
    course = CourseFactory()
    a, b, c = [add(course, name) for name in ("Add", "Multiply", "Power")]
    services.connect(advanced=b, prerequisite=a, weight=0.7, at=NOW)
    services.connect(advanced=c, prerequisite=b, weight=0.7, at=NOW)
    with pytest.raises(Conflict, match=r"circle: (\w+) → (\w+) → (\w+) → \1\.$"):
        services.set_prerequisites(concept=a, needs=[c.pk], at=NOW)
    with pytest.raises(Conflict, match="itself"):
        services.connect(advanced=a, prerequisite=a, weight=0.7, at=NOW)
    assert len(edges()) == 2


def test_the_database_has_the_last_word_about_circles(monkeypatch):
    course = CourseFactory()
    a, b = [add(course, name) for name in "ab"]
    monkeypatch.setattr(edge_services, "refuse_circle", lambda *args: None)
    services.connect(advanced=b, prerequisite=a, weight=0.7, at=NOW)
    with pytest.raises(Conflict, match="circle"):
        services.connect(advanced=a, prerequisite=b, weight=0.7, at=NOW)
    with pytest.raises(Conflict, match="itself"):
        services.connect(advanced=a, prerequisite=a, weight=0.7, at=NOW)


@pytest.mark.parametrize("weight", [0, 0.01, 1.1, -1, float("nan"), float("inf")])
def test_a_weight_has_its_range(weight):
    course = CourseFactory()
    a, b = [add(course, name) for name in "ab"]
    with pytest.raises(Invalid) as refused:
        services.connect(advanced=b, prerequisite=a, weight=weight, at=NOW)
    assert list(refused.value.errors) == ["weight"]
    with pytest.raises(Invalid):
        services.set_prerequisites(concept=b, needs={a.pk: weight}, at=NOW)


def test_a_concept_of_another_course_is_no_prerequisite():
    concept, foreign = ConceptFactory(), ConceptFactory()
    with pytest.raises(Invalid):
        services.connect(advanced=concept, prerequisite=foreign, weight=0.7, at=NOW)
    for ids in ([foreign.pk], [2**70], [-1], [True, True]):
        with pytest.raises(Invalid):
            services.set_prerequisites(concept=concept, needs=ids, at=NOW)


def test_a_hundred_thousand_edges_are_refused_before_any_work(django_assert_num_queries):
    concept = ConceptFactory()
    with django_assert_num_queries(0), pytest.raises(Invalid) as refused:
        services.set_prerequisites.__wrapped__(concept=concept, needs=range(100_000), at=NOW)
    assert "5000" in str(refused.value.errors["ids"])


def test_a_course_has_so_many_edges_at_most(monkeypatch):
    course = CourseFactory()
    a, b, c = [add(course, name) for name in "abc"]
    monkeypatch.setattr(edge_services, "MAX_EDGES", 1)
    services.connect(advanced=b, prerequisite=a, weight=0.7, at=NOW)
    with pytest.raises(Invalid):
        services.connect(advanced=c, prerequisite=a, weight=0.7, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_make_no_circle_and_the_later_is_told_its_names():
    """The second looks before the first commits; without turns it would see no circle to name."""
    course = CourseFactory()
    a, b = [add(course, name) for name in "ab"]
    written, refused = threading.Event(), []

    def the_other_way():
        try:
            written.wait(10)
            services.connect(advanced=a, prerequisite=b, weight=0.7, at=NOW)
        except Conflict as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    other = threading.Thread(target=the_other_way)
    other.start()
    with transaction.atomic():
        services.connect(advanced=b, prerequisite=a, weight=0.7, at=NOW)
        written.set()
        other.join(0.5)
    other.join(10)
    assert len(refused) == 1
    assert "circle: " in refused[0]
    assert edges() == {("b", "a"): 0.7}


# ── Merging ───────────────────────────────────────────────────────────────────────────────────
def test_a_merged_concept_hands_everything_over(student):
    course = CourseFactory()
    old, kept, basic, later = [add(course, name) for name in ("Old", "Kept", "Basic", "Later")]
    services.change_concept(
        concept=old, changes={"aliases": ["Ancient"], "description": "It was."}, at=NOW
    )
    services.connect(advanced=old, prerequisite=basic, weight=0.4, at=NOW)
    services.connect(advanced=later, prerequisite=old, weight=0.6, at=NOW)
    services.connect(advanced=kept, prerequisite=old, weight=0.9, at=NOW)  # would need itself
    lesson = LessonFactory(course=course)
    services.tag_lesson(lesson=lesson, concepts=[old.pk, kept.pk], at=NOW)
    question = add_question(
        course=course, draft=DRAFTS["short"], editor=None, at=NOW, lesson=lesson
    )
    services.tag_question(question=question, concepts=[old.pk, basic.pk], at=NOW)
    note, _made = add_note(
        student=student, kind="basic", front="a", back="b", at=NOW, course=course
    )
    services.tag_note(note=note, concepts=[old.pk], at=NOW)
    told()

    old_id = old.pk
    services.merge_concepts(concept=old, into=kept, at=NOW)

    kept.refresh_from_db()
    assert (kept.aliases, kept.description) == (["Old", "Ancient"], "It was.")
    assert edges() == {("Kept", "Basic"): 0.4, ("Later", "Kept"): 0.6}
    assert tags.concepts_of_lessons([lesson.pk]) == {lesson.pk: (kept.pk,)}
    assert tags.concepts_of_questions([question.pk]) == {question.pk: (kept.pk, basic.pk)}
    assert tags.concepts_of_notes([note.pk]) == {note.pk: (kept.pk,)}
    assert MergedConcept.objects.get(old_id=old_id).concept == kept
    assert not Concept.objects.filter(pk=old_id).exists()
    assert told() == 1


def test_a_merge_makes_no_circle_and_chains():
    course = CourseFactory()
    a, b, c, d = [add(course, name) for name in "abcd"]
    services.connect(advanced=b, prerequisite=a, weight=0.7, at=NOW)
    services.connect(advanced=c, prerequisite=b, weight=0.7, at=NOW)
    ids = [c.pk, a.pk]
    services.merge_concepts(concept=c, into=a, at=NOW)  # a would need b, which needs a
    assert edges() == {("b", "a"): 0.7}
    services.merge_concepts(concept=a, into=d, at=NOW)
    assert edges() == {("b", "d"): 0.7}
    merged = MergedConcept.objects.filter(old_id__in=ids)
    assert {row.concept_id for row in merged} == {d.pk}
    assert len(merged) == 2


def test_only_another_concept_of_the_course_takes_one_over():
    concept = ConceptFactory()
    for wrong in (concept, ConceptFactory()):
        with pytest.raises(Invalid):
            services.merge_concepts(concept=concept, into=wrong, at=NOW)
    gone = ConceptFactory(course=concept.course)
    Concept.objects.filter(pk=gone.pk).delete()
    with pytest.raises(NotFound):
        services.merge_concepts(concept=concept, into=gone, at=NOW)


# ── Tags ──────────────────────────────────────────────────────────────────────────────────────
def test_tags_keep_their_order_and_are_told_of_once():
    course = CourseFactory()
    a, b, c = [add(course, name) for name in "abc"]
    lesson = LessonFactory(course=course)
    told()
    for ids in ([c.pk, a.pk], [c.pk, a.pk], [a.pk, b.pk], []):
        services.tag_lesson(lesson=lesson, concepts=ids, at=NOW)
        assert tags.concepts_of_lessons([lesson.pk]).get(lesson.pk, ()) == tuple(ids)
    assert told() == 3


def test_a_tag_is_of_the_same_course(student):
    course = CourseFactory()
    lesson = LessonFactory(course=course)
    own, foreign = ConceptFactory(course=course), ConceptFactory()
    question = add_question(course=course, draft=DRAFTS["short"], editor=None, at=NOW)
    note, _made = add_note(student=student, kind="basic", front="a", back="b", at=NOW)
    for ids in ([foreign.pk], [own.pk, own.pk], [2**70], list(range(31))):
        with pytest.raises(Invalid):
            services.tag_lesson(lesson=lesson, concepts=ids, at=NOW)
        with pytest.raises(Invalid):
            services.tag_question(question=question, concepts=ids, at=NOW)
        with pytest.raises(Invalid):
            services.tag_note(note=note, concepts=ids, at=NOW)
    for model in (LessonConcept, QuestionConcept, NoteConcept):
        assert not model.objects.exists()
