"""One message: its file, changing, deleting, taking that back, reporting."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from apps.core.errors import Invalid, NotFound
from apps.messaging import selectors, services
from apps.messaging.files import file_answer
from apps.messaging.forms import EditForm, ReportForm
from apps.messaging.models import Message

from .seen import Bubble, bubbles, conversation_seen


@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a message, for those who may read it."""
    return file_answer(selectors.get_attachment(request.user, pk))


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, selectors.get_message(request.user, pk))


def _shown(request: HttpRequest, found: Message, **more: Any) -> HttpResponse:
    context = {"row": _bubble(request, found), "conversation_id": found.conversation_id, **more}
    return render(request, "messaging/_message.html", context)


def _bubble(request: HttpRequest, found: Message) -> Bubble:
    conversation = selectors.get_conversation(request.user, found.conversation_id)
    [bubble] = bubbles(request.user, conversation_seen(request.user, conversation), [found])
    return bubble


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = Message.objects.editable_by(request.user).complete()
    own = found.select_related("conversation").filter(pk=pk).first()
    if own is None:
        raise NotFound
    form = EditForm(request.POST or None, initial={"content": own.content})
    if request.method == "POST" and form.is_valid():
        try:
            own = services.edit_message(
                message=own, content=form.cleaned_data["content"], at=timezone.now()
            )
        except Invalid as error:
            told = error.errors.get("content") or [str(error)]
            form.add_error("content", [str(each) for each in told])
        else:
            return _answer(request, own)
    context = {"row": _bubble(request, own), "form": form}
    name = "messaging/_edit.html" if request.htmx else "messaging/edit.html"
    return render(request, name, context, status=422 if form.errors else 200)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """For oneself, or with `for_everyone` for all; the answer offers to take it back."""
    found = selectors.get_message(request.user, pk)
    for_everyone = "for_everyone" in request.POST
    services.delete_message(
        message=found, by=request.user, for_everyone=for_everyone, at=timezone.now()
    )
    if not request.htmx:
        return redirect("messaging:conversation", found.conversation_id)
    if for_everyone:
        answer = _shown(request, selectors.get_message(request.user, pk))
        text = _("Deleted for everybody.")
    else:
        answer = render(request, "messaging/_hidden.html", {"message": found})
        text = _("Deleted for you.")
    undo = {
        "label": _("Undo"),
        "url": f"/messages/m/{found.pk}/restore/",
        "target": f"#m{found.sequence}",
    }
    return trigger_client_event(answer, "toast", {"text": text, "level": "ok", "action": undo})


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.hidden_message(request.user, pk) or selectors.get_message(request.user, pk)
    services.restore_message(message=found, by=request.user, at=timezone.now())
    return _answer(request, selectors.get_message(request.user, pk))


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a message to those who keep order, with a reason."""
    found = selectors.get_message(request.user, pk)
    form = ReportForm(request.POST or None if request.method == "GET" else request.POST)
    done = False
    if request.method == "POST" and form.is_valid():
        services.report_message(
            message=found,
            reporter=request.user,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )
        done = True
    context = {"row": _bubble(request, found), "form": form, "done": done}
    name = "messaging/_report.html" if request.htmx else "messaging/report.html"
    status = 422 if request.method == "POST" and form.errors else 200
    answer = render(request, name, context, status=status)
    if request.htmx and request.method == "GET":
        trigger_client_event(answer, "dialog:open", {"value": "report"})
    return answer


def _answer(request: HttpRequest, found: Message) -> HttpResponse:
    if request.htmx:
        return _shown(request, found)
    return redirect("messaging:conversation", found.conversation_id)
