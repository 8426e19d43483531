"""Files made for the one who asks."""

from django.http import HttpResponse


def attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file to keep, never shown by the browser; `name` in plain letters."""
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    return HttpResponse(
        content,
        content_type=kind + charset,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
