"""Opens the library at the start, and asks where it is when it is not where it was."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from rvc.errors import Error, InputError
from rvcstudio.library import Library
from rvcstudio.library.exchange import sweep
from rvcstudio.library.moving import is_library
from rvcstudio.settings import SettingsStore
from rvcstudio.ui.errors import sentence
from rvcstudio.ui.icons import pixmap
from rvcstudio.ui.widgets import Button

translate = QCoreApplication.translate
Ask = Callable[[Error], str]


def open_library(settings: SettingsStore, ask: Ask | None = None) -> Library:
    """Open the user's library; ask what to do until one opens. Raises `SystemExit` where the user leaves."""
    ask = ask or _ask
    while True:
        try:
            return _open(settings.value.library_folder, may_make=settings.value.library is None)
        except Error as error:
            answer = ask(error)
        if answer == "leave":
            raise SystemExit(0)
        if answer == "new":
            settings.update(library=None)
        elif answer != "again":
            settings.update(library=Path(answer))
            if not any(Path(answer).iterdir()):
                Library(Path(answer)).close()


def _open(folder: Path, *, may_make: bool) -> Library:
    """Open a library; one that was chosen and is gone, as on a disk that is not connected, is not made anew."""
    if not may_make and not is_library(folder):
        raise InputError(
            "library_gone", f"Your library is not at {folder}.", "Connect the disk that it is on."
        )
    library = Library(folder)
    sweep(library)
    return library


def _ask(error: Error) -> str:
    """Return again, new, leave, or the folder that the user chose."""
    text, hint = sentence(error)
    box = QMessageBox()
    box.setObjectName("library")
    box.setWindowTitle("RVC Studio")
    box.setIconPixmap(pixmap("folder", "warn", 40))
    box.setText(text)
    box.setInformativeText(hint)
    answers = {
        "again": (translate("LibraryChoice", "Try again"), QMessageBox.ButtonRole.AcceptRole),
        "other": (translate("LibraryChoice", "Choose another folder…"), QMessageBox.ButtonRole.ActionRole),
        "new": (translate("LibraryChoice", "Use the ordinary folder"), QMessageBox.ButtonRole.ActionRole),
        "leave": (translate("LibraryChoice", "Quit"), QMessageBox.ButtonRole.RejectRole),
    }
    buttons = {name: Button(f"library.{name}") for name in answers}
    for name, (label, role) in answers.items():
        buttons[name].setText(label)
        box.addButton(buttons[name], role)
    box.setEscapeButton(buttons["leave"])
    box.exec()
    clicked = box.clickedButton()
    answer = next((name for name, button in buttons.items() if button is clicked), "leave")
    return _choose() if answer == "other" else answer


def _choose() -> str:
    folder = QFileDialog.getExistingDirectory(None, translate("LibraryChoice", "Choose a library"))
    return folder or "again"
