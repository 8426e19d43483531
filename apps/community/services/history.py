"""What stood before an edit."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User

from ..models import Revision


@transaction.atomic
def keep_revision(
    *, kind: str, object_id: int, content: str, edited_by: User, at: datetime, title: str = ""
) -> Revision:
    """Keep the text that is about to be replaced; call it before the change."""
    return Revision.objects.create(
        kind=kind,
        object_id=object_id,
        title=title,
        content=content,
        edited_by=edited_by,
        created_at=at,
    )
