"""Where sound comes from and goes to, and how late it is."""

from PySide6.QtWidgets import QComboBox, QWidget

from rvc.errors import Error
from rvc.live.status import BLOCKS_MS
from rvcstudio.live.line import LiveLine
from rvcstudio.live.settings import BUFFERS_MS
from rvcstudio.sound.devices import Device
from rvcstudio.studio import Studio
from rvcstudio.ui.widgets import Button, Choice, Field, Label, Notice, column, row


class DevicesPanel(QWidget):
    """Chooses devices and block, and measures the latency."""

    def __init__(self, studio: Studio, line: LiveLine) -> None:
        super().__init__()
        self._studio, self._line = studio, line
        self._devices: dict[str, list[Device]] = {"input_device": [], "output_device": []}
        self._input, self._output = Choice("live.input"), Choice("live.output")
        self._block, self._buffer = Choice("live.block"), Choice("live.buffer")
        for choice in (self._input, self._output):
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(22)
        self._input.chosen.connect(lambda key: self._choose("input_device", key))
        self._output.chosen.connect(lambda key: self._choose("output_device", key))
        self._block.chosen.connect(lambda block: line.change(block_ms=block))
        self._buffer.chosen.connect(lambda buffer: line.change(buffer_ms=buffer))
        choices = (self._input, self._output, self._block, self._buffer)
        self._fields = [Field(choice) for choice in choices]
        self._again = Button("live.look_again", self.look, look="link", icon="refresh")
        self._none = Notice("warn", "live.no_devices")
        self._measure = Button("live.measure", line.measure, icon="clock")
        self._latency = Label("body", name="live.latency", wrap=True)
        self.setLayout(
            column(
                self._none,
                *self._fields,
                row(self._again, None),
                self._latency,
                row(self._measure, None),
                gap=12,
            )
        )
        line.changed.connect(self.refresh)

    def say(self) -> None:
        """Set every text."""
        listen, speak, _, buffer = self._fields
        listen.say(self.tr("Listen to"))
        speak.say(self.tr("Speak to"), self.tr("Headphones, or a virtual cable for another program."))
        buffer.say(self.tr("Kept ready"), self.tr("More survives busy moments, and is later."))
        self._buffer.offer([(ms, self.tr("{ms} ms").format(ms=ms)) for ms in BUFFERS_MS])
        self._none.say(self.tr("No sound devices were found. Connect one, and look again."))
        self._again.setText(self.tr("Look again"))
        self._measure.setText(self.tr("Measure with a click"))
        self._list()

    def look(self) -> None:
        """Look for devices that came or went."""
        try:
            self._studio.sound.reread()
        except Error as error:
            self._studio.fail(error)
        self.list_devices()

    def list_devices(self) -> None:
        """Show the devices that PortAudio knows."""
        sound = self._studio.sound
        try:
            self._devices = {"input_device": sound.inputs(), "output_device": sound.outputs()}
        except Error:
            self._devices = {"input_device": [], "output_device": []}
        self._list()

    def _list(self) -> None:
        system = [("", self.tr("As the system"))]
        for choice, devices in zip((self._input, self._output), self._devices.values(), strict=True):
            choice.offer([*system, *((device.key, device.name) for device in devices)])
        self.refresh()

    def name(self, which: str) -> str | None:
        """Return the name by which the engine finds a chosen device; None for the system's."""
        key = getattr(self._line.settings, which)
        device = next((device for device in self._devices[which] if device.key == key), None)
        return None if device is None else f"{device.name}, {device.host}"

    def _choose(self, which: str, key: str) -> None:
        self._line.change(**{which: key})
        self._line.use_devices(**{which: self.name(which)})

    def refresh(self) -> None:
        """Show what is chosen, and what was measured."""
        line = self._line
        self._input.choose(line.settings.input_device)
        self._output.choose(line.settings.output_device)
        self._show_blocks()
        self._buffer.choose(line.settings.buffer_ms)
        self._none.setVisible(not all(self._devices.values()))
        self._measure.setEnabled(line.state == "live" and not line.measuring)
        self._again.setEnabled(line.state == "off")
        self._latency.setText(self._latency_text())

    def _show_blocks(self) -> None:
        """Offer the blocks; once a voice is loaded those that this computer is too slow for are said to be so."""
        needed = self._line.shortest_block_ms
        plain, short = self.tr("{ms} ms"), self.tr("{ms} ms, too short here")
        self._block.offer(
            [(ms, (short if needed and ms < needed else plain).format(ms=ms)) for ms in BLOCKS_MS]
        )
        self._block.choose(self._line.settings.block_ms)
        explained = self.tr("Shorter is sooner, and takes more of the computer.")
        if needed and needed > BLOCKS_MS[0]:
            explained = self.tr("This voice needs blocks of {ms} ms or more on this computer.").format(
                ms=needed
            )
        self._fields[2].say(self.tr("Block"), explained)

    def _latency_text(self) -> str:
        if self._line.measuring:
            return self.tr("A click goes round…")
        if self._line.measured_ms is not None:
            return self.tr("Measured: {ms} ms from mouth to ear.").format(ms=round(self._line.measured_ms))
        return self.tr("To measure the latency, hold the microphone to the loudspeaker or headphones.")
