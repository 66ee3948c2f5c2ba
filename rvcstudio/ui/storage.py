"""What takes room on the disk, with a button to free each of it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

from rvc.events import Reporter
from rvcstudio import storage
from rvcstudio.storage import Area
from rvcstudio.studio import Studio
from rvcstudio.ui import formats
from rvcstudio.ui.widgets import Button, Label, column, row

FREE_WIDTH = 96  # px


class StorageList(QWidget):
    """Areas with their sizes. What can come back by itself is freed at once; nothing else has a button."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(objectName="settings.storage")
        self._studio = studio
        self._areas: dict[str, Area] = {}
        self._rows = {name: AreaRow(name, partial(self.free, name)) for name in storage.AREAS}
        self._rows["bin"].add_way(lambda: studio.go("bin"))
        self._disk = Label("muted")
        self.setLayout(column(*self._rows.values(), self._disk, gap=10))
        self.retranslate()

    def retranslate(self) -> None:
        words = {
            "takes": (self.tr("Takes"), self.tr("Your recordings.")),
            "models": (self.tr("Models"), self.tr("Trained and imported voices.")),
            "conversions": (self.tr("Conversions"), self.tr("Results that are kept in the library.")),
            "bin": (
                self.tr("Deleted things"),
                self.tr("They can come back until you move them to the system's bin."),
            ),
            "downloads": (self.tr("Downloads"), self.tr("Pretrained files, which can be downloaded again.")),
            "features": (self.tr("Prepared recordings"), self.tr("Made again when they are needed.")),
            "peaks": (self.tr("Waveforms"), self.tr("Made again when they are needed.")),
            "jobs": (
                self.tr("Jobs"),
                self.tr("Checkpoints of trainings that have ended are freed; results stay."),
            ),
            "logs": (self.tr("Logs"), self.tr("Never more than a few megabytes.")),
        }
        for name, area_row in self._rows.items():
            area_row.say(*words[name])
        self._show_sizes()

    def refresh(self) -> None:
        """Measure in the background."""
        library = self._studio.library
        self._studio.tasks.run(
            lambda reporter: (storage.measure(library, reporter), storage.free_disk(library)),
            self._know,
            owner=self,
        )

    def _know(self, found: tuple[list[Area], int]) -> None:
        areas, self._free = found
        self._areas = {area.name: area for area in areas}
        self._show_sizes()

    def _show_sizes(self) -> None:
        for name, area in self._areas.items():
            self._rows[name].show_area(area)
        if self._areas:
            self._disk.setText(self.tr("{size} are free on this disk.").format(size=formats.size(self._free)))

    def free(self, name: str) -> None:
        """Free an area in the background."""
        free = self._areas[name].free
        if free is None:
            return
        self._rows[name].set_busy()

        def work(reporter: Reporter) -> int:
            return free(reporter)

        self._studio.tasks.run(work, partial(self._freed, name), owner=self, failed=self._could_not)

    def _freed(self, name: str, left: int) -> None:
        if name == "bin" and left:
            self._studio.say(self.tr("%n thing(s) could not be moved to the bin and stay.", "", left))
        else:
            self._studio.say(self.tr("Done."))
        self.refresh()

    def _could_not(self, error: BaseException) -> None:
        self.refresh()
        self._studio.fail(error)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


class AreaRow(QWidget):
    """One area: what it is, its size, and the button that frees as much as it says."""

    def __init__(self, name: str, free: partial[None]) -> None:
        super().__init__(objectName=f"settings.storage.{name}")
        self._name, self._text = Label("strong"), Label("caption", wrap=True)
        self._size = Label("body", text="…")
        self._size.setMinimumWidth(80)
        self._size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._way: Button | None = None
        self._free = Button(f"settings.storage.{name}.free", free, look="link")
        self._free.setMinimumWidth(FREE_WIDTH)
        policy = self._free.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._free.setSizePolicy(policy)
        self._free.hide()
        self._row = row(column(self._name, self._text, gap=0), self._size, self._free, gap=12)
        self._row.setStretch(0, 1)
        self.setLayout(self._row)

    def add_way(self, go: Callable[[], object]) -> None:
        """Add a button that leads to what is in the area."""
        self._way = Button(f"{self.objectName()}.show", go, look="link")
        self._row.insertWidget(1, self._way)

    def say(self, name: str, text: str) -> None:
        self._name.setText(name)
        self._text.setText(text)
        if self._way is not None:
            self._way.setText(self.tr("Show"))
            self._way.setAccessibleName(self.tr("Show {name}").format(name=name))

    def show_area(self, area: Area) -> None:
        self._size.setText(formats.size(area.size))
        amount = formats.size(area.freeable)
        self._free.setText(self.tr("Free {size}").format(size=amount) if area.freeable else self.tr("Free"))
        self._free.setAccessibleName(f"{self._free.text()}: {self._name.text()}")
        self._free.setVisible(area.free is not None)
        self._free.setEnabled(area.freeable > 0)

    def set_busy(self) -> None:
        self._size.setText("…")
        self._free.setEnabled(False)
