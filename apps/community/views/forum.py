"""The forum's front pages: all of it, one category, what was found; and what helps writing."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core.errors import NotAllowed, NotFound
from apps.core.pagination import Page, paginate

from ..models import Topic, TopicQuerySet
from ..models.writing import MAX_TEXT
from ..selectors import forum as selectors
from ..selectors import forum_pages
from ..selectors.comments import Place, place_of_course, place_of_lesson
from ..selectors.finding import found_topics
from ..selectors.standing import ban_of
from ..selectors.texts import html_of
from .forum_undo import undo_of

MAX_WORDS = 200
LIKED = ("-likes_count", "-id")
ROWS = "community/forum/_topic_rows.html"


@login_not_required
@require_safe
def forum(request: HttpRequest) -> HttpResponse:
    """The categories, and the topics that move."""
    show = request.GET.get("show", "latest")
    tabs = [("latest", _("Latest")), ("unanswered", _("Unanswered"))]
    if request.user.is_authenticated:
        tabs.append(("followed", _("Followed")))
    if show not in dict(tabs):
        show = "latest"
    lists = {
        "latest": (selectors.latest_topics, _("Latest topics")),
        "unanswered": (selectors.unanswered_topics, _("Unanswered topics")),
        "followed": (lambda: selectors.followed_topics(request.user), _("Topics you follow")),
    }
    topics, heading = lists[show]
    context = _list(request, topics(), selectors.LATEST, show=show)
    if request.htmx and request.GET.get("cursor"):
        return render(request, ROWS, context)
    categories: list[Any] = selectors.forum_categories()
    new = forum_pages.new_in_categories(request.user, timezone.now())
    for each in categories:
        each.new_count = new.get(each.pk, 0)
    context |= {"categories": categories, "tabs": tabs, "heading": heading}
    context |= {"ban": _ban(request), "canonical": settings.SITE_URL + reverse("community:forum")}
    return render(request, "community/forum/index.html", context)


@login_not_required
@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The topics of one category in the order that was asked for, perhaps of one tag."""
    found = selectors.get_category(slug=slug)
    orders = {
        "active": (_("Active"), selectors.PINNED_FIRST),
        "new": (_("New"), selectors.NEWEST),
        "liked": (_("Most liked"), LIKED),
    }
    order = request.GET.get("order", "")
    order = order if order in orders else "active"
    tag = request.GET.get("tag", "").strip().lower()[:40]
    topics = selectors.topics_in(found)
    if tag:
        topics = topics.filter(tags__contains=[tag])
    context = _list(request, topics, orders[order][1], order=order, tag=tag) | {"category": found}
    if request.htmx and request.GET.get("cursor"):
        return render(request, ROWS, context)
    tags = forum_pages.tags_in(found)
    context |= {
        "orders": [(key, name) for key, (name, _ordering) in orders.items()],
        "tags": tags if not tag or tag in tags else [tag, *tags],
        "ban": _ban(request),
        "undo": undo_of(request, "topic"),
        "canonical": settings.SITE_URL + reverse("community:forum_category", args=[found.slug]),
    }
    return render(request, "community/forum/category.html", context)


def _list(
    request: HttpRequest, topics: TopicQuerySet, ordering: tuple[str, ...], **kept: str
) -> dict[str, Any]:
    page = paginate(
        topics,
        ordering=ordering,
        cursor=request.GET.get("cursor"),
        limit=selectors.TOPICS_ON_A_PAGE,
    )
    return _shown(request, page, **kept)


def _shown(request: HttpRequest, page: Page[Topic], **kept: str) -> dict[str, Any]:
    address = urlencode({name: value for name, value in kept.items() if value} | {"cursor": ""})
    for topic in selectors.with_marks(page.items, request.user):
        topic.first_unread = topic.last_post_number - topic.unread + 1
    return {"page": page, "more_url": f"{request.path}?{address}", **kept}


def _ban(request: HttpRequest) -> Any:
    return ban_of(request.user, timezone.now())


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Topics whose title, text or replies hold the words, or that carry a tag."""
    words = " ".join(request.GET.get("q", "").split())[:MAX_WORDS]
    tag = request.GET.get("tag", "").strip().lower()[:40]
    if tag:
        context = _list(request, selectors.topics_tagged(tag), selectors.LATEST, tag=tag)
    else:
        context = _shown(request, _found(request, words), q=words)
    context |= {"words": words}
    if request.htmx and request.GET.get("cursor"):
        return render(request, ROWS, context)
    return render(request, "community/forum/search.html", context)


def _found(request: HttpRequest, words: str) -> Page[Topic]:
    """Topics with the words they were found by, which may stand in a reply."""
    if not words:
        return Page([], None, None)
    page = found_topics(words, cursor=request.GET.get("cursor"), limit=selectors.TOPICS_ON_A_PAGE)
    for each in page.items:
        each.topic.found, each.topic.found_in = each.excerpt, each.post
    return Page([each.topic for each in page.items], page.next, page.previous)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Options for who is meant by an @: those in the topic or the discussion first."""
    found = forum_pages.people_to_name(request.user, request.GET.get("q", "")[:40], _where(request))
    return render(request, "community/_people.html", {"people": found})


def _where(request: HttpRequest) -> Topic | Place | None:
    """The topic, lesson or course named in the address, if the person may open it."""
    user = request.user
    finders: dict[str, Callable[[int], Topic | Place]] = {
        "topic": lambda pk: selectors.get_topic(user, pk),
        "lesson": lambda pk: place_of_lesson(user, pk),
        "course": lambda pk: place_of_course(user, pk=pk),
    }
    for name, find in finders.items():
        key = request.GET.get(name, "")
        if key.isdecimal() and len(key) < 19:
            try:
                return find(int(key))
            except (NotFound, NotAllowed):
                return None
    return None


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The text as it will be read."""
    text = request.POST.get("content", "")[:MAX_TEXT]
    nothing = _("Nothing is written yet.")
    return HttpResponse(html_of(text) or f"<p>{nothing}</p>")
