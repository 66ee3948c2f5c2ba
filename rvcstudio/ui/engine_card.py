"""The engine in the settings: whether it is here, what installing it brings, and the way to do it."""

from PySide6.QtWidgets import QMessageBox, QProgressBar

from rvcstudio.studio import Studio
from rvcstudio.ui.findings import words
from rvcstudio.ui.widgets import Button, Card, IconLabel, Label, row


class EngineCard(Card):
    """Installs, repairs and removes the engine, with progress. It can be left and come back to meanwhile."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(name="settings.engine")
        self._studio, self._work = studio, studio.installing
        self._title, self._text = Label("heading"), Label("muted", wrap=True, name="settings.engine.text")
        self._light, self._state = (
            IconLabel("good", "good"),
            Label("strong", name="settings.engine.state", wrap=True),
        )
        self._notes = Label("caption", name="settings.engine.notes", wrap=True)
        self._bar = QProgressBar(objectName="settings.engine.bar", maximum=1000, textVisible=False)
        self._plan = Button("settings.engine.plan", self._work.plan, look="primary", icon="download")
        self._start = Button("settings.engine.start", self.start, look="primary", icon="download")
        self._repair = Button("settings.engine.repair", self.repair, icon="refresh")
        self._remove = Button("settings.engine.remove", self._ask_remove, look="link")
        self._stop = Button("settings.engine.stop", self._work.stop, look="link")
        state = row(self._light, self._state, gap=12)
        state.setStretch(1, 1)
        buttons = row(self._plan, self._start, self._repair, self._stop, self._remove, None)
        self.content.addWidget(self._title)
        self.content.addWidget(self._text)
        self.content.addLayout(state)
        self.content.addWidget(self._notes)
        self.content.addWidget(self._bar)
        self.content.addLayout(buttons)
        self._work.changed.connect(self.refresh)
        self._work.done.connect(self._tell_done)
        self._work.failed.connect(studio.fail)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Engine"))
        self._text.setText(
            self.tr(
                "It trains and converts on this computer. The right PyTorch for its GPU and driver is chosen, and a "
                "download that was cut goes on where it was."
            )
        )
        self._plan.setText(self.tr("Set up…"))
        self._repair.setText(self.tr("Check and repair"))
        self._remove.setText(self.tr("Remove…"))
        self._stop.setText(self.tr("Stop"))
        self._bar.setAccessibleName(self.tr("Engine"))
        self.refresh()

    def refresh(self) -> None:
        """Show what is known now."""
        here, state, size = self._work.is_installed, self._work.state, self._work.size
        busy = state in ("planning", "working")
        self._light.show_icon(*(("good", "good") if here else ("download", "muted")))
        self._state.setText(self._words(here))
        told = [words(finding) for finding in self._work.findings if finding["level"] != "ok"]
        self._notes.setText("\n".join(f"{text} {action}" for text, action in told))
        self._notes.setVisible(bool(told))
        self._bar.setVisible(busy)
        self._bar.setMaximum(0 if state == "planning" else 1000)
        self._bar.setValue(round(1000 * self._work.fraction))
        self._start.setText(self.tr("Install"))
        self._plan.setVisible(not busy and not here and state != "planned")
        self._start.setVisible(state == "planned" and size is not None and size.packages > 0)
        self._repair.setVisible(here and not busy)
        self._remove.setVisible(here and not busy)
        self._stop.setVisible(busy)

    def _words(self, here: bool) -> str:
        size = self._work.size
        match self._work.state:
            case "planning":
                return self.tr("Looking at this computer and asking what fits it…")
            case "working":
                return self.tr("At work: {percent} %").format(percent=round(100 * self._work.fraction))
            case "planned" if size is not None:
                return self.tr("{fetched} GB to download, about {disk} GB on the disk.").format(
                    fetched=size.fetched_gb, disk=size.disk_gb
                )
        return self.tr("It is installed.") if here else self.tr("It is not installed here.")

    def start(self) -> None:
        """Install what was planned."""
        self._studio.engine.close()  # no file of it may be in use
        self._work.start()

    def repair(self) -> None:
        """Compare every file, bring what is damaged, and try it."""
        self._studio.engine.close()
        self._work.start(repair=True)

    def _ask_remove(self) -> None:
        box = QMessageBox(self.window())
        box.setObjectName("engine")
        box.setText(self.tr("Remove the engine from this computer?"))
        box.setInformativeText(self.tr("Recordings, models and results stay. It can be installed again."))
        remove, keep = Button("engine.remove", look="danger"), Button("engine.keep")
        remove.setText(self.tr("Remove"))
        keep.setText(self.tr("Keep"))
        box.addButton(remove, QMessageBox.ButtonRole.AcceptRole)
        box.addButton(keep, QMessageBox.ButtonRole.RejectRole)
        box.exec()
        if box.clickedButton() is remove:
            self._studio.engine.close()
            self._work.undo()

    def _tell_done(self) -> None:
        if self._work.is_installed:
            self._studio.say(self.tr("The engine works."))
        else:
            self._studio.say(self.tr("The engine is removed."))
