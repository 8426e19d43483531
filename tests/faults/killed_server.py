"""`make faults`: the web server is killed in the middle of 1,000 messages; no gap and no double.

Four hands at one account's side send with an `Idempotency-Key` each and try again until they are
answered; the receiver listens on a socket, comes back after each kill and catches up by the number
of the last message it has. What a killed request left half done is free again after its lease of a
minute, so a run takes a few minutes.
"""

import argparse
import asyncio
import logging
import os
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
django.setup()

import httpx  # noqa: E402
from asgiref.sync import sync_to_async  # noqa: E402
from django.utils import timezone  # noqa: E402
from websockets.exceptions import WebSocketException  # noqa: E402

from apps.messaging import services  # noqa: E402
from apps.messaging.models import Message  # noqa: E402
from tests.faults.talkers import Server, Talker, client, frame_of, person  # noqa: E402

SENDERS = 4
PATIENCE = 90.0


@dataclass
class Seen:
    """What the receiver got: content by number."""

    messages: dict[int, str] = field(default_factory=dict)
    by_frame: int = 0
    by_catching_up: int = 0
    contradictions: int = 0
    breaks: Counter[str] = field(default_factory=Counter)

    def add(self, message: dict[str, Any]) -> None:
        number, content = message["sequence"], message["content"]
        known = self.messages.setdefault(number, content)
        self.contradictions += known != content


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def send_all(
    talker: Talker, conversation: int, texts: list[str], statuses: Counter[str]
) -> None:
    async with client(talker.server) as http:
        for text in texts:
            await send(http, talker, conversation, text, statuses)


async def send(
    http: httpx.AsyncClient,
    talker: Talker,
    conversation: int,
    text: str,
    statuses: Counter[str],
) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        headers = await sync_to_async(talker.headers)()
        try:
            answer = await http.post(
                f"/api/messages/conversations/{conversation}/messages",
                json={"content": text},
                headers={**headers, "Idempotency-Key": f"key of {text}"},
            )
        except httpx.TransportError as error:
            statuses[type(error).__name__] += 1
            await asyncio.sleep(0.2)
            continue
        statuses[str(answer.status_code)] += 1
        if answer.status_code == 201:
            assert answer.json()["content"] == text
            return
        await asyncio.sleep(0.5)
    raise SystemExit(f"“{text}” was never taken: {answer.text[:300]}")


async def listen(talker: Talker, conversation: int, seen: Seen, total: int) -> None:
    """As the page does: listen, and after each break ask for what is missing."""
    while len(seen.messages) < total:
        try:
            async with await talker.socket() as socket:
                await catch_up(talker, conversation, seen)
                while len(seen.messages) < total:
                    frame = await frame_of(socket, "message:new", within=15)
                    seen.by_frame += frame["data"]["sequence"] not in seen.messages
                    seen.add(frame["data"])
        except (OSError, TimeoutError, WebSocketException, httpx.HTTPError) as error:
            seen.breaks[type(error).__name__] += 1
            await asyncio.sleep(0.3)


async def catch_up(talker: Talker, conversation: int, seen: Seen) -> None:
    last = 0  # the last number before the first that is missing
    while last + 1 in seen.messages:
        last += 1
    address: str | None = f"/api/messages/conversations/{conversation}?after={last}"
    async with client(talker.server) as http:
        while address:
            headers = await sync_to_async(talker.headers)()
            answer = await http.get(address, headers=headers)
            answer.raise_for_status()
            page = answer.json()["messages"]
            for message in page["results"]:
                seen.by_catching_up += message["sequence"] not in seen.messages
                seen.add(message)
            address = page["next"] and "/api" + page["next"].partition("/api")[2]


async def kill_now_and_then(server: Server, seen: Seen, at: list[int]) -> None:
    for number in at:
        while len(seen.messages) < number:
            await asyncio.sleep(0.01)
        await sync_to_async(server.kill)()
        say(f"killed when the receiver had {len(seen.messages)}")
        await asyncio.sleep(random.uniform(0.2, 1.0))  # noqa: S311 - not for secrets
        await sync_to_async(server.start)()


async def run(total: int, kills: list[int]) -> int:
    server = Server()
    sender, receiver = await sync_to_async(prepared)(server)
    conversation, _made = await sync_to_async(services.start_conversation)(
        by=sender.user, participants=[receiver.user], at=timezone.now()
    )
    await sync_to_async(server.start)()
    seen, statuses, started = Seen(), Counter[str](), time.monotonic()
    texts = [f"{number} of {started}" for number in range(total)]
    listening = asyncio.create_task(listen(receiver, conversation.pk, seen, total))
    killing = asyncio.create_task(kill_now_and_then(server, seen, kills))
    listening.add_done_callback(raise_if_failed)
    killing.add_done_callback(raise_if_failed)
    try:
        await asyncio.gather(
            *(
                send_all(sender, conversation.pk, texts[start::SENDERS], statuses)
                for start in range(SENDERS)
            )
        )
        await asyncio.wait_for(asyncio.gather(listening, killing), PATIENCE)
    finally:
        server.kill()
    rows = await sync_to_async(stored)(conversation.pk)
    told = [seen.messages.get(number) for number, _content in rows]
    faults = {
        "gaps or doubles in the numbers": [number for number, _ in rows] != [*range(1, total + 1)],
        "messages lost or written twice": sorted(text for _, text in rows) != sorted(texts),
        "the receiver lacks some": told != [content for _number, content in rows],
        "one number with two texts": bool(seen.contradictions),
    }
    say(f"{total} messages in {time.monotonic() - started:.0f} s, {len(kills)} kills")
    say(f"answers: {dict(statuses)}")
    say(f"received: {seen.by_frame} by frames, {seen.by_catching_up} by catching up")
    say(f"the receiver's breaks: {dict(seen.breaks)}")
    for name, is_so in faults.items():
        say(f"{'FAULT' if is_so else 'no'}: {name}")
    return int(any(faults.values()))


def raise_if_failed(task: "asyncio.Task[None]") -> None:
    """What goes wrong beside the senders is said at once."""
    if not task.cancelled() and (error := task.exception()):
        say(f"BROKEN: {error!r}")


def prepared(server: Server) -> tuple[Talker, Talker]:
    tag = int(time.time())
    return Talker(person(f"sender-{tag}"), server), Talker(person(f"receiver-{tag}"), server)


def stored(conversation: int) -> list[tuple[int, str]]:
    rows = Message.objects.filter(conversation=conversation).order_by("sequence")
    return list(rows.values_list("sequence", "content"))


def main() -> None:
    logging.getLogger("httpx").setLevel(logging.WARNING)
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=2)
    asked = parser.parse_args()
    step = asked.messages // (asked.kills + 1)
    kills = [step * (number + 1) for number in range(asked.kills)]
    sys.exit(asyncio.run(run(asked.messages, kills)))


if __name__ == "__main__":
    main()
