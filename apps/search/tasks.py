"""Celery entry points of search."""

from contextlib import suppress

from celery import shared_task

from apps.core.errors import Conflict

from . import services

HOUR = 3600
CHECKED_AT_ONCE = 100_000  # ids; the next are another message's, so that none runs for long


@shared_task(name="search.learn_words")
def learn_words() -> None:
    """Nightly: the vocabulary with true counts, without words that no course has any more."""
    services.learn_words()
    services.learn_names()


@shared_task(name="search.cut_tiers")
def cut_tiers() -> None:
    """Nightly: the tiers by what is popular now."""
    services.cut()


@shared_task(name="search.merge_tallies")
def merge_tallies() -> None:
    """Hourly: one row a kind, of those that every change has added."""
    services.merge_tallies()


@shared_task(name="search.check_index")
def check_index(above: int = 0, missing: int = 0, superfluous: int = 0, differing: int = 0) -> None:
    """Nightly: find drift and mend it, part by part."""
    part = services.check(mend=True, above=above, most=CHECKED_AT_ONCE)
    found = services.Drift(
        missing=missing + part.missing,
        superfluous=superfluous + part.superfluous,
        differing=differing + part.differing,
    )
    if part.next is None:
        services.finish(found=found, mended=True)
    else:
        check_index.delay(part.next, found.missing, found.superfluous, found.differing)


@shared_task(name="search.fill_index", time_limit=HOUR, soft_time_limit=HOUR - 60)
def fill_index() -> None:
    """Every five minutes: an index that a migration has emptied, or nobody has filled yet."""
    if services.is_wanted():
        with suppress(Conflict):  # somebody is at it
            services.rebuild()
