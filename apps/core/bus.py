"""Domain events: stored with the change they announce, delivered after it commits.

`publish` writes one delivery per subscriber in the caller's transaction. After the commit a worker
runs each subscriber in a transaction that also strikes the delivery, so its effect in the database
happens once whatever crashes. What fails is tried again with back-off; after `MAX_ATTEMPTS` tries
the delivery waits in the admin with its error.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

import orjson
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from . import kept
from .models import Delivery, DeliveryQuerySet
from .statements import run

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
# The sweeper leaves a fresh delivery to the worker that the commit woke.
FIRST_TRY_GRACE = timedelta(seconds=15)
# What the workers were told of isn't told again every few seconds, however long they need.
WAKE_AGAIN = timedelta(seconds=30)
PORTION = 25  # single events after which the other subscribers have their turn
BROKER_PAUSE = 5.0  # seconds in which a broker that was away isn't asked again
RUNG = (
    10  # seconds in which a worker that was told of waiting events isn't told again before it looks
)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events. Fields are JSON primitives: ids, strings, numbers, None.

    `name` is an alias that survives renames of the class; `version` grows with an incompatible
    change of fields, and `upgrade` lifts a stored older payload. A subscriber finds in
    `occurred_at` when the event was published.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    occurred_at: datetime | None = field(default=None, compare=False)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        known = _events.setdefault(cls.name, cls)
        if known.__qualname__ != cls.__qualname__:
            raise ValueError(f"Two events are named {cls.name}.")

    @classmethod
    def upgrade(cls, payload: dict[str, Any], version: int) -> dict[str, Any]:
        """The payload of an older `version` in today's shape; unknown fields are dropped."""
        known = {each.name for each in fields(cls)} - {"occurred_at"}
        return {key: value for key, value in payload.items() if key in known}

    def payload(self) -> dict[str, Any]:
        """The fields as they are stored."""
        return {key: value for key, value in asdict(self).items() if key != "occurred_at"}


Handler = Callable[[Any], None]

# Stores `Letters`; a statement of one's own may add to the payloads, and take rows to join them to.
OUTBOX = """
INSERT INTO core_delivery
    (event, version, subscriber, payload, attempts, dead, last_error, created_at, due_at)
SELECT letter.event, letter.version, letter.subscriber, {payload}, 0, false, '', %s, %s
FROM {rows} jsonb_to_recordset(%s::jsonb)
    AS letter (event text, version smallint, subscriber text, payload jsonb)
"""
_STORE = OUTBOX.format(payload="letter.payload", rows="")
# Whether each bell is rung only now.
_RING = """
local new = {}
for at, key in ipairs(KEYS) do
  new[at] = redis.call('set', key, '1', 'nx', 'ex', ARGV[1]) and 1 or 0
end
return new
"""


@dataclass(frozen=True)
class Subscriber:
    name: str
    handler: Handler
    batch: int | None
    queue: str | None = None


_events: dict[str, type[Event]] = {}
_by_event: dict[str, list[Subscriber]] = defaultdict(list)
_subscribers: dict[str, Subscriber] = {}
_broker_away_until = 0.0
_happened_at: ContextVar[datetime | None] = ContextVar("happened_at", default=None)
_unheard: ContextVar[bool] = ContextVar("unheard", default=False)
_spared: ContextVar[frozenset[str]] = ContextVar("spared", default=frozenset())
_gathered: ContextVar[list[Event] | None] = ContextVar("gathered", default=None)


def subscribe(
    *event_types: type[Event], batch: int | None = None, queue: str | None = None
) -> Callable[[Handler], Handler]:
    """Have the function called with each event, or, with `batch`, with lists of at most so many.

    The subscriber's stored name is `app.function`; a batch may mix the given event types. With a
    `queue` of its own a batch subscriber waits behind no other, however much those have to do.
    """
    if queue and not batch:
        raise ValueError("A queue of its own is for batches.")

    def register(handler: Handler) -> Handler:
        app = handler.__module__.removeprefix("apps.").partition(".")[0]
        subscriber = Subscriber(f"{app}.{handler.__name__}", handler, batch, queue)
        if subscriber.name in _subscribers:
            raise ValueError(f"Two subscribers are named {subscriber.name}.")
        _subscribers[subscriber.name] = subscriber
        for event_type in event_types:
            _by_event[event_type.name].append(subscriber)
        return handler

    return register


def subscribers_of(event_type: type[Event]) -> list[str]:
    """The stored names of those who hear the event."""
    return [subscriber.name for subscriber in _by_event[event_type.name]]


def queues() -> set[str]:
    """The queues that subscribers have to themselves."""
    return {each.queue for each in _subscribers.values() if each.queue}


def known_events() -> dict[str, type[Event]]:
    """All event types by name."""
    return dict(_events)


@contextmanager
def happening(at: datetime) -> Iterator[None]:
    """Events published inside carry this moment: for seeds and imports, which tell of the past."""
    token = _happened_at.set(at)
    try:
        yield
    finally:
        _happened_at.reset(token)


