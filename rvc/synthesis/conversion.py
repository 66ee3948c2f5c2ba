"""The conversion of files: one recording after another through the same converter."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rvc.config import FRAME_RATE, ConvertConfig
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.names import shown
from rvc.paths import make_dir
from rvc.sound import audio, encoding, mark
from rvc.sound.audio import Stream
from rvc.sound.spool import blocks
from rvc.synthesis import denoise, melody, outputs
from rvc.synthesis.converter import PASSES, Converter, Hear, Spoken
from rvc.synthesis.hearing import Advance
from rvc.synthesis.outputs import Recording
from rvc.synthesis.separation import Separator, Song

__all__ = ["Converted", "Converter", "convert"]

NAMED = 3  # recordings that failed, in a sentence


@dataclass(frozen=True, slots=True)
class Converted:
    """A recording and the file that was made of it, with what was done: in semitones, LUFS and seconds."""

    source: Path
    file: Path
    seconds: float
    pitch_shift: float | None
    lufs: float | None
    backing: Path | None = None


class Ledger(Protocol):
    """Remembers what was converted, where a conversion may be broken off and gone on with."""

    def find(self, source: Path) -> Converted | None:
        """Return what was made of a recording already."""

    def add(self, converted: Converted) -> None:
        """Note what was made of a recording just now."""


def convert(
    model: Path,
    inputs: Sequence[Path],
    out: Path,
    config: ConvertConfig,
    reporter: Reporter,
    index: Path | None = None,
) -> list[Path]:
    """Convert recordings, and those in folders, into `out`; return the files written, one per recording."""
    return [converted.file for converted in convert_all(model, inputs, out, config, reporter, index)]


def convert_all(
    model: Path,
    inputs: Sequence[Path],
    out: Path,
    config: ConvertConfig,
    reporter: Reporter,
    index: Path | None = None,
    *,
    converter: Converter | None = None,
    ledger: Ledger | None = None,
    hear: Hear | None = None,
) -> list[Converted]:
    """Convert recordings, and those in folders, into `out`, in the same sub-folders; say what was done to each.

    `converter` is that of the model and the settings where it is loaded already; what `ledger` knows is not done
    again; `hear` is given what is spoken before there is a file of it. A recording that cannot be used is named and
    passed over; `InputError` follows when the others are done.
    Raises `Error` at once when a result cannot be written.
    """
    _check(config)
    converter = converter or Converter.load(model, config, reporter, index)
    converter.voice.card.speaker_number(config.speaker)
    _warn_of_pitch(converter, config, reporter)
    studio = _Studio(converter, config, reporter, hear)
    make_dir(out)
    recordings, failures = outputs.find(inputs, out)
    _check_curve(config, recordings)
    targets = outputs.targets(recordings, out, converter.voice.card.name, config.format)
    done: list[Converted] = []
    frames = sum(_frames(recording.file) for recording in recordings)
    with reporter.phase("convert", PASSES * frames) as phase:
        for recording, target in zip(recordings, targets, strict=True):
            if ledger and (earlier := ledger.find(recording.file)):
                done.append(earlier)
                phase.advance(PASSES * _frames(recording.file))
                continue
            with ExitStack() as open_waves:
                try:
                    said = studio.speak(recording.file, open_waves, phase.advance)
                except InputError as error:
                    failures.append(_skip(recording.file, error, reporter))
                    continue
                done.append(studio.write(recording.file, said, target))
            if ledger:
                ledger.add(done[-1])
            _say(done[-1], config, reporter)
    _raise_failures(failures, len(done))
    return done


def _skip(file: Path, error: InputError, reporter: Reporter) -> InputError:
    """Say that a recording is passed over; return the reason with its name."""
    name = shown(file.name)
    reporter.warn(error.code, f"{name} was skipped: {error.text}", file=shown(file))
    return InputError(error.code, error.text if name in error.text else f"{name}: {error.text}", error.hint)


def _check(config: ConvertConfig) -> None:
    """Raise `InputError` for settings that do not go together, or need what is not there."""
    known = encoding.RATES_HZ.get(f".{config.format}")
    if known and config.rate not in (None, *known):
        raise InputError(
            "wrong_rate",
            f"{config.format.upper()} cannot hold {config.rate} Hz.",
            f"Choose one of {', '.join(map(str, known))}, or another format.",
        )
    if config.pitch_curve:
        melody.read_curve(Path(config.pitch_curve))
    denoise.cleaner(config.denoise)


def _warn_of_pitch(converter: Converter, config: ConvertConfig, reporter: Reporter) -> None:
    """Say which settings mean nothing to a voice without pitch."""
    if not converter.voice.card.pitch and (config.pitch_shift or config.autotune or config.pitch_curve):
        name = converter.voice.card.name
        reporter.warn(
            "no_pitch", f'The voice "{name}" was trained without pitch: settings of pitch do nothing.'
        )


def _check_curve(config: ConvertConfig, recordings: Sequence[Recording]) -> None:
    if config.pitch_curve and len(recordings) > 1:
        raise InputError(
            "one_curve",
            f"A pitch curve is that of one recording, and here are {len(recordings)}.",
            "Convert them one by one.",
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """What was made of a recording, and the song that it was a part of."""

    spoken: Spoken
    song: Song | None


class _Studio:
    """What a conversion of files goes through: the converter, and what takes songs apart where it is asked for."""

    def __init__(
        self, converter: Converter, config: ConvertConfig, reporter: Reporter, hear: Hear | None
    ) -> None:
        self._converter = converter
        self._hear = hear
        self._config = config
        self._reporter = reporter
        self._separator = Separator.load(config.device) if config.separate else None

    def speak(self, source: Path, open_waves: ExitStack, advance: Advance) -> _Said:
        """Convert a recording; what is made lies in waves that `open_waves` closes."""
        stream, song = audio.stream(source), None
        if self._separator is not None:
            song = open_waves.enter_context(self._separator.split(source, self._reporter))
            stream = Stream(song.vocals.rate, blocks(song.vocals))
        spoken = self._converter.speak(stream, self._config, advance, self._hear)
        return _Said(open_waves.enter_context(spoken), song)

    def write(self, source: Path, said: _Said, target: Path) -> Converted:
        """Write what was said, and the backing of a song beside it."""
        spoken, overwrite = said.spoken, self._config.overwrite
        comment = mark.generated(self._converter.voice.card.name)

        def write_spoken(path: Path) -> None:
            encoding.write(path, spoken.blocks(), spoken.wave.rate, comment=comment)

        file, backing = outputs.save(target, write_spoken, overwrite=overwrite), None
        if said.song is not None:
            place = file.with_stem(f"{file.stem}_backing")
            backing = outputs.save(place, said.song.write_backing, overwrite=overwrite)
        return Converted(source, file, spoken.seconds, spoken.semitones, spoken.gain.lufs, backing)


def _say(converted: Converted, config: ConvertConfig, reporter: Reporter) -> None:
    """Tell what became of a recording, and by how much its pitch was shifted."""
    text = f"{shown(converted.source.name)} → {shown(converted.file.name)}"
    if converted.pitch_shift or (converted.pitch_shift is not None and config.pitch_shift == "auto"):
        text += f", pitch {converted.pitch_shift:+g} semitones"
    if config.loudness is not None and converted.lufs is not None:
        text += f", {converted.lufs:.1f} LUFS"
        if converted.lufs < config.loudness - 0.1:
            text += " (its peaks allow no more)"
    reporter.log(
        "converted",
        text,
        file=shown(converted.file),
        pitch_shift=converted.pitch_shift,
        seconds=round(converted.seconds, 3),
        lufs=converted.lufs,
    )


def _raise_failures(failures: list[InputError], written: int) -> None:
    if not failures:
        return
    if len(failures) == 1 and not written:
        raise failures[0]
    named = "; ".join(error.text.rstrip(".") for error in failures[:NAMED])
    more = f"; and {len(failures) - NAMED} more" if len(failures) > NAMED else ""
    raise InputError(
        "some_failed",
        f"{len(failures)} of {len(failures) + written} recordings could not be converted: {named}{more}.",
        "The others are done." if written else "Nothing was written.",
    )


def _frames(path: Path) -> int:
    return round(audio.duration(path) * FRAME_RATE)
