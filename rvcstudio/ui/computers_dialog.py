"""Adds a computer, step by step: where it is, whether it is the right one, what is there, and the agent."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QScrollArea, QStackedWidget, QWidget

from rvc.errors import Error
from rvcstudio.remote.agent import Me
from rvcstudio.remote.computers import Computer
from rvcstudio.remote.deploy import Probe
from rvcstudio.remote.reach import Reach
from rvcstudio.remote.refusals import SecretWanted, UnknownHost
from rvcstudio.studio import Studio
from rvcstudio.ui import computers_words as words
from rvcstudio.ui import formats
from rvcstudio.ui.computers_form import ComputerForm
from rvcstudio.ui.computers_install import Installing
from rvcstudio.ui.widgets import Busy, Button, Field, Label, Notice, column, row

WIDTH, HEIGHT = 600, 640


class ComputerDialog(QDialog):
    """Makes a computer known to the app. Nothing is kept before its last step."""

    added = Signal(object)

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent, objectName="computer")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._studio = studio
        self._reach: Reach | None = None
        self._refusal: UnknownHost | None = None
        self._kept = False
        self._build()
        self._say()
        self.resize(WIDTH, min(HEIGHT, parent.height() - 40))
        self.show_form()

    def _build(self) -> None:
        self._title = Label("title", name="computer.title", wrap=True)
        self._text = Label("muted", name="computer.text", wrap=True)
        self._busy = Busy()
        self._notice = Notice("bad", "computer.notice")
        self._form = ComputerForm()
        self._form.changed.connect(self._follow)
        self._facts = Label("body", name="computer.facts", wrap=True)
        self._fingerprint = QLineEdit(objectName="computer.fingerprint", readOnly=True)
        self._fingerprint_field = Field(self._fingerprint, explained=True)
        self._sent = Notice("info", "computer.sent")
        self._python = QLineEdit(objectName="computer.python")
        self._python_field = Field(self._python, explained=True)
        self._installing = Installing(self._studio.computers)
        self._installing.done.connect(self._join)
        self._installing.failed.connect(self._fail)
        self._installing.cancelled.connect(lambda: self._probe())
        self._panes = QStackedWidget()
        self._found = QWidget()
        self._found.setLayout(column(self._facts, self._sent, self._python_field, None, gap=16))
        self._asking = QWidget()
        self._asking.setLayout(column(self._fingerprint_field, None, gap=16))
        self._waiting = QWidget()
        self._places: dict[QWidget, int] = {}
        for pane in (self._form, self._asking, self._found, self._installing, self._waiting):
            self._places[pane] = self._panes.addWidget(pane if pane is self._installing else _scrolled(pane))
        self._cancel = Button("computer.cancel", self.reject)
        self._back = Button("computer.back", self.show_form, icon="arrow-left")
        self._next = Button("computer.next", self._go_on, look="primary")
        self._next.setDefault(True)
        self._step = self._connect
        layout = column(
            self._title,
            self._text,
            self._busy,
            self._notice,
            self._panes,
            row(self._back, None, self._cancel, self._next),
            gap=14,
        )
        layout.setStretch(4, 1)
        layout.setContentsMargins(28, 26, 28, 22)
        self.setLayout(layout)

    def _say(self) -> None:
        self.setWindowTitle(self.tr("Add a computer"))
        self._cancel.setText(self.tr("Cancel"))
        self._back.setText(self.tr("Back"))
        self._fingerprint_field.say(
            self.tr("Its key"),
            self.tr(
                "Compare it with what this says on that computer: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub "
                "(or the file of its kind)."
            ),
        )
        self._fingerprint.setAccessibleName(self.tr("Fingerprint"))
        self._python_field.say(
            self.tr("Python there, if it has all packages already"),
            self.tr("Usually left empty: then an environment of its own is made, without root."),
        )

    def _show(
        self, pane: QWidget | None, title: str, text: str, button: str = "", *, busy: bool = False
    ) -> None:
        """Show a step: what it is, what it says, and the button that goes on."""
        self._panes.setCurrentIndex(self._places[pane or self._waiting])
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._busy.setVisible(busy)
        self._notice.hide()
        installs = pane is self._installing
        self._back.setVisible(pane is not self._form and not busy and not installs)
        self._cancel.setVisible(not installs)
        self._next.setText(button)
        self._next.setVisible(bool(button))
        self._next.setEnabled(True)
        self._next.setDefault(not installs)  # a second Enter must not stop what the first began
        if installs:
            self._installing.setFocus()
        elif pane is not self._form:
            self._next.setFocus()

    def show_form(self) -> None:
        """Ask where the computer is."""
        self._drop()
        self._step = self._connect
        text = self.tr("It works for you while this computer sleeps. It needs no screen, only SSH.")
        self._show(self._form, self.tr("Add a computer"), text, self.tr("Connect"))
        self._follow()

    def _follow(self) -> None:
        if self._step == self._connect:
            self._next.setEnabled(self._form.is_complete)

    def _go_on(self) -> None:
        self._step()

    def _connect(self) -> None:
        """Reach the computer with what was typed in."""
        form, computers = self._form, self._studio.computers
        try:
            computer = computers.new(
                form.name, form.agency, address=form.address(), port=form.agent_port, url=form.url
            )
        except Error as error:
            self._complain(error)
            return
        if form.password:
            computers.secrets.keep(computer.password, form.password)
        if form.token:
            computers.secrets.keep(computer.token, form.token)
        self._reach = Reach(computer, computers.secrets)
        self._probe()

    @property
    def _computer(self) -> Computer:
        assert self._reach is not None
        return self._reach.computer

    def _probe(self) -> None:
        """Look at the computer, or at the agent of somebody else."""
        reach = self._reach
        assert reach is not None
        text = self.tr("This takes a few seconds.")
        self._show(None, self.tr("Connecting to {name}").format(name=reach.computer.name), text, busy=True)
        if reach.computer.agency == "own":
            self._run(lambda: reach.need_host().probe(), self._offer)
        else:
            self._join()

    def _run(self, work, done) -> None:  # type: ignore[no-untyped-def]
        self._studio.computers.run(lambda _: work(), done, owner=self, failed=self._fail)

    def _fail(self, error: BaseException) -> None:
        """Ask what the computer needs, or say why it did not work."""
        if isinstance(error, UnknownHost):
            self._ask(error)
        elif isinstance(error, SecretWanted):
            self.show_form()
            self._complain(error)
            self._form.ask_for_secret()
        elif isinstance(error, Error):
            installing = self._panes.currentIndex() == self._places[self._installing]
            self._step = self._install if installing else self._retry
            title = self.tr("It did not work")
            self._show(None, title, "", self.tr("Try again"))
            self._complain(error)
        else:
            self.reject()
            self._studio.fail(error)

    def _retry(self) -> None:
        assert self._reach is not None
        self._reach.try_again()
        self._probe()

    def _complain(self, error: Error) -> None:
        self._notice.say(words.failure(error), "bad")
        self._notice.show()

    def _ask(self, refusal: UnknownHost) -> None:
        """Show the key of a computer that is not known yet."""
        self._refusal, self._step = refusal, self._accept
        self._fingerprint.setText(f"{refusal.fingerprint} ({refusal.key.get_name()})")
        self._fingerprint.setCursorPosition(0)
        self._show(
            self._asking,
            self.tr("Is this the right computer?"),
            self.tr(
                "{name} is not known yet. Its key tells it from others; the app remembers it, and refuses "
                "to connect when it changes."
            ).format(name=refusal.hop.host),
            self.tr("It is: connect"),
        )

    def _accept(self) -> None:
        assert self._reach is not None
        assert self._reach.line is not None
        assert self._refusal is not None
        self._reach.line.accept(self._refusal)
        self._probe()

    def _offer(self, probe: Probe) -> None:
        """Say what the computer has, and what would be done there."""
        name = self._computer.name
        runs = probe.running is not None
        self._facts.setText(self._list_facts(probe))
        self._sent.say(words.sent(name))
        self._python_field.setVisible(not runs)
        if not probe.supported:
            self._show(self._found, self.tr("{name} cannot be used").format(name=name), "")
            text = self.tr("Agents run on Linux and macOS; this computer has {system}.")
            self._notice.say(text.format(system=probe.system), "bad")
            self._notice.show()
        elif runs:
            self._step = self._join
            text = self.tr("An agent runs there already, and is used as it is.")
            self._show(self._found, self.tr("{name} is ready").format(name=name), text, self.tr("Add"))
        else:
            self._step = self._install
            text = self.tr(
                "The agent is installed into {folder} and does the work while you are logged out. No root is needed."
            ).format(folder=probe.root)
            self._show(self._found, self.tr("{name} can be used").format(name=name), text, self.tr("Install"))

    def _list_facts(self, probe: Probe) -> str:
        gpus = "\n".join(probe.gpus) or self.tr("No GPU was found: training takes much longer.")
        free = self.tr("{size} free on the disk").format(size=formats.size(probe.free_bytes))
        network = (
            self.tr("Packages come from the network: 1.5 GB, with a GPU up to 6 GB.")
            if probe.network
            else self.tr("It reaches no packages: they are fetched here and sent.")
        )
        lines = [f"{probe.system} {probe.machine}", gpus, free]
        return "\n".join([*lines, network] if probe.running is None else lines)

    def _install(self) -> None:
        assert self._reach is not None
        self._step = self._stop
        title = self.tr("Installing on {name}").format(name=self._computer.name)
        text = self.tr("You can stop and go on later: what is there is kept.")
        self._show(self._installing, title, text, self.tr("Stop"))
        self._installing.start(self._reach, self._python.text().strip())

    def _stop(self) -> None:
        self._next.setEnabled(False)
        self._installing.stop()

    def _join(self) -> None:
        """Talk to the agent."""
        reach = self._reach
        assert reach is not None
        title = self.tr("Connecting to {name}").format(name=self._computer.name)
        self._show(None, title, self.tr("This takes a few seconds."), busy=True)

        def meet() -> Me:
            reach.agent.health()
            return reach.agent.me()

        self._run(meet, self._finish)

    def _finish(self, me: Me) -> None:
        """Keep the computer, and say what its own rules are."""
        assert self._reach is not None
        self._kept = True
        self._studio.computers.add(self._computer, self._reach)
        days = (me.retention.blob_days, me.retention.work_days, me.retention.job_days)
        self._sent.say(words.sent(self._computer.name, days))
        self._facts.setText("")
        self._python_field.hide()
        self._step = self.accept
        title = self.tr("{name} was added").format(name=self._computer.name)
        lasting = self._studio.computers.secrets.lasting
        text = (
            ""
            if lasting
            else self.tr("This system has no keyring: passwords and tokens are asked for again.")
        )
        self._show(self._found, title, text, self.tr("Done"))
        self._back.hide()
        self._cancel.hide()
        self.added.emit(self._computer)

    def _drop(self) -> None:
        """Forget a computer that was not added."""
        if self._reach is None or self._kept:
            return
        reach, secrets = self._reach, self._studio.computers.secrets
        self._reach = None
        secrets.forget(reach.computer.password)
        secrets.forget(reach.computer.token)
        self._studio.computers.run(lambda _: reach.close(), lambda _: None)

    def done(self, result: int) -> None:
        """Close, by whatever key or button; what was not added is forgotten."""
        self._installing.stop()
        self._drop()
        super().done(result)


def _scrolled(pane: QWidget) -> QScrollArea:
    """Let a pane scroll where the window is small."""
    area = QScrollArea(objectName="computer.scroll", widgetResizable=True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    pane.setObjectName("scrolled")
    area.setWidget(pane)
    return area
