"""What is handed out on a person, and what is left when the person goes."""

import pytest
from django.utils import timezone

from apps.ai import personal_data
from apps.ai.models import CreditDay, ModelCall
from apps.ai.services import ask

from .lessons import TERMS, lesson

pytestmark = pytest.mark.django_db


def test_export_and_erasure(student, stranger, models):
    models.answer = TERMS
    for user in (student, stranger):
        ask(
            task="key_terms", material=lesson(of=user.pk), user=user, at=timezone.now(), course_id=7
        )
    told = personal_data.export(student)
    (call,) = told["model_calls"]
    assert (call["task"], call["course"], call["model"]) == ("key_terms", 7, "small")
    assert [day["used"] for day in told["credits"]] == [1]

    personal_data.erase(student, timezone.now())
    assert personal_data.export(student) == {"model_calls": [], "credits": []}
    assert ModelCall.objects.filter(user=None, cost_micro=4000).count() == 1
    assert ModelCall.objects.filter(user=stranger).count() == 1
    assert CreditDay.objects.filter(user=stranger).exists()
