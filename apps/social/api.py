"""Following and blocking over the API; profiles join many apps and are in `eduplatform.pages`."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import SignedIn, SwitchIn

from . import selectors, services


class FollowingOut(serializers.Serializer[Any]):
    following = serializers.BooleanField()
    followers_count = serializers.IntegerField()


class BlockedOut(serializers.Serializer[Any]):
    blocked = serializers.BooleanField()


class Follow(APIView):
    """POST /api/users/{id}/follow: once or again; 409 for oneself, 404 for who is private."""

    permission_classes = [SignedIn]

    @extend_schema(request=None, responses=FollowingOut)
    def post(self, request: Request, pk: int) -> Response:
        person = get_object_or_404(selectors.people_visible_to(request.user), pk=pk)
        services.follow(follower=request.user, followed=person, at=timezone.now())
        count = selectors.profile_of(person).followers_count
        return Response({"following": True, "followers_count": count})


class Unfollow(APIView):
    permission_classes = [SignedIn]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        person = get_object_or_404(selectors.people_left_by(request.user), pk=pk)
        services.unfollow(follower=request.user, followed=person)
        return Response(status=204)


class Block(APIView):
    """PUT /api/users/{id}/block: neither sees, follows or writes to the other any longer."""

    permission_classes = [SignedIn]

    @extend_schema(request=SwitchIn, responses=BlockedOut)
    def put(self, request: Request, pk: int) -> Response:
        form = SwitchIn(data=request.data)
        form.is_valid(raise_exception=True)
        person = get_object_or_404(selectors.people_kept_away_by(request.user), pk=pk)
        if form.validated_data["value"]:
            services.block(blocker=request.user, blocked=person, at=timezone.now())
        else:
            services.unblock(blocker=request.user, blocked=person)
        return Response({"blocked": form.validated_data["value"]})
