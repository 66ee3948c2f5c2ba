"""Pretrained files to fetch, as rows with a button each: in the settings, and at the first start."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFileDialog, QMessageBox, QProgressBar, QWidget

from rvcstudio.downloads import Pack
from rvcstudio.studio import Studio
from rvcstudio.ui import formats
from rvcstudio.ui.icons import pixmap
from rvcstudio.ui.widgets import Button, IconLabel, Label, column, row

FIRST = ("full", "base-40k", "small")


class DownloadList(QWidget):
    """The packs, the sum of what is missing, and "use files I have"."""

    def __init__(self, studio: Studio, name: str, *, only: tuple[str, ...] = ()) -> None:
        """Show all packs, or `only` some."""
        super().__init__(objectName=name)
        self._studio, self._only = studio, only
        self._rows: dict[str, PackRow] = {}
        self._list = column(gap=14)
        self._sum = Label("muted", wrap=True)
        self._all = Button(f"{name}.all", self.fetch_all, icon="download")
        self._have = Button(f"{name}.have", self._choose_folder, look="link", icon="folder")
        self.setLayout(column(self._list, row(self._all, self._have, self._sum, gap=12), gap=16))
        studio.downloads.changed.connect(self.refresh)
        studio.downloads.added.connect(self._tell_added)
        self.retranslate()
        studio.downloads.look()

    def retranslate(self) -> None:
        self._have.setText(self.tr("Use files I have…"))
        for pack_row in self._rows.values():
            pack_row.retranslate()
        self.refresh()

    def _shown(self) -> list[Pack]:
        return [pack for pack in self._studio.downloads.packs() if not self._only or pack.name in self._only]

    def refresh(self) -> None:
        """Show what is known now."""
        packs = self._shown()
        for pack in packs:
            if pack.name not in self._rows:
                self._rows[pack.name] = PackRow(pack.name, self._studio, self.objectName())
                self._list.addWidget(self._rows[pack.name])
            self._rows[pack.name].show_pack(pack)
        wanted = [pack for pack in packs if not pack.is_here and pack.page is None]
        size = formats.size(sum(pack.size for pack in wanted))
        self._all.setText(self.tr("Download all ({size})").format(size=size))
        self._all.setVisible(bool(wanted))
        self._all.setEnabled(any(pack.fraction is None for pack in wanted))
        self._sum.setText("" if wanted or not packs else self.tr("Everything is here."))

    def fetch_all(self) -> None:
        """Fetch everything that needs no word about its licence."""
        for pack in self._shown():
            if not pack.is_here and pack.page is None:
                self._studio.downloads.fetch(pack.name)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, self.tr("Folder with pretrained files, such as RVC's or Applio's")
        )
        if folder:
            self._studio.downloads.use([Path(folder)])
            self._studio.say(self.tr("Looking through the folder…"))

    def _tell_added(self, count: int) -> None:
        if self.isVisible():
            self._studio.say(self.tr("%n file(s) found and taken over.", "", count))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


class PackRow(QWidget):
    """One pack: what it is for, its size, and the button or the bar."""

    def __init__(self, pack: str, studio: Studio, name: str) -> None:
        super().__init__()
        self._name, self._studio = pack, studio
        self._pack: Pack | None = None
        self._icon = IconLabel("download")
        self._title, self._text = Label("strong"), Label("caption", wrap=True)
        self._bar = QProgressBar(objectName=f"{name}.{pack}.bar", maximum=1000, textVisible=False)
        self._size = Label("muted")
        self._fetch = Button(f"{name}.{pack}.fetch", self.fetch, look="link")
        self._stop = Button(f"{name}.{pack}.stop", partial(studio.downloads.stop, pack), look="link")
        text = column(self._title, self._text, self._bar, gap=2)
        layout = row(self._icon, text, self._size, self._fetch, self._stop, gap=12)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.retranslate()

    def retranslate(self) -> None:
        title, text = self._words()
        self._title.setText(title)
        self._text.setText(text)
        self._fetch.setText(self.tr("Download"))
        self._fetch.setAccessibleName(self.tr("Download {name}").format(name=title))
        self._stop.setText(self.tr("Stop"))
        self._stop.setAccessibleName(self.tr("Stop {name}").format(name=title))
        self._bar.setAccessibleName(title)

    def _words(self) -> tuple[str, str]:
        kind, _, rate = self._name.partition("-")
        rate = rate.replace("k", " kHz")
        match kind:
            case "full":
                return self.tr("Full models"), self.tr("For RVC V2 models of your own and of the community.")
            case "small":
                return self.tr("Small encoder"), self.tr(
                    "Another choice for light models that run without a GPU."
                )
            case "base":
                return (
                    self.tr("Base at {rate}").format(rate=rate),
                    self.tr("Full models that start from it need minutes of speech instead of hours."),
                )
        names = {"titan": "TITAN", "ov2super": "Ov2Super", "klm": "KLM 4.1"}
        return (
            self.tr("{name} at {rate}").format(name=names[kind], rate=rate),
            self.tr("A base made by the community. Its licence is for you to read first."),
        )

    def show_pack(self, pack: Pack) -> None:
        self._pack = pack
        running = pack.fraction is not None
        self._icon.show_icon(*(("good", "good") if pack.is_here else ("download", "muted")))
        self._bar.setVisible(running)
        self._bar.setValue(round((pack.fraction or 0.0) * 1000))
        self._text.setVisible(not running)
        self._size.setText(self._state(pack))
        self._fetch.setVisible(not pack.is_here and not running)
        self._stop.setVisible(running)

    def _state(self, pack: Pack) -> str:
        if pack.is_here:
            return self.tr("Here")
        if pack.fraction is not None:
            return f"{pack.fraction:.0%}"
        return formats.size(pack.size) if pack.size else self.tr("Size not known")

    def fetch(self) -> None:
        """Fetch the pack, after a word about its licence where nobody knows it."""
        if self._pack is None:
            return
        if self._pack.page is None or self._agreed(self._pack.page):
            self._studio.downloads.fetch(self._name)

    def _agreed(self, page: str) -> bool:
        box = QMessageBox(self.window())
        box.setObjectName("licence")
        box.setIconPixmap(pixmap("info", "accent", 40))
        box.setText(self.tr("Have you read the licence of {name}?").format(name=self._title.text()))
        box.setInformativeText(self.tr("RVC Studio does not know it. It is at {page}").format(page=page))
        agree, back = Button("licence.agree", look="primary"), Button("licence.back")
        agree.setText(self.tr("I accept it"))
        back.setText(self.tr("Not now"))
        box.addButton(agree, QMessageBox.ButtonRole.AcceptRole)
        box.addButton(back, QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is agree
