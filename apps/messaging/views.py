"""Pages of conversations."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from . import selectors
from .files import file_answer


@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a message, for those who may read it."""
    return file_answer(selectors.get_attachment(request.user, pk))
