import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import override

from apps.accounts.tests.factories import UserFactory
from apps.core import markdown
from apps.core.caching import PUBLIC
from apps.courses.models import CourseStatus
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.services import grant_seat
from apps.learning.engine import memory
from apps.learning.models import Note, QuestionStatus, Review
from apps.learning.services import attempts
from apps.learning.tests.factories import quiz_with
from apps.learning.wording import interval
from eduplatform.pages.landing import figures, picture, question
from eduplatform.pages.landing.question import question_for

pytestmark = pytest.mark.django_db
ANSWERED = re.compile(r'data-state="(\w+)"')


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def asked_about(*, preview=True, students=0, language="en", price=1900, kind="single", **quiz):
    course = CourseFactory(language=language, student_count=students, price_minor=price)
    lesson = LessonFactory(course=course, is_preview=preview, content="Mitochondria make ATP.")
    return quiz_with(kind, lesson=lesson, **quiz)


def page(client, address="/", **headers):
    return client.get(address, headers=headers).content.decode().replace("\u00a0", " ")


# ── Which question ────────────────────────────────────────────────────────────────────────────
def test_a_question_of_an_open_lesson_is_asked_and_names_it(client):
    quiz = asked_about()
    text = page(client)
    assert "Which organelle makes ATP?" in text and "the mitochondrion" in text
    assert f'/learn/{quiz.course.slug}/{quiz.lesson_id}/"' in text
    assert "You reread a chapter twice" not in text


def test_one_of_a_free_course_leads_to_the_course(client):
    quiz = asked_about(preview=False, price=0)
    assert question_for("en").url == f"/courses/{quiz.course.slug}/"
    assert f"/learn/{quiz.course.slug}/" not in page(client)


@pytest.mark.parametrize(
    "hidden",
    [
        {"preview": False},
        {"published_at": None},
        {"status": QuestionStatus.DRAFT},
        {"kind": "multiple"},
        {"language": "ru"},
    ],
)
def test_what_visitors_may_not_see_or_read_is_not_asked(client, hidden):
    asked_about(**hidden)
    assert "You reread a chapter twice" in page(client)


def test_what_the_lesson_may_not_say_any_more_is_not_asked(client):
    asked_about().questions.update(stale_since=timezone.now())
    assert "You reread a chapter twice" in page(client)


@pytest.mark.parametrize(
    "sign",
    [
        *("$x^2$", "`code`", "![a](b.png)", "| a | b |"),
        *(
            "[mine](https://a.test)",
            "<https://a.test>",
            "[a]\n\n[a]: https://a.test",
            "[a](/media/b)",
        ),
    ],
)
def test_a_question_that_is_not_words_alone_is_not_asked(client, sign):
    version = asked_about().questions.get().current
    version.text = f"Which is it: {sign}?"
    version.save(update_fields=["text"])
    assert "You reread a chapter twice" in page(client)


def test_the_course_with_most_students_asks(client):
    asked_about(students=3)
    busiest = asked_about(students=7)
    asked_about(students=5)
    assert question_for("en").course == busiest.course


def test_a_teachers_own_words_go_before_an_engines(client):
    version = asked_about(students=9).questions.get().current
    version.engine = "offline"
    version.save(update_fields=["engine"])
    written = asked_about(students=3)
    assert question_for("en").course == written.course


def test_only_the_busiest_courses_are_looked_at(client, monkeypatch):
    asked_about(students=5)
    busiest = asked_about(preview=False, price=0, students=7)
    monkeypatch.setattr(question, "COURSES", 1)
    assert question_for("en").course == busiest.course


def test_a_question_withdrawn_since_is_asked_no_more(client):
    quiz = asked_about(students=9)
    other = asked_about(students=1)
    assert question_for("en").course == quiz.course
    quiz.course.status = CourseStatus.ARCHIVED
    quiz.course.save(update_fields=["status"])
    assert question_for("en").course == other.course


def test_without_courses_a_fixed_one_is_asked_in_both_languages(client):
    assert "You reread a chapter twice" in page(client)
    assert "Вы дважды перечитали главу" in page(client, accept_language="ru")


