"""By how much a take is turned up or down."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDoubleSpinBox, QWidget

from rvcstudio.dataset.cutting import CEILING_DBFS
from rvcstudio.library import Take
from rvcstudio.ui.widgets import Button, Field, Label, column, row

LEAST_DB, MOST_DB = -40.0, 40.0
STEP_DB = 1.0


class GainDialog(QDialog):
    """Asks for decibels, and says how far up the take can go."""

    chosen = Signal(float)

    def __init__(self, take: Take, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("gain")
        self.setWindowTitle(self.tr("Gain"))
        self._gain = QDoubleSpinBox(objectName="gain.decibels", suffix=" dB", decimals=1)
        self._gain.setRange(LEAST_DB, MOST_DB)
        self._gain.setSingleStep(STEP_DB)
        field = Field(self._gain, explained=True)
        field.say(self.tr("Turn this take up or down"), self._advice(take))
        apply = Button("gain.apply", self._choose, look="primary")
        apply.setText(self.tr("Apply"))
        apply.setDefault(True)
        cancel = Button("gain.cancel", self.reject)
        cancel.setText(self.tr("Cancel"))
        layout = column(Label("heading", text=self.tr("Gain")), field, row(None, cancel, apply), gap=16)
        layout.setContentsMargins(24, 20, 24, 20)
        self.setLayout(layout)
        self._gain.selectAll()
        self._gain.setFocus()

    def _advice(self, take: Take) -> str:
        if take.peak_dbfs is None:
            return self.tr("Peaks stay below -1 dBFS, whatever you choose.").replace("-", "−")
        room = max(0.0, CEILING_DBFS - take.peak_dbfs)
        text = self.tr("Its peaks are at {peak} dBFS: {room} dB are left until they reach -1 dBFS.")
        return text.format(peak=f"{take.peak_dbfs:.1f}", room=f"{room:.1f}").replace(" -", " −")

    def _choose(self) -> None:
        self.accept()
        if self._gain.value():
            self.chosen.emit(self._gain.value())
