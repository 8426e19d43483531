"""Pre-tests: begun once, answered question by question, finished as one piece of evidence."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.tests.factories import UserFactory
from apps.ai.prompts.quiz.schema import DraftQuestion
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import Delivery
from apps.core.tests.threads import together
from apps.courses.tests.factories import LessonFactory, ModuleFactory
from apps.enrollment.models import Enrollment
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning import personal_pretests, tasks
from apps.learning.engine.marking import right_answer
from apps.learning.models import (
    Evidence,
    LessonConcept,
    Prerequisite,
    Pretest,
    PretestAnswer,
    PretestFactor,
    Question,
    QuestionConcept,
    QuestionStatus,
)
from apps.learning.selectors import pretests as selectors
from apps.learning.services import pretest_factors, pretests
from apps.learning.services.questions import add_question

from .factories import ConceptFactory, QuizFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
AT_ONCE = 4
WRONG = "something else"


def a_course(teacher, concepts=6, questions=2, *, kind="short"):
    """A chain of concepts, each taught by a lesson of its own whose quiz asks about it."""
    module = ModuleFactory(course__owner=teacher)
    course, before = module.course, None
    for number in range(concepts):
        lesson = LessonFactory(module=module, course=course, position=number, duration_minutes=10)
        quiz = QuizFactory(lesson=lesson, course=course)
        concept = ConceptFactory(course=course, name=f"Concept {number}", position=number)
        LessonConcept.objects.create(lesson=lesson, concept=concept)
        if before is not None:
            Prerequisite.objects.create(course=course, advanced=concept, prerequisite=before)
        before = concept
        for each in range(questions):
            ask(quiz, teacher, f"Question {each} of {number}", kind)
    return course


def ask(quiz, teacher, text, kind="short", status=QuestionStatus.APPROVED):
    fields = {
        "short": {"accepted": ["yes"]},
        "true_false": {"is_true": True},
        "single": {"options": ["yes", "no", "perhaps"], "right": [0]},
    }[kind]
    draft = DraftQuestion(kind=kind, text=text, **fields)
    return add_question(
        course=quiz.course, quiz=quiz, draft=draft, editor=teacher, status=status, at=NOW
    )


@pytest.fixture
def course(teacher, student):
    found = a_course(teacher)
    EnrollmentFactory(student=student, course=found)
    return found


def start(student, course, at=NOW) -> Pretest:
    return pretests.start_pretest(student=student, course=course, at=at)


def answer(pretest, given, at=LATER, **fields) -> Pretest:
    row = selectors.open_question(pretest)
    return pretests.answer_pretest(
        pretest=pretest, question_id=row.question_id, answer=given, at=at, **fields
    )


def knowing(pretest, known, at=LATER, **fields) -> Pretest:
    """The whole test, by a student who knows what `known` says of a concept's id."""
    while (row := selectors.open_question(pretest)) is not None:
        right = right_answer(row.version.kind, row.version.body)
        given = right if known(row.concept_id) else None
        pretest = answer(pretest, given, at, **fields)
    return pretest


# ── Begun ─────────────────────────────────────────────────────────────────────────────────────
def test_it_begins_with_one_question_and_the_graph_as_it_is(student, course):
    pretest = start(student, course)
    ids = [concept.pk for concept in selectors.graph_of(course.pk).concepts]
    assert pretest.graph["concepts"] == ids
    assert pretest.graph["edges"] == [
        [after, before, 0.7, True] for before, after in zip(ids, ids[1:], strict=False)
    ]
    (row,) = pretest.answers.all()
    assert (row.position, row.answered_at, row.guess) == (1, None, 0.05)
    assert row.concept_id in ids
    assert 1 <= row.about_left <= 3
    assert start(student, course, LATER) == pretest
    assert PretestAnswer.objects.count() == 1


def test_it_takes_a_seat(student, stranger, teacher, course):
    for person in (stranger, teacher):
        with pytest.raises(NotAllowed):
            start(person, course)
        with pytest.raises(NotAllowed):
            pretests.decline_pretest(student=person, course=course, at=NOW)
    assert not Pretest.objects.exists()


