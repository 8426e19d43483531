"""Every address has a stated policy, and keeps it for everybody."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.urls import get_resolver

from apps.accounts.models import Role
from apps.accounts.rights import RIGHTS
from apps.accounts.tests.factories import UserFactory

from .policies import ADMIN_OPEN, API, OPEN, SIGNED_IN, SITE

pytestmark = pytest.mark.django_db

MISSING = "2147480000"  # an id that nobody has
SAMPLES = {"int": MISSING, "slug": "no-such-thing", "str": "nothing", "path": MISSING}
# addresses whose shape no sample fits
SHAPED = {
    "media:public": f"media/avatar/00/{'0' * 30}-1x1.webp",
    "courses:cover": f"courses/cover/{MISSING}-{'0' * 12}.svg",
    "api_unknown": "api/no/such/call",
    "unknown_page": "no/such/page/",
}


class Address(NamedTuple):
    name: str
    path: str
    view: Any


def addresses() -> list[Address]:
    return [
        Address(name, "/" + SHAPED.get(name, _filled(route)), view)
        for name, route, view in _walk(get_resolver())
    ]


def _walk(resolver, route="", spaces=()) -> Iterator[tuple[str, str, Any]]:
    for pattern in resolver.url_patterns:
        below = route + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            space = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern, below, (*spaces, *space))
        else:
            yield ":".join([*spaces, pattern.name or below]), below, pattern.callback


def _filled(route: str) -> str:
    filled = re.sub(r"<(\w+):\w+>", lambda found: SAMPLES[found[1]], route)
    filled = re.sub(r"\(\?P<\w+>[^)]*\)", MISSING, filled)
    return filled.replace("^", "").replace("$", "").replace("\\", "")


ALL = addresses()
OF_ADMIN = [each for each in ALL if each.path.startswith("/admin/")]
OF_API = [
    each
    for each in ALL
    if each.path.startswith("/api/") and each.name in API or "_api:" in each.name
]
OF_SITE = [each for each in ALL if each not in OF_ADMIN and each not in OF_API]


def named(cases):
    return pytest.mark.parametrize("address", cases, ids=[each.name for each in cases])


def test_every_address_has_a_stated_policy():
    stated = SITE.keys() | API.keys()
    found = {each.name for each in [*OF_SITE, *OF_API]}
    assert found - stated == set(), "state their policy in tests/policies.py"
    # these are there in development only
    assert stated - found <= {"dev_components", "dev_error"}, "these are gone"


# ── The site ──────────────────────────────────────────────────────────────────────────────────
def reach(client, path):
    """GET, or POST where only that is answered."""
    answer = client.get(path)
    return client.post(path) if answer.status_code == 405 else answer


def asks_to_sign_in(answer, at="/accounts/login/"):
    return answer.status_code == 302 and answer["Location"].startswith(at)


@named(OF_SITE)
def test_pages_keep_their_policy(address, client):
    policy = SITE[address.name]
    answer = reach(client, address.path)
    assert answer.status_code < 500 or address.name == "core:readyz"
    assert asks_to_sign_in(answer) == (policy != OPEN)
    for role in Role:
        client.logout()
        client.force_login(UserFactory(role=role, is_staff=role in (Role.MODERATOR, Role.ADMIN)))
        answer = reach(client, address.path)
        assert answer.status_code < 500 or address.name == "core:readyz"
        if policy in (OPEN, SIGNED_IN):
            assert answer.status_code != 403
        elif role not in RIGHTS[policy]:
            assert answer.status_code in (403, 404)


# ── The API ───────────────────────────────────────────────────────────────────────────────────
def methods_of(view) -> list[str]:
    handlers = getattr(view, "view_class", None) or view.cls
    return [
        method.upper()
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(handlers, method)
    ]


def policy_of(name: str, method: str) -> str:
    policy = API[name]
    return policy if isinstance(policy, str) else policy[method]


@named(OF_API)
def test_calls_keep_their_policy(address, api):
    for method in methods_of(address.view):
        policy = policy_of(address.name, method)
        call = method.lower()
        anonymous = getattr(api(), call)(address.path).status_code
        assert anonymous < 500 and anonymous != 405, method
        assert (anonymous == 401) == (policy != OPEN), method
        for role in Role:
            answer = getattr(api(UserFactory(role=role)), call)(address.path)
            allowed = policy in (OPEN, SIGNED_IN) or role in RIGHTS[policy]
            assert answer.status_code < 500, (method, role)
            assert (answer.status_code in (401, 403)) != allowed, (method, role, answer.data)


def test_the_default_policy_refuses(settings):
    assert settings.REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] == ["apps.core.api.Refused"]


# ── The admin ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", [None, Role.STUDENT, Role.TEACHER])
def test_the_admin_is_for_staff(role, client):
    if role:
        client.force_login(UserFactory(role=role))
    for address in OF_ADMIN:
        if address.name in ADMIN_OPEN:
            continue
        answer = reach(client, address.path)
        assert asks_to_sign_in(answer, "/admin/login/") or asks_to_sign_in(answer), address
