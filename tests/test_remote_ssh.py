"""The way to a computer: who may go it, what is refused, and what happens when it is cut. With a real sshd."""

import contextlib
import logging
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from rvc.errors import Error, InputError
from rvcstudio.remote import calls
from rvcstudio.remote import ssh as ssh_module
from rvcstudio.remote.address import Address, aliases, parse, read_config, route
from rvcstudio.remote.client import RemoteJobs
from rvcstudio.remote.known_hosts import KnownHosts
from rvcstudio.remote.refusals import ChangedHost, SecretWanted, SignInFailed, UnknownHost, Unreachable
from rvcstudio.remote.ssh import Line
from rvcstudio.remote.transport import SshTransport
from tests.jobs import until
from tests.lines import line, server, sessions
from tests.sshd import HOST, Sshd, paramiko, running

__all__ = ["line", "server"]  # fixtures

pytestmark = pytest.mark.ssh
log = logging.getLogger(__name__)

MB = 1 << 20


def echo(line: Line) -> str:
    return "".join(line.run("cat", b"heard"))


def test_addresses_are_read_as_people_write_them() -> None:
    assert parse("mina@gpu:2222") == Address(host="gpu", user="mina", port=2222)
    assert parse("[fe80::1]:22") == Address(host="fe80::1", port=22)
    for wrong in ("", "a b", "gpu:0", "gpu:99999", "@gpu"):
        with pytest.raises(InputError) as failure:
            parse(wrong)
        assert failure.value.code == "bad_address"


def test_the_users_own_settings_count(tmp_path: Path) -> None:
    (tmp_path / "more.conf").write_text("Host inner\n  HostName 10.0.0.5\n  ProxyJump door\n")
    config = tmp_path / "config"
    config.write_text("Include more.conf\nHost door\n  User janitor\n  Port 2200\nHost *\n  User mina\n")
    read = read_config(config)
    assert aliases(read) == ["door", "inner"]
    hops = route(Address(host="inner"), read)
    assert [str(hop) for hop in hops] == ["janitor@door:2200", "mina@10.0.0.5"]
    assert [str(hop) for hop in route(Address(host="inner", user="root", jump="me@other:23"), read)] == [
        "me@other:23",
        "root@10.0.0.5",
    ]
    config.write_text("Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n")
    with pytest.raises(InputError) as failure:
        route(Address(host="a"), read_config(config))
    assert failure.value.code == "too_many_hops"


def test_an_unknown_key_is_shown_kept_and_known(server: Sshd, tmp_path: Path) -> None:
    known = KnownHosts(tmp_path / "own", [])
    line = Line(server.address, known)
    with pytest.raises(UnknownHost) as refusal:
        line.transport()
    told = subprocess.run(
        ["ssh-keygen", "-lf", str(server.folder / "host_key.pub")], capture_output=True, text=True, check=True
    )
    assert refusal.value.fingerprint == told.stdout.split()[1]
    with pytest.raises(UnknownHost):  # not again without a word of the user
        line.transport()
    line.accept(refusal.value)
    assert echo(line) == "heard"
    line.close()
    again = Line(server.address, KnownHosts(tmp_path / "own", []))
    assert echo(again) == "heard"
    again.forget_keys()
    again.close()
    with pytest.raises(UnknownHost):
        again.transport()


def test_a_changed_key_is_refused_with_the_reason(tmp_path: Path) -> None:
    with running(tmp_path / "sshd") as server:
        known = server.known_hosts.read_text()
        server.stop()
        server.change_host_key()
        server.known_hosts.write_text(known)
        server.start()
        line = Line(server.address, KnownHosts(tmp_path / "own", [server.known_hosts]))
        with pytest.raises(ChangedHost) as refusal:
            line.transport()
        assert str(server.known_hosts) in refusal.value.hint
        assert refusal.value.fingerprint != refusal.value.known_fingerprint
        (tmp_path / "own").write_text(known)  # the same, accepted in the app
        with pytest.raises(ChangedHost):
            Line(server.address, KnownHosts(tmp_path / "own", [])).transport()


def test_wrong_keys_and_passwords_are_refused_once(server: Sshd, tmp_path: Path) -> None:
    known = KnownHosts(tmp_path / "own", [server.known_hosts])
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "other")], check=True)
    line = Line(server.address.model_copy(update={"key_file": tmp_path / "other"}), known)
    with pytest.raises(SignInFailed):
        line.transport()
    asked = server.log.count("Connection from") + server.log.count("Failed")
    with pytest.raises(SignInFailed):
        line.transport()
    assert server.log.count("Connection from") + server.log.count("Failed") == asked
    by_password = server.address.model_copy(update={"sign_in": "password"})
    with pytest.raises(SecretWanted):
        Line(by_password, known).transport()
    with pytest.raises(SignInFailed) as refusal:
        Line(by_password, known, lambda: "no such password").transport()
    assert "no such password" not in str(refusal.value)
    assert "no such password" not in server.log