def test_without_concepts_or_questions_there_is_none(student, teacher):
    for concepts, questions in ((0, 0), (3, 0)):
        course = a_course(teacher, concepts, questions)
        EnrollmentFactory(student=student, course=course)
        with pytest.raises(Conflict):
            start(student, course)
        assert not selectors.offer_of(student, course)
    assert not Pretest.objects.exists()


def test_only_what_the_published_quizzes_ask_is_asked(student, teacher):
    course = a_course(teacher, 1, 1)
    EnrollmentFactory(student=student, course=course)
    question = Question.objects.get()
    for change in ({"status": "draft"}, {"status": "retired"}):
        Question.objects.update(**change)
        with pytest.raises(Conflict):
            start(student, course)
    Question.objects.update(status="approved")
    question.quiz.published_at = None
    question.quiz.save()
    with pytest.raises(Conflict):
        start(student, course)
    question.quiz.published_at = NOW
    question.quiz.save()
    LessonConcept.objects.all().delete()
    with pytest.raises(Conflict):
        start(student, course)
    other = ConceptFactory()  # of another course
    QuestionConcept.objects.create(question=question, concept=other)
    with pytest.raises(Conflict):
        start(student, course)


@pytest.mark.django_db(transaction=True)
def test_tabs_that_begin_at_once_share_one_test(student, course):
    found = together(AT_ONCE, lambda _: start(student, course).pk)
    assert found == [Pretest.objects.get().pk] * AT_ONCE
    assert PretestAnswer.objects.count() == 1


# ── Answered ──────────────────────────────────────────────────────────────────────────────────
def test_who_knows_all_may_skip_all(student, course):
    pretest = start(student, course)
    Delivery.objects.all().delete()
    done = knowing(pretest, lambda _: True)
    assert (done.finished_at, done.looks_random) == (LATER, False)
    assert all(after > 0.8 and skip for _concept, _was, after, skip in done.findings)
    result = selectors.result_of(done)
    assert [each.skip for each in result.lessons] == [True] * 6
    assert (result.minutes_saved, result.minutes_left, result.total) == (60, 0, 6)
    assert result.asked == done.answers.count() <= 3
    (event,) = Delivery.objects.filter(event="pretest.finished", subscriber__startswith="analytics")
    assert event.payload == {
        "pretest_id": done.pk,
        "student_id": student.pk,
        "course_id": course.pk,
    }
    kept = Evidence.objects.get(kind="pretest")
    assert (kept.key, kept.student, kept.course) == (f"pretest:{done.pk}", student, course)


def test_who_knows_nothing_skips_nothing(student, course):
    done = knowing(start(student, course), lambda _: False)
    result = selectors.result_of(done)
    assert not result.looks_random
    assert result.skipped == []
    assert result.unknown == result.asked
    assert all(concept.known < 0.5 for concept in result.concepts)
    assert "You answered “I don’t know”." in {each.why for each in result.lessons}


def test_a_student_who_knows_the_first_half_is_placed(student, teacher):
    """The more advanced tells of the simpler: fewer questions than concepts."""
    course = a_course(teacher, concepts=20)
    EnrollmentFactory(student=student, course=course)
    pretest = start(student, course)
    ids = pretest.graph["concepts"]
    done = knowing(pretest, set(ids[:10]).__contains__)
    result = selectors.result_of(done)
    right = sum((one.known >= 0.5) == (one.id in ids[:10]) for one in result.concepts)
    assert right >= 17
    assert result.asked <= 7
    skipped = {one.id for one in result.concepts if one.skip}
    assert len(skipped & set(ids[:10])) >= 6
    assert not skipped & set(ids[12:])


def test_one_concept_makes_a_test_of_one_question(student, teacher):
    course = a_course(teacher, 1, 2)
    EnrollmentFactory(student=student, course=course)
    done = knowing(start(student, course), lambda _: True)
    assert (done.answers.count(), done.finished_at) == (1, LATER)


