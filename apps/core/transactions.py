"""`transaction.atomic` without a savepoint of its own: for services that are mostly called in others."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import transaction

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def joined(service: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Run the service in its caller's transaction, or in one of its own where there is none.

    A savepoint costs two round trips, and is of use only to callers that catch an error and go on.
    Here they can catch refusals alone: such a service refuses before it writes.
    """

    @functools.wraps(service)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        if transaction.get_connection().in_atomic_block:
            return service(*args, **kwargs)
        with transaction.atomic():
            return service(*args, **kwargs)

    return run
