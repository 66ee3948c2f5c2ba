"""The server that other tests reach hosts through: it logs in, runs commands, is cut, and changes its key."""

from pathlib import Path

import pytest

from tests.jobs import until
from tests.sshd import paramiko, running

pytestmark = pytest.mark.ssh


def test_a_real_sshd_is_reached_cut_and_known_again(tmp_path: Path) -> None:
    with running(tmp_path / "sshd") as server:
        client = server.connect()
        _, out, _ = client.exec_command("echo $SSH_CONNECTION")
        assert out.read().split()[-1] == str(server.port).encode()
        transport = client.get_transport()
        assert transport is not None
        server.cut()
        until(lambda: not transport.is_active(), "the connection is gone")
        client.close()
        server.connect().close()
        known = server.known_hosts.read_text()
        server.stop()
        server.change_host_key()
        server.start()
        server.known_hosts.write_text(known)
        with pytest.raises(paramiko.BadHostKeyException):
            server.connect()
