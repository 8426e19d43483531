"""Files made for the one who asks."""

from collections.abc import Iterator

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from ..tutor_stream import in_its_thread


def attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file to keep, never shown by the browser; `name` in plain letters."""
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    return HttpResponse(
        content,
        content_type=kind + charset,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def streamed(
    request: HttpRequest, pieces: Iterator[bytes], kind: str, name: str
) -> StreamingHttpResponse:
    """A file that is made while it is sent, so that its size doesn't matter."""
    content = in_its_thread(pieces) if isinstance(request, ASGIRequest) else pieces
    return StreamingHttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
