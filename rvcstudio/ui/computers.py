"""The page of computers: this one, and others that work for the user."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from rvcstudio.hub import HERE
from rvcstudio.remote.agent import Me
from rvcstudio.remote.computers import Computer, View, least_busy
from rvcstudio.remote.reach import Reach
from rvcstudio.ui import computers_words as words
from rvcstudio.ui import formats
from rvcstudio.ui.computers_card import ComputerCard
from rvcstudio.ui.computers_dialog import ComputerDialog
from rvcstudio.ui.computers_install import InstallDialog
from rvcstudio.ui.computers_notifications import NotificationsDialog
from rvcstudio.ui.computers_sign_in import SignInDialog
from rvcstudio.ui.page import Page
from rvcstudio.ui.widgets import Button, EmptyState, FlowLayout

CARD_WIDTH = 380


class ComputersPage(Page):
    """A card for every computer, which shows how it is while the page is in front."""

    def build(self) -> None:
        self._add = Button("computers.add", self.add_computer, look="primary", icon="plus")
        self.buttons.addWidget(self._add)
        self._flow = FlowLayout(least_width=CARD_WIDTH)
        self._cards: dict[str, ComputerCard] = {}
        self._first = Button("computers.first", self.add_computer, icon="plus")
        self._empty = EmptyState("server", "computers.empty", self._first)
        self.body.addLayout(self._flow)
        self.body.addWidget(self._empty)
        self.body.addStretch(1)
        self.add_shortcut("Ctrl+N", lambda: self.tr("Add a computer"), self.add_computer)
        self.studio.computers.changed.connect(self._lay_out)
        self.studio.computers.seen.connect(lambda _id: self._show_views())

    def retranslate(self) -> None:
        super().retranslate()
        self.say_subtitle(self.tr("Where jobs run. Other computers go on while this one sleeps."))
        self._add.setText(self.tr("Add a computer…"))
        self._first.setText(self.tr("Add a computer…"))
        self._empty.say(
            self.tr("Use the GPU in the other room"),
            self.tr(
                "Any Linux computer or Mac that you reach over SSH can train and convert for you. Everything goes "
                "through that one connection; no port is opened to anybody."
            ),
        )
        self._lay_out()

    def shown(self) -> None:
        self.studio.computers.start_looking(self)

    def hidden(self) -> None:
        self.studio.computers.stop_looking(self)

    def open(self, **target: Any) -> None:
        if target.get("new"):
            self.add_computer()

    def _lay_out(self) -> None:
        """Make the cards anew."""
        self._flow.clear()
        others = self.studio.computers.all()
        self._cards = {}
        for computer in (Computer(id=HERE, name=HERE), *others):
            card = self._cards[computer.id] = ComputerCard(computer)
            card.wanted.connect(lambda deed, computer=computer: self._do(deed, computer))
            self._flow.addWidget(card)
            card.show()
        self._empty.setVisible(not others)
        self._show_views()
        self._flow.invalidate()

    def _show_views(self) -> None:
        views = {computer_id: self.studio.computers.view(computer_id) for computer_id in self._cards}
        best = least_busy(views) if len(views) > 1 else None
        for computer_id, card in self._cards.items():
            card.show_view(views[computer_id], computer_id == best)

    def add_computer(self) -> None:
        """Ask for another computer."""
        ComputerDialog(self.studio, self.window()).open()

    def _do(self, deed: str, computer: Computer) -> None:
        deeds: dict[str, Callable[[Computer], None]] = {
            "retry": self.studio.computers.try_again,
            "sign_in": self._sign_in,
            "install": self._install,
            "adopt": self._adopt,
            "notify": self._notify,
            "sent": self._tell_what_is_sent,
            "free": self._free,
            "erase": self._erase,
            "uninstall": self._uninstall,
            "remove": self._remove,
        }
        deeds[deed](computer)

    def _run(self, computer: Computer, work: Callable[[Reach], object], done: Callable[..., None]) -> None:
        """Do something with a computer, and say what came of it."""
        computers = self.studio.computers
        self.set_busy(True)

        def end(tell: Callable[..., None]) -> Callable[..., None]:
            def ended(value: object) -> None:
                self.set_busy(False)
                tell(value)
                computers.look()

            return ended

        reach = computers.reach(computer.id)
        computers.run(lambda _: work(reach), end(done), owner=self, failed=end(self.studio.fail))

    def _sign_in(self, computer: Computer) -> None:
        view = self.studio.computers.view(computer.id)
        SignInDialog(self.studio.computers, computer, view.error, self.window()).open()

    def _install(self, computer: Computer) -> None:
        reach = self.studio.computers.reach(computer.id)
        dialog = InstallDialog(self.studio.computers, reach, self.window())
        dialog.failed.connect(self.studio.fail)
        dialog.installed.connect(lambda: self._say(self.tr("The agent on {name} is up to date."), computer))
        dialog.open()

    def _adopt(self, computer: Computer) -> None:
        text = self.tr(
            "Replace the agent on {name}, which you started yourself, by one that the app looks after?"
        )
        box = self._box(
            computer,
            text.format(name=computer.name),
            self.tr("Replace it"),
            lambda: self._install(computer),
        )
        box.setInformativeText(
            self.tr(
                "The app installs its own, ends the one that runs, and goes on with the same jobs, uploads and users; "
                "running jobs go on. If something there starts the old one by itself, switch that off first."
            )
        )
        box.open()

    def _say(self, text: str, computer: Computer) -> None:
        self.studio.say(text.format(name=computer.name))
        self.studio.computers.look()

    def _notify(self, computer: Computer) -> None:
        reach = self.studio.computers.reach(computer.id)
        NotificationsDialog(self.studio, reach, self.window()).open()

    def _tell_what_is_sent(self, computer: Computer) -> None:
        def tell(me: Me | None) -> None:
            keeps = me.retention if me else None
            days = (keeps.blob_days, keeps.work_days, keeps.job_days) if keeps else words.DAYS
            box = self._box(computer, words.sent(computer.name, days))
            if me is not None:
                there = formats.size(me.job_bytes.used + me.blob_bytes.used)
                box.setInformativeText(self.tr("Now {size} of yours are there.").format(size=there))
            box.open()

        if self._view(computer).state == "ready":
            self._run(computer, lambda reach: reach.agent.me(), tell)
        else:
            tell(None)

    def _view(self, computer: Computer) -> View:
        return self.studio.computers.view(computer.id)

    def _box(
        self, computer: Computer, text: str, deed: str = "", do: Callable[[], None] | None = None
    ) -> QMessageBox:
        """Return a dialog about a computer; with `do` it asks before it does something for good."""
        box = QMessageBox(self.window(), objectName="computers.ask")
        box.setWindowTitle(computer.name)
        box.setText(text)
        close = Button("computers.ask.close", look="plain" if do else "primary")
        close.setText(self.tr("Cancel") if do else self.tr("Close"))
        buttons = [(close, QMessageBox.ButtonRole.RejectRole)]
        if do is not None:
            act = Button("computers.ask.do", do, look="danger")
            act.setText(deed)
            buttons.append((act, QMessageBox.ButtonRole.AcceptRole))
        for button, role in buttons:
            button.setParent(box)  # addButton alone leaves it to Python, which would delete it
            box.addButton(button, role)
        box.setDefaultButton(close)
        box.setEscapeButton(close)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return box

    def _free(self, computer: Computer) -> None:
        def tell(size: int) -> None:
            text = self.tr("{size} were freed on {name}.").format(size=formats.size(size), name=computer.name)
            self.studio.say(text)

        self._run(computer, lambda reach: reach.need_host().free(), tell)

    def _erase(self, computer: Computer) -> None:
        text = self.tr(
            "Delete all your jobs, recordings, models and uploads on {name}? Running jobs are cancelled."
        )
        box = self._box(
            computer,
            text.format(name=computer.name),
            self.tr("Delete everything there"),
            lambda: self._erase_now(computer),
        )
        box.setInformativeText(self.tr("What is in your library stays. This cannot be undone."))
        box.open()

    def _erase_now(self, computer: Computer) -> None:
        def tell(removed: list[str]) -> None:
            if removed:
                text = self.tr("Everything of yours on {name} was deleted.")
            else:
                text = self.tr("There was nothing of yours on {name}.")
            self._say(text, computer)

        self._run(computer, lambda reach: reach.agent.erase(), tell)

    def _uninstall(self, computer: Computer) -> None:
        text = self.tr("Remove the agent from {name}, with all jobs, models and uploads that are there?")
        box = self._box(
            computer,
            text.format(name=computer.name),
            self.tr("Uninstall"),
            lambda: self._uninstall_now(computer),
        )
        box.setInformativeText(self.tr("What is in your library stays. This cannot be undone."))
        box.open()

    def _uninstall_now(self, computer: Computer) -> None:
        def work(reach: Reach) -> None:
            if self._view(computer).state == "ready":
                reach.agent.erase()  # which ends the jobs
            reach.need_host().uninstall(data=True)

        def tell(_: object) -> None:
            self.studio.computers.remove(computer)
            self._say(self.tr("The agent was removed from {name}."), computer)

        self._run(computer, work, tell)

    def _remove(self, computer: Computer) -> None:
        computers = self.studio.computers
        computers.remove(computer)
        text = self.tr("{name} was removed here. Its agent and jobs go on.").format(name=computer.name)
        self.studio.say(text, lambda: computers.add(computer))