def test_words_of_teachers_are_text(client):
    quiz = asked_about()
    version = quiz.questions.get().current
    version.body["options"][1]["text"] = "<script>alert(1)</script>"
    version.save(update_fields=["body"])
    assert "<script>alert" not in page(client)


# ── What follows the answer ───────────────────────────────────────────────────────────────────
def test_the_card_is_the_one_that_a_mistake_really_makes(client, student):
    quiz = asked_about(preview=True, price=0)
    now = timezone.now()
    shown = question_for("en").shown
    wrong = next(each for each in shown.options if not each.is_right)
    grant_seat(student_id=student.pk, course_id=quiz.course_id, at=now)
    attempt = attempts.start_attempt(quiz=quiz, student=student, at=now)
    answers = [attempts.Given(attempt.answers.get().question_id, wrong.id)]
    attempts.submit_attempt(attempt=attempt, answers=answers, at=now)
    note = Note.objects.get(student=student)
    assert shown.front == markdown.render(note.front)
    assert shown.back == markdown.render(note.back)


def test_without_scripts_the_answer_is_an_address(client):
    asked_about()
    right, wrong = sorted(question_for("en").shown.options, key=lambda each: not each.is_right)[:2]
    assert ANSWERED.search(page(client))[1] == "asked"
    assert ANSWERED.search(page(client, f"/?answer={right.id}"))[1] == "right"
    answer = client.get(f"/?answer={wrong.id}")
    assert ANSWERED.search(answer.content.decode())[1] == "wrong"
    assert "option-wrong" in answer.content.decode()
    assert answer["Cache-Control"] == PUBLIC
    assert "csrfmiddlewaretoken" not in answer.content.decode()


@pytest.mark.parametrize(
    "given", ["", "0", "-1", "x" * 5000, "1\n2", "٣", "<b>", "99999999999999999999"]
)
def test_an_answer_that_is_none_asks_again(client, given):
    asked_about()
    assert ANSWERED.search(client.get("/", {"answer": given}).content.decode())[1] == "asked"


# ── The figures of the engine ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("is_right", [True, False])
def test_returns_and_chances_are_the_schedulers(is_right):
    now = timezone.now()
    by = memory.scheduler(0.9)
    began = timezone.localtime(now).replace(hour=19, minute=0, second=0, microsecond=0)
    card = memory.graded(
        memory.Memory(due=began), memory.GOOD if is_right else memory.AGAIN, began, by
    )
    steps = []
    while card.state != memory.REVIEW:
        steps.append(interval((card.due - card.last_review).total_seconds()))
        card = memory.graded(card, memory.GOOD, card.due, by)
    evening, expected = card, []
    for _each in range(4):
        due = card.due
        chances = [round(memory.retrievability(each, due, by) * 100) for each in (card, evening)]
        expected.append((due, *chances))
        card = memory.graded(card, memory.GOOD, due, by)

    found = picture.ahead(now, is_right=is_right)
    assert found.steps == steps
    assert [(row.at, row.recall, row.unreviewed) for row in found.rows] == expected
    assert [row.days for row in found.rows] == [
        (due.date() - began.date()).days for due, *_ in expected
    ]


def test_a_miss_comes_back_sooner_than_what_was_known():
    wrong, right = (picture.ahead(timezone.now(), is_right=known) for known in (False, True))
    assert all(w.at < r.at for w, r in zip(wrong.rows, right.rows, strict=True))


def test_the_curve_ends_where_the_table_does():
    found = picture.ahead(timezone.now(), is_right=False)
    left, base, right = (
        picture.SIZE.left,
        picture.SIZE.height - 30,
        picture.SIZE.width - picture.SIZE.right,
    )
    points = [tuple(map(float, each.split())) for each in found.chart.dashed[1:].split("L")]
    assert points[0][0] == left and points[-1][0] == right
    # the axis begins at the tenth below the last figure
    least = found.last.unreviewed // 10 * 10
    drawn = 100 - (points[-1][1] - 12) / (base - 12) * (100 - least)
    assert drawn == pytest.approx(found.last.unreviewed, abs=0.7)
    assert len(found.chart.points) == len(found.rows) + 1


