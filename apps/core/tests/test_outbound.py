"""The client for addresses given by people, against a server of its own."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from apps.core import outbound


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/ok")
            self.end_headers()
        elif self.path == "/slow":
            self.server.slow.wait(10)
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * (outbound.MAX_BODY + 10) if self.path == "/big" else b"hello")

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    found = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.slow = threading.Event()
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    found.slow.set()
    found.shutdown()
    found.server_close()
    thread.join()


@pytest.fixture
def fetch(server):
    def get(path):
        return outbound.fetch(
            f"http://school.test:{server.server_port}{path}",
            resolve=lambda host, port: ["127.0.0.1"],
            allow=lambda address, port: True,
        )

    return get


def test_an_answer_is_read(fetch):
    answer = fetch("/ok")

    assert (answer.status, answer.body) == (200, b"hello")


def test_redirects_are_not_followed(fetch):
    assert fetch("/moved").status == 302


def test_no_more_than_a_megabyte_is_read(fetch):
    assert len(fetch("/big").body) == outbound.MAX_BODY


def test_a_server_that_keeps_silent_is_left(fetch, monkeypatch):
    monkeypatch.setattr(outbound, "SECONDS", 0.2)
    started = time.monotonic()

    with pytest.raises(outbound.OutboundError):
        fetch("/slow")
    assert time.monotonic() - started < 2


@pytest.fixture
def dripping():
    """A server that begins a TLS handshake and sends a byte of it now and then, for a long time."""
    listening = socket.create_server(("127.0.0.1", 0))
    left = threading.Event()

    def drip():
        connection, _address = listening.accept()
        with connection:
            connection.sendall(b"\x16\x03\x03\x40\x00")
            while not left.wait(0.05):
                try:
                    connection.sendall(b"\x00")
                except OSError:
                    left.set()

    thread = threading.Thread(target=drip)
    thread.start()
    yield listening.getsockname()[1]
    left.set()
    thread.join()
    listening.close()


def test_a_server_that_drips_is_left_also_under_tls(dripping, monkeypatch):
    monkeypatch.setattr(outbound, "SECONDS", 0.2)
    started = time.monotonic()

    with pytest.raises(outbound.OutboundError):
        outbound.fetch(
            f"https://school.test:{dripping}/",
            resolve=lambda host, port: ["127.0.0.1"],
            allow=lambda address, port: True,
        )
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "//example.org/",
        "http://",
        "http://user:pass@example.org/",
        "http://example.org:99999/",
        "http://[::1",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://10.0.0.8/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://localhost/",
        "http://8.8.8.8:22/",
    ],
)
def test_what_is_not_the_public_web_is_refused(url):
    with pytest.raises(outbound.OutboundError):
        outbound.fetch(url)


def test_a_name_that_also_points_inside_is_refused():
    with pytest.raises(outbound.OutboundError, match="address"):
        outbound.fetch("http://school.test/", resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"])
