"""Recordings into a prepared dataset: read, cut, described by content and pitch, part held out for tests.

What a recording becomes depends on its content and the settings only, and is kept under the hash of both:
preparing 500 recordings and one more costs one.
"""

import hashlib
import json
import math
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from rvc import content, device, pitch
from rvc.catalogue import Entry, describe
from rvc.config import FRAME_RATE, RATES_HZ, PrepareConfig
from rvc.dataset import TAKES, Prepared, Skipped, Summary
from rvc.errors import InputError
from rvc.events import Phase, Reporter
from rvc.features import Features
from rvc.recordings import Cutting, Recording, collect, cut
from rvc.takes import ClipRecord, Take, TakeRecord, TakeStore

KEY_VERSION = 1  # raise it when the same recording and settings give other tensors
KEY_LENGTH = 40
GROUP_S = 120.0  # takes are described together up to this length, which is what a stop can lose
READERS = 2  # threads that decode ahead of the networks
LEAST_S = 10.0  # of speech
LEAST_VOICED = 0.005  # a share of voiced frames below which nobody speaks
SETTINGS = (
    "rate",
    "silence_dbfs",
    "window_s",
    "overlap_s",
    "min_clip_s",
    "normalise",
)  # that shape the tensors


def prepare(
    paths: Sequence[Path],
    out: Path,
    config: PrepareConfig,
    reporter: Reporter,
    *,
    features: Features | None = None,
) -> Prepared:
    """Prepare files and folders of recordings into the folder `out`; `features` are networks loaded already.

    Files that cannot be used are named, skipped and listed in the card. Raises `InputError`: missing_path,
    empty_dataset, no_speech, too_short, wrong_rate, bad_settings; `Paused` on a stop request, with finished
    takes kept.
    """
    _check(config)
    recordings, skipped = collect(paths)
    preparation = Preparation(out, config, reporter, features)
    for entry in skipped:
        preparation.skip(entry)
    return preparation.run(recordings)


class Preparation:
    """One run of `prepare`: where its takes are kept, which networks describe them, what it has skipped."""

    def __init__(
        self, out: Path, config: PrepareConfig, reporter: Reporter, features: Features | None
    ) -> None:
        self._out = out
        self._config = config
        self._reporter = reporter
        self._features = features
        self._device = features.device if features else device.pick()
        self._encoder = features.encoder.name if features else config.encoder or content.default_name()
        self._pitch = (
            features.estimator.name if features else config.pitch or pitch.default_name(self._device)
        )
        self._store = TakeStore(out / TAKES)
        self._skipped: list[Skipped] = []

    def run(self, recordings: Sequence[Recording]) -> Prepared:
        """Bring every recording into the store, check that it is enough, and write the card."""
        total = math.ceil(sum(recording.seconds for recording in recordings))
        with self._reporter.phase("prepare", total) as phase:
            records = self._restore(recordings, phase)
            missing = [recording for recording in recordings if recording not in records]
            for recording, take in self._make(missing, phase):
                self._store.add(self._key(recording), take)
                records[recording] = take.record
        used = {one: records[one] for one in recordings if one in records and self._has_speech(one, records)}
        self._check_enough(used)
        entries = [Entry(one, record, self._store.path(self._key(one)).name) for one, record in used.items()]
        card = describe(entries, self._skipped, self._config, encoder=self._encoder, pitch=self._pitch)
        prepared = card.save(self._out)
        self._store.keep_only({self._key(recording) for recording in used})
        self._tell(prepared.summary)
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
        facts = [KEY_VERSION, recording.sha256, settings, self._encoder, self._pitch]
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
        features = self._features or Features.load(self._encoder, self._pitch, self._device)
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
        if records[recording].clips:
            return True
        reason = (
            f"holds nothing louder than {self._config.silence_dbfs:g} dBFS for {self._config.min_clip_s:g} s"
        )
        self.skip(Skipped(file=recording.file, code="no_speech", reason=reason))
        return False

    def _check_enough(self, used: dict[Recording, TakeRecord]) -> None:
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
        if seconds < LEAST_S:
            raise InputError(
                "too_short",
                f"Only {seconds:.1f} s of speech were found; at least {LEAST_S:g} s are needed.",
                "Ten minutes make a good voice.",
            )

    def _tell(self, summary: Summary) -> None:
        self._reporter.log(
            "prepared",
            f"Used {summary.takes} of {summary.files} recordings: {summary.train_s / 60:.1f} min to learn "
            f"from ({summary.train_clips} clips), {summary.test_s:.0f} s held out for testing "
            f"({summary.test_clips} clips).",
            **summary.model_dump(),
        )
        if not summary.test_clips and self._config.held_out and self._config.held_out_max_s:
            self._reporter.warn("no_test_part", "There is too little speech to hold a part out for testing.")


def _check(config: PrepareConfig) -> None:
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
    reason = error.text.removeprefix(str(recording.path)).strip().rstrip(".")
    return Skipped(file=recording.file, code=error.code, reason=reason)


def _described(
    group: Sequence[Cutting], features: Features, phase: Phase
) -> Iterator[tuple[Recording, Take]]:
    """Describe all clips of some recordings in one pass, and count the recordings' seconds as done."""
    done = float(phase.step)
    places = [(number, index) for number, cutting in enumerate(group) for index in range(len(cutting.pieces))]
    found: dict[tuple[int, int], tuple[np.ndarray, np.ndarray]] = {}
    for described in features.describe([group[number].pieces[index].speech for number, index in places]):
        number, index = places[described.index]
        found[number, index] = described.content, described.f0
        done += group[number].seconds / len(group[number].pieces)
        phase.advance(max(0, int(done) - phase.step))
    for number, cutting in enumerate(group):
        parts = [found[number, index] for index in range(len(cutting.pieces))]
        yield cutting.recording, _take(cutting, parts, features.encoder.dim)


def _take(cutting: Cutting, parts: Sequence[tuple[np.ndarray, np.ndarray]], dim: int) -> Take:
    """Lay a take's clips end to end."""
    clips: list[ClipRecord] = []
    offset = 0
    for piece, (_, f0) in zip(cutting.pieces, parts, strict=True):
        voiced = float(np.mean(f0 > 0))
        clips.append(
            ClipRecord(start_s=piece.start_s, offset=offset, frames=len(f0), scale=piece.scale, voiced=voiced)
        )
        offset += len(f0)
    record = TakeRecord(
        sha256=cutting.recording.sha256,
        rate=cutting.rate,
        seconds=cutting.seconds,
        unused_s=cutting.unused_s,
        dim=dim,
        clips=clips,
    )
    wave = np.concatenate([np.zeros(0, np.int16), *(piece.wave for piece in cutting.pieces)])
    features = np.concatenate([np.zeros((0, dim), np.float16), *(features for features, _ in parts)])
    return Take(record, wave, features, np.concatenate([np.zeros(0, np.float32), *(f0 for _, f0 in parts)]))
