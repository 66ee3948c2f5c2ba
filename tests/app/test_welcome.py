"""The first start: every step can be skipped, and what is chosen holds."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from rvc.doctor.finding import found
from rvcstudio.app import App
from rvcstudio.library import Library
from rvcstudio.studio import Studio
from rvcstudio.ui.findings import RUN, FindingRow, Findings
from rvcstudio.ui.welcome import Welcome
from rvcstudio.ui.welcome.steps import STEPS, FolderStep
from rvcstudio.ui.window import MainWindow


@pytest.fixture
def welcome(app: App, studio: Studio) -> Welcome:
    studio.settings.update(welcomed=False)
    app.show([])
    return next(found for found in app.window.findChildren(Welcome) if found.isVisible())


def press(qtbot: QtBot, welcome: Welcome, name: str) -> None:
    button = welcome.findChild(QAbstractButton, name)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_all_can_be_skipped_at_once_and_it_does_not_come_again(
    welcome: Welcome, app: App, studio: Studio, qtbot: QtBot
) -> None:
    press(qtbot, welcome, "welcome.skip")
    assert not welcome.isVisible()
    assert studio.settings.value.welcomed
    app.show([])
    assert not [found for found in app.window.findChildren(Welcome) if found.isVisible()]


def test_language_and_colours_change_in_the_first_step(
    welcome: Welcome, studio: Studio, qtbot: QtBot
) -> None:
    press(qtbot, welcome, "welcome.language.ko")
    QApplication.processEvents()
    assert welcome.findChild(QAbstractButton, "welcome.next").text() == "계속"
    press(qtbot, welcome, "welcome.theme.dark")
    assert (studio.settings.value.language, studio.settings.value.theme) == ("ko", "dark")


def test_every_step_is_reached_by_the_return_key(welcome: Welcome, studio: Studio, qtbot: QtBot) -> None:
    titles = set()
    for number in range(len(STEPS)):
        assert welcome.number == number
        titles.add(
            next(label.text() for label in welcome.findChildren(QLabel) if label.property("look") == "title")
        )
        qtbot.keyClick(welcome.findChild(QAbstractButton, "welcome.next"), Qt.Key.Key_Return)
    assert len(titles) == len(STEPS)
    assert not welcome.isVisible()
    assert studio.settings.value.welcomed


def test_a_library_that_exists_is_taken_and_a_full_folder_gets_one_inside(
    welcome: Welcome, studio: Studio, tmp_path: Path
) -> None:
    existing = Library(tmp_path / "mine")
    existing.voices.add("Mina", colour="#123456")
    existing.close()
    step = welcome.findChild(FolderStep)
    step.use(tmp_path / "mine")
    assert studio.library.folder == tmp_path / "mine"
    assert [voice.name for voice in studio.library.voices.all()] == ["Mina"]
    step.use(tmp_path)
    assert studio.library.folder == tmp_path / "RVC Studio"


def test_what_is_worst_comes_first_with_what_helps(studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
    findings = Findings(studio, "check")
    qtbot.addWidget(findings)
    for told in (
        found("python", version="3.11.7"),
        found("asset_missing", name="rmvpe", file="rmvpe.pt", use="the app needs it"),
        found("library_missing", name="torch"),
    ):
        findings._take(told.model_dump())
    qtbot.waitUntil(lambda: len(findings.findChildren(FindingRow)) == 2)  # those before go by and by
    findings.findChild(QAbstractButton, "check.more").click()
    qtbot.waitUntil(lambda: len(findings.findChildren(FindingRow)) == 3)
    rows = findings.findChildren(FindingRow)
    texts = [rows[number].findChild(QLabel, f"finding.{number}").text() for number in range(3)]
    assert [text.split()[0] for text in texts] == ["torch", "rmvpe.pt", "Python"]
    set_up, download = (
        button for button in findings.findChildren(QAbstractButton) if "action" in button.objectName()
    )
    for button in (set_up, download):
        studio.go("voices")
        button.click()
        assert window.page.entry.name == "settings"


def test_a_command_that_the_app_does_not_run_is_copied(studio: Studio, qtbot: QtBot) -> None:
    findings = Findings(studio, "check")
    qtbot.addWidget(findings)
    findings._take(found("no_pip").model_dump())
    qtbot.waitUntil(lambda: bool(findings.findChildren(FindingRow)))
    findings.findChild(QAbstractButton, "check.0.action").click()
    assert QGuiApplication.clipboard().text() == found("no_pip").action.removeprefix(RUN)


@pytest.mark.slow
def test_the_doctor_looks_at_this_computer(studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
    findings = Findings(studio, "check")
    qtbot.addWidget(findings)
    findings.look()
    with qtbot.waitSignal(findings.ended, timeout=120_000):
        pass
    texts = [label.text() for label in findings.findChildren(QLabel)]
    assert any("cores" in text for text in texts)
    assert any("contentvec" in text for text in texts)
    button = next(
        button for button in findings.findChildren(QAbstractButton) if button.text() == "Downloads…"
    )
    button.click()
    assert window.page.entry.name == "settings"
