"""The discussion of a course or a lesson: a fragment of its page, and a page of its own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from apps.core.errors import DomainError, NotAllowed

from ..comment_forms import CommentForm, KeepingForm
from ..selectors import comments as selectors
from ..selectors.comments import Place
from ..services import comments
from .discussion_parts import discussion, listing, whole_thread

FOLDER = "community/discussion"


@login_not_required
@require_http_methods(["GET", "POST"])
def lesson(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    """For whoever may open the lesson; others are led to the course's page."""
    try:
        place = selectors.place_of_lesson(request.user, lesson_id)
    except NotAllowed:
        if request.method == "POST" or request.htmx:
            raise
        return redirect(f"/courses/{slug}/")
    if place.course.slug != slug:
        return redirect(place.url)
    return _discussion(request, place)


@login_not_required
@require_http_methods(["GET", "POST"])
def course(request: HttpRequest, slug: str) -> HttpResponse:
    return _discussion(request, selectors.place_of_course(request.user, slug=slug))


def _discussion(request: HttpRequest, place: Place) -> HttpResponse:
    if request.method == "POST":
        return _write(request, place)
    if not request.htmx:
        return _page(request, place)
    if "after" in request.GET:
        return _news(request, place)
    if "cursor" in request.GET:
        return render(request, f"{FOLDER}/_threads.html", listing(request, place))
    if request.GET.get("part") == "list":
        context = listing(request, place) | {"last": selectors.last_id_at(place)}
        return render(request, f"{FOLDER}/_list.html", context)
    return render(request, f"{FOLDER}/_discussion.html", discussion(request, place))


def _page(
    request: HttpRequest, place: Place, form: CommentForm | None = None, status: int = 200
) -> HttpResponse:
    """As a page, perhaps of the one thread that an address named."""
    context = discussion(request, place, form, is_page=True)
    at = request.GET.get("at", "")
    if at.isdecimal() and len(at) < 19:
        named = selectors.with_people(selectors.comments_at(place)).filter(pk=int(at), root=None)
        root = named.first()
        if root and (root.replies_count or selectors.is_seen(root, request.user)):
            context["threads"] = [whole_thread(request, root)]
            context["alone"] = True
    return render(request, f"{FOLDER}/page.html", context, status=status)


def _write(request: HttpRequest, place: Place) -> HttpResponse:
    if not request.user.is_authenticated:
        address = f"/accounts/login/?{urlencode({'next': place.url})}"
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            comments.write_comment(
                author=request.user,
                course=place.course,
                lesson=place.lesson,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return _written(request, place)
    if request.htmx:
        context = discussion(request, place, form)
        return render(request, f"{FOLDER}/_composer.html", context, status=422)
    return _page(request, place, form, status=422)


def _written(request: HttpRequest, place: Place) -> HttpResponse:
    if not request.htmx:
        messages.success(request, _("Posted."))
        return redirect(place.url)
    is_page = request.POST.get("is_page") == "1"
    context = discussion(request, place, is_page=is_page)
    response = render(request, f"{FOLDER}/_discussion.html", context)
    return reswap(retarget(response, "#discussion"), "outerHTML")


def _news(request: HttpRequest, place: Place) -> HttpResponse:
    """What others wrote since the page was made: new threads to be shown, threads to be read anew."""
    after, seen = (_number(request.GET.get(name, "")) for name in ("after", "seen"))
    context = {
        "place": place,
        "news": selectors.news_at(place, request.user, after, seen),
        "last": after,
        "show": request.GET.get("show", "all"),
    }
    return render(request, f"{FOLDER}/_news.html", context)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


# ── Kept by the teacher ───────────────────────────────────────────────────────────────────────
@require_POST
def keep_lesson(request: HttpRequest, slug: str, lesson_id: int) -> HttpResponse:
    return _keep(request, selectors.place_of_lesson(request.user, lesson_id))


@require_POST
def keep_course(request: HttpRequest, slug: str) -> HttpResponse:
    return _keep(request, selectors.place_of_course(request.user, slug=slug))


def _keep(request: HttpRequest, place: Place) -> HttpResponse:
    """Lock or open, slow down or let go."""
    form = KeepingForm(request.POST)
    form.is_valid()
    comments.keep_discussion(
        course=place.course,
        lesson=place.lesson,
        by=request.user,
        at=timezone.now(),
        **form.cleaned_data,
    )
    if not request.htmx:
        return redirect(place.url)
    is_page = request.POST.get("is_page") == "1"
    return render(
        request, f"{FOLDER}/_discussion.html", discussion(request, place, is_page=is_page)
    )
