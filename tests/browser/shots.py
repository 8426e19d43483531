"""Pictures of every page in every width, theme and language: `make shots`.

They go to `.data/shots/`; with --readme those of the README are made anew in `docs/images/`.
"""

import argparse
from contextlib import nullcontext
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from .browsing import DESK, PHONE, ROOT, People, Screen, launch
from .places import PLACES, Place
from .platform import running_platform

FOLDER = ROOT / ".data" / "shots"
README = {"today": ROOT / "docs/images/dashboard.png", "lesson": ROOT / "docs/images/lesson.png"}
README_COLOURS = 128  # keeps a picture under 200 kB


def main() -> None:
    arguments = _arguments()
    names = set(README) if arguments.readme else set(arguments.names)
    places = [place for place in PLACES if not names or place.name in names]
    screens = [Screen(*each) for each in product((DESK, PHONE), ("en", "ru"), (False, True))]
    FOLDER.mkdir(parents=True, exist_ok=True)
    platform = nullcontext(arguments.site) if arguments.site else running_platform()
    with platform as site, sync_playwright() as playwright:
        browser = launch(playwright)
        people = People(browser, site)
        if arguments.readme:
            for place in places:
                _take(people, place, Screen(), README[place.name], whole=False)
                _compress(README[place.name])
        else:
            for place, screen in product(places, screens):
                if str(screen).startswith(arguments.screen):
                    _take(people, place, screen, FOLDER / f"{place}-{screen}.png", whole=True)
        browser.close()


def _take(people: People, place: Place, screen: Screen, to: Path, *, whole: bool) -> None:
    page = people.visitor(screen, email=place.email(screen.language))
    place.show(page, screen.language)
    if whole:
        page.evaluate("document.querySelectorAll('img').forEach(each => each.loading = 'eager')")
        page.wait_for_load_state("networkidle")
    page.screenshot(path=to, full_page=whole)
    page.context.close()


def _compress(path: Path) -> None:
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(README_COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.shots", description=__doc__)
    parser.add_argument("names", nargs="*", help="pages; all, when none is named")
    parser.add_argument("--site", help="a platform that runs already; else one is started")
    parser.add_argument("--screen", default="", help="those whose name begins so: 390, 1440-light")
    parser.add_argument("--readme", action="store_true", help="the README's pictures instead")
    return parser.parse_args()


if __name__ == "__main__":
    main()
