"""Where an invitation leads."""

from typing import Any

from django.urls import reverse

from .models import ReferralCode


def invitation_url(request: Any, code: ReferralCode) -> str:
    """The sign-up with the code in its address."""
    address: str = request.build_absolute_uri(f"{reverse('accounts:sign_up')}?ref={code.code}")
    return address
