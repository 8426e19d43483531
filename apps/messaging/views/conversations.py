"""The list of conversations, and beginning a new one."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import User
from apps.core.errors import DomainError, Invalid
from apps.core.pagination import paginate
from apps.courses.models import Course
from apps.messaging import selectors, services
from apps.messaging.forms import NewConversationForm
from apps.messaging.models import Conversation
from apps.social.selectors import people_by_prefix

from .seen import Row, bubbles, rows

PAGE = 30
FOUND = 30
SUGGESTED = 8


@require_safe
def conversations(request: HttpRequest) -> HttpResponse:
    """What was said last; beside it room for a conversation."""
    return render(request, "messaging/list.html", listed(request))


@require_safe
def conversation_rows(request: HttpRequest) -> HttpResponse:
    """The list alone, as it is now."""
    return render(request, "messaging/_conversations.html", listed(request))


def listed(request: HttpRequest, current: Conversation | None = None) -> dict[str, Any]:
    """The list, or what was found in it, for the left of each page."""
    asked = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    opened = request.GET.get("open", "")
    current_id = current.pk if current else int(opened) if opened.isdecimal() else 0
    if asked:
        return {"asked": asked, "current_id": current_id, **_found(request.user, asked)}
    if "left" in request.GET:
        left = list(selectors.left_conversations_of(request.user)[:PAGE])
        return {"rows": rows(request.user, left), "current_id": current_id, "shows_left": True}
    page = paginate(
        selectors.conversations_of(request.user),
        ordering=selectors.ORDERING,
        cursor=request.GET.get("cursor"),
        limit=PAGE,
    )
    return {
        "rows": rows(request.user, page.items),
        "next": page.next,
        "current_id": current_id,
        "is_first": "cursor" not in request.GET,
        "has_left": not page.next and selectors.left_conversations_of(request.user).exists(),
    }


def _found(user: Any, asked: str) -> dict[str, Any]:
    """Conversations by the names of their people, and messages by their words."""
    words = asked.lower().split()
    every = rows(user, selectors.conversations_of(user)[:200])
    named = [row for row in every if all(word in _names(row) for word in words)]
    messages = list(selectors.found_messages(user, asked)[:FOUND])
    wanted = {message.conversation_id for message in messages}
    found = Conversation.objects.visible_to(user).filter(pk__in=wanted)
    places = {row.pk: row for row in rows(user, list(selectors.with_people(found, user)))}
    hits = [(places[each.conversation_id], each) for each in messages]
    return {"rows": named, "hits": [(row, _hit(user, row, each)) for row, each in hits]}


def _names(row: Row) -> str:
    return " ".join([row.seen.title, *(shown.name for _each, shown in row.seen.others)]).lower()


def _hit(user: Any, row: Row, message: Any) -> Any:
    [bubble] = bubbles(user, row.seen, [message])
    return bubble


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """To whom and what; `to` and `course` in the address fill it in."""
    course = _course(request)
    known = {course.owner_id} if course else set()
    form = NewConversationForm(request.POST or None, user=request.user, known=known)
    chosen = _chosen(request, known)
    if request.method == "GET" and len(chosen) == 1:
        already = selectors.direct_conversation(request.user, chosen[0])
        if already is not None:
            return redirect("messaging:conversation", already.pk)
    status = 200
    if request.method == "POST":
        begun = _begin(request, form, course) if form.is_valid() else None
        if begun is not None:
            return redirect("messaging:conversation", begun.pk)
        status = 422
    context = {
        "form": form,
        "chosen": chosen,
        "course": course,
        "refused": chosen if status == 200 and selectors.refusing(request.user, chosen) else [],
        **listed(request),
    }
    return render(request, "messaging/new.html", context, status=status)


def _begin(
    request: HttpRequest, form: NewConversationForm, course: Course | None
) -> Conversation | None:
    """The conversation with its first message; a refusal is told in the form."""
    now = timezone.now()
    people = form.cleaned_data["to"]
    try:
        found, _made = services.start_conversation(
            by=request.user,
            participants=people,
            title=form.cleaned_data["title"],
            course=course,
            at=now,
        )
        services.send_message(
            conversation=found, author=request.user, content=form.cleaned_data["content"], at=now
        )
    except Invalid as error:
        for field, told in error.errors.items():
            name = {"participants": "to"}.get(field, field)
            form.add_error(name if name in form.fields else None, [str(each) for each in told])
    except DomainError as error:
        form.add_error(None, str(error))
    return found if not form.errors else None


def _course(request: HttpRequest) -> Course | None:
    slug = request.POST.get("course") or request.GET.get("course")
    if not slug:
        return None
    found: Course | None = Course.objects.visible_to(request.user).filter(slug=slug).first()
    return found


def _chosen(request: HttpRequest, known: set[int]) -> list[User]:
    """Those named in the address or the form whom the person may name."""
    given = request.POST.getlist("to") or request.GET.getlist("to")
    names = {
        name.lstrip("@").lower()
        for text in given
        for name in text.replace(",", " ").replace("\x00", " ").split()
    }
    named = User.objects.filter(username__in=sorted(names)[: services.MAX_PEOPLE], is_active=True)
    allowed = Q(pk__in=selectors.people_known_to(request.user).values("pk")) | Q(pk__in=known)
    return list(named.filter(allowed, erased_at=None).exclude(pk=request.user.pk).order_by("pk"))


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Those whom one may write to, by the beginning of a name."""
    found = people_by_prefix(request.user, request.GET.get("q", "")[:60], limit=3 * SUGGESTED)
    refused = selectors.refusing(request.user, found)
    willing = [person for person in found if person.pk not in refused]
    return render(request, "messaging/_people.html", {"people": willing[:SUGGESTED]})
