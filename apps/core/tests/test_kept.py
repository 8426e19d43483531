"""What is kept is made once, forgotten with its subject, and never needed."""

import threading
from contextlib import contextmanager

import pytest
from django.db import transaction
from django_redis import get_redis_connection
from redis.exceptions import ConnectionError as RedisAway

from apps.core import kept

pytestmark = pytest.mark.django_db


class Source:
    """A row that is read slowly: `reading` is set while somebody reads, `go` lets them end."""

    def __init__(self, value: bytes = b"one") -> None:
        self.value = value
        self.reads = 0
        self.reading = threading.Event()
        self.go = threading.Event()
        self.go.set()

    def read(self) -> bytes:
        self.reads += 1
        seen = self.value
        self.reading.set()
        assert self.go.wait(10)
        return seen


def ask(source: Source, part: str = "part") -> bytes:
    return kept.kept("thing:1", part, source.read)


@contextmanager
def threads(count: int, act):
    """That many at once, joined at the end; yields the list that their results go to."""
    results = []
    running = [threading.Thread(target=lambda: results.append(act())) for _ in range(count)]
    for thread in running:
        thread.start()
    yield results
    for thread in running:
        thread.join(10)


def stampede(source: Source, monkeypatch, count: int = 8) -> list[bytes]:
    """All ask while the first one is still reading, and only then does the reading end."""
    waiting = threading.Barrier(count)  # the others, each at its first wait, and this thread
    waited = threading.local()

    def wait(_seconds: float) -> None:
        if not hasattr(waited, "once"):
            waited.once = True
            waiting.wait(10)

    monkeypatch.setattr(kept.time, "sleep", wait)
    monkeypatch.setattr(kept, "LONGEST_WAIT", 10)
    source.go.clear()
    with threads(count, lambda: ask(source)) as results:
        waiting.wait(10)
        source.go.set()
    return results


def test_one_refill_for_all_who_ask_at_once(monkeypatch):
    source = Source()
    assert stampede(source, monkeypatch) == [b"one"] * 8
    assert source.reads == 1


def test_who_waited_in_vain_makes_it_alone(monkeypatch):
    monkeypatch.setattr(kept, "LONGEST_WAIT", 0)
    source = Source()
    source.go.clear()
    with threads(1, lambda: ask(source)) as first:
        assert source.reading.wait(10)
        assert ask(Source(b"own")) == b"own"
        source.go.set()
    assert first == [b"one"]


def test_it_is_kept_until_its_subject_changes():
    source = Source()
    assert [ask(source), ask(source)] == [b"one", b"one"]
    assert source.reads == 1
    source.value = b"two"
    kept.forget("thing:2")
    assert ask(source) == b"one"
    kept.forget("thing:1")
    assert [ask(source), ask(source, "other")] == [b"two", b"two"]


def test_a_slow_reader_puts_nothing_old_back():
    source = Source()
    source.go.clear()
    with threads(1, lambda: ask(source)) as slow:
        assert source.reading.wait(10)
        source.value = b"two"
        kept.forget("thing:1")
        source.go.set()
    assert slow == [b"one"]  # it had asked before the change
    assert ask(source) == b"two"


@pytest.mark.django_db(transaction=True)
def test_it_is_forgotten_after_the_commit_and_not_after_a_rollback(monkeypatch):
    monkeypatch.undo()
    source = Source()
    ask(source)
    source.value = b"two"
    with transaction.atomic():
        kept.forget("thing:1")
        assert ask(source) == b"one"
        transaction.set_rollback(True)
    assert ask(source) == b"one"
    with transaction.atomic():
        kept.forget("thing:1")
    assert ask(source) == b"two"


def test_what_shows_it_is_forgotten_with_it(monkeypatch):
    monkeypatch.setitem(kept._shown_with, "owner", [lambda pk: [f"thing:{pk}"]])
    source = Source()
    ask(source)
    source.value = b"two"
    kept.forget("owner:1")
    assert ask(source) == b"two"


def test_what_cannot_be_made_is_not_kept():
    def refuse() -> bytes:
        raise LookupError

    for _ in range(2):  # nobody waits for the lease of the first
        with pytest.raises(LookupError):
            kept.kept("thing:1", "part", refuse)
    assert get_redis_connection("default").keys("kept:*") == []
    assert ask(Source()) == b"one"


def test_everything_kept_ends_by_itself():
    ask(Source())
    kept.kept_many("thing", [1, 2], "row", lambda ids: dict.fromkeys(ids, b"x"))
    redis = get_redis_connection("default")
    lives = {key: redis.ttl(key) for key in redis.keys("kept:*")}
    assert lives and all(0 < seconds <= kept.VERSION_LIFETIME for seconds in lives.values())
    entries = [seconds for key, seconds in lives.items() if key.count(b":") > 2]
    assert len(entries) == 3
    assert max(entries) <= kept.LIFETIME


def test_many_are_made_together_and_kept_apart():
    asked = []

    def make(ids):
        asked.append(ids)
        return {pk: b"%d" % pk for pk in ids if pk != 4}

    assert kept.kept_many("thing", [3, 1, 4], "row", make) == [b"3", b"1"]
    assert kept.kept_many("thing", [1, 2, 3], "row", make) == [b"1", b"2", b"3"]
    kept.forget("thing:1")
    assert kept.kept_many("thing", [1, 2, 3], "row", make) == [b"1", b"2", b"3"]
    assert kept.kept_many("thing", [], "row", make) == []
    assert asked == [[3, 1, 4], [2], [1]]


def test_without_redis_everything_is_made_anew(monkeypatch):
    calls = []

    def away(_alias):
        calls.append(1)
        raise RedisAway

    source = Source()
    ask(source)
    monkeypatch.setattr(kept, "get_redis_connection", away)
    source.value = b"two"
    assert [ask(source), ask(source)] == [b"two", b"two"]
    assert kept.kept_many("thing", [1], "row", lambda ids: {1: b"x"}) == [b"x"]
    assert len(calls) == 1  # it isn't asked again at once
    kept.forget("thing:1")  # but it is told of every change
    assert len(calls) == 2
