"""Reading uploads."""

from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage

from .models import Upload


def open_private(upload: Upload) -> BinaryIO:
    """The stored file; whoever calls has checked that it may be read."""
    return cast(BinaryIO, default_storage.open(upload.path))


def export(user: Any) -> dict[str, Any]:
    uploads = Upload.objects.owned_by(user).exclude(path="").order_by("pk")
    return {
        "uploads": [
            {
                "id": upload.pk,
                "name": upload.name,
                "purpose": upload.purpose,
                "kind": upload.kind,
                "size": upload.size,
                "created_at": upload.created_at.isoformat(),
            }
            for upload in uploads
        ]
    }
