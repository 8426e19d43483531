"""Limits that guard sign-in: exact under parallel use, per window, per real address."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from apps.core import limits
from apps.core.errors import TooMany

MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
def test_the_window_passes():
    at = timezone.now()
    for _ in range(3):
        limits.take(bucket="b", limit=3, per=MINUTE, at=at)
    with pytest.raises(TooMany) as refused:
        limits.take(bucket="b", limit=3, per=MINUTE, at=at + timedelta(seconds=20))
    assert refused.value.retry_after == 40
    limits.take(bucket="b", limit=3, per=MINUTE, at=at + MINUTE)


@pytest.mark.django_db
def test_a_released_bucket_is_empty():
    limits.take(bucket="b", limit=1, per=MINUTE)
    limits.release(bucket="b")
    limits.take(bucket="b", limit=1, per=MINUTE)


@pytest.mark.django_db(transaction=True)
def test_parallel_takers_never_exceed_the_limit():
    passed = []

    def take():
        try:
            limits.take(bucket="race", limit=5, per=MINUTE)
            passed.append(1)
        except TooMany:
            pass
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 5


@pytest.mark.parametrize(
    ("proxies", "expected"), [(0, "10.0.0.9"), (1, "3.3.3.3"), (2, "2.2.2.2"), (5, "1.1.1.1")]
)
def test_forwarded_addresses_count_only_as_far_as_our_proxies(settings, proxies, expected):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="1.1.1.1, 2.2.2.2, 3.3.3.3"
    )
    assert limits.client_address(request) == expected


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unix:", "unix:"),
    ],
)
def test_an_ipv6_household_is_one_address(address, network):
    assert limits.network_of(address) == network
