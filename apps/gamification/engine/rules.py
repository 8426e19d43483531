"""What an act brings, as `data/rules.toml` says."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

UNDONE = "_undone"  # an act that takes another back is called so


@dataclass(frozen=True)
class Rule:
    """`a_day` is in XP, None for no limit; `counts` a figure of the day, or nothing."""

    key: str
    xp: int
    a_day: int | None = None
    counts: str = ""
    study: bool = False


def _read() -> dict[str, Rule]:
    path = Path(__file__).parent.parent / "data" / "rules.toml"
    return {key: Rule(key, **fields) for key, fields in tomllib.loads(path.read_text()).items()}


RULES = _read()


def points_left(rule: Rule, points: int, spent: int) -> int:
    """What the act brings when its rule has brought `spent` XP on the day already."""
    return points if rule.a_day is None else max(0, min(points, rule.a_day - spent))
