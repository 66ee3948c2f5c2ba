"""What the doctor finds, as traffic lights with one action each. It looks in a process of its own."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from rvc.errors import Error
from rvcstudio.engine import EngineCommand
from rvcstudio.studio import Studio
from rvcstudio.ui.widgets import Busy, Button, IconLabel, Label, column, row
from rvcstudio.ui.widgets.text import Look

LIGHTS: dict[str, tuple[str, Look]] = {
    "ok": ("good", "body"),
    "warning": ("warn", "body"),
    "problem": ("bad", "body"),
}
ORDER = ("problem", "warning", "ok")
DOWNLOADS = ("asset_missing", "no_base")
SOUND = ("sound", "no_microphone", "no_output", "no_sound_package", "no_sound_system")
ALWAYS_SHOWN = ("machine", "gpu", "no_gpu", *SOUND)
"""What people want to know of a computer also where nothing is wrong with it."""
FOLDERS = ("disk_low", "disk_full", "not_writable")
RUN = "Run: "
SETUP = "rvc setup"


def words(finding: dict[str, Any]) -> tuple[str, str]:
    """Return a finding and what to do about it, in the user's language."""
    from rvc.doctor.finding import MEANINGS

    meaning = MEANINGS.get(finding["code"])
    if meaning is None:  # a newer engine
        return finding["text"], finding["action"]
    params = {name: _value(value) for name, value in finding["params"].items()}
    translate = QCoreApplication.translate
    text = translate("Finding", meaning.text).format(**params)
    action = translate("Finding", meaning.action).format(**params) if meaning.action else ""
    return text, action


def _value(value: Any) -> Any:
    return QCoreApplication.translate("Finding.value", value) if isinstance(value, str) and value else value


class FindingRow(QWidget):
    """A light, what was found, and the one thing to do."""

    def __init__(self, finding: dict[str, Any], number: int, action: Button | None) -> None:
        super().__init__()
        text, advice = words(finding)
        light, look = LIGHTS[finding["level"]]
        icon = IconLabel(light, light)
        icon.setAccessibleName(level_name(finding["level"]))
        told = column(Label(look, text=text, wrap=True, name=f"finding.{number}"), gap=2)
        if (
            advice and finding["level"] != "ok" and finding["code"] not in DOWNLOADS
        ):  # there the button says it
            told.addWidget(Label("caption", text=advice.removeprefix(RUN), wrap=True))
        layout = row(icon, told, gap=12)
        layout.setStretch(1, 1)
        if action is not None:
            layout.addWidget(action)
        self.setLayout(layout)


def level_name(level: str) -> str:
    """Return what a light says to those who do not see it."""
    translate = QCoreApplication.translate
    match level:
        case "ok":
            return translate("Findings", "Good")
        case "warning":
            return translate("Findings", "Could be better")
    return translate("Findings", "Prevents work")


def _is_news(finding: dict[str, Any]) -> bool:
    """Tell whether a finding is shown also where what is fine is folded away."""
    return finding["level"] != "ok" or finding["code"] in ALWAYS_SHOWN


class Findings(QWidget):
    """Runs the doctor and shows what it says, the worst first. `only` keeps to some codes."""

    ended = Signal()

    def __init__(
        self, studio: Studio, name: str, *, only: tuple[str, ...] = (), without: tuple[str, ...] = ()
    ) -> None:
        super().__init__(objectName=name)
        self._studio, self._only, self._without = studio, only, without
        self._findings: list[dict[str, Any]] = []
        self._command: EngineCommand | None = None
        self._busy = Busy()
        self._state = Label("muted", wrap=True)
        self._again = Button(f"{name}.again", self.look, look="link", icon="refresh")
        self._rows = column(gap=12)
        self._is_unfolded = False
        self._more = Button(f"{name}.more", self._unfold, look="link")
        state = row(self._state, self._again)
        state.setStretch(0, 1)
        self.setLayout(column(self._busy, state, self._rows, row(self._more, None), None, gap=10))
        self.retranslate()

    def retranslate(self) -> None:
        self._again.setText(self.tr("Check again"))
        self._show()

    def look(self) -> None:
        """Run the doctor, unless it is at work."""
        if self._command is not None:
            return
        self._findings = []
        folder = str(self._studio.library.folder)
        self._command = EngineCommand("doctor", "--folder", folder, parent=self)
        self._command.told.connect(self._take)
        self._command.done.connect(self._end)
        self._command.failed.connect(self._end)
        self._command.stopped.connect(self._end)
        self._command.start()
        self._busy.show()
        self._show()

    def _take(self, event: dict[str, Any]) -> None:
        code = event.get("code")
        if (
            event.get("event") == "finding"
            and (not self._only or code in self._only)
            and code not in self._without
        ):
            self._findings.append(event)
            self._show()

    def _end(self, outcome: Any = None) -> None:
        self._command = None
        self._busy.hide()
        if isinstance(outcome, Error) and outcome.code != "not_ready":
            self._studio.fail(outcome)
        self._show()
        self.ended.emit()

    def _show(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        worst = sorted(self._findings, key=lambda finding: ORDER.index(finding["level"]))
        shown = [finding for finding in worst if self._is_unfolded or _is_news(finding)]
        folded = len(worst) - len(shown)
        self._more.setText(self.tr("Show %n more that is fine", "", folded))
        self._more.setVisible(folded > 0)
        for number, finding in enumerate(shown):
            self._rows.addWidget(FindingRow(finding, number, self._action(finding, number)))
        self._again.setVisible(self._command is None and bool(self._findings))
        self._state.setText(self._verdict())

    def _unfold(self) -> None:
        """Show what is fine, too."""
        self._is_unfolded = True
        self._show()

    def _verdict(self) -> str:
        if self._command is not None:
            return self.tr("Looking at this computer. It takes some seconds…")
        levels = [finding["level"] for finding in self._findings]
        if "problem" in levels:
            return self.tr("Something prevents work here. You can still record, and use another computer.")
        if "warning" in levels:
            return self.tr("It works. What is yellow could be better.")
        return self.tr("All is well.") if levels else ""

    def _action(self, finding: dict[str, Any], number: int) -> Button | None:
        """Return a button that does what helps, where the app can do it."""
        if finding["level"] == "ok":
            return None
        name = f"{self.objectName()}.{number}"
        code, advice = finding["code"], words(finding)[1]
        if code in DOWNLOADS:
            return self._button(
                name, self.tr("Downloads…"), lambda: self._studio.go("settings", part="downloads")
            )
        if code in FOLDERS:
            return self._button(
                name, self.tr("Make room…"), lambda: self._studio.go("settings", part="storage")
            )
        if finding["level"] != "ok" and advice.removeprefix(RUN).startswith(SETUP):
            return self._button(name, self.tr("Set up…"), lambda: self._studio.go("settings", part="engine"))
        if advice.startswith(RUN):
            command = advice.removeprefix(RUN)
            return self._button(name, self.tr("Copy command"), lambda: self._copy(command))
        return None

    def _button(self, name: str, text: str, clicked: Callable[[], object]) -> Button:
        button = Button(f"{name}.action", clicked, look="link")
        button.setText(text)
        return button

    def _copy(self, command: str) -> None:
        QGuiApplication.clipboard().setText(command)
        self._studio.say(self.tr("Copied. Paste it into a terminal."))

    def stop(self) -> None:
        """Look no further."""
        if self._command is not None:
            self._command.stop()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
