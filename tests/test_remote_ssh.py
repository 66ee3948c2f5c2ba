"""The way to a computer: who may go it, what is refused, and what happens when it is cut. With a real sshd."""

import contextlib
import hashlib
import logging
import os
import secrets
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from remote_agent.users import Users
from rvc.errors import Error, InputError, Paused
from rvc.jobs import State
from rvcstudio.remote import calls, transfers
from rvcstudio.remote import ssh as ssh_module
from rvcstudio.remote.address import Address, aliases, parse, read_config, route
from rvcstudio.remote.agent import Agent, Preferences, Target
from rvcstudio.remote.client import RemoteJobs
from rvcstudio.remote.known_hosts import KnownHosts
from rvcstudio.remote.refusals import ChangedHost, SecretWanted, SignInFailed, UnknownHost, Unreachable
from rvcstudio.remote.ssh import Line
from rvcstudio.remote.transport import SshTransport
from tests import agents
from tests.jobs import LONG, finish, until
from tests.jobs_kinds import CountSpec
from tests.sshd import HOST, Sshd, paramiko, running

pytestmark = pytest.mark.ssh
log = logging.getLogger(__name__)

PASSWORDS = "Match all\n    PasswordAuthentication yes\n"
MB = 1 << 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with running(tmp_path_factory.mktemp("sshd") / "server", PASSWORDS) as started:
        yield started


@pytest.fixture
def line(server: Sshd, tmp_path: Path) -> Iterator[Line]:
    made = Line(server.address, KnownHosts(tmp_path / "own", [server.known_hosts]))
    yield made
    made.close()


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


def sessions(server: Sshd) -> list[psutil.Process]:
    """Return the processes of a server that serve its connections."""
    assert server._process is not None
    return psutil.Process(server._process.pid).children(recursive=True)


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[agents.RunningAgent]:
    with agents.running(tmp_path_factory.mktemp("agent") / "home") as started:
        yield started


@pytest.fixture
def jobs(agent: agents.RunningAgent, line: Line) -> Iterator[RemoteJobs]:
    place = (HOST, int(agent.url.rpartition(":")[2]))
    client = RemoteJobs("http://agent", agent.token("anna"), transport=SshTransport(line, lambda _: place))
    yield client
    client.close()


def take(folder: Path, name: str, size: int) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(secrets.token_bytes(size))
    return folder / name


def received(agent: agents.RunningAgent) -> int:
    assert agent.agent is not None
    return agent.agent.numbers.received_bytes


def test_training_again_with_one_more_take_sends_one(
    agent: agents.RunningAgent, jobs: RemoteJobs, tmp_path: Path
) -> None:
    takes = tmp_path / "takes"
    for number in range(3):
        take(takes, f"{number}.flac", MB)
    finish(jobs, jobs.submit(CountSpec(name="first"), {"numbers": [takes]}))
    before = received(agent)
    take(takes, "3.flac", MB)
    finish(jobs, jobs.submit(CountSpec(name="second"), {"numbers": [takes]}))
    assert MB <= received(agent) - before < 1.1 * MB


@pytest.mark.parametrize("accident", ["cut", "suspend"])
def test_an_upload_goes_on_where_it_was_cut(
    accident: str, server: Sshd, agent: agents.RunningAgent, jobs: RemoteJobs, tmp_path: Path
) -> None:
    file = take(tmp_path, "long.flac", 24 * MB)
    thread = threading.Thread(
        target=lambda: jobs.submit(CountSpec(name="long"), {"numbers": [file]}), daemon=True
    )
    before = received(agent)
    thread.start()
    until(lambda: received(agent) - before > 2 * MB, "some of it is there")
    server.cut() if accident == "cut" else suspend(server)
    thread.join(200)
    assert not thread.is_alive()
    assert received(agent) - before < 30 * MB
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert (agent.home / "blobs" / "anna" / digest).stat().st_size == 24 * MB


def suspend(server: Sshd) -> None:
    """Let nothing through the connections of a server for a while."""
    held = sessions(server)
    for process in held:
        process.suspend()
    time.sleep(1.0)
    for process in held:
        process.resume()


