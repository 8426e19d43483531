"""Credits through the API."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from apps.ai.services import ask

from .lessons import TERMS, lesson

pytestmark = pytest.mark.django_db
ADDRESS = "/api/ai/credits"


def test_credits_without_models(api, student):
    student.timezone = "Asia/Tokyo"
    student.save()
    told = api(student).get(ADDRESS).json()
    resets = datetime.fromisoformat(told.pop("resets_at"))
    assert told == {"limit": 20, "used": 0, "left": 20, "engine": "offline"}
    assert resets > timezone.now()
    assert resets.astimezone(ZoneInfo("Asia/Tokyo")).strftime("%H:%M:%S") == "00:00:00"


def test_credits_after_a_call(api, student, stranger, models):
    models.answer = TERMS
    ask(task="key_terms", material=lesson(), user=student, at=timezone.now())
    told = api(student).get(ADDRESS).json()
    assert (told["used"], told["left"], told["engine"]) == (1, 19, "big")
    assert api(stranger).get(ADDRESS).json()["used"] == 0


def test_a_visitor_has_none(api):
    assert api().get(ADDRESS).status_code == 401
