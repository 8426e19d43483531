"""What is handed out of a person's memory, and that it can be forgotten."""

import json

import pytest
from django.utils import timezone

from apps.learning import personal_cards
from apps.learning.models import Card, MemoryParameters, MemorySettings, Note, Review
from apps.learning.services import notes, reviews

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def remembering(student, stranger):
    for person in (student, stranger):
        note, _made = notes.add_note(
            student=person, kind="basic", front=f"Of {person.pk}", back="b", at=NOW
        )
        fit = MemoryParameters.objects.create(
            student=person,
            weights=[1.0] * 21,
            review_count=400,
            loss_before=0.4,
            loss_after=0.3,
            standard_error=0.01,
            adopted=False,
            created_at=NOW,
        )
        MemorySettings.objects.create(student=person)
        review = reviews.review_card(card=note.cards.get(), rating=3, at=NOW)
        Review.objects.filter(pk=review.pk).update(parameters=fit)
        MemorySettings.objects.filter(student=person).update(parameters=fit)


def test_everything_of_the_person_and_nobody_elses_is_handed_out(student, remembering):
    found = json.loads(json.dumps(personal_cards.export(student)))
    assert [note["front"] for note in found["notes"]] == [f"Of {student.pk}"]
    assert len(found["cards"]) == len(found["card_reviews"]) == len(found["scheduler_weights"]) == 1
    assert found["memory_settings"]["desired_retention"] == 0.9


def test_everything_is_erased(student, stranger, remembering):
    personal_cards.erase(student, NOW)
    for model in (Note, Card, Review, MemorySettings, MemoryParameters):
        assert list(model.objects.values_list("student", flat=True)) == [stranger.pk]
