"""The page of all jobs, on all computers."""

from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QTimer
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QSpinBox, QWidget

from rvcstudio.hub import Address
from rvcstudio.ui import job_commands, job_words
from rvcstudio.ui.icons import icon
from rvcstudio.ui.job_commands import JobCommands
from rvcstudio.ui.jobs_delegate import JobDelegate
from rvcstudio.ui.jobs_model import JobsModel
from rvcstudio.ui.page import Page
from rvcstudio.ui.sending import SendingView
from rvcstudio.ui.tokens import SPACE
from rvcstudio.ui.widgets import (
    Button,
    Choice,
    EmptyState,
    IconButton,
    Label,
    Notice,
    SearchField,
    Segments,
    row,
)

COUNT_DOWN_MS = 1000  # between repaints of the time left
ALL = ""
CURRENT, ENDED = "current", "ended"


class JobsPage(Page):
    """What runs, what waits and what has ended, with what can be asked of it."""

    scrolls = False

    def build(self) -> None:
        self._commands = JobCommands(self.studio, self)
        self._model = JobsModel(self.studio.jobs, self)
        self._bell = IconButton("jobs.notifications", "bell", lambda: self.studio.go("notifications"))
        self._train = Button("jobs.train", lambda: self.studio.go("train"), look="primary", icon="train")
        self._test = Button("jobs.test", lambda: self.studio.go("testing"), icon="chart")
        self.buttons.addWidget(self._bell)
        self.buttons.addWidget(self._test)
        self.buttons.addWidget(self._train)
        self._build_tools()
        self._build_list()
        self._build_actions()
        self._unreached = Notice("warn", "jobs.unreached")
        self._empty = EmptyState("jobs", "jobs.empty")
        self._sending = SendingView(self.studio.jobs, "jobs.sending")
        for part in (self._sending, self._tools, self._unreached, self._list, self._actions, self._empty):
            self.body.addWidget(part)
        self.body.setStretch(3, 1)
        self.body.addStretch(0)
        self._timer = QTimer(self, interval=COUNT_DOWN_MS)
        self._timer.timeout.connect(self._list.viewport().update)
        self._listen()

    def _build_tools(self) -> None:
        self._which = Segments("jobs.which", (CURRENT, ENDED))
        self._which.choose(CURRENT)
        self._search = SearchField("jobs.search")
        self._computer = Choice("jobs.computer")
        self._which.chosen.connect(lambda _ended: self._narrow())
        self._search.searched.connect(lambda _text: self._narrow())
        self._computer.chosen.connect(lambda _name: self._narrow())
        self._tools = QWidget()
        self._tools.setLayout(tools := row(self._which, self._search, self._computer, gap=3 * SPACE))
        tools.setStretch(1, 1)

    def _build_list(self) -> None:
        self._list = QListView(objectName="jobs.list", uniformItemSizes=True)
        self._list.setProperty("look", "cards")
        self._delegate = JobDelegate(self.studio.jobs)
        self._list.setModel(self._model)
        self._list.setItemDelegate(self._delegate)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setContextMenuPolicy(self._list.contextMenuPolicy().CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._show_menu)
        self._list.activated.connect(self._open_index)
        self._list.doubleClicked.connect(self._open_index)
        self._list.selectionModel().selectionChanged.connect(lambda *_: self._show_actions())

    def _build_actions(self) -> None:
        self._open_button = Button("jobs.open", self._open_selected, icon="eye")
        self._verbs: dict[str, Button | IconButton] = {}
        for verb in job_commands.VERBS:
            name, ask, picture = f"jobs.{verb}", partial(self._give, verb), job_commands.ICONS[verb]
            if verb in (job_commands.EARLIER, job_commands.LATER):
                self._verbs[verb] = IconButton(name, picture, ask)
            else:
                self._verbs[verb] = Button(
                    name, ask, look="danger" if verb == job_commands.REMOVE else "plain", icon=picture
                )
        self._priority = QSpinBox(objectName="jobs.priority", minimum=-10, maximum=10)
        self._priority.setKeyboardTracking(False)
        self._priority.valueChanged.connect(self._prioritise)
        self._priority_name = Label("muted")
        self._actions = QWidget()
        parts = (self._open_button, *self._verbs.values(), None, self._priority_name, self._priority)
        self._actions.setLayout(row(*parts))

    def _listen(self) -> None:
        hub = self.studio.jobs
        hub.came.connect(lambda _addresses: self._follow())
        hub.gone.connect(lambda _addresses: self._follow())
        hub.changed.connect(self._show_computers)
        hub.reached.connect(lambda *_: self._show_unreached())
        self.add_shortcut("Ctrl+F", lambda: self.tr("Search"), self._search.setFocus)
        self.add_shortcut("Del", lambda: self.tr("Delete"), partial(self._give, job_commands.REMOVE))
        self.add_shortcut("Return", lambda: self.tr("Open"), self._open_selected)

    def retranslate(self) -> None:
        super().retranslate()
        self._say_unread()
        self._train.setText(self.tr("Train a voice"))
        self._test.setText(self.tr("Test models"))
        self._which.say(self.tr("Which jobs"), (self.tr("Current"), self.tr("Ended")))
        self._search.say(self.tr("Search jobs"))
        self._computer.setAccessibleName(self.tr("Computer"))
        self._list.setAccessibleName(self.tr("Jobs"))
        self._open_button.setText(self.tr("Open"))
        self._priority_name.setText(self.tr("Priority"))
        self._priority.setAccessibleName(self.tr("Priority"))
        for verb, button in self._verbs.items():
            if isinstance(button, IconButton):
                button.say(job_commands.text(verb))
            else:
                button.setText(job_commands.text(verb))
        self._show_computers()
        self._follow()

    def shown(self) -> None:
        self._show_computers()
        self._say_unread()
        self._timer.start()
        self._sending.start()
        self._follow()

    def hidden(self) -> None:
        self._timer.stop()
        self._sending.stop()

    def open(self, **target: Any) -> None:
        """Show the jobs of a computer."""
        self._computer.choose(target.get("computer", ALL))
        self._narrow()

    def _say_unread(self) -> None:
        unread = self.studio.notifier.unread if self.studio.notifier else 0
        self._bell.say(self.tr("Notifications, %n new", "", unread) if unread else self.tr("Notifications"))
        self._bell.show_icon("bell", "accent" if unread else "")

    def _narrow(self) -> None:
        ended = self._which.value == ENDED
        self._model.narrow(self._search.text(), self._computer.currentData() or ALL, ended=ended)
        self._follow()

    def _follow(self) -> None:
        """Show what fits the jobs as they are now."""
        some = bool(self.studio.jobs.jobs())
        count = self._model.rowCount()
        self._tools.setVisible(some)
        self._list.setVisible(count > 0)
        self._empty.setVisible(count == 0)
        self._say_empty(some)
        self.say_subtitle(self._sum() if some else "")
        self._show_actions()

    def _say_empty(self, some: bool) -> None:
        if some and self._which.value == ENDED:
            self._empty.say(self.tr("Nothing has ended yet"), self.tr("Jobs that are done are listed here."))
        elif some:
            self._empty.say(self.tr("Nothing to do"), self.tr("Everything has ended: see “Ended”."))
        else:
            self._empty.say(
                self.tr("No jobs yet"),
                self.tr("Trainings, tests and conversions run here. They go on when the window is closed."),
            )

    def _sum(self) -> str:
        states = [str(job.state) for job in self.studio.jobs.jobs().values()]
        running = sum(state in ("running", "pausing") for state in states)
        parts = [
            self.tr("%n running", "", running),
            self.tr("%n waiting", "", states.count("queued")),
            self.tr("%n paused", "", states.count("paused")) if "paused" in states else "",
        ]
        return " · ".join(part for part in parts if part)

    def _show_computers(self) -> None:
        names = self.studio.jobs.computers()
        self._computer.offer(
            [(ALL, self.tr("All computers")), *((name, job_words.computer(name)) for name in names)]
        )
        self._computer.setVisible(len(names) > 1)
        self._show_unreached()

    def _show_unreached(self) -> None:
        lost = [name for name in self.studio.jobs.computers() if self.studio.jobs.error(name)]
        names = ", ".join(job_words.computer(name) for name in lost)
        self._unreached.say(self.tr("Not reached at the moment, trying again: {names}").format(names=names))
        self._unreached.setVisible(bool(lost))

    def selected(self) -> list[Address]:
        """Return the selected jobs from top to bottom."""
        rows = sorted(index.row() for index in self._list.selectionModel().selectedRows())
        return [self._model.address(row) for row in rows]

    def _show_actions(self) -> None:
        """Offer what can be asked of the selected jobs."""
        addresses = self.selected()
        jobs = [job for address in addresses if (job := self.studio.jobs.job(address))]
        offered = {verb for job in jobs for verb in job_commands.possible(job)}
        for verb, button in self._verbs.items():
            button.setVisible(verb in offered)
        self._actions.setVisible(self._model.rowCount() > 0)
        self._open_button.setVisible(bool(jobs))
        can_wait = len(jobs) == 1 and str(jobs[0].state) in ("queued", "paused")
        self._priority.setVisible(can_wait)
        self._priority_name.setVisible(can_wait)
        if can_wait and not self._priority.hasFocus():
            self._priority.blockSignals(True)
            self._priority.setValue(jobs[0].priority)
            self._priority.blockSignals(False)

    def _give(self, verb: str) -> None:
        self._commands.give(verb, self.selected())

    def _prioritise(self, priority: int) -> None:
        for address in self.selected():
            self._commands.prioritise(address, priority)

    def _open_index(self, index: QModelIndex) -> None:
        self._open(self._model.address(index.row()))

    def _open_selected(self) -> None:
        if addresses := self.selected():
            self._open(addresses[0])

    def _open(self, address: Address) -> None:
        self.studio.go("job", computer=address.computer, job=address.job)

    def _show_menu(self, place: QPoint) -> None:
        jobs = [job for address in self.selected() if (job := self.studio.jobs.job(address))]
        offered = {verb for job in jobs for verb in job_commands.possible(job)}
        menu = QMenu(self)
        for verb in job_commands.VERBS:
            if verb in offered:
                menu.addAction(
                    icon(job_commands.ICONS[verb]), job_commands.text(verb), partial(self._give, verb)
                )
        if not menu.isEmpty():
            menu.exec(self._list.viewport().mapToGlobal(place))
