"""How soon a message is at its receiver: from the sender's POST to the frame, with many sockets open.

Half of the sockets' people write to the other half, one message at a time in random pairs at a
steady rate, over a real server process; times are of one machine's clock. Milliseconds.
"""

import argparse
import asyncio
import json
import logging
import os
import random
import statistics
import sys
import time
from contextlib import suppress

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
django.setup()

from asgiref.sync import sync_to_async  # noqa: E402
from django.utils import timezone  # noqa: E402
from websockets.asyncio.client import ClientConnection  # noqa: E402
from websockets.exceptions import ConnectionClosed  # noqa: E402

from apps.messaging import services  # noqa: E402
from tests.faults.talkers import Server, Talker, client, person  # noqa: E402

WAIT = 10.0
MUST = 100.0  # ms, p95


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def hear(socket: ClientConnection, arrived: dict[str, float]) -> None:
    with suppress(ConnectionClosed):
        async for text in socket:
            now = time.perf_counter()
            frame = json.loads(text)
            if frame["type"] == "message:new" and not frame["data"]["is_own"]:
                arrived.setdefault(frame["data"]["content"], now)


def make_pairs(server: Server, sockets: int) -> list[tuple[Talker, Talker, int]]:
    """Who writes to whom, and in which conversation."""
    found = []
    for number in range(sockets // 2):
        one = Talker(person(f"bench-{number}-a"), server)
        other = Talker(person(f"bench-{number}-b"), server)
        conversation, _made = services.start_conversation(
            by=one.user, participants=[other.user], at=timezone.now()
        )
        found.append((one, other, conversation.pk))
    return found


async def run(sockets: int, messages: int, rate: float) -> int:
    server = Server()
    pairs = await sync_to_async(make_pairs)(server, sockets)
    await sync_to_async(server.start)()
    arrived: dict[str, float] = {}
    sent: dict[str, float] = {}
    answered: list[float] = []
    try:
        everybody = [talker for pair in pairs for talker in pair[:2]]
        opened = [await talker.socket() for talker in everybody]
        hearing = [asyncio.create_task(hear(socket, arrived)) for socket in opened]
        headers = {one.user.pk: await sync_to_async(one.headers)() for one, _, _ in pairs}
        load = os.getloadavg()[0]
        async with client(server) as http:

            async def post(number: int) -> None:
                one, _other, conversation = random.choice(pairs)  # noqa: S311
                text = f"message {number}"
                sent[text] = time.perf_counter()
                answer = await http.post(
                    f"/api/messages/conversations/{conversation}/messages",
                    json={"content": text},
                    headers=headers[one.user.pk],
                )
                answered.append(time.perf_counter() - sent[text])
                assert answer.status_code == 201, answer.text

            for number in range(20):  # warm
                await post(-1 - number)
            answered.clear()
            posts = []
            for number in range(messages):
                posts.append(asyncio.create_task(post(number)))
                await asyncio.sleep(1 / rate)
            await asyncio.gather(*posts)
        deadline = time.monotonic() + WAIT
        while len(arrived) < len(sent) and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        for task in hearing:
            task.cancel()
    finally:
        server.kill()
    times = [
        (arrived[text] - sent[text]) * 1000
        for text in sent
        if text in arrived and not text.startswith("message -")
    ]
    cuts = statistics.quantiles(times, n=100)
    posts_cuts = statistics.quantiles([each * 1000 for each in answered], n=100)
    say(f"{sockets} sockets, {messages} messages, {rate:g} a second, load average {load:.1f}")
    say("| | p50 | p95 | p99 | max |")
    say("| --- | --- | --- | --- | --- |")
    say(f"| POST → frame | {cuts[49]:.0f} | {cuts[94]:.0f} | {cuts[98]:.0f} | {max(times):.0f} |")
    say(
        f"| POST → answer | {posts_cuts[49]:.0f} | {posts_cuts[94]:.0f} | {posts_cuts[98]:.0f} "
        f"| {max(answered) * 1000:.0f} |"
    )
    lost = len(sent) - len(arrived)
    say(f"lost: {lost}")
    return int(bool(lost) or cuts[94] >= MUST)


def main() -> None:
    logging.getLogger("httpx").setLevel(logging.WARNING)
    parser = argparse.ArgumentParser(prog="delivery", description=__doc__)
    parser.add_argument("--sockets", type=int, default=200)
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--rate", type=float, default=10.0, help="messages a second")
    asked = parser.parse_args()
    sys.exit(asyncio.run(run(asked.sockets, asked.messages, asked.rate)))


if __name__ == "__main__":
    main()
