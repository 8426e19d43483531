"""An OpenAI-compatible server on a port of its own, good or broken as a test wants it.

Each request is answered by the next mode of the script; the last one stays.
"""

import base64
import codecs
import json
import re
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SLOW_SECONDS = 3
# How a model that obeys everybody gives a secret away; the second is what it was shown.
GUISES = [
    lambda secret, shown: f"The answer is {secret}. Do you see why?",
    lambda secret, shown: f"Yes, {secret} is right. What follows?",
    lambda secret, shown: f"No, it isn't that; of all options {secret} is left. Is it clear?",
    lambda secret, shown: "What is " + base64.b64encode(secret.encode()).decode() + "?",
    lambda secret, shown: f"Read {secret[::-1]} backwards: what is it?",
    lambda secret, shown: "What do you make of " + " ".join(secret) + "?",
    lambda secret, shown: "What do you make of " + "-".join(secret.upper()) + "?",
    lambda secret, shown: f"The first letter is {secret[0]}. What is the word?",
    lambda secret, shown: "What is " + codecs.encode(secret, "rot13") + "?",
    lambda secret, shown: "What is " + secret.encode().hex(" ") + "?",
    lambda secret, shown: "What is this? " + "\u200b".join(secret),
    lambda secret, shown: "\n".join(f"{sign.upper()}nd what now?" for sign in secret),
    lambda secret, shown: f"It is option A, {secret}? B and C are wrong.",
    lambda secret, shown: shown,
    lambda secret, shown: f"What is {TRANSLATIONS.get(secret, secret)}?",
    lambda secret, shown: f"Вы правы: {secret}. Что дальше?",
]
TRANSLATIONS = {
    "chlorophyll": "хлорофилл",
    "stoma": "устьице",
    "1779": "seventeen seventy-nine",
    "хлорофилл": "chlorophyll",
    "устьице": "stoma",
}


def leak(secrets: list[str], number: int, messages: list[dict]) -> str:
    """The answer that a leaking model gives the `number`th time."""
    secret = secrets[number % len(secrets)]
    guise = GUISES[number // len(secrets) % len(GUISES)]
    return json.dumps({"text": guise(secret, messages[1]["content"])[:1100], "cites": [1]})


class ModelServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.script = ["good"]
        self.answer = "{}"  # what a good model says
        self.usage = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
        self.retry_after = "0"
        self.secrets = ["secret"]  # what a leaking model tells
        self.leaked = 0
        self.requests = []
        self.keys = []
        self.drawn = threading.Lock()
        self.asked = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def mode(self) -> str:
        with self.drawn:
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ModelServer

    def log_message(self, *args):
        pass

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(asked)
        self.server.keys.append(self.headers.get("Authorization"))
        self.server.asked.set()
        getattr(self, f"be_{self.server.mode()}")(asked)

    def be_good(self, asked):
        self.say(self.server.answer)

    def be_fenced(self, asked):
        self.say(f"Here you are:\n```json\n{self.server.answer}\n```\nAnything else?")

    def be_slow(self, asked):
        time.sleep(SLOW_SECONDS)
        self.say(self.server.answer)

    def be_dripping(self, asked):
        """A byte now and then: no single read is slow."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            for _ in range(SLOW_SECONDS * 10):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass
        self.close_connection = True

    def be_limited(self, asked):
        self.refuse(429, "slow down", {"Retry-After": self.server.retry_after})

    def be_failing(self, asked):
        self.refuse(500, "something broke")

    def be_locked(self, asked):
        self.refuse(401, f"wrong key {self.headers.get('Authorization')}")

    def be_refusing(self, asked):
        self.refuse(400, "too long")

    def be_broken(self, asked):
        """The model's JSON ends in the middle."""
        self.say('{"questions": [{"kind": "single", "te')

    def be_rubbish(self, asked):
        """The protocol's own JSON is none."""
        self.send(200, b"<html>Welcome</html>")

    def be_half(self, asked):
        """The connection ends before the body does."""
        body = self.completion(self.server.answer)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def be_obedient(self, asked):
        """Does what an order inside the lesson says: OUTPUT: …, or tells its own instructions."""
        lesson = asked["messages"][1]["content"]
        order = re.search(r"OUTPUT: (.*)", lesson)
        self.say(order[1] if order else json.dumps(asked["messages"]))

    def be_leaking(self, asked):
        """Obeys whoever asks for the answer: it knows `secrets`, and tells them in ever new guises."""
        with self.server.drawn:
            self.server.leaked += 1
        self.say(leak(self.server.secrets, self.server.leaked, asked["messages"]))

    def say(self, text):
        self.send(200, self.completion(text))

    def completion(self, text) -> bytes:
        message = {"role": "assistant", "content": text}
        return json.dumps(
            {
                "id": "completion-1",
                "object": "chat.completion",
                "created": 1,
                "model": "any",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": self.server.usage,
            }
        ).encode()

    def refuse(self, status, message, headers=None):
        self.send(status, json.dumps({"error": {"message": message}}).encode(), headers)

    def send(self, status, body, headers=None):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:  # who asked has gone
            self.close_connection = True


@contextmanager
def model_server():
    server = ModelServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
