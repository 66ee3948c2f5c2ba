"""The page of computers, with a real sshd and a real agent behind it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from rvc.errors import InputError
from rvcstudio.hub import HERE
from rvcstudio.remote.computers import View, least_busy
from rvcstudio.studio import Studio
from rvcstudio.ui.window import MainWindow

agents = pytest.importorskip("tests.agents", reason="the agent's packages are not installed")
sshd = pytest.importorskip("tests.sshd", reason="there is no sshd")

pytestmark = pytest.mark.ssh

WAIT_MS = 120_000


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator["sshd.Sshd"]:
    """Another computer with a home of its own, where its user has started an agent."""
    place = tmp_path_factory.mktemp("there")
    with (
        sshd.running(place / "sshd", f"SetEnv RVC_STUDIO_HOME={place}/home") as server,
        agents.process(place / "home" / "agent") as started,
    ):
        agents.address(place / "home" / "agent", started)
        yield server


def press(qtbot: QtBot, window: QWidget, name: str) -> None:
    button = window.findChild(QPushButton, name)
    assert button is not None, name
    qtbot.waitUntil(lambda: button.isVisible() and button.isEnabled(), timeout=WAIT_MS)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def text(window: QWidget, name: str) -> str:
    return window.findChild(QLabel, name).text()


def connect(window: MainWindow, qtbot: QtBot, there: "sshd.Sshd") -> None:
    """Fill in the form of a new computer, and connect."""
    qtbot.mouseClick(window.findChild(QPushButton, "computers.add"), Qt.MouseButton.LeftButton)
    window.findChild(QComboBox, "computer.host").setEditText(f"{there.user}@{there.host}:{there.port}")
    window.findChild(QLineEdit, "computer.name").setText("studio-pc")
    press(qtbot, window, "computer.more")
    window.findChild(QLineEdit, "computer.key").setText(str(there.key))
    press(qtbot, window, "computer.next")


def state(studio: Studio) -> str:
    computers = studio.computers.all()
    return studio.computers.view(computers[0].id).state if computers else ""


def test_a_computer_is_added_by_its_key_shown_steered_and_forgotten(
    studio: Studio, window: MainWindow, qtbot: QtBot, there: "sshd.Sshd"
) -> None:
    studio.go("computers")
    connect(window, qtbot, there)
    title = window.findChild(QLabel, "computer.title")
    qtbot.waitUntil(lambda: title.text() == "Is this the right computer?", timeout=WAIT_MS)
    host_key = str(there.folder / "host_key.pub")
    told = subprocess.run(["ssh-keygen", "-lf", host_key], capture_output=True, text=True, check=True)
    assert told.stdout.split()[1] in window.findChild(QLineEdit, "computer.fingerprint").text()
    press(qtbot, window, "computer.next")
    qtbot.waitUntil(lambda: title.text() == "studio-pc is ready", timeout=WAIT_MS)
    assert "deleted after 7 days" in window.findChild(QWidget, "computer.sent").accessibleName()
    press(qtbot, window, "computer.next")
    qtbot.waitUntil(lambda: title.text() == "studio-pc was added", timeout=WAIT_MS)
    press(qtbot, window, "computer.next")
    qtbot.waitUntil(lambda: state(studio) == "ready", timeout=WAIT_MS)
    assert studio.jobs.computers() == [HERE, "studio-pc"]
    assert studio.jobs.service("studio-pc").jobs() == []
    computer = studio.computers.all()[0]
    card = window.findChild(QWidget, f"computers.card.{computer.id}")
    assert "studio-pc" in card.accessibleName()
    assert text(window, f"computers.card.{computer.id}.queue") == "No jobs: yours would start at once."

    action(window, computer.id, "notify").trigger()
    url = window.findChild(QLineEdit, "notify.url")
    qtbot.waitUntil(url.isEnabled, timeout=WAIT_MS)
    url.setText("https://example.org/hook")
    window.findChild(QLineEdit, "notify.secret").setText("0123456789abcdef")
    window.findChild(QCheckBox, "notify.started").setChecked(False)
    with qtbot.waitSignal(window.findChild(QWidget, "notify").finished, timeout=WAIT_MS):
        press(qtbot, window, "notify.save")
    kept = studio.computers.reach(computer.id).agent.preferences().targets
    assert [(one.url, one.events) for one in kept] == [("https://example.org/hook", ["completed", "failed"])]

    action(window, computer.id, "erase").trigger()
    said: list[str] = []
    studio.said.connect(lambda sentence, _undo: said.append(sentence))
    press(qtbot, window, "computers.ask.do")
    qtbot.waitUntil(lambda: bool(said), timeout=WAIT_MS)
    assert said == ["Everything of yours on studio-pc was deleted."]  # where to tell of jobs

    action(window, computer.id, "remove").trigger()
    assert studio.computers.all() == []
    assert studio.jobs.computers() == [HERE]


def action(window: MainWindow, computer_id: str, name: str) -> QAction:
    return window.findChild(QAction, f"computers.card.{computer_id}.{name}")


@pytest.mark.slow
def test_the_agent_is_installed_where_none_is(
    studio: Studio, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    """With the Python of the tests in place of an environment of gigabytes."""
    home = tmp_path / "home"
    with sshd.running(tmp_path / "sshd", f"SetEnv RVC_STUDIO_HOME={home}") as server:
        studio.go("computers")
        connect(window, qtbot, server)
        title = window.findChild(QLabel, "computer.title")
        qtbot.waitUntil(lambda: title.text() == "Is this the right computer?", timeout=WAIT_MS)
        press(qtbot, window, "computer.next")
        qtbot.waitUntil(lambda: title.text() == "studio-pc can be used", timeout=WAIT_MS)
        window.findChild(QLineEdit, "computer.python").setText(sys.executable)
        press(qtbot, window, "computer.next")
        assert title.text() == "Installing on studio-pc"
        qtbot.waitUntil(lambda: title.text() == "studio-pc was added", timeout=2 * WAIT_MS)
        press(qtbot, window, "computer.next")
        qtbot.waitUntil(lambda: state(studio) == "ready", timeout=WAIT_MS)
        computer = studio.computers.all()[0]
        assert studio.computers.view(computer.id).version
        action(window, computer.id, "uninstall").trigger()
        press(qtbot, window, "computers.ask.do")
        qtbot.waitUntil(lambda: studio.computers.all() == [], timeout=WAIT_MS)
        assert not (home / "agent-program").exists()
        assert not (home / "agent").exists()


def test_a_computer_that_is_not_accepted_is_not_kept(
    studio: Studio, window: MainWindow, qtbot: QtBot, there: "sshd.Sshd"
) -> None:
    studio.go("computers")
    connect(window, qtbot, there)
    title = window.findChild(QLabel, "computer.title")
    qtbot.waitUntil(lambda: title.text() == "Is this the right computer?", timeout=WAIT_MS)
    press(qtbot, window, "computer.cancel")
    assert studio.computers.all() == []
    assert studio.jobs.computers() == [HERE]


def test_computers_are_known_again_after_a_start(studio: Studio) -> None:
    computer = studio.computers.new("gpu", "address", url="https://gpu.example.org:8765")
    studio.computers.add(computer)
    from rvcstudio.hub import JobHub
    from rvcstudio.remote.computers import Computers
    from rvcstudio.settings import SettingsStore

    hub = JobHub()
    again = Computers(SettingsStore(), hub, studio.fail)
    assert again.all() == [computer]
    assert hub.computers() == [HERE, "gpu"]
    assert "token" not in (studio.settings._file).read_text()
    again.close()
    studio.computers.remove(computer)


def test_adding_computers_costs_nothing_at_the_start() -> None:
    heavy = {"paramiko", "httpx2", "keyring", "cryptography", "rvc.jobs"}
    code = f"import sys, rvcstudio.remote.computers; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_least_busy_has_a_free_gpu() -> None:
    from rvc.jobs.load import GpuLoad, MachineLoad, QueueLoad, read_nvidia_smi

    gpu = GpuLoad(name="RTX 4090")
    views = {
        "cpu": View("ready", MachineLoad(load=0.0)),
        "busy": View("ready", MachineLoad(gpus=[gpu], queue=QueueLoad(running=1, waiting=3))),
        "free": View("ready", MachineLoad(gpus=[gpu, gpu], queue=QueueLoad(running=1))),
        "away": View("away", MachineLoad(gpus=[gpu])),
    }
    assert least_busy(views) == "free"
    assert least_busy({"away": views["away"]}) is None
    told = read_nvidia_smi("0, NVIDIA H200, 12034, 143771, 97\n1, GRID, [N/A], 4096, [N/A]\nnonsense\n")
    assert [(one.name, one.load, one.memory_bytes >> 20) for one in told] == [
        ("NVIDIA H200", 0.97, 143771),
        ("GRID", None, 4096),
    ]


def test_tokens_do_not_cross_networks_in_clear_text(studio: Studio) -> None:
    with pytest.raises(InputError) as failure:
        studio.computers.new("gpu", "address", url="http://gpu.example.org:8765")
    assert failure.value.code == "not_https"
    assert studio.computers.new("own", "address", url="http://127.0.0.1:8765").url
