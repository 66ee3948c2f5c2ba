"""The conversion of files: one recording after another through the same converter."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from rvc import audio, mark
from rvc.config import FRAME_RATE, ConvertConfig
from rvc.converter import Converter
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.names import cut, file_stem, shown
from rvc.paths import make_dir

__all__ = ["Converter", "convert"]

MAX_NAME_BYTES = 255
MAX_LABEL_BYTES = 60


def convert(
    model: Path,
    inputs: Sequence[Path],
    out: Path,
    config: ConvertConfig,
    reporter: Reporter,
    index: Path | None = None,
) -> list[Path]:
    """Convert recordings, and those in folders, into `out`; return the files written, one per recording.

    A recording that cannot be used is named and passed over; `InputError` follows when the others are done.
    Raises `Error` at once when a result cannot be written.
    """
    _check(config)
    converter = Converter.load(model, config, reporter, index)
    make_dir(out)
    recordings, failures = _find(inputs, out)
    targets = output_paths(recordings, out, converter.voice.card.name, config.format)
    written: list[Path] = []
    with reporter.phase("convert", sum(_frames(path) for path in recordings)) as phase:
        for recording, target in zip(recordings, targets, strict=True):
            name = shown(recording.name)
            try:
                wave, rate = _convert_file(converter, recording, config, phase.advance)
            except InputError as error:
                failures.append(error)
                text = f"{name} was skipped: {error.text}"
                reporter.warn(error.code, text, file=shown(recording))
                continue
            audio.write(target, wave, rate, comment=mark.generated(converter.voice.card.name))
            written.append(target)
            reporter.log("converted", f"{name} → {target.name}", file=str(target))
    _raise_failures(failures, len(written))
    return written


def _check(config: ConvertConfig) -> None:
    if config.format == "mp3" and config.rate not in (None, *audio.MP3_RATES_HZ):
        raise InputError(
            "wrong_rate",
            f"MP3 cannot hold {config.rate} Hz.",
            f"Choose one of {', '.join(map(str, audio.MP3_RATES_HZ))}, or another format.",
        )


def _convert_file(
    converter: Converter, recording: Path, config: ConvertConfig, advance: Callable[[int], None]
) -> tuple[np.ndarray, int]:
    wave, rate = audio.read(recording)
    return converter.convert(wave, rate, config, advance)


def _find(inputs: Sequence[Path], out: Path) -> tuple[list[Path], list[InputError]]:
    """Return all recordings, and an error for every input that gives none."""
    recordings: dict[Path, Path] = {}
    failures = []
    for path in inputs:
        try:
            found = audio.find_audio([path], out)
        except InputError as error:
            failures.append(error)
            continue
        if not found:
            failures.append(
                InputError(
                    "no_recordings",
                    f"There are no recordings in {path}.",
                    "To convert a file that RVC Studio made, name the file itself.",
                )
            )
        recordings.update((file.resolve(), file) for file in found)
    return list(recordings.values()), failures


def output_paths(recordings: Sequence[Path], out: Path, voice: str, suffix: str) -> list[Path]:
    """Name a file for every recording after it and the voice: no two alike, and never a recording itself."""
    label = file_stem(voice, max_bytes=MAX_LABEL_BYTES, otherwise="")
    room = MAX_NAME_BYTES - len(f"-99.{suffix}")
    taken = {str(path.resolve()).casefold() for path in recordings}
    targets = []
    for recording in recordings:
        said = cut(shown(recording.stem), room)
        stem = f"{said}_{label}"
        if not label or len(stem.encode()) > room:
            stem = said
        number = 1
        target = out / f"{stem}.{suffix}"
        while str(target.resolve()).casefold() in taken:
            number += 1
            target = out / f"{stem}-{number}.{suffix}"
        taken.add(str(target.resolve()).casefold())
        targets.append(target)
    return targets


def _raise_failures(failures: list[InputError], written: int) -> None:
    if not failures:
        return
    if len(failures) == 1 and not written:
        raise failures[0]
    raise InputError(
        "some_failed",
        f"{len(failures)} of {len(failures) + written} recordings could not be converted: {failures[0].text}",
        "The others are done.",
    )


def _frames(path: Path) -> int:
    return round(audio.duration(path) * FRAME_RATE)
