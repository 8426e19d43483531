"""Mail in development: a line on the console, and a file that the page /dev/mails/ shows."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.filebased import EmailBackend
from django.core.mail.message import EmailMessage

FOLDER = Path(settings.BASE_DIR) / ".data" / "mails"


class DevelopmentMailBackend(EmailBackend):
    """Keeps every mail as a file in `.data/mails`, newest last by name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "file_path": str(FOLDER)})

    def write_message(self, message: EmailMessage) -> None:
        super().write_message(message)
        sys.stdout.write(f"mail to {', '.join(message.to)}: {message.subject}\n")
        sys.stdout.flush()
