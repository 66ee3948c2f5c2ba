"""Audio: files read and written, signals resampled, filtered and measured. Mono float32 throughout."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import scipy.signal
import soundfile
import soxr

from rvc import mark, names
from rvc.errors import Error, InputError
from rvc.paths import atomic

SOUND_SUFFIXES = {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aiff", ".aif", ".caf", ".au"}
CONTAINER_SUFFIXES = {".m4a", ".mp4", ".m4b", ".aac", ".webm", ".mkv", ".mka", ".mov", ".wma"}
AUDIO_SUFFIXES = SOUND_SUFFIXES | CONTAINER_SUFFIXES

FORMATS = {
    ".wav": ("WAV", "PCM_16"),
    ".flac": ("FLAC", "PCM_24"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
    ".ogg": ("OGG", "VORBIS"),
}
MP3_RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
MP3_QUALITY = {"bitrate_mode": "VARIABLE", "compression_level": 0.1}  # about 130 kbit/s for speech

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 4000, 768000  # a header beyond is wrong, and resampling it fills the memory
HIGHPASS_HZ = 48
HIGHPASS_ORDER = 5
PEAK_LIMIT = 0.99  # of full scale: louder waves are turned down, never clipped
CANCELLED_POWER = 0.01  # a mix weaker than this share of its loudest channel has cancelled itself out
BLOCK = 1 << 18  # samples handled at a time, so that hours of audio need little more than their own memory


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
    _check_readable(path)
    wave, source = _decode(path)
    if not LOWEST_RATE_HZ <= source <= HIGHEST_RATE_HZ:
        raise InputError("odd_rate", f"{path} has a sample rate of {source} Hz, which is none of speech.")
    if not wave.size:
        raise InputError("empty_audio", f"{path} holds no sound at all.")
    if not np.isfinite(wave).all():
        raise InputError("not_finite", f"{path} holds samples that are not numbers.")
    if rate is None or rate == source:
        return wave, source
    return resample(wave, source, rate), rate


def duration(path: Path) -> float:
    """Return the length that a file announces, in seconds; 0 when it cannot be told without decoding."""
    try:
        with _open_sound(path) as file:
            return float(file.frames / file.samplerate)
    except (soundfile.LibsndfileError, TypeError):
        pass
    try:
        import av

        with path.open("rb") as file, av.open(file, "r", metadata_errors="replace") as container:
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
    """Write mono (N,) float32 atomically as .wav (16 bit, dithered), .flac (24 bit), .mp3 or .ogg.

    A wave too loud for that is turned down. MP3 knows few rates: others are raised to the next one.
    `comment` goes into the file's metadata. Raises `InputError` unknown_format; `Error` not_finite.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError("unknown_format", f"{path.name}: audio is written as {', '.join(FORMATS)} only.")
    if not np.isfinite(wave).all():
        raise Error("not_finite", f"{path.name} was not written: it holds samples that are not numbers.")
    if suffix == ".mp3":
        target = next((known for known in MP3_RATES_HZ if known >= rate), MP3_RATES_HZ[-1])
        wave, rate = resample(wave, rate, target), target
    with atomic(path) as temporary:
        temporary.write_bytes(_encoded(limit(wave), rate, suffix, comment))


def resample(wave: np.ndarray, source: int, target: int) -> np.ndarray:
    """Return the wave at another rate (soxr, very high quality)."""
    if source == target:
        return wave.astype(np.float32, copy=False)
    return soxr.resample(wave.astype(np.float32, copy=False), source, target, quality="VHQ")


def highpass(wave: np.ndarray, rate: int, *, zero_phase: bool) -> np.ndarray:
    """Remove rumble below 48 Hz: causally for training, with zero phase for conversion, as the reference."""
    b, a = highpass_coefficients(rate)
    if zero_phase:
        padding = min(3 * max(len(a), len(b)), max(len(wave) - 1, 0))
        return scipy.signal.filtfilt(b, a, wave, padlen=padding).astype(np.float32) if len(wave) else wave
    filtered = np.empty(len(wave), np.float32)
    state = np.zeros(HIGHPASS_ORDER)
    for start in range(0, len(wave), BLOCK):
        part = slice(start, start + BLOCK)
        filtered[part], state = scipy.signal.lfilter(b, a, wave[part], zi=state)
    return filtered


