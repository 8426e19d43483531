"""Identity in the API: signing in, the account, its devices, teachers' applications."""

from datetime import timedelta
from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from apps.core.api import Anyone, SignedIn, WholeList
from apps.core.errors import Invalid
from apps.core.limits import take_for_address

from . import invitations, selectors, services
from .models import Device, TeacherApplication, User
from .rights import SignedInRequest, needs
from .serializers import (
    ApplicantOut,
    ApplicationIn,
    ApplicationOut,
    CredentialsIn,
    EmailIn,
    KeyIn,
    NewPasswordIn,
    RefreshIn,
    RefusalIn,
    RegisteredOut,
    RegistrationIn,
    SessionOut,
    SignedInOut,
    TokensOut,
    UserIn,
    UserOut,
)
from .sessions import client_of

MINUTE = timedelta(minutes=1)


class OpenView(APIView):
    """Needs no credentials, and looks at none: an old token in the header refuses nobody."""

    authentication_classes: list[Any] = []
    permission_classes = [Anyone]


def read(serializer_class: type[Serializer[Any]], request: Request, **kwargs: Any) -> Any:
    """The checked body."""
    serializer = serializer_class(data=request.data, context={"request": request}, **kwargs)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def device_id_of(request: Request) -> int | None:
    """The device that asks: of the access token, else of the site's session."""
    if isinstance(request.auth, Device):
        return request.auth.pk
    found: int | None = request.session.get("device")
    return found


# ── Signing in and out ────────────────────────────────────────────────────────────────────────
class RegisterView(OpenView):
    """Open an account. A teacher's opens an application too.

    A referral code that is unknown, used up, expired or one's own only warns.
    """

    @extend_schema(
        request=RegistrationIn,
        responses={201: RegisteredOut},
        parameters=[OpenApiParameter("ref", str, description="A referral code")],
    )
    def post(self, request: Request) -> Response:
        take_for_address(request=request, action="register", limit=20, per=MINUTE)
        body = read(RegistrationIn, request)
        now = timezone.now()
        code = request.query_params.get("ref", "")[:40]
        invitation = invitations.invitation_to(code=code, email=body["email"], request=request)
        user = services.register(
            **body, at=now, locale=get_language() or "en", invitation=invitation
        )
        pair = services.sign_in_by_token(user=user, client=client_of(request), at=now)
        answer = dict(SignedInOut(pair).data)
        if code and not invitation.code:
            answer["warnings"] = [_("This referral code can’t be used and was left out.")]
        return Response(answer, status=status.HTTP_201_CREATED)


class LoginView(OpenView):
    @extend_schema(request=CredentialsIn, responses=SignedInOut)
    def post(self, request: Request) -> Response:
        take_for_address(request=request, action="login", limit=30, per=MINUTE)
        body = read(CredentialsIn, request)
        client, now = client_of(request), timezone.now()
        user = services.check_credentials(**body, client=client, at=now)
        return Response(
            SignedInOut(services.sign_in_by_token(user=user, client=client, at=now)).data
        )


class RefreshView(OpenView):
    """A new pair for an unused refresh token; one used before ends the whole family."""

    @extend_schema(request=RefreshIn, responses=TokensOut)
    def post(self, request: Request) -> Response:
        body = read(RefreshIn, request)
        return Response(TokensOut(services.refresh_tokens(**body, at=timezone.now())).data)


