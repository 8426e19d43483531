"""Where a celebration may open: between two things, and nowhere else."""

import pytest
from django.urls import get_resolver
from django.utils import timezone

from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.enrollment.services.seats import enroll
from apps.gamification.selectors.deeds import Deed
from apps.gamification.services import acts
from eduplatform.context import CELEBRATING

pytestmark = pytest.mark.django_db


def test_places_of_celebrations_are_pages_and_no_lesson_is_among_them(site, student):
    resolver = get_resolver()
    names = {
        f"{namespace}:{name}" if namespace else name
        for namespace, names in _names(resolver)
        for name in names
    }
    assert CELEBRATING <= names
    course = CourseFactory(status="published")
    lesson = LessonFactory(course=course)
    enroll(student=student, course=course, at=timezone.now())
    acts.record(user_id=student.pk, deeds=[Deed("lesson", "1", timezone.now())])
    page = site(student)
    assert 'id="celebration"' in page.get("/").content.decode()
    for address in (f"/learn/{course.slug}/{lesson.pk}/", "/review/", "/settings/habit/"):
        answer = page.get(address, follow=True)
        assert answer.status_code == 200
        if answer.resolver_match.view_name not in CELEBRATING:
            assert 'id="celebration"' not in answer.content.decode()


def _names(resolver, namespace=""):
    yield namespace, [name for name in resolver.reverse_dict if isinstance(name, str)]
    for each, (_prefix, inner) in resolver.namespace_dict.items():
        yield each, [name for name in inner.reverse_dict if isinstance(name, str)]
