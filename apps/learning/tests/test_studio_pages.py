"""The quiz of a lesson in the studio: made, looked through, written, published, measured."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.tests.factories import TeacherFactory
from apps.core import jobs
from apps.core.models import Job
from apps.courses.tests.factories import LessonFactory, ModuleFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.engine.questions import draft_of
from apps.learning.models import Question, QuestionStatus, Quiz
from apps.learning.selectors.tags import concepts_of_questions
from apps.learning.services.attempts import start_attempt, submit_attempt

from .factories import DRAFTS, ConceptFactory, quiz_with

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
KINDS = list(DRAFTS)


@pytest.fixture
def lesson(teacher):
    module = ModuleFactory(course__owner=teacher)
    return LessonFactory(module=module, course=module.course, content="Mitochondria make ATP.")


@pytest.fixture
def quiz(lesson):
    return quiz_with(lesson=lesson, published_at=None, status=QuestionStatus.DRAFT)


def url_of(lesson, tail=""):
    return f"/studio/lessons/{lesson.pk}/quiz/{tail}"


def form_of(kind):
    """What a form sends for the sample question of the kind."""
    draft = DRAFTS[kind]
    data = {
        "text": draft.text,
        "explanation": draft.explanation,
        "quote": draft.quote,
        "difficulty": "medium",
    }
    match kind:
        case "single" | "multiple":
            data |= {"row": [*draft.options, ""], "right": [str(n) for n in draft.right]}
        case "true_false":
            data["truth"] = "true" if draft.is_true else "false"
        case "short":
            data["row"] = ["", *draft.accepted]
        case "numeric":
            data |= {"value": "9,81", "tolerance": "0.01", "unit": draft.unit}
        case "ordering":
            data["row"] = draft.items
        case "matching":
            data["row"] = [pair.left for pair in draft.pairs]
            data["other"] = [pair.right for pair in draft.pairs]
        case "cloze":
            data["row"] = [" | ".join(gap) for gap in draft.gaps]
    return data


# ── Looked through ────────────────────────────────────────────────────────────────────────────
def test_every_question_stands_with_its_answer_and_its_source(site, quiz, lesson, teacher):
    page = site(teacher).get(url_of(lesson)).content.decode()
    for text in ("8 drafts wait for you", "From: “Mitochondria make ATP.”", "makes proteins"):
        assert text in page
    assert page.count(">draft<") >= 8


def test_an_empty_lesson_offers_to_make_a_quiz(site, lesson, teacher):
    page = site(teacher).get(url_of(lesson)).content.decode()
    assert "No questions yet" in page
    assert "Make a quiz from this lesson" in page
    assert "**Term**" in page
    assert not Quiz.objects.exists()
    panel = site(teacher).get(url_of(lesson, "panel/")).content.decode()
    assert "Make a quiz from this lesson" in panel


def test_questions_are_accepted_discarded_and_brought_back(site, quiz, lesson, teacher):
    client = site(teacher)
    first, second = quiz.questions.in_order()[:2]
    card = client.post(f"/studio/questions/{first.pk}/approve/", headers=HTMX).content.decode()
    assert "approved" in card
    answer = client.post(f"/studio/questions/{second.pk}/discard/", headers=HTMX)
    assert f"/studio/questions/{second.pk}/restore/" in answer.headers["HX-Trigger"]
    assert f'id="question-{second.pk}"' not in answer.content.decode()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (QuestionStatus.APPROVED, QuestionStatus.RETIRED)
    client.post(f"/studio/questions/{second.pk}/restore/", headers=HTMX)
    second.refresh_from_db()
    assert second.status == QuestionStatus.DRAFT
    assert client.post(f"/studio/questions/{first.pk}/discard/").url == url_of(lesson)


def test_the_panel_shows_one_draft_after_the_other(site, quiz, lesson, teacher):
    client = site(teacher)
    first, second = quiz.questions.in_order()[:2]
    panel = client.get(url_of(lesson, "panel/")).content.decode()
    assert first.current.text in panel
    assert second.current.text not in panel
    panel = client.post(
        f"/studio/questions/{first.pk}/approve/", {"panel": "1"}, headers=HTMX
    ).content.decode()
    assert second.current.text in panel
    assert "1 / 8" in panel


def test_a_question_moves_one_place(site, quiz, lesson, teacher):
    client = site(teacher)
    ids = list(quiz.questions.in_order().values_list("pk", flat=True))
    client.post(f"/studio/questions/{ids[1]}/move/", {"direction": "up"})
    assert list(quiz.questions.in_order().values_list("pk", flat=True))[:2] == [ids[1], ids[0]]
    client.post(f"/studio/questions/{ids[1]}/move/", {"direction": "up"})
    assert quiz.questions.in_order()[0].pk == ids[1]


def test_a_stale_question_is_marked_and_can_be_kept(site, quiz, lesson, teacher):
    question = quiz.questions.in_order()[0]
    Question.objects.filter(pk=question.pk).update(stale_since=timezone.now())
    client = site(teacher)
    page = client.get(url_of(lesson)).content.decode()
    assert "the lesson has changed" in page
    assert "no longer in the lesson" in page
    client.post(f"/studio/questions/{question.pk}/keep/", headers=HTMX)
    question.refresh_from_db()
    assert question.stale_since is None


# ── Written and edited ────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_written_by_hand(site, lesson, teacher, kind):
    client = site(teacher)
    url = url_of(lesson, f"add/?kind={kind}")
    assert client.get(url).status_code == 200
    answer = client.post(url, form_of(kind), headers=HTMX)
    assert answer.headers["HX-Retarget"] == "#questions"
    question = Question.objects.get()
    assert draft_of(question.current) == DRAFTS[kind]
    assert (question.status, question.current.author) == (QuestionStatus.APPROVED, teacher)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_edited_in_place(site, quiz, teacher, kind):
    client = site(teacher)
    question = quiz.questions.get(current__kind=kind)
    url = f"/studio/questions/{question.pk}/edit/"
    assert 'name="text"' in client.get(url, headers=HTMX).content.decode()
    client.post(url, form_of(kind), headers=HTMX)
    question.refresh_from_db()
    assert question.current.number == 1  # nothing was changed
    words = form_of(kind)["text"] + " Again."
    card = client.post(url, form_of(kind) | {"text": words}, headers=HTMX).content.decode()
    question.refresh_from_db()
    assert question.current.number == 2
    assert "Again." in card


@pytest.mark.parametrize(
    ("kind", "changes", "told"),
    [
        ("single", {"text": ""}, "This field is required."),
        ("single", {"row": ["one"]}, "Give two options or more."),
        ("single", {"right": []}, "Mark the one right option."),
        ("single", {"row": ["one", "one"], "right": ["0"]}, "This is here already."),
        ("multiple", {"right": []}, "Mark at least one right option."),
        ("true_false", {"truth": ""}, "Say whether it is true."),
        ("short", {"row": [""]}, "Give at least one right answer."),
        ("numeric", {"value": "fast"}, "Give a number."),
        ("numeric", {"tolerance": "1e99"}, "Give a number."),
        ("ordering", {"row": ["one"]}, "Give two items or more"),
        ("matching", {"other": ["x", "", "z"]}, "Both sides are needed."),
        ("cloze", {"text": "No gap here."}, "three underscores"),
        ("cloze", {"row": ["nucleus"]}, "The question has 2 gaps"),
        ("short", {"row": ["x" * 1001]}, "Keep it under 1000 characters."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    site, lesson, teacher, kind, changes, told
):
    data = form_of(kind) | {"explanation": "Kept all the same."} | changes
    answer = site(teacher).post(url_of(lesson, f"add/?kind={kind}"), data, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "Kept all the same." in page
    for text in data.get("row", []):
        assert f'value="{text}"' in page
    assert not Question.objects.exists()


# ── Made, set up, published ───────────────────────────────────────────────────────────────────
def test_a_quiz_is_made_with_progress_and_the_page_is_told(site, lesson, teacher):
    client = site(teacher)
    fragment = client.post(url_of(lesson, "generate/"), headers=HTMX).content.decode()
    assert 'hx-trigger="job:progress from:document, every 2s"' in fragment
    assert "Drafting the quiz" in client.get(url_of(lesson)).content.decode()
    job = Job.objects.get()
    assert job.args["lesson"] == lesson.pk
    jobs.run(job.pk)
    answer = client.get(url_of(lesson, "making/"), headers=HTMX)
    assert "quiz:made" in answer.headers["HX-Trigger"]
    assert "too short" in answer.content.decode()  # the factory's lesson has one sentence


def test_with_credits_used_up_the_page_goes_on_without_a_model(site, lesson, teacher, settings):
    settings.AI_BASE_URL = "http://127.0.0.1:9/v1"
    settings.AI_MODELS = {"cheap": ["small"], "mid": ["small"], "expensive": []}
    client = site(teacher)
    assert 'name="offline"' not in client.get(url_of(lesson)).content.decode()
    settings.AI_TEACHER_CREDITS_PER_DAY = 0
    refused = client.post(url_of(lesson, "generate/"), headers=HTMX)
    assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
    assert not Job.objects.exists()
    page = client.get(url_of(lesson)).content.decode()
    assert "credits are used up" in page
    assert '<input type="hidden" name="offline" value="1">' in page
    client.post(url_of(lesson, "generate/"), {"offline": "1"}, headers=HTMX)
    assert Job.objects.get().args["offline"] is True


def test_few_questions_come_with_a_hint(site, lesson, teacher):
    quiz_with("single", lesson=lesson, published_at=None, status=QuestionStatus.DRAFT)
    assert "gives only 1 question" in site(teacher).get(url_of(lesson)).content.decode()


def test_the_rules_are_set_and_wrong_ones_told(site, quiz, lesson, teacher):
    client = site(teacher)
    data = {"title": "Cells", "pass_percent": "60", "attempts_limit": "3", "time_limit_minutes": ""}
    assert client.post(url_of(lesson, "settings/"), data).url == url_of(lesson)
    quiz.refresh_from_db()
    assert (quiz.title, quiz.pass_percent, quiz.attempts_limit) == ("Cells", 60, 3)
    assert not quiz.one_at_a_time
    answer = client.post(url_of(lesson, "settings/"), data | {"attempts_limit": "0"}, headers=HTMX)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_publishing_accepts_the_drafts_and_can_be_taken_back(site, quiz, lesson, teacher):
    client = site(teacher)
    assert client.post(url_of(lesson, "publish/")).url == url_of(lesson)
    quiz.refresh_from_db()
    assert quiz.published_at
    assert quiz.questions.approved().count() == 8
    client.post(url_of(lesson, "unpublish/"))
    quiz.refresh_from_db()
    assert quiz.published_at is None


def test_the_teacher_looks_at_it_as_a_student(site, quiz, lesson, teacher):
    page = site(teacher).get(url_of(lesson, "preview/")).content.decode()
    assert page.count('class="quiz-question"') == 8
    assert "tag-ok" not in page.split("quiz-question", 1)[1]


# ── Figures ───────────────────────────────────────────────────────────────────────────────────
def test_figures_are_honest_about_how_few_they_are(site, lesson, teacher, student):
    quiz = quiz_with("single", "short", lesson=lesson)
    client = site(teacher)
    url = url_of(lesson, "statistics/")
    assert "Nobody has finished the quiz yet" in client.get(url).content.decode()
    EnrollmentFactory(student=student, course=lesson.course)
    now = timezone.now()
    attempt = start_attempt(quiz=quiz, student=student, at=now)
    assert "1 student has begun" in client.get(url).content.decode()
    submit_attempt(attempt=attempt, answers=[], at=now + timedelta(seconds=65))
    page = client.get(url).content.decode()
    assert "first glimpse" in page
    assert "not enough answers yet" in page
    assert "1:05" in page


# ── The bank ──────────────────────────────────────────────────────────────────────────────────
def test_the_bank_is_searched_and_narrowed(site, quiz, lesson, teacher):
    client = site(teacher)
    bank = f"/studio/courses/{lesson.course_id}/questions/"
    assert "8 questions" in client.get(bank).content.decode()
    assert "1 question" in client.get(bank, {"kind": "cloze"}).content.decode()
    assert "1 question" in client.get(bank, {"q": "organelle makes"}).content.decode()
    assert "No question is like that" in client.get(bank, {"status": "stale"}).content.decode()
    assert "8 questions" in client.get(bank, {"lesson": "999999", "kind": "x"}).content.decode()
    rows = client.get(bank, headers=HTMX).content.decode()
    assert "<html" not in rows


def test_drafts_are_made_for_the_whole_course(site, lesson, teacher):
    client = site(teacher)
    bank = f"/studio/courses/{lesson.course_id}/questions/"
    assert "no questions yet" in client.get(bank).content.decode()
    assert client.post(bank + "generate/").url == bank
    assert "whole course" in client.get(bank + "making/").content.decode()
    jobs.run(Job.objects.get().pk)
    assert "quiz:made" in client.get(bank + "making/").headers["HX-Trigger"]


# ── Who may ───────────────────────────────────────────────────────────────────────────────────
def test_others_find_nothing(site, quiz, lesson, student, moderator):
    question = quiz.questions.first()
    gets = [url_of(lesson, tail) for tail in ("", "panel/", "making/", "preview/", "statistics/")]
    gets += [f"/studio/questions/{question.pk}/{tail}" for tail in ("", "edit/")]
    gets += [f"/studio/courses/{lesson.course_id}/questions/", url_of(lesson, "add/")]
    posts = [url_of(lesson, tail) for tail in ("generate/", "publish/", "unpublish/", "settings/")]
    posts += [
        f"/studio/questions/{question.pk}/{tail}/"
        for tail in ("approve", "discard", "restore", "keep", "move", "edit")
    ]
    client = site(TeacherFactory())
    assert {client.get(url).status_code for url in gets} == {404}
    assert {client.post(url).status_code for url in posts} == {404}
    site(student)
    assert {client.get(url).status_code for url in gets} == {403}
    assert {client.post(url).status_code for url in posts} == {403}
    site(moderator)
    answers = url_of(lesson, "statistics/")
    assert {client.get(url).status_code for url in gets if url != answers} == {200, 302}
    assert quiz.questions.filter(status=QuestionStatus.DRAFT).count() == 8


def test_a_moderator_never_sees_what_students_answered(site, quiz, lesson, moderator, admin):
    client = site(moderator)
    assert client.get(url_of(lesson, "statistics/")).status_code == 404
    assert b"statistics/" not in client.get(url_of(lesson)).content
    assert site(admin).get(url_of(lesson, "statistics/")).status_code == 200


def test_a_lesson_without_a_quiz_has_nothing_to_set_up(site, lesson, teacher):
    client = site(teacher)
    for tail in ("settings/", "preview/", "statistics/"):
        assert client.get(url_of(lesson, tail)).status_code == 404
    assert client.post(url_of(lesson, "publish/")).status_code == 404


def test_a_question_has_a_difficulty_and_concepts_of_its_own(site, teacher, lesson):
    first, second = ConceptFactory.create_batch(2, course=lesson.course)
    desk = site(teacher)
    data = form_of("short") | {"difficulty": "hard", "concepts": [second.pk]}
    desk.post(url_of(lesson, "add/") + "?kind=short", data)
    question = Question.objects.get()
    assert question.difficulty == "hard"
    assert concepts_of_questions([question.pk]) == {question.pk: (second.pk,)}
    page = desk.get(f"/studio/questions/{question.pk}/edit/", headers=HTMX).content.decode()
    assert page.count(" checked") == 1 and '<option value="hard" selected>' in page
    data |= {"difficulty": "easy", "concepts": [first.pk, second.pk]}
    desk.post(f"/studio/questions/{question.pk}/edit/", data)
    question.refresh_from_db()
    assert (question.difficulty, question.current.number) == ("easy", 1)
    assert concepts_of_questions([question.pk]) == {question.pk: (second.pk, first.pk)}
    for wrong in ({"difficulty": "absurd"}, {"concepts": [ConceptFactory().pk]}):
        refused = desk.post(f"/studio/questions/{question.pk}/edit/", data | wrong, headers=HTMX)
        assert refused.status_code == 422
