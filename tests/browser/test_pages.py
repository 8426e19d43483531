"""Every page of the demo, on a desk and on a phone: axe, the policy, the console, the width."""

from itertools import product

import pytest

from .browsing import DESK, PHONE, Screen, flaws
from .places import PLACES, Place


def screens(place: Place, number: int, *, every: bool) -> list[Screen]:
    """Both widths; theme and language take turns from page to page, unless every one is asked."""
    if every:
        return [Screen(*each) for each in product((DESK, PHONE), ("en", "ru"), (False, True))]
    languages = ("en", "ru") if number % 2 else ("ru", "en")
    dark = number % 4 > 1
    return [Screen(DESK, languages[0], dark), Screen(PHONE, languages[1], not dark)]


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
