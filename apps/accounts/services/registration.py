"""New accounts."""

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from slugify import slugify

from apps.core import audit
from apps.core.bus import publish

from ..events import UserRegistered
from ..models import Role, User
from .applications import open_application
from .devices import revoke_every_device
from .emails import AddressTaken, ask_for_verification_mail
from .passwords import drop_waiting_addresses, hashed

USERNAME_LENGTH = 32


@dataclass(frozen=True)
class Invitation:
    """The code by which somebody came, and from where, as keyed hashes; empty without one."""

    code: str = ""
    address_hash: str = ""
    browser_hash: str = ""


NOBODYS = Invitation()


def register(
    *,
    email: str,
    password: str,
    name: str,
    role: str,
    at: datetime,
    locale: str = "en",
    invitation: Invitation = NOBODYS,
) -> User:
    """A new account with its verification mail; a teacher's opens an application.

    Raises Invalid, with the fields, for a taken address or a weak password.
    """
    email = User.objects.normal_email(email)
    user = User(email=email, name=name.strip(), role=role, locale=locale, created_at=at)
    if User.objects.filter(email=email).exists():
        raise AddressTaken
    user.password = hashed(password, user=user)
    user.username = free_username(user.name, email)
    return open_account(user=user, at=at, invitation=invitation)


@transaction.atomic
def open_account(*, user: User, at: datetime, invitation: Invitation = NOBODYS) -> User:
    """Store the prepared user with what every account begins with, and announce it."""
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "accounts_user_username_key":  # type: ignore[union-attr]
            raise AddressTaken from error
        user.username = free_username(user.name, user.email)
        user.save()
    EmailAddress.objects.create(
        user=user, email=user.email, primary=True, verified=user.email_verified
    )
    publish(
        UserRegistered(
            user_id=user.pk,
            role=user.role,
            referral_code=invitation.code,
            address_hash=invitation.address_hash,
            browser_hash=invitation.browser_hash,
        )
    )
    if user.role == Role.TEACHER:
        open_application(user=user, at=at)
    if not user.email_verified:
        ask_for_verification_mail(user=user, at=at)
    return user


def open_social_account(
    *,
    user: User,
    email_verified: bool,
    locale: str,
    at: datetime,
    invitation: Invitation = NOBODYS,
) -> User:
    """The account of somebody whom a provider vouches for; there is no password yet."""
    user.email = User.objects.normal_email(user.email)
    user.email_verified = email_verified
    user.name = user.name or user.email.partition("@")[0]
    user.locale, user.created_at = locale, at
    user.username = free_username(user.name, user.email)
    user.set_unusable_password()
    return open_account(user=user, at=at, invitation=invitation)


@transaction.atomic
def hand_over(*, user: User, at: datetime) -> None:
    """Give the account to the owner of its address, for whom a provider vouches.

    It was opened without proof of the address, so nothing that its opener knows or holds stays.
    """
    user.set_unusable_password()
    user.email_verified = True
    user.save(update_fields=["password", "email_verified"])
    drop_waiting_addresses(user=user)
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    revoke_every_device(user=user, at=at)
    audit.record(actor=user, action="account.handed_over", target=user, at=at)


def free_username(name: str, email: str) -> str:
    """From the name, else from the address; with a short tail when somebody has it."""
    plain = slugify(name) or slugify(email.partition("@")[0]) or "user"
    plain = re.sub(r"-{2,}", "-", plain)[:USERNAME_LENGTH].strip("-")
    username = plain
    while User.objects.filter(username=username).exists():
        username = f"{plain}-{get_random_string(4, 'abcdefghjkmnpqrstuvwxyz23456789')}"
    return username
