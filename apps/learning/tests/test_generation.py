"""Quizzes made by an engine and published, and digests: without a model, from a lesson's own text."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from apps.ai.tests.model_server import model_server
from apps.core import jobs
from apps.core.errors import Conflict, Invalid, TooMany
from apps.core.models import AuditEntry, Job
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.learning.models import LessonDigest, Question, Quiz
from apps.learning.selectors import lessons as lesson_selectors
from apps.learning.selectors import quizzes as selectors
from apps.learning.services import attempts, digests, generation, questions, quizzes
from apps.learning.services.generation import keep_drafts

from .factories import DRAFTS, TEXT, QuizFactory, quiz_with

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def course(teacher):
    return CourseFactory(owner=teacher)


@pytest.fixture
def lesson(course):
    return LessonFactory(course=course, content=TEXT)


def run(job: Job) -> Job:
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def generate(lesson, by) -> Job:
    return run(quizzes.start_generation(lesson=lesson, by=by, at=NOW, offline=True))


# ── Generated ─────────────────────────────────────────────────────────────────────────────────
def test_a_job_makes_drafts_that_wait_for_the_teacher(lesson, teacher):
    job = generate(lesson, teacher)
    assert (job.status, job.progress, job.error) == ("done", 100, "")
    quiz = Quiz.objects.get(lesson=lesson)
    made = list(quiz.questions.select_related("current"))
    assert job.result == {"quiz": quiz.pk, "questions": len(made), "engine": "offline", "note": ""}
    assert len(made) >= 3
    assert quiz.published_at is None
    for question in made:
        assert (question.status, question.lesson, question.current.engine) == (
            "draft",
            lesson,
            "offline",
        )
        assert question.span_start is not None, question.current.quote


def test_again_makes_the_same_drafts_and_keeps_what_the_teacher_did(lesson, teacher):
    generate(lesson, teacher)
    quiz = Quiz.objects.get(lesson=lesson)
    before = [q.current.text for q in quiz.questions.in_order().select_related("current")]
    approved, edited, dropped, *untouched = quiz.questions.in_order()
    questions.approve_question(question=approved, at=NOW)
    own = DRAFTS["cloze"]
    questions.edit_question(question=edited, draft=own, editor=teacher, at=NOW)
    questions.retire_question(question=dropped, at=NOW)
    job = generate(lesson, teacher)
    after = quiz.questions.in_order().select_related("current")
    texts = [question.current.text for question in after]
    assert sorted(texts) == sorted([*before, own.text])  # the edited one's first form came again
    assert {approved.pk, edited.pk, dropped.pk} < {question.pk for question in after}
    assert not Question.objects.filter(pk__in=[question.pk for question in untouched]).exists()
    assert job.result["questions"] == len(before) - 2


def test_nothing_new_is_said(lesson, teacher):
    generate(lesson, teacher)
    quiz = Quiz.objects.get(lesson=lesson)
    quizzes.publish_quiz(quiz=quiz, by=teacher, at=NOW)
    result = generate(lesson, teacher).result
    assert (result["questions"], "Nothing new" in result["note"]) == (0, True)


def test_a_short_lesson_is_told_of_in_the_teachers_language(course, teacher):
    lesson = LessonFactory(course=course, content="A cell.")
    job = generate(lesson, teacher)
    assert (job.status, "too short" in job.error, job.result) == ("failed", True, None)


def test_few_questions_are_told_of(course, teacher):
    text = "**Mitosis** — the division of a cell nucleus into two nuclei. " + "Look at it. " * 20
    poor = LessonFactory(course=course, content=text)
    result = generate(poor, teacher).result
    assert result["questions"] < generation.FEW
    assert "This lesson gives" in result["note"]


def test_one_job_at_a_time(lesson, teacher):
    first = quizzes.start_generation(lesson=lesson, by=teacher, at=NOW, offline=True)
    assert quizzes.start_generation(lesson=lesson, by=teacher, at=LATER, offline=True) == first
    run(first)
    assert quizzes.start_generation(lesson=lesson, by=teacher, at=LATER, offline=True) != first


@pytest.fixture
def model(settings):
    with model_server() as server:
        settings.AI_BASE_URL = server.address
        settings.AI_MODELS = {"cheap": ["small"], "mid": ["small"], "expensive": []}
        settings.AI_PRICES = {"small": (Decimal(2), Decimal(10))}
        settings.AI_PAUSE_SECONDS = 0.001
        yield server


def test_a_model_that_answers_rubbish_is_told_of_and_done_without(lesson, teacher, model):
    model.script = ["broken"]
    job = run(quizzes.start_generation(lesson=lesson, by=teacher, at=NOW))
    assert (job.status, job.result["engine"]) == ("done", "offline")
    assert "made without it" in job.result["note"]
    assert job.result["questions"] >= 3
    assert model.requests


def test_without_credits_no_job_begins_but_offline(lesson, teacher, model, settings, api):
    settings.AI_TEACHER_CREDITS_PER_DAY = 0
    with pytest.raises(TooMany) as error:
        quizzes.start_generation(lesson=lesson, by=teacher, at=NOW)
    assert 0 < error.value.retry_after <= 24 * 60 * 60
    refused = api(teacher).post(f"/api/lessons/{lesson.pk}/quiz/generate")
    assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
    assert not Job.objects.exists()
    assert generate(lesson, teacher).status == "done"
    assert model.requests == []


def test_one_teacher_never_fills_the_queue(course, teacher, stranger, monkeypatch):
    monkeypatch.setattr(quizzes, "MAX_WAITING", 2)
    first, second, third = LessonFactory.create_batch(3, course=course, content=TEXT)

    def start(lesson, by=teacher):
        return quizzes.start_generation(lesson=lesson, by=by, at=NOW, offline=True)

    job = start(first)
    start(second)
    assert start(first) == job
    with pytest.raises(TooMany):
        start(third)
    with pytest.raises(TooMany):
        quizzes.start_course_generation(course=course, by=teacher, at=NOW)
    assert start(third, by=stranger)
    run(job)
    assert start(third)


def test_a_course_goes_on_without_a_model_when_credits_run_out(
    course, lesson, teacher, model, settings
):
    settings.AI_TEACHER_CREDITS_PER_DAY = 0
    result = run(quizzes.start_course_generation(course=course, by=teacher, at=NOW)).result
    assert (result["engine"], result["quizzes"]) == ("offline", 1)


def test_a_whole_course_goes_on_where_it_was_interrupted(course, lesson, teacher, monkeypatch):
    short = LessonFactory(course=course, content="A cell.", module=lesson.module)
    other = LessonFactory(course=course, content=TEXT, module=lesson.module)
    job = quizzes.start_course_generation(course=course, by=teacher, at=NOW, offline=True)
    asked = []
    real = generation.generate_for_lesson

    def dies_at_the_third(*, lesson_id, **rest):
        asked.append(lesson_id)
        if asked == [lesson.pk, short.pk, other.pk]:
            raise jobs.TryLater("killed")
        return real(lesson_id=lesson_id, **rest)

    monkeypatch.setattr(generation, "generate_for_lesson", dies_at_the_third)
    assert run(job).status == "queued"
    assert job.progress == 66
    run(job)
    assert asked == [lesson.pk, short.pk, other.pk, other.pk]
    assert job.status == "done"
    assert (job.result["quizzes"], job.result["skipped"]) == (2, 1)
    assert job.result["questions"] == Question.objects.filter(course=course).count()
    assert "1 lesson gave" in job.result["note"]


def test_what_the_quiz_has_nearly_so_isnt_added_again():
    quiz = quiz_with("single")
    near = DRAFTS["single"].model_copy(update={"text": "Which organelle makes the ATP?"})
    other = DRAFTS["single"].model_copy(update={"right": [1]})
    assert keep_drafts(quiz=quiz, drafts=[near, other, other], engine="offline", at=NOW) == 1


def test_a_draft_that_was_asked_once_stays(student):
    quiz = quiz_with("short")
    keep_drafts(quiz=quiz, drafts=[DRAFTS["single"]], engine="offline", at=NOW)
    quizzes.publish_quiz(quiz=quiz, by=quiz.course.owner, at=NOW)
    attempts.start_attempt(quiz=quiz, student=student, at=NOW)
    asked = quiz.questions.get(current__kind="single")
    questions.retire_question(question=asked, at=NOW)
    questions.restore_question(question=asked, at=NOW)
    assert keep_drafts(quiz=quiz, drafts=[], engine="offline", at=NOW) == 0
    assert quiz.questions.filter(pk=asked.pk).exists()


# ── Set up and published ──────────────────────────────────────────────────────────────────────
def test_publishing_approves_drafts_and_shows_the_quiz_in_the_outline(student, moderator):
    quiz = quiz_with("single", "short", status="draft", published_at=None)
    course, owner = quiz.course, quiz.course.owner

    def has_quiz() -> bool:
        course.refresh_from_db()
        ((module,),) = (lesson_selectors.shared_curriculum(course),)
        return module["lessons"][0]["has_quiz"]

    assert not has_quiz()
    quiz = quizzes.publish_quiz(quiz=quiz, by=owner, at=NOW)
    assert (quiz.published_at, quiz.questions.approved().count(), has_quiz()) == (NOW, 2, True)
    questions.add_question(course=course, quiz=quiz, draft=DRAFTS["cloze"], editor=owner, at=NOW)
    assert selectors.questions_of(quiz).count() == 2
    assert quizzes.publish_quiz(quiz=quiz, by=owner, at=LATER).published_at == NOW
    assert selectors.questions_of(quiz).count() == 3
    assert not AuditEntry.objects.exists()
    quizzes.unpublish_quiz(quiz=quiz, by=moderator, at=LATER)
    assert not has_quiz()
    assert AuditEntry.objects.get().action == "quiz.unpublish"


def test_an_empty_quiz_and_one_without_its_lesson_arent_published(teacher):
    quiz = QuizFactory(published_at=None)
    with pytest.raises(Conflict):
        quizzes.publish_quiz(quiz=quiz, by=teacher, at=NOW)
    orphan = quiz_with("single", published_at=None)
    Quiz.objects.filter(pk=orphan.pk).update(lesson=None)
    with pytest.raises(Conflict):
        quizzes.publish_quiz(quiz=orphan, by=teacher, at=NOW)


def test_rules_are_changed_within_bounds():
    quiz = QuizFactory()
    changes = {
        "title": " Cells ",
        "attempts_limit": 3,
        "time_limit_minutes": None,
        "pass_percent": 80,
    }
    changed = quizzes.change_quiz(quiz=quiz, changes=changes, at=LATER)
    assert (changed.title, changed.attempts_limit, changed.pass_percent) == ("Cells", 3, 80)
    for bad in (
        {"title": " "},
        {"attempts_limit": 0},
        {"time_limit_minutes": 601},
        {"pass_percent": 101},
    ):
        with pytest.raises(Invalid) as error:
            quizzes.change_quiz(quiz=quiz, changes=bad, at=LATER)
        assert set(error.value.errors) == set(bad)


# ── Digests ───────────────────────────────────────────────────────────────────────────────────
def test_a_digest_is_made_once_for_a_text(lesson, monkeypatch):
    first = digests.digest_of(lesson=lesson, at=NOW)
    assert (first.engine, first.made_at) == ("offline", NOW)
    assert first.summary.split(". ")[0] in TEXT.replace("**", "")
    assert {term["term"] for term in first.key_terms} >= {"Mitosis", "Meiosis"}
    assert digests.digest_of(lesson=lesson, at=LATER).made_at == NOW
    lesson.content += " The cell cycle ends."
    assert digests.digest_of(lesson=lesson, at=LATER).made_at == LATER
    assert LessonDigest.objects.get().made_at == LATER


def test_two_that_make_it_at_once_leave_one(lesson):
    one, other = (digests._make(lesson, at, True) for at in (NOW, LATER))
    assert one.summary == other.summary
    assert LessonDigest.objects.get().made_at == LATER


def test_a_lesson_too_short_has_no_summary(course):
    lesson = LessonFactory(course=course, content="A cell.")
    with pytest.raises(Conflict):
        digests.digest_of(lesson=lesson, at=NOW)
    assert digests.prepare_digest(lesson=lesson, at=NOW).summary == ""


def test_a_worker_prepares_digests_of_published_lessons_once_for_many_edits(lesson, monkeypatch):
    sent = []
    monkeypatch.setattr(
        digests.current_app, "send_task", lambda name, args, **rest: sent.append((name, args))
    )
    cache.clear()
    for _ in range(3):
        digests._send(lesson.pk)
    assert sent == [("learning.prepare_digest", [lesson.pk])]
