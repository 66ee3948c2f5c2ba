"""The page of notifications: what was told, and of what the user wants to hear."""

from functools import partial

from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtWidgets import QCheckBox, QWidget

from rvcstudio.notify import KINDS, SECTION, Kind, News, NotifySettings
from rvcstudio.ui import job_words
from rvcstudio.ui.page import Page
from rvcstudio.ui.widgets import Button, Card, EmptyState, IconLabel, Label, column, row

SHOWN = 100
ICONS: dict[Kind, tuple[str, str]] = {
    "started": ("play", "accent"),
    "done": ("good", "good"),
    "failed": ("bad", "bad"),
    "attention": ("warn", "warn"),
    "milestone": ("chart", "accent"),
}


class NotificationsPage(Page):
    """A list, the newest first; each opens its job."""

    def build(self) -> None:
        self._clear = Button("notifications.clear", self._forget, icon="trash")
        self.buttons.addWidget(self._clear)
        self._switches = {kind: QCheckBox(objectName=f"notifications.{kind}") for kind in ("quiet", *KINDS)}
        self._heading = Label("heading")
        self._explained = Label("caption", wrap=True)
        for kind, box in self._switches.items():
            box.clicked.connect(lambda on, kind=kind: self._switch(kind, on=on))
        first, *others = self._switches.values()
        self.body.addWidget(Card(self._heading, column(*others, gap=4), first, self._explained))
        self._list = column(gap=8)
        self._empty = EmptyState("bell", "notifications.empty")
        self.body.addLayout(self._list)
        self.body.addWidget(self._empty)
        self.body.addStretch(1)
        if self.studio.notifier is not None:
            self.studio.notifier.told.connect(self._come)
        self.add_shortcut("Escape", lambda: self.tr("Back to all jobs"), lambda: self.studio.go("jobs"))

    def retranslate(self) -> None:
        super().retranslate()
        self._clear.setText(self.tr("Clear"))
        self._heading.setText(self.tr("Tell me when"))
        texts = {
            "started": self.tr("a job starts"),
            "done": self.tr("a job is done"),
            "failed": self.tr("a job fails"),
            "attention": self.tr("a job needs attention"),
            "milestone": self.tr("a training has a new preview"),
            "quiet": self.tr("Quiet mode: tell it in the app only"),
        }
        for kind, text in texts.items():
            self._switches[kind].setText(text)
        self._explained.setText(
            self.tr("They also appear on your desktop, unless you are looking at the job or at all jobs.")
        )
        self._empty.say(
            self.tr("Nothing was told yet"), self.tr("What becomes of your jobs will be listed here.")
        )
        self.refresh()

    def shown(self) -> None:
        self.refresh()
        if self.studio.notifier is not None:
            self.studio.notifier.mark_read()

    def _come(self, _news: News) -> None:
        if self.isVisible():
            self.shown()

    def refresh(self) -> None:
        """Show what was told until now."""
        settings = self.studio.settings.section(SECTION, NotifySettings)
        for kind, box in self._switches.items():
            box.setChecked(getattr(settings, kind))
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        news = self.studio.notifier.history.news if self.studio.notifier else ()
        for number, one in enumerate(news[:SHOWN]):
            self._list.addWidget(self._card(number, one))
        self._empty.setVisible(not news)
        self._clear.setVisible(bool(news))

    def _card(self, number: int, news: News) -> QWidget:
        moment = QDateTime.fromSecsSinceEpoch(int(news.time.timestamp()))
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        name = Label("strong" if not news.read else "body", text=news.title)
        where = Label("caption", text=f"{job_words.computer(news.computer)} · {when}")
        told = row(
            IconLabel(*ICONS[news.kind]),
            column(name, Label("muted", wrap=True, text=news.text), gap=2),
            where,
        )
        told.setStretch(1, 1)
        card = Card(told, name=f"notifications.{number}", clickable=True)
        card.setAccessibleName(f"{news.title}. {news.text}")
        card.clicked.connect(partial(self.studio.go, "job", computer=news.computer, job=news.job))
        return card

    def _switch(self, kind: str, *, on: bool) -> None:
        if self.studio.notifier is not None:
            changed = self.studio.notifier.settings.model_copy(update={kind: on})
            self.studio.notifier.keep_settings(changed)

    def _forget(self) -> None:
        if self.studio.notifier is not None:
            self.studio.notifier.clear()
            self.refresh()
