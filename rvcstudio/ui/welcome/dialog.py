"""The dialog of the first start, and the way through it."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QStackedWidget, QWidget

from rvcstudio.studio import Studio
from rvcstudio.ui.welcome.steps import STEPS, Step
from rvcstudio.ui.widgets import Button, IconLabel, Label, column, row, scrolled


class Welcome(QDialog):
    """Goes through the steps. It can be left at any moment, and comes back from the settings only."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent, objectName="welcome")
        self._studio = studio
        self._steps: list[Step] = [make(studio) for make in STEPS]
        self._stack = QStackedWidget(objectName="welcome.steps")
        for step in self._steps:
            self._stack.addWidget(scrolled(column(step, None)))
        self._dots = Label("caption", name="welcome.place")
        self._title, self._text = Label("title", wrap=True), Label("muted", wrap=True)
        self._icon = IconLabel("app", "accent", 40)
        self._skip = Button("welcome.skip", self.reject, look="link")
        self._back = Button("welcome.back", lambda: self.show_step(self.number - 1))
        self._next = Button("welcome.next", self._go_on, look="primary")
        self._arrange()
        self.number = 0
        self.show_step(0)
        studio.wanted.connect(lambda _page, _target: self.reject())

    def _arrange(self) -> None:
        head = row(self._icon, column(self._title, self._text, gap=4), gap=16)
        head.setStretch(1, 1)
        head.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        layout = column(
            head, 8, self._stack, row(self._skip, None, self._dots, self._back, self._next, gap=12), gap=12
        )
        layout.setContentsMargins(36, 32, 36, 24)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.resize(QSize(760, 600).boundedTo(self.screen().availableSize()))
        self.setMinimumSize(480, 360)

    def show_step(self, number: int) -> None:
        """Show one of the steps, counted from 0."""
        self._steps[self.number].hidden()
        self.number = number
        self._stack.setCurrentIndex(number)
        self._say()
        self._next.setFocus()
        self._steps[number].shown()

    def _go_on(self) -> None:
        if self.number + 1 < len(self._steps):
            self.show_step(self.number + 1)
        else:
            self.accept()

    def _say(self) -> None:
        step, last = self._steps[self.number], self.number + 1 == len(self._steps)
        title, text = step.words()
        self.setWindowTitle(self.tr("Welcome to RVC Studio"))
        self._icon.show_icon(step.icon, "accent")
        self._title.setText(title)
        self._text.setText(text)
        self._skip.setText(self.tr("Skip all"))
        self._skip.setVisible(not last)
        self._back.setText(self.tr("Back"))
        self._back.setVisible(self.number > 0)
        self._next.setText(self.tr("Start") if last else self.tr("Continue"))
        place = self.tr("{number} of {count}").format(number=self.number + 1, count=len(self._steps))
        self._dots.setText(place)

    def done(self, result: int) -> None:
        """Leave, and remember that the user has been here."""
        for step in self._steps:
            step.hidden()
        self._studio.settings.update(welcomed=True)
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        self.done(0)
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
