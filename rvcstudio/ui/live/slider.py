"""A slider with its name, its value, and what it does."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from rvcstudio.ui.widgets import Label, column, row

KNOB = 24  # px


class _Slider(QSlider):
    """Leaves the wheel to the page, which scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        event.ignore()


class ValueSlider(QWidget):
    """Chooses a value between two others, in steps."""

    chosen = Signal(float)

    def __init__(self, name: str, low: float, high: float, step: float) -> None:
        super().__init__()
        self._step = step
        self._template = "{value}"
        self._lowest = ""
        self.slider = _Slider(Qt.Orientation.Horizontal, objectName=name)
        self.slider.setMinimumHeight(KNOB)
        self.slider.setRange(round(low / step), round(high / step))
        self.slider.setPageStep(max(1, round((high - low) / step / 10)))
        self.slider.valueChanged.connect(self._choose)
        self._name, self._value = Label("strong"), Label("muted")
        self._explanation = Label("caption", wrap=True)
        self._name.setBuddy(self.slider)
        self.setLayout(column(row(self._name, None, self._value), self.slider, self._explanation, gap=4))

    def say(self, name: str, template: str, explanation: str = "", *, lowest: str = "") -> None:
        """Set the name, how a value is written ("{value} dB"), what it does, and what the lowest value is called."""
        self._template, self._lowest = template, lowest
        self._name.setText(name)
        self._explanation.setText(explanation)
        self._explanation.setVisible(bool(explanation))
        self.slider.setAccessibleName(name)
        self.slider.setAccessibleDescription(explanation)
        self._write()

    def choose(self, value: float) -> None:
        """Show a value."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(value / self._step))
        self._write()

    @property
    def value(self) -> float:
        return float(self.slider.value() * self._step)

    def _choose(self) -> None:
        self._write()
        self.chosen.emit(self.value)

    def _write(self) -> None:
        at_lowest = self.slider.value() == self.slider.minimum()
        digits = 0 if self._step >= 1 else 2
        number = self.locale().toString(self.value, "f", digits)
        text = self._lowest if self._lowest and at_lowest else self._template.format(value=number)
        self._value.setText(text)
