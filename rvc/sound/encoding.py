"""Audio files written: wav, flac, mp3, ogg and opus, block by block, each with a comment in its metadata."""

from collections.abc import Iterable
from io import FileIO
from pathlib import Path

import numpy as np
import soundfile

from rvc.errors import InputError
from rvc.paths import atomic
from rvc.sound.spool import BLOCK
from rvc.sound.streams import resampled

FORMATS = {
    ".wav": ("WAV", "PCM_16"),
    ".flac": ("FLAC", "PCM_24"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
    ".ogg": ("OGG", "VORBIS"),
    ".opus": ("OGG", "OPUS"),
}
MP3_RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
OPUS_RATES_HZ = (8000, 12000, 16000, 24000, 48000)
RATES_HZ = {".mp3": MP3_RATES_HZ, ".opus": OPUS_RATES_HZ}  # all there are; other formats take any
TAG_BYTES = 65536  # of an ID3 tag that are looked at
ENCODING_OFFSET, UTF8 = 10, b"\x03"  # of the text in an ID3 frame
MP3_QUALITY = {"bitrate_mode": "VARIABLE", "compression_level": 0.1}  # about 130 kbit/s for speech


def check_format(path: Path) -> None:
    """Raise `InputError` unknown_format unless the suffix is one of `FORMATS`."""
    if path.suffix.lower() not in FORMATS:
        raise InputError("unknown_format", f"{path.name}: audio is written as {', '.join(FORMATS)} only.")


def rate_for(path: Path, rate: int) -> int:
    """Return the rate at which a wave is written: MP3 and Opus know few, others are raised to the next one."""
    known = RATES_HZ.get(path.suffix.lower(), (rate,))
    return next((one for one in known if one >= rate), known[-1])


def write(
    path: Path, blocks: Iterable[np.ndarray], rate: int, *, channels: int = 1, comment: str = ""
) -> None:
    """Write float32 blocks (N,), or (N, channels), atomically: .wav has 16 bits and dither, .flac 24 bits.

    Raises `InputError` unknown_format; `Error` disk_full or not_writable.
    """
    check_format(path)
    suffix, target = path.suffix.lower(), rate_for(path, rate)
    container, subtype = FORMATS[suffix]
    quality = MP3_QUALITY if suffix == ".mp3" else {}
    with atomic(path) as temporary, temporary.open("w+b", buffering=0) as raw:
        sink = Sink(raw)
        with soundfile.SoundFile(sink, "w", target, channels, subtype, format=container, **quality) as file:
            if comment:
                file.comment = comment
            _write_blocks(file, resampled(blocks, rate, target, channels), sink)
        if suffix == ".mp3" and comment:
            _mark_comment_as_utf8(raw)
        sink.check()


def _mark_comment_as_utf8(file: FileIO) -> None:
    """Say how an MP3 file's comment is written: libsndfile writes UTF-8 and calls it Latin-1."""
    file.seek(0)
    frame = file.read(TAG_BYTES).find(b"COMM")
    if frame >= 0:
        file.seek(frame + ENCODING_OFFSET)
        file.write(UTF8)


def _write_blocks(file: soundfile.SoundFile, blocks: Iterable[np.ndarray], sink: "Sink") -> None:
    written = 0
    for block in blocks:
        for start in range(0, len(block), BLOCK):  # one long write overflows libvorbis' stack
            part = block[start : start + BLOCK]
            file.write(_dither(part, written) if file.subtype == "PCM_16" else part)
            written += len(part)
            sink.check()


class Sink:
    """An unbuffered file for libsndfile, which cannot say why a disk takes no more: this remembers it."""

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self._error: OSError | None = None
        self.seek, self.tell, self.read = file.seek, file.tell, file.read

    def write(self, content: bytes) -> int:
        """Write all of it; what comes after an error is lost, as is the file."""
        written = 0 if self._error is None else len(content)
        try:
            while written < len(content):
                written += self._file.write(content[written:])
        except OSError as error:
            self._error = error
        return len(content)

    def flush(self) -> None:
        """Do nothing: all is written."""

    def check(self) -> None:
        """Raise the first `OSError` there was."""
        if self._error is not None:
            raise self._error


def _dither(wave: np.ndarray, seed: int) -> np.ndarray:
    """Return int16 with triangular noise of one step, which turns quantisation distortion into even hiss."""
    noise = np.random.default_rng(seed)
    steps = wave * 32767.0 + noise.random(wave.shape) - noise.random(wave.shape)
    return np.clip(np.rint(steps), -32768, 32767).astype(np.int16)
