"""The one client for addresses that people give us: it reaches public web servers and nothing else.

http(s) on the usual ports, an address that is public after resolution and pinned for the
connection, no redirects, 5 seconds and 1 MB in all.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from urllib.parse import urlsplit

SECONDS = 5.0
MAX_BODY = 1024 * 1024
PORTS = {"http": 80, "https": 443}
# these carry an IPv4 address that a gateway would unwrap
TRANSLATED = [ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16")]

Resolve = Callable[[str, int], Sequence[str]]
Allow = Callable[[str, int], bool]


class OutboundError(Exception):
    """The address was refused, or its server didn't give an answer."""


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    body: bytes


def fetch(url: str, *, resolve: Resolve | None = None, allow: Allow | None = None) -> Answer:
    """GET the address; raises OutboundError. The rules are arguments for the sake of tests alone."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise OutboundError("address") from error
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        raise OutboundError("address")
    pinned = _pinned(parts.hostname, port, resolve or resolve_name, allow or is_public)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        return _get(parts.scheme, parts.hostname, pinned, port, path)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise OutboundError("no answer") from error


def is_public(address: str, port: int) -> bool:
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in TRANSLATED):
            return False
        ip = ip.ipv4_mapped or ip
    return ip.is_global and not ip.is_multicast and port in PORTS.values()


def resolve_name(host: str, port: int) -> list[str]:
    lookup = ThreadPoolExecutor(1)
    try:
        found = lookup.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        return [str(entry[4][0]) for entry in found.result(timeout=SECONDS)]
    except (OSError, UnicodeError, FutureTimeout) as error:
        raise OutboundError("name") from error
    finally:
        lookup.shutdown(wait=False)


def _pinned(host: str, port: int, resolve: Resolve, allow: Allow) -> str:
    """The one address to connect to; a name that also points inside is refused altogether."""
    addresses = resolve(host, port)
    if not addresses or not all(allow(address, port) for address in addresses):
        raise OutboundError("address")
    return addresses[0]


def _get(scheme: str, host: str, address: str, port: int, path: str) -> Answer:
    connected = socket.create_connection((address, port), timeout=SECONDS)
    if scheme == "https":
        # the handshake is part of the whole that is timed
        connected = ssl.create_default_context().wrap_socket(
            connected, server_hostname=host, do_handshake_on_connect=False
        )
    # time-outs of sockets are per read; this one is for the whole, and spares TLS its state
    deadline = threading.Timer(SECONDS, socket.socket.shutdown, [connected, socket.SHUT_RDWR])
    deadline.start()
    try:
        if isinstance(connected, ssl.SSLSocket):
            connected.do_handshake()
        connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
        connection.sock = connected
        connection.request("GET", path, headers={"User-Agent": "EduPlatform", "Accept": "*/*"})
        response = connection.getresponse()
        body = response.read(MAX_BODY)
        return Answer(response.status, response.headers.get_content_type(), body)
    finally:
        deadline.cancel()
        connected.close()
