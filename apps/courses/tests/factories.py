"""Made-up courses for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from apps.accounts.tests.factories import TeacherFactory
from apps.courses.models import Category, Course, CourseStatus, Lesson, Module


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    slug = factory.Sequence(lambda n: f"category-{n}")
    name_en = factory.Sequence(lambda n: f"Category {n}")
    name_ru = factory.Sequence(lambda n: f"Категория {n}")
    position = factory.Sequence(lambda n: n)


class CourseFactory(DjangoModelFactory):
    """A published free course without lessons; `DraftFactory` isn't published."""

    class Meta:
        model = Course

    owner = factory.SubFactory(TeacherFactory)
    title = factory.Sequence(lambda n: f"Course {n}")
    slug = factory.Sequence(lambda n: f"course-{n}")
    subtitle = "One line of promise"
    description = "What is in it."
    category = factory.SubFactory(CategoryFactory)
    status = CourseStatus.PUBLISHED
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.LazyFunction(timezone.now)
    published_at = factory.LazyFunction(timezone.now)


class DraftFactory(CourseFactory):
    status = CourseStatus.DRAFT
    published_at = None


class ModuleFactory(DjangoModelFactory):
    class Meta:
        model = Module

    course = factory.SubFactory(CourseFactory)
    title = factory.Sequence(lambda n: f"Module {n}")
    position = factory.Sequence(lambda n: n)


class LessonFactory(DjangoModelFactory):
    """`LessonFactory(course=c)` makes a module for it; pass `module=` to choose one."""

    class Meta:
        model = Lesson

    course = factory.SubFactory(CourseFactory)
    module = factory.LazyAttribute(lambda o: ModuleFactory(course=o.course))
    title = factory.Sequence(lambda n: f"Lesson {n}")
    content = "A **lesson** is a piece of a course."
    duration_minutes = 10
    position = factory.Sequence(lambda n: n)
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.LazyFunction(timezone.now)