def highpass_coefficients(rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the filter's numerator and denominator."""
    return scipy.signal.butter(HIGHPASS_ORDER, HIGHPASS_HZ, btype="high", fs=rate)


def rms(wave: np.ndarray, frame: int, hop: int) -> np.ndarray:
    """Return the level (1 + N // hop,) of windows of `frame` samples centred on every `hop`-th sample."""
    padded = np.pad(wave, (frame // 2, frame - frame // 2))
    windows = np.lib.stride_tricks.sliding_window_view(padded, frame)[::hop][: 1 + len(wave) // hop]
    step = max(1, BLOCK // hop)
    blocks = (windows[start : start + step].astype(np.float64) for start in range(0, len(windows), step))
    return np.sqrt(np.concatenate([np.einsum("tn,tn->t", block, block) for block in blocks]) / frame)


def peak(wave: np.ndarray) -> float:
    return float(max(wave.max(), -wave.min())) if wave.size else 0.0


def limit(wave: np.ndarray, ceiling: float = PEAK_LIMIT) -> np.ndarray:
    """Turn a wave down as a whole if its peak lies above `ceiling`."""
    highest = peak(wave)
    return wave * np.float32(ceiling / highest) if highest > ceiling else wave


def _open_sound(path: Path) -> soundfile.SoundFile:
    """Open a file with libsndfile, which takes bytes where a name need not be Unicode."""
    return soundfile.SoundFile(os.fsencode(path) if os.name == "posix" else path)


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


def _decode(path: Path) -> tuple[np.ndarray, int]:
    """Return the mono mix and its rate, whatever the name of the file promises."""
    try:
        file = _open_sound(path)
    except (soundfile.LibsndfileError, TypeError):  # TypeError: a name such as .raw that tells no format
        return _decode_container(path)
    with file:
        try:
            return _mono(lambda: _sound_blocks(file)), int(file.samplerate)
        except soundfile.LibsndfileError as error:
            raise _damaged(path) from error


def _sound_blocks(file: soundfile.SoundFile) -> Iterator[np.ndarray]:
    file.seek(0)
    while len(block := file.read(BLOCK, dtype="float32", always_2d=True)):
        yield block


def _decode_container(path: Path) -> tuple[np.ndarray, int]:
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
        with path.open("rb") as file, av.open(file, "r", metadata_errors="replace") as container:
            streams = container.streams.audio
            if not streams or streams[0].codec_context is None:  # None: in a codec that FFmpeg does not know
                raise _not_audio(path)
            rate = int(streams[0].rate)
            return _mono(lambda: _container_blocks(path)), rate
    except av.FFmpegError as error:
        raise _not_audio(path) from error


def _container_blocks(path: Path) -> Iterator[np.ndarray]:
    import av

    with path.open("rb") as file, av.open(file, "r", metadata_errors="replace") as container:
        stream = container.streams.audio[0]
        # interleaved: PyAV's planes are wrong beyond eight channels
        converter = av.AudioResampler(format="flt", layout=stream.layout, rate=stream.rate)
        for frame in chain(container.decode(stream), [None]):
            for part in converter.resample(frame):
                yield part.to_ndarray().reshape(-1, part.layout.nb_channels)


def _mono(blocks: Callable[[], Iterable[np.ndarray]]) -> np.ndarray:
    """Mix blocks (N, channels) to one channel; channels that cancel each other leave the loudest of them."""
    mixed: list[np.ndarray] = []
    power: np.ndarray | float = 0.0
    for block in blocks():
        mixed.append(block.mean(axis=1, dtype=np.float32))
        power = power + np.square(block).sum(axis=0, dtype=np.float64)
    if not mixed:
        return np.zeros(0, np.float32)
    wave = np.concatenate(mixed)
    if np.size(power) > 1 and np.vdot(wave, wave) < CANCELLED_POWER * np.max(power):
        return np.concatenate([block[:, np.argmax(power)] for block in blocks()])
    return wave


def _encoded(wave: np.ndarray, rate: int, suffix: str, comment: str) -> memoryview:
    """Return a file's bytes. Made in memory, because libsndfile does not say why a disk refuses to take them."""
    container, subtype = FORMATS[suffix]
    quality = MP3_QUALITY if suffix == ".mp3" else {}
    encoded = io.BytesIO()
    with soundfile.SoundFile(encoded, "w", rate, 1, subtype, format=container, **quality) as file:
        if comment:
            file.comment = comment
        for start in range(0, len(wave), BLOCK):  # one long write overflows libvorbis' stack
            part = wave[start : start + BLOCK]
            file.write(_dither(part, start) if subtype == "PCM_16" else part)
    return encoded.getbuffer()


def _dither(wave: np.ndarray, seed: int) -> np.ndarray:
    """Return int16 with triangular noise of one step, which turns quantisation distortion into even hiss."""
    noise = np.random.default_rng(seed)
    steps = wave * 32767.0 + noise.random(len(wave)) - noise.random(len(wave))
    return np.clip(np.rint(steps), -32768, 32767).astype(np.int16)


def _not_audio(path: Path) -> InputError:
    return InputError("not_audio", f"{path} is not a recording that can be read.")


def _damaged(path: Path) -> InputError:
    return InputError("damaged_audio", f"{path} is damaged: it cannot be decoded to its end.")
