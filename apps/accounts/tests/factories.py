"""Made-up people for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from apps.accounts.models import Device, Role, TeacherApplication, User

PASSWORD = "correct-horse-battery"


def zone_at_noon() -> str:
    """Where it is noon: neither an early nor a late hour, which have badges of their own."""
    ahead = 12 - timezone.now().hour
    return f"Etc/GMT{-ahead:+d}"  # their signs say what is to be added to get to UTC


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    username = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"Person {n}")
    email_verified = True
    password = factory.django.Password(PASSWORD)


class TeacherFactory(UserFactory):
    role = Role.TEACHER
    is_verified = True


class ModeratorFactory(UserFactory):
    role = Role.MODERATOR
    is_staff = True


class AdminFactory(UserFactory):
    role = Role.ADMIN
    is_staff = True
    is_superuser = True


class DeviceFactory(DjangoModelFactory):
    class Meta:
        model = Device

    user = factory.SubFactory(UserFactory)
    user_agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    created_at = factory.LazyFunction(timezone.now)
    seen_at = factory.LazyFunction(timezone.now)


class ApplicationFactory(DjangoModelFactory):
    class Meta:
        model = TeacherApplication

    user = factory.SubFactory(UserFactory, role=Role.TEACHER)
    qualification = "Twelve years of evening classes in drawing."
    opened_at = factory.LazyFunction(timezone.now)
