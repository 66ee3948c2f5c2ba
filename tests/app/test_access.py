"""For everybody: every control has a name, is reached by the keyboard, and fits on a small laptop at 200 %."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from rvcstudio.app import App
from rvcstudio.library import Voice
from rvcstudio.ui.dataset.gain_dialog import GainDialog
from rvcstudio.ui.pages import PAGES
from rvcstudio.ui.shortcuts import ShortcutsDialog
from rvcstudio.ui.voice_dialog import VoiceDialog
from rvcstudio.ui.welcome import Welcome
from rvcstudio.ui.welcome.steps import STEPS, ComputerStep
from rvcstudio.ui.window import LEAST_SIZE
from tests.app.content import fill

CONTROLS = (
    QAbstractButton,
    QLineEdit,
    QComboBox,
    QAbstractSlider,
    QAbstractSpinBox,
    QAbstractItemView,
    QTextEdit,
    QPlainTextEdit,
    QProgressBar,
)
OF_QT = (QHeaderView, QScrollBar)  # parts of other controls
SLACK = 2  # px


@pytest.fixture
def furnished(app: App) -> Voice:
    """A voice of a library with something of everything."""
    voice = fill(app.studio.library, most=3)[0]
    library = app.studio.library
    folder = library.models.new_folder("Mina", voice.id)
    (folder / "Mina.safetensors").write_bytes(b"weights")
    library.models.add("Mina", folder / "Mina.safetensors", voice_id=voice.id, summary={"rate": 40000})
    library.takes.delete([library.takes.all(voice.id)[0].id])
    return voice


def go(app: App, name: str, voice: Voice, qtbot: QtBot) -> QWidget:
    """Show a page with something on it, and wait until it is read; training is left without a voice to estimate."""
    target = {"voice": voice.id} if name in ("voice", "dataset", "record") else {}
    if name == "model":
        target = {"model": app.studio.library.models.all()[0].id}
    app.studio.go(name, **target)
    qtbot.waitUntil(lambda: app.studio.tasks.is_idle, timeout=60_000)
    for _ in range(3):  # what is laid out anew lays others out anew
        QApplication.processEvents()
    return app.window.page


def controls(place: QWidget) -> Iterator[QWidget]:
    """Yield what is worked with, and whatever else takes the keyboard's focus."""
    for widget in place.findChildren(QWidget):
        inside = isinstance(widget.parent(), (QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView))
        if not widget.isVisibleTo(place) or isinstance(widget, OF_QT) or inside:
            continue
        if widget.objectName().startswith("qt_") or isinstance(widget.parent(), QScrollArea):
            continue
        if isinstance(widget, CONTROLS) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget


def said_of(widget: QWidget) -> str:
    """Return what a screen reader says of a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name)).strip() if interface is not None else ""


def faults(place: QWidget) -> list[str]:
    """Say of controls what they lack."""
    found = []
    for widget in controls(place):
        what = f"{type(widget).__name__} {widget.objectName()}"
        if not widget.objectName():
            found.append(f"{what} in {widget.parent().objectName()} has no object name")
        if not said_of(widget) and widget.objectName() != "busy":
            found.append(f"{what} has no name for screen readers")
        if isinstance(widget, QAbstractButton) and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(f"{what} is not reached by the keyboard")
    return found


def cut(place: QWidget) -> list[str]:
    """Say of texts and buttons where they do not fit."""
    found = []
    for area in place.findChildren(QScrollArea):
        if area.isVisibleTo(place) and area.widget() is not None:
            more = area.widget().minimumSizeHint().width() - area.viewport().width()
            if more > 0:
                found.append(f"what scrolls in {area.objectName()} is {more} px too wide")
    for widget in place.findChildren(QWidget):
        if not widget.isVisibleTo(place) or not isinstance(widget, (QLabel, QPushButton)):
            continue
        shortened = widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Ignored
        if isinstance(widget, QLabel) and (widget.wordWrap() or shortened or not widget.text()):
            continue
        if (more := widget.sizeHint().width() - widget.width()) > SLACK:
            found.append(f"{type(widget).__name__} {widget.objectName()} {widget.text()!r} lacks {more} px")
    return found


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "ko"])
def test_every_page_can_be_read_reached_and_fits(
    language: str, app: App, furnished: Voice, qtbot: QtBot
) -> None:
    """A screen of 1280 to 800 at 200 % has 640 to 400 px."""
    app.studio.settings.update(language=language)
    app.window.resize(LEAST_SIZE)
    found = {}
    for entry in PAGES:
        page = go(app, entry.name, furnished, qtbot)
        found[entry.name] = faults(page) + cut(page)
    assert app.window.size() == LEAST_SIZE
    assert {name: some for name, some in found.items() if some} == {}


def test_every_page_of_an_empty_library_can_be_read_and_reached(app: App) -> None:
    found = {}
    for entry in PAGES:
        app.studio.go(entry.name)
        found[entry.name] = faults(app.window.page)
    assert {name: some for name, some in found.items() if some} == {}


def test_every_dialog_can_be_read_and_reached(app: App, furnished: Voice) -> None:
    take = app.studio.library.takes.all(furnished.id)[0]
    for dialog in (
        VoiceDialog(app.studio, furnished, app.window),
        GainDialog(take, app.window),
        ShortcutsDialog(app.window.shortcuts, "Voices", app.window.page.shortcuts, app.window),
        Welcome(app.studio, app.window),
    ):
        dialog.open()
        assert faults(dialog) == []
        if isinstance(dialog, Welcome):
            check_steps(dialog)
        dialog.close()


def check_steps(welcome: Welcome) -> None:
    for number, step in enumerate(STEPS):
        if step is not ComputerStep:  # the doctor is another program
            welcome.show_step(number)
            assert faults(welcome) == []


def test_what_is_wrong_is_noticed(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    nameless = QPushButton(place, objectName="a")
    narrow = QPushButton("A long text that does not fit", place, objectName="b", accessibleName="b")
    unreached = QPushButton("c", place, objectName="c", focusPolicy=Qt.FocusPolicy.NoFocus)
    for widget in (nameless, narrow, unreached):
        widget.resize(80, 20)
    place.show()
    assert [fault.split(" has ")[0].split(" is ")[0] for fault in faults(place)] == [
        "QPushButton a",
        "QPushButton c",
    ]
    assert len(cut(place)) == 1
