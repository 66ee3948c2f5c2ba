"""The card of a prepared dataset, written from what was made of its recordings."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rvc.config import FRAME_RATE, PrepareConfig
from rvc.datasets import split
from rvc.datasets.choice import Choice
from rvc.datasets.dataset import TAKES, ClipCard, Prepared, Skipped, Summary, TakeCard
from rvc.datasets.recordings import Recording
from rvc.datasets.takes import ClipRecord, TakeRecord
from rvc.names import shown
from rvc.sound import bandwidth
from rvc.voices.card import EncoderCard


@dataclass(frozen=True, slots=True)
class Entry:
    """A recording that is used, what was made of it, and the name of the file that holds that."""

    recording: Recording
    record: TakeRecord
    file: str


def describe(
    entries: Sequence[Entry], skipped: Sequence[Skipped], config: PrepareConfig, choice: Choice
) -> Prepared:
    """Split the clips into training and test part, and write down what the dataset is."""
    speakers = sorted({entry.recording.speaker for entry in entries})
    sides = _split(entries, config)
    bandwidths = _bandwidths(entries, config.rate)
    takes = [_take_card(entry.recording, entry.record) for entry in entries]
    clips = [
        clip
        for entry in entries
        for clip in _clip_cards(
            entry,
            sides[entry.recording.sha256],
            speakers.index(entry.recording.speaker),
            bandwidths[entry.recording.sha256],
        )
    ]
    seconds = sum(entry.record.frames for entry in entries) / FRAME_RATE
    return Prepared(
        rate=config.rate,
        encoder=EncoderCard(name=choice.encoder, dim=entries[0].record.dim),
        pitch=choice.pitch,
        precision=choice.precision,
        config=config,
        summary=_summary(takes, clips, seconds, len(skipped)),
        speakers=speakers,
        takes=takes,
        clips=clips,
        skipped=list(skipped),
    )


def _split(entries: Sequence[Entry], config: PrepareConfig) -> dict[str, list[split.Side]]:
    said = split.sentences([entry.recording.path for entry in entries])
    takes = [
        split.SplitTake(
            entry.recording.sha256,
            shown(sentence),
            tuple(map(_span, entry.record.clips)),
            entry.recording.speaker,
        )
        for entry, sentence in zip(entries, said, strict=True)
    ]
    return split.assign(takes, config)


def _span(clip: ClipRecord) -> tuple[float, float]:
    return clip.start_s, clip.start_s + clip.frames / FRAME_RATE


def _bandwidths(entries: Sequence[Entry], rate: int) -> dict[str, float | None]:
    """Return what to take for each take's bandwidth, Hz, by its hash; None where it fills the dataset's rate.

    Speakers may have several recorders, so a take has its own; but no more than is common for its speaker, since the
    takes in which no edge can be seen would teach that there is silence above it.
    """
    groups: dict[str, list[TakeRecord]] = defaultdict(list)
    for entry in entries:
        groups[entry.recording.speaker].append(entry.record)
    common = {
        speaker: bandwidth.common_hz(
            [_own_hz(record) for record in records], [one.seconds for one in records]
        )
        for speaker, records in groups.items()
    }
    found = {
        entry.recording.sha256: min(_own_hz(entry.record), common[entry.recording.speaker])
        for entry in entries
    }
    return {sha256: None if bandwidth.is_full(hz, rate) else hz for sha256, hz in found.items()}


def _own_hz(record: TakeRecord) -> float:
    return record.rate / 2 if record.bandwidth_hz is None else record.bandwidth_hz


def _take_card(recording: Recording, record: TakeRecord) -> TakeCard:
    return TakeCard(
        name=recording.name,
        file=recording.file,
        sha256=recording.sha256,
        rate=record.rate,
        seconds=record.seconds,
        unused_s=record.unused_s,
        clips=len(record.clips),
    )


def _clip_cards(
    entry: Entry, sides: Sequence[split.Side], speaker: int, bandwidth_hz: float | None
) -> list[ClipCard]:
    """Describe the clips of a take that are on either side."""
    return [
        ClipCard(
            name=f"{entry.recording.name}-{number:03}",
            take=entry.recording.name,
            file=f"{TAKES}/{entry.file}",
            split="test" if side == "test" else "train",
            speaker=speaker,
            start=clip.start_s,
            seconds=clip.frames / FRAME_RATE,
            offset=clip.offset,
            frames=clip.frames,
            scale=clip.scale,
            voiced=clip.voiced,
            bandwidth_hz=bandwidth_hz,
        )
        for number, (clip, side) in enumerate(zip(entry.record.clips, sides, strict=True))
        if side != "guard"
    ]


def _summary(takes: Sequence[TakeCard], clips: Sequence[ClipCard], seconds: float, skipped: int) -> Summary:
    """Sum up; `seconds` are those of all clips, the ones thrown away as guards included."""
    length = {side: sum(clip.seconds for clip in clips if clip.split == side) for side in ("train", "test")}
    test = sum(clip.split == "test" for clip in clips)
    voiced = sum(clip.voiced * clip.seconds for clip in clips) / sum(length.values())
    return Summary(
        files=len(takes) + skipped,
        takes=len(takes),
        clips=len(clips),
        train_clips=len(clips) - test,
        test_clips=test,
        recorded_s=round(sum(take.seconds for take in takes), 2),
        train_s=round(length["train"], 2),
        test_s=round(length["test"], 2),
        unused_s=round(sum(take.unused_s for take in takes), 2),
        guard_s=round(max(0.0, seconds - length["train"] - length["test"]), 2),
        voiced=round(voiced, 3),
        skipped=skipped,
    )
