"""What accounts does on its own events, out of the request."""

from django.utils import timezone

from apps.core.bus import subscribe

from . import services
from .events import PasswordResetAsked


@subscribe(PasswordResetAsked)
def prepare_reset_mail(event: PasswordResetAsked) -> None:
    services.prepare_reset_mail(email=event.email, at=timezone.now())
