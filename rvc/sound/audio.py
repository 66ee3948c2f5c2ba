"""Audio: files read and written, signals resampled, filtered and measured. Mono float32 throughout."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import numpy as np
import soundfile
import soxr

from rvc import names
from rvc.errors import Error, InputError
from rvc.names import AUDIO_SUFFIXES, CONTAINER_SUFFIXES
from rvc.sound import butterworth, encoding, mark
from rvc.sound.encoding import FORMATS, MP3_RATES_HZ
from rvc.sound.spool import BLOCK, Samples, blocks

__all__ = ["AUDIO_SUFFIXES", "FORMATS", "MP3_RATES_HZ"]

Decode: TypeAlias = Callable[[], Iterator[np.ndarray]]
"""Decodes a file from its beginning in blocks (N, channels) float32."""

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 4000, 768000  # a header beyond is wrong, and resampling it fills the memory
HIGHPASS_HZ = 48
HIGHPASS_ORDER = 5
PEAK_LIMIT = 0.99  # of full scale: louder waves are turned down, never clipped
CANCELLED_POWER = 0.01  # a mix weaker than this share of its loudest channel has cancelled itself out


def find_audio(paths: Sequence[Path], out: Path | None = None) -> list[Path]:
    """Return the files given and the recordings inside the folders given, each once.

    Of folders, hidden files, files that this program made, and those in a folder `out` inside are left out.
    Raises `InputError` with code `missing_path`.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if not path.exists():
            raise InputError("missing_path", f"{path} does not exist.", "Check the path for spelling.")
        for file in _recordings(path, out) if path.is_dir() else [path]:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _recordings(folder: Path, out: Path | None) -> list[Path]:
    results = folder.resolve() if out is None else out.resolve()
    inside = results.is_relative_to(folder.resolve()) and results != folder.resolve()
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in AUDIO_SUFFIXES
        and names.is_visible(file, folder)
        and file.is_file()
        and not (inside and file.resolve().is_relative_to(results))
        and not mark.is_ours(comment(file))
    )


def read(path: Path, rate: int | None = None) -> tuple[np.ndarray, int]:
    """Read a recording as mono (N,) float32, resampled when `rate` is given. Returns the wave and its rate.

    Raises `InputError`: missing_file, not_readable, empty_audio, not_audio, damaged_audio, missing_extra,
    odd_rate, not_finite.
    """
    source, decode = _open(path)
    wave = _mono(decode)
    if not wave.size:
        raise _empty(path)
    if not np.isfinite(wave).all():
        raise _not_finite(path)
    if rate is None or rate == source:
        return wave, source
    return resample(wave, source, rate), rate


@dataclass(frozen=True, slots=True)
class Stream:
    """A recording that is decoded while it is read, in mono blocks (N,) float32."""

    rate: int
    blocks: Iterable[np.ndarray]


def stream(path: Path) -> Stream:
    """Open a recording of any length; raises as `read` does, some of it while the blocks are read."""
    rate, decode = _open(path)
    return Stream(rate, _checked_blocks(path, _mono_blocks(decode)))


def channels(path: Path) -> Stream:
    """Open a recording with its channels: the blocks are (N, channels) float32."""
    rate, decode = _open(path)
    return Stream(rate, _checked_blocks(path, decode()))


