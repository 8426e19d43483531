"""The automatic pre-checks of a teacher's application: hints for the reader, never a decision."""

from typing import Any

from slugify import slugify

from apps.core import outbound

from ..models import TeacherApplication
from .applications import record_checks

PROOF_KINDS = {"application/pdf", "image/jpeg", "image/png", "image/webp"}


# Not in a transaction: it asks foreign servers.
def check_application(*, application_id: int) -> None:
    """Look at documents, name and links, and keep what was found."""
    application = TeacherApplication.objects.select_related("user").get(pk=application_id)
    documents = list(application.documents.order_by("pk"))
    texts = [application.qualification, *(document.name for document in documents)]
    checks = {
        "documents": {
            "ok": bool(documents) and all(document.kind in PROOF_KINDS for document in documents),
            "kinds": [document.kind for document in documents],
        },
        "name": {"ok": is_named(application.user.name, texts)},
        "links": [link_check(url) for url in application.links],
    }
    record_checks(
        application_id=application.pk, submitted_at=application.submitted_at, checks=checks
    )


def is_named(name: str, texts: list[str]) -> bool:
    """Whether every word of the name stands in the texts, in Latin or Cyrillic letters."""
    words = {word for word in slugify(name).split("-") if len(word) > 1}
    written = {word for text in texts for word in slugify(text).split("-")}
    return bool(words) and words <= written


def link_check(url: str) -> dict[str, Any]:
    """Whether the link answers; a redirect is an answer, and isn't followed."""
    try:
        answer = outbound.fetch(url)
    except outbound.OutboundError as error:
        return {"url": url, "ok": False, "error": str(error)}
    return {"url": url, "ok": answer.status < 400, "status": answer.status}