def test_a_locked_key_file_asks_for_its_password(server: Sshd, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    shutil.copy(server.key, locked)
    subprocess.run(["ssh-keygen", "-q", "-p", "-N", "a phrase", "-P", "", "-f", str(locked)], check=True)
    address = server.address.model_copy(update={"key_file": locked})
    known = KnownHosts(tmp_path / "own", [server.known_hosts])
    given: list[str] = []
    line = Line(address, known, lambda: given[-1] if given else None)
    with pytest.raises(SecretWanted):
        line.transport()
    given.append("a phrase")
    line.try_again()
    assert echo(line) == "heard"
    line.close()


def test_the_right_password_opens(tmp_path: Path) -> None:
    """By a server of paramiko's, as the passwords of this machine's users are not ours to know."""
    key = paramiko.RSAKey.generate(2048)

    class Door(paramiko.ServerInterface):
        def check_auth_password(self, _user: str, password: str) -> int:
            return paramiko.AUTH_SUCCESSFUL if password == "sesame" else paramiko.AUTH_FAILED

        def get_allowed_auths(self, _user: str) -> str:
            return "password"

    import socket

    with socket.create_server((HOST, 0)) as listening:
        port = listening.getsockname()[1]

        def answer() -> None:
            transport = paramiko.Transport(listening.accept()[0])
            transport.add_server_key(key)
            transport.start_server(server=Door())
            while transport.is_active():
                time.sleep(0.05)

        thread = threading.Thread(target=answer)
        thread.start()
        (tmp_path / "known").write_text(f"[{HOST}]:{port} {key.get_name()} {key.get_base64()}\n")
        address = Address(host=HOST, port=port, user="anna", sign_in="password")
        line = Line(address, KnownHosts(tmp_path / "own", [tmp_path / "known"]), lambda: "sesame")
        assert line.transport().is_authenticated()
        line.close()
        thread.join()


def test_a_jump_host_is_gone_through(tmp_path: Path) -> None:
    with running(tmp_path / "door") as door, running(tmp_path / "inner") as inner:
        shutil.copy(inner.folder / "authorized_keys", door.folder / "authorized_keys")
        known = KnownHosts(tmp_path / "own", [door.known_hosts, inner.known_hosts])
        folder = tmp_path / "user" / ".ssh"
        folder.mkdir(parents=True)
        (folder / "config").write_text(
            f"Host door\n HostName {HOST}\n Port {door.port}\n IdentityFile {inner.key}\n"
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HOME", str(tmp_path / "user"))
            line = Line(inner.address.model_copy(update={"jump": f"{door.user}@door"}), known)
            port = next(line.run("echo $SSH_CONNECTION")).split()[-1]
            assert port == str(inner.port)
            mine = psutil.Process().net_connections("tcp")
            through = [one for one in mine if one.raddr and one.raddr.port == inner.port]
            assert through == []
            line.close()


def test_a_server_that_lets_nothing_through_is_named(tmp_path: Path) -> None:
    with running(tmp_path / "sshd", "AllowTcpForwarding no") as server:
        line = Line(server.address, KnownHosts(tmp_path / "own", [server.known_hosts]))
        client = RemoteJobs(
            "http://agent", "token", transport=SshTransport(line, lambda _: (HOST, server.port))
        )
        with pytest.raises(InputError) as failure:
            client.jobs()
        assert failure.value.code == "forwarding_refused"
        client.close()
        line.close()


def test_a_computer_that_is_away_is_not_asked_all_the_time(server: Sshd, tmp_path: Path) -> None:
    line = Line(Address(host=HOST, port=1, user="x"), KnownHosts(tmp_path / "own", [server.known_hosts]))
    errors = []
    for _ in range(4):
        with pytest.raises(Unreachable) as failure:
            line.transport()
        errors.append(failure.value)
    assert errors[-1] is errors[-2]  # told, not tried
    line.try_again()
    with pytest.raises(Unreachable) as failure:
        line.transport()
    assert failure.value is not errors[-1]


def test_nobody_waits_for_another_try_of_what_is_closed() -> None:
    client = RemoteJobs("http://127.0.0.1:1", "token")
    ended: list[Exception] = []
    tried = threading.Event()

    def pauses() -> Iterator[float]:
        tried.set()
        yield 300.0

    def ask() -> None:
        try:
            client.jobs()
        except Error as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calls, "RETRIES_S", pauses())
        thread.start()
        assert tried.wait(30)
        client.close()
        thread.join(30)
    assert [error.code for error in ended] == ["agent_unreachable"]


def test_a_connection_that_does_not_answer_is_ended(
    server: Sshd, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh_module, "PING_S", 0.5)
    monkeypatch.setattr(ssh_module, "ANSWER_S", 1.0)
    before = set(sessions(server))
    transport = line.transport()
    mine = [one for one in sessions(server) if one not in before]
    assert mine
    for process in mine:
        process.suspend()
    try:
        until(lambda: not transport.is_active(), "it is given up")
        assert echo(line) == "heard"
    finally:
        for process in mine:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()
