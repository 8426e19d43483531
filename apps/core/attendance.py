"""Who is there, counted in Valkey over all processes: open sockets, and people in a channel.

Every entry ends by itself `LEASE` seconds after its socket last said that it lives, so that a
process that was killed leaves nobody behind. While Valkey is away nobody is there and nothing is
refused: sockets don't open without it anyway, their channels being there as well.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django_redis import get_redis_connection
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

LEASE = 60  # seconds
MINUTE = 60  # seconds in which handshakes of an address are counted

# KEYS sockets of the address, its handshakes; ARGV socket, limits of both, lease
_ARRIVE = """
local shaken = redis.call('incr', KEYS[2])
if shaken == 1 then redis.call('expire', KEYS[2], ARGV[5]) end
if shaken > tonumber(ARGV[3]) then return 0 end
local now = tonumber(redis.call('time')[1])
redis.call('zremrangebyscore', KEYS[1], '-inf', now)
if redis.call('zcard', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('zadd', KEYS[1], now + ARGV[4], ARGV[1])
redis.call('expire', KEYS[1], 600)
return 1
"""
_SIGN_IN = """
local now = tonumber(redis.call('time')[1])
redis.call('zremrangebyscore', KEYS[1], '-inf', now)
if redis.call('zcard', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('zadd', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('expire', KEYS[1], 600)
return 1
"""
_RENEW = """
local now = tonumber(redis.call('time')[1])
for _, key in ipairs(KEYS) do
  redis.call('zadd', key, now + ARGV[2], ARGV[1])
  redis.call('expire', key, 600)
end
"""
# Whether other people are there than the channel was last told of: one who has two pages open and
# closes one stays, and those whose lease ran out go with whatever happens next.
_ATTEND = """
local function people()
  local found, count = {}, 0
  for _, member in ipairs(redis.call('zrange', KEYS[1], 0, -1)) do
    local person = string.match(member, '^%d+')
    if not found[person] then found[person] = true; count = count + 1 end
  end
  return found, count
end
local before, count_before = people()
local now = tonumber(redis.call('time')[1])
redis.call('zremrangebyscore', KEYS[1], '-inf', now)
if ARGV[2] == 'leaves' then
  redis.call('zrem', KEYS[1], ARGV[1])
else
  redis.call('zadd', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('expire', KEYS[1], 600)
end
local after, count_after = people()
if count_before ~= count_after then return 1 end
for person in pairs(after) do if not before[person] then return 1 end end
return 0
"""
_PRESENT = """
local now = tonumber(redis.call('time')[1])
return redis.call('zrangebyscore', KEYS[1], '(' .. now, '+inf')
"""


def arrive(*, socket: str, address: str) -> bool:
    """Count a handshake and the socket of this address; False beyond a limit."""
    keys = [_of_address(address), f"handshakes:{address}"]
    limits = [settings.SOCKETS_PER_ADDRESS, settings.HANDSHAKES_PER_MINUTE]
    return _ask(_ARRIVE, keys, socket, *limits, LEASE, MINUTE) != 0


def sign_in(*, socket: str, user_id: int) -> bool:
    """Count a socket of this person; False beyond the limit."""
    return _ask(_SIGN_IN, [_of_user(user_id)], socket, settings.SOCKETS_PER_USER, LEASE) != 0


def renew(*, socket: str, address: str, user_id: int | None) -> None:
    """The socket lives."""
    keys = [_of_address(address)] + ([_of_user(user_id)] if user_id else [])
    _ask(_RENEW, keys, socket, LEASE)


def depart(*, socket: str, address: str, user_id: int | None) -> None:
    try:
        with get_redis_connection("default").pipeline(transaction=False) as pipe:
            pipe.zrem(_of_address(address), socket)
            if user_id:
                pipe.zrem(_of_user(user_id), socket)
            pipe.execute()
    except RedisError:
        logger.warning("attendance_away")


def attend(*, channel: str, socket: str, user_id: int) -> bool:
    """The socket is in the channel, and goes on being there; whether the people there changed."""
    return _ask(_ATTEND, [_of_channel(channel)], f"{user_id}/{socket}", LEASE) == 1


def quit_channel(*, channel: str, socket: str, user_id: int) -> bool:
    """The socket has left the channel; whether the people there changed."""
    return _ask(_ATTEND, [_of_channel(channel)], f"{user_id}/{socket}", "leaves") == 1


def present(channel: str) -> set[int]:
    """The people in the channel."""
    members: Iterable[bytes] = _ask(_PRESENT, [_of_channel(channel)]) or []
    return {int(member.partition(b"/")[0]) for member in members}


def _ask(script: str, keys: list[str], *arguments: Any) -> Any:
    try:
        return get_redis_connection("default").eval(script, len(keys), *keys, *arguments)
    except RedisError:
        logger.warning("attendance_away")
        return None


def _of_address(address: str) -> str:
    return f"sockets:address:{address}"


def _of_user(user_id: int) -> str:
    return f"sockets:user:{user_id}"


def _of_channel(channel: str) -> str:
    return f"presence:{channel}"
