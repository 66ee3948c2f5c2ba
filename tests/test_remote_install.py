"""The agent on another computer: installed, started, joined, upgraded and removed over a real SSH connection.

The other computer is this one, with a home of its own. What packages its environment has is not tested here: it uses
the Python of the tests (`--python`), as PyTorch alone is gigabytes.
"""

import contextlib
import dataclasses
import hashlib
import io
import platform
import re
import secrets
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

from rvc import __version__
from rvc.errors import Error, InputError, Paused
from rvc.events import Event, Log, Reporter
from rvc.jobs import State
from rvcstudio.remote.bundle import Bundle, make_bundle
from rvcstudio.remote.client import RemoteJobs
from rvcstudio.remote.computers import Computer
from rvcstudio.remote.deploy import Host
from rvcstudio.remote.known_hosts import KnownHosts, own_file
from rvcstudio.remote.reach import Reach
from rvcstudio.remote.secrets import Secrets
from rvcstudio.remote.ssh import Line
from rvcstudio.remote.transport import SshTransport
from rvcstudio.remote.wheels import fetch_wheels
from tests import agents
from tests.jobs import PATIENCE_S, until
from tests.small_wheels import make_wheel
from tests.sshd import Sshd, running

pytestmark = pytest.mark.ssh


@dataclasses.dataclass
class There:
    """The other computer: its server, its home, and the way to it."""

    server: Sshd
    home: Path
    host: Host
    bundle: Bundle

    def jobs(self) -> RemoteJobs:
        way = SshTransport(self.host.line, self.host.place)
        return RemoteJobs("http://agent", self.host.token("anna"), transport=way)

    @property
    def agent_pid(self) -> int:
        return agents.AgentCard.model_validate_json((self.home / "agent" / "agent.json").read_bytes()).pid

    def install(self) -> list[Event]:
        events: list[Event] = []
        self.host.install(self.bundle, Reporter(events.append), python=sys.executable)
        return events


def has_ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RVC_STUDIO_HOME", str(tmp_path_factory.mktemp("packed")))
        return make_bundle()


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory, bundle: Bundle) -> Iterator[There]:
    """The computer with the agent installed; tests of this module go on where the one before ended."""
    place = tmp_path_factory.mktemp("there")
    home = place / "a home"
    with running(place / "sshd", f'SetEnv RVC_STUDIO_HOME="{home}"') as server:
        line = Line(server.address, KnownHosts(place / "known", [server.known_hosts]))
        other = There(server, home, Host(line), bundle)
        yield other
        with contextlib.suppress(Error):
            other.host.stop()
        line.close()


def test_the_bundle_has_every_resource_that_its_sources_name(bundle: Bundle) -> None:
    with tarfile.open(bundle.file) as packed:
        names = packed.getnames()
        modules = [packed.extractfile(name) for name in names if name.endswith(".py")]
        sources = [module.read().decode() for module in modules if module is not None]
    named = {found for source in sources for found in re.findall(r'resource\("([^"]+)"\)', source)}
    assert len(named) > 5
    missing = {one for one in named if not any(name.startswith(f"resources/{one}") for name in names)}
    assert missing == {"demo/voice"}  # demonstrations and benchmarks, which no job asks for


def test_it_is_looked_at_installed_and_runs_on_after_the_login(there: There) -> None:
    found = there.host.probe()
    assert (found.system, found.version, found.running) == ("Linux", "", None)
    assert found.supported
    assert found.free_bytes > 0
    with pytest.raises(InputError, match="no program") as failure:
        there.host.start()
    assert failure.value.code == "not_installed"
    steps = [
        event.text for event in there.install() if isinstance(event, Log) and event.code == "install_step"
    ]
    assert steps == ["unpack", "environment", "check", "finish"]
    there.host.start()
    pid = there.agent_pid
    there.host.start()
    assert there.agent_pid == pid
    there.server.cut()
    until(lambda: not there.host.line.is_open, "the connection is gone")
    assert psutil.pid_exists(pid)
    jobs = there.jobs()
    assert jobs.jobs() == []
    assert there.agent_pid == pid
    jobs.close()
    after = there.host.probe()
    assert (after.version, after.running) == (there.bundle.version, there.bundle.version)


def test_an_agent_that_went_down_is_started_again_where_it_is_needed(there: There) -> None:
    jobs = there.jobs()
    before = there.agent_pid
    psutil.Process(before).kill()
    until(lambda: has_ended(before))
    assert jobs.jobs() == []
    assert there.agent_pid != before
    jobs.close()


def test_an_upload_outlives_the_agent(there: There, tmp_path: Path) -> None:
    jobs = there.jobs()
    file = tmp_path / "long.flac"
    file.write_bytes(secrets.token_bytes(48 << 20))
    sent: list[object] = []
    thread = threading.Thread(target=lambda: sent.append(jobs.upload({"recordings": [file]})), daemon=True)
    thread.start()
    until(lambda: (now := jobs.meter.now) is not None and now.done > 4 << 20, "some of it is on its way")
    psutil.Process(there.agent_pid).kill()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    assert sent == [{"recordings": [{"blob": sha256, "name": "long.flac"}]}]
    assert (there.home / "agent" / "blobs" / "anna" / sha256).stat().st_size == 48 << 20
    jobs.close()


