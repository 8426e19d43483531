"""The studio and the covers on the site."""

import pytest

from apps.courses.models import CourseStatus

from .factories import CategoryFactory, CourseFactory, DraftFactory

pytestmark = pytest.mark.django_db


# ── Covers ────────────────────────────────────────────────────────────────────────────────────
def test_a_cover_is_drawn_and_kept_for_ever(client):
    root = CategoryFactory(slug="programming")
    course = CourseFactory(category=CategoryFactory(parent=root))
    answer = client.get(course.cover_url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    assert b'xmlns="http://www.w3.org/2000/svg"' in answer.content


def test_an_older_cover_address_leads_to_the_new_one(client):
    course = CourseFactory()
    old = course.cover_url
    course.title = "Other"
    course.save()
    assert client.get(old).url == course.cover_url
    course.status = CourseStatus.DRAFT
    course.save()
    assert client.get(old).status_code == 404
    assert client.get(DraftFactory().cover_url).status_code == 200
    assert client.get("/courses/cover/999999-0123456789ab.svg").status_code == 404
