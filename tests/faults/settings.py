"""Settings of the server that is killed, and of the one that is measured: no limits of a person's."""

from eduplatform.settings import *  # noqa: F403

ACCOUNT_REQUESTS_PER_MINUTE = ACCOUNT_WRITES_PER_MINUTE = 1_000_000
MESSAGES_PER_MINUTE = MESSAGES_PER_MINUTE_NEW = 1_000_000
SOCKETS_PER_ADDRESS = SOCKETS_PER_USER = HANDSHAKES_PER_MINUTE = 10_000
