"""Keys that travel in mails, the same for site and API: allauth's, signed and self-contained."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.utils.http import base36_to_int, int_to_base36

from .models import User


def verification_key(address: EmailAddress) -> str:
    """Works for three days, until the address is verified."""
    return str(EmailConfirmationHMAC(address).key)


def address_of_key(key: str) -> EmailAddress | None:
    confirmation = EmailConfirmationHMAC.from_key(key)
    return confirmation.email_address if confirmation else None


def reset_key(user: User) -> str:
    """Works once, until the password, the address or the last sign-in changes, or it expires."""
    return f"{int_to_base36(user.pk)}-{default_token_generator.make_token(user)}"


def user_of_reset_key(key: str) -> User | None:
    number, _dash, token = key.partition("-")
    try:
        user = User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except ValueError:
        return None
    return user if user and default_token_generator.check_token(user, token) else None
