"""Pages for files: who may, what is told of a bad one, and nothing before it is confirmed."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.core.models import Job
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.learning.models import Card, Import, Note, Question
from apps.learning.services import imports
from apps.learning.services.notes import add_note
from apps.learning.services.questions import add_question
from apps.learning.tests.factories import DRAFTS

GIFT = "[plain]Sure <script>? {T}\n\nWhich {=a ~b####so}\n\nBroken {T"


@pytest.fixture
def course(teacher):
    return CourseFactory(owner=teacher)


def bank(name, course, *more):
    return reverse(f"learning:questions_{name}", args=[course.pk, *more])


def upload(content, name="a.gift"):
    content = content.encode() if isinstance(content, str) else content
    return {"file": SimpleUploadedFile(name, content)}


class TestQuestions:
    def test_from_a_file_to_drafts(self, site, teacher, course):
        client = site(teacher)
        assert client.get(bank("import", course)).status_code == 200
        answer = client.post(bank("import", course), upload(GIFT))
        assert answer.status_code == 302
        assert not Question.objects.exists()
        page = client.get(answer.url)
        text = page.content.decode()
        assert "2 questions in the file" in text
        assert "line 5" in text
        assert "&lt;script&gt;" in text
        assert "<script>?" not in text
        for _twice in range(2):
            client.post(answer.url, {"lesson": "none"})
        assert Question.objects.count() == 2
        assert "2 questions are drafts now" in client.get(answer.url).content.decode()

    def test_pasted_into_a_quiz(self, site, teacher, course):
        lesson = LessonFactory(course=course)
        client = site(teacher)
        answer = client.post(bank("import", course), {"text": "Sure? {T}"})
        client.post(answer.url, {"lesson": lesson.pk})
        assert Question.objects.get().quiz.lesson == lesson

    def test_a_foreign_lesson_is_told(self, site, teacher, course):
        client = site(teacher)
        answer = client.post(bank("import", course), {"text": "Sure? {T}"})
        assert client.post(answer.url, {"lesson": LessonFactory().pk}).status_code == 422
        assert not Question.objects.exists()

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({}, "file"),
            (upload(b""), "file"),
            (upload("Вопрос".encode("cp1251")), "file"),
            (upload(b"<!DOCTYPE q [<!ENTITY a 'b'>]><quiz>&a;</quiz>", "a.xml"), "file"),
            (upload(b"x" * (2 * 1024 * 1024 + 1)), "file"),
            ({"text": "<html></html>"}, "text"),
        ],
    )
    def test_a_bad_file_is_told(self, site, teacher, course, data, field):
        answer = site(teacher).post(bank("import", course), data)
        assert answer.status_code == 422
        assert answer.context["form"].errors[field]
        assert not Import.objects.exists()

    def test_others_find_nothing(self, site, teacher, stranger, student, course):
        kept = imports.keep_questions(
            owner=teacher, course=course, name="", content=b"Sure? {T}", at=timezone.now()
        )
        preview = bank("import_preview", course, kept.pk)
        paths = [bank("import", course), preview, bank("export", course)]
        other = CourseFactory().owner
        for person, status in ((other, 404), (student, 403)):
            client = site(person)
            assert {client.get(path).status_code for path in paths} == {status}
            assert client.post(preview, {"lesson": "none"}).status_code == status
        assert not Question.objects.exists()
        elsewhere = CourseFactory(owner=teacher)
        assert site(teacher).get(bank("import_preview", elsewhere, kept.pk)).status_code == 404

    def test_many_come_page_by_page(self, site, teacher, course):
        client = site(teacher)
        text = "\n\n".join(f"Q{n}? {{T}}" for n in range(70))
        answer = client.post(bank("import", course), {"text": text})
        rows = client.get(f"{answer.url}?from=60", headers={"HX-Request": "true"})
        assert "Q60?" in rows.content.decode()
        assert "Q59?" not in rows.content.decode()
        client.post(answer.url, {"lesson": "none"})
        state = client.get(answer.url, headers={"HX-Request": "true"}).content.decode()
        assert "hx-trigger" in state
        Job.objects.update(status=Job.Status.FAILED)
        assert "It stopped" in client.get(answer.url).content.decode()

    @pytest.mark.parametrize(
        ("kind", "start"), [("gift", b"$CATEGORY"), ("moodle", b"<?xml version")]
    )
    def test_out_as_a_file(self, site, teacher, course, kind, start):
        for draft in DRAFTS.values():
            add_question(course=course, draft=draft, editor=teacher, at=timezone.now())
        client = site(teacher)
        page = client.get(bank("export", course)).content.decode()
        assert "have no form in GIFT" in page
        answer = client.get(bank("export", course), {"format": kind})
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer.content.startswith(start)
        assert client.get(bank("export", course), {"format": "pdf"}).status_code == 422
        again = client.post(bank("import", course), upload(answer.content))
        assert client.get(again.url).context["there"] == {"gift": 5, "moodle": 8}[kind]


class TestCards:
    import_url = "/cards/import/"
    export_url = "/cards/export/"

    def test_from_a_table_to_cards(self, site, student):
        client = site(student)
        answer = client.post(self.import_url, upload("front,back\na,b\n,c", "a.csv"))
        assert not Note.objects.exists()
        page = client.get(answer.url).content.decode()
        assert "1 card in the file" in page
        assert "line 3" in page
        for _twice in range(2):
            client.post(answer.url, {"course": "none"})
        assert Note.objects.get().student == student
        assert "1 card is yours now" in client.get(answer.url).content.decode()

    def test_a_deck_out_and_in(self, site, student, stranger):
        for n in range(3):
            add_note(student=student, kind="basic", front=f"q{n}", back="a", at=timezone.now())
        answer = site(student).get(self.export_url, {"deck": "all", "format": "apkg"})
        assert answer["Content-Disposition"] == 'attachment; filename="cards.apkg"'
        assert zipfile.is_zipfile(io.BytesIO(answer.content))
        client = site(stranger)
        preview = client.post(self.import_url, upload(answer.content, "cards.apkg"))
        assert "3 cards in the file" in client.get(preview.url).content.decode()
        client.post(preview.url, {"course": "none", "schedule": "on"})
        assert Card.objects.visible_to(stranger).count() == 3

    def test_a_table_out_holds_no_formulas(self, site, student):
        add_note(student=student, kind="basic", front="=1+1", back="-2", at=timezone.now())
        answer = site(student).get(self.export_url, {"deck": "none", "format": "csv"})
        assert answer.content.decode().splitlines()[1] == "'=1+1,'-2,Without a course"

    @pytest.mark.parametrize(
        "data",
        [
            {},
            upload(b"PK\x03\x04broken", "a.apkg"),
            upload("Вопрос".encode("cp1251")),
            {"text": "  "},
        ],
    )
    def test_a_bad_file_is_told(self, site, student, data):
        answer = site(student).post(self.import_url, data)
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]
        assert not Import.objects.exists()

    def test_others_find_nothing(self, site, student, stranger):
        kept = imports.keep_cards(owner=student, name="", content=b"a,b", at=timezone.now())
        client = site(stranger)
        url = reverse("learning:cards_import_preview", args=[kept.pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"course": "none"}).status_code == 404
        assert not Note.objects.exists()

    def test_a_course_without_a_seat_is_told(self, site, student):
        client = site(student)
        answer = client.post(self.import_url, {"text": "a,b"})
        assert client.post(answer.url, {"course": str(CourseFactory().pk)}).status_code == 422
        assert not Note.objects.exists()

    def test_nothing_to_take_out(self, site, student):
        client = site(student)
        assert "There are no cards yet" in client.get(self.export_url).content.decode()
        assert client.get(self.export_url, {"deck": "all", "format": "apkg"}).status_code == 200
