"""Sound devices, through PortAudio."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

import numpy as np

from rvc.errors import Error, InputError
from rvc.live.playback import Playback
from rvc.live.ring import Ring

LATENCY_S = 0.03  # asked of a device at least; what most can do without gaps
SHARE = 0.5  # of what is kept ready may wait in each device: sound servers are busy in busy moments too

Kind = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class SoundDevice:
    """A device of this computer, as it is chosen by `number` or by `name`."""

    number: int
    name: str
    system: str
    inputs: int
    outputs: int
    rate: int
    default: tuple[Kind, ...] = ()

    @classmethod
    def of(cls, described: Any, default: tuple[Kind, ...] = (), system: str = "") -> "SoundDevice":
        return cls(
            number=described["index"],
            name=described["name"],
            system=system,
            inputs=described["max_input_channels"],
            outputs=described["max_output_channels"],
            rate=round(described["default_samplerate"]),
            default=default,
        )


def portaudio() -> ModuleType:
    """Return the package `sounddevice`; raises `Error` no_sound where it or PortAudio is missing."""
    try:
        import sounddevice
    except ImportError as error:
        raise Error(
            "no_sound",
            "Sound devices cannot be used: the package sounddevice is not installed.",
            "Install it with: pip install sounddevice",
        ) from error
    except OSError as error:
        raise Error(
            "no_sound",
            "Sound devices cannot be used: PortAudio is not installed.",
            "Install it: on Debian and Ubuntu with `sudo apt install libportaudio2`.",
        ) from error
    return sounddevice


def listed() -> list[SoundDevice]:
    """Return the devices of this computer."""
    sound = portaudio()
    systems = sound.query_hostapis()
    kinds: tuple[Kind, ...] = ("input", "output")
    defaults = dict(zip(kinds, sound.default.device, strict=True))
    return [
        SoundDevice.of(
            described,
            tuple(kind for kind in kinds if defaults[kind] == described["index"]),
            systems[described["hostapi"]]["name"],
        )
        for described in sound.query_devices()
    ]


def find(name: str | None, kind: Kind) -> SoundDevice:
    """Return the device with a number or name, or the system's; raises `InputError` no_sound_device."""
    sound = portaudio()
    try:
        number = int(name) if name is not None and name.isdecimal() else name
        return SoundDevice.of(sound.query_devices(number, kind))
    except (ValueError, sound.PortAudioError) as error:
        missing = (
            f"There is no {kind} device"
            if name is None
            else f"No {kind} device is called {name}, or several are"
        )
        raise InputError(
            "no_sound_device",
            f"{missing}.",
            "See `rvc realtime --list-devices` for names and numbers.",
        ) from error


@dataclass(frozen=True, slots=True)
class Opened:
    """Both devices at work: how late each is, in seconds, as it says itself."""

    input_s: float
    output_s: float


@contextmanager
def opened(
    source: SoundDevice, target: SoundDevice, heard: Ring, playback: Playback, buffer_s: float
) -> Iterator[Opened]:
    """Have an input device fill a ring and an output device play; raises `Error` device_failed."""
    sound = portaudio()

    def hear(samples: np.ndarray, _frames: int, _time: object, status: Any) -> None:
        heard.gaps += status.input_overflow
        heard.write(samples[:, 0])

    def play(samples: np.ndarray, frames: int, _time: object, status: Any) -> None:
        playback.underruns += playback.playing and status.output_underflow
        samples[:] = playback.read(frames)[:, None]

    options: dict[str, Any] = {"dtype": "float32", "latency": max(LATENCY_S, SHARE * buffer_s)}
    try:
        with (
            sound.InputStream(
                device=source.number, samplerate=source.rate, channels=1, callback=hear, **options
            ) as input_stream,
            sound.OutputStream(
                device=target.number,
                samplerate=target.rate,
                channels=min(target.outputs, 2),
                callback=play,
                **options,
            ) as output_stream,
        ):
            yield Opened(input_stream.latency, output_stream.latency)
    except sound.PortAudioError as error:
        raise Error(
            "device_failed",
            f"{source.name} and {target.name} could not be used together: {error.args[0]}.",
            "Close other programs that use them, or choose other devices.",
        ) from error
