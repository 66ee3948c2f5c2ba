"""The sound devices of this computer, as PortAudio lists them, and its streams."""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from rvc.errors import Error, InputError

log = logging.getLogger(__name__)

RATES_HZ = (44100, 48000, 88200, 96000)
RATE_HZ = 48000
MOST_CHANNELS = 8  # sound servers offer more than any microphone has
PREFERRED_HOSTS = ("Windows WASAPI",)  # Windows lists every device once for each of four systems
ALSA_ROUTES = (
    "sysdefault",
    "front",
    "rear",
    "center_lfe",
    "side",
    "surround",
    "iec958",
    "spdif",
    "dmix",
    "hdmi",
)
LATENCY_S = 0.1
BLOCK_S = 0.01


@dataclass(frozen=True, slots=True)
class Device:
    """A device by its place in PortAudio's list of this moment; `key` finds it again after that changed."""

    index: int
    name: str
    host: str
    inputs: int
    outputs: int
    rate: int
    is_default_input: bool = False
    is_default_output: bool = False

    @property
    def key(self) -> str:
        return f"{self.host}: {self.name}"


class Sound:
    """PortAudio, loaded when it is first needed, and the streams that run. For the main thread only."""

    def __init__(self) -> None:
        self._streams: set[Any] = set()

    def inputs(self) -> list[Device]:
        """Return the devices that hear, the default one first. Raises `Error` no_sound."""
        return sorted(
            (device for device in self._devices() if device.inputs),
            key=lambda device: not device.is_default_input,
        )

    def outputs(self) -> list[Device]:
        """Return the devices that sound, the default one first. Raises `Error` no_sound."""
        return sorted(
            (device for device in self._devices() if device.outputs),
            key=lambda device: not device.is_default_output,
        )

    def _devices(self) -> list[Device]:
        port = portaudio()
        hosts = port.query_hostapis()
        preferred = [host["name"] for host in hosts if host["name"] in PREFERRED_HOSTS]
        default_input, default_output = port.default.device
        listed = []
        for index, facts in enumerate(port.query_devices()):
            host = hosts[facts["hostapi"]]
            if (preferred and host["name"] not in preferred) or facts["name"].startswith(ALSA_ROUTES):
                continue
            listed.append(
                Device(
                    index=index,
                    name=facts["name"],
                    host=host["name"],
                    inputs=min(MOST_CHANNELS, facts["max_input_channels"]),
                    outputs=min(MOST_CHANNELS, facts["max_output_channels"]),
                    rate=int(facts["default_samplerate"]),
                    is_default_input=index in (default_input, host["default_input_device"]),
                    is_default_output=index in (default_output, host["default_output_device"]),
                )
            )
        return listed

    def find_input(self, key: str) -> Device | None:
        """Return the device with a key; the default one where it is gone, None where there is none at all."""
        return _by_key(self.inputs(), key)

    def find_output(self, key: str) -> Device | None:
        """Return the device with a key, the default one, or None."""
        return _by_key(self.outputs(), key)

    def reread(self) -> bool:
        """Look for devices that came or went, and tell whether that was possible: not while a stream runs."""
        if any(stream.active for stream in self._streams):
            return False
        for stream in list(self._streams):
            self.close(stream)
        port = portaudio()
        port._terminate()  # PortAudio lists devices once, when it starts
        port._initialize()
        return True

    def rates(self, device: Device) -> list[int]:
        """Return the rates that a device records at, Hz."""
        return [rate for rate in RATES_HZ if self.supports(device, rate)] or [device.rate]

    def supports(self, device: Device, rate: int) -> bool:
        """Tell whether a device records at a rate, Hz."""
        port = portaudio()
        try:
            port.check_input_settings(device.index, channels=1, samplerate=rate, dtype="float32")
        except (port.PortAudioError, ValueError):
            return False
        return True

    def open_input(
        self,
        device: Device,
        rate: int,
        channels: int,
        callback: Callable[..., None],
        ended: Callable[[], None],
    ) -> Any:
        """Start a stream of float32 blocks (N, channels). Raises `InputError` device_not_opened."""
        options = {"channels": channels, "callback": callback, "finished_callback": ended}
        return self._start("InputStream", device, rate, options)

    def open_output(
        self,
        device: Device,
        rate: int,
        channels: int,
        callback: Callable[..., None],
        ended: Callable[[], None],
    ) -> Any:
        """Start a stream that asks for float32 blocks (N, channels). Raises `InputError` device_not_opened."""
        options = {"channels": channels, "callback": callback, "finished_callback": ended}
        return self._start("OutputStream", device, rate, options)

    def _start(self, kind: str, device: Device, rate: int, options: dict[str, Any]) -> Any:
        port = portaudio()
        if sys.platform == "win32":
            options["extra_settings"] = port.WasapiSettings(auto_convert=True)
        try:
            stream = getattr(port, kind)(
                device=device.index,
                samplerate=rate,
                dtype="float32",
                blocksize=round(rate * BLOCK_S),
                latency=LATENCY_S,
                **options,
            )
            stream.start()
        except (port.PortAudioError, ValueError) as error:
            log.warning("%s does not open", device.key, exc_info=True)
            raise InputError(
                "device_not_opened",
                f"{device.name} cannot be used: {error}.",
                "Close other programs that use it, or choose another device or rate.",
            ) from error
        self._streams.add(stream)
        return stream

    def close(self, stream: Any) -> None:
        """End a stream at once, also one whose device is gone."""
        self._streams.discard(stream)
        port = portaudio()
        for end in (stream.abort, stream.close):
            try:
                end()
            except port.PortAudioError:
                log.info("a stream did not end cleanly", exc_info=True)


def portaudio() -> ModuleType:
    """Return the module that speaks to PortAudio. Raises `Error` no_sound where it is not installed."""
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        raise Error(
            "no_sound",
            "Sound devices cannot be used: PortAudio is not installed.",
            "Install it with your system's packages (Debian and Ubuntu: libportaudio2).",
        ) from error
    module: ModuleType = sounddevice
    return module


def _by_key(devices: list[Device], key: str) -> Device | None:
    return next((device for device in devices if device.key == key), devices[0] if devices else None)
