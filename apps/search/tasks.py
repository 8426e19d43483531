"""Celery entry points of search."""

from celery import shared_task

from . import services


@shared_task(name="search.learn_words")
def learn_words() -> None:
    """Nightly: words, names and ready suggestions with true counts, without what no course has."""
    services.learn_words()
    services.learn_names()
