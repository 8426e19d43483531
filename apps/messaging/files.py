"""Files of messages as they go out: pictures to look at, all else only to keep."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from apps.media.models import Upload
from apps.media.selectors import open_private

PICTURE = "image/webp"  # what media makes of every picture, from its pixels


def file_answer(upload: Upload) -> HttpResponse:
    """The rights were checked by whoever found the upload."""
    is_picture = upload.kind == PICTURE
    with open_private(upload) as file:
        answer = HttpResponse(
            file.read(), content_type=PICTURE if is_picture else "application/octet-stream"
        )
    name = content_disposition_header(not is_picture, upload.name)
    answer["Content-Disposition"] = name or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