@contextmanager
def unheard() -> Iterator[None]:
    """Events published inside wake no worker: for whoever publishes thousands and delivers them.

    What is left when the outbox isn't emptied in time is the sweeper's.
    """
    token = _unheard.set(True)
    try:
        yield
    finally:
        _unheard.reset(token)


@contextmanager
def sparing(*names: str) -> Iterator[None]:
    """Events published inside aren't kept for these subscribers, `app` or `app.function`.

    For who makes a past in bulk and has those apps catch up with its rows, or does their part itself.
    """
    found = {each for each in _subscribers if each in names or each.partition(".")[0] in names}
    token = _spared.set(_spared.get() | found)
    try:
        yield
    finally:
        _spared.reset(token)


@contextmanager
def gathered() -> Iterator[None]:
    """What is published inside is stored at the end, by one insert, and wakes the workers once.

    An error takes the events with it, so it has to take their changes too: catch it outside of the
    transaction.
    """
    if _gathered.get() is not None:
        yield
        return
    events: list[Event] = []
    token = _gathered.set(events)
    try:
        yield
    finally:
        _gathered.reset(token)
    _store(events)


def publish(event: Event) -> None:
    """Store a delivery per subscriber in the current transaction; wake the workers after it."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("publish() belongs into the transaction of the change it announces.")
    events = _gathered.get()
    if events is None:
        _store([event])
    else:
        events.append(event)


def _store(events: Sequence[Event]) -> None:
    letters = Letters(events)
    if letters:
        run(_STORE, letters.params)
        letters.announce()


class Letters:
    """Events as rows of the outbox: a delivery per subscriber.

    For whoever stores them by a statement of their own, out of `OUTBOX` with `params`, and then
    has them announced.
    """

    def __init__(self, events: Iterable[Event]) -> None:
        spared = _spared.get()
        self._rows: list[dict[str, Any]] = [
            {
                "event": event.name,
                "version": event.version,
                "payload": event.payload(),
                "subscriber": subscriber.name,
            }
            for event in events
            for subscriber in _by_event[event.name]
            if subscriber.name not in spared
        ]

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def params(self) -> list[Any]:
        now = timezone.now()
        rows = orjson.dumps(self._rows).decode()
        return [_happened_at.get() or now, now + FIRST_TRY_GRACE, rows]

    def announce(self, *forgotten: str) -> None:
        """Wake the workers after the commit, and with them forget what was kept of these."""
        names = sorted({row["subscriber"] for row in self._rows})
        wakes = bool(names) and not _unheard.get()
        if wakes and forgotten:
            kept.after_commit(partial(_ring, names, forgotten))
        elif wakes:
            transaction.on_commit(partial(_ring, names, forgotten), robust=True)
        elif forgotten:
            kept.forget(*forgotten)


def _ring(names: Sequence[str], forgotten: Sequence[str]) -> None:
    if time.monotonic() < _broker_away_until:
        kept.forget(*forgotten)
    else:
        _wake([], _to_ring_for(names, *forgotten))


def _to_ring_for(names: Sequence[str], *forgotten: str) -> list[str]:
    """Without those whose worker has been told and hasn't looked since: it will see these too."""
    bells = [_bell(name) for name in names]
    told = kept.forget_and(lambda pipe: pipe.eval(_RING, len(bells), *bells, RUNG), *forgotten)
    if told is None:
        return list(names)  # nobody knows
    return [name for name, is_new in zip(names, told, strict=True) if is_new]


def _bell(name: str) -> str:
    return f"rung:{name}"


def _wake(delivery_ids: Sequence[int], subscribers: Sequence[str]) -> bool:
    """Tell the workers; a broker that is away costs one short time-out, the sweeper does the rest.

    Answers whether the broker took it.
    """
    from .tasks import deliver

    global _broker_away_until
    if time.monotonic() < _broker_away_until:
        return False
    try:
        common: list[str] = []
        by_queue: dict[str, list[str]] = defaultdict(list)
        for name in subscribers:
            queue = _subscribers[name].queue
            (by_queue[queue] if queue else common).append(name)
        if delivery_ids or common:
            deliver.delay(list(delivery_ids), common)
        for queue, names in by_queue.items():
            deliver.apply_async(([], names), queue=queue)
    except deliver.OperationalError:
        _broker_away_until = time.monotonic() + BROKER_PAUSE
        logger.warning("broker_away", extra={"deliveries": len(delivery_ids)})
        return False
    return True


def deliver_one(delivery_id: int) -> None:
    """Run the subscriber and strike the delivery together; a failure is counted and put off."""
    try:
        _run_one(delivery_id)
    except Exception as error:  # noqa: BLE001 - the outermost edge of a worker: any fault is recorded
        record_failure(delivery_id, error)


@transaction.atomic
def _run_one(delivery_id: int) -> None:
    row = Delivery.objects.waiting().select_for_update(skip_locked=True).filter(pk=delivery_id)
    delivery = row.first()
    if delivery is None:
        return
    subscriber = _subscribers[delivery.subscriber]
    event = _revive(delivery)
    subscriber.handler([event] if subscriber.batch else event)
    delivery.delete()


