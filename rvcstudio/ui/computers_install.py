"""Shows how the agent is installed on a computer, and lets the user stop it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QProgressBar, QWidget

from rvc.events import Event, Log, Progress, Reporter
from rvcstudio.remote.computers import Computers
from rvcstudio.remote.reach import Reach
from rvcstudio.tasks import Task
from rvcstudio.ui import formats
from rvcstudio.ui.widgets import Button, Label, column, row

SHARES = {"fetch": (0.0, 0.2), "send": (0.2, 0.3), "install": (0.3, 0.95)}  # of the bar, by phase
DETAIL = 1000
LOG_LINES = 400


def install(reach: Reach, python: str, reporter: Reporter) -> None:
    """Send the program, with its packages where that computer reaches no network, install it, and start the agent.

    An agent that the user has started gives way to it.
    """
    from rvcstudio.remote.bundle import make_bundle
    from rvcstudio.remote.wheels import fetch_wheels

    host = reach.need_host()
    bundle, probe, wheels = make_bundle(), host.probe(), None
    if not probe.network and not python:
        there = probe.python.rpartition(" ")[2] or "3.11"
        wheels = fetch_wheels(bundle.requirements, there, probe.machine, probe.libc, reporter)
    host.install(bundle, reporter, python=python, wheels=wheels)
    reporter.log("install_step", "start")
    if probe.running == "":
        host.stop()
    host.start()
    reach.try_again()


class Installing(QWidget):
    """The installation on its way: a bar, what is done now, and the log."""

    done = Signal()
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, computers: Computers) -> None:
        super().__init__()
        self._computers = computers
        self._task: Task | None = None
        self._step = Label("strong", name="install.step")
        self._detail = Label("caption", name="install.detail")
        self._bar = QProgressBar(objectName="install.bar", textVisible=False)
        self._bar.setRange(0, DETAIL)
        self._log = QPlainTextEdit(objectName="install.log", readOnly=True)
        self._log.setMaximumBlockCount(LOG_LINES)
        self._log.setMinimumHeight(150)
        self._log.setAccessibleName(self.tr("What the installation says"))
        self._bar.setAccessibleName(self.tr("Progress of the installation"))
        self.setLayout(layout := column(self._step, self._bar, self._detail, self._log, gap=10))
        layout.setContentsMargins(0, 0, 0, 0)

    def start(self, reach: Reach, python: str = "") -> None:
        """Begin; one of the signals comes last."""
        self._bar.setValue(0)
        self._log.clear()
        self._say_step("prepare")
        self._task = self._computers.run(
            lambda reporter: install(reach, python, reporter),
            lambda _: self.done.emit(),
            owner=self,
            failed=self.failed.emit,
            progress=self._hear,
            cancelled=lambda _: self.cancelled.emit(),
        )

    def stop(self) -> None:
        """Stop at the next line; what is there is kept for the next time."""
        if self._task is not None:
            self._task.cancel()

    def _hear(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._show_progress(event)
        elif isinstance(event, Log) and event.code == "install_step":
            self._say_step(event.text)
        elif isinstance(event, Log):
            self._log.appendPlainText(event.text)

    def _show_progress(self, event: Progress) -> None:
        first, last = SHARES.get(event.phase, (0.0, 1.0))
        part = event.step / event.total if event.total else 0.0
        self._bar.setValue(round(DETAIL * (first + (last - first) * part)))
        if event.phase != "install":
            self._say_step(event.phase)
        sent = event.phase == "send"
        text = self.tr("{done} of {total}").format(
            done=formats.size(event.step), total=formats.size(event.total)
        )
        self._detail.setText(text if sent else "")

    def _say_step(self, step: str) -> None:
        texts = {
            "prepare": self.tr("Looking at the computer"),
            "fetch": self.tr("Fetching packages here, as that computer reaches no network"),
            "send": self.tr("Sending the program"),
            "unpack": self.tr("Unpacking"),
            "environment": self.tr("Installing packages there: some minutes, up to 6 GB"),
            "check": self.tr("Checking that everything is there"),
            "finish": self.tr("Finishing"),
            "start": self.tr("Starting the agent"),
        }
        self._step.setText(texts.get(step, step))
        if step == "start":
            self._bar.setValue(round(DETAIL * SHARES["install"][1]))


class InstallDialog(QDialog):
    """Installs or updates the agent of a computer that was added already. Running jobs go on."""

    installed = Signal()
    failed = Signal(object)

    def __init__(self, computers: Computers, reach: Reach, parent: QWidget) -> None:
        super().__init__(parent, objectName="install")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._installing = Installing(computers)
        self._stop = Button("install.stop", self._installing.stop, icon="stop")
        self._text = Label("muted", wrap=True)
        layout = column(self._text, self._installing, row(None, self._stop), gap=16)
        layout.setContentsMargins(28, 26, 28, 22)
        self.setLayout(layout)
        self.setMinimumWidth(560)
        self.setWindowTitle(self.tr("Agent on {name}").format(name=reach.computer.name))
        self._text.setText(self.tr("Jobs that run there go on with the version that they began with."))
        self._stop.setText(self.tr("Stop"))
        self._installing.done.connect(self._finish)
        self._installing.failed.connect(self._fail)
        self._installing.cancelled.connect(self.reject)
        self._installing.start(reach)

    def _finish(self) -> None:
        self.accept()
        self.installed.emit()

    def _fail(self, error: object) -> None:
        self.reject()
        self.failed.emit(error)

    def done(self, result: int) -> None:
        """Close, by whatever key or button; what is under way is stopped."""
        self._installing.stop()
        super().done(result)
