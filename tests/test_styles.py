"""Each app's style sheet has classes of its own: all sheets are one file, and the later would win."""

import re
from collections import defaultdict
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "static/src"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BEFORE_BRACE = re.compile(r"([^{}]+)\{")
FIRST_CLASS = re.compile(r"\s*\.([a-zA-Z][\w-]*)")


def classes_of(style: str) -> set[str]:
    """Those that a selector begins with."""
    selectors = (
        each for rule in BEFORE_BRACE.findall(COMMENT.sub("", style)) for each in rule.split(",")
    )
    return {found[1] for each in selectors if (found := FIRST_CLASS.match(each))}


def test_classes_are_found():
    assert classes_of("/* .a { } */ .b > .c, .d:hover { x: y } @media (z) { .e { } }") == {
        "b",
        "d",
        "e",
    }


def test_no_two_apps_style_the_same_class():
    """What they share is a component's, in `css/`, which they may add to."""
    shared = {each for path in SOURCES.glob("css/*.css") for each in classes_of(path.read_text())}
    homes = defaultdict(set)
    for path in SOURCES.glob("*/*.css"):
        for each in classes_of(path.read_text()) - shared:
            homes[each].add(path.parent.name)
    assert len(homes) > 100
    assert {each: apps for each, apps in homes.items() if len(apps) > 1} == {}
