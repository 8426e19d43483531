"""Own notes and bookmarks: kept once, never overwritten unseen, nobody else's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core.errors import Conflict, Invalid, NotFound
from apps.courses.tests.factories import CourseFactory, DraftFactory, LessonFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning import personal_annotations
from apps.learning.models import Annotation, Card, Note
from apps.learning.selectors import annotations as selectors
from apps.learning.services import annotations as services
from apps.learning.services.annotations import Spot

pytestmark = pytest.mark.django_db
NOW = timezone.now()
KEY = "0123456789abcdef0123456789abcdef"
JSON = {"Accept": "application/json"}
TEXT = "Sampling pulls the mean toward the truth.\n\n## Why the root\n\nErrors cancel partly."


@pytest.fixture
def lesson(student):
    found = LessonFactory(title="The standard error", content=TEXT)
    EnrollmentFactory(student=student, course=found.course)
    return found


@pytest.fixture
def note(student, lesson):
    return annotated(student, lesson, "Ask Pavel.", quote="Errors cancel partly.", start=55)


def annotated(student, lesson, text="", key="", **spot):
    made, _new = services.annotate(
        student=student, lesson=lesson, text=text, spot=Spot(**spot), key=key, at=NOW
    )
    return made


def url_of(lesson, tail=""):
    return f"/learn/{lesson.course.slug}/{lesson.pk}/notes/{tail}"


# ── Services ──────────────────────────────────────────────────────────────────────────────────
def test_sent_twice_it_is_made_once(student, lesson):
    first = annotated(student, lesson, " Words ", key=KEY)
    again, made = services.annotate(student=student, lesson=lesson, text="Others", key=KEY, at=NOW)
    assert (again, made, first.text) == (first, False, "Words")
    assert Annotation.objects.get().lesson_title == "The standard error"


def test_the_key_of_one_person_is_free_for_another(student, stranger, lesson):
    assert annotated(student, lesson, key=KEY) != annotated(stranger, lesson, key=KEY)


def test_what_was_changed_elsewhere_is_not_overwritten(note):
    at = NOW + timedelta(minutes=1)
    changed = services.change_annotation(annotation=note, text="One", seen=1, at=at)
    assert (changed.text, changed.revision, changed.updated_at) == ("One", 2, at)
    with pytest.raises(services.ChangedMeanwhile):
        services.change_annotation(annotation=note, text="Two", seen=1, at=at)
    again = services.change_annotation(annotation=note, text="One", seen=1, at=at)
    assert (again.text, again.revision) == ("One", 2)  # the answer to the first was lost


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_at_once_one_is_told(student, lesson):
    note = annotated(student, lesson, "Before")

    def save(text):
        try:
            services.change_annotation(annotation=note, text=text, seen=1, at=NOW)
        except services.ChangedMeanwhile:
            return "told"
        finally:
            connection.close()
        return text

    with ThreadPoolExecutor(4) as pool:
        saved = list(pool.map(save, ["a", "b", "c", "d"]))
    note.refresh_from_db()
    assert saved.count("told") == 3
    assert note.text in saved
    assert note.revision == 2


def test_limits(student, lesson, monkeypatch):
    for text in ("x" * 8001, "я" * 8001):
        with pytest.raises(Invalid) as told:
            annotated(student, lesson, text)
        assert "text" in told.value.errors
    with pytest.raises(Invalid):
        annotated(student, lesson, quote="q" * 1001)
    monkeypatch.setattr(services, "MAX_PER_LESSON", 1)
    annotated(student, lesson)
    with pytest.raises(Invalid):
        annotated(student, lesson)
    annotated(student, LessonFactory())


def test_deleted_and_brought_back(student, stranger, note):
    services.delete_annotation(annotation=note)
    with pytest.raises(NotFound):
        services.delete_annotation(annotation=note)
    with pytest.raises(NotFound):
        services.change_annotation(annotation=note, text="New", seen=1, at=NOW)
    with pytest.raises(Conflict):
        services.restore_annotation(student=stranger, annotation_id=note.pk)
    back = services.restore_annotation(student=student, annotation_id=note.pk)
    assert (back.pk, back.text, back.quote) == (note.pk, note.text, note.quote)
    with pytest.raises(Conflict):
        services.restore_annotation(student=student, annotation_id=note.pk)


# ── Beside the lesson ─────────────────────────────────────────────────────────────────────────
def test_what_was_deleted_takes_its_room_again(student, lesson, monkeypatch):
    monkeypatch.setattr(services, "MAX_PER_LESSON", 1)
    gone = annotated(student, lesson, "One")
    services.delete_annotation(annotation=gone)
    annotated(student, lesson, "Two")
    with pytest.raises(Invalid):
        services.restore_annotation(student=student, annotation_id=gone.pk)


def test_a_student_keeps_so_many_notes(student, lesson, monkeypatch):
    monkeypatch.setattr(services, "MAX_PER_STUDENT", 1)
    annotated(student, lesson, "One")
    with pytest.raises(Invalid):
        annotated(student, LessonFactory(course=lesson.course), "Two")


def test_the_lesson_shows_own_notes_along_the_text(site, student, stranger, lesson, note):
    annotated(student, lesson, "At the beginning", quote="Sampling", start=0)
    annotated(student, lesson, "On all of it")
    annotated(stranger, lesson, "Not mine")
    found = [each.text for each in selectors.annotations_in(student, lesson)]
    assert found == ["On all of it", "At the beginning", "Ask Pavel."]
    page = site(student).get(f"/learn/{lesson.course.slug}/{lesson.pk}/").content.decode()
    assert 'data-quote="Errors cancel partly."' in page and "Ask Pavel." in page
    assert "Not mine" not in page


def test_a_visitor_has_no_notes(client):
    lesson = LessonFactory(is_preview=True)
    page = client.get(f"/learn/{lesson.course.slug}/{lesson.pk}/").content.decode()
    assert "data-notes" not in page
    assert client.post(url_of(lesson)).status_code == 302


def test_a_note_is_written_by_form_and_by_script(site, student, lesson):
    client = site(student)
    page = client.get(url_of(lesson)).content.decode()
    assert "<option>Why the root</option>" in page
    answer = client.post(url_of(lesson), {"text": "By form\r\nin lines", "section": "Why the root"})
    assert answer.url == url_of(lesson)
    fields = {"text": "**By** script", "quote": "Errors", "start": "55", "key": KEY}
    for _time in range(2):
        answer = client.post(url_of(lesson), fields, headers=JSON)
        assert answer.status_code == 200
    assert answer.json()["revision"] == 1
    assert "<strong>By</strong> script" in answer.json()["html"]
    assert [
        (note.text, note.section, note.start) for note in Annotation.objects.order_by("pk")
    ] == [
        ("By form\nin lines", "Why the root", None),
        ("**By** script", "", 55),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "x" * 8001),
        ("quote", "x" * 1001),
        ("start", "-1"),
        ("start", "99999999999"),
        ("second", "3 minutes"),
        ("key", "<script>"),
    ],
)
def test_bad_input_is_told(site, student, lesson, field, value):
    client = site(student)
    answer = client.post(url_of(lesson), {field: value}, headers=JSON)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]
    assert client.post(url_of(lesson), {field: value}).status_code == 422
    assert not Annotation.objects.exists()


@pytest.mark.parametrize(("typed", "second"), [("3:07", 187), ("1:02:03", 3723), ("", None)])
def test_a_moment_of_the_video(site, student, lesson, typed, second):
    site(student).post(url_of(lesson), {"text": "Look", "second": typed})
    assert Annotation.objects.get().second == second


def test_html_in_a_note_is_text(site, student, lesson):
    fields = {"text": "<img src=x onerror=alert(1)>", "quote": '"><script>alert(1)</script>'}
    html = site(student).post(url_of(lesson), fields, headers=JSON).json()["html"]
    assert "<script" not in html and "<img" not in html


def test_whoever_may_not_read_the_lesson_writes_nothing(site, stranger, lesson):
    client = site(stranger)
    assert client.post(url_of(lesson), {"text": "Hm"}).status_code == 403
    hidden = LessonFactory(course=DraftFactory())
    assert client.post(url_of(hidden), {"text": "Hm"}).status_code == 404
    assert not Annotation.objects.exists()


# ── One note ──────────────────────────────────────────────────────────────────────────────────
def test_a_note_is_changed_by_script(site, student, note):
    client, url = site(student), f"/notes/{note.pk}/"
    answer = client.post(url, {"text": "Asked.", "seen": 1}, headers=JSON)
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    answer = client.post(url, {"text": "Lost?", "seen": 1}, headers=JSON)
    assert answer.status_code == 409
    assert (answer.json()["text"], answer.json()["revision"]) == ("Asked.", 2)
    assert client.post(url, {"text": "Kept", "seen": 2}, headers=JSON).status_code == 200
    assert client.post(url, {"text": "Kept"}, headers=JSON).status_code == 422


def test_a_form_sees_what_was_changed_elsewhere(site, student, note):
    services.change_annotation(annotation=note, text="Theirs", seen=1, at=NOW)
    client, url = site(student), f"/notes/{note.pk}/"
    answer = client.post(url, {"text": "Mine", "seen": 1})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page and "Mine" in page and 'value="2"' in page
    assert client.post(url, {"text": "Mine", "seen": 2}).url == "/notes/"


def test_deleting_can_be_undone(site, student, note):
    client = site(student)
    assert client.post(f"/notes/{note.pk}/delete/").url == f"/notes/?deleted={note.pk}"
    assert f"/notes/{note.pk}/restore/" in client.get(f"/notes/?deleted={note.pk}").content.decode()
    assert client.post(f"/notes/{note.pk}/restore/").url == "/notes/"
    answer = client.post(f"/notes/{note.pk}/delete/", headers=JSON)
    assert answer.json() == {"undo": f"/notes/{note.pk}/restore/"}
    answer = client.post(answer.json()["undo"], headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    answer = client.post(f"/notes/{note.pk}/delete/", headers={"HX-Request": "true"})
    assert "Undo" in answer.headers["HX-Trigger"]


@pytest.mark.parametrize("tail", ["", "delete/", "restore/", "card/"])
def test_a_foreign_note_is_not_there(site, stranger, note, tail):
    fields = {"text": "Mine now", "seen": 1, "front": "f", "back": "b"}
    status = 409 if tail == "restore/" else 404
    assert site(stranger).post(f"/notes/{note.pk}/{tail}", fields).status_code == status
    note.refresh_from_db()
    assert note.text == "Ask Pavel."


# ── Cards ─────────────────────────────────────────────────────────────────────────────────────
def test_a_note_becomes_a_card(site, student, lesson, note):
    client, url = site(student), f"/notes/{note.pk}/card/"
    page = client.get(url).content.decode()
    assert "Errors cancel partly." in page
    assert client.post(url, {"front": "What do errors do?", "back": ""}).status_code == 422
    assert client.post(url, {"front": "What do errors do?", "back": "Cancel."}).status_code == 302
    made = Note.objects.get()
    assert (made.front, made.lesson_id, made.course_id) == (
        "What do errors do?",
        lesson.pk,
        lesson.course_id,
    )
    assert Card.objects.get().student == student


def test_selected_words_become_a_card(site, student, stranger, lesson):
    client, url = site(student), url_of(lesson, "card/")
    answer = client.post(url, {"front": "Why?", "back": "Errors cancel partly."})
    assert answer.status_code == 200 and "dialog:close" in answer.headers["HX-Trigger"]
    assert Note.objects.get().lesson == lesson
    assert client.post(url, {"front": " ", "back": "x"}).status_code == 422
    assert site(stranger).post(url, {"front": "Why?", "back": "x"}).status_code == 403


# ── All notes ─────────────────────────────────────────────────────────────────────────────────
def test_all_notes_by_course_and_words(site, student, stranger, lesson, note):
    other = annotated(student, LessonFactory(title="Loops"), "while and for")
    annotated(stranger, lesson, "Not mine")
    client = site(student)
    page = client.get("/notes/").content.decode()
    assert "Ask Pavel." in page and "while and for" in page and "Not mine" not in page
    page = client.get("/notes/", {"q": "cancel pavel"}).content.decode()
    assert "Ask Pavel." in page and "while and for" not in page
    page = client.get("/notes/", {"course": other.course_id}).content.decode()
    assert "while and for" in page and "Ask Pavel." not in page
    assert "No note has these words" in client.get("/notes/", {"q": "zebra"}).content.decode()
    assert client.get("/notes/", {"course": "x", "cursor": "broken"}).status_code == 400


def test_notes_outlive_the_access_and_the_lesson(site, student, lesson, note):
    client = site(student)
    link = f'href="/learn/{lesson.course.slug}/{lesson.pk}/"'
    assert link in client.get("/notes/").content.decode()
    lost = annotated(student, LessonFactory(title="Paid"), "Still mine", quote="Words")
    page = client.get("/notes/").content.decode()
    assert "Still mine" in page and "no longer open to you" in page
    lost.course.lessons.all().delete()
    page = client.get("/notes/").content.decode()
    assert "Still mine" in page and "Paid" in page
    assert client.post(f"/notes/{lost.pk}/", {"text": "More", "seen": 1}).status_code == 302
    client.post(f"/notes/{lost.pk}/card/", {"front": "f", "back": "b"})
    assert Note.objects.get().lesson is None


def test_notes_are_paged_with_constant_queries(site, student, lesson):
    client = site(student)

    def queries():
        with CaptureQueriesContext(connection) as made:
            client.get("/notes/")
        return len(made)

    annotated(student, lesson, "one")
    queries()
    few = queries()
    for number in range(60):
        annotated(student, lesson, f"number {number}")
    annotated(student, LessonFactory(), "another course")
    assert queries() == few
    page = client.get("/notes/").content.decode()
    assert "Show more" in page


def test_notes_leave_as_markdown(site, student, lesson, note):
    annotated(student, lesson, second=187)
    annotated(student, lesson, section="Why the root")
    answer = site(student).get("/notes/export/")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.content.decode() == (
        f"# My notes\n\n## {lesson.course.title}\n\n### The standard error\n\n"
        "*Why the root*\n\n(bookmark)\n\n> Errors cancel partly.\n\nAsk Pavel.\n\n"
        "*3:07*\n\n(bookmark)\n"
    )


def test_without_notes_the_page_invites(site, student):
    assert "Your notes will be here" in site(student).get("/notes/").content.decode()
    assert site(student).get("/notes/export/").content.decode() == "# My notes\n"


def test_notes_are_handed_out_and_erased(student, stranger, note):
    annotated(stranger, LessonFactory(course=CourseFactory()), "Not mine")
    found = personal_annotations.export(student)["lesson_notes"]
    assert [(each["text"], each["quote"]) for each in found] == [
        ("Ask Pavel.", "Errors cancel partly.")
    ]
    personal_annotations.erase(student, NOW)
    assert list(Annotation.objects.values_list("student", flat=True)) == [stranger.pk]
