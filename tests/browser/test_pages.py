"""Every page of the demo, on a desk or on a phone: axe, the policy, the console, the width."""

from collections.abc import Iterator
from itertools import product

import pytest

from .browsing import DESK, PHONE, Screen, flaws
from .places import PLACES, Place
from .states import Sight, sights_of

SCREENS = [Screen(*each) for each in product((DESK, PHONE), ("en", "ru"), (False, True))]


def looks(place: Place, number: int, *, every: bool) -> Iterator[tuple[Sight, Screen]]:
    """State, width, language and theme take turns from page to page, unless every one is asked.

    The states of too much, whose pages are long, are looked at only then.
    """
    sights = sights_of(place)
    if every:
        yield from product(sights, SCREENS)
    else:
        sights = [sight for sight in sights if not sight.state.name.startswith("full")]
        yield sights[number % len(sights)], SCREENS[number * 5 % len(SCREENS)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "sight" in metafunc.fixturenames:
        every = metafunc.config.getoption("--all")
        pairs = [
            pytest.param(sight, screen, id=f"{sight}-{screen}")
            for number, place in enumerate(PLACES)
            for sight, screen in looks(place, number, every=every)
        ]
        metafunc.parametrize(("sight", "screen"), pairs)


def test_nothing_is_wrong(visit, platform, sight: Sight, screen: Screen) -> None:
    platform.fill()
    page = visit(
        screen,
        email=sight.email(screen.language),
        expected=sight.expected,
        watched=sight.state.watched,
    )
    sight.show(page, screen.language)
    found = flaws(page)
    assert not found, "\n".join(found)
    assert page.locator("html").get_attribute("lang") == screen.language
