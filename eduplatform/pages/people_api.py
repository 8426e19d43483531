"""Profiles over the API, and the lists below them."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.accounts.serializers import OwnUploads, PersonOut
from apps.core.api import Anyone, SignedIn
from apps.core.errors import NotFound
from apps.courses.api import CourseCardOut
from apps.courses.models import Course
from apps.gamification.api import BadgesOut
from apps.gamification.selectors.shown import badges_shown, points_shown
from apps.media.models import Purpose
from apps.social import selectors as social
from apps.social.links import MAX_LENGTH
from apps.social.models import Follow, WritesFrom
from apps.social.services import change_profile

from . import people


class ProfileOut(serializers.Serializer[people.Shown]):
    """The two counts of courses are null where the person doesn't show their courses; the points
    where they don't show badges, or have switched points off.
    """

    id = serializers.IntegerField(source="person.pk")
    username = serializers.CharField(source="person.username")
    name = serializers.CharField(source="person.name")
    bio = serializers.CharField(source="person.bio")
    avatar = serializers.SerializerMethodField()
    cover = serializers.SerializerMethodField()
    location = serializers.CharField(source="profile.location")
    website = serializers.CharField(source="profile.website")
    linkedin_url = serializers.CharField(source="profile.linkedin_url")
    github_url = serializers.CharField(source="profile.github_url")
    twitter_url = serializers.CharField(source="profile.twitter_url")
    followers_count = serializers.IntegerField(source="profile.followers_count")
    following_count = serializers.IntegerField(source="profile.following_count")
    courses_completed = serializers.IntegerField(allow_null=True)
    courses_created = serializers.IntegerField(allow_null=True)
    total_points = serializers.SerializerMethodField()
    is_profile_public = serializers.BooleanField(source="person.is_profile_public")
    show_badges = serializers.BooleanField(source="profile.show_badges")
    show_courses = serializers.BooleanField(source="profile.show_courses")
    show_activity = serializers.BooleanField(source="profile.show_activity")

    def get_avatar(self, shown: people.Shown) -> str | None:
        return shown.person.avatar_url or None

    def get_cover(self, shown: people.Shown) -> str | None:
        return shown.profile.cover_url or None

    def get_total_points(self, shown: people.Shown) -> int | None:
        return points_shown(shown.person) if shown.shows_badges else None


def link() -> serializers.CharField:
    return serializers.CharField(max_length=MAX_LENGTH, allow_blank=True)


class ProfileIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    bio = serializers.CharField(max_length=2000, allow_blank=True)
    avatar = OwnUploads(Purpose.AVATAR, allow_null=True)
    cover = OwnUploads(Purpose.BANNER, allow_null=True)
    location = serializers.CharField(max_length=100, allow_blank=True)
    website = link()
    linkedin_url = link()
    github_url = link()
    twitter_url = link()
    is_profile_public = serializers.BooleanField()
    show_badges = serializers.BooleanField()
    show_courses = serializers.BooleanField()
    show_activity = serializers.BooleanField()
    writes_from = serializers.ChoiceField(choices=WritesFrom.choices)


class OneProfile(APIView):
    """GET /api/users/{username}/profile: who is private isn't there."""

    permission_classes = [Anyone]

    @extend_schema(responses=ProfileOut)
    def get(self, request: Request, username: str) -> Response:
        person = people.get_person(request.user, username)
        return Response(ProfileOut(people.shown_profile(request.user, person)).data)


class MyProfile(APIView):
    """PUT /api/users/profile: any of the fields; the others stay."""

    permission_classes = [SignedIn]

    @extend_schema(request=ProfileIn(partial=True), responses=ProfileOut)
    def put(self, request: Request) -> Response:
        form = ProfileIn(data=request.data, partial=True, context={"request": request})
        form.is_valid(raise_exception=True)
        change_profile(user=request.user, changes=form.validated_data)
        return Response(ProfileOut(people.shown_profile(request.user, request.user)).data)


# ── Lists ─────────────────────────────────────────────────────────────────────────────────────
class CourseOfPersonOut(CourseCardOut):
    completed_at = serializers.DateTimeField(
        allow_null=True, read_only=True, help_text="When the person finished it."
    )

    class Meta(CourseCardOut.Meta):
        fields = [*CourseCardOut.Meta.fields, "completed_at"]
        read_only_fields = fields


@extend_schema(parameters=[OpenApiParameter("kind", str, enum=["created", "completed"])])
class CoursesOfPerson(generics.ListAPIView[Course]):
    """GET /api/users/{username}/courses: what they teach and what they finished.

    404 for others while the person doesn't show them.
    """

    permission_classes = [Anyone]
    serializer_class = CourseOfPersonOut
    ordering = people.ORDERING

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Course.objects.none()
        person = people.get_person(self.request.user, self.kwargs["username"])
        if person.pk != self.request.user.pk and not social.profile_of(person).show_courses:
            raise NotFound
        kind = self.request.query_params.get("kind", "")
        return people.courses_of(person, kind).with_card()


class BadgesOfPerson(APIView):
    """GET /api/users/{username}/badges: the latest first; none of who switched points off.

    404 for others while the person doesn't show them.
    """

    permission_classes = [Anyone]

    @extend_schema(responses=BadgesOut)
    def get(self, request: Request, username: str) -> Response:
        person = people.get_person(request.user, username)
        if person.pk != request.user.pk and not social.profile_of(person).show_badges:
            raise NotFound
        return Response(BadgesOut({"results": badges_shown(person, request.user)}).data)


class PeopleAround(generics.ListAPIView[Any]):
    """People on the other side of somebody's follows, as far as the caller may see them."""

    permission_classes = [Anyone]
    serializer_class = PersonOut
    ordering = social.LATEST

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Follow.objects.none()
        person = people.get_person(self.request.user, self.kwargs["username"])
        return self.follows(person)

    def follows(self, person: User) -> Any:
        raise NotImplementedError

    def other(self, row: Follow) -> User:
        raise NotImplementedError

    def paginate_queryset(self, queryset: Any) -> Any:
        return [self.other(row) for row in super().paginate_queryset(queryset) or ()]


class Followers(PeopleAround):
    """GET /api/users/{username}/followers: the latest first."""

    def follows(self, person: User) -> Any:
        return social.followers_of(person, self.request.user)

    def other(self, row: Follow) -> User:
        return row.follower


class Following(PeopleAround):
    """GET /api/users/{username}/following: the latest first."""

    def follows(self, person: User) -> Any:
        return social.followed_by(person, self.request.user)

    def other(self, row: Follow) -> User:
        return row.followed
