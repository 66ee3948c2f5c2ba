"""A line that shows how far some work is, and lets it be cancelled."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QProgressBar

from rvc.events import Event, Progress
from rvcstudio.tasks import Task
from rvcstudio.ui import amounts, formats
from rvcstudio.ui.widgets import Button, Label, row

QUICK_MS = 400  # work that ends sooner shows nothing


class ProgressStrip(QFrame):
    """What is being done, a bar, the time left, and a way out."""

    def __init__(self, name: str) -> None:
        super().__init__(objectName=name)
        self.setProperty("look", "well")
        self._task: Task | None = None
        self._text = Label("body")
        self._left = Label("caption")
        self._bar = QProgressBar(objectName=f"{name}.bar", textVisible=False)
        self._cancel = Button(f"{name}.cancel", self._stop, look="link")
        layout = row(self._text, self._bar, self._left, self._cancel, gap=12)
        layout.setStretch(1, 1)
        layout.setContentsMargins(14, 6, 8, 6)
        self.setLayout(layout)
        self._patience = QTimer(self, singleShot=True, interval=QUICK_MS)
        self._patience.timeout.connect(self.show)
        self.hide()

    def follow(self, task: Task, text: str) -> None:
        """Show a task's progress until it ends; feed its events to `hear`."""
        self._task = task
        self._text.setText(text)
        self._bar.setAccessibleName(text)
        self._bar.setRange(0, 0)
        self._left.setText("")
        self._cancel.setText(self.tr("Cancel"))
        self._cancel.setEnabled(True)
        task.ended.connect(self._end)
        self._patience.start()

    @property
    def is_busy(self) -> bool:
        return self._task is not None

    def hear(self, event: Event) -> None:
        """Show how far the task is."""
        if isinstance(event, Progress) and event.total:
            self._bar.setRange(0, event.total)
            self._bar.setValue(event.step)
            left = self.tr("{time} left").format(time=formats.clock(event.eta_s)) if event.eta_s else ""
            self._left.setText(" · ".join(part for part in (amounts.text(event), left) if part))

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._cancel.setEnabled(False)

    def _end(self) -> None:
        self._task = None
        self._patience.stop()
        self.hide()
