"""The conversion of files: one recording after another through the same converter."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from rvc import audio
from rvc.config import FRAME_RATE, ConvertConfig
from rvc.converter import Converter
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.paths import make_dir

__all__ = ["Converter", "convert"]

MAX_NAME_BYTES = 255


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
    """
    converter = Converter.load(model, config, index)
    make_dir(out)
    recordings, failures = _find(inputs)
    targets = output_paths(recordings, out, converter.voice.card.name, config.format)
    written: list[Path] = []
    with reporter.phase("convert", sum(_frames(path) for path in recordings)) as phase:
        for recording, target in zip(recordings, targets, strict=True):
            try:
                _convert_file(converter, recording, target, config, phase.advance)
            except InputError as error:
                failures.append(error)
                reporter.warn(error.code, f"{recording.name} was skipped: {error.text}", file=str(recording))
            else:
                written.append(target)
                reporter.log("converted", f"{recording.name} → {target.name}", file=str(target))
    _raise_failures(failures, len(written))
    return written


def _convert_file(
    converter: Converter, recording: Path, target: Path, config: ConvertConfig, advance: Callable[[int], None]
) -> None:
    wave, rate = audio.read(recording)
    result, rate = converter.convert(wave, rate, config, advance)
    name = converter.voice.card.name
    audio.write(target, result, rate, comment=f"AI generated: the voice {name}, by RVC Studio")


def _find(inputs: Sequence[Path]) -> tuple[list[Path], list[InputError]]:
    """Return all recordings, and an error for every input that gives none."""
    recordings: dict[Path, Path] = {}
    failures = []
    for path in inputs:
        try:
            found = audio.find_audio([path])
        except InputError as error:
            failures.append(error)
            continue
        if not found:
            failures.append(InputError("no_recordings", f"There are no recordings in {path}."))
        recordings.update((file.resolve(), file) for file in found)
    return list(recordings.values()), failures


def output_paths(recordings: Sequence[Path], out: Path, voice: str, suffix: str) -> list[Path]:
    """Name a file for every recording after it and the voice: no two alike, and never a recording itself."""
    label = re.sub(r'[<>:"/\\|?*\s\x00-\x1f]+', "-", voice).strip(" .-")[:60]
    taken = {str(path.resolve()).casefold() for path in recordings}
    targets = []
    for recording in recordings:
        stem = f"{recording.stem}_{label}" if label else recording.stem
        if len(f"{stem}-99.{suffix}".encode()) > MAX_NAME_BYTES:
            stem = recording.stem
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