@pytest.mark.slow
def test_an_upgrade_leaves_a_job_alone_and_free_space_what_it_runs_from(there: There, tmp_path: Path) -> None:
    old = there.home / "agent-program" / "versions" / there.bundle.version
    # what runs from the old version's folder, as a training does
    command = "sleep 900 >/dev/null 2>&1 </dev/null & echo $!"
    pid = int(there.host._shell(f"export PYTHONPATH='{old}'; {command}")[-1])
    version = f"next-{there.bundle.version}"
    newer = tmp_path / f"{version}.tar.gz"
    newer.write_bytes(there.bundle.file.read_bytes())
    upgraded = dataclasses.replace(there, bundle=Bundle(version, newer, there.bundle.requirements))
    before = there.agent_pid
    upgraded.install()
    assert there.host.probe().running == there.bundle.version
    there.host.start()
    assert there.agent_pid != before
    assert there.host.probe().running == version
    assert psutil.pid_exists(pid)
    there.host.free()
    assert old.is_dir()
    psutil.Process(pid).kill()
    until(lambda: has_ended(pid))
    assert there.host.free() > 0
    assert not old.is_dir()


@pytest.mark.slow
def test_installing_may_be_stopped_and_a_wrong_python_is_refused(there: There) -> None:
    reporter = Reporter()
    reporter.request_stop()
    with pytest.raises(Paused):
        there.host.install(there.bundle, reporter, python=sys.executable)
    with pytest.raises(InputError) as failure:
        there.host.install(there.bundle, Reporter(), python="/bin/false")
    assert failure.value.code == "broken_environment"
    there.install()


def test_uninstalling_leaves_nothing(there: There) -> None:
    there.host.start()
    pid = there.agent_pid
    there.host.uninstall(data=True)
    until(lambda: has_ended(pid))
    assert [path.name for path in there.home.iterdir() if path.name in ("agent", "agent-program")] == []
    assert there.host.probe().version == ""


def test_an_agent_that_runs_there_already_is_joined(there: There) -> None:
    home = there.home / "agent"
    with agents.process(home) as started:
        url = agents.address(home, started)
        assert there.host.probe().running == ""
        jobs = there.jobs()
        assert jobs.jobs(list(State)) == []
        assert url.endswith(str(there.host.place()[1]))
        token = there.host.token("anna")  # the earlier one is worthless, and another is asked for
        fresh = RemoteJobs("http://agent", lambda anew: token if anew else "old", transport=jobs_way(there))
        assert fresh.jobs() == []
        jobs.close()
        fresh.close()


@pytest.mark.slow
def test_an_agent_that_was_joined_gives_way_to_the_apps_own(there: There) -> None:
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    from rvcstudio.ui.computers_install import install

    home = there.home / "agent"
    own_file().parent.mkdir(parents=True)
    own_file().write_text(there.server.known_hosts.read_text())
    with agents.process(home) as started:
        agents.address(home, started)
        reach = Reach(Computer(id="pc", name="pc", address=there.server.address, user="anna"), Secrets())
        assert reach.agent.me().name == "anna"
        view = reach.look()
        assert (view.is_joined, view.can_update, view.version) == (True, False, __version__)
        install(reach, sys.executable, Reporter())
        assert started.wait(60) is not None
        view = reach.look()
        assert (view.is_joined, view.can_update, view.version) == (False, False, make_bundle().version)
        assert reach.agent.me().name == "anna"  # the same users, by the same tokens
        reach.close()
    there.host.uninstall(data=False)


def jobs_way(there: There) -> httpx2.BaseTransport:
    return SshTransport(there.host.line, there.host.place)


@pytest.mark.slow
def test_a_computer_without_network_gets_an_environment_from_sent_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way with a small program in place of ours: packages fetched here, sent, and installed there."""
    shop = tmp_path / "shop"
    shop.mkdir()
    make_wheel(shop, "smallpart", "NUMBER = 7\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shop))
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    version = ".".join(map(str, sys.version_info[:3]))
    events: list[Event] = []
    wheels = fetch_wheels(["smallpart"], version, platform.machine(), "2.36", Reporter(events.append))
    assert [file.name for file in wheels.glob("*.whl")] == ["smallpart-1.0-py3-none-any.whl"]
    with pytest.raises(Error) as failure:
        fetch_wheels(["nosuchpart"], version, platform.machine(), "2.36", Reporter())
    assert failure.value.code == "no_wheels"
    home = tmp_path / "home"
    with running(tmp_path / "sshd", f"SetEnv RVC_STUDIO_HOME={home}") as server:
        host = Host(Line(server.address, KnownHosts(tmp_path / "known", [server.known_hosts])))
        host.install(_small_program(tmp_path), Reporter(), wheels=wheels)
        assert host.probe().version == "small"
        python = (home / "agent-program" / "current").read_text().split()[1]
        assert python.startswith(str(home / "agent-program" / "environments"))
        told = subprocess.run(
            [python, "-c", "import smallpart; print(smallpart.NUMBER)"], capture_output=True
        )
        assert told.stdout.strip() == b"7"
        host.line.close()


def _small_program(folder: Path) -> Bundle:
    """Return a program that has the modules that an installation looks for, and needs one package."""
    file = folder / "small.tar.gz"
    modules = ("torch.py", "faiss.py", "remote_agent/app.py", "rvc/learning/training.py")
    content = dict.fromkeys(modules, "import smallpart\n")
    content |= {"requirements.txt": "smallpart\n", "requirements.id": "small"}
    with tarfile.open(file, "w:gz") as tar:
        for name, text in content.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return Bundle("small", file, ("smallpart",))
