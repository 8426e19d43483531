"""Passwords: checked under a limit, changed, reset by a link."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.core import audit, limits
from apps.core.bus import publish
from apps.core.errors import DomainError, Invalid, TooMany

from .. import keys, selectors
from ..events import PasswordResetAsked
from ..models import User
from .devices import Client, revoke_every_device
from .mails import ask_for_mail

WRONG_PASSWORDS = 5
WRONG_PASSWORDS_PER = timedelta(minutes=15)
RESET_MAILS = 5
RESET_MAILS_PER = timedelta(hours=1)


class WrongCredentials(DomainError):
    status = 401
    message = _("The e-mail or the password is wrong.")


class InvalidKey(Invalid):
    message = _("This link is out of date or was used already. Ask for a new one.")

    def __init__(self) -> None:
        super().__init__(errors={"key": [self.message]})


class TooManyGuesses(TooMany):
    message = _("Too many wrong passwords. Wait 15 minutes, or choose a new password by e-mail.")


# Not in a transaction: the count must survive a wrong guess, and hashing takes long.
def check_credentials(*, email: str, password: str, client: Client, at: datetime) -> User:
    """The active person whose password this is.

    Every guess is counted before it is checked, so that parallel ones can't exceed the limit, and
    a right one is given back. A device known to the account counts apart: strangers' guesses
    don't lock its owner out. An unknown address costs the same work and gets the same answers.
    """
    email = User.objects.normal_email(email)
    known = selectors.known_device_id(
        email=email, client_device=client.device_id, address_hash=client.address_hash
    )
    bucket = _bucket(email, known)
    try:
        limits.take(bucket=bucket, limit=WRONG_PASSWORDS, per=WRONG_PASSWORDS_PER, at=at)
    except TooMany as error:
        raise TooManyGuesses(retry_after=error.retry_after) from error
    user = User.objects.filter(email=email).first()
    if user is None:
        make_password(password)
        raise WrongCredentials
    if not user.check_password(password) or not user.is_active:
        raise WrongCredentials
    limits.give_back(bucket=bucket)
    return user


def _bucket(email: str, known_device: int | None) -> str:
    account = salted_hmac("accounts.guesses", email).hexdigest()[:40]
    return f"login:{account}:{known_device or 'unknown'}"


def change_password(*, user: User, old: str, new: str, client: Client, at: datetime) -> None:
    """Set a new password and sign out everywhere; the caller signs this browser in again."""
    check_own(user=user, password=old, field="old_password", client=client, at=at)
    _set_password(user=user, password=hashed(new, user=user), at=at, action="password.changed")


def check_own(*, user: User, password: str, field: str, client: Client, at: datetime) -> None:
    try:
        check_credentials(email=user.email, password=password, client=client, at=at)
    except WrongCredentials as error:
        raise Invalid(errors={field: [_("This isn’t your current password.")]}) from error


@transaction.atomic
def _set_password(*, user: User, password: str, at: datetime, action: str) -> None:
    """`password` is hashed already."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    user.password = password
    user.save(update_fields=["password"])
    drop_waiting_addresses(user=user)
    revoke_every_device(user=user, at=at)
    audit.record(actor=user, action=action, target=user, at=at)
    ask_for_mail(user=user, mail="password_changed", at=at)


@transaction.atomic
def drop_waiting_addresses(*, user: User) -> None:
    """Keys sent to other addresses die: who knew the old password may have asked for them."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()


def hashed(password: str, *, user: User, field: str = "password") -> str:
    """The hash of a password that is good enough for this person; raises Invalid."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(errors={field: error.messages}) from error
    return make_password(password)


# ── Reset by mail ─────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def ask_for_reset(*, email: str) -> None:
    """Whoever has this address gets a link; the asker can't tell, by answer or time, who does."""
    publish(PasswordResetAsked(email=User.objects.normal_email(email)))


@transaction.atomic
def prepare_reset_mail(*, email: str, at: datetime) -> None:
    """Have the link sent, unless nobody has the address or enough were sent already."""
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        return
    try:
        limits.take(bucket=f"reset:{user.pk}", limit=RESET_MAILS, per=RESET_MAILS_PER, at=at)
    except TooMany:
        return
    ask_for_mail(user=user, mail="reset_password", at=at)


def reset_password(*, key: str, password: str, at: datetime) -> User:
    """Set a new password by the key from a mail, which works once; signs out everywhere."""
    user = keys.user_of_reset_key(key)
    if user is None:
        raise InvalidKey
    return _use_reset_key(user=user, key=key, password=hashed(password, user=user), at=at)


@transaction.atomic
def _use_reset_key(*, user: User, key: str, password: str, at: datetime) -> User:
    locked = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if keys.user_of_reset_key(key) is None:
        raise InvalidKey
    _set_password(user=locked, password=password, at=at, action="password.reset")
    # the key came by mail, so the address is theirs
    EmailAddress.objects.filter(user=locked, email=locked.email).update(verified=True)
    User.objects.filter(pk=locked.pk).update(email_verified=True)
    # guesses at the old password don't keep the owner out with the new one
    limits.release(bucket=_bucket(locked.email, None))
    return locked
