"""A computer on the page of computers: how busy it is, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from rvcstudio.hub import HERE
from rvcstudio.remote.computers import Computer, View
from rvcstudio.ui import computers_words as words
from rvcstudio.ui import formats
from rvcstudio.ui.icons import icon
from rvcstudio.ui.widgets import Button, Card, IconLabel, Label, MenuButton, Notice, row
from rvcstudio.ui.widgets.blocks import column

SIGN_IN = ("secret_wanted", "sign_in_failed", "token_wanted", "unauthorised")
INSTALL = ("not_installed", "broken_environment", "does_not_start", "other_version")
DETAIL = 1000  # steps of a bar


class Meter(QWidget):
    """A share of something: its name, a value in words, and a bar below."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._value = Label("muted"), Label("body")
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._bar = QProgressBar(objectName=name, textVisible=False)
        self._bar.setRange(0, DETAIL)
        self._bar.setFixedHeight(6)
        head = row(self._name, self._value)
        head.setStretch(0, 1)
        self.setLayout(layout := column(head, self._bar, gap=4))
        layout.setContentsMargins(0, 0, 0, 0)

    def say(self, name: str, share: float, value: str) -> None:
        """Set what is shown; `share` is from 0 to 1."""
        self._name.setText(name)
        self._name.setToolTip(name)
        self._value.setText(value)
        self._bar.setValue(round(DETAIL * min(max(share, 0.0), 1.0)))
        self._bar.setAccessibleName(f"{name}: {value}")


class ComputerCard(Card):
    """One computer. `wanted` names what the user wants to do with it."""

    wanted = Signal(str)

    def __init__(self, computer: Computer) -> None:
        super().__init__(name=f"computers.card.{computer.id}")
        self.computer = computer
        here = computer.id == HERE
        self._name = Label("heading", text=words.title(computer), wrap=True)
        self._place = Label("muted", text=words.place(computer), wrap=True)
        self._chip = Label("chip")
        self._menu = MenuButton(f"{self.objectName()}.menu")
        head = row(
            IconLabel("computers" if here else "server", "accent", 28),
            column(self._name, self._place, gap=2),
            self._chip,
            *(() if here else (self._menu,)),
            gap=12,
        )
        head.setStretch(1, 1)
        self._meters = column(gap=10)
        self._shown: dict[str, Meter] = {}
        self._queue = Label("body", name=f"{self.objectName()}.queue", wrap=True)
        self._care = Label("caption", name=f"{self.objectName()}.care", wrap=True)
        self._update = Button(
            f"{self.objectName()}.update", lambda: self.wanted.emit("install"), look="link", icon="download"
        )
        self._act = Button(f"{self.objectName()}.act", lambda: self.wanted.emit(self._action))
        self._notice = Notice("warn", f"{self.objectName()}.notice", self._act)
        self._action = "retry"
        self.content.addLayout(head)
        self.content.addWidget(self._notice)
        self.content.addLayout(self._meters)
        self.content.addWidget(self._queue)
        self.content.addLayout(care := row(self._care, self._update))
        care.setStretch(0, 1)
        self.content.addStretch(1)

    def show_view(self, view: View, best: bool) -> None:
        """Show how the computer is now; `best`: of all, a job would be done here first."""
        text, look = words.state(view, best)
        self._chip.setText(text)
        self._chip.set_look(look)  # type: ignore[arg-type]
        self._show_load(view)
        self._care.setText(words.care(self.computer, view))
        self._care.setVisible(bool(self._care.text()))
        self._update.setText(self.tr("Update the agent…"))
        self._update.setVisible(view.state == "ready" and view.can_update)
        self._show_notice(view)
        self._fill_menu(view)
        self.setAccessibleName(f"{self._name.text()}. {text}. {self._queue.text()}")

    def _show_load(self, view: View) -> None:
        load = view.load if view.state == "ready" else None
        self._queue.setVisible(load is not None)
        shown: dict[str, tuple[str, float, str]] = {}
        if load is not None:
            self._place.setText(" · ".join(filter(None, (words.place(self.computer), load.system))))
            for number, gpu in enumerate(load.gpus):
                share = gpu.used_bytes / gpu.memory_bytes if gpu.memory_bytes else float(gpu.leased)
                value = words.of(gpu.used_bytes, gpu.memory_bytes) if gpu.memory_bytes else ""
                if gpu.load is not None:
                    value = f"{value} · {words.share(gpu.load)}"
                shown[f"gpu{number}"] = (gpu.name.removeprefix("NVIDIA "), share, value)
            shown["processors"] = (self.tr("Processor"), load.load, words.share(load.load))
            memory = words.of(load.used_bytes, load.memory_bytes)
            shown["memory"] = (self.tr("Memory"), load.used_bytes / max(load.memory_bytes, 1), memory)
            free = self.tr("{size} free").format(size=formats.size(load.free_bytes))
            shown["disk"] = (self.tr("Disk"), 1 - load.free_bytes / max(load.disk_bytes, 1), free)
            self._queue.setText(words.queue(view))
        if view.transfer is not None:
            moved = words.of(view.transfer.done, view.transfer.total)
            shown["transfer"] = (self.tr("Sending and fetching"), view.transfer.fraction, moved)
        self._show_meters(shown)

    def _show_meters(self, values: dict[str, tuple[str, float, str]]) -> None:
        if list(values) != list(self._shown):
            for old in self._shown.values():
                self._meters.removeWidget(old)
                old.deleteLater()
            self._shown = {key: Meter(f"{self.objectName()}.{key}") for key in values}
            for meter in self._shown.values():
                self._meters.addWidget(meter)
        for key, value in values.items():
            self._shown[key].say(*value)

    def _show_notice(self, view: View) -> None:
        trouble = view.state in ("away", "asks")
        self._notice.setVisible(trouble)
        if not trouble:
            return
        code = view.error.code if view.error else ""
        if code in SIGN_IN:
            self._action, text = "sign_in", self.tr("Sign in…")
        elif code in INSTALL and self.computer.agency == "own":
            self._action, text = "install", self.tr("Install…")
        else:
            self._action, text = "retry", self.tr("Try again")
        self._act.setText(text)
        self._notice.say(words.failure(view.error), "bad" if view.state == "asks" else "warn")

    def _fill_menu(self, view: View) -> None:
        if self._menu.list.isVisible():
            return  # not below the user's hand
        self._menu.say(self.tr("More for {name}").format(name=self.computer.name))
        self._menu.list.clear()
        ready, own = view.state == "ready", self.computer.agency == "own" and not view.is_joined
        offers = (
            ("adopt", "download", self.tr("Let the app look after the agent…"), ready and view.is_joined),
            ("notify", "bell", self.tr("E-mail and webhooks…"), ready),
            ("sent", "info", self.tr("What is sent, and how long it stays"), True),
            ("free", "disk", self.tr("Free space there"), ready and own),
            ("erase", "trash", self.tr("Delete everything of mine there…"), ready),
            ("uninstall", "minus", self.tr("Uninstall the agent…"), own and view.state != "away"),
            ("remove", "close", self.tr("Remove from RVC Studio"), True),
        )
        for name, picture, text, offered in offers:
            if offered:
                action = self._menu.list.addAction(icon(picture), text)
                action.setObjectName(f"{self.objectName()}.{name}")
                action.triggered.connect(lambda _checked=False, name=name: self.wanted.emit(name))
