"""The forum's categories and topics."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import generics
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.requests import PersonalApiRequest
from apps.accounts.rights import needs
from apps.community import services
from apps.community.models import Kind, Topic
from apps.community.models.forum import POSTS_ON_A_PAGE
from apps.community.selectors import finding, forum
from apps.community.selectors.standing import may
from apps.community.selectors.texts import with_html
from apps.community.services.likes import toggle_like
from apps.community.services.reports import report
from apps.core.api import Anyone, CursorPagination, SwitchIn
from apps.core.errors import Invalid, NotAllowed
from apps.core.idempotency import idempotent
from apps.core.limits import client_address
from apps.core.pagination import Page, paginate
from apps.core.ready import HotReads, ready_json

from .fields import LikeOut, ReportIn
from .shapes import (
    FollowOut,
    ForumCategoryOut,
    FoundOut,
    PostOut,
    ReadIn,
    TopicChangesIn,
    TopicIn,
    TopicOut,
    TopicRowOut,
)


class ReadOrWrite(APIView):
    """Read by anybody, written by those who are signed in."""

    def get_permissions(self) -> list[BasePermission]:
        read = self.request.method in {"GET", "HEAD", "OPTIONS"}
        return [Anyone() if read else needs("forum.write")()]


def visible_topic(request: Any, pk: int) -> Topic:
    return get_object_or_404(Topic.objects.visible_to(request.user), pk=pk)


def topic_answer(request: Request, topic: Topic, status: int = 200) -> Response:
    """The topic, with its people, as its reader sees it, with its first posts."""
    with_html([topic])
    page = paginate(forum.places_in(topic), ordering=["number"], cursor=None, limit=POSTS_ON_A_PAGE)
    following = None
    if page.next:
        address = f"/api/forum/topics/{topic.pk}/posts?cursor={page.next}"
        following = request.build_absolute_uri(address)
    forum.with_marks([topic], request.user)
    context = {
        "request": request,
        "topic": topic,
        "standpoint": forum.standpoint(topic, request.user),
        "posts": {"results": forum.as_shown(page.items, request.user), "next": following},
    }
    return Response(TopicOut(topic, context=context).data, status=status)


# ── Lists ─────────────────────────────────────────────────────────────────────────────────────
class Categories(HotReads, APIView):
    """GET /api/forum/categories: all of them, in their order."""

    permission_classes = [Anyone]

    @extend_schema(
        responses=inline_serializer("ForumCategories", {"results": ForumCategoryOut(many=True)})
    )
    def get(self, request: Request) -> HttpResponse:
        rows = ForumCategoryOut(forum.forum_categories(), many=True).data
        return ready_json(request, {"results": rows})


class TopicList(generics.ListAPIView[Any]):
    serializer_class = TopicRowOut
    permission_classes = [Anyone]
    ordering: tuple[str, ...] = forum.LATEST

    def paginate_queryset(self, queryset: Any) -> Any:
        return forum.with_marks(super().paginate_queryset(queryset) or [], self.request.user)


class TopicsOfCategory(TopicList):
    """GET /api/forum/categories/{id}/topics: pinned ones first, then by their last post."""

    ordering = forum.PINNED_FIRST

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Topic.objects.none()
        return forum.topics_in(forum.get_category(pk=self.kwargs["pk"]))


class Topics(TopicList):
    """GET /api/forum/topics: those with the latest posts first. POST begins one."""

    def get_permissions(self) -> list[BasePermission]:
        read = self.request.method in {"GET", "HEAD", "OPTIONS"}
        return [Anyone() if read else needs("forum.write")()]

    @extend_schema(
        parameters=[
            OpenApiParameter("filter", enum=["latest", "unanswered", "followed"]),
            OpenApiParameter("tag", str),
        ]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Topic.objects.none()
        found = self._chosen(self.request.GET.get("filter") or "latest")
        tag = self.request.GET.get("tag", "").replace("\x00", "")
        return found.filter(tags__contains=[tag.lower()]) if tag else found

    def _chosen(self, name: str) -> Any:
        if name == "followed" and not self.request.user.is_authenticated:
            raise NotAllowed(_("Log in to see the topics you follow."))
        lists = {
            "latest": forum.latest_topics,
            "unanswered": forum.unanswered_topics,
            "followed": lambda: forum.followed_topics(self.request.user),
        }
        if name not in lists:
            raise Invalid(errors={"filter": [_("latest, unanswered or followed.")]})
        return lists[name]()

    @extend_schema(request=TopicIn, responses={201: TopicOut})
    @idempotent
    def post(self, request: PersonalApiRequest) -> Response:
        form = TopicIn(data=request.data)
        form.is_valid(raise_exception=True)
        topic = services.create_topic(author=request.user, at=timezone.now(), **form.validated_data)
        return topic_answer(request, forum.get_topic(request.user, topic.pk), 201)


class FoundPages(CursorPagination):
    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.page: Page[Any] = finding.found_topics(
            request.GET.get("q", ""),
            cursor=request.GET.get("cursor") or None,
            limit=self.limit(request),
        )
        return self.page.items


class SearchForum(generics.ListAPIView[Any]):
    """GET /api/forum/search: topics with these words in their titles, texts or posts, best first."""

    permission_classes = [Anyone]
    serializer_class = FoundOut
    pagination_class = FoundPages
    queryset = Topic.objects.none()

    @extend_schema(parameters=[OpenApiParameter("q", str)])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


# ── One topic ─────────────────────────────────────────────────────────────────────────────────
class OneTopic(ReadOrWrite):
    """GET, PATCH, DELETE /api/forum/topics/{id}: read by anybody, changed by its author and
    moderators; its tags also by those whose standing allows it."""

    @extend_schema(responses=TopicOut)
    def get(self, request: Request, pk: int) -> Response:
        topic = forum.get_topic(request.user, pk)
        services.count_view(
            topic=topic,
            user=request.user,
            address=client_address(request),
            user_agent=request.headers.get("User-Agent", ""),
            at=timezone.now(),
        )
        return topic_answer(request, topic)

    @extend_schema(request=TopicChangesIn(partial=True), responses=TopicOut)
    def patch(self, request: PersonalApiRequest, pk: int) -> Response:
        topics = Topic.objects.editable_by(request.user)
        form = TopicChangesIn(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        if set(form.validated_data) == {"tags"} and may(request.user, "edit_tags"):
            topics = Topic.objects.visible_to(request.user)
        topic = get_object_or_404(topics, pk=pk)
        topic = services.edit_topic(
            topic=topic, by=request.user, at=timezone.now(), **form.validated_data
        )
        return topic_answer(request, forum.get_topic(request.user, topic.pk))

    @extend_schema(responses={204: None})
    def delete(self, request: PersonalApiRequest, pk: int) -> Response:
        topic = get_object_or_404(Topic.objects.editable_by(request.user), pk=pk)
        services.delete_topic(topic=topic, by=request.user, at=timezone.now())
        return Response(status=204)


class Switch(APIView):
    """PUT {value}: true when absent."""

    def value(self, request: PersonalApiRequest) -> bool:
        form = SwitchIn(data=request.data)
        form.is_valid(raise_exception=True)
        return bool(form.validated_data["value"])


class Pin(Switch):
    """PUT /api/forum/topics/{id}/pin: at the top of its category."""

    permission_classes = [needs("forum.moderate")]

    @extend_schema(request=SwitchIn, responses=TopicOut)
    def put(self, request: PersonalApiRequest, pk: int) -> Response:
        topic = services.pin_topic(
            topic=visible_topic(request, pk),
            by=request.user,
            value=self.value(request),
            at=timezone.now(),
        )
        return topic_answer(request, forum.get_topic(request.user, topic.pk))


class Lock(Switch):
    """PUT /api/forum/topics/{id}/lock: nobody replies any more."""

    permission_classes = [needs("forum.moderate")]

    @extend_schema(request=SwitchIn, responses=TopicOut)
    def put(self, request: PersonalApiRequest, pk: int) -> Response:
        topic = services.lock_topic(
            topic=visible_topic(request, pk),
            by=request.user,
            value=self.value(request),
            at=timezone.now(),
        )
        return topic_answer(request, forum.get_topic(request.user, topic.pk))


class Follow(Switch):
    """PUT /api/forum/topics/{id}/follow: be told of new posts."""

    permission_classes = [needs("forum.write")]

    @extend_schema(request=SwitchIn, responses=FollowOut)
    def put(self, request: PersonalApiRequest, pk: int) -> Response:
        following = services.follow_topic(
            topic=visible_topic(request, pk),
            user=request.user,
            value=self.value(request),
            at=timezone.now(),
        )
        return Response({"following": following})


class MarkRead(APIView):
    """PUT /api/forum/topics/{id}/read: the person was shown the posts up to this number."""

    permission_classes = [needs("forum.write")]

    @extend_schema(request=ReadIn, responses={204: None})
    def put(self, request: PersonalApiRequest, pk: int) -> Response:
        form = ReadIn(data=request.data)
        form.is_valid(raise_exception=True)
        services.mark_read(
            topic=visible_topic(request, pk),
            user=request.user,
            number=form.validated_data["number"],
            at=timezone.now(),
        )
        return Response(status=204)


class LikeTopic(APIView):
    """POST /api/forum/topics/{id}/like: like it, or take that back; 403 for one's own."""

    permission_classes = [needs("forum.write")]

    @extend_schema(request=None, responses=LikeOut)
    def post(self, request: PersonalApiRequest, pk: int) -> Response:
        return liked(request, Kind.TOPIC, pk)


class ReportTopic(APIView):
    """POST /api/forum/topics/{id}/report: ask the moderators to look."""

    permission_classes = [needs("forum.write")]

    @extend_schema(request=ReportIn, responses={204: None})
    def post(self, request: PersonalApiRequest, pk: int) -> Response:
        return reported(request, Kind.TOPIC, pk)


def liked(request: PersonalApiRequest, kind: Kind, pk: int) -> Response:
    state = toggle_like(user=request.user, kind=kind, object_id=pk, at=timezone.now())
    return Response({"liked": state.liked, "likes_count": state.likes_count})


def reported(request: PersonalApiRequest, kind: Kind, pk: int) -> Response:
    form = ReportIn(data=request.data)
    form.is_valid(raise_exception=True)
    report(user=request.user, kind=kind, object_id=pk, at=timezone.now(), **form.validated_data)
    return Response(status=204)


def posts_answer(request: Request, topic: Topic, post: Any, status: int = 200) -> Response:
    (shown,) = forum.as_shown(forum.places_in(topic).filter(pk=post.pk), request.user)
    return Response(
        PostOut(shown, context={"request": request, "topic": topic}).data, status=status
    )
