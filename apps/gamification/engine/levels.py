"""The curve of levels: each asks for 50 XP more than the one before.

Level n begins at 25·n·(n − 1) XP in all: 0, 50, 150, 300, 500, … 4,950 for 15, 61,250 for 50.
"""

from math import isqrt

STEP = 25


def begins_at(level: int) -> int:
    """The XP in all with which a level begins."""
    return STEP * level * (level - 1)


def level_of(xp: int) -> int:
    """The level of somebody with so much XP; the least is 1."""
    # the positive root of STEP·n·(n − 1) = xp, in whole numbers
    return (1 + isqrt(1 + 4 * max(xp, 0) // STEP)) // 2
