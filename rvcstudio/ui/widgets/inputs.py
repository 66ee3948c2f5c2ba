"""What the user types in or chooses from."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from rvcstudio.ui import icons
from rvcstudio.ui.widgets.text import Label

SEARCH_DELAY_MS = 120


class SearchField(QLineEdit):
    """A field that tells what to look for, shortly after the last key."""

    searched = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setClearButtonEnabled(True)
        self.addAction(QAction(icons.icon("search"), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self._timer = QTimer(self, singleShot=True, interval=SEARCH_DELAY_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.text()))
        self.textChanged.connect(self._timer.start)

    def say(self, text: str) -> None:
        """Set what can be searched for."""
        self.setPlaceholderText(text)
        self.setAccessibleName(text)


class Choice(QComboBox):
    """A list to choose one from; every line has a value."""

    chosen = Signal(object)  # the value, when the user chose

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda _index: self.chosen.emit(self.currentData()))

    def offer(self, lines: Sequence[tuple[object, str]]) -> None:
        """Show these values with their texts, and keep what was chosen where it is still there."""
        old = self.currentData()
        self.blockSignals(True)
        self.clear()
        for value, text in lines:
            self.addItem(text, value)
        self.blockSignals(False)
        self.choose(old)

    def choose(self, value: object) -> None:
        """Choose a value; the first one where it is not offered."""
        self.setCurrentIndex(max(0, self.findData(value)))


class Segments(QWidget):
    """Two to four values beside each other, of which one is chosen."""

    chosen = Signal(object)

    def __init__(self, name: str, values: Sequence[object]) -> None:
        super().__init__()
        self.setObjectName(name)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._buttons = {value: self._button(f"{name}.{value}", value) for value in values}
        buttons = list(self._buttons.values())
        buttons[0].setProperty("place", "first")
        buttons[-1].setProperty("place", "last")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def _button(self, name: str, value: object) -> QPushButton:
        button = QPushButton(objectName=name, checkable=True)
        button.setProperty("look", "segment")
        button.clicked.connect(lambda: self.chosen.emit(value))
        self._group.addButton(button)
        self._row.addWidget(button)
        return button

    def say(self, name: str, texts: Sequence[str]) -> None:
        """Set what is chosen here, for screen readers, and the texts of the values."""
        self.setAccessibleName(name)
        for button, text in zip(self._buttons.values(), texts, strict=True):
            button.setText(text)
            button.setAccessibleName(f"{name}: {text}")

    def choose(self, value: object) -> None:
        self._buttons[value].setChecked(True)

    @property
    def value(self) -> object:
        return next((value for value, button in self._buttons.items() if button.isChecked()), None)


class Field(QWidget):
    """A control with its name above and, where it needs one, an explanation below."""

    def __init__(self, control: QWidget, *, explained: bool = False) -> None:
        super().__init__()
        from rvcstudio.ui.widgets.blocks import column

        self.control = control
        self._name = Label("strong")
        self._explanation = Label("caption", wrap=True)
        self._explanation.setVisible(explained)
        self._name.setBuddy(control)
        layout = column(self._name, control, self._explanation, gap=6)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)

    def say(self, name: str, explanation: str = "") -> None:
        """Set name and explanation, which screen readers get with the control."""
        self._name.setText(name)
        self._explanation.setText(explanation)
        self._explanation.setVisible(bool(explanation))
        self.control.setAccessibleName(name)
        self.control.setAccessibleDescription(explanation)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(120, super().minimumSizeHint().height())
