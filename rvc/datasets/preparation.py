"""Recordings into a prepared dataset: read, cut, described by content and pitch, part held out for tests.

What a recording becomes depends on its content and the settings only, and is kept under the hash of both:
preparing 500 recordings and one more costs one.
"""

import hashlib
import json
import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rvc.analysis import networks
from rvc.config import FRAME_RATE, RATES_HZ, PrepareConfig
from rvc.datasets.catalogue import Entry, describe
from rvc.datasets.choice import Choice
from rvc.datasets.dataset import TAKES, Prepared, Skipped
from rvc.datasets.recordings import Cutting, Recording, collect, cut
from rvc.datasets.takes import ClipRecord, Take, TakeRecord, TakeStore
from rvc.errors import InputError
from rvc.events import Phase, Reporter
from rvc.names import shown

if (
    TYPE_CHECKING
):  # what knows torch takes seconds to import, and nothing of it is needed where nothing has changed
    from rvc.analysis.features import Described, Features

KEY_VERSION = 2  # raise it when the same recording and settings give other tensors or another record
KEY_LENGTH = 40
GROUP_S = 60.0  # takes are described together up to this length, which is what a stop can lose
READERS = 2  # threads that decode ahead of the networks
LEAST_VOICED = 0.005  # a share of voiced frames below which nobody speaks
SETTINGS = (
    "rate",
    "silence_dbfs",
    "window_s",
    "overlap_s",
    "min_clip_s",
    "normalise",
)  # that shape the tensors


@dataclass(frozen=True, slots=True)
class Purpose:
    """What recordings are prepared for: how much speech that takes at least, and what to say to less."""

    least_s: float
    hint: str


TRAINING = Purpose(10.0, "Ten minutes make a good voice.")
TESTING = Purpose(1.0, "A minute makes a good test.")


def prepare(
    paths: Sequence[Path],
    out: Path,
    config: PrepareConfig,
    reporter: Reporter,
    *,
    features: "Features | None" = None,
) -> Prepared:
    """Prepare files and folders of recordings into the folder `out`; `features` are networks loaded already.

    Files that cannot be used are named, skipped and listed in the card. Raises `InputError`: missing_path,
    empty_dataset, no_speakers, too_many_speakers, no_speech, too_short, wrong_rate, bad_settings; `Paused` on a
    stop request, with finished takes kept.
    """
    prepared = _prepare(paths, out, config, reporter, features, TRAINING)
    _tell(prepared, reporter)
    return prepared


def prepare_recordings(
    recordings: Sequence[Recording], out: Path, config: PrepareConfig, reporter: Reporter
) -> Prepared:
    """Prepare recordings, chosen and given their speakers before; raises as `prepare` does."""
    check(config)
    prepared = Preparation(out, config, reporter, None).run(recordings, TRAINING)
    _tell(prepared, reporter)
    return prepared


def prepare_testset(
    paths: Sequence[Path], out: Path, config: PrepareConfig, reporter: Reporter, features: "Features"
) -> Prepared:
    """Prepare recordings to test a voice on; raises as `prepare` does, but little speech is enough."""
    return _prepare(paths, out, config, reporter, features, TESTING)


def _prepare(
    paths: Sequence[Path],
    out: Path,
    config: PrepareConfig,
    reporter: Reporter,
    features: "Features | None",
    purpose: Purpose,
) -> Prepared:
    if features is None:
        check(config)
    else:
        _check_settings(config)
    recordings, skipped = collect(paths, speakers=config.speakers)
    preparation = Preparation(out, config, reporter, features)
    for entry in skipped:
        preparation.skip(entry)
    return preparation.run(recordings, purpose)


