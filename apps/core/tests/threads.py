"""Several people at once."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Call `act(0)` … `act(count - 1)` in threads that start at one moment; results or raises."""
    barrier = threading.Barrier(count)
    results: list[Any] = [None] * count
    faults: list[BaseException] = []

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = act(number)
        except Exception as error:  # noqa: BLE001 - raised again in the test's own thread
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return results
