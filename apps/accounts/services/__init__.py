"""Everything that changes people, their devices and teachers' applications."""

from .applications import (
    open_application,
    refuse_teacher,
    submit_application,
    verify_teacher,
)
from .checks import check_application
from .demo import ensure_demo_account
from .devices import (
    SEEN_EVERY,
    Client,
    SignedOut,
    TokenPair,
    end_session,
    forget_old_devices,
    open_device,
    open_session,
    refresh_tokens,
    revoke_device,
    revoke_every_device,
    see_device,
    sign_in_by_token,
)
from .emails import AddressTaken, ask_for_verification, change_email, verify_email
from .interests import MAX_INTERESTS, choose_interests, replace_subject
from .mails import send_mail
from .passwords import (
    InvalidKey,
    TooManyGuesses,
    WrongCredentials,
    ask_for_reset,
    change_password,
    check_credentials,
    prepare_reset_mail,
    reset_password,
)
from .profiles import erase_person, set_locale, update_profile
from .quiet_hours import choose_quiet_hours
from .registration import Invitation, hand_over, open_social_account, register
from .roles import ban_user, change_role, deactivate_user, reactivate_user

__all__ = [
    "MAX_INTERESTS",
    "SEEN_EVERY",
    "AddressTaken",
    "Client",
    "InvalidKey",
    "Invitation",
    "SignedOut",
    "TokenPair",
    "TooManyGuesses",
    "WrongCredentials",
    "ask_for_reset",
    "ask_for_verification",
    "ban_user",
    "change_email",
    "change_password",
    "change_role",
    "check_application",
    "check_credentials",
    "choose_interests",
    "choose_quiet_hours",
    "deactivate_user",
    "end_session",
    "ensure_demo_account",
    "erase_person",
    "forget_old_devices",
    "hand_over",
    "open_application",
    "open_device",
    "open_session",
    "open_social_account",
    "prepare_reset_mail",
    "reactivate_user",
    "refresh_tokens",
    "refuse_teacher",
    "register",
    "replace_subject",
    "reset_password",
    "revoke_device",
    "revoke_every_device",
    "see_device",
    "send_mail",
    "set_locale",
    "sign_in_by_token",
    "submit_application",
    "update_profile",
    "verify_email",
    "verify_teacher",
]
