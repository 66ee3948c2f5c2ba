"""What is on its way to other computers, with a way to stop it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from rvcstudio.hub import JobHub
from rvcstudio.ui import formats
from rvcstudio.ui.widgets import Button, Card, Label, column, row

if TYPE_CHECKING:
    from rvcstudio.remote.transfers import Transfer

LOOK_MS = 300
DETAIL = 1000  # steps of a bar


class SendingView(QWidget):
    """A card for each computer that something is sent to; hidden while there is none. Looks from `start` to `stop`."""

    def __init__(self, hub: JobHub, name: str) -> None:
        super().__init__(objectName=name)
        self._hub = hub
        self._cards: dict[str, SendingCard] = {}
        self._parts = column(gap=8)
        self.setLayout(self._parts)
        self.hide()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.refresh)

    def start(self) -> None:
        self.refresh()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def refresh(self) -> None:
        """Show how far everything is now."""
        now = self._hub.sendings()
        for computer in self._cards.keys() - now.keys():
            self._cards.pop(computer).deleteLater()
        for computer, transfer in now.items():
            if computer not in self._cards:
                name = f"{self.objectName()}.{computer}"
                card = self._cards[computer] = SendingCard(name, partial(self._hub.stop_sending, computer))
                self._parts.addWidget(card)
            self._cards[computer].show_transfer(computer, transfer)
        self.setVisible(bool(now))


class SendingCard(Card):
    """How much of what is sent to a computer has arrived there."""

    def __init__(self, name: str, stop: "partial[None]") -> None:
        super().__init__(name=name)
        self._text = Label("body", name=f"{name}.text", wrap=True)
        self._bar = QProgressBar(objectName=f"{name}.bar", textVisible=False, maximum=DETAIL)
        self._stop = Button(f"{name}.stop", stop, icon="stop")
        self.content.addLayout(head := row(self._text, self._stop))
        head.setStretch(0, 1)
        self.content.addWidget(self._bar)

    def show_transfer(self, computer: str, transfer: "Transfer") -> None:
        """Say how far it is."""
        self._stop.setText(self.tr("Stop"))
        done, total = formats.size(transfer.done), formats.size(transfer.total)
        text = self.tr(
            "Sending to {computer}: {done} of {total}. What has arrived is kept when it is stopped."
        )
        self._text.setText(text.format(computer=computer, done=done, total=total))
        self._bar.setAccessibleName(self._text.text())
        self._bar.setValue(round(DETAIL * transfer.fraction))
