"""Comments of courses and lessons."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import Anyone, SignedIn, SwitchIn
from apps.core.errors import Invalid, NotAllowed, NotFound
from apps.core.idempotency import idempotent

from ..models import Comment, CommentQuerySet, Kind
from ..selectors import comments as selectors
from ..selectors.comments import Place
from ..services import comments, reports
from ..services.likes import toggle_like
from .comment_shapes import (
    ChangesIn,
    CommentIn,
    CommentOut,
    CommentReplyIn,
    DiscussionIn,
    DiscussionOut,
    ThreadOut,
)
from .fields import LikeOut, ReportIn

SHOWN_REPLIES = 10
SHOW = OpenApiParameter("show", enum=list(selectors.SHOWS), description="`all` unless said.")


def lesson_or_401(request: Request, pk: int) -> Place:
    """A lesson that a visitor might open with an account asks for one."""
    try:
        return selectors.place_of_lesson(request.user, pk)
    except NotAllowed as error:
        if not request.user.is_authenticated:
            raise NotAuthenticated from error
        raise


def visible(request: Request, pk: int) -> Comment:
    rows = Comment.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("author", "course", "lesson", "root"), pk=pk)


def answer(request: Request, comment: Comment, status: int = 200) -> Response:
    rows = selectors.with_people(Comment.objects.filter(pk=comment.pk))
    (row,) = selectors.dressed(rows, request.user)
    return Response(CommentOut(row, context={"request": request}).data, status=status)


# ── Reading ───────────────────────────────────────────────────────────────────────────────────
class Threads(generics.ListAPIView[Comment]):
    """First comments with the beginnings of their threads: the pinned, then the newest."""

    permission_classes = [Anyone]
    serializer_class = ThreadOut
    ordering = selectors.NEWEST

    def place(self) -> Place:
        raise NotImplementedError

    def get_queryset(self) -> CommentQuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Comment.objects.none()
        show = self.request.GET.get("show", "all")
        if show not in selectors.SHOWS:
            known = ", ".join(selectors.SHOWS)
            raise Invalid(errors={"show": [_("Choose one of these: %s.") % known]})
        return selectors.threads_at(self.place(), self.request.user, show)

    def paginate_queryset(self, queryset: Any) -> Any:
        roots: list[Any] = list(super().paginate_queryset(queryset) or [])
        replies = selectors.first_replies(roots, self.request.user, SHOWN_REPLIES)
        below = [row for rows in replies.values() for row in rows]
        selectors.dressed([*roots, *below], self.request.user)
        for root in roots:
            root.replies = replies.get(root.pk, [])
        return roots

    @extend_schema(parameters=[SHOW])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request)


class CourseComments(Threads):
    """GET /api/courses/{id}/comments: for everybody, when the course is published."""

    def place(self) -> Place:
        return selectors.place_of_course(self.request.user, pk=self.kwargs["pk"])


class LessonComments(Threads):
    """GET /api/lessons/{id}/comments: for whoever may open the lesson."""

    def place(self) -> Place:
        return lesson_or_401(self.request, self.kwargs["pk"])


class Replies(generics.ListAPIView[Comment]):
    """GET /api/comments/{id}/replies: what hangs under a first comment, the oldest first."""

    permission_classes = [Anyone]
    serializer_class = CommentOut
    ordering = selectors.OLDEST

    def get_queryset(self) -> CommentQuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Comment.objects.none()
        root = selectors.get_root(self.request.user, self.kwargs["pk"])
        return selectors.replies_in(root, self.request.user)

    def paginate_queryset(self, queryset: Any) -> Any:
        return selectors.dressed(super().paginate_queryset(queryset) or [], self.request.user)


# ── Writing ───────────────────────────────────────────────────────────────────────────────────
class WriteComment(APIView):
    """POST /api/comments: begin a thread under what one may open."""

    permission_classes = [SignedIn]

    @extend_schema(request=CommentIn, responses={201: CommentOut})
    @idempotent
    def post(self, request: Request) -> Response:
        form = CommentIn(data=request.data)
        form.is_valid(raise_exception=True)
        told = dict(form.validated_data)
        place = _target(request, told.pop("target"), told.pop("target_id"))
        comment = comments.write_comment(
            author=request.user, course=place.course, lesson=place.lesson, at=timezone.now(), **told
        )
        return answer(request, comment, 201)


def _target(request: Request, target: str, target_id: int) -> Place:
    """As for every id in a body: what the caller doesn't know of is a wrong one."""
    try:
        if target == "lesson":
            return selectors.place_of_lesson(request.user, target_id)
        return selectors.place_of_course(request.user, pk=target_id)
    except NotFound as error:
        raise Invalid(errors={"target_id": [error.message]}) from error


