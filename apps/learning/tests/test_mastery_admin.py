"""Operators see evidence and mastery, and change nothing of them."""

import pytest
from django.utils import timezone

from apps.learning.models import Evidence, Mastery

from .factories import ConceptFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Evidence, Mastery])
def test_the_lists_stand_and_are_to_be_read(site, admin, student, model):
    concept = ConceptFactory()
    at = timezone.now()
    same = {"student": student, "course": concept.course}
    Evidence.objects.create(
        **same, kind="quiz", key="q", occurred_at=at, received_at=at, day=at, concepts=[concept.pk]
    )
    Mastery.objects.create(**same, concept=concept, started=0.2, m=0.4)
    row = model.objects.get()
    address = f"/admin/learning/{model._meta.model_name}/"
    page = site(admin).get(address)
    assert page.status_code == 200 and concept.course.title in page.text
    assert site(admin).get(f"{address}{row.pk}/change/").status_code == 200
    assert site(admin).get(f"{address}add/").status_code == 403
    assert site(student).get(address).status_code in (302, 403, 404)
