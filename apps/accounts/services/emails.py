"""E-mail addresses: verified and changed by keys that come back from them."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.core import audit, limits
from apps.core.errors import Conflict, Invalid

from .. import keys
from ..models import User
from .devices import Client
from .mails import ask_for_mail
from .passwords import InvalidKey, check_own

VERIFICATION_MAILS = 5
VERIFICATION_MAILS_PER = timedelta(hours=1)


class AddressTaken(Invalid):
    message = _("This address already has an account.")

    def __init__(self) -> None:
        super().__init__(errors={"email": [self.message]})


# ── Verification ──────────────────────────────────────────────────────────────────────────────
def ask_for_verification(*, user: User, at: datetime) -> None:
    """Send the link once more, at most five times an hour."""
    if user.email_verified:
        raise Conflict(_("Your address is verified already."))
    limits.take(
        bucket=f"verify:{user.pk}", limit=VERIFICATION_MAILS, per=VERIFICATION_MAILS_PER, at=at
    )
    ask_for_verification_mail(user=user, at=at)


@transaction.atomic
def ask_for_verification_mail(*, user: User, at: datetime) -> None:
    address, _made = EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"primary": True}
    )
    ask_for_mail(user=user, mail="verify_email", at=at, address=address.pk)


@transaction.atomic
def verify_email(*, key: str, at: datetime, user: User | None = None) -> User:
    """The address of the key belongs to its user; a new address takes the old one's place.

    With `user`, the key must be theirs. Raises InvalidKey, AddressTaken.
    """
    address = keys.address_of_key(key)
    if address is None or (user and address.user_id != user.pk):
        raise InvalidKey
    owner = User.objects.select_for_update(of=("self",)).get(pk=address.user_id)
    if owner.erased_at or keys.address_of_key(key) is None:  # taken back meanwhile
        raise InvalidKey
    if owner.email != address.email:
        audit.record(actor=owner, action="email.changed", target=owner, at=at)
    EmailAddress.objects.filter(user=owner).exclude(pk=address.pk).delete()
    owner.email, owner.email_verified = address.email, True
    try:
        with transaction.atomic():
            EmailAddress.objects.filter(pk=address.pk).update(verified=True, primary=True)
            owner.save(update_fields=["email", "email_verified"])
    except IntegrityError as error:
        raise AddressTaken from error
    return owner


def change_email(*, user: User, email: str, password: str, client: Client, at: datetime) -> None:
    """Send a key to the new address; it takes the old one's place when the key comes back."""
    email = User.objects.normal_email(email)
    check_own(user=user, password=password, field="password", client=client, at=at)
    if email == user.email:
        raise Invalid(errors={"email": [_("This is your address already.")]})
    if User.objects.filter(email=email).exists():
        raise AddressTaken
    limits.take(
        bucket=f"verify:{user.pk}", limit=VERIFICATION_MAILS, per=VERIFICATION_MAILS_PER, at=at
    )
    _ask_for_change(user=user, email=email, at=at)


@transaction.atomic
def _ask_for_change(*, user: User, email: str, at: datetime) -> None:
    waiting = EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email)
    waiting.exclude(email=email).delete()
    address, _made = EmailAddress.objects.get_or_create(
        user=user, email=email, defaults={"primary": False}
    )
    ask_for_mail(user=user, mail="change_email", at=at, address=address.pk)
