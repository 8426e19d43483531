"""Seven ways to lose the right to be here × cookie, access token, refresh token, socket."""

import pytest
from channels.db import database_sync_to_async
from django.test import Client as Browser
from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts import keys, services
from apps.accounts.models import Device, User
from apps.accounts.tests.factories import PASSWORD, AdminFactory, TeacherFactory
from apps.core.tests.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)


class SignedIn:
    """A teacher with a browser and an app, both signed in."""

    def __init__(self) -> None:
        self.user: User = TeacherFactory()
        credentials = {"email": self.user.email, "password": PASSWORD}
        self.browser = Browser()
        self.browser.post("/accounts/login/", credentials)
        self.cookie = self.browser.cookies["sessionid"].value
        answer = APIClient().post("/api/auth/login", credentials).json()
        self.access, self.refresh = answer["access"], answer["refresh"]
        self.user.refresh_from_db()  # as the sign-in left it

    def cookie_works(self) -> bool:
        stolen = Browser()
        stolen.cookies["sessionid"] = self.cookie
        return stolen.get("/settings/").status_code == 200

    def access_works(self) -> bool:
        return self.app().get("/api/auth/me").status_code == 200

    def refresh_works(self) -> bool:
        answer = APIClient().post("/api/auth/refresh", {"refresh": self.refresh})
        return answer.status_code == 200

    def app(self) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.access}")
        return client


# ── The seven ──────────────────────────────────────────────────────────────────────────────────
def log_out(person: SignedIn) -> None:
    """On each device by its own way."""
    person.app().post("/api/auth/logout", {"refresh": person.refresh})
    person.browser.post("/accounts/logout/")


def sign_out_everywhere(person: SignedIn) -> None:
    person.app().delete("/api/auth/sessions")


def change_password(person: SignedIn) -> None:
    services.change_password(
        user=person.user,
        old=PASSWORD,
        new="another-long-phrase",
        client=services.Client(),
        at=timezone.now(),
    )


def reset_password(person: SignedIn) -> None:
    services.reset_password(
        key=keys.reset_key(person.user), password="another-long-phrase", at=timezone.now()
    )


def ban(person: SignedIn) -> None:
    services.ban_user(user=person.user, by=AdminFactory(), at=timezone.now())


def deactivate(person: SignedIn) -> None:
    services.deactivate_user(user=person.user, by=AdminFactory(), at=timezone.now())


def demote(person: SignedIn) -> None:
    services.change_role(user=person.user, role="student", by=AdminFactory(), at=timezone.now())


SEVEN = [log_out, sign_out_everywhere, change_password, reset_password, ban, deactivate, demote]


@pytest.mark.parametrize("lose", SEVEN)
@pytest.mark.parametrize("way_in", ["cookie_works", "access_works", "refresh_works"])
def test_the_right_is_lost_at_once(lose, way_in):
    person = SignedIn()
    if way_in != "refresh_works":  # asking would use the token up
        assert getattr(person, way_in)()
    lose(person)

    assert not getattr(person, way_in)()
    assert not Device.objects.filter(user=person.user, revoked_at=None).exists()


@pytest.mark.parametrize("lose", SEVEN)
async def test_open_sockets_are_closed(lose):
    person = await database_sync_to_async(SignedIn)()
    by_token, by_cookie = Socket(), Socket(person.cookie)
    await by_token.connect()
    await by_token.tell({"type": "auth", "access": person.access})
    await by_cookie.connect()
    for socket in (by_token, by_cookie):
        assert (await socket.frame())["type"] == "ready"

    await database_sync_to_async(lose)(person)

    for socket in (by_token, by_cookie):
        assert await socket.close_code() == 4401
        await socket.leave()
