"""A real sshd and a line to it, which tests of other computers share."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from rvcstudio.remote.known_hosts import KnownHosts
from rvcstudio.remote.ssh import Line
from tests.sshd import Sshd, running

PASSWORDS = "Match all\n    PasswordAuthentication yes\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with running(tmp_path_factory.mktemp("sshd") / "server", PASSWORDS) as started:
        yield started


@pytest.fixture
def line(server: Sshd, tmp_path: Path) -> Iterator[Line]:
    made = Line(server.address, KnownHosts(tmp_path / "own", [server.known_hosts]))
    yield made
    made.close()


def sessions(server: Sshd) -> list[psutil.Process]:
    """Return the processes of a server that serve its connections."""
    assert server._process is not None
    return psutil.Process(server._process.pid).children(recursive=True)
