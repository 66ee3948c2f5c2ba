"""What went wrong: expected failures in a sentence with the next step, bugs with their diagnostics."""

import logging
import traceback

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from rvc.errors import Error
from rvcstudio import diagnostics
from rvcstudio.sentences import sentence
from rvcstudio.ui.icons import pixmap
from rvcstudio.ui.widgets import Button

translate = QCoreApplication.translate
log = logging.getLogger(__name__)


def show(error: BaseException, parent: QWidget) -> None:
    """Show a dialog for an exception."""
    if isinstance(error, Error):
        box = expected(error, parent)
    else:
        log.error("a bug", exc_info=error)
        box = bug(error, parent)
    box.open()


def expected(error: Error, parent: QWidget) -> QMessageBox:
    """Return a dialog that says what happened and what to do."""
    text, hint = sentence(error)
    box = QMessageBox(parent)
    box.setObjectName("error")
    box.setWindowTitle("RVC Studio")
    box.setIconPixmap(pixmap("warn", "warn", 40))
    box.setText(text)
    box.setInformativeText(hint)
    close = Button("error.close", look="primary")
    close.setText(translate("Errors", "Close"))
    return _closed_by(box, close)


def bug(error: BaseException, parent: QWidget) -> QMessageBox:
    """Return a dialog that admits a bug and offers the diagnostics to copy."""
    trace = "".join(traceback.format_exception(error))
    box = QMessageBox(parent)
    box.setObjectName("bug")
    box.setWindowTitle("RVC Studio")
    box.setIconPixmap(pixmap("bad", "bad", 40))
    box.setText(translate("Errors", "Something went wrong inside RVC Studio."))
    box.setInformativeText(
        translate(
            "Errors",
            "Your recordings and voices are saved. You can go on; "
            "if it happens again, copy the diagnostics into a report. Names and folders are taken out of them.",
        )
    )
    close = Button("bug.close", look="primary")
    close.setText(translate("Errors", "Go on"))
    copy = Button("bug.copy", icon="copy")
    copy.setText(translate("Errors", "Copy diagnostics"))
    copy.setParent(box)  # or it would go with this function
    box.addButton(copy, QMessageBox.ButtonRole.ActionRole)
    copy.clicked.disconnect()
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(diagnostics.report(trace)))
    return _closed_by(box, close)


def _closed_by(box: QMessageBox, button: Button) -> QMessageBox:
    """Give a dialog the button that return and escape press."""
    button.setParent(box)
    box.addButton(button, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(button)
    box.setEscapeButton(button)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if (layout := box.layout()) is not None:
        layout.setContentsMargins(24, 24, 24, 20)
    return box
