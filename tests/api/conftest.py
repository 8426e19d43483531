"""The school of `world.py`, and its people signed in over the API."""

import pytest

from .caller import Caller, signed_in
from .world import PEOPLE, World


@pytest.fixture(autouse=True)
def wide_limits(settings):
    """These tests ask more in a minute than a person may; limits are proved where they are meant."""
    settings.ACCOUNT_REQUESTS_PER_MINUTE = settings.ACCOUNT_WRITES_PER_MINUTE = 1_000_000
    settings.ADDRESS_LIMIT_FACTOR = 1_000_000


@pytest.fixture
def world(db) -> World:
    return World()


@pytest.fixture
def callers(world) -> dict[str, Caller]:
    """Each kind of person, with an access token of their own log-in."""
    return {
        name: signed_in(world.people[name].email) if name in world.people else Caller()
        for name in PEOPLE
    }
