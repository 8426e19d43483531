"""One platform and one browser for all browser tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from .browsing import PATIENCE, People, Watch, close, launch
from .platform import Platform, running_platform

expect.set_options(timeout=PATIENCE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all", action="store_true", help="every page in every state, width, theme and language"
    )
    parser.addoption("--site", help="a platform that runs already, e.g. that of `make run`")
    parser.addoption("--data", type=Path, help="the folder of that one, .data unless told")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.timeout(420))  # the first one starts the platform


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """The platform's own cache, limits and queues are left alone."""


@pytest.fixture(scope="session")
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    options = request.config.option
    with running_platform(options.site, options.data) as found:
        yield found


@pytest.fixture(scope="session")
def site(platform: Platform) -> str:
    return platform.site


@pytest.fixture(scope="session")
def people(site: str) -> Iterator[People]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield People(browser, site)
        browser.close()


@pytest.fixture
def visit(people: People) -> Iterator[Any]:
    """`visit(screen, email=…)` is a page of a browser of its own, which may complain of nothing.

    `expected`: answers by status that belong to the story; a form sent wrong answers 422. One that
    isn't `watched` may complain, as when its network is taken away.
    """
    watches: list[tuple[Page, Watch]] = []
    unwatched: list[Page] = []

    def come(
        *args: Any, expected: tuple[int, ...] = (), watched: bool = True, **options: Any
    ) -> Page:
        page = people.visitor(*args, **options)
        if watched:
            watches.append((page, Watch(page.context, {*expected})))
        else:
            unwatched.append(page)
        return page

    yield come
    for page in [*unwatched, *(page for page, _ in watches)]:
        close(page.context)
    complaints = [complaint for _, watch in watches for complaint in watch.complaints]
    assert not complaints, "\n".join(complaints)
