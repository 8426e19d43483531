"""Accounts of the demo, and those that Google, Apple and Telegram vouch for."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Device, User
from apps.accounts.tests.factories import DeviceFactory, UserFactory
from apps.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["student", "teacher", "moderator", "admin"])
def test_demo_accounts_are_ready_to_use(client, settings, role):
    settings.DEMO_MODE = True
    fields = {"email": f"{role}@example.com", "name": "Demo", "role": role, "at": timezone.now()}
    user = services.ensure_demo_account(**fields)

    assert services.ensure_demo_account(**fields) == user
    assert user.email_verified
    answer = client.post("/accounts/login/", {"email": user.email, "password": "demo-pass-123"})
    assert answer.status_code == 302


def test_there_are_none_outside_demo_mode(settings):
    settings.DEMO_MODE = False
    with pytest.raises(NotAllowed):
        services.ensure_demo_account(
            email="admin@example.com", name="Demo", role="admin", at=timezone.now()
        )
    assert not User.objects.exists()


def social_login(email: str, user: User) -> SocialLogin:
    return SocialLogin(
        user=user,
        account=SocialAccount(provider="google", uid="subject-1"),
        email_addresses=[EmailAddress(email=email, verified=True, primary=True)],
    )


def test_somebody_who_comes_by_a_provider_gets_a_whole_account(rf, deliver_all):
    login = social_login("dana@example.org", User(email="dana@example.org"))
    get_adapter().save_user(rf.get("/"), login)

    user = User.objects.get()
    assert (user.name, user.username, user.email_verified) == ("dana", "dana", True)
    assert not user.has_usable_password()
    assert SocialAccount.objects.get().user == user
    assert EmailAddress.objects.get().verified


def test_whoever_opened_the_account_with_a_foreign_address_is_put_out(rf):
    user = UserFactory(email_verified=False)
    DeviceFactory(user=user)
    EmailAddress.objects.create(user=user, email="burglar@example.net")
    get_adapter().pre_social_login(rf.get("/"), social_login(user.email, user))

    user.refresh_from_db()
    assert not Device.objects.filter(revoked_at=None).exists()
    assert (user.has_usable_password(), user.email_verified) == (False, True)
    addresses = EmailAddress.objects.filter(user=user).values_list("email", "verified")
    assert list(addresses) == [(user.email, True)]


def test_whoever_is_known_by_the_provider_s_subject_stays_signed_in_elsewhere(rf):
    user = UserFactory(email_verified=False)
    device = DeviceFactory(user=user)
    login = social_login(user.email, user)
    login.account = SocialAccount.objects.create(provider="google", uid="subject-1", user=user)
    get_adapter().pre_social_login(rf.get("/"), login)

    device.refresh_from_db()
    assert device.revoked_at is None


def test_an_address_that_was_only_asked_for_opens_no_account():
    burglar = UserFactory()
    EmailAddress.objects.create(user=burglar, email="dana@example.org")
    login = social_login("dana@example.org", User(email="dana@example.org"))

    assert get_adapter().authenticate_by_email(login) is None
    dana = UserFactory(email="dana@example.org")
    assert get_adapter().authenticate_by_email(login) == (dana, dana.email)


def test_an_address_that_the_provider_did_not_verify_opens_no_account():
    user = UserFactory()
    login = social_login(user.email, User(email=user.email))
    login.email_addresses[0].verified = False

    assert get_adapter().authenticate_by_email(login) is None


def test_buttons_are_shown_only_when_keys_are_set(client, settings):
    assert "Google" not in client.get("/accounts/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {"google": {"APPS": []}}
    assert "Google" in client.get("/accounts/login/").content.decode()
