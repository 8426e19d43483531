"""What many requests at once can't do: real connections, real commits."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Device, RefreshToken, User
from apps.accounts.services import devices
from apps.accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, call: Callable[[int], Any]) -> list[Any]:
    """Call it from so many threads that start together; results or exceptions, in any order."""
    barrier, results = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            barrier.wait()
            results.append(call(number))
        except Exception as error:  # noqa: BLE001 - it is the result
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def signed_in() -> services.TokenPair:
    return services.sign_in_by_token(
        user=UserFactory(), client=services.Client(), at=timezone.now()
    )


def refresh(token: str) -> list[Any]:
    return at_once(50, lambda number: services.refresh_tokens(refresh=token, at=timezone.now()))


def test_one_refresh_token_fifty_times_at_once_has_one_successor_and_a_dead_family():
    results = refresh(signed_in().refresh)

    won = [result for result in results if isinstance(result, services.TokenPair)]
    refused = [result for result in results if isinstance(result, services.SignedOut)]
    assert (len(won), len(refused)) == (1, 49)
    assert RefreshToken.objects.exclude(parent=None).count() == 1
    assert Device.objects.get().revoked_at
    with pytest.raises(services.SignedOut):
        services.refresh_tokens(refresh=won[0].refresh, at=timezone.now())


def test_without_the_one_update_there_would_be_many(monkeypatch):
    """The test above can fail: looking first and writing afterwards lets several through."""

    def look_then_write(*, refresh, at):
        token = RefreshToken.objects.select_related("device__user").get(
            token_hash=devices.tokens.hash_of(refresh)
        )
        if token.used_at:
            return None
        looked.wait()
        RefreshToken.objects.filter(pk=token.pk).update(used_at=at)
        return devices._tokens(device=token.device, user=token.device.user, parent=token, at=at)

    looked = threading.Barrier(50)
    monkeypatch.setattr(devices, "_rotate", look_then_write)
    refresh(signed_in().refresh)

    assert RefreshToken.objects.exclude(parent=None).count() == 50


def test_parallel_guesses_do_not_exceed_the_limit(monkeypatch):
    user = UserFactory()
    checked = []
    check = User.check_password

    def count(self, password):
        checked.append(password)
        return check(self, password)

    monkeypatch.setattr(User, "check_password", count)

    def guess(number: int) -> User:
        return services.check_credentials(
            email=user.email,
            password=f"guess-{number}",
            client=services.Client(address_hash=f"forged-{number}"),
            at=timezone.now(),
        )

    results = at_once(40, guess)

    assert len(checked) == 5
    assert sum(isinstance(result, services.TooManyGuesses) for result in results) == 35


def test_many_guesses_from_many_addresses_leave_the_owner_a_way_in():
    user = UserFactory()
    home = services.Client(address_hash="home")
    services.sign_in_by_token(user=user, client=home, at=timezone.now())
    answers = []
    for number in range(200):
        try:
            services.check_credentials(
                email=user.email,
                password=f"guess-{number}",
                client=services.Client(address_hash=f"forged-{number % 100}"),
                at=timezone.now(),
            )
        except services.WrongCredentials:
            answers.append("checked")
        except services.TooManyGuesses:
            answers.append("refused")

    assert answers.count("checked") == 5
    assert services.check_credentials(
        email=user.email, password=PASSWORD, client=home, at=timezone.now()
    )


def test_one_address_is_registered_once():
    def register(number: int) -> User:
        return services.register(
            email="dana@example.org",
            password="a-long-enough-phrase",
            name="Dana Kim",
            role="student",
            at=timezone.now(),
        )

    results = at_once(8, register)

    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, services.AddressTaken) for result in results) == 7


def test_namesakes_who_register_at_once_get_usernames_of_their_own():
    results = at_once(
        5,
        lambda number: services.register(
            email=f"dana{number}@example.org",
            password="a-long-enough-phrase",
            name="Dana Kim",
            role="student",
            at=timezone.now(),
        ),
    )

    assert all(isinstance(result, User) for result in results), results
    assert User.objects.values("username").distinct().count() == 5


def test_a_sign_in_that_a_change_of_password_overtakes_comes_to_nothing():
    user = UserFactory()
    checked = services.check_credentials(
        email=user.email, password=PASSWORD, client=services.Client(), at=timezone.now()
    )
    services.change_password(
        user=user,
        old=PASSWORD,
        new="another-long-phrase",
        client=services.Client(),
        at=timezone.now(),
    )

    with pytest.raises(services.SignedOut):
        services.sign_in_by_token(user=checked, client=services.Client(), at=timezone.now())
