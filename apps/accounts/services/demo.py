"""Accounts of the demo, whose password everybody knows."""

from datetime import datetime
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.errors import NotAllowed

from ..models import Role, TeacherApplication, User
from .registration import free_username

DEMO_PASSWORD = "demo-pass-123"  # noqa: S105


@transaction.atomic
def ensure_demo_account(*, email: str, name: str, role: str, at: datetime, **fields: Any) -> User:
    """The account, made if it isn't there: verified, with the demo's password. Needs DEMO_MODE."""
    if not settings.DEMO_MODE:
        raise NotAllowed(_("Demo accounts are made in demo mode only."))
    email = User.objects.normal_email(email)
    known = User.objects.filter(email=email).first()
    if known:
        return known
    staff = role in (Role.MODERATOR, Role.ADMIN)
    user = User(
        email=email,
        name=name,
        role=role,
        created_at=at,
        email_verified=True,
        is_verified=role == Role.TEACHER,
        is_staff=staff,
        is_superuser=role == Role.ADMIN,
        **{"username": free_username(name, email), **fields},
    )
    user.password = _hashed()
    user.save()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    if user.is_teacher:
        TeacherApplication.objects.create(
            user=user, status=TeacherApplication.Status.VERIFIED, opened_at=at, decided_at=at
        )
    return user


@cache
def _hashed() -> str:
    """Of the password that everybody knows, once for all: hashing is meant to be slow."""
    return make_password(DEMO_PASSWORD)