class Preparation:
    """One preparation: where its takes are kept, which networks describe them, what it has skipped."""

    def __init__(
        self, out: Path, config: PrepareConfig, reporter: Reporter, features: "Features | None"
    ) -> None:
        self._out = out
        self._config = config
        self._reporter = reporter
        self._features = features
        self._choice = Choice.of(features) if features else Choice.make(out, config)
        self._store = TakeStore(out / TAKES, reporter)
        self._skipped: list[Skipped] = []

    def run(self, recordings: Sequence[Recording], purpose: Purpose) -> Prepared:
        """Bring every recording into the store, check that it is enough, and write the card."""
        total = math.ceil(sum(recording.seconds for recording in recordings))
        with self._reporter.phase("prepare", total, unit="seconds") as phase:
            records = self._restore(recordings, phase)
            missing = [recording for recording in recordings if recording not in records]
            for recording, take in self._make(missing, phase):
                self._store.add(self._key(recording), take)
                records[recording] = take.record
        used = {one: records[one] for one in recordings if one in records and self._has_speech(one, records)}
        self._check_enough(used, purpose)
        entries = [Entry(one, record, self._store.path(self._key(one)).name) for one, record in used.items()]
        card = describe(entries, self._skipped, self._config, self._choice)
        prepared = card.save(self._out)
        self._store.keep_only({self._key(recording) for recording in used})
        return prepared

    def skip(self, entry: Skipped) -> None:
        """Leave a file out, and say so."""
        self._skipped.append(entry)
        self._reporter.warn(
            "skipped_file", f"{entry.file} {entry.reason}.", file=entry.file, reason=entry.code
        )

    def _key(self, recording: Recording) -> str:
        """Return the name of what a recording becomes: equal content and settings, equal key."""
        settings = {name: getattr(self._config, name) for name in SETTINGS}
        facts = [KEY_VERSION, recording.sha256, settings, self._choice.encoder, self._choice.pitch]
        if self._choice.precision != "fp32":
            facts.append(self._choice.precision)
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:KEY_LENGTH]

    def _restore(self, recordings: Sequence[Recording], phase: Phase) -> dict[Recording, TakeRecord]:
        """Return the takes that were made before."""
        records = {}
        done = float(phase.step)
        for recording in recordings:
            record = self._store.find(self._key(recording))
            if record:
                records[recording] = record
                done += recording.seconds
                phase.advance(int(done) - phase.step)
        return records

    def _make(self, recordings: Sequence[Recording], phase: Phase) -> Iterator[tuple[Recording, Take]]:
        """Read and describe recordings, many short ones at a time."""
        if not recordings:
            return
        features = self._features or self._choice.load()
        group: list[Cutting] = []
        for recording, result in _read_ahead(recordings, self._config):
            if isinstance(result, InputError):
                self.skip(_unreadable(recording, result))
                phase.advance(round(recording.seconds))
                continue
            group.append(result)
            if sum(cutting.seconds for cutting in group) >= GROUP_S:
                yield from _described(group, features, phase)
                group = []
        yield from _described(group, features, phase)

    def _has_speech(self, recording: Recording, records: dict[Recording, TakeRecord]) -> bool:
        record, least_s = records[recording], self._config.min_clip_s
        if record.clips:
            return True
        if record.seconds < least_s:
            reason = f"is only {record.seconds:.2f} s long"
        else:
            reason = f"holds nothing louder than {self._config.silence_dbfs:g} dBFS for {least_s:g} s"
        self.skip(Skipped(file=recording.file, code="no_speech", reason=reason))
        return False

    def _check_enough(self, used: dict[Recording, TakeRecord], purpose: Purpose) -> None:
        """Raise `InputError` when what is left is no voice to learn."""
        clips = [clip for record in used.values() for clip in record.clips]
        seconds = sum(clip.frames for clip in clips) / FRAME_RATE
        voiced = sum(clip.voiced * clip.frames for clip in clips) / FRAME_RATE
        if not used and all(entry.code != "no_speech" for entry in self._skipped):
            first = self._skipped[0]
            raise InputError(
                "empty_dataset", f"None of the recordings can be used: {first.file} {first.reason}."
            )
        if voiced <= LEAST_VOICED * seconds:
            raise InputError(
                "no_speech",
                "No speech was found in the recordings.",
                f"Quieter than {self._config.silence_dbfs:g} dBFS counts as silence.",
            )
        if seconds < purpose.least_s:
            raise InputError(
                "too_short",
                f"Only {seconds:.1f} s of speech were found; at least {purpose.least_s:g} s are needed.",
                purpose.hint,
            )


