"""Answers kept ready in Redis beside the database: by version, made once, never needed.

What is kept belongs to a subject (`course:7`), under whose version it was made. `forget` gives the
subject a new version after the commit, and with that nothing of it is found any more, whichever
floor had put it there; one who read before the change and stores after it stores under the old
version. Who finds nothing takes a lease and makes it; others wait for that a moment, and at worst
make it for themselves.

Without Redis everything is made anew. A change while Redis was away is noted nowhere: what it still
holds when it is back may be old for `LIFETIME` seconds at most.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.crypto import get_random_string
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from . import moment

logger = logging.getLogger(__name__)

LIFETIME = 300  # seconds
VERSION_LIFETIME = 24 * 3600  # seconds; longer than anything that was made under it
LEASE = 3000  # milliseconds, for whoever makes an entry and may die over it
WAIT, LONGEST_WAIT = 0.01, 0.5  # seconds
PAUSE = 1.0  # seconds in which a Redis that was away isn't asked again
STAMP = 12  # letters of a version

# What somebody has made meanwhile; else the version to make it under, for the one who is to.
_OPEN = """
local version = redis.call('get', KEYS[1])
if not version then
  version = ARGV[1]
  redis.call('set', KEYS[1], version, 'ex', ARGV[2])
end
local entry = redis.call('get', KEYS[2])
if entry and string.sub(entry, 1, #version) == version then
  return {entry, false}
end
local mine = redis.call('set', KEYS[3], version, 'nx', 'px', ARGV[3])
return {false, mine and version}
"""
# The versions to make them under.
_VERSIONS = """
local found = {}
for at, key in ipairs(KEYS) do
  found[at] = redis.call('get', key)
  if not found[at] then
    found[at] = ARGV[1]
    redis.call('set', key, found[at], 'ex', ARGV[2])
  end
end
return found
"""
# Many entries at once: a pipeline of as many commands costs several times that.
_STORE = """
for at, key in ipairs(KEYS) do
  redis.call('set', key, ARGV[at + 1], 'ex', ARGV[1])
end
"""
Make = Callable[[], bytes]
MakeMany = Callable[[list[int]], Mapping[int, bytes]]
Subjects = Callable[[int], Iterable[str]]
_shown_with: dict[str, list[Subjects]] = defaultdict(list)
_away_until = 0.0


class Away(Exception):
    """Redis doesn't answer, or didn't a moment ago."""


def kept(subject: str, part: str, make: Make) -> bytes:
    """The part as it was kept, else as `make` makes it now; what `make` raises isn't kept."""
    moment.note([subject])
    try:
        found = _find(subject, part)
        return found if found is not None else _refilled(subject, part, make)
    except Away:
        return make()


def kept_many(kind: str, ids: Sequence[int], part: str, make: MakeMany) -> list[bytes]:
    """The same part of many subjects, in order; those that `make` doesn't make are left out.

    What is missing is made together, without waiting for anybody: for parts that are cheap to make.
    """
    moment.note(f"{kind}:{pk}" for pk in ids)
    try:
        found = _find_many(kind, ids, part)
        if missing := [pk for pk in ids if pk not in found]:
            found |= _made_many(kind, missing, part, make)
    except Away:
        found = dict(make(list(ids)))
    return [found[pk] for pk in ids if pk in found]


def forget(*subjects: str) -> None:
    """After the commit nothing that was kept of these, and of what shows them, is found."""
    after_commit(partial(_forget, subjects))


def shown_with(kind: str) -> Callable[[Subjects], Subjects]:
    """Name the subjects that show the one with this id too: they are forgotten with it.

    `@shown_with("user")` above a function of a user's id, for the courses that bear their name.
    """

    def register(subjects: Subjects) -> Subjects:
        _shown_with[kind].append(subjects)
        return subjects

    return register


def after_commit(act: Callable[[], None]) -> None:
    transaction.on_commit(act, robust=True)


def forget_and(act: Callable[[Any], object], *subjects: str) -> Any:
    """`forget` at once, with a command that `act` gives the pipeline, in one round trip.

    The command's answer, or None without Redis.
    """
    return _forget(subjects, act)


def _forget(subjects: Iterable[str], act: Callable[[Any], object] | None = None) -> Any:
    every = set(subjects)
    for subject in subjects:
        kind, _colon, pk = subject.partition(":")
        for also in _shown_with[kind]:
            every.update(also(int(pk)))
    if not every and act is None:
        return None
    try:
        with get_redis_connection("default").pipeline(transaction=False) as pipe:
            for subject in every:
                pipe.set(_version(subject), get_random_string(STAMP), ex=VERSION_LIFETIME)
            if act:
                act(pipe)
            return pipe.execute()[-1]
    except RedisError:
        _note_away()
    finally:  # after it: until then an old entry could still be read
        moment.forget(every)


def _refilled(subject: str, part: str, make: Make) -> bytes:
    keys = (_version(subject), _entry(subject, part), _lease(subject, part))
    deadline = time.monotonic() + LONGEST_WAIT
    while True:
        with _asked() as redis:
            fresh = get_random_string(STAMP)
            entry, version = redis.eval(_OPEN, len(keys), *keys, fresh, VERSION_LIFETIME, LEASE)
        if entry is not None:
            found: bytes = entry[STAMP:]
            return found
        if version is not None:
            return _made(subject, part, make, version)
        if time.monotonic() > deadline:
            return make()
        time.sleep(WAIT)


def _made(subject: str, part: str, make: Make, version: bytes) -> bytes:
    made = None
    try:
        made = make()
    finally:
        try:
            with _asked() as redis, redis.pipeline(transaction=False) as pipe:
                if made is not None:
                    pipe.set(_entry(subject, part), version + made, ex=LIFETIME)
                else:  # what isn't there leaves nothing, whoever asks for however much of it
                    pipe.delete(_version(subject))
                pipe.delete(_lease(subject, part))
                pipe.execute()
        except Away:
            pass  # the lease runs out by itself
    return made


def _find(subject: str, part: str) -> bytes | None:
    with _asked() as redis:
        version, entry = redis.mget(_version(subject), _entry(subject, part))
    if version is None or entry is None or not entry.startswith(version):
        return None
    found: bytes = entry[STAMP:]
    return found


def _find_many(kind: str, ids: Sequence[int], part: str) -> dict[int, bytes]:
    if not ids:
        return {}
    # the keys spelled at once: a page of cards has forty
    versions = [f"{_version(kind)}:{pk}" for pk in ids]
    with _asked() as redis:
        values = redis.mget([*versions, *(f"{version}:{part}" for version in versions)])
    pairs = zip(ids, values[: len(ids)], values[len(ids) :], strict=True)
    return {
        pk: entry[STAMP:]
        for pk, version, entry in pairs
        if version is not None and entry is not None and entry.startswith(version)
    }


def _made_many(kind: str, missing: list[int], part: str, make: MakeMany) -> Mapping[int, bytes]:
    keys = [_version(f"{kind}:{pk}") for pk in missing]
    with _asked() as redis:
        fresh = get_random_string(STAMP)
        versions = redis.eval(_VERSIONS, len(keys), *keys, fresh, VERSION_LIFETIME)
    made = make(missing)
    entries = {
        _entry(f"{kind}:{pk}", part): version + made[pk]
        for pk, version in zip(missing, versions, strict=True)
        if pk in made
    }
    try:
        with _asked() as redis:
            redis.eval(_STORE, len(entries), *entries, LIFETIME, *entries.values())
    except Away:
        pass
    return made


@contextmanager
def _asked() -> Iterator[Any]:
    if time.monotonic() < _away_until:
        raise Away
    try:
        yield get_redis_connection("default")
    except RedisError as error:
        _note_away()
        raise Away from error


def _note_away() -> None:
    global _away_until
    _away_until = time.monotonic() + PAUSE
    logger.warning("kept_answers_away")


def _version(subject: str) -> str:
    return f"kept:{subject}"


def _entry(subject: str, part: str) -> str:
    return f"kept:{subject}:{part}"


def _lease(subject: str, part: str) -> str:
    return f"kept:{subject}:{part}:lease"
