"""A file on its way out: read ahead in a thread, so that the audio callback only copies."""

import queue
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from rvc.errors import InputError
from rvc.sound.growing import Follower

AHEAD = 8  # blocks
BLOCK_S = 0.125
TAIL_S = 0.25  # of silence after the end: what the device still holds is dropped when a stream ends
LOOK_S = 0.05  # how often a wave that is being made is looked at for more
FADE_S = 0.005  # at the beginning and the end, against clicks


class Outgoing:
    """What plays now: blocks (N, 2) that a thread brings until `close`."""

    def __init__(self, file: Path, rate: int) -> None:
        self.file = file
        self.rate = rate
        self.stream: Any = None
        self.is_closed = False
        self._played = 0
        self._silent = 0
        self._blocks: queue.Queue[np.ndarray | None] = queue.Queue(AHEAD)
        self._block: np.ndarray | None = np.zeros((0, 2), np.float32)
        threading.Thread(target=self._bring, name="player", daemon=True).start()

    @property
    def position_s(self) -> float:
        """How far into the file playing is."""
        return self._played / self.rate

    def _bring(self) -> None:
        """Put all blocks, and None after the last."""
        raise NotImplementedError

    def _put(self, block: np.ndarray | None) -> None:
        while not self.is_closed:
            try:
                self._blocks.put(block, timeout=0.1)
                return
            except queue.Full:
                continue

    def fill(self, out: np.ndarray, frames: int, _times: Any, _status: Any) -> None:
        """Fill the output's next block (N, channels)."""
        from sounddevice import CallbackStop

        done = 0
        while done < frames and self._block is not None:
            if not len(self._block):
                try:
                    self._block = self._blocks.get_nowait()
                except queue.Empty:
                    break  # the disk is slow: a gap, and no end
                continue
            part = self._block[: frames - done]
            out[done : done + len(part)] = part if out.shape[1] == 2 else part.mean(axis=1, keepdims=True)
            self._block = self._block[len(part) :]
            done += len(part)
        out[done:] = 0
        self._played += done
        if self._block is None:
            self._silent += frames - done
            if self._silent >= TAIL_S * self.rate:
                raise CallbackStop

    def close(self) -> None:
        self.is_closed = True


class Playing(Outgoing):
    """Decodes a file, or a part of it again and again."""

    def __init__(self, file: Path, start_s: float, end_s: float | None, loop: bool, gain_db: float) -> None:
        """Raises `InputError` not_audio."""
        try:
            self._sound = soundfile.SoundFile(file)
        except (soundfile.LibsndfileError, OSError) as error:
            raise InputError("not_audio", f"{file.name} cannot be played.", "Check the file.") from error
        rate: int = self._sound.samplerate
        self._start = min(max(0, round(start_s * rate)), self._sound.frames)
        end = self._sound.frames if end_s is None else round(end_s * rate)
        self._stop = min(max(end, self._start), self._sound.frames)
        self._loop = loop and self._stop > self._start
        self._gain = 10 ** (gain_db / 20)
        super().__init__(file, rate)

    @property
    def position_s(self) -> float:
        length = max(1, self._stop - self._start)
        played = self._played % length if self._loop else min(self._played, length)
        return (self._start + played) / self.rate

    def _bring(self) -> None:
        size = round(self.rate * BLOCK_S)
        while not self.is_closed:
            self._sound.seek(self._start)
            for at in range(self._start, self._stop, size):
                self._put(self._next(at, min(size, self._stop - at)))
            if not self._loop:
                break
        self._put(None)
        self._sound.close()

    def _next(self, at: int, count: int) -> np.ndarray:
        """Return the next frames (count, 2), faded in and out at the ends of what is played."""
        block = self._sound.read(count, dtype="float32", always_2d=True)[:, :2] * self._gain
        places = np.arange(at, at + len(block))
        edge = np.minimum(places - self._start, self._stop - places) / (FADE_S * self.rate)
        block = block * np.minimum(1, edge)[:, None].astype(np.float32)
        return np.broadcast_to(block, (len(block), 2)) if block.shape[1] == 1 else block


class Following(Outgoing):
    """Plays a wave while it is being made (`rvc.sound.growing`), and waits where nothing is there yet."""

    def __init__(self, file: Path) -> None:
        """Raises `InputError` not_audio."""
        try:
            self._follower = Follower(file)
        except (OSError, ValueError) as error:
            raise InputError("not_audio", f"{file.name} cannot be played.", "Check the file.") from error
        super().__init__(file, self._follower.rate)

    def _bring(self) -> None:
        while not self.is_closed:
            is_whole = self._follower.is_whole  # asked first: what is added meanwhile is still read
            block = self._follower.read(round(self.rate * BLOCK_S))
            if len(block):
                self._put(np.repeat(block[:, None], 2, axis=1))
            elif is_whole:
                break
            else:
                time.sleep(LOOK_S)
        self._put(None)
        self._follower.close()
