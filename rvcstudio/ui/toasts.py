"""Short sentences at the window's lower edge, with a way back."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from rvcstudio.studio import Undo
from rvcstudio.ui.widgets import Button, Label, row

SHOWN_MS = 5000
SHOWN_WITH_UNDO_MS = 10000
MARGIN = 24


class Toast(QFrame):
    """One sentence, shown for some seconds; the pointer on it, or the focus in it, holds it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, objectName="toast")
        self._window = window
        self._text = Label("body", name="toast.text")
        self._back = Button("toast.undo", self._undo_now, look="link")
        self._undo: Undo | None = None
        layout = row(self._text, self._back, gap=16)
        layout.setContentsMargins(16, 10, 12, 10)
        self.setLayout(layout)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._leave)
        window.installEventFilter(self)
        self.hide()

    def say(self, text: str, undo: Undo | None) -> None:
        """Show a sentence in place of the one before."""
        self._undo = undo
        self._text.setText(text)
        self._back.setText(self.tr("Undo"))
        self._back.setVisible(undo is not None)
        self.setAccessibleName(text)
        self.show()
        self.raise_()
        self._place()
        self._timer.start(SHOWN_WITH_UNDO_MS if undo else SHOWN_MS)

    def undo(self) -> bool:
        """Take back what the sentence tells, and say whether there was a way."""
        if self._undo is None:
            return False
        self._undo_now()
        return True

    def _undo_now(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()

    def _leave(self) -> None:
        if self.underMouse() or self._back.hasFocus():
            self._timer.start(SHOWN_MS)
            return
        self._undo = None
        self.hide()

    def _place(self) -> None:
        window = self._window
        self.setMaximumWidth(window.width() - 2 * MARGIN)
        self.adjustSize()
        self.move((window.width() - self.width()) // 2, window.height() - self.height() - MARGIN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
