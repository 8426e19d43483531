"""What the page of a topic is made of, for its whole and for the parts that change."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.rights import has_right
from apps.social.selectors import blocked_among

from ..forms import ReplyForm
from ..models import Post, Topic
from ..models.forum import POSTS_ON_A_PAGE, page_of
from ..selectors import forum as selectors
from ..selectors import forum_pages
from ..selectors.standing import ban_of, may
from ..selectors.texts import with_html
from .forum_undo import undo_url

# replies that stand right beneath the question
NEAR = 2


@dataclass(frozen=True)
class May:
    """What this person may do with a topic; the services decide again."""

    reply: bool = False
    edit: bool = False
    edit_tags: bool = False
    delete: bool = False
    choose_best: bool = False
    moderate: bool = False
    see_history: bool = False


def may_of(topic: Topic, user: Any, *, is_banned: bool = False) -> May:
    if not user.is_authenticated:
        return May()
    moderates = has_right(user, "forum.moderate")
    own = topic.author_id == user.pk
    is_open = topic.is_standing and not topic.is_locked
    writes = (is_open or moderates) and not is_banned
    return May(
        reply=is_open and not is_banned,
        edit=writes and (own or moderates),
        edit_tags=writes and may(user, "edit_tags"),
        delete=moderates or (own and is_open and not topic.replies_count),
        choose_best=moderates or (own and is_open),
        moderate=moderates,
        see_history=True,
    )


def dressed(
    request: HttpRequest, topic: Topic, posts: list[Post], allowed: May, undo: int | None = None
) -> list[Post]:
    """Posts with what their acts need; `undo` is the id of the one that was just deleted."""
    is_open = topic.is_standing and not topic.is_locked
    blocked = blocked_among(request.user, (post.author_id for post in posts))
    for post in forum_pages.with_scores(topic, posts):
        post.is_folded = post.author_id in blocked
        own = is_open and post.author_id == request.user.pk and post.is_standing
        post.may_edit = post.deleted_at is None and (own or allowed.moderate)
        if post.deleted_at is not None and (allowed.moderate or post.pk == undo):
            post.restore_url = undo_url(request, "post", post.pk)
    return posts


def topic_parts(
    request: HttpRequest, topic: Topic, number: int, form: ReplyForm | None = None
) -> dict[str, Any]:
    """What the field under the topic and the line of new replies need."""
    now = timezone.now()
    ban = ban_of(request.user, now)
    return {
        "topic": topic,
        "number": number,
        "may": may_of(topic, request.user, is_banned=ban is not None),
        "ban": ban,
        "form": form or ReplyForm(),
        "after": topic.last_post_number,
        "people_about": f"?topic={topic.pk}",
        "slow_minutes": -(-topic.slow_mode_seconds // 60),
        "too_new": forum_pages.minutes_too_new(request.user, now),
    }


def topic_page(request: HttpRequest, topic: Topic, number: int, form: ReplyForm) -> dict[str, Any]:
    """All of the page."""
    user = request.user
    mine = selectors.standpoint(topic, user)
    context = topic_parts(request, topic, number, form)
    posts = selectors.posts_on_page(topic, user, number)
    best = _best(topic, user, posts) if number == 1 else None
    dressed(request, topic, [*posts, *([best] if best else [])], context["may"])
    topic.is_liked = mine.is_liked
    with_html([topic])
    path = reverse("community:topic", args=[topic.pk])
    return context | {
        "posts": posts,
        "best": best,
        "first_new": _first_new(mine.read_number, posts),
        "follows": mine.is_following,
        "pages": pages_shown(number, topic.pages),
        "similar": selectors.related_topics(topic),
        "description": selectors.excerpt(topic.content, 155),
        "canonical": f"{settings.SITE_URL}{path}" + (f"?page={number}" if number > 1 else ""),
        "arrived": 0,
    }


def _best(topic: Topic, user: Any, posts: list[Post]) -> Post | None:
    """The best answer, to stand beneath the question too, unless it does so anyway."""
    best = topic.best_post
    if best is None or best.number <= NEAR:
        return None
    same = next((post for post in posts if post.pk == best.pk), None)
    if same is not None:
        return same
    found = selectors.as_shown(selectors.places_in(topic).filter(pk=best.pk), user)
    return next((post for post in found if post.content), None)


def _first_new(read: int | None, posts: list[Post]) -> int | None:
    """The number above which the line of what is new stands; none above the very first reply."""
    if read is None or not posts or posts[-1].number <= read:
        return None
    first = next(post.number for post in posts if post.number > read)
    return first if first > 1 else None


def pages_shown(number: int, last: int) -> list[int | None]:
    """Page numbers around the one that is open, with first and last; None is a gap."""
    near = {1, last, *range(max(1, number - 2), min(last, number + 2) + 1)}
    shown: list[int | None] = []
    for page in sorted(near):
        before = shown[-1] if shown else 0
        if before is not None and page - before == 2:
            shown.append(page - 1)
        elif before is not None and page - before > 2:
            shown.append(None)
        shown.append(page)
    return shown


def page_asked(request: HttpRequest, topic: Topic) -> int:
    """Of `?page=` or of the post in `?post=`, within what there is."""
    post = _number(request.GET.get("post"))
    if post:
        return min(page_of(post), topic.pages)
    return min(max(1, _number(request.GET.get("page"))), topic.pages)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def number_asked(request: HttpRequest, name: str) -> int | None:
    """The number under this name in the address, None without one."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def address_of_post(topic_id: int, number: int) -> str:
    path = reverse("community:topic", args=[topic_id])
    return f"{path}?post={number}#post-{number}"


def last_on_page(number: int) -> int:
    return number * POSTS_ON_A_PAGE
