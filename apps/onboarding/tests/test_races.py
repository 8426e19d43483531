"""Two tabs press the same button at once: one row, one seat, one fact."""

import pytest
from django.utils import timezone

from apps.accounts.selectors import interests_of
from apps.accounts.tests.factories import UserFactory
from apps.core.models import Delivery
from apps.core.tests.threads import together
from apps.enrollment.models import Enrollment
from apps.enrollment.services import complete_lesson
from apps.learning.models import Note
from apps.onboarding import services
from apps.onboarding.models import Start

from .factories import beginning, first_lesson, subject, take_quiz

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6
NOW = timezone.now()


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def course():
    return beginning(category=subject("mathematics"))


def told(name):
    return Delivery.objects.filter(event=name).count() // max(
        1, Delivery.objects.filter(event=name).values("subscriber").distinct().count()
    )


def test_two_tabs_continue(person, course):
    def go_on(n):
        services.answer(
            user=person, subjects=["mathematics"], goal="work", minutes=(10, 20)[n % 2], at=NOW
        )

    together(AT_ONCE, go_on)
    assert Start.objects.count() == 1
    assert interests_of(person).count() == 1
    assert told("onboarding.started") == 1


def test_two_tabs_start_the_lesson(person, course):
    together(
        AT_ONCE, lambda _n: services.open_first_lesson(user=person, course_id=course.pk, at=NOW)
    )
    assert Enrollment.objects.filter(student=person).count() == 1
    course.refresh_from_db()
    assert course.student_count == 1


def test_two_tabs_finish_while_a_third_hides_it(person, course, deliver_all):
    services.open_first_lesson(user=person, course_id=course.pk, at=NOW)
    complete_lesson(student=person, lesson=first_lesson(course), at=NOW)
    take_quiz(person, course, right=True)
    together(AT_ONCE, lambda _n: services.keep_first_card(user=person, at=NOW))
    assert Note.objects.filter(student=person).count() == 1
    deliver_all()

    def end(n):
        (services.skip if n == 0 else services.finish)(user=person, at=NOW)

    together(AT_ONCE, end)
    start = Start.objects.get()
    assert (start.skipped_at is None) != (start.finished_at is None)
    assert told("onboarding.finished") + told("onboarding.skipped") == 1
