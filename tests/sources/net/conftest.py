"""A server to fetch from, and a port that nobody may reach."""

import socket

import pytest

from tests.support.local_server import local_server


@pytest.fixture
def server():
    with local_server() as running:
        yield running


@pytest.fixture
def canary():
    """A port of the loopback that nobody is allowed to connect to; `connections` is who did."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)

        class Canary:
            port = listening.getsockname()[1]

            @property
            def connections(self):
                try:
                    listening.accept()[0].close()
                except BlockingIOError:
                    return 0
                return 1

        yield Canary()
