"""Jobs of another computer: what is sent and fetched goes on where it was cut. With a real sshd and agent."""

import hashlib
import logging
import os
import secrets
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
from rvcstudio.remote import transfers
from rvcstudio.remote.agent import Agent, Preferences, Target
from rvcstudio.remote.client import RemoteJobs
from rvcstudio.remote.ssh import Line
from rvcstudio.remote.transport import SshTransport
from tests import agents
from tests.jobs import LONG, finish, until
from tests.jobs_kinds import CountSpec
from tests.lines import line, server, sessions
from tests.sshd import HOST, Sshd

__all__ = ["line", "server"]  # fixtures

pytestmark = pytest.mark.ssh
log = logging.getLogger(__name__)

MB = 1 << 20


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
