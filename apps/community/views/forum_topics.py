"""One topic: read, begun, changed, deleted, liked and followed, and what came in meanwhile."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from apps.core.errors import DomainError
from apps.core.limits import client_address

from ..forms import NewTopicForm, RefusedForm, ReplyForm, TagsForm, TopicForm
from ..models import Kind, Topic
from ..models.forum import page_of
from ..selectors import forum as selectors
from ..selectors import forum_pages
from ..selectors.edits import edits_of
from ..selectors.standing import ban_of
from ..services import likes, reading, restoring, topics, visits
from .forum_page import (
    address_of_post,
    dressed,
    last_on_page,
    may_of,
    number_asked,
    page_asked,
    topic_page,
    topic_parts,
)
from .forum_undo import key_for, may_undo

FORM = "community/forum/topic_form.html"
FORM_PART = "community/forum/_topic_form.html"


@login_not_required
@require_safe
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of it. `?post=` opens the page of that post, `?reply_to=` and `?quote=` begin a reply."""
    found = selectors.get_topic(request.user, pk)
    number = page_asked(request, found)
    now = timezone.now()
    visits.count_view(
        topic=found,
        user=request.user,
        address=client_address(request),
        user_agent=request.headers.get("User-Agent", ""),
        at=now,
    )
    form, replying = _begun(request, found)
    context = topic_page(request, found, number, form) | {"replying": replying}
    if request.user.is_authenticated:
        read = min(last_on_page(number), found.last_post_number)
        reading.mark_read(topic=found, user=request.user, number=read, at=now)
    return render(request, "community/forum/topic.html", context)


def _begun(request: HttpRequest, topic: Topic) -> tuple[ReplyForm, Any]:
    """The reply that the address asks for, for who has no scripts: to whom, and their words."""
    to, quoted = number_asked(request, "reply_to"), number_asked(request, "quote")
    post = forum_pages.post_in(topic, request.user, to) if to else None
    text = ""
    if quoted == 0:
        text = topic.content
    elif quoted and post and post.number == quoted:
        text = post.content
    initial = {"content": forum_pages.as_quote(text), "reply_to": post.number if post else None}
    return ReplyForm(initial=initial), post


@require_safe
def arrivals(request: HttpRequest, pk: int) -> HttpResponse:
    """How many replies came in since the page was made; with `show` the replies themselves."""
    found = selectors.get_topic(request.user, pk)
    after = min(number_asked(request, "after") or 0, found.last_post_number)
    at = min(number_asked(request, "at") or 1, found.pages)
    posts = []
    if "show" in request.GET and page_of(after + 1) <= at:
        last = min(last_on_page(at), found.last_post_number)
        posts = brought(request, found, after, last)
        after = max(after, last)
    context = topic_parts(request, found, at) | {
        "posts": posts,
        "after": after,
        "arrived": forum_pages.arrived(found, request.user, after),
        "shows_here": page_of(after + 1) <= at,
        "first_url": address_of_post(found.pk, after + 1),
        "fresh": True,
    }
    name = "_brought" if "show" in request.GET else "_arrivals"
    return render(request, f"community/forum/{name}.html", context)


def brought(request: HttpRequest, topic: Topic, after: int, last: int) -> list[Any]:
    """The posts that the open page lacks, up to the given number; they are read by that."""
    posts = forum_pages.posts_between(topic, request.user, after, last)
    reading.mark_read(topic=topic, user=request.user, number=last, at=timezone.now())
    return dressed(request, topic, posts, may_of(topic, request.user))


# ── Writing ───────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "POST"])
def new_topic(request: HttpRequest) -> HttpResponse:
    form = NewTopicForm(
        request.POST if request.method == "POST" else None,
        initial={"category": request.GET.get("category"), "tags": request.GET.get("tag")},
    )
    if form.is_valid():
        try:
            made = topics.create_topic(author=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            return _go(request, reverse("community:topic", args=[made.pk]))
    context = {
        "form": form,
        "heading": _("New topic"),
        "action": _("Post topic"),
        "draft": "new-topic",
        "ban": ban_of(request.user, timezone.now()),
        "too_new": forum_pages.minutes_too_new(request.user, timezone.now()),
        "back": reverse("community:forum"),
    }
    return _form(request, form, context)


@require_http_methods(["GET", "POST"])
def edit_topic(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, text and tags; the tags alone for those whose standing allows no more."""
    found = selectors.get_topic(request.user, pk)
    allowed = may_of(found, request.user)
    if not (allowed.edit or allowed.edit_tags):
        raise Http404
    kind = TopicForm if allowed.edit else TagsForm
    initial = {"title": found.title, "content": found.content, "tags": ", ".join(found.tags)}
    form = kind(request.POST if request.method == "POST" else None, initial=initial)
    back = reverse("community:topic", args=[found.pk])
    if form.is_valid():
        try:
            topics.edit_topic(topic=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            return _go(request, back)
    heading = _("Edit the topic") if allowed.edit else _("Edit the tags")
    context = {"form": form, "topic": found, "heading": heading, "action": _("Save"), "back": back}
    return _form(request, form, context)


def _form(request: HttpRequest, form: RefusedForm, context: dict[str, Any]) -> HttpResponse:
    name = FORM_PART if request.htmx else FORM
    return render(request, name, context, status=422 if form.errors else 200)


def _go(request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@require_POST
def delete_topic(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to its category, which offers to take it back."""
    found = selectors.get_topic(request.user, pk)
    topics.delete_topic(topic=found, by=request.user, at=timezone.now())
    key = key_for(request, "topic", pk)
    return redirect(reverse("community:forum_category", args=[found.category.slug]) + f"?key={key}")


@require_POST
def restore_topic(request: HttpRequest, pk: int) -> HttpResponse:
    if not may_undo(request, "topic", pk):
        raise Http404
    found = restoring.restore_topic(topic=Topic(pk=pk), by=request.user, at=timezone.now())
    messages.success(request, _("The topic is back."))
    return redirect("community:topic", found.pk)


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_topic(request.user, pk)
    edits = edits_of(kind=Kind.TOPIC, object_id=found.pk, title=found.title, content=found.content)
    back = reverse("community:topic", args=[found.pk])
    context = {"topic": found, "edits": edits, "back": back}
    return render(request, "community/forum/history.html", context)


# ── What readers do ───────────────────────────────────────────────────────────────────────────
@require_POST
def like(request: HttpRequest, pk: int) -> HttpResponse:
    """Like the topic, or take it back; answers the button as it is now."""
    found = selectors.get_topic(request.user, pk)
    state = likes.toggle_like(user=request.user, kind=Kind.TOPIC, object_id=pk, at=timezone.now())
    if not request.htmx:
        return redirect("community:topic", pk)
    found.is_liked, found.likes_count = state.liked, state.likes_count
    context = {"thing": found, "like_url": request.path}
    return render(request, "community/_like.html", context)


@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.get_topic(request.user, pk)
    value = request.POST.get("value") != "false"
    follows = reading.follow_topic(topic=found, user=request.user, value=value, at=timezone.now())
    if not request.htmx:
        return redirect("community:topic", pk)
    small = "btn-sm" if request.POST.get("small") else ""
    context = {"topic": found, "follows": follows, "class": small}
    return render(request, "community/forum/_follow.html", context)
