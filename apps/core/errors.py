"""The ways a rule can refuse, each with the HTTP status it becomes and words fit for the user."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class DomainError(Exception):
    """An anticipated refusal; `str(error)` may be shown to the user."""

    status = 400
    message: Text = _("That is not possible.")

    def __init__(self, message: Text | None = None) -> None:
        self.detail: Text = message or self.message
        super().__init__(self.detail)

    def __str__(self) -> str:
        return str(self.detail)


class Invalid(DomainError):
    """Bad input; `errors` maps a field to its messages."""

    status = 400
    message = _("Some of what was sent can’t be used.")

    def __init__(
        self,
        message: Text | None = None,
        *,
        errors: Mapping[str, Sequence[Text]] | None = None,
    ) -> None:
        super().__init__(message)
        self.errors = {field: list(messages) for field, messages in (errors or {}).items()}


class PaymentRequired(DomainError):
    status = 402
    message = _("This has to be paid for first.")


class NotAllowed(DomainError):
    status = 403
    message = _("You are not allowed to do that.")


class NotFound(DomainError):
    status = 404
    message = _("There is nothing here, or it isn’t yours to see.")


class Conflict(DomainError):
    status = 409
    message = _("That can’t be done now: something has changed. Reload the page.")

    def __init__(self, message: Text | None = None, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooLarge(DomainError):
    status = 413
    message = _("That is too large.")


class WrongKind(DomainError):
    status = 415
    message = _("That kind of file can’t be used here. Choose another one.")


class TooMany(DomainError):
    """A limit was reached; `retry_after` is in seconds."""

    status = 429
    message = _("Too many tries. Wait a little and try again.")

    def __init__(self, message: Text | None = None, *, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after
