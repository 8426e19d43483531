"""Figures of cards in the admin, without what stands on them."""

import pytest
from django.utils import timezone

from apps.learning.services import notes, reviews

pytestmark = pytest.mark.django_db


def test_the_lists_open_and_show_no_words(site, admin, student):
    note, _made = notes.add_note(
        student=student, kind="basic", front="My secret", back="b", at=timezone.now()
    )
    card = note.cards.get()
    review = reviews.review_card(card=card, rating=3, at=timezone.now())
    browser = site(admin)
    for page in (
        "card/",
        f"card/{card.pk}/change/",
        "review/",
        f"review/{review.pk}/change/",
        "memoryparameters/",
    ):
        answer = browser.get(f"/admin/learning/{page}")
        assert answer.status_code == 200, page
        assert "My secret" not in answer.content.decode()
