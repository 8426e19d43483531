"""The tutor's drawer: asked by stream and by form, rated, cleared; nobody else's talk."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.tests.factories import UserFactory
from apps.courses.tests.factories import DraftFactory, LessonFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.models import (
    Speaker,
    TalkRating,
    TutorMessage,
    TutorRating,
    TutorThread,
)
from apps.learning.selectors import talk as selectors
from apps.learning.services import tutor as services

from .factories import TEXT, QuizFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HTMX = {"HX-Request": "true"}
STREAM = {"Accept": "text/event-stream"}
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def lesson(student):
    found = LessonFactory(title="Cells", content=f"## How cells divide\n{TEXT}")
    EnrollmentFactory(student=student, course=found.course)
    return found


def url_of(lesson, tail=""):
    return f"/learn/{lesson.course.slug}/{lesson.pk}/tutor/{tail}"


def thread_of(student, lesson, turns=1, at=NOW, **reply):
    """A talk of some turns, as the services keep it."""
    thread, _made = TutorThread.objects.get_or_create(
        student=student,
        lesson=lesson,
        defaults={"course": lesson.course, "created_at": at, "updated_at": at},
    )
    for number in range(turns):
        asked = TutorMessage.objects.create(
            thread=thread, speaker=Speaker.STUDENT, text=f"Question {number}", created_at=at
        )
        fields = {"text": f"Reply {number}", "engine": "offline", "prompt_version": "1"} | reply
        TutorMessage.objects.create(
            thread=thread, speaker=Speaker.TUTOR, reply_to=asked, created_at=at, **fields
        )
    return thread


def cited(lesson, section="How cells divide", start=0, end=60):
    place = {"section": section, "start": start, "end": end}
    return [{"lesson": lesson.pk, "title": lesson.title, **place}]


def last_reply(thread):
    return thread.messages.filter(speaker=Speaker.TUTOR).last()


# ── The drawer and the page ───────────────────────────────────────────────────────────────────
def test_drawer_and_page_show_the_talk(site, student, lesson):
    thread_of(student, lesson, text="**Look** at <b>this</b>.", citations=cited(lesson))
    client = site(student)
    fragment = client.get(url_of(lesson), headers=HTMX).content.decode()
    page = client.get(url_of(lesson)).content.decode()
    for text in (fragment, page):
        assert "<strong>Look</strong> at &lt;b&gt;this&lt;/b&gt;." in text
        assert "Question 0" in text and 'data-section="How cells divide"' in text
    assert "<html" not in fragment and "data-tutor-close" in fragment
    assert "<html" in page and "data-tutor-close" not in page
    assert "Works without a model" in fragment


def test_the_lesson_offers_the_tutor_to_readers(site, client, student, lesson):
    preview = LessonFactory(is_preview=True)
    address = f"/learn/{preview.course.slug}/{preview.pk}/"
    assert "data-tutor-open" not in client.get(address).content.decode()
    page = site(student).get(f"/learn/{lesson.course.slug}/{lesson.pk}/").content.decode()
    assert f'href="{url_of(lesson)}" data-tutor-open data-key="t"' in page


def test_credits_are_shown_and_their_return(site, student, lesson, settings):
    settings.AI_BASE_URL = "http://127.0.0.1:9/v1"
    page = site(student).get(url_of(lesson), headers=HTMX).content.decode()
    assert f"<span data-left>{settings.AI_CREDITS_PER_DAY}</span> left today" in page
    settings.AI_CREDITS_PER_DAY = 0
    page = site(student).get(url_of(lesson), headers=HTMX).content.decode()
    assert "used up. They return on" in page


def test_a_citation_of_an_earlier_lesson_leads_to_its_passage(site, student, lesson):
    earlier = LessonFactory(
        course=lesson.course, module=lesson.module, title="Before", content="One. Two words."
    )
    thread_of(student, lesson, citations=cited(earlier, "", 5, 15))
    page = site(student).get(url_of(lesson), headers=HTMX).content.decode()
    address = f"/learn/{lesson.course.slug}/{earlier.pk}/?passage=5-15"
    assert f'href="{address}">Before</a>' in page
    assert 'data-passage="Two words."' in site(student).get(address).content.decode()


@pytest.mark.parametrize("name", ["x", "9-5", "0-99999", "1-2-3", "-1-4", "0-0"])
def test_a_passage_that_is_none_is_left_out(site, student, lesson, name):
    page = site(student).get(f"/learn/{lesson.course.slug}/{lesson.pk}/?passage={name}")
    assert page.status_code == 200
    assert "data-passage=" not in page.content.decode()


def test_the_number_of_queries_does_not_grow(site, student, lesson):
    client = site(student)

    def queries():
        with CaptureQueriesContext(connection) as made:
            client.get(url_of(lesson), headers=HTMX)
        return len(made)

    thread_of(student, lesson, citations=cited(lesson))
    queries()
    few = queries()
    thread_of(student, lesson, turns=5, citations=cited(lesson))
    assert queries() == few


# ── Asking ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_a_form_asks_and_finds_the_reply_on_the_page(site, student, lesson):
    client = site(student)
    for _time in range(2):
        answer = client.post(
            url_of(lesson, "messages/"), {"text": "What does the spindle do?", "key": KEY}
        )
    reply = TutorMessage.objects.get(speaker=Speaker.TUTOR)
    assert answer.url == f"{url_of(lesson)}#message-{reply.pk}"
    page = client.get(url_of(lesson)).content.decode()
    assert "What does the spindle do?" in page and f'id="message-{reply.pk}"' in page


@pytest.mark.django_db(transaction=True)
def test_a_stream_ends_with_the_reply_as_the_page_shows_it(site, student, lesson):
    fields = {"text": "What does the spindle do?", "key": KEY}
    answer = site(student).post(url_of(lesson, "messages/"), fields, headers=STREAM)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    frames = b"".join(answer.streaming_content).decode().strip().split("\n\n")
    events = [json.loads(frame.partition("data: ")[2]) for frame in frames]
    assert {event["type"] for event in events} == {"state", "text", "message"}
    last = events[-1]
    reply = TutorMessage.objects.get(speaker=Speaker.TUTOR)
    assert f'id="message-{reply.pk}"' in last["html"] and "data-thumbs" in last["html"]
    assert (last["left"], last["asks"]) == (None, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("text", ["", "   ", "!!!", "x" * 2001])
def test_what_can_not_be_asked_is_told(site, student, lesson, text):
    client = site(student)
    answer = client.post(url_of(lesson, "messages/"), {"text": text})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    answer = client.post(url_of(lesson, "messages/"), {"text": text}, headers=STREAM)
    assert '"type": "error"' in b"".join(answer.streaming_content).decode()
    assert not TutorMessage.objects.exists()


@pytest.mark.parametrize("tail", ["", "messages/", "rating/", "clear/"])
def test_whoever_may_not_read_the_lesson_may_not_ask(site, client, stranger, lesson, tail):
    method = "get" if not tail else "post"
    assert getattr(client, method)(url_of(lesson, tail)).status_code == 302
    hidden = LessonFactory(course=DraftFactory())
    site(stranger)
    assert getattr(client, method)(url_of(lesson, tail), {"text": "Hm?"}).status_code == 403
    assert getattr(client, method)(url_of(hidden, tail), {"text": "Hm?"}).status_code == 404


# ── Rating and clearing ───────────────────────────────────────────────────────────────────────
def test_thumbs_with_a_reason(site, student, lesson):
    reply = last_reply(thread_of(student, lesson))
    client, url = site(student), url_of(lesson, f"messages/{reply.pk}/rating/")
    page = client.post(url, {"value": "-1"}, headers=HTMX).content.decode()
    assert "What is wrong with it?" in page and "It is wrong" in page
    fields = {"value": "-1", "reason": "told", "comment": "It said it all."}
    page = client.post(url, fields, headers=HTMX).content.decode()
    assert "Thank you" in page and "What is wrong with it?" not in page
    rating = TutorRating.objects.get()
    assert (rating.value, rating.reason, rating.comment) == (-1, "told", "It said it all.")
    assert client.post(url, {"value": "1"}).url == f"{url_of(lesson)}#message-{reply.pk}"
    assert TutorRating.objects.get().value == 1


@pytest.mark.parametrize(
    "fields", [{}, {"value": "0"}, {"value": "-1", "reason": "rude"}, {"value": "x"}]
)
def test_a_bad_rating_is_refused(site, student, lesson, fields):
    reply = last_reply(thread_of(student, lesson))
    url = url_of(lesson, f"messages/{reply.pk}/rating/")
    assert site(student).post(url, fields).status_code == 400
    assert not TutorRating.objects.exists()


def test_foreign_replies_and_own_questions_are_not_rated(site, student, stranger, lesson):
    EnrollmentFactory(student=stranger, course=lesson.course)
    thread = thread_of(student, lesson)
    client = site(stranger)
    url = url_of(lesson, f"messages/{last_reply(thread).pk}/rating/")
    assert client.post(url, {"value": "1"}).status_code == 404
    assert client.post(url_of(lesson, "rating/"), {"value": "3"}).status_code == 404
    own = url_of(lesson, f"messages/{thread.messages.first().pk}/rating/")
    assert site(student).post(own, {"value": "1"}).status_code == 404


def test_a_talk_is_rated_once_it_is_long_enough(site, student, lesson):
    thread = thread_of(student, lesson, turns=3)
    assert not selectors.asks_for_rating(thread)
    thread_of(student, lesson)
    assert selectors.asks_for_rating(thread)
    client = site(student)
    assert "Did you understand it now?" in client.get(url_of(lesson)).content.decode()
    assert client.post(url_of(lesson, "rating/"), {"value": "6"}).status_code == 400
    assert client.post(url_of(lesson, "rating/"), {"value": "4"}).status_code == 302
    assert TalkRating.objects.get().value == 4
    assert not selectors.asks_for_rating(thread)
    thread_of(student, lesson, turns=4)
    assert selectors.asks_for_rating(thread)


def test_a_cleared_talk_is_seen_no_more(site, student, lesson):
    thread_of(student, lesson, at=NOW - timedelta(minutes=1))
    client = site(student)
    assert client.post(url_of(lesson, "clear/")).url == url_of(lesson)
    assert "Question 0" not in client.get(url_of(lesson)).content.decode()
    assert (
        "Stuck on something?"
        in client.post(url_of(lesson, "clear/"), headers=HTMX).content.decode()
    )


def test_a_message_without_a_reply_says_so(site, student, lesson):
    thread = thread_of(student, lesson)
    TutorMessage.objects.create(
        thread=thread, speaker=Speaker.STUDENT, text="And then?", created_at=NOW
    )
    assert "got no reply" in site(student).get(url_of(lesson)).content.decode()


# ── Figures for the teacher ───────────────────────────────────────────────────────────────────
def test_figures_name_no_single_student(lesson):
    for number in range(3):
        person = UserFactory()
        thread = thread_of(person, lesson, turns=2, citations=cited(lesson))
        thread.messages.filter(speaker=Speaker.STUDENT).update(score=number / 2)
        services.rate_talk(thread=thread, value=number + 2, at=NOW)
        if number < 2:
            found = selectors.figures_of(lesson)
            assert (found.understood, found.rating, found.passages) == (None, None, [])
    thread_of(UserFactory(), lesson, citations=cited(lesson, "Another part"))
    thread_of(lesson.course.owner, lesson, turns=9, citations=cited(lesson))
    found = selectors.figures_of(lesson)
    assert (found.questions, found.students, found.ratings) == (7, 4, 3)
    assert (found.understood, found.rating) == (0.5, 3.0)
    assert found.passages == [("How cells divide", 3)]
    assert selectors.figures_of(LessonFactory()).questions == 0


def test_the_teacher_sees_the_figures_beside_the_quiz(site, teacher, stranger, lesson):
    lesson.course.owner = teacher
    lesson.course.save()
    for _number in range(3):
        thread = thread_of(UserFactory(), lesson, citations=cited(lesson))
        thread.messages.filter(speaker=Speaker.STUDENT).update(score=1, text="A secret question")
    QuizFactory(lesson=lesson)
    page = site(teacher).get(f"/studio/lessons/{lesson.pk}/quiz/statistics/").content.decode()
    assert "Asked of the tutor" in page and "by 3 students" in page and "100%" in page
    assert "How cells divide" in page and "A secret question" not in page


@pytest.mark.parametrize("wants", [{}, STREAM])
def test_a_key_that_cannot_be_stored_is_told(site, student, lesson, wants):
    said = {"text": "How do cells divide?", "key": "a\x00b"}
    answer = site(student).post(url_of(lesson, "messages/"), said, headers=wants)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert b"be stored." in body
    assert not TutorMessage.objects.exists()


# ── The operators' page ───────────────────────────────────────────────────────────────────────
REPLIES = "/admin/learning/tutormessage/"


def test_operators_read_replies_with_their_ratings(site, moderator, student, lesson):
    first = thread_of(student, lesson, turns=2, text="A reply to be read")
    services.rate_reply(message=last_reply(first), value=-1, reason="told", comment="Oh", at=NOW)
    other = thread_of(
        UserFactory(), lesson, engine="big", prompt_version="2", faults=["says the answer"]
    )
    services.rate_reply(message=last_reply(other), value=1, at=NOW)
    page = site(moderator).get(REPLIES)
    text = page.content.decode()
    assert page.context["prompts"]["rows"] == [
        ["2", "big", 1, "1 (100%)", "0 (0%)", "–", "1 (100%)"],
        ["1", "offline", 2, "0 (0%)", "1 (100%)", "It gives too much away: 1", "0 (0%)"],
    ]
    assert "A reply to be read" in text and "Oh" in text
    assert student.name not in text and student.email not in text
    found = site(moderator).get(REPLIES, {"faulty": "yes"}).content.decode()
    assert "A reply to be read" not in found


def test_what_students_wrote_is_for_admins(site, moderator, admin, student, lesson):
    one = f"{REPLIES}{last_reply(thread_of(student, lesson)).pk}/change/"
    for address in (REPLIES, one):
        assert "Question 0" not in site(moderator).get(address).content.decode()
        text = site(admin).get(address).content.decode()
        assert "Question 0" in text and student.name not in text and student.email not in text


def test_the_operators_page_is_for_operators(site, teacher, moderator, lesson):
    assert "Nobody has asked" in site(moderator).get(REPLIES).content.decode()
    assert site(moderator).get(f"{REPLIES}add/").status_code == 403
    assert site(teacher).get(REPLIES).status_code == 302


def test_the_operators_page_needs_constant_queries(site, moderator, student, lesson):
    client = site(moderator)

    def queries():
        with CaptureQueriesContext(connection) as made:
            client.get(REPLIES)
        return len(made)

    thread_of(student, lesson)
    queries()
    few = queries()
    services.rate_reply(message=last_reply(thread_of(student, lesson, turns=5)), value=1, at=NOW)
    assert queries() == few