def deliver_waiting(subscriber_name: str) -> None:
    """Hand a subscriber its waiting events; first, let them be rung for again.

    Single ones a portion at a time: else a subscriber whose events come faster than it works would
    keep the worker from all others.
    """
    _cease_ringing(subscriber_name)
    if _subscribers[subscriber_name].batch:
        _deliver_batches(subscriber_name)
        return
    some = _first_waiting(subscriber_name)
    for delivery_id in some:
        deliver_one(delivery_id)
    if len(some) == PORTION:
        _wake([], _to_ring_for([subscriber_name]))


def _cease_ringing(subscriber_name: str) -> None:
    try:
        get_redis_connection("default").delete(_bell(subscriber_name))
    except RedisError:
        logger.warning("bell_away")


def _first_waiting(subscriber_name: str) -> list[int]:
    """Deliveries that nobody has tried, in order; what another worker has in hand is among them."""
    waiting = Delivery.objects.waiting().filter(subscriber=subscriber_name, attempts=0)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:PORTION])


def _deliver_batches(subscriber_name: str) -> None:
    """When a batch fails, its events are tried one by one, so that a bad one holds up no other."""
    subscriber = _subscribers[subscriber_name]
    while True:
        taken: list[int] = []
        try:
            with transaction.atomic():
                rows = list(
                    Delivery.objects.waiting()
                    .filter(subscriber=subscriber_name, attempts=0)
                    .order_by("id")
                    .select_for_update(skip_locked=True)[: subscriber.batch]
                )
                taken = [row.pk for row in rows]
                if rows:
                    subscriber.handler([_revive(row) for row in rows])
                    Delivery.objects.filter(pk__in=taken).delete()
        except Exception:
            logger.warning("batch_failed", exc_info=True, extra={"subscriber": subscriber_name})
            for delivery_id in taken:
                deliver_one(delivery_id)
        if not taken:
            return


def deliver_everything(report: Callable[[float], None] | None = None) -> int:
    """Empty the outbox in this process, without workers; returns how many deliveries that were.

    `report` is told the share of the single ones that is done.
    """
    count = 0
    while waiting := list(
        Delivery.objects.waiting().filter(attempts=0).order_by("id").values_list("pk", "subscriber")
    ):
        count += len(waiting)
        in_batches = _batch_subscribers()
        single = [delivery_id for delivery_id, name in waiting if name not in in_batches]
        for number, delivery_id in enumerate(single, start=1):
            deliver_one(delivery_id)
            if report and number % PORTION == 0:
                report(number / len(single))
        for name in sorted({name for _pk, name in waiting} & in_batches):
            _deliver_batches(name)
    return count


def _batch_subscribers() -> set[str]:
    """All others are delivered one by one; a name that is gone from the code fails there, alone."""
    return {name for name, subscriber in _subscribers.items() if subscriber.batch}


def _revive(delivery: Delivery) -> Event:
    event_type = _events[delivery.event]
    payload = event_type.upgrade(delivery.payload, delivery.version)
    return event_type(**payload, occurred_at=delivery.created_at)


def record_failure(delivery_id: int, error: Exception) -> None:
    """Count the failed try; put the next off by 10 s, doubling up to an hour, or give up."""
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    if delivery is None:
        return
    attempts = delivery.attempts + 1
    Delivery.objects.filter(pk=delivery_id).update(
        attempts=F("attempts") + 1,
        dead=attempts >= MAX_ATTEMPTS,
        last_error=f"{type(error).__name__}: {error}"[:2000],
        due_at=timezone.now()
        + min(timedelta(seconds=10 * 2**delivery.attempts), timedelta(hours=1)),
    )
    logger.warning(
        "delivery_failed",
        exc_info=error,
        extra={"delivery": delivery_id, "subscriber": delivery.subscriber, "attempts": attempts},
    )


def wake_due(*, at: datetime, limit: int = 5000) -> int:
    """Send what is due to the workers again; returns how many deliveries that were."""
    due = list(
        Delivery.objects.waiting()
        .filter(due_at__lte=at)
        .order_by("due_at")
        .values_list("pk", "subscriber", "attempts")[:limit]
    )
    in_batches = _batch_subscribers()
    batched = {pk: name for pk, name, attempts in due if name in in_batches and not attempts}
    single = [pk for pk, _name, _attempts in due if pk not in batched]
    told = list(batched) if _wake([], sorted(set(batched.values()))) else []
    for start in range(0, len(single), 100):
        some = single[start : start + 100]
        told += some if _wake(some, []) else []
    # what has failed meanwhile keeps its own, later moment
    Delivery.objects.filter(pk__in=told, due_at__lte=at).update(due_at=at + WAKE_AGAIN)
    return len(due)


@transaction.atomic
def retry(deliveries: DeliveryQuerySet, *, at: datetime) -> int:
    """Give dead deliveries ten tries more, at once; returns how many."""
    return deliveries.dead().update(dead=False, attempts=0, due_at=at)
