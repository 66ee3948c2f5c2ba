"""Checks in processes of their own: what they load may crash, hang, or write to the terminal."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator

from rvc.doctor import library_probe, torch_probe
from rvc.doctor.finding import Finding, brief, found

PROBES: dict[str, Callable[[], Iterable[Finding]]] = {
    "torch": torch_probe.probe,
    "libraries": library_probe.probe,
    "sound": library_probe.probe_sound,
}
VITAL = ("torch", "libraries")  # without them no work is possible


class Probe:
    """A check that has been started."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rvc.doctor", name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONWARNINGS": "ignore", "PYTHONIOENCODING": "utf-8"},
        )

    def findings(self, deadline: float) -> Iterator[Finding]:
        """Yield what it found; waits until `deadline` on the monotonic clock."""
        allowed_s = max(0.1, deadline - time.monotonic())
        try:
            out, err = self._process.communicate(timeout=allowed_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            yield found("check_hung", part=self.name, seconds=allowed_s)
            return
        yield from (Finding(**json.loads(line)) for line in out.splitlines() if line.startswith(b"{"))
        if self._process.returncode:
            yield self._failure(err.decode(errors="replace"))

    def _failure(self, said: str) -> Finding:
        """Say how the process ended: by a signal if what it loaded is broken, else by an exception of ours."""
        code = self._process.returncode
        if code < 0 or not said.strip():
            crash = "check_crashed" if self.name in VITAL else "check_failed"
            return found(crash, part=self.name, error=_signal_name(code))
        return found("check_failed", part=self.name, error=said.strip().splitlines()[-1])


def _signal_name(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit code {code}"


def examine(name: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Run a check in this process; its own failure is a finding too."""
    try:
        yield from check()
    except Exception as error:
        yield found("check_failed", part=name, error=brief(error))
