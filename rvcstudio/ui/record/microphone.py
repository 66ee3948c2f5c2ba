"""The microphone: which one, how loud the room is, and whether one hears oneself."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QProgressBar, QSizePolicy, QWidget

from rvc.errors import Error
from rvcstudio.recording.booth import Booth
from rvcstudio.recording.settings import PAUSES_S
from rvcstudio.sound.devices import Device
from rvcstudio.studio import Studio
from rvcstudio.ui import icons
from rvcstudio.ui.record import words
from rvcstudio.ui.widgets import Button, Choice, Field, Label, Notice, column, row
from rvcstudio.ui.widgets.text import dress


class DeviceChoice(Choice):
    """A list of devices that is read anew whenever it opens."""

    opening = Signal()

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        self.opening.emit()
        super().showPopup()


class MicrophonePanel(QWidget):
    """Chooses the microphone of a booth and measures the room."""

    def __init__(self, studio: Studio, booth: Booth, name: str = "record", *, brief: bool = False) -> None:
        """Show everything, or with `brief` only what the first start asks for."""
        super().__init__(objectName=f"{name}.microphone")
        self._studio, self._booth, self._brief = studio, booth, brief
        self._devices: list[Device] = []
        self._device = DeviceChoice(f"{name}.device")
        self._device.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._device.setMinimumContentsLength(18)
        self._device.opening.connect(self.reread)
        self._device.chosen.connect(lambda key: self._change(device=key))
        self._device.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._none = Notice("warn", f"{name}.none")
        self._again = Button(f"{name}.again", self.reread, icon="refresh")
        self._build_room(name)
        self._build_more(name)
        self._extras = [] if brief else [self._hear, self._warning, self._more]
        self._is_unfolded = False
        self.setLayout(column(self._device, self._none, self._again, self._room, *self._parts(), gap=12))
        booth.changed.connect(self.refresh)

    def _build_room(self, name: str) -> None:
        self._measure = Button(f"{name}.measure", self._booth.measure_room, icon="mute")
        self._measuring = QProgressBar(objectName=f"{name}.measuring", maximum=100, textVisible=False)
        self._advice = Notice("info", f"{name}.room")
        self._room = QWidget()
        self._room.setLayout(column(self._advice, self._measuring, row(self._measure, None)))

    def _build_more(self, name: str) -> None:
        self._hear = QCheckBox(objectName=f"{name}.monitor")
        self._hear.toggled.connect(self._monitor)
        self._warning = Label("caption", wrap=True)
        self._channel, self._rate, self._pause = (
            Choice(f"{name}.{part}") for part in ("channel", "rate", "pause")
        )
        self._channel.chosen.connect(lambda channel: self._change(channel=channel))
        self._rate.chosen.connect(lambda rate: self._change(rate=rate))
        self._pause.chosen.connect(lambda pause: self._change(pause_s=pause))
        self._fields = [Field(control) for control in (self._channel, self._rate, self._pause)]
        self._more = Button(f"{name}.more", self._switch_more, look="link", icon="settings")
        self._folded = QWidget()
        self._folded.setLayout(column(*self._fields, gap=12))

    def _parts(self) -> list[QWidget]:
        if self._brief:
            for part in (self._hear, self._warning, self._more, self._folded):
                part.setParent(self)
                part.hide()
            return []
        return [*self._extras, self._folded]

    def _switch_more(self) -> None:
        self._is_unfolded = not self._is_unfolded
        self._list_rates()
        self.say()

    def say(self) -> None:
        """Set every text."""
        self._device.setAccessibleName(self.tr("Microphone"))
        self._none.say(self.tr("No microphone was found. Connect one; it appears here."))
        self._again.setText(self.tr("Look again"))
        self._hear.setText(self.tr("Hear myself"))
        self._warning.setText(self.tr("With headphones only: through speakers it howls."))
        self._more.setText(self.tr("Fewer settings") if self._is_unfolded else self.tr("More settings"))
        channel, rate, pause = self._fields
        channel.say(self.tr("Channel"))
        rate.say(self.tr("Sample rate"))
        pause.say(self.tr("End a take after silence"), self.tr("Counted from the last word."))
        self._pause.offer([(pause_s, self._pause_text(pause_s)) for pause_s in PAUSES_S])
        self.refresh()

    def _pause_text(self, pause_s: float) -> str:
        if not pause_s:
            return self.tr("Never: I stop it myself")
        return self.tr("{seconds} s").format(seconds=self.locale().toString(pause_s, "f", 1))

    def list_devices(self) -> None:
        """Show the devices that PortAudio knows."""
        try:
            self._devices = self._studio.sound.inputs()
        except Error:
            self._devices = []
        self._device.offer([(device.key, device.name) for device in self._devices])
        self.refresh()

    def reread(self) -> None:
        """Look for devices that came or went."""
        try:
            self._booth.reread()
        except Error as error:
            self._studio.fail(error)
        self.list_devices()

    def _change(self, **values: object) -> None:
        try:
            self._booth.change(**values)
        except Error as error:
            self._studio.fail(error)
        self._list_rates()
        self.refresh()

    def _monitor(self, on: bool) -> None:
        try:
            self._booth.monitor(self._studio.sound.find_output("") if on else None)
        except Error as error:
            self._studio.fail(error)
        self.refresh()

    def refresh(self) -> None:
        """Show the state of the booth."""
        booth, settings = self._booth, self._booth.settings
        capture = booth.capture
        self._device.setVisible(bool(self._devices))
        for part in (self._none, self._again):
            part.setVisible(not self._devices)
        for part in (self._room, *self._extras):
            part.setVisible(capture is not None)
        self._folded.setVisible(self._is_unfolded and capture is not None)
        idle = booth.recorder is None
        self._device.setEnabled(idle)
        self._folded.setEnabled(idle)
        with QSignalBlocker(self._hear):
            self._hear.setChecked(booth.is_monitoring)
        if capture is not None:
            self._device.choose(capture.device.key)
            self._channel.offer([(place, str(place + 1)) for place in range(capture.device.inputs)])
            self._channel.choose(settings.channel)
            self._rate.choose(capture.rate)
        self._pause.choose(settings.pause_s)
        self._show_room()

    def _list_rates(self) -> None:
        """Show the rates of the microphone, which takes PortAudio a moment to tell."""
        capture = self._booth.capture
        if capture is not None and self._is_unfolded:
            rates = self._studio.sound.rates(capture.device)
            self._rate.offer([(rate, f"{rate:,} Hz".replace(",", " ")) for rate in rates])
            self._rate.choose(capture.rate)

    def _show_room(self) -> None:
        booth = self._booth
        measuring = booth.state == "measuring"
        self._measuring.setVisible(measuring)
        self._measure.setVisible(not measuring)
        self._measure.setEnabled(booth.recorder is None)
        self._measure.setText(self.tr("Measure again") if booth.is_measured else self.tr("Measure the room"))
        wanted = booth.is_measured or measuring
        is_next = self._brief and not booth.is_measured
        dress(self._measure, look="primary" if is_next else "plain")
        self._measure.setIcon(icons.icon("mute", "on_accent" if is_next else ""))
        if measuring:
            self._advice.say(self.tr("Stay silent for three seconds…"), "info")
        elif wanted:
            kind, text = words.of_room(booth.room)
            self._advice.say(text, kind)
        else:
            self._advice.say(self.tr("Measure the room first: three seconds of silence."), "info")

    def tick(self) -> None:
        """Move what moves."""
        if self._booth.state == "measuring":
            self._measuring.setValue(round(100 * self._booth.measured_share))
