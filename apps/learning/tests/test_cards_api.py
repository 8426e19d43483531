"""Cards through the API, by the contract."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.renderers import JSONRenderer

from apps.courses.tests.factories import CourseFactory
from apps.enrollment.tests.factories import EnrollmentFactory
from apps.learning.api.card_shapes import CardOut, shown
from apps.learning.models import Card, MemorySettings, Review
from apps.learning.selectors import cards as selectors

pytestmark = pytest.mark.django_db
CARD = set("id front back course source state due stability difficulty reps lapses".split())
FORM = {"front": "2 + 2", "back": "4"}


def made(client, **fields):
    answer = client.post("/api/flashcards", {**FORM, **fields})
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_card_is_made_listed_changed_and_deleted(api, student):
    client = api(student)
    course = EnrollmentFactory(student=student).course
    card = made(client, course=course.pk)
    assert set(card) >= CARD
    assert (card["front"], card["back"], card["course"]) == ("2 + 2", "4", course.pk)
    assert (card["source"], card["state"], card["reps"], card["stability"]) == ("own", 1, 0, None)
    other = made(client)
    assert [found["id"] for found in client.get("/api/flashcards").json()["results"]] == [
        other["id"],
        card["id"],
    ]
    of_course = client.get("/api/flashcards", {"course": course.pk}).json()["results"]
    assert [found["id"] for found in of_course] == [card["id"]]
    address = f"/api/flashcards/{card['id']}"
    changed = client.patch(address, {"back": "four", "course": None, "is_suspended": True}).json()
    assert (changed["front"], changed["back"], changed["course"]) == ("2 + 2", "four", None)
    assert changed["is_suspended"] is True
    assert client.delete(address).status_code == 204
    assert client.delete(address).status_code == 404


def test_a_cloze_makes_a_card_for_each_gap(api, student):
    client = api(student)
    first = made(client, kind="cloze", front="{{c1::Ink}} and {{c2::paper}}", back="")
    assert (first["front"], first["back"]) == ("**[…]** and paper", "**Ink** and paper")
    assert first["note"]["front"] == "{{c1::Ink}} and {{c2::paper}}"
    assert client.get("/api/flashcards/due").json()["count"] == 2
    changes = {"front": "Ink and {{c2::paper}}"}
    left = client.patch(f"/api/flashcards/{first['id']}", changes).json()
    assert left["front"] == "Ink and **[…]**"
    assert Card.objects.count() == 1


def test_a_card_is_due_graded_and_taken_back(api, student, deliver_all):
    client = api(student)
    card = made(client)
    due = client.get("/api/flashcards/due").json()
    assert due["count"] == 1
    [row] = due["results"]
    assert row["card"] == card
    assert row["preview"]["again"] == 60
    assert row["preview"]["good"] == 600
    address = f"/api/flashcards/{card['id']}"
    graded = client.post(f"{address}/review", {"rating": 4, "duration_ms": 3000}).json()
    assert (graded["state"], graded["reps"]) == (2, 1)
    assert graded["stability"] == pytest.approx(8.2956)
    assert client.get("/api/flashcards/due").json()["count"] == 0
    again = client.post(f"{address}/review", {"rating": 1}).json()  # due or not
    assert (again["state"], again["lapses"]) == (3, 1)
    assert client.post(f"{address}/undo").json() == graded
    assert client.post(f"{address}/undo").json() == card
    assert client.post(f"{address}/undo").status_code == 409
    deliver_all()


def test_a_grade_sent_twice_with_one_key_counts_once(api, student):
    client = api(student)
    address = f"/api/flashcards/{made(client)['id']}"
    for path, body in (("review", {"rating": 3}), ("undo", {})):
        first, again = (
            client.post(f"{address}/{path}", body, headers={"Idempotency-Key": "k"})
            for _ in range(2)
        )
        assert first.json() == again.json()
        assert again["Idempotency-Replayed"] == "true"
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "rating"),
        ({"rating": 5}, "rating"),
        ({"rating": 0}, "rating"),
        ({"rating": "4"}, "rating"),
        ({"rating": 3.0}, "rating"),
        ({"rating": None}, "rating"),
        ({"rating": True}, "rating"),
        ({"rating": 3, "duration_ms": -1}, "duration_ms"),
        ({"rating": 3, "duration_ms": 10**9}, "duration_ms"),
        ({"rating": 3, "duration_ms": "5"}, "duration_ms"),
        ({"rating": 3, "reviewed_at": "yesterday"}, "reviewed_at"),
    ],
)
def test_odd_grades_are_refused(api, student, body, field):
    client = api(student)
    answer = client.post(f"/api/flashcards/{made(client)['id']}/review", body)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not Review.objects.exists()


def test_a_grade_sent_late_counts_when_it_was_given(api, student):
    client = api(student)
    card = made(client)
    now = timezone.now()

    def reviewed(told):
        body = {"rating": 3, "reviewed_at": told.isoformat()}
        assert client.post(f"/api/flashcards/{card['id']}/review", body).status_code == 200
        return Review.objects.latest("pk").reviewed_at

    assert now - timedelta(days=7) <= reviewed(now - timedelta(days=30)) < now - timedelta(days=6)
    yesterday = now - timedelta(days=1)
    assert reviewed(yesterday) == yesterday
    assert reviewed(yesterday - timedelta(hours=1)) == yesterday  # never before the one before
    assert now <= reviewed(now + timedelta(days=1)) <= timezone.now()


def test_a_grade_sent_again_after_its_key_lapsed_counts_once(api, student):
    client = api(student)
    card = made(client)
    body = {"rating": 3, "reviewed_at": (timezone.now() - timedelta(days=3)).isoformat()}
    address = f"/api/flashcards/{card['id']}/review"
    for key in ("before", "after"):
        answer = client.post(address, body, headers={"Idempotency-Key": key})
        assert (answer.status_code, answer.json()["reps"]) == (200, 1)
    client.post(f"/api/flashcards/{card['id']}/undo")
    assert client.post(address, body).json()["reps"] == 0  # nor when it was taken back since


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"front": "x" * 10_000}, "front"),
        ({"front": " "}, "front"),
        ({"back": ""}, "back"),
        ({"kind": "cloze"}, "front"),
        ({"kind": "other"}, "kind"),
        ({"course": 999_999_999}, "course"),
        ({"course": "x"}, "course"),
        ({"course": ""}, "course"),
    ],
)
def test_odd_cards_are_refused(api, student, body, field):
    answer = api(student).post("/api/flashcards", {**FORM, **body})
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_a_deck_is_a_course_with_a_seat_or_ones_own(api, student, teacher):
    course = CourseFactory(owner=teacher)
    assert api(student).post("/api/flashcards", {**FORM, "course": course.pk}).status_code == 400
    assert made(api(teacher), course=course.pk)["course"] == course.pk


def test_foreign_cards_are_not_there(api, student, stranger):
    card = made(api(student))
    client = api(stranger)
    address = f"/api/flashcards/{card['id']}"
    assert client.get("/api/flashcards").json()["results"] == []
    assert client.get("/api/flashcards/due").json()["count"] == 0
    assert client.patch(address, {"front": "mine"}).status_code == 404
    assert client.delete(address).status_code == 404
    assert client.post(f"{address}/review", {"rating": 3}).status_code == 404
    assert client.post(f"{address}/undo").status_code == 404


def test_the_forecast_and_its_bounds(api, student):
    client = api(student)
    made(client)
    days = client.get("/api/flashcards/forecast").json()["results"]
    assert len(days) == 30
    assert days[0]["count"] == 1
    assert len(client.get("/api/flashcards/forecast?days=365").json()["results"]) == 365
    for odd in ("0", "366", "-1", "x", "1.5", "9" * 40):
        answer = client.get(f"/api/flashcards/forecast?days={odd}")
        assert answer.status_code == 400
        assert "days" in answer.json()["errors"]


def test_figures(api, student):
    client = api(student)
    card = made(client)
    client.post(f"/api/flashcards/{card['id']}/review", {"rating": 3, "duration_ms": 6000})
    found = client.get("/api/flashcards/stats").json()
    assert found["totals"]["cards"] == found["totals"]["learning"] == 1
    assert found["days"][-1]["reviews"] == 1
    assert found["days"][-1]["minutes"] == pytest.approx(0.1)
    assert found["fit"] is None


def test_the_page_of_due_cards_goes_on(api, student):
    client = api(student)
    ids = [made(client)["id"] for _ in range(3)]
    first = client.get("/api/flashcards/due?limit=2").json()
    assert first["count"] == 3
    rest = client.get(first["next"]).json()
    found = [row["card"]["id"] for row in first["results"] + rest["results"]]
    assert found == ids


def test_the_due_day_follows_the_students_choices(api, student):
    MemorySettings.objects.create(student=student, desired_retention=0.97)
    client = api(student)
    card = made(client)
    graded = client.post(f"/api/flashcards/{card['id']}/review", {"rating": 4}).json()
    Card.objects.update(due=timezone.now() - timedelta(seconds=1))
    assert client.get("/api/flashcards/due").json()["results"][0]["card"]["id"] == card["id"]
    assert graded["stability"] == pytest.approx(8.2956)
    assert Review.objects.get().desired_retention == 0.97


# ── What is written by hand is what the description says ──────────────────────────────────────
def a_variety_of_cards(client):
    """One of each state, a cloze, one suspended and one forgotten too often."""
    ids = [made(client)["id"] for _ in range(3)]
    made(client, kind="cloze", front="{{c1::A}} and {{c2::B}}")
    for number, pk in enumerate(ids):
        for rating in (3, 4, 1)[: number + 1]:
            client.post(f"/api/flashcards/{pk}/review", {"rating": rating})
    Card.objects.filter(pk=ids[0]).update(suspended_at=timezone.now(), leech_at=timezone.now())
    return Card.objects.select_related("note").order_by("pk")


def test_a_card_is_shown_as_its_serializer_shows_it(api, student):
    cards = a_variety_of_cards(api(student))
    assert {card.state for card in cards} == {1, 2, 3}
    for card in cards:
        assert JSONRenderer().render(shown(card)) == JSONRenderer().render(CardOut(card).data)


def test_the_first_page_of_due_cards_is_the_one_with_a_limit_said(api, student):
    client = api(student)
    for _ in range(selectors.PAGE):
        made(client)
    whole = client.get("/api/flashcards/due").json()
    assert (whole["count"], whole["next"]) == (selectors.PAGE, None)
    made(client)
    told = client.get(f"/api/flashcards/due?limit={selectors.PAGE}").json()
    first = client.get("/api/flashcards/due").json()
    assert first["count"] == told["count"] == selectors.PAGE + 1
    assert first["results"] == told["results"] == whole["results"]
    rest = client.get(first["next"]).json()
    assert len(rest["results"]) == 1 and rest["next"] is None
