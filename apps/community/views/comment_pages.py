"""One comment: its address, answers to it, its changes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from apps.core.errors import DomainError, NotFound

from ..comment_forms import AnswerForm
from ..models import Comment, Kind
from ..selectors import comments as selectors
from ..selectors.edits import edits_of
from ..services import comments
from ..services.likes import toggle_like
from .discussion_parts import answer_thread, rights_at

FOLDER = "community/discussion"


def visible(request: HttpRequest, pk: int) -> Comment:
    rows = selectors.with_people(Comment.objects.visible_to(request.user))
    found: Comment = get_object_or_404(rows.select_related("root"), pk=pk)
    return found


def address(comment: Comment) -> str:
    """Where the comment is read: its thread on the page of the discussion."""
    place = selectors.place_of(comment)
    return f"{place.url}?at={comment.root_id or comment.pk}#comment-{comment.pk}"


def back(request: HttpRequest, comment: Comment) -> HttpResponse:
    """The thread as it is now; without htmx its page."""
    if request.htmx:
        return answer_thread(request, comment.root_id or comment.pk)
    return redirect(address(comment))


@login_not_required
@require_GET
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(address(visible(request, pk)))


@login_not_required
@require_GET
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """A thread anew, whole with `?all`."""
    root = selectors.get_root(request.user, pk)
    if not request.htmx:
        return redirect(address(root))
    return answer_thread(request, root.pk)


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    meant = visible(request, pk)
    form = AnswerForm(request.POST if request.method == "POST" else None, pk=pk)
    if form.is_valid():
        try:
            made = comments.reply_to(
                comment=meant, author=request.user, at=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            form.refuse(error)
        else:
            if not request.htmx:
                return redirect(address(made))
            return answer_thread(request, made.root_id or made.pk, whole=True)
    return _form(request, meant, form, "reply")


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    rows = selectors.with_people(Comment.objects.editable_by(request.user))
    found = get_object_or_404(rows, pk=pk)
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        pk=pk,
        initial={"content": found.content},
    )
    if form.is_valid():
        try:
            comments.edit_comment(
                comment=found, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return back(request, found)
    return _form(request, found, form, "edit")


def _form(request: HttpRequest, comment: Comment, form: AnswerForm, name: str) -> HttpResponse:
    context = rights_at(request, selectors.place_of(comment))
    context |= {"comment": comment, "form": form, "back": address(comment), "kind": name}
    template = f"_{name}_form.html" if request.htmx else "write.html"
    status = 422 if form.errors else 200
    return render(request, f"{FOLDER}/{template}", context, status=status)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Gone at once, with a way back for its author."""
    found = get_object_or_404(
        selectors.with_people(Comment.objects.editable_by(request.user)), pk=pk
    )
    comments.delete_comment(comment=found, by=request.user, at=timezone.now())
    said = _("The comment is deleted.")
    if not request.htmx:
        messages.success(request, said)
        return redirect(selectors.place_of(found).url)
    toast: dict[str, object] = {"text": said, "level": "ok"}
    root_id = found.root_id or found.pk
    if found.author_id == request.user.pk:
        toast["action"] = {
            "label": _("Undo"),
            "url": f"/comments/{pk}/restore/",
            "target": f"#thread-{root_id}",
        }
    return trigger_client_event(answer_thread(request, root_id), "toast", toast)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.with_people(Comment.objects.filter(author=request.user)).filter(pk=pk).first()
    if found is None:
        raise NotFound
    comments.restore_comment(comment=found, by=request.user, at=timezone.now())
    return back(request, found)


@require_POST
def like(request: HttpRequest, pk: int) -> HttpResponse:
    """The button as it is now."""
    found = visible(request, pk)
    state = toggle_like(user=request.user, kind=Kind.COMMENT, object_id=pk, at=timezone.now())
    if not request.htmx:
        return redirect(address(found))
    found.likes_count = state.likes_count
    found.is_liked = state.liked
    context = {"thing": found, "like_url": request.path}
    return render(request, "community/_like.html", context)


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What stood before each edit, for whoever may read the comment."""
    found = visible(request, pk)
    edits = edits_of(kind=Kind.COMMENT, object_id=pk, title="", content=found.content)
    context = {"comment": found, "edits": edits, "back": address(found)}
    return render(request, f"{FOLDER}/history.html", context)