def test_the_days_are_the_same_all_day_long():
    noon = timezone.localtime().replace(hour=12, minute=0)
    rows = [picture.ahead(noon + timedelta(hours=each), is_right=False).rows for each in (0, 5, 11)]
    assert rows[0] == rows[1] == rows[2]


def test_ticks_speak_the_language():
    with override("ru"):
        texts = [each.text for each in picture.ahead(timezone.now(), is_right=False).chart.texts]
    assert "сегодня" in texts and "100 %" in [text.replace("\u00a0", " ") for text in texts]


# ── Figures about the platform ────────────────────────────────────────────────────────────────
def review_by(student, *, rating=3, elapsed=40, undone=False):
    now = timezone.now()
    Review.objects.create(
        student=student,
        rating=rating,
        reviewed_at=now,
        before={},
        elapsed_days=elapsed,
        state=2,
        stability=40,
        difficulty=5,
        unplaced_due=now,
        due=now,
        desired_retention=0.9,
        undone_at=now if undone else None,
    )


def lower(monkeypatch, **limits):
    for name, value in limits.items():
        monkeypatch.setattr(figures, name, value)


def test_figures_are_counted_from_rows(client, monkeypatch):
    lower(monkeypatch, FEWEST_COURSES=2, FEWEST_REVIEWS=4, FEWEST_LATE=4, FEWEST_PEOPLE=2)
    CourseFactory.create_batch(2)
    CourseFactory(status=CourseStatus.DRAFT)
    for person in UserFactory.create_batch(2):
        review_by(person, rating=1)
        review_by(person, rating=3)
        review_by(person, rating=2, elapsed=30)
        review_by(person, rating=4, elapsed=29)
        review_by(person, rating=1, undone=True)
    found = figures.figures()
    assert (found.courses, found.reviews, found.remembered, found.late_reviews) == (2, 8, 67, 6)
    text = page(client)
    assert "67%" in text and "of the 6 answers" in text


def test_too_few_to_say_are_not_said(client, monkeypatch):
    lower(monkeypatch, FEWEST_COURSES=2, FEWEST_REVIEWS=4, FEWEST_LATE=4, FEWEST_PEOPLE=2)
    CourseFactory.create_batch(2)
    one = UserFactory()
    for _each in range(5):
        review_by(one)
    found = figures.figures()
    assert found.remembered is None and found.reviews == 5
    assert "remembered after a month" not in page(client)


def test_only_the_newest_reviews_are_looked_at(client, monkeypatch):
    lower(monkeypatch, FEWEST_COURSES=1, FEWEST_REVIEWS=2, FEWEST_LATE=2, FEWEST_PEOPLE=1, NEWEST=3)
    CourseFactory()
    one = UserFactory()
    for rating in (1, 1, 3, 1, 4):
        review_by(one, rating=rating)
    found = figures.figures()
    assert (found.reviews, found.remembered, found.are_more) == (3, 67, True)
    assert "<dd>3+</dd>" in page(client)


def test_one_figure_alone_is_no_strip(client):
    CourseFactory.create_batch(6)
    assert figures.figures().courses == 6
    assert "The platform in figures" not in page(client)


# ── The page ──────────────────────────────────────────────────────────────────────────────────
def test_queries_stay_the_same(client, django_assert_num_queries):
    asked_about()
    page(client)
    with django_assert_num_queries(2):
        page(client)
    for _each in range(5):
        asked_about()
    with django_assert_num_queries(2):
        page(client)


def test_who_has_the_page_gets_no_second_one(client):
    asked_about()
    first = client.get("/")
    again = client.get("/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    assert again["Cache-Control"] == PUBLIC
    assert client.get("/", headers={"if-none-match": 'W/"other"'}).status_code == 200


def test_robots_read_what_it_is(client, settings):
    text = page(client)
    assert f'<link rel="canonical" href="{settings.SITE_URL}/">' in text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert json.loads(found[1])["@type"] == "WebSite"
    assert re.search(r'property="og:image" content="http[^"]+\.png"', text)