def test_the_same_answer_again_changes_nothing(student, course):
    pretest = start(student, course)
    first = selectors.open_question(pretest)
    answer(pretest, "yes")
    before = list(PretestAnswer.objects.values())
    again = pretests.answer_pretest(
        pretest=pretest, question_id=first.question_id, answer="yes", at=LATER
    )
    assert again == pretest
    assert list(PretestAnswer.objects.values()) == before
    with pytest.raises(Conflict):  # a stale tab
        pretests.answer_pretest(
            pretest=pretest, question_id=first.question_id, answer=WRONG, at=LATER
        )
    done = knowing(pretest, lambda _: True)
    last = done.answers.last()
    findings = done.findings
    again = pretests.answer_pretest(
        pretest=done, question_id=last.question_id, answer=last.given, at=LATER
    )
    assert again.findings == findings
    assert Evidence.objects.count() == 1


def test_what_cannot_be_an_answer_is_told(student, course, teacher):
    pretest = start(student, course)
    row = selectors.open_question(pretest)
    for given in (7, True, ["yes"], {"a": 1}, "x" * 2000):
        with pytest.raises(Invalid) as error:
            answer(pretest, given)
        assert list(error.value.errors) == ["answer"]
    foreign = Question.objects.exclude(pk=row.question_id).first()
    for unknown in (foreign.pk, 0, 2**40):
        with pytest.raises(Invalid) as error:
            pretests.answer_pretest(pretest=pretest, question_id=unknown, answer="yes", at=LATER)
        assert list(error.value.errors) == ["question"]
    assert selectors.open_question(pretest) == row


@pytest.mark.django_db(transaction=True)
def test_tabs_that_answer_at_once_open_one_question(student, course):
    pretest = start(student, course)
    row = selectors.open_question(pretest)

    def send(_number):
        pretests.answer_pretest(
            pretest=pretest, question_id=row.question_id, answer="yes", at=LATER
        )
        return selectors.open_question(pretest).pk

    assert len(set(together(AT_ONCE, send))) == 1
    assert [each.position for each in pretest.answers.all()] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_tabs_that_give_the_last_answer_at_once_finish_it_once(student, teacher):
    course = a_course(teacher, 1, 2)
    EnrollmentFactory(student=student, course=course)
    pretest = start(student, course)
    row = selectors.open_question(pretest)
    Delivery.objects.all().delete()

    def send(_number):
        done = pretests.answer_pretest(
            pretest=pretest, question_id=row.question_id, answer="yes", at=LATER
        )
        return done.findings

    found = together(AT_ONCE, send)
    assert all(each == found[0] for each in found)
    assert Evidence.objects.count() == 1
    told = Delivery.objects.filter(event="pretest.finished").values_list("subscriber", flat=True)
    assert len(told) == len(set(told)) > 0


def test_haste_all_along_looks_random(student, course):
    done = knowing(start(student, course), lambda _: True, duration_ms=400)
    result = selectors.result_of(done)
    assert result.looks_random
    assert result.skipped == []
    assert not Evidence.objects.exists()


def test_quickly_not_knowing_is_honest(student, course):
    done = knowing(start(student, course), lambda _: False, duration_ms=400)
    assert not done.looks_random


# ── What changes meanwhile ────────────────────────────────────────────────────────────────────
def test_a_question_retired_or_edited_meanwhile_is_answered_as_it_was_shown(student, course):
    pretest = start(student, course)
    row = selectors.open_question(pretest)
    Question.objects.update(status="retired")
    done = answer(pretest, "yes")
    assert done.finished_at == LATER  # nothing is left to ask
    row.refresh_from_db()
    assert row.is_right


def test_a_concept_deleted_meanwhile_is_left_out_of_the_result(student, course):
    pretest = start(student, course)
    row = selectors.open_question(pretest)
    gone = next(one for one in selectors.graph_of(course.pk).concepts if one.pk == row.concept_id)
    gone.delete()
    done = knowing(pretest, lambda _: True)
    result = selectors.result_of(done)
    assert len(result.concepts) == 5
    assert gone.pk not in {concept.id for concept in result.concepts}


