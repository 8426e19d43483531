"""Replies: written, changed, deleted, liked, chosen as the best answer."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from apps.core.errors import DomainError

from ..forms import PostForm, ReplyForm
from ..models import Kind, Post, Topic
from ..selectors import forum as selectors
from ..selectors import forum_pages
from ..selectors.edits import edits_of
from ..services import likes, posts, restoring
from .forum_page import address_of_post, dressed, may_of, topic_page, topic_parts
from .forum_topics import brought
from .forum_undo import may_undo, undo_url

POST = "community/forum/_post.html"


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write into the topic; for htmx the new posts, and the field empty again."""
    topic = selectors.get_topic(request.user, pk)
    if request.method == "GET":  # as after signing in on the way
        return redirect(reverse("community:topic", args=[pk]) + "#reply")
    form = ReplyForm(request.POST)
    to = None
    if form.is_valid():
        number = form.cleaned_data["reply_to"]
        to = forum_pages.post_in(topic, request.user, number) if number else None
        try:
            made = posts.reply(
                topic=topic,
                author=request.user,
                content=form.cleaned_data["content"],
                reply_to=to,
                at=timezone.now(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return _replied(request, made, form)
    at = form.cleaned_data.get("at") or topic.pages
    if request.htmx:
        context = topic_parts(request, topic, at, form) | {"replying": to}
        context["after"] = form.cleaned_data.get("after") or 0
        return render(request, "community/forum/_reply.html", context, status=422)
    context = topic_page(request, topic, min(at, topic.pages), form) | {"replying": to}
    return render(request, "community/forum/topic.html", context, status=422)


def _replied(request: HttpRequest, made: Post, form: ReplyForm) -> HttpResponse:
    """Everything that the open page lacks up to one's own words; else the page where they are."""
    address = address_of_post(made.topic_id, made.number)
    if not request.htmx:
        return redirect(address)
    if made.page != form.cleaned_data["at"]:
        return HttpResponseClientRedirect(address)
    topic = selectors.get_topic(request.user, made.topic_id)
    context = topic_parts(request, topic, made.page) | {
        "posts": brought(request, topic, form.cleaned_data["after"] or 0, made.number),
        "after": made.number,
        "arrived": 0,
        "fresh": True,
    }
    return render(request, "community/forum/_replied.html", context)


@require_safe
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """The post alone, for the page it stands on; as an address of its own it leads there."""
    found = _visible(request, pk)
    if not request.htmx:
        return redirect(address_of_post(found.topic_id, found.number))
    return _shown(request, found)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Post.objects.editable_by(request.user).select_related("topic", "author"), pk=pk
    )
    form = PostForm(
        request.POST if request.method == "POST" else None, initial={"content": found.content}
    )
    back = address_of_post(found.topic_id, found.number)
    if form.is_valid():
        try:
            posts.edit_post(
                post=found,
                by=request.user,
                content=form.cleaned_data["content"],
                at=timezone.now(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return _shown(request, found) if request.htmx else redirect(back)
    context = {
        "form": form,
        "post": found,
        "back": back,
        "people_about": f"?topic={found.topic_id}",
    }
    name = "_post_form" if request.htmx else "post_form"
    status = 422 if form.errors else 200
    return render(request, f"community/forum/{name}.html", context, status=status)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Post.objects.editable_by(request.user), pk=pk)
    posts.delete_post(post=found, by=request.user, at=timezone.now())
    if not request.htmx:
        messages.success(request, _("The reply is deleted."))
        return redirect(address_of_post(found.topic_id, found.number))
    undo = {
        "label": _("Undo"),
        "url": undo_url(request, "post", found.pk),
        "target": f"#post-{found.number}",
    }
    said = {"text": _("The reply is deleted."), "level": "ok", "action": undo}
    return trigger_client_event(_shown(request, found, undo=found.pk), "toast", said)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    if not may_undo(request, "post", pk):
        raise Http404
    found = restoring.restore_post(post=Post(pk=pk), by=request.user, at=timezone.now())
    if not request.htmx:
        return redirect(address_of_post(found.topic_id, found.number))
    return _shown(request, found)


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    edits = edits_of(kind=Kind.POST, object_id=found.pk, title="", content=found.content)
    context = {
        "topic": found.topic,
        "post": found,
        "edits": edits,
        "back": address_of_post(found.topic_id, found.number),
    }
    return render(request, "community/forum/history.html", context)


@require_POST
def like(request: HttpRequest, pk: int) -> HttpResponse:
    """Like the reply, or take it back; answers the button as it is now."""
    found = _visible(request, pk)
    state = likes.toggle_like(user=request.user, kind=Kind.POST, object_id=pk, at=timezone.now())
    if not request.htmx:
        return redirect(address_of_post(found.topic_id, found.number))
    found.is_liked, found.likes_count = state.liked, state.likes_count
    return render(request, "community/_like.html", {"thing": found, "like_url": request.path})


@require_POST
def best(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the reply as the best answer, or not any more."""
    found = _visible(request, pk)
    value = request.POST.get("value") != "false"
    posts.choose_best(post=found, by=request.user, value=value, at=timezone.now())
    messages.success(
        request, _("This is the best answer now.") if value else _("No best answer any more.")
    )
    return redirect(address_of_post(found.topic_id, found.number))


def _visible(request: HttpRequest, pk: int) -> Post:
    return get_object_or_404(
        Post.objects.visible_to(request.user).select_related("topic", "author"), pk=pk
    )


def _shown(request: HttpRequest, post: Post, undo: int | None = None) -> HttpResponse:
    """The post as it stands in its topic now."""
    topic: Topic = selectors.get_topic(request.user, post.topic_id)
    allowed = may_of(topic, request.user)
    found = selectors.as_shown(selectors.places_in(topic).filter(pk=post.pk), request.user)
    shown = dressed(request, topic, found, allowed, undo=undo)
    context = {"post": shown[0], "topic": topic, "may": allowed, "fresh": True}
    return render(request, POST, context)