class LogoutView(APIView):
    """End the sign-in that the refresh token belongs to."""

    permission_classes = [SignedIn]

    @extend_schema(request=RefreshIn, responses={204: None})
    def post(self, request: SignedInRequest) -> Response:
        body = read(RefreshIn, request)
        device = selectors.device_of_refresh_token(user=request.user, refresh=body["refresh"])
        if device is None:
            raise Invalid(errors={"refresh": [_("This isn’t a token of yours.")]})
        services.revoke_device(device=device, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


# ── The account ───────────────────────────────────────────────────────────────────────────────
class MeView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(responses=UserOut)
    def get(self, request: SignedInRequest) -> Response:
        return Response(UserOut(request.user).data)

    @extend_schema(request=UserIn(partial=True), responses=UserOut)
    def patch(self, request: SignedInRequest) -> Response:
        changes = read(UserIn, request, partial=True)
        return Response(UserOut(services.update_profile(user=request.user, changes=changes)).data)


class SessionListView(generics.ListAPIView[Device]):
    permission_classes = [SignedIn]
    serializer_class = SessionOut
    pagination_class = WholeList
    filter_backends: list[Any] = []
    queryset = Device.objects.none()

    def get_queryset(self) -> Any:
        return selectors.live_devices(cast(User, self.request.user))

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "device": device_id_of(self.request)}

    @extend_schema(operation_id="auth_sessions_destroy_all", responses={204: None})
    def delete(self, request: SignedInRequest) -> Response:
        """Sign out everywhere, here too."""
        services.revoke_every_device(user=request.user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class SessionView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(responses={204: None})
    def delete(self, request: SignedInRequest, pk: int) -> Response:
        device = get_object_or_404(selectors.live_devices(request.user), pk=pk)
        services.revoke_device(device=device, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


# ── Keys from mails ───────────────────────────────────────────────────────────────────────────
class VerifyEmailView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(request=KeyIn, responses=UserOut)
    def post(self, request: SignedInRequest) -> Response:
        take_for_address(request=request, action="verify", limit=30, per=MINUTE)
        body = read(KeyIn, request)
        user = services.verify_email(**body, user=request.user, at=timezone.now())
        return Response(UserOut(user).data)


class ResendVerificationView(APIView):
    permission_classes = [SignedIn]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: SignedInRequest) -> Response:
        services.ask_for_verification(user=request.user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class ForgotPasswordView(OpenView):
    """Always 204: who has an account isn't told."""

    @extend_schema(request=EmailIn, responses={204: None})
    def post(self, request: Request) -> Response:
        take_for_address(request=request, action="reset", limit=10, per=MINUTE)
        services.ask_for_reset(**read(EmailIn, request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ResetPasswordView(OpenView):
    @extend_schema(request=NewPasswordIn, responses={204: None})
    def post(self, request: Request) -> Response:
        take_for_address(request=request, action="reset", limit=10, per=MINUTE)
        services.reset_password(**read(NewPasswordIn, request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


# ── Teachers ──────────────────────────────────────────────────────────────────────────────────
class ApplicationView(APIView):
    permission_classes = [needs("teacher.apply")]

    @extend_schema(responses=ApplicationOut)
    def get(self, request: SignedInRequest) -> Response:
        application = TeacherApplication.objects.filter(user=request.user).first()
        if application is None:
            raise NotFound
        return Response(ApplicationOut(application).data)

    @extend_schema(request=ApplicationIn, responses=ApplicationOut)
    def post(self, request: SignedInRequest) -> Response:
        body = read(ApplicationIn, request)
        application = services.submit_application(
            user=request.user,
            qualification=body["qualification"],
            links=body.get("links", []),
            documents=body.get("documents", []),
            at=timezone.now(),
        )
        return Response(ApplicationOut(application).data)


class PendingTeachersView(generics.ListAPIView[TeacherApplication]):
    """Teachers who wait for a decision, newest first."""

    permission_classes = [needs("teacher.verify")]
    serializer_class = ApplicantOut
    filter_backends: list[Any] = []
    ordering = ["-opened_at", "-pk"]
    queryset = selectors.pending_applications()


class VerifyTeacherView(APIView):
    permission_classes = [needs("teacher.verify")]

    @extend_schema(request=None, responses=ApplicantOut)
    def post(self, request: SignedInRequest, pk: int) -> Response:
        application = get_object_or_404(selectors.applications(), user_id=pk)
        services.verify_teacher(application=application, by=request.user, at=timezone.now())
        return Response(ApplicantOut(selectors.applications().get(pk=application.pk)).data)


class RefuseTeacherView(APIView):
    permission_classes = [needs("teacher.verify")]

    @extend_schema(request=RefusalIn, responses=ApplicantOut)
    def post(self, request: SignedInRequest, pk: int) -> Response:
        application = get_object_or_404(selectors.applications(), user_id=pk)
        body = read(RefusalIn, request)
        services.refuse_teacher(application=application, by=request.user, at=timezone.now(), **body)
        return Response(ApplicantOut(selectors.applications().get(pk=application.pk)).data)