def test_the_states_are_the_same_when_nothing_was_kept(student, course, settings):
    """Bit for bit, whether the cache was there or away."""
    from django.core.cache import cache

    pretest = start(student, course)
    for _ in range(2):
        cache.clear()
        answer(pretest, "yes")
    rows = list(pretest.answers.all())
    replies = [selectors.reply_of(row) for row in rows if row.answered_at]
    kept = pretests._placement(pretest, replies)
    cache.clear()
    assert pretests._placement(pretest, replies).known() == kept.known()


# ── Given up, repeated ────────────────────────────────────────────────────────────────────────
def test_given_up_it_tells_nothing_and_can_begin_anew(student, course):
    pretest = start(student, course)
    answer(pretest, "yes")
    for _ in range(2):
        pretests.abandon_pretest(pretest=pretest, at=LATER)
    with pytest.raises(Conflict):
        pretests.answer_pretest(pretest=pretest, question_id=1, answer="yes", at=LATER)
    assert not Evidence.objects.exists()
    assert start(student, course, LATER) != pretest


def test_it_is_not_begun_again_until_the_luck_is_good(student, course):
    for number in range(pretests.MOST_BEGUN):
        at = NOW + timedelta(minutes=number)
        pretests.abandon_pretest(pretest=start(student, course, at), at=at)
    with pytest.raises(Conflict, match="tomorrow"):
        start(student, course, LATER)
    assert Pretest.objects.count() == pretests.MOST_BEGUN
    assert start(student, course, LATER + timedelta(days=1))


def test_one_that_lay_about_for_weeks_is_given_up(student, course):
    pretest = start(student, course)
    assert start(student, course, NOW + timedelta(days=13)) == pretest
    again = start(student, course, NOW + timedelta(days=15))
    pretest.refresh_from_db()
    assert again != pretest
    assert pretest.abandoned_at


def test_it_is_repeated_on_the_next_day_with_new_questions(student, course):
    done = knowing(start(student, course), lambda _: True)
    with pytest.raises(Conflict):
        start(student, course, LATER + timedelta(hours=23))
    again = start(student, course, LATER + timedelta(hours=25))
    again = knowing(again, lambda _: True, LATER + timedelta(hours=26))
    asked = [set(each.answers.values_list("question_id", flat=True)) for each in (done, again)]
    assert not asked[0] & asked[1]
    assert selectors.last_finished(student, course) == again
    with pytest.raises(Conflict):
        pretests.abandon_pretest(pretest=again, at=LATER)


def test_new_to_this_is_asked_once(student, course):
    assert selectors.offer_of(student, course)
    for _ in range(2):
        pretests.decline_pretest(student=student, course=course, at=NOW)
    assert not selectors.offer_of(student, course)
    assert Pretest.objects.get().answers.count() == 0
    assert selectors.last_finished(student, course) is None
    start(student, course)  # a change of mind
    pretests.decline_pretest(student=student, course=course, at=NOW)
    assert selectors.open_pretest(student, course) is None
    assert not Evidence.objects.exists()


def test_it_is_not_offered_where_every_lesson_is_done(student, course):
    Enrollment.objects.filter(student=student, course=course).update(status="completed")
    assert not selectors.offer_of(student, course)


def test_it_is_offered_to_students_with_enough_to_ask(student, stranger, teacher, course):
    assert selectors.offer_of(student, course)
    assert not selectors.offer_of(stranger, course)
    poor = a_course(teacher, 20, 0)
    EnrollmentFactory(student=student, course=poor)
    quiz = poor.modules.get().lessons.first()
    for number in range(3):
        ask(QuizFactory._meta.model.objects.get(lesson=quiz), teacher, f"Only {number}")
    assert not selectors.offer_of(student, poor)
    start(student, poor)
    start(student, course)
    assert selectors.offer_of(student, course)  # to go on with
    knowing(selectors.open_pretest(student, course), lambda _: True)
    assert not selectors.offer_of(student, course)