def _checked_blocks(path: Path, blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    samples = 0
    for block in blocks:
        if not np.isfinite(block).all():
            raise _not_finite(path)
        samples += len(block)
        yield block
    if not samples:
        raise _empty(path)


def duration(path: Path) -> float:
    """Return the length that a file announces, in seconds; 0 when it cannot be told without decoding."""
    try:
        with _open_sound(path) as file:
            return float(file.frames / file.samplerate)
    except (soundfile.LibsndfileError, TypeError):
        pass
    try:
        import av

        with _Bytes(path) as file, av.open(file, "r", metadata_errors="replace") as container:
            return (container.duration or 0) / av.time_base
    except (ImportError, OSError, ValueError):  # PyAV's own errors are OSError and ValueError too
        return 0.0


def comment(path: Path) -> str:
    """Return the comment in a file's metadata, empty where there is none or the file cannot be opened."""
    try:
        with _open_sound(path) as file:
            return str(file.comment)
    except (soundfile.LibsndfileError, TypeError):
        return ""


def write(path: Path, wave: np.ndarray, rate: int, *, comment: str = "") -> None:
    """Write mono (N,) float32 atomically, as `encoding.write` does; a wave too loud for that is turned down.

    Raises `InputError` unknown_format; `Error` not_finite.
    """
    encoding.check_format(path)
    if not np.isfinite(wave).all():
        raise Error("not_finite", f"{path.name} was not written: it holds samples that are not numbers.")
    encoding.write(path, blocks(limit(wave)), rate, comment=comment)


def resample(wave: np.ndarray, source: int, target: int) -> np.ndarray:
    """Return the wave at another rate (soxr, very high quality)."""
    if source == target:
        return wave.astype(np.float32, copy=False)
    return soxr.resample(wave.astype(np.float32, copy=False), source, target, quality="VHQ")


def highpass(wave: np.ndarray, rate: int, *, zero_phase: bool) -> np.ndarray:
    """Remove rumble below 48 Hz: causally for training, with zero phase for conversion, as the reference."""
    if not len(wave):
        return wave
    run = butterworth.highpass_both_ways if zero_phase else butterworth.highpass
    return run(wave, HIGHPASS_ORDER, HIGHPASS_HZ, rate).astype(np.float32)


def rms(wave: Samples, frame: int, hop: int) -> np.ndarray:
    """Return the level (1 + N // hop,) of windows of `frame` samples centred on every `hop`-th sample."""
    count = 1 + len(wave) // hop
    step = max(1, BLOCK // hop)
    return np.concatenate(
        [_rms(wave, frame, hop, range(start, min(start + step, count))) for start in range(0, count, step)]
    )


def _rms(wave: Samples, frame: int, hop: int, numbers: range) -> np.ndarray:
    """Return the levels of the windows of these numbers; beyond the wave's ends there is silence."""
    start, stop = numbers.start * hop - frame // 2, (numbers.stop - 1) * hop - frame // 2 + frame
    inside = wave[max(start, 0) : max(stop, 0)]
    before = max(-start, 0)
    padded = np.pad(inside, (before, stop - start - before - len(inside)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, frame)[::hop].astype(np.float64)
    return np.sqrt(np.einsum("tn,tn->t", windows, windows) / frame)


def peak(wave: np.ndarray) -> float:
    return float(max(wave.max(), -wave.min())) if wave.size else 0.0


def limit(wave: np.ndarray, ceiling: float = PEAK_LIMIT) -> np.ndarray:
    """Turn a wave down as a whole if its peak lies above `ceiling`."""
    highest = peak(wave)
    return wave * np.float32(ceiling / highest) if highest > ceiling else wave


def _open_sound(path: Path) -> soundfile.SoundFile:
    """Open a file with libsndfile, which takes bytes where a name need not be Unicode."""
    return soundfile.SoundFile(os.fsencode(path) if os.name == "posix" else path)


def _open(path: Path) -> tuple[int, Decode]:
    """Return the rate and the decoder of a file that looks like a recording."""
    _check_readable(path)
    rate, decode = _decoder(path)
    if not LOWEST_RATE_HZ <= rate <= HIGHEST_RATE_HZ:
        raise InputError("odd_rate", f"{path} has a sample rate of {rate} Hz, which is none of speech.")
    return rate, decode


def _check_readable(path: Path) -> None:
    if not path.exists():
        raise InputError("missing_file", f"{path} does not exist.", "Check the path for spelling.")
    if path.is_dir():
        raise InputError("not_audio", f"{path} is a folder, not a recording.")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise InputError("not_readable", f"{path} cannot be read: {error.strerror or error}.") from error
    if empty:
        raise InputError("empty_audio", f"{path} is an empty file.")


def _decoder(path: Path) -> tuple[int, Decode]:
    """Return a file's rate and how to decode it, whatever its name promises."""
    try:
        with _open_sound(path) as file:
            return int(file.samplerate), lambda: _sound_blocks(path)
    except (soundfile.LibsndfileError, TypeError):  # TypeError: a name such as .raw that tells no format
        return _container_decoder(path)


def _sound_blocks(path: Path) -> Iterator[np.ndarray]:
    try:
        with _open_sound(path) as file:
            while len(block := file.read(BLOCK, dtype="float32", always_2d=True)):
                yield block
    except soundfile.LibsndfileError as error:
        raise _damaged(path) from error


def _container_decoder(path: Path) -> tuple[int, Decode]:
    """Decode what libsndfile cannot, such as m4a or the sound of a video, through PyAV."""
    try:
        import av
    except ImportError as error:
        if path.suffix.lower() not in CONTAINER_SUFFIXES:
            raise _not_audio(path) from error
        raise InputError(
            "missing_extra",
            f"{path} cannot be read without the extra `formats`.",
            "Install it with: pip install 'rvc-studio[formats]'",
        ) from error
    try:
        with _Bytes(path) as file, av.open(file, "r", metadata_errors="replace") as container:
            streams = container.streams.audio
            if not streams or streams[0].codec_context is None:  # None: in a codec that FFmpeg does not know
                raise _not_audio(path)
            return int(streams[0].rate), lambda: _container_blocks(path)
    except av.FFmpegError as error:
        raise _not_audio(path) from error


class _Bytes(io.FileIO):
    """A file for PyAV, which prints what `seek` raises: a place that no file has is refused by a number."""

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        try:
            return super().seek(offset, whence)
        except OSError:
            return -1


def _container_blocks(path: Path) -> Iterator[np.ndarray]:
    import av

    try:
        with _Bytes(path) as file, av.open(file, "r", metadata_errors="replace") as container:
            stream = container.streams.audio[0]
            # interleaved: PyAV's planes are wrong beyond eight channels
            converter = av.AudioResampler(format="flt", layout=stream.layout, rate=stream.rate)
            for frame in chain(container.decode(stream), [None]):
                for part in converter.resample(frame):
                    yield part.to_ndarray().reshape(-1, part.layout.nb_channels)
    except av.FFmpegError as error:
        raise _not_audio(path) from error


def _mono(decode: Decode) -> np.ndarray:
    """Mix blocks (N, channels) to one channel; channels that cancel each other leave the loudest of them."""
    mixed: list[np.ndarray] = []
    power = ChannelPower()
    for block in decode():
        mixed.append(power.mix(block))
    if not mixed:
        return np.zeros(0, np.float32)
    if (channel := power.survivor) is not None:
        return np.concatenate([block[:, channel] for block in decode()])
    return np.concatenate(mixed)


def _mono_blocks(decode: Decode) -> Iterator[np.ndarray]:
    """Yield what `_mono` returns, after a first look at all of it where there are several channels."""
    power = ChannelPower()
    for block in decode():
        power.mix(block)
        if block.shape[1] == 1:
            break
    channel = power.survivor
    for block in decode():
        yield block.mean(axis=1, dtype=np.float32) if channel is None else block[:, channel]


class ChannelPower:
    """Adds up how strong channels are, each by itself and all of them mixed."""

    def __init__(self) -> None:
        self._channels: np.ndarray | float = 0.0
        self._mixed = 0.0

    def mix(self, block: np.ndarray) -> np.ndarray:
        """Return the mean of a block's channels (N, channels)."""
        mixed = block.mean(axis=1, dtype=np.float32)
        self._channels = self._channels + np.square(block).sum(axis=0, dtype=np.float64)
        self._mixed += float(np.vdot(mixed, mixed))
        return mixed

    @property
    def survivor(self) -> int | None:
        """The loudest channel where the mix has cancelled itself out, else None."""
        if np.size(self._channels) < 2 or self._mixed >= CANCELLED_POWER * np.max(self._channels):
            return None
        return int(np.argmax(self._channels))


def _not_audio(path: Path) -> InputError:
    return InputError("not_audio", f"{path} is not a recording that can be read.")


def _damaged(path: Path) -> InputError:
    return InputError("damaged_audio", f"{path} is damaged: it cannot be decoded to its end.")


def _empty(path: Path) -> InputError:
    return InputError("empty_audio", f"{path} holds no sound at all.")


def _not_finite(path: Path) -> InputError:
    return InputError("not_finite", f"{path} holds samples that are not numbers.")
