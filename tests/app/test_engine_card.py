"""The engine's card in the settings: a real `rvc setup --plan`, and runs that a stand-in command tells of."""

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from rvcstudio import companion, engine
from rvcstudio.studio import Studio
from rvcstudio.ui.engine_card import EngineCard

PLAN = [
    {
        "event": "finding",
        "code": "no_driver",
        "params": {"name": "RTX"},
        "level": "warning",
        "text": "",
        "action": "",
    },
    {"event": "done", "summary": {"build": "cpu", "packages": 70, "fetched_gb": 0.4, "disk_gb": 1.5}},
]
WORK = [
    {"event": "progress", "phase": "fetch", "step": 1, "total": 2, "eta_s": None},
    {"event": "done", "summary": {"device": "cpu"}},
]


@pytest.fixture
def rvc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have a command in place of `python -m rvc` that tells what a setup tells."""
    script = tmp_path / "rvc.py"
    script.write_text(
        "import json, sys\n"
        f"told = {json.dumps({'--plan': PLAN, '--yes': WORK, '--undo': WORK[1:]})!r}\n"
        "for event in json.loads(told)[sys.argv[2]]: print(json.dumps(event), flush=True)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(engine, "rvc_command", lambda: [sys.executable, str(script)])
    return []


def shown(card: EngineCard) -> set[str]:
    buttons = card.findChildren(QAbstractButton)
    return {button.objectName().rpartition(".")[2] for button in buttons if not button.isHidden()}


def text(card: EngineCard, name: str) -> str:
    label = card.findChild(QLabel, f"settings.engine.{name}")
    return label.text() if isinstance(label, QLabel) else ""


@pytest.mark.usefixtures("rvc")
def test_a_thin_client_is_told_the_size_and_then_installs(
    studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companion, "is_installed", lambda: False)
    card = EngineCard(studio)
    card.retranslate()
    qtbot.addWidget(card)
    assert shown(card) == {"plan"}
    card.findChild(QAbstractButton, "settings.engine.plan").click()
    assert shown(card) == {"stop"}
    qtbot.waitUntil(lambda: studio.installing.state == "planned")
    assert shown(card) == {"start"}
    assert "0.4 GB to download, about 1.5 GB on the disk." in text(card, "state")
    assert text(card, "notes").startswith("RTX cannot be used: its maker's driver is not installed.")
    said: list[str] = []
    studio.said.connect(lambda words, _undo: said.append(words))
    with qtbot.waitSignal(studio.installing.done):
        card.findChild(QAbstractButton, "settings.engine.start").click()
        monkeypatch.setattr(companion, "is_installed", lambda: True)
        bar = card.findChild(QProgressBar)
        qtbot.waitUntil(lambda: bar.value() == 400)
    assert said == ["The engine works."]
    assert shown(card) == {"repair", "remove"}


def test_what_fails_is_told_and_can_be_tried_again(
    studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "rvc.py").write_text(
        """print('{"event": "failed", "code": "index_not_reached", "text": "No index.", "hint": "Try."}'); exit(1)"""
    )
    monkeypatch.setattr(engine, "rvc_command", lambda: [sys.executable, str(tmp_path / "rvc.py")])
    card = EngineCard(studio)
    qtbot.addWidget(card)
    failures: list[Exception] = []
    studio.failed.connect(failures.append)
    card.repair()
    qtbot.waitUntil(lambda: bool(failures))
    assert str(failures[0]) == "No index. Try."
    assert studio.installing.state == "idle"


def test_a_stop_ends_what_a_bundle_has_handed_over_but_not_pip() -> None:
    """Where a process cannot be asked, on Windows, the bundle's program is ended with the one that does its work."""
    grandchild = "import time; time.sleep(60)"
    child = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {grandchild!r}]).pid, flush=True)"
    child += "; import time; time.sleep(60)"
    code = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {child!r}]))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pip = psutil.Process(int(process.stdout.readline()))
        engine.end_children(process.pid)
        assert process.wait(20) != 0
        assert pip.is_running()
        pip.kill()
    engine.end_children(process.pid)
