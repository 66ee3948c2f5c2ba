"""Records a take: a thread that carries samples from the ring to the journal."""

import threading
from typing import Literal

import numpy as np

from rvc.errors import Error
from rvcstudio.sound.capture import Capture
from rvcstudio.sound.journal import Journal
from rvcstudio.sound.levels import Levels, frame_dbfs

POLL_S = 0.05
LEAST_SPEECH_S = 0.3  # before a silence can end a take

End = Literal["stopped", "silence", "device", "disk"]


class SilenceWatch:
    """Tells when somebody has spoken and then been silent for a while."""

    def __init__(self, rate: int, speech_dbfs: float, after_s: float) -> None:
        """Take what is louder than `speech_dbfs` for speech; `after_s` of 0 never ends."""
        self._rate, self._speech_dbfs, self._after_s = rate, speech_dbfs, after_s
        self._rest = np.zeros(0, np.float32)
        self.spoken_s = 0.0
        self.silent_s = 0.0

    def add(self, block: np.ndarray) -> None:
        """Listen on."""
        wave = np.concatenate([self._rest, block])
        levels = frame_dbfs(wave, self._rate)
        frame = round(self._rate * 0.02)
        self._rest = wave[len(levels) * frame :]
        for level in levels:
            if level > self._speech_dbfs:
                self.spoken_s, self.silent_s = self.spoken_s + 0.02, 0.0
            else:
                self.silent_s += 0.02

    @property
    def is_over(self) -> bool:
        return bool(self._after_s) and self.spoken_s >= LEAST_SPEECH_S and self.silent_s >= self._after_s


class Recorder:
    """One take, from its making to `stop`, or until it ends by itself. Its journal is complete when `ended` is set."""

    def __init__(self, capture: Capture, journal: Journal, silence: SilenceWatch) -> None:
        """Begin to record at this instant."""
        self._capture, self.journal, self.silence = capture, journal, silence
        self._reader = capture.ring.reader()
        self._overruns_before = capture.overruns
        self.levels = Levels()
        self.ended: End | None = None
        self.error: Error | None = None
        self._stop_reason: End = "stopped"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder")
        self._thread.start()

    @property
    def seconds(self) -> float:
        return self.levels.frames / self._capture.rate

    @property
    def overruns(self) -> int:
        """How often samples were lost: by the system, or because this program was held up."""
        return self._capture.overruns - self._overruns_before + bool(self._reader.lost)

    def request_stop(self, why: End = "stopped") -> None:
        """End the take as soon as the samples of this instant have come."""
        self._stop_reason = why
        self._stopping.set()

    def stop(self) -> None:
        """End the take, and wait until the last sample is on the disk."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        end: End | None = None
        try:
            while end is None:
                self._stopping.wait(POLL_S)
                end = self._end()  # before the last samples are fetched
                self._carry()
        except Error as error:
            self.error, end = error, "disk"
        self.ended = self._closed(end)

    def _closed(self, end: End) -> End:
        try:
            self.journal.close()
        except Error as error:
            self.error = self.error or error
            return "disk"
        return end

    def _carry(self) -> None:
        block = self._reader.read()
        self.journal.write(block)
        self.levels.add(block)
        self.silence.add(block)

    def _end(self) -> End | None:
        if self._stopping.is_set():
            return self._stop_reason
        if not self._capture.is_alive:
            return "device"
        return "silence" if self.silence.is_over else None
