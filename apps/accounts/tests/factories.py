"""Made-up people for tests."""

import factory
from factory.django import DjangoModelFactory

from apps.accounts.models import Role, User

PASSWORD = "correct-horse-battery"


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
