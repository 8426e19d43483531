"""Made-up seats and reviews for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from apps.accounts.tests.factories import UserFactory
from apps.courses.tests.factories import CourseFactory
from apps.enrollment.models import Enrollment, LessonCompletion, Review


class EnrollmentFactory(DjangoModelFactory):
    class Meta:
        model = Enrollment

    student = factory.SubFactory(UserFactory)
    course = factory.SubFactory(CourseFactory)
    enrolled_at = factory.LazyFunction(timezone.now)
    last_activity_at = factory.LazyFunction(timezone.now)


class CompletionFactory(DjangoModelFactory):
    """A bare row: the seat's figures are the services' business."""

    class Meta:
        model = LessonCompletion

    enrollment = factory.SubFactory(EnrollmentFactory)
    completed_at = factory.LazyFunction(timezone.now)


class ReviewFactory(DjangoModelFactory):
    """A bare row; the course's rating is the services' business."""

    class Meta:
        model = Review

    enrollment = factory.SubFactory(EnrollmentFactory)
    course = factory.SelfAttribute("enrollment.course")
    student = factory.SelfAttribute("enrollment.student")
    rating = 5
    comment = "Clear from the first page."
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.LazyFunction(timezone.now)