def test_events_go_on_where_they_stopped(server: Sshd, jobs: RemoteJobs) -> None:
    job = jobs.submit(CountSpec(**{**LONG, "steps": 400}), {})
    numbers: list[int] = []
    thread = threading.Thread(
        target=lambda: numbers.extend(e.number for e in jobs.events(job.id)), daemon=True
    )
    thread.start()
    for accident in (server.cut, lambda: suspend(server), server.cut):
        seen = len(numbers)
        time.sleep(0.5)
        accident()
        until(lambda seen=seen: len(numbers) > seen or not thread.is_alive(), "events come again")
    jobs.cancel(job.id)
    thread.join(60)
    assert not thread.is_alive()
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_download_is_cut_goes_on_and_is_verified(
    server: Sshd,
    agent: agents.RunningAgent,
    jobs: RemoteJobs,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = finish(jobs, jobs.submit(CountSpec(name="made"), {}))
    made = agent.home / "jobs" / job.id / "artifacts" / "result.txt"
    made.write_bytes(secrets.token_bytes(24 * MB))
    cut = threading.Event()

    def look(_self: object, done: int) -> None:
        if done > 2 * MB and not cut.is_set():
            cut.set()
            server.cut()

    monkeypatch.setattr(transfers.Count, "reach", look)
    target = jobs.fetch(job.id, "result.txt", tmp_path / "fetched")
    assert cut.is_set()
    assert target.read_bytes() == made.read_bytes()
    monkeypatch.setattr(
        transfers, "hashlib", SimpleNamespace(sha256=hashlib.blake2s)
    )  # another hash than told
    with pytest.raises(Error) as failure:
        jobs.fetch(job.id, "result.txt", tmp_path / "damaged")
    assert failure.value.code == "damaged_download"
    assert not (tmp_path / "damaged").exists()


def test_how_a_computer_is_and_where_it_tells_of_jobs(jobs: RemoteJobs) -> None:
    asked = Agent(jobs.calls)
    assert asked.health().wire_version == 1
    load = asked.load()
    assert load.processors == os.cpu_count()
    assert 0 < load.used_bytes < load.memory_bytes
    assert load.free_bytes <= load.disk_bytes
    job = jobs.submit(CountSpec(**LONG), {})
    until(lambda: asked.load().queue.own_running == 1, "it counts as mine")
    jobs.cancel(job.id)
    url = "https://example.org/hook?key=secret"
    hook = Target(id="app", kind="webhook", url=url, secret="0123456789abcdef", events=["failed"])
    shown = asked.prefer(Preferences(language="ko", targets=[hook]))
    assert (shown.language, shown.targets[0].url, shown.targets[0].secret) == (
        "ko",
        "https://example.org/hook",
        "",
    )
    again = asked.prefer(shown)  # as a dialog does that changed nothing
    assert again == shown
    finish(jobs, job)
    assert any("jobs" in one for one in asked.erase())
    assert jobs.jobs(list(State)) == []


def test_a_worthless_token_is_asked_for_anew(agent: agents.RunningAgent, line: Line) -> None:
    asked: list[bool] = []

    def token(anew: bool) -> str:
        asked.append(anew)
        return agent.token("bora") if anew else "rvc_worthless"

    place = (HOST, int(agent.url.rpartition(":")[2]))
    client = RemoteJobs("http://agent", token, transport=SshTransport(line, lambda _: place))
    assert client.jobs() == []
    assert asked == [False, True]
    client.close()
    stranger = RemoteJobs("http://agent", "rvc_worthless", transport=SshTransport(line, lambda _: place))
    with pytest.raises(InputError) as failure:
        stranger.jobs()
    assert failure.value.code == "unauthorised"
    stranger.close()


def test_nothing_listens_for_others(jobs: RemoteJobs) -> None:
    def ports() -> set[int]:
        return {one.laddr.port for one in psutil.Process().net_connections("inet") if one.status == "LISTEN"}

    before = ports()
    assert jobs.jobs() is not None
    assert ports() == before


def test_what_is_sent_can_be_stopped_and_goes_on(
    agent: agents.RunningAgent, jobs: RemoteJobs, tmp_path: Path
) -> None:
    file = take(tmp_path, "stopped.flac", 24 * MB)
    ended: list[BaseException] = []

    def submit() -> None:
        try:
            jobs.submit(CountSpec(name="stopped"), {"numbers": [file]})
        except BaseException as error:
            ended.append(error)

    before = received(agent)
    thread = threading.Thread(target=submit)
    thread.start()
    until(lambda: (now := jobs.meter.sending) is not None and now.done > 2 * MB, "some of it is on its way")
    jobs.meter.stop_sending()
    thread.join(60)
    assert [type(error) for error in ended] == [Paused]
    assert jobs.meter.now is None
    finish(jobs, jobs.submit(CountSpec(name="stopped"), {"numbers": [file]}))
    assert 24 * MB <= received(agent) - before < 30 * MB


@pytest.mark.slow
def test_it_is_fast_enough(server: Sshd, line: Line, tmp_path: Path) -> None:
    """40 MB/s on loopback, to an agent in its own process; on a busy machine at least half of what scp gets then."""
    file = take(tmp_path, "big.flac", 128 * MB)
    home = tmp_path / "home"
    with agents.process(home) as started:
        place = (HOST, int(agents.address(home, started).rpartition(":")[2]))
        way = SshTransport(line, lambda _: place)
        jobs = RemoteJobs("http://agent", Users(home).add("anna", "user"), transport=way)
        assert jobs.calls.ask("GET", "/me").is_success
        began = time.monotonic()
        digest = jobs.upload({"numbers": [file]})["numbers"][0]["blob"]
        sent = 128 / (time.monotonic() - began)
        began = time.monotonic()
        transfers.Downloads(jobs.calls, jobs.meter).fetch(f"/blobs/{digest}", tmp_path / "back", 128 * MB)
        fetched = 128 / (time.monotonic() - began)
        jobs.close()
    theirs = 128 / scp(server, file, tmp_path / "copy")
    told = f"sent {sent:.0f} MB/s, fetched {fetched:.0f} MB/s, scp {theirs:.0f} MB/s"
    log.info(told)
    assert min(sent, fetched) > min(40.0, theirs / 2), told


def scp(server: Sshd, file: Path, to: Path) -> float:
    """Copy a file as everybody does, and return how many seconds that took."""
    options = [f"UserKnownHostsFile={server.known_hosts}", "IdentitiesOnly=yes"]
    command = ["scp", "-q", "-P", str(server.port), "-i", str(server.key)]
    command += [part for option in options for part in ("-o", option)]
    began = time.monotonic()
    subprocess.run([*command, str(file), f"{server.user}@{HOST}:{to}"], check=True)
    return time.monotonic() - began