def _tell(prepared: Prepared, reporter: Reporter) -> None:
    summary, config = prepared.summary, prepared.config
    files = _count(summary.files, "recording")
    if config.speakers:
        files += f" of {_count(len(prepared.speakers), 'speaker')}"
    reporter.log(
        "prepared",
        f"Used {summary.takes} of {files}: {summary.train_s / 60:.1f} min to learn "
        f"from ({_count(summary.train_clips, 'clip')}), {summary.test_s:.0f} s held out for testing "
        f"({_count(summary.test_clips, 'clip')}).",
        **summary.model_dump(),
    )
    if not summary.test_clips and config.held_out and config.held_out_max_s:
        reporter.warn("no_test_part", "There is too little speech to hold a part out for testing.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def check(config: PrepareConfig) -> None:
    """Raise `InputError` where settings cannot be used or name networks that are not here, before anything is read."""
    _check_settings(config)
    if config.encoder:
        networks.check_encoder(config.encoder)
    if config.pitch:
        networks.check_estimator(config.pitch)


def _check_settings(config: PrepareConfig) -> None:
    rates = sorted({rate for rates in RATES_HZ.values() for rate in rates})
    if config.rate not in rates:
        raise InputError(
            "wrong_rate",
            f"No model has a rate of {config.rate} Hz.",
            f"Choose one of {', '.join(map(str, rates))}.",
        )
    if config.overlap_s >= config.window_s or config.min_clip_s > config.window_s:
        raise InputError("bad_settings", "The window must be longer than its overlap and the shortest clip.")


def _read_ahead(
    recordings: Sequence[Recording], config: PrepareConfig
) -> Iterator[tuple[Recording, Cutting | InputError]]:
    """Yield recordings in order, read and cut by threads ahead of time; or why one cannot be used."""
    pool = ThreadPoolExecutor(READERS)
    waiting: deque[tuple[Recording, Future[Cutting]]] = deque()
    try:
        for recording in recordings:
            waiting.append((recording, pool.submit(cut, recording, config)))
            if len(waiting) > READERS:
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _result(recording: Recording, future: Future[Cutting]) -> tuple[Recording, Cutting | InputError]:
    try:
        return recording, future.result()
    except InputError as error:
        return recording, error


def _unreadable(recording: Recording, error: InputError) -> Skipped:
    reason = error.text.removeprefix(shown(recording.path)).strip().rstrip(".")
    return Skipped(file=recording.file, code=error.code, reason=reason)


def _described(
    group: Sequence[Cutting], features: "Features", phase: Phase
) -> Iterator[tuple[Recording, Take]]:
    """Describe all clips of some recordings in one pass, and count the recordings' seconds as done.

    A take is yielded with its last clip, before the phase hears of that: a stop does not lose it.
    """
    done = float(phase.step)
    dim = features.encoder.dim
    places = [(number, index) for number, cutting in enumerate(group) for index in range(len(cutting.clips))]
    found: list[dict[int, Described]] = [{} for _ in group]
    yield from ((cutting.recording, _take(cutting, {}, dim)) for cutting in group if not cutting.clips)
    for described in features.describe([group[number].clips[index].speech for number, index in places]):
        number, index = places[described.index]
        cutting = group[number]
        found[number][index] = described
        if len(found[number]) == len(cutting.clips):
            yield cutting.recording, _take(cutting, found[number], dim)
        done += cutting.seconds / len(cutting.clips)
        phase.advance(max(0, int(done) - phase.step))


def _take(cutting: Cutting, found: "Mapping[int, Described]", dim: int) -> Take:
    """Lay a take's clips end to end; `found` describes each by its number."""
    clips: list[ClipRecord] = []
    parts = [found[index] for index in range(len(cutting.clips))]
    offset = 0
    for clip, part in zip(cutting.clips, parts, strict=True):
        frames, voiced = len(part.f0), float(np.mean(part.f0 > 0))
        clips.append(
            ClipRecord(start_s=clip.start_s, offset=offset, frames=frames, scale=clip.scale, voiced=voiced)
        )
        offset += frames
    record = TakeRecord(
        sha256=cutting.recording.sha256,
        rate=cutting.rate,
        bandwidth_hz=cutting.bandwidth_hz,
        seconds=cutting.seconds,
        unused_s=cutting.unused_s,
        dim=dim,
        clips=clips,
    )
    return Take(
        record,
        wave=np.concatenate([np.zeros(0, np.int16), *(clip.wave for clip in cutting.clips)]),
        content=np.concatenate([np.zeros((0, dim), np.float16), *(part.content for part in parts)]),
        f0=np.concatenate([np.zeros(0, np.float32), *(part.f0 for part in parts)]),
    )