# ── λ ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_learnt_factor_is_used_from_then_on(student, course):
    PretestFactor.objects.create(course=course, factor=0.5, tests=40, learnt_at=NOW)
    assert start(student, course).factor == 0.5


# ── Cost ──────────────────────────────────────────────────────────────────────────────────────
def test_a_large_course_costs_as_many_queries_as_a_small_one(
    student, teacher, django_assert_num_queries
):
    for concepts in (4, 12):
        course = a_course(teacher, concepts)
        EnrollmentFactory(student=student, course=course)
        with django_assert_num_queries(21):
            pretest = start(student, course)
        with django_assert_num_queries(13):
            answer(pretest, "yes")
        done = knowing(pretest, lambda _: True)
        done = Pretest.objects.get(pk=done.pk)
        with django_assert_num_queries(10):
            selectors.result_of(done)


# ── λ learned ─────────────────────────────────────────────────────────────────────────────────
def finished(student, course, *, right) -> Pretest:
    """A finished test by its answers alone: one for each concept, in order."""
    ids = [concept.pk for concept in selectors.graph_of(course.pk).concepts]
    test = Pretest.objects.create(
        student=student,
        course=course,
        graph={"concepts": ids, "edges": []},
        factor=0.15,
        started_at=NOW,
        finished_at=NOW,
    )
    questions = {
        tag.concept_id: Question.objects.filter(quiz__lesson=tag.lesson_id).first()
        for tag in LessonConcept.objects.filter(concept__in=ids)
    }
    for position, concept in enumerate(ids, start=1):
        PretestAnswer.objects.create(
            pretest=test,
            position=position,
            question=questions[concept],
            version=questions[concept].current,
            concept_id=concept,
            guess=0.05,
            asked_at=NOW,
            answered_at=NOW,
            given="yes",
            is_right=concept in right(ids),
        )
    return test


def test_prerequisites_that_are_none_are_learnt_of(student, course):
    """Thirty students know the advanced half and none of what it is said to need."""
    for number in range(30):
        if number == 29:
            assert pretest_factors.courses_to_learn() == []
            assert pretest_factors.learn_factor(course_id=course.pk, at=NOW) is None
        finished(UserFactory(), course, right=lambda ids: ids[3:])
    assert pretest_factors.courses_to_learn() == [course.pk]
    tasks.learn_pretest_factors()
    kept = PretestFactor.objects.get()
    assert kept.factor >= 0.5
    assert kept.tests == 30
    assert pretest_factors.courses_to_learn() == []  # nothing new since
    assert start(student, course).factor == kept.factor


def test_prerequisites_that_hold_are_believed(course):
    for number in range(30):
        finished(UserFactory(), course, right=lambda ids, number=number: ids[: number % 6])
    assert pretest_factors.learn_factor(course_id=course.pk, at=NOW).factor == 0.15


def test_a_course_without_concepts_any_more_learns_nothing(course):
    for _ in range(30):
        finished(UserFactory(), course, right=lambda ids: ids)
    ConceptFactory._meta.model.objects.all().delete()
    assert pretest_factors.learn_factor(course_id=course.pk, at=NOW) is None


# ── What is held on a person ──────────────────────────────────────────────────────────────────
def test_what_was_answered_is_handed_out_and_can_be_forgotten(student, stranger, course):
    done = knowing(start(student, course), lambda _: True)
    found = json.loads(json.dumps(personal_pretests.export(student)))
    assert [each["id"] for each in found["pretests"]] == [done.pk]
    assert found["pretests"][0]["found"][0]["concept"] == "Concept 0"
    assert {each["answer"] for each in found["pretest_answers"]} == {"yes"}
    empty = {"pretests": [], "pretest_answers": [], "taken_lessons": []}
    assert personal_pretests.export(stranger) == empty
    replies = [(row.is_right, row.guess) for row in done.answers.all()]
    personal_pretests.erase(student, LATER)
    assert {row.given for row in done.answers.all()} == {""}
    kept = [selectors.reply_of(row) for row in done.answers.all()]
    assert [(reply.right, reply.guess) for reply in kept] == replies
