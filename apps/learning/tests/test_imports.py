"""Files brought in: nothing before it is confirmed, once however often, and what was left out told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core import jobs
from apps.core.errors import Invalid, TooMany
from apps.core.models import Job
from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning import personal_data
from apps.learning.formats import apkg, csv_cards
from apps.learning.formats.cards import BASIC, CLOZE, FileCard, FileNote
from apps.learning.models import Card, Import, Note, Question, Quiz
from apps.learning.selectors.card_files import notes_for_file
from apps.learning.selectors.schedule import schedule_of
from apps.learning.services import imports
from apps.learning.services.imports import confirmed
from apps.learning.services.notes import add_note
from apps.learning.services.questions import add_question, retire_question
from apps.learning.services.reviews import review_card, suspend_card
from apps.learning.tests.factories import DRAFTS

AT = timezone.now()
GIFT = "Sure? {T}\n\nReally? {F}\n\nEssay {}"


@pytest.fixture
def course(teacher):
    return CourseFactory(owner=teacher)


def keep(course, content=GIFT, **fields):
    values = {"owner": course.owner, "course": course, "name": "a.gift", "at": AT} | fields
    return imports.keep_questions(content=content.encode(), **values)


def take(kept, **choices):
    return imports.confirm(
        kept=kept, choices={"lesson": None, "duplicates": False} | choices, at=AT
    )


class TestQuestions:
    def test_nothing_is_written_before_it_is_confirmed(self, course):
        kept = keep(course)
        assert (kept.count, kept.problems[0][0], kept.format) == (2, 5, "gift")
        assert not Question.objects.exists()
        assert not Quiz.objects.exists()

    def test_confirmed_they_are_drafts_once(self, course):
        kept = keep(course)
        take(kept)
        done = take(kept)
        assert done.result == {"added": 2, "beside": 0, "there": 0, "refused": 0}
        found = list(Question.objects.values_list("status", "quiz", "current__text"))
        assert found == [("draft", None, "Sure?"), ("draft", None, "Really?")]
        assert bytes(done.content) == b""

    def test_into_a_quiz_and_beside_a_full_one(self, course, monkeypatch):
        monkeypatch.setattr("apps.learning.services.imports.questions.MAX_IN_QUIZ", 1)
        lesson = LessonFactory(course=course)
        done = take(keep(course), lesson=lesson.pk)
        assert (done.result["added"], done.result["beside"]) == (2, 1)
        assert [q.quiz_id is None for q in Question.objects.in_order()].count(True) == 1
        assert set(Question.objects.values_list("lesson", flat=True)) == {lesson.pk}

    def test_a_lesson_of_another_course_is_none(self, course):
        take(keep(course), lesson=LessonFactory().pk)
        assert not Quiz.objects.exists()

    def test_duplicates_are_left_out_unless_wanted(self, course):
        take(keep(course))
        assert take(keep(course, "sure? {T}\n\nSure? {F}\n\nSure? {F}")).result["there"] == 2
        assert take(keep(course), duplicates=True).result["added"] == 2

    def test_a_retired_one_may_come_back(self, course, teacher):
        draft = DRAFTS["true_false"]
        question = add_question(course=course, draft=draft, editor=teacher, at=AT)
        retire_question(question=question, at=AT)
        assert take(keep(course, "Ribosomes make ATP. {F}")).result["added"] == 1

    def test_moodle_is_told_by_its_beginning(self, course):
        xml = "<quiz><question type='essay'/></quiz>"
        assert keep(course, "\ufeff" + xml).format == "moodle"
        with pytest.raises(Invalid):
            keep(course, "<quiz/>")
        with pytest.raises(Invalid):
            keep(course, "   ")

    def test_many_are_taken_by_a_job_that_can_be_resumed(self, course, monkeypatch):
        monkeypatch.setattr(confirmed, "INLINE_QUESTIONS", 1)
        monkeypatch.setattr(confirmed, "CHUNK_QUESTIONS", 1)
        kept = take(keep(course, "A {T}\n\nB {T}\n\nC {T}"))
        assert (kept.taken, Question.objects.count()) == (0, 0)

        calls = []

        def dies(percent, **_kwargs):
            calls.append(percent)
            if len(calls) == 2:
                raise RuntimeError

        with pytest.raises(RuntimeError):
            imports.take(import_id=kept.pk, at=AT, report=dies)
        assert Question.objects.count() == 2
        jobs.run(kept.job_id)
        assert Job.objects.get(pk=kept.job_id).status == Job.Status.DONE
        assert Question.objects.count() == 3
        imports.take(import_id=kept.pk, at=AT)
        assert Question.objects.count() == 3

    def test_a_failed_job_is_gone_on_with(self, course, monkeypatch):
        monkeypatch.setattr(confirmed, "INLINE_QUESTIONS", 1)
        kept = take(keep(course))
        assert take(kept).job_id == kept.job_id
        Job.objects.filter(pk=kept.job_id).update(status=Job.Status.FAILED)
        again = take(kept)
        assert again.job_id != kept.job_id
        jobs.run(again.job_id)
        assert Question.objects.count() == 2

    def test_too_many_files_in_an_hour(self, course, monkeypatch):
        monkeypatch.setattr("apps.learning.services.imports.kept.FILES_PER_HOUR", 1)
        keep(course)
        with pytest.raises(TooMany):
            keep(course)

    def test_only_the_newest_wait(self, course, monkeypatch):
        monkeypatch.setattr("apps.learning.services.imports.kept.MAX_WAITING", 2)
        done = keep(course)
        take(done)
        keep(course)
        newest = [keep(course).pk, keep(course).pk]
        found = Import.objects.order_by("pk").values_list("pk", flat=True)
        assert list(found) == [done.pk, *newest]

    def test_forgotten_after_a_week(self, course):
        keep(course)
        imports.sweep_imports(at=AT + timedelta(days=6))
        assert Import.objects.exists()
        imports.sweep_imports(at=AT + timedelta(days=8))
        assert not Import.objects.exists()


# ── Cards ─────────────────────────────────────────────────────────────────────────────────────
def studied(student, course=None):
    """A deck with a history: graded, in its steps, forgotten, suspended, new."""
    sides = [(BASIC, f"**Q{n}**", f"A{n}") for n in range(4)]
    sides.append((CLOZE, "{{c1::a}} and {{c2::$x^2$}}", "extra"))
    for kind, front, back in sides:
        add_note(student=student, kind=kind, front=front, back=back, at=AT, course=course)
    cards = list(Card.objects.order_by("pk"))
    moment = AT
    for card, ratings in zip(cards, [[4, 3], [3], [4, 1], [2], [3, 3]], strict=False):
        for rating in ratings:
            moment += timedelta(days=3, minutes=7)
            review_card(card=Card.objects.get(pk=card.pk), rating=rating, at=moment)
    suspend_card(card=Card.objects.get(pk=cards[0].pk), at=moment)
    return moment


def schedules(student):
    rows = Card.objects.visible_to(student).order_by("note__front", "ordinal")
    found = rows.values_list(
        "note__kind", "note__front", "note__back", "ordinal", "state", "step", "stability",
        "difficulty", "due", "unplaced_due", "last_review", "reps", "lapses", "suspended_at",
    )  # fmt: skip
    suspended = [(*row[:-1], row[-1] is not None) for row in found]
    return [row if row[10] else (*row[:8], *row[10:]) for row in suspended]  # due is "now"


def written(student, at):
    schedule = schedule_of(student)
    return apkg.write(
        notes_for_file(student, everything=True, no_course="Mine"),
        render=lambda text: f"<p>{text}</p>",
        retention=schedule.retention,
        zone=schedule.zone,
        day_start=schedule.day_start,
        at=at,
    )


def bring(owner, content, name="a.apkg", **choices):
    kept = imports.keep_cards(owner=owner, name=name, content=content, at=AT)
    values = {"match": False, "course": None, "schedule": True} | choices
    return imports.confirm(kept=kept, choices=values, at=AT)


class TestDecks:
    def test_a_deck_has_the_same_schedule_elsewhere(self, student, stranger):
        moment = studied(student)
        done = bring(stranger, written(student, moment))
        assert done.result == {"notes": 5, "cards": 6, "there": 0, "refused": 0}
        assert schedules(stranger) == schedules(student)
        assert all(note.source == "import" for note in Note.objects.visible_to(stranger))

    def test_nothing_before_it_is_confirmed(self, student, stranger):
        content = written(student, studied(student))
        kept = imports.keep_cards(owner=stranger, name="", content=content, at=AT)
        assert kept.figures["cards"] == 6
        assert kept.figures["suspended"] == 1
        assert not Note.objects.visible_to(stranger).exists()

    def test_again_brings_nothing(self, student, stranger):
        content = written(student, studied(student))
        bring(stranger, content)
        assert bring(stranger, content).result == {"notes": 0, "cards": 0, "there": 5, "refused": 0}
        assert bring(student, content).result["there"] == 5

    def test_a_deleted_note_comes_back(self, student):
        content = written(student, studied(student))
        Note.objects.visible_to(student).filter(front="**Q1**").delete()
        assert bring(student, content).result == {"notes": 1, "cards": 1, "there": 4, "refused": 0}
        assert bring(student, content).result["there"] == 5

    def test_without_the_schedule_all_is_new(self, student, stranger):
        bring(stranger, written(student, studied(student)), schedule=False)
        cards = Card.objects.visible_to(stranger)
        assert set(cards.values_list("reps", "stability", "suspended_at")) == {(0, None, None)}
        assert {card.due for card in cards} == {AT}

    def test_decks_find_their_courses(self, student, stranger, course):
        for person in (student, stranger):
            EnrollmentFactory(student=person, course=course)
        content = written(student, studied(student, course))
        bring(stranger, content, match=True)
        assert set(Note.objects.visible_to(stranger).values_list("course", flat=True)) == {
            course.pk
        }
        assert set(Card.objects.visible_to(stranger).values_list("course", flat=True)) == {
            course.pk
        }

    def test_a_course_without_a_seat_is_none(self, student, stranger, course):
        bring(stranger, written(student, studied(student)), course=course.pk)
        assert set(Note.objects.visible_to(stranger).values_list("course", flat=True)) == {None}

    def test_the_log_goes_along(self, student):
        studied(student)
        found = notes_for_file(student, everything=True)
        log = [review for note in found for card in note.cards for review in card.reviews]
        assert len(log) == 8
        assert log[0].state_before is None
        assert log[1].interval_before > 0

    def test_large_ones_in_a_few_queries(self, student, django_assert_max_num_queries):
        notes = [FileNote(f"k{n}", "D", BASIC, f"q{n}", "a", (FileCard(),)) for n in range(1000)]
        with django_assert_max_num_queries(12):
            took = imports.import_notes(student=student, notes=notes, kind="apkg", at=AT)
        assert (took.notes, took.cards) == (1000, 1000)


class TestTables:
    def test_in_and_again(self, student):
        text = b"front,back\na,b\n{{c1::x}},\n,lonely"
        done = bring(student, text, name="a.csv")
        assert done.result == {"notes": 2, "cards": 2, "there": 0, "refused": 0}
        assert done.problems[0][0] == 4
        assert bring(student, text).result["notes"] == 0

    def test_own_export_brings_nothing(self, student, stranger):
        studied(student)
        table = csv_cards.write(notes_for_file(student, everything=True)).encode()
        assert bring(student, table).result == {"notes": 0, "cards": 0, "there": 5, "refused": 0}
        assert bring(stranger, table).result["notes"] == 5


def test_kept_files_are_told_and_forgotten(student):
    imports.keep_cards(owner=student, name="deck.csv", content=b"a,b", at=AT)
    assert personal_data.export(student)["imports"][0]["name"] == "deck.csv"
    personal_data.erase(student, AT)
    assert not Import.objects.exists()
