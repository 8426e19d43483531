"""Celery entry points of search."""

from celery import shared_task

from . import services


@shared_task(name="search.learn_words")
def learn_words() -> None:
    """Nightly: the vocabulary with true counts, without words that no course has any more."""
    services.learn_words()