class OneComment(APIView):
    """GET a comment; PUT one's own words, or as a moderator any; DELETE likewise."""

    def get_permissions(self) -> list[Any]:
        return [Anyone()] if self.request.method == "GET" else [SignedIn()]

    @extend_schema(responses=CommentOut)
    def get(self, request: Request, pk: int) -> Response:
        return answer(request, visible(request, pk))

    @extend_schema(request=ChangesIn, responses=CommentOut)
    def put(self, request: Request, pk: int) -> Response:
        comment = get_object_or_404(Comment.objects.editable_by(request.user), pk=pk)
        form = ChangesIn(data=request.data)
        form.is_valid(raise_exception=True)
        changed = comments.edit_comment(
            comment=comment, by=request.user, at=timezone.now(), **form.validated_data
        )
        return answer(request, changed)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        comment = get_object_or_404(Comment.objects.editable_by(request.user), pk=pk)
        comments.delete_comment(comment=comment, by=request.user, at=timezone.now())
        return Response(status=204)


class Reply(APIView):
    """POST /api/comments/{id}/reply: in the comment's thread."""

    permission_classes = [SignedIn]

    @extend_schema(request=CommentReplyIn, responses={201: CommentOut})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        comment = visible(request, pk)
        form = CommentReplyIn(data=request.data)
        form.is_valid(raise_exception=True)
        reply = comments.reply_to(
            comment=comment, author=request.user, at=timezone.now(), **form.validated_data
        )
        return answer(request, reply, 201)


class LikeComment(APIView):
    """POST /api/comments/{id}/like: a toggle; 403 for one's own."""

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses=LikeOut)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        comment = visible(request, pk)
        state = toggle_like(
            user=request.user, kind=Kind.COMMENT, object_id=comment.pk, at=timezone.now()
        )
        return Response({"liked": state.liked, "likes_count": state.likes_count})


class ReportComment(APIView):
    """POST /api/comments/{id}/report: the moderators will look."""

    permission_classes = [SignedIn]

    @extend_schema(request=ReportIn, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        comment = visible(request, pk)
        form = ReportIn(data=request.data)
        form.is_valid(raise_exception=True)
        reports.report(
            user=request.user,
            kind=Kind.COMMENT,
            object_id=comment.pk,
            at=timezone.now(),
            **form.validated_data,
        )
        return Response(status=204)


# ── Keeping order ─────────────────────────────────────────────────────────────────────────────
class Pin(APIView):
    """PUT /api/comments/{id}/pin: the course's teacher, and moderators."""

    permission_classes = [SignedIn]

    @extend_schema(request=SwitchIn, responses=CommentOut)
    def put(self, request: Request, pk: int) -> Response:
        comment = visible(request, pk)
        form = SwitchIn(data=request.data)
        form.is_valid(raise_exception=True)
        pinned = comments.pin_comment(
            comment=comment, by=request.user, at=timezone.now(), **form.validated_data
        )
        return answer(request, pinned)


class Answer(APIView):
    """PUT /api/comments/{id}/answer: the reply answers its thread's question, or no longer does.

    Said by who asked, the course's teacher, and moderators. Answers the question.
    """

    permission_classes = [SignedIn]

    @extend_schema(request=SwitchIn, responses=CommentOut)
    def put(self, request: Request, pk: int) -> Response:
        reply = visible(request, pk)
        form = SwitchIn(data=request.data)
        form.is_valid(raise_exception=True)
        marked = comments.choose_answer(
            reply=reply, by=request.user, at=timezone.now(), **form.validated_data
        )
        return answer(request, marked)


class KeepDiscussion(APIView):
    """PUT …/discussion: lock it or slow it down; the course's teacher, and moderators."""

    permission_classes = [SignedIn]

    def place(self, request: Request, pk: int) -> Place:
        raise NotImplementedError

    @extend_schema(request=DiscussionIn, responses=DiscussionOut)
    def put(self, request: Request, pk: int) -> Response:
        place = self.place(request, pk)
        form = DiscussionIn(data=request.data)
        form.is_valid(raise_exception=True)
        kept = comments.keep_discussion(
            course=place.course,
            lesson=place.lesson,
            by=request.user,
            at=timezone.now(),
            **form.validated_data,
        )
        return Response(DiscussionOut(kept).data)


class CourseDiscussion(KeepDiscussion):
    """PUT /api/courses/{id}/discussion"""

    def place(self, request: Request, pk: int) -> Place:
        return selectors.place_of_course(request.user, pk=pk)


class LessonDiscussion(KeepDiscussion):
    """PUT /api/lessons/{id}/discussion"""

    def place(self, request: Request, pk: int) -> Place:
        return selectors.place_of_lesson(request.user, pk)
