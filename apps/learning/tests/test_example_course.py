"""From a verified teacher to a published course: the example, its checklist, what is said on the way."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from apps.accounts.models import Role, TeacherApplication
from apps.accounts.tests.factories import TeacherFactory, UserFactory
from apps.core.errors import Invalid, NotAllowed
from apps.courses.examples import example, example_titles
from apps.courses.models import Course, CourseStatus
from apps.courses.selectors import missing_fields, publishing_checklist
from apps.courses.services import note_preview, publish_course, update_course
from apps.courses.tests.factories import CategoryFactory
from apps.learning.examples import example_questions
from apps.learning.models import Question, Quiz
from apps.learning.services.examples import start_from_example

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
EXAMPLE = "/studio/courses/example/"


# ── The data ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_lesson_has_its_text_and_questions(language):
    model, questions = example(language), example_questions(language)
    lessons = {each.key: each for module in model.modules for each in module.lessons}
    assert (len(model.modules), model.lesson_count) == (3, 6)
    assert list(questions) == list(lessons)
    for key, drafts in questions.items():
        text = lessons[key].content
        assert len(text.split()) > 200 and len(drafts) >= 2
        for draft in drafts:
            assert draft.quote in text and draft.explanation
            assert not draft.section or f"## {draft.section}\n" in text


def test_both_languages_have_the_same_shape():
    shapes = [
        [(each.key, each.is_preview) for module in example(code).modules for each in module.lessons]
        for code in ("en", "ru")
    ]
    kinds = [
        {key: [each.kind for each in drafts] for key, drafts in example_questions(code).items()}
        for code in ("en", "ru")
    ]
    assert shapes[0] == shapes[1] and kinds[0] == kinds[1]
    assert len(example_titles()) == 2


# ── Copying ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_copy_is_a_whole_draft_of_ones_own(teacher, language):
    teacher.locale = language
    course = start_from_example(teacher=teacher, at=NOW)
    course.refresh_from_db()
    assert (course.owner, course.status, course.language) == (teacher, "draft", language)
    assert (course.modules.count(), course.lesson_count) == (3, 6)
    assert course.title == example(language).title and course.duration_minutes > 6
    quizzes = Quiz.objects.filter(course=course).order_by("pk")
    assert [bool(quiz.published_at) for quiz in quizzes] == [True] * 5 + [False]
    questions = Question.objects.filter(course=course).select_related("current")
    assert questions.count() == 12
    assert {each.current.author for each in questions} == {teacher}
    assert all(each.stale_since is None for each in questions)
    assert all(each.span_end for each in questions if each.current.quote)


def test_a_button_pressed_twice_makes_one_copy(teacher):
    course = start_from_example(teacher=teacher, at=NOW)
    assert start_from_example(teacher=teacher, at=NOW + timedelta(seconds=30)) == course
    assert Question.objects.count() == 12
    assert start_from_example(teacher=teacher, at=NOW + timedelta(minutes=2)) != course
    assert start_from_example(teacher=TeacherFactory(), at=NOW) != course


def test_only_teachers_copy(student, moderator, site):
    with pytest.raises(NotAllowed):
        start_from_example(teacher=student, at=NOW)
    for user in (student, moderator):
        assert site(user).post(EXAMPLE).status_code == 403
    assert not Course.objects.exists()


def test_a_copy_isnt_published_under_the_name_of_the_example(teacher):
    course = start_from_example(teacher=teacher, at=NOW)
    category = CategoryFactory()
    course = update_course(course=course, editor=teacher, changes={"category": category}, at=NOW)
    assert missing_fields(course).keys() == {"title"}
    with pytest.raises(Invalid):
        publish_course(course=course, by=teacher, at=NOW)
    changes = {"title": "Knots that hold"}
    course = update_course(course=course, editor=teacher, changes=changes, at=NOW)
    assert publish_course(course=course, by=teacher, at=NOW).status == CourseStatus.PUBLISHED
    with pytest.raises(Invalid):
        update_course(course=course, editor=teacher, changes={"title": example("ru").title}, at=NOW)


# ── The checklist ─────────────────────────────────────────────────────────────────────────────
def missing(course):
    checklist = publishing_checklist(Course.objects.with_card().get(pk=course.pk))
    return {str(each.text) for each in (*checklist.needed, *checklist.better) if not each.done}


def test_what_is_left_of_a_copy_and_of_an_empty_course(teacher, site):
    course = start_from_example(teacher=teacher, at=NOW)
    assert missing(course) == {
        "A title of its own",
        "A category",
        "A picture of your own",
        "Looked at as a student sees it",
    }
    empty = Course.objects.create(
        owner=teacher, title="Knots", slug="knots", created_at=NOW, updated_at=NOW
    )
    assert "A quiz that is published" in missing(empty)
    assert "A price" not in missing(empty) and "A title of its own" not in missing(empty)
    teacher.is_verified = teacher.email_verified = False
    teacher.save(update_fields=["is_verified", "email_verified"])
    assert {"A teacher verified by an admin", "Your e-mail address is confirmed"} <= missing(course)


def test_every_link_of_the_checklist_leads_somewhere(teacher, site):
    teacher.is_verified = False
    teacher.save(update_fields=["is_verified"])
    course = start_from_example(teacher=teacher, at=NOW)
    Quiz.objects.filter(course=course).update(published_at=None)
    course.lessons.filter(position=2).update(content="")
    browser = site(teacher)
    page = browser.get(reverse("courses:publish", args=[course.pk])).content.decode()
    links = set(re.findall(r'href="([^"#]+)[^"]*">Open<span', page))
    quiz, lesson = Quiz.objects.order_by("pk").first(), course.lessons.in_order().filter(content="")
    assert reverse("learning:quiz_review", args=[quiz.lesson_id]) in links
    assert reverse("courses:lesson", args=[lesson.first().pk]) in links
    assert reverse("accounts:apply") in links and reverse("accounts:security") in links
    for link in links:
        assert browser.get(link, follow=True).status_code == 200, link


def test_looking_at_it_as_a_student_is_noted(teacher, site):
    course = start_from_example(teacher=teacher, at=NOW)
    revision = Course.objects.get(pk=course.pk).revision
    answer = site(teacher).get(reverse("courses:look", args=[course.pk]), follow=True)
    lesson = course.lessons.in_order().first()
    assert answer.redirect_chain[-1][0] == f"/learn/{course.slug}/{lesson.pk}/"
    assert lesson.title in answer.content.decode()
    assert "Looked at as a student sees it" not in missing(course)
    assert Course.objects.get(pk=course.pk).revision == revision
    note_preview(course=course, at=NOW)
    lesson_less = Course.objects.create(
        owner=teacher, title="Knots", slug="knots", created_at=NOW, updated_at=NOW
    )
    answer = site(teacher).get(reverse("courses:look", args=[lesson_less.pk]), follow=True)
    assert "write a lesson first" in answer.content.decode()


# ── The pages ─────────────────────────────────────────────────────────────────────────────────
def test_from_the_studio_to_a_public_course(teacher, site):
    CategoryFactory(slug="maths")
    browser = site(teacher)
    studio = browser.get("/studio/").content.decode()
    assert "You are verified: make your first course" in studio and EXAMPLE in studio
    offer = browser.get("/studio/courses/new/").content.decode()
    assert "One promise" in offer and EXAMPLE in offer
    answer = browser.post(EXAMPLE)
    course = Course.objects.get()
    assert answer["Location"] == reverse("courses:publish", args=[course.pk])
    page = browser.get(answer["Location"]).content.decode()
    assert "disabled" in page and "10 of 14 done" in page
    assert "Give it a title of its own" in browser.get("/studio/").content.decode()
    body = {
        "title": "Knots",
        "description": "All of them.",
        "category": "maths",
        "level": "beginner",
        "language": "en",
        "price": "0",
        "currency": "USD",
    }
    browser.post(reverse("courses:settings", args=[course.pk]), body)
    assert browser.post(answer["Location"]).status_code == 302
    course.refresh_from_db()
    assert course.is_published


def test_in_russian(teacher, site):
    teacher.locale = "ru"
    teacher.save(update_fields=["locale"])
    browser = site(teacher)
    assert "Одно обещание" in browser.get("/studio/courses/new/").content.decode()
    page = browser.post(EXAMPLE, follow=True).content.decode()
    assert "Готово: 10 из 14" in page and example("ru").title.split()[0] in page


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("pending", "We are reading your application"),
        ("refused", "The scan is dark."),
        (None, "an admin has to verify you first"),
    ],
)
def test_the_studio_says_where_the_application_stands(site, status, word):
    teacher = TeacherFactory(is_verified=False)
    if status:
        TeacherApplication.objects.create(
            user=teacher,
            qualification="Knots",
            status=status,
            reason="The scan is dark." if status == "refused" else "",
            submitted_at=NOW,
            opened_at=NOW,
        )
    browser = site(teacher)
    assert word in browser.get("/studio/").content.decode()
    course = start_from_example(teacher=teacher, at=NOW)
    publish = browser.get(reverse("courses:publish", args=[course.pk])).content.decode()
    assert word in publish and "/teach/apply/" in publish


def test_teach_leads_to_where_one_stands(teacher, student, moderator, site, client):
    assert client.get("/teach/").status_code == 302
    assert site(student).get("/teach/")["Location"] == "/teach/apply/"
    assert site(teacher).get("/teach/")["Location"] == "/teach/apply/"
    assert site(moderator).get("/teach/")["Location"] == "/studio/"
    verified = UserFactory(role=Role.TEACHER, is_verified=True)
    TeacherApplication.objects.create(
        user=verified, qualification="Knots", status="verified", submitted_at=NOW, opened_at=NOW
    )
    page = site(verified).get("/teach/", follow=True).content.decode()
    assert "Make your first course" in page and "/studio/courses/new/" in page
