"""Posts in the forum's topics."""

import re
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.requests import PersonalApiRequest
from apps.accounts.rights import needs
from apps.community import services
from apps.community.models import Kind, Post, Topic
from apps.community.models.forum import POSTS_ON_A_PAGE
from apps.community.selectors import forum
from apps.core.api import Anyone, CursorPagination, SwitchIn
from apps.core.errors import Invalid
from apps.core.idempotency import idempotent

from .fields import LikeOut, ReportIn
from .shapes import BestOut, PostChangesIn, PostIn, PostOut
from .topics import Switch, liked, posts_answer, reported, visible_topic


class PostPages(CursorPagination):
    default_limit = POSTS_ON_A_PAGE


class Posts(generics.ListAPIView[Any]):
    """GET /api/forum/topics/{id}/posts: by number, from any one on. POST replies."""

    serializer_class = PostOut
    pagination_class = PostPages
    ordering = ["number"]
    topic: Topic

    def get_permissions(self) -> list[BasePermission]:
        read = self.request.method in {"GET", "HEAD", "OPTIONS"}
        return [Anyone() if read else needs("forum.write")()]

    @extend_schema(
        parameters=[OpenApiParameter("from", int, description="Number of the first post.")]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Post.objects.none()
        self.topic = visible_topic(self.request, self.kwargs["pk"])
        first = self.request.GET.get("from") or "1"
        if not re.fullmatch("[0-9]{1,10}", first) or not 1 <= int(first) < 2**31:
            raise Invalid(errors={"from": [_("The number of a post, from 1.")]})
        return forum.places_in(self.topic).filter(number__gte=int(first))

    def paginate_queryset(self, queryset: Any) -> Any:
        return forum.as_shown(super().paginate_queryset(queryset) or [], self.request.user)

    def get_serializer_context(self) -> dict[str, Any]:
        topic = getattr(self, "topic", None)
        return {**super().get_serializer_context(), "topic": topic}

    @extend_schema(request=PostIn, responses={201: PostOut})
    @idempotent
    def post(self, request: PersonalApiRequest, pk: int) -> Response:
        topic = visible_topic(request, pk)
        form = PostIn(data=request.data)
        form.is_valid(raise_exception=True)
        post = services.reply(
            topic=topic,
            author=request.user,
            content=form.validated_data["content"],
            reply_to=_quoted(request, topic, form.validated_data.get("reply_to")),
            at=timezone.now(),
        )
        return posts_answer(request, topic, post, 201)


def _quoted(request: Any, topic: Topic, pk: int | None) -> Post | None:
    if pk is None:
        return None
    found = Post.objects.visible_to(request.user).standing().filter(topic=topic, pk=pk).first()
    if found is None:
        raise Invalid(errors={"reply_to": [_("There is no such post in this topic.")]})
    return found


class OnePost(APIView):
    """PATCH, DELETE /api/forum/posts/{id}: its author's, while the topic is open; a moderator's."""

    permission_classes = [needs("forum.write")]

    @extend_schema(request=PostChangesIn(partial=True), responses=PostOut)
    def patch(self, request: PersonalApiRequest, pk: int) -> Response:
        post = self._own(request, pk)
        form = PostChangesIn(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        content = form.validated_data.get("content", post.content)
        post = services.edit_post(post=post, by=request.user, content=content, at=timezone.now())
        return posts_answer(request, post.topic, post)

    @extend_schema(responses={204: None})
    def delete(self, request: PersonalApiRequest, pk: int) -> Response:
        services.delete_post(post=self._own(request, pk), by=request.user, at=timezone.now())
        return Response(status=204)

    def _own(self, request: PersonalApiRequest, pk: int) -> Post:
        return get_object_or_404(Post.objects.editable_by(request.user), pk=pk)


class LikePost(APIView):
    """POST /api/forum/posts/{id}/like: like it, or take that back; 403 for one's own."""

    permission_classes = [needs("forum.write")]

    @extend_schema(request=None, responses=LikeOut)
    def post(self, request: PersonalApiRequest, pk: int) -> Response:
        return liked(request, Kind.POST, pk)


class ReportPost(APIView):
    """POST /api/forum/posts/{id}/report: ask the moderators to look."""

    permission_classes = [needs("forum.write")]

    @extend_schema(request=ReportIn, responses={204: None})
    def post(self, request: PersonalApiRequest, pk: int) -> Response:
        return reported(request, Kind.POST, pk)


class Best(Switch):
    """PUT /api/forum/posts/{id}/best: the best answer of its topic; its asker's, or a moderator's."""

    permission_classes = [needs("forum.write")]

    @extend_schema(request=SwitchIn, responses=BestOut)
    def put(self, request: PersonalApiRequest, pk: int) -> Response:
        topic = services.choose_best(
            post=get_object_or_404(Post.objects.visible_to(request.user), pk=pk),
            by=request.user,
            value=self.value(request),
            at=timezone.now(),
        )
        return Response({"topic": topic.pk, "best_post": topic.best_post_id})
