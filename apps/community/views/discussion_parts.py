"""What the pages of a discussion are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.core.pagination import paginate
from apps.social.selectors import blocked_among

from ..comment_forms import CommentForm
from ..models import Comment
from ..selectors import comments as selectors
from ..selectors.comments import Place
from ..selectors.standing import ban_of

PAGE = 10
THREAD = "community/discussion/_thread.html"


@dataclass(frozen=True)
class Thread:
    """A first comment with the answers that are shown, and how many more there are."""

    root: Comment
    replies: list[Comment]
    more: int
    is_whole: bool = False


def threads_of(request: HttpRequest, roots: Iterable[Comment]) -> list[Thread]:
    roots = list(roots)
    replies = selectors.first_replies(roots, request.user)
    below = [row for rows in replies.values() for row in rows]
    _dress(request, [*roots, *below])
    found = []
    for root in roots:
        shown = replies.get(root.pk, [])
        standing = sum(row.is_standing for row in shown)
        found.append(Thread(root, shown, max(0, root.replies_count - standing)))
    return found


def whole_thread(request: HttpRequest, root: Comment) -> Thread:
    """All of it; what answers the question stands first."""
    replies = list(selectors.replies_in(root, request.user).order_by(*selectors.OLDEST)[:500])
    _dress(request, [root, *replies])
    replies.sort(key=lambda row: row.pk != root.answer_id)
    standing = sum(row.is_standing for row in replies)
    return Thread(root, replies, max(0, root.replies_count - standing), is_whole=True)


def _dress(request: HttpRequest, rows: list[Comment]) -> None:
    blocked = blocked_among(request.user, (row.author_id for row in rows))
    for row in selectors.dressed(rows, request.user):
        row.is_folded = row.author_id in blocked


def rights_at(request: HttpRequest, place: Place) -> dict[str, Any]:
    """What the reader may do there."""
    keeps = selectors.keeps_order(request.user, place.course)
    kept = selectors.discussion_at(place)
    ban = ban_of(request.user, timezone.now())
    signed_in = request.user.is_authenticated
    return {
        "place": place,
        "course": place.course,
        "kept": kept,
        "keeps_order": keeps,
        "ban": ban,
        "may_write": signed_in and not ban and (keeps or not kept.is_locked),
    }


def listing(request: HttpRequest, place: Place) -> dict[str, Any]:
    """A page of threads, as the reader wants them."""
    show = request.GET.get("show", "all")
    if show not in selectors.SHOWS or (show == "mine" and not request.user.is_authenticated):
        show = "all"
    page = paginate(
        selectors.threads_at(place, request.user, show),
        ordering=selectors.NEWEST,
        cursor=request.GET.get("cursor"),
        limit=PAGE,
    )
    return rights_at(request, place) | {
        "show": show,
        "page": page,
        "threads": threads_of(request, page.items),
    }


def discussion(
    request: HttpRequest, place: Place, form: CommentForm | None = None, **more: Any
) -> dict[str, Any]:
    """The whole of it, with the field to write in."""
    return listing(request, place) | {
        "count": selectors.count_at(place),
        "waiting": selectors.open_questions_at(place),
        "last": selectors.last_id_at(place),
        "form": form or CommentForm(initial={"is_question": place.lesson is not None}),
        **more,
    }


def answer_thread(
    request: HttpRequest, root_id: int, *, whole: bool | None = None, status: int = 200
) -> HttpResponse:
    """The thread as it is now, in the place of what the open page shows of it."""
    rows = selectors.with_people(Comment.objects.filter(pk=root_id))
    root = rows.get()
    whole = "all" in request.GET if whole is None else whole
    thread = whole_thread(request, root) if whole else threads_of(request, [root])[0]
    context = rights_at(request, selectors.place_of(root)) | {"thread": thread}
    return render(request, THREAD, context, status=status)
