"""Pictures of every page in every state, width, theme and language: `make gallery`.

They go to `.data/gallery/`, with an `index.html` that shows all; with --docs those of the README and
of the tour are made anew in `docs/images/`. What was interrupted goes on with --resume.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Error, sync_playwright

from .browsing import DESK, PHONE, ROOT, People, Screen, close, flaws, impatience, launch
from .contact_sheet import write_sheet
from .places import PLACES
from .platform import Platform, running_platform
from .states import Sight, sights_of

FOLDER = ROOT / ".data" / "gallery"
IN_DOCS = {  # what is seen, and the picture of it in docs/images/
    "today-usual": "dashboard",
    "lesson-usual": "lesson",
    "landing-usual": "tour-landing",
    "welcome-usual": "tour-welcome",
    "review-turned": "tour-review",
    "map-usual": "tour-map",
    "tutor-beside": "tour-tutor",
    "studio-editor-usual": "tour-studio",
    "awards-usual": "tour-awards",
}
COLOURS_IN_DOCS = 256  # keeps a picture under 200 kB
TALLEST = 8000  # pixels; three hundred rows go on like that
LONGEST = 90  # seconds for one
CHUNK = 12  # pictures that a process takes at a time, mostly of one person
SCREENS = [Screen(*each) for each in product((DESK, PHONE), ("en", "ru"), (False, True))]
SIGHTS = {str(sight): sight for place in PLACES for sight in sights_of(place)}


@dataclass(frozen=True)
class Picture:
    sight: str
    screen: Screen

    @property
    def seen(self) -> Sight:
        return SIGHTS[self.sight]

    @property
    def file_name(self) -> str:
        width, theme, language = str(self.screen).split("-")
        return f"{self.sight}-{width}-{theme}-{language}.png"

    @property
    def of_whom(self) -> str:
        return self.seen.email(self.screen.language)


def main() -> int:
    arguments = _arguments()
    with running_platform(arguments.site, arguments.data) as platform:
        if arguments.docs:
            return _for_docs(platform)
        pictures = _asked(arguments)
        platform.fill()
        failed = _take_all(platform, pictures, jobs=arguments.jobs, with_flaws=arguments.axe)
    write_sheet(FOLDER, list(SIGHTS))
    sys.stdout.write(f"{FOLDER / 'index.html'}\n")
    return 1 if failed else 0


def _asked(arguments: argparse.Namespace) -> list[Picture]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    names = set(arguments.names)
    if unknown := names - {place.name for place in PLACES} - set(SIGHTS):
        sys.exit(f"no such page: {', '.join(sorted(unknown))}")
    pictures = [
        Picture(name, screen)
        for (name, sight), screen in product(SIGHTS.items(), SCREENS)
        if (not names or names & {name, sight.place.name})
        and (not arguments.state or sight.state.name == arguments.state)
        and any(str(screen).startswith(start) for start in arguments.screen.split(","))
        and not (arguments.resume and (FOLDER / Picture(name, screen).file_name).exists())
    ]
    return sorted(pictures, key=lambda picture: picture.of_whom)


def _take_all(
    platform: Platform, pictures: list[Picture], *, jobs: int, with_flaws: bool
) -> list[str]:
    """What went wrong, line by line."""
    chunks = [pictures[start : start + CHUNK] for start in range(0, len(pictures), CHUNK)]
    failed: list[str] = []
    done, began = 0, time.monotonic()
    with ProcessPoolExecutor(jobs) as processes:
        running = [processes.submit(_take, platform.site, chunk, with_flaws) for chunk in chunks]
        for chunk in as_completed(running):
            done += chunk.result()[0]
            failed += chunk.result()[1]
            sys.stdout.writelines(f"\r{line}\n" for line in chunk.result()[1])
            spent = time.monotonic() - began
            left = spent / done * (len(pictures) - done)
            sys.stdout.write(f"\r{done} of {len(pictures)} pictures, {left / 60:.0f} min left ")
            sys.stdout.flush()
    sys.stdout.write("\n")
    return failed


def _take(site: str, pictures: list[Picture], with_flaws: bool) -> tuple[int, list[str]]:
    """In a process with a browser of its own."""
    failed: list[str] = []
    with _people(site) as people:
        for picture in pictures:
            try:
                with impatience(LONGEST):
                    failed += _shoot(people, picture, FOLDER / picture.file_name, with_flaws)
            except Error as error:
                failed.append(f"{picture.file_name}: {error.message.splitlines()[0]}")
    return len(pictures), failed


def _shoot(people: People, picture: Picture, to: Path, with_flaws: bool) -> list[str]:
    page = people.visitor(picture.screen, email=picture.of_whom)
    try:
        picture.seen.show(page, picture.screen.language)
        if not picture.seen.state.waits:
            page.evaluate(
                "document.querySelectorAll('img').forEach(each => each.loading = 'eager')"
            )
            page.wait_for_load_state("networkidle")
        height = page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": picture.screen.width, "height": min(height, TALLEST)}
        page.screenshot(path=to, full_page=True, clip=clip)
        return [f"{picture.file_name}: {flaw}" for flaw in flaws(page)] if with_flaws else []
    finally:
        close(page.context)


def _for_docs(platform: Platform) -> int:
    """What a screen shows of the pages, small enough to be kept with the code."""
    with _people(platform.site) as people:
        for name, file_name in IN_DOCS.items():
            to = ROOT / "docs" / "images" / f"{file_name}.png"
            picture = Picture(name, Screen())
            page = people.visitor(picture.screen, email=picture.of_whom)
            picture.seen.show(page, picture.screen.language)
            page.screenshot(path=to)
            close(page.context)
            _compress(to)
    return 0


@contextmanager
def _people(site: str) -> Iterator[People]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield People(browser, site)
        browser.close()


def _compress(path: Path) -> None:
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS_IN_DOCS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.gallery", description=__doc__)
    parser.add_argument("names", nargs="*", help="pages, or pages in a state (lesson-full); or all")
    parser.add_argument("--site", help="a platform that runs already; else one is started")
    parser.add_argument("--data", type=Path, help="the folder of that one, .data unless told")
    parser.add_argument("--screen", default="", help="whose names begin so: 390,1440-light-en")
    parser.add_argument("--state", default="", help="only this one: usual, empty, full, error, …")
    parser.add_argument("--jobs", type=int, default=2, help="browsers side by side")
    parser.add_argument("--resume", action="store_true", help="only what isn't there yet")
    parser.add_argument("--axe", action="store_true", help="say what axe finds, too")
    parser.add_argument("--docs", action="store_true", help="those of README and tour instead")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
