"""Every page of the demo, on a desk or on a phone: axe, the policy, the console, the width."""

from itertools import product

import pytest

from .browsing import DESK, PHONE, Screen, flaws
from .places import PLACES, Place


def screens(place: Place, number: int, *, every: bool) -> list[Screen]:
    """Width, language and theme take turns from page to page, unless every one is asked."""
    every_one = [Screen(*each) for each in product((DESK, PHONE), ("en", "ru"), (False, True))]
    return every_one if every else [every_one[number * 5 % len(every_one)]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "place" in metafunc.fixturenames:
        every = metafunc.config.getoption("--all")
        pairs = [
            pytest.param(place, screen, id=f"{place}-{screen}")
            for number, place in enumerate(PLACES)
            for screen in screens(place, number, every=every)
        ]
        metafunc.parametrize(("place", "screen"), pairs)


def test_nothing_is_wrong(visit, place: Place, screen: Screen) -> None:
    page = visit(screen, email=place.email(screen.language), expected=(place.status,))
    place.show(page, screen.language)
    found = flaws(page)
    assert not found, "\n".join(found)
    assert page.locator("html").get_attribute("lang") == screen.language
