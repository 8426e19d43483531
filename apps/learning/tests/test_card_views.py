"""The site of cards: sessions with and without scripts, decks, writing, settings, figures."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.courses.tests.factories import CourseFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.models import Card, MemorySettings, Note, NoteKind, Review
from apps.learning.services.notes import add_note
from apps.learning.services.reviews import review_card, suspend_card

pytestmark = pytest.mark.django_db


def made(student, front="Where?", back="Here.", *, kind=NoteKind.BASIC, course=None, days_ago=1):
    """The cards of a new note."""
    at = timezone.now() - timedelta(days=days_ago)
    note, _made = add_note(student=student, kind=kind, front=front, back=back, course=course, at=at)
    return list(note.cards.order_by("ordinal"))


@pytest.fixture
def card(student):
    return made(student)[0]


@pytest.fixture
def course(student):
    return EnrollmentFactory(student=student).course


# ── The session ───────────────────────────────────────────────────────────────────────────────
def test_a_session_shows_the_front_and_keeps_others_in_hand(site, student):
    for number in range(3):
        made(student, f"Question {number}", f"**Answer** {number}")
    page = site(student).get("/review/").content.decode()
    first, ahead = page.split("<template data-ahead>")
    assert "Question 0" in first
    assert "<strong>Answer</strong> 0" in first  # there, and hidden until it is turned
    assert 'data-left="3"' in first
    assert ahead.count("data-ask") == 2


def test_without_scripts_a_card_is_turned_graded_and_taken_back(site, student, card):
    client = site(student)
    turned = client.get("/review/", {"card": card.pk, "turned": ""}).content.decode()
    assert re.search(r"data-front hidden", turned)
    answer = client.post(f"/review/{card.pk}/grade/", {"rating": 4, "reps": 0})
    assert (answer.status_code, answer["Location"]) == (302, "/review/")
    card.refresh_from_db()
    assert card.reps == 1
    assert client.get("/review/")["Location"] == "/review/done/"
    back = client.post("/review/undo/")
    assert back["Location"] == f"/review/?card={card.pk}&turned"
    card.refresh_from_db()
    assert (card.reps, card.last_review) == (0, None)


def test_a_grade_pressed_twice_counts_once(site, student, card):
    for _press in range(2):
        site(student).post(f"/review/{card.pk}/grade/", {"rating": 3, "reps": 0})
    assert Review.objects.count() == 1


def test_a_wrong_grade_is_refused(site, student, card):
    answer = site(student).post(f"/review/{card.pk}/grade/", {"rating": 5, "reps": 0})
    assert answer.status_code == 400
    assert not Review.objects.exists()


def test_a_cloze_asks_with_a_gap_and_marks_the_answer(site, student):
    made(student, "Paris is in {{c1::France::country}}.", "", kind=NoteKind.CLOZE)
    page = site(student).get("/review/").content.decode()
    assert "<strong>[country]</strong>" in page
    assert "<strong>France</strong>" in page


def test_what_students_write_is_no_markup(site, student):
    made(student, "<script>alert(1)</script>", "<b>x</b>")
    page = site(student).get("/review/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_steps_come_back_in_the_session_and_count(site, student, card):
    review_card(card=card, rating=1, at=timezone.now())
    page = site(student).get("/review/")
    assert page.status_code == 200
    assert 'data-left="1"' in page.content.decode()


def test_cards_in_hand_are_not_fetched_again(site, student):
    first, second = made(student)[0], made(student)[0]
    page = site(student).get("/review/cards/", {"skip": f"{first.pk},"}).content.decode()
    assert f'data-card="{second.pk}"' in page
    assert f'data-card="{first.pk}"' not in page
    of_note = site(student).get("/review/cards/", {"note": first.note_id}).content.decode()
    assert f'data-card="{first.pk}"' in of_note


@pytest.mark.parametrize("query", ["skip=x", "skip=-1", "note=0", "note=", "course=x"])
def test_nonsense_in_the_address_is_not_found(site, student, query):
    assert site(student).get(f"/review/cards/?{query}").status_code == 404


def test_a_deck_is_reviewed_alone(site, student, course):
    made(student, "Of no course")
    made(student, "Of the course", course=course)
    page = site(student).get("/review/", {"course": course.pk}).content.decode()
    assert "Of the course" in page
    assert "Of no course" not in page
    assert site(student).get("/review/?course=999999").status_code == 404


def test_words_without_end_are_not_all_looked_for(site, student):
    made(student, "one two three four five six seven eight nine ten")
    words = "one two three four five six seven eight nine ten " + "eleven " * 900
    with CaptureQueriesContext(connection) as captured:
        page = site(student).get("/cards/", {"q": words})
    assert "one two three" in page.content.decode()
    assert max(len(query["sql"]) for query in captured) < 10_000


def test_strangers_find_nothing_of_it(site, stranger, card):
    client = site(stranger)
    assert client.get("/review/")["Location"] == "/review/done/"
    assert client.post(f"/review/{card.pk}/grade/", {"rating": 3, "reps": 0}).status_code == 404
    assert client.get(f"/cards/{card.note_id}/").status_code == 404
    assert client.post(f"/cards/{card.note_id}/delete/").status_code == 404
    assert client.post("/cards/suspend/", {"card": card.pk}).status_code == 404
    assert client.post(f"/cards/suspended/{card.pk}/resume/").status_code == 404
    assert "data-ask" not in client.get(f"/review/cards/?note={card.note_id}").content.decode()
    assert Note.objects.filter(pk=card.note_id).exists()


def test_a_session_asks_as_often_for_many_as_for_few(site, student, django_assert_max_num_queries):
    client = site(student)
    made(student)
    client.get("/review/")
    for _number in range(8):
        made(student)
    with django_assert_max_num_queries(16):
        client.get("/review/")


# ── The end ───────────────────────────────────────────────────────────────────────────────────
def test_the_end_says_what_stayed_and_what_comes(site, student):
    now = timezone.now()
    old = made(student, "The **old** one", days_ago=20)[0]
    review_card(card=old, rating=4, at=now - timedelta(days=19))
    review_card(card=old, rating=3, at=now, duration_ms=60_000)
    forgotten = made(student, days_ago=20)[0]
    review_card(card=forgotten, rating=4, at=now - timedelta(days=12))
    review_card(card=made(student)[0], rating=4, at=now)
    review_card(card=forgotten, rating=1, at=now, duration_ms=60_000)
    review_card(card=forgotten, rating=4, at=now, duration_ms=60_000)
    page = site(student).get("/review/done/").content.decode()
    assert "3 cards" in page
    assert "3 min" in page.replace("\u00a0", " ")
    assert re.search(r"1 <small>of 2</small>", page)
    assert "Nearest to being forgotten: The old one" in page
    assert page.count('class="chart"') == 2
    assert "Tomorrow: " in page


def test_the_end_without_cards_says_where_they_come_from(site, student):
    page = site(student).get("/review/done/").content.decode()
    assert "No cards yet" in page


def test_the_end_with_nothing_due_says_when(site, student, card):
    review_card(card=card, rating=4, at=timezone.now() - timedelta(days=1, hours=6))
    page = site(student).get("/review/done/").content.decode()
    assert "Nothing to review now" in page
    assert "The next card comes back in" in page


# ── Counts in the header and on the first page ────────────────────────────────────────────────
def test_every_page_counts_what_is_due(site, student, card):
    EnrollmentFactory(student=student)
    page = site(student).get("/").content.decode()
    assert "1 to review" in page
    assert "1 card to review, about 1" in page
    suspend_card(card=card, at=timezone.now())
    page = site(student).get("/").content.decode()
    assert "to review" not in page


# ── Decks ─────────────────────────────────────────────────────────────────────────────────────
def test_decks_are_counted(site, student, course):
    made(student, course=course)
    made(student, course=course)
    made(student)
    page = site(student).get("/cards/").content.decode()
    assert course.title in page
    assert "Without a course" in page
    assert "3 cards to review" in page


def test_cards_are_found_by_words_of_either_side(site, student):
    made(student, "Capital of France", "Paris")
    made(student, "Capital of Spain", "Madrid")
    page = site(student).get("/cards/", {"q": "capital paris"}).content.decode()
    assert "Capital of France" in page
    assert "Capital of Spain" not in page
    assert "No card has these words" in site(student).get("/cards/?q=Lisbon").content.decode()


def test_a_deck_says_the_state_of_its_cards(site, student, course):
    old = made(student, "Due one", course=course)[0]
    Card.objects.filter(pk=old.pk).update(leech_at=timezone.now())
    suspend_card(card=made(student, "Sleeping", course=course)[0], at=timezone.now())
    page = site(student).get(f"/cards/decks/{course.pk}/").content.decode()
    assert "hard to keep" in page
    assert "suspended" in page
    assert site(student).get("/cards/decks/999999/").status_code == 404
    assert site(student).get("/cards/decks/0/").status_code == 200


# ── Writing ───────────────────────────────────────────────────────────────────────────────────
def test_a_card_is_written(site, student, course):
    data = {"kind": "basic", "front": "Why?", "back": "Because.", "course": course.pk}
    answer = site(student).post("/cards/new/", data)
    assert answer["Location"] == f"/cards/new/?kind=basic&course={course.pk}"
    assert Card.objects.get(student=student).course == course


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"kind": "basic", "front": "Why?", "back": ""}, "id_back_error"),
        ({"kind": "cloze", "front": "No gap", "back": ""}, "id_front_error"),
        ({"kind": "song", "front": "Why?", "back": "x"}, "song"),
    ],
)
def test_what_makes_no_card_is_told_at_its_field(site, student, data, told):
    answer = site(student).post("/cards/new/", data)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Card.objects.exists()


def test_a_card_belongs_to_no_foreign_course(site, student):
    data = {"kind": "basic", "front": "a", "back": "b", "course": CourseFactory().pk}
    assert site(student).post("/cards/new/", data).status_code == 422


def test_a_card_is_changed_within_a_review(site, student, card):
    headers = {"HX-Request": "true"}
    client = site(student)
    form = client.get(f"/cards/{card.note_id}/?next=review", headers=headers)
    assert "card-dialog" in form["HX-Trigger-After-Settle"]
    answer = client.post(
        f"/cards/{card.note_id}/?next=review", {"front": "New?", "back": "Yes."}, headers=headers
    )
    assert "note:changed" in answer["HX-Trigger"]
    card.note.refresh_from_db()
    assert card.note.front == "New?"
    plain = client.post(f"/cards/{card.note_id}/?next=review", {"front": "A", "back": "B"})
    assert plain["Location"] == "/review/"


def test_the_preview_shows_the_first_card(site, student):
    data = {"kind": "cloze", "front": "{{c2::b}} and {{c1::a}} $\\sqrt{2}$", "back": ""}
    page = site(student).post("/cards/preview/", data).content.decode()
    assert "<strong>[…]</strong>" in page
    assert "<strong>a</strong>" in page
    assert "<math" in page
    assert "2 cards; the first one" in page


# ── Suspending and deleting ───────────────────────────────────────────────────────────────────
def test_many_are_suspended_and_resumed(site, student):
    ids = [made(student)[0].pk for _number in range(2)]
    client = site(student)
    client.post("/cards/suspend/", {"card": ids, "do": "suspend", "next": "0"})
    assert Card.objects.filter(suspended_at__isnull=False).count() == 2
    client.post(f"/cards/suspend/?only={ids[0]}", {"card": ids, "do": "resume"})
    assert Card.objects.filter(suspended_at__isnull=False).count() == 1
    told = client.post("/cards/suspend/", {"card": ids[0]}, headers={"HX-Request": "true"})
    assert f"/cards/suspended/{ids[0]}/resume/" in told["HX-Trigger"]


def test_a_deleted_card_comes_back_with_its_past(site, student, card):
    review_card(card=card, rating=3, at=timezone.now())
    before = Card.objects.filter(pk=card.pk).values().get()
    client = site(student)
    answer = client.post(f"/cards/{card.note_id}/delete/", headers={"HX-Request": "true"})
    assert f"/cards/{card.note_id}/restore/" in answer["HX-Trigger"]
    assert not Card.objects.exists()
    assert client.post(f"/cards/{card.note_id}/restore/").status_code == 302
    assert Card.objects.filter(pk=card.pk).values().get() == before
    assert Review.objects.get().card_id == card.pk


def test_what_was_not_deleted_is_not_restored(site, student, stranger, card):
    assert site(student).post(f"/cards/{card.note_id}/restore/").status_code == 409
    site(student).post(f"/cards/{card.note_id}/delete/")
    assert site(stranger).post(f"/cards/{card.note_id}/restore/").status_code == 409


# ── Settings and figures ──────────────────────────────────────────────────────────────────────
def test_the_schedule_is_chosen(site, student):
    data = {"retention": 85, "day_start": 6, "cards_from_terms": "on"}
    assert site(student).post("/cards/settings/", data).status_code == 302
    chosen = MemorySettings.objects.get(student=student)
    assert (chosen.desired_retention, chosen.day_start) == (0.85, 6)
    assert (chosen.cards_from_mistakes, chosen.cards_from_terms) == (False, True)


@pytest.mark.parametrize(
    "data", [{"retention": 99, "day_start": 4}, {"retention": 90, "day_start": 24}]
)
def test_a_schedule_out_of_range_is_told(site, student, data):
    assert site(student).post("/cards/settings/", data).status_code == 422
    assert not MemorySettings.objects.exists()


def test_the_slider_tells_the_work(site, student, card):
    page = site(student).get("/cards/settings/work/", {"retention": 97}).content.decode()
    assert "reviews a day" in page
    assert site(student).get("/cards/settings/work/?retention=20").status_code == 400


def test_figures_have_findings_charts_and_tables(site, student, card):
    review_card(card=card, rating=3, at=timezone.now(), duration_ms=5000)
    page = site(student).get("/cards/stats/").content.decode()
    assert "You reviewed on 1 day of the last 30" in page
    assert "Too few reviews yet to say how much stays" in page
    assert page.count("<table") == 3  # what has nothing to show is a sentence alone


def test_figures_of_nobody_say_what_will_be_there(site, stranger):
    assert (
        "Your forgetting curve will be here" in site(stranger).get("/cards/stats/").content.decode()
    )
