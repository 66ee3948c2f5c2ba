from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from rvc.config import PrepareConfig
from rvc.datasets.dataset import Prepared
from rvc.datasets.preparation import prepare
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.learning import data
from rvc.learning.data import Batch, Clips
from rvc.sound import audio
from tests.sounds import CrossingEstimator, features, record, sentences

RATE_HZ = 24000
HOP = 240
CONFIG = PrepareConfig(rate=RATE_HZ, normalise=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def prepared(folder: Path) -> Iterator[Prepared]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RVC_STUDIO_HOME", str(folder / "home"))
        for number in range(12):
            wave = sentences(1, RATE_HZ, seconds=0.7 + 0.3 * number, seed=number)
            record(folder / f"takes/{number}.flac", wave, RATE_HZ)
        yield prepare([folder / "takes"], folder / "out", CONFIG, Reporter(), features=features())


@pytest.fixture(scope="module")
def clips(prepared: Prepared) -> Clips:
    return data.load(prepared, "train")


def find(clips: Clips, wave: torch.Tensor) -> int:
    """Return the clip whose start a row of a batch holds."""
    heads = torch.stack([clips.clip(index).wave[: 40 * HOP] for index in range(len(clips))])
    distance = (heads - wave[: 40 * HOP]).abs().amax(1)
    assert distance.min() == 0
    return int(distance.argmin())


def test_clips_are_what_was_recorded(prepared: Prepared, clips: Clips, folder: Path) -> None:
    assert len(clips) == prepared.summary.train_clips
    assert clips.seconds == pytest.approx(prepared.summary.train_s)
    for index, card in enumerate(clips.cards):
        clip = clips.clip(index)
        source = audio.read(folder / "takes" / f"{card.take}.flac")[0]
        filtered = audio.highpass(source, RATE_HZ, zero_phase=False)
        start = round(card.start * RATE_HZ)
        expected = filtered[start : start + card.frames * HOP]
        assert (clip.name, clip.source, clip.speaker) == (card.name, card.take, 0)
        assert clip.wave.numpy() == pytest.approx(expected, abs=2e-5)
        assert clip.content.shape == (card.frames // 2, 4)
        assert clip.content.dtype == torch.float16
        assert clip.f0.shape == (card.frames,)
        speech = audio.resample(filtered, RATE_HZ, 16000)[round(card.start * 16000) :][: card.frames * 160]
        pitch = CrossingEstimator().estimate(torch.from_numpy(speech)[None])[0]
        assert torch.equal(clip.f0[:-8], pitch[: len(clip.f0) - 8])  # the estimator of tests sees padding
        assert clip.f0.max() > 100


def test_content_follows_the_wave(clips: Clips) -> None:
    """The loudness that the test's encoder heard is that of the wave, frame by frame."""
    for index in range(len(clips)):
        clip = clips.clip(index)
        level = clip.wave.reshape(-1, 2 * HOP).square().mean(1).sqrt()
        assert np.corrcoef(level, clip.content[:, 0])[0, 1] > 0.98


@pytest.mark.parametrize("batch_size", [1, 3, 4, 11, 64])
def test_an_epoch_holds_every_clip(clips: Clips, batch_size: int) -> None:
    steps = -(-len(clips) // batch_size)
    rows = [row for step in range(steps) for row in clips.batch(step, batch_size, seed=0).wave[:, 0]]
    seen = Counter(find(clips, row) for row in rows)
    assert set(seen) == set(range(len(clips)))
    assert len(rows) == steps * batch_size
    if batch_size < len(clips):
        assert sum(count - 1 for count in seen.values()) < batch_size


def check_rows(clips: Clips, batch: Batch, starts: list[int]) -> None:
    """Every row is a stretch of its clip, then zeros."""
    for row, start in enumerate(starts):
        clip = clips.clip(find(clips, batch.wave[row, 0])) if start == 0 else None
        length = int(batch.lengths[row])
        if clip:
            assert torch.equal(batch.wave[row, 0, : length * HOP], clip.wave[: length * HOP])
            assert torch.equal(batch.f0[row, :length], clip.f0[:length])
            content = clip.content.float().repeat_interleave(2, 0)
            assert torch.equal(batch.content[row, :length], content[:length])
        assert not batch.wave[row, 0, length * HOP :].any()
        assert not batch.f0[row, length:].any()
        assert not batch.content[row, length:].any()


def test_batches_hold_whole_clips_and_zeros(clips: Clips) -> None:
    batch = clips.batch(0, 4, seed=0)
    frames = int(batch.lengths.max())
    assert batch.content.shape == (4, frames, 4)
    assert batch.f0.shape == (4, frames)
    assert batch.wave.shape == (4, 1, frames * HOP)
    assert (batch.speaker.dtype, batch.lengths.dtype) == (torch.int64, torch.int64)
    assert {part.dtype for part in (batch.content, batch.f0, batch.wave)} == {torch.float32}
    check_rows(clips, batch, [0] * 4)
    rows = [find(clips, row) for row in batch.wave[:, 0]]
    assert batch.lengths.tolist() == [len(clips.clip(row).f0) for row in rows]


def test_batches_can_be_padded_to_few_lengths(clips: Clips) -> None:
    for step in range(8):
        batch, padded = clips.batch(step, 4, seed=0), clips.batch(step, 4, seed=0, multiple=64)
        frames = padded.f0.shape[1]
        assert frames % 64 == 0
        assert 0 <= frames - batch.f0.shape[1] < 64
        assert torch.equal(padded.lengths, batch.lengths)
        check_rows(clips, padded, [0] * 4)


def test_batches_have_little_padding(clips: Clips) -> None:
    batches = [clips.batch(step, 3, seed=0) for step in range(40)]
    frames = sum(batch.f0.numel() for batch in batches)
    assert sum(int(batch.lengths.sum()) for batch in batches) > 0.75 * frames
    assert len({tuple(sorted(batch.lengths.tolist())) for batch in batches}) > 10


def test_segments_are_stretches_of_clips(clips: Clips) -> None:
    batch = clips.segments(3, 16, seed=5, frames=100)
    assert batch.content.shape == (16, 100, 4)
    assert batch.wave.shape == (16, 1, 100 * HOP)
    whole = torch.cat([clips.clip(index).wave for index in range(len(clips))])
    for row in range(16):
        length = int(batch.lengths[row])
        piece = batch.wave[row, 0, : length * HOP]
        places = torch.arange(0, len(whole) - len(piece) + 1, HOP)
        assert any(torch.equal(whole[place : place + len(piece)], piece) for place in places)
    check_rows(clips, batch, [1] * 16)


def test_short_clips_are_padded_in_segments(clips: Clips) -> None:
    frames = 330
    batches = [clips.segments(step, 4, seed=0, frames=frames) for step in range(3)]
    assert min(int(batch.lengths.min()) for batch in batches) < frames
    assert max(int(batch.lengths.max()) for batch in batches) == frames


def test_segments_of_an_epoch_come_from_every_clip(clips: Clips) -> None:
    count = len(clips)
    frames = [clips.segments(step, 1, seed=0, frames=40).wave[0, 0, :HOP] for step in range(count, 2 * count)]
    owners = [_owner(clips, frame) for frame in frames]
    assert sorted(owners) == list(range(count))


def _owner(clips: Clips, frame: torch.Tensor) -> int:
    """Return the clip that holds this frame of a wave."""
    waves = [clips.clip(index).wave.reshape(-1, HOP) for index in range(len(clips))]
    return next(index for index, wave in enumerate(waves) if (wave == frame).all(1).any())


@pytest.mark.parametrize("kind", ["batch", "segments"])
def test_a_step_depends_on_the_seed_and_itself_only(prepared: Prepared, clips: Clips, kind: str) -> None:
    def make(source: Clips, step: int, seed: int) -> torch.Tensor:
        one = source.batch(step, 4, seed) if kind == "batch" else source.segments(step, 4, seed, 60)
        return one.content.mean((0, 1))

    again = data.load(prepared, "train")
    for step in (7, 0, 123):
        assert torch.equal(make(clips, step, 1), make(again, step, 1))
    assert not torch.equal(make(clips, 0, 1), make(clips, 0, 2))
    assert not torch.equal(make(clips, 0, 1), make(clips, 1, 1))
    make(clips, 0, -1)


def test_the_test_part_is_loaded_apart(prepared: Prepared, clips: Clips) -> None:
    test = data.load(prepared, "test")
    assert len(test) > 0
    assert not {card.take for card in test.cards} & {card.take for card in clips.cards}


def test_an_empty_part_says_so(prepared: Prepared) -> None:
    empty = data.load(prepared.model_copy(update={"clips": []}), "train")
    assert len(empty) == 0
    assert empty.seconds == 0
    with pytest.raises(InputError, match="no clips"):
        empty.batch(0, 4, 0)
    with pytest.raises(InputError, match="no clips"):
        empty.segments(0, 4, 0, 100)


def with_cards(prepared: Prepared, **fields: list[object]) -> Prepared:
    """Return a dataset whose clips have other speakers or bandwidths."""
    clips = [
        card.model_copy(update={name: values[number % len(values)] for name, values in fields.items()})
        for number, card in enumerate(prepared.clips)
    ]
    return prepared.model_copy(update={"clips": clips})


def test_rows_know_their_speaker(prepared: Prepared) -> None:
    clips = data.load(with_cards(prepared, speaker=[0, 0, 1]), "train")
    batch = clips.segments(0, 24, seed=0, frames=40)
    assert set(batch.speaker.tolist()) == {0, 1}
    for row in range(8):
        owner = _owner(clips, batch.wave[row, 0, :HOP])
        assert int(batch.speaker[row]) == clips.cards[owner].speaker
    pitches = [clips.usual_pitch_of(speaker) for speaker in (0, 1)]
    for speaker, pitch in enumerate(pitches):
        f0 = torch.cat([clips.clip(n).f0 for n, card in enumerate(clips.cards) if card.speaker == speaker])
        assert pitch == float(f0[f0 > 0].median())
    assert clips.usual_pitch_of(2) is None


def test_a_batch_of_full_recordings_has_no_bandwidth(prepared: Prepared, clips: Clips) -> None:
    assert clips.segments(0, 8, seed=0, frames=40).bandwidth_hz is None
    narrow = data.load(with_cards(prepared, bandwidth_hz=[4000.0, None]), "train", widest_is_full=False)
    for kind in (narrow.segments(0, 8, seed=0, frames=40), narrow.batch(0, 8, seed=0)):
        assert kind.bandwidth_hz is not None
        for row, hz in zip(kind.wave[:, 0], kind.bandwidth_hz.tolist(), strict=True):
            card = narrow.cards[_owner(narrow, row[:HOP])]
            assert hz == (card.bandwidth_hz or np.inf)


def test_without_a_base_the_widest_recordings_count_as_full(prepared: Prepared) -> None:
    narrow = with_cards(prepared, bandwidth_hz=[4000.0, 8000.0])
    assert {card.bandwidth_hz for card in data.load(narrow, "train").cards} == {4000.0, None}
    based = data.load(narrow, "train", widest_is_full=False)
    assert {card.bandwidth_hz for card in based.cards} == {4000.0, 8000.0}
    alike = with_cards(prepared, bandwidth_hz=[4000.0])
    assert data.load(alike, "train").segments(0, 4, seed=0, frames=40).bandwidth_hz is None


@pytest.mark.gpu
@pytest.mark.parametrize("fits", [True, False])
def test_a_step_never_waits_for_the_gpu(
    prepared: Prepared, clips: Clips, monkeypatch: pytest.MonkeyPatch, fits: bool
) -> None:
    if not torch.cuda.is_available():
        pytest.skip("no GPU here")
    monkeypatch.setattr(data, "GPU_SHARE", 0.5 if fits else 0.0)
    there = data.load(prepared, "train", "cuda")
    there.batch(0, 4, 0)
    torch.cuda.set_sync_debug_mode("error")
    try:
        batches = [there.batch(1, 4, 0), there.segments(1, 4, 0, 100)]
    finally:
        torch.cuda.set_sync_debug_mode("default")
    for batch, expected in zip(batches, [clips.batch(1, 4, 0), clips.segments(1, 4, 0, 100)], strict=True):
        assert torch.equal(batch.wave.cpu(), expected.wave)
        assert torch.equal(batch.content.cpu(), expected.content)
