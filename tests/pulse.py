"""A private PulseAudio for tests: sinks that nobody hears, files played into them, and what they sound recorded.

Programs that are started with `environment()` find the sinks and their monitors as PulseAudio devices and, through
ALSA's plugin, as PortAudio devices of the same names; nothing of the user's own sound is touched.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pytest
import soundfile

RATE_HZ = 48000
START_S = 15.0
END_S = 5.0
PRIORITY = 4  # of 99; its devices' threads have 5
TOOLS = ("pulseaudio", "pactl", "pacat", "parec")
ALSA = """
</usr/share/alsa/alsa.conf>
ctl.!default {{ type pulse }}
{devices}
"""
DEVICE = 'pcm.{name} {{ type pulse device "{device}" hint {{ show on description "{name}" }} }}'


class PulseServer:
    """A PulseAudio daemon with null sinks, in a folder of its own; `NAME.monitor` gives what sink NAME sounds."""

    def __init__(self, folder: Path, sinks: Sequence[str] = ("microphone", "speaker")) -> None:
        self._folder = folder
        self._socket = folder / "native"
        self._sinks = tuple(sinks)
        self._daemon: subprocess.Popen[bytes] | None = None
        (folder / "asound.conf").write_text(self._alsa(), encoding="utf-8")

    def __enter__(self) -> Self:
        modules = [
            f"module-native-protocol-unix auth-anonymous=1 socket={self._socket}",
            *(
                f"module-null-sink norewinds=1 sink_name={name} rate={RATE_HZ} channels=1"
                for name in self._sinks
            ),
        ]
        loads = [option for module in modules for option in ("-L", module)]
        log = (self._folder / "pulse.log").open("wb")
        with log:
            self._daemon = subprocess.Popen(
                ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", *loads],
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()
        with suppress(AttributeError, PermissionError):  # before others, as PipeWire is on desktops
            os.sched_setscheduler(self._daemon.pid, os.SCHED_RR, os.sched_param(PRIORITY))
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self._daemon is not None
        end(self._daemon)

    def environment(self) -> dict[str, str]:
        """Return an environment whose programs know this daemon and no other."""
        return os.environ | {
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_RUNTIME_PATH": str(self._folder),
            "PULSE_STATE_PATH": str(self._folder),
            "ALSA_CONFIG_PATH": str(self._folder / "asound.conf"),
            "HOME": str(self._folder),
        }

    def play(self, wave: np.ndarray, sink: str, rate: int = RATE_HZ) -> "subprocess.Popen[bytes]":
        """Start to play a mono wave (N,) into a sink; the process ends when all of it has sounded."""
        path = self._folder / f"play-{time.monotonic_ns()}.wav"
        soundfile.write(path, wave, rate)
        options = (f"--device={sink}", "--latency-msec=500", "--file-format=wav")
        return self._start("pacat", "--playback", *options, str(path))

    @contextmanager
    def recording(self, source: str, rate: int = RATE_HZ) -> Iterator[list[np.ndarray]]:
        """Record a source, such as `speaker.monitor`, while the block runs; the list then holds the wave (N,)."""
        path = self._folder / f"record-{time.monotonic_ns()}.raw"
        heard: list[np.ndarray] = []
        recorder = self._start(
            *("parec", "--raw", f"--device={source}", f"--rate={rate}", "--channels=1"),
            *("--format=float32le", "--latency-msec=100", str(path)),
        )
        _wait_until(lambda: path.exists() and path.stat().st_size > 0, recorder)
        try:
            yield heard
        finally:
            recorder.kill()  # it may take seconds to end by itself, and keeps nothing back
            recorder.wait()
            heard.append(np.fromfile(path, np.float32))

    def run(self, *command: str) -> str:
        """Run a program that knows this daemon; return what it prints."""
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=True)
        return done.stdout

    def _start(self, *command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, env=self.environment(), stdin=subprocess.DEVNULL)

    def _alsa(self) -> str:
        devices = [*self._sinks, *(f"{name}.monitor" for name in self._sinks)]
        lines = [DEVICE.format(name=device.replace(".", "_"), device=device) for device in devices]
        return ALSA.format(devices="\n".join(lines))

    def _wait(self) -> None:
        assert self._daemon is not None
        command = ["pactl", "info"]
        _wait_until(
            lambda: (
                not subprocess.run(
                    command, env=self.environment(), capture_output=True, check=False
                ).returncode
            ),
            self._daemon,
        )


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a process to end, and see to it that it does."""
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until(ready: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_S
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.skip(f"{process.args!r} does not run here")  # such as in a container without shared memory
        time.sleep(0.05)


@pytest.fixture
def pulse(tmp_path: Path) -> Iterator[PulseServer]:
    """A daemon with the sinks `microphone` and `speaker`; skipped where PulseAudio is not installed."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{missing[0]} is not installed")
    folder = tmp_path / "pulse"
    folder.mkdir()
    with PulseServer(folder) as server:
        yield server
