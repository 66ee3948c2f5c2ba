"""The starter encoder: what it sees, what it is asked for, and that a training can be stopped and moved."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from rvc.errors import InputError
from rvc.starter import corpus, pack
from rvc.starter.distill import distill
from rvc.starter.encoder import (
    BINS,
    HOP,
    MARGIN,
    RATE_HZ,
    EncoderConfig,
    StarterEncoder,
    load_encoder,
    mel_bands,
    save_bytes,
)
from rvc.starter.objective import Objective
from rvc.starter.perturb import Perturbation, stretched, warp
from rvc.starter.scores import distance, greedy
from rvc.starter.settings import DistillSettings
from rvc.starter.shards import Shards, compress, expand

SYMBOLS = "abc"


def tone(hz: float, seconds: float = 1.0) -> np.ndarray:
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave = sum(np.sin(2 * np.pi * hz * k * times) / k for k in range(1, 20))
    return (0.2 * wave).astype(np.float32)


@pytest.fixture(scope="module")
def speech_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three speakers, each with ten recordings of other lengths."""
    root = tmp_path_factory.mktemp("speech")
    for number, speaker in enumerate(("ann", "bob", "nathalie")):
        folder = root / speaker
        (folder / "flac").mkdir(parents=True)
        rows = []
        for take in range(10):
            wave = tone(100 + 40 * number + 5 * take, 1.0 + take / 10)
            soundfile.write(folder / "flac" / f"{speaker}_{take}.flac", wave, RATE_HZ)
            rows.append((f"{speaker}_{take}", f"sentence {take}", "abcabc"[: 2 + take % 4]))
        (folder / "transcripts.tsv").write_text("".join(f"{stem}\t{text}\n" for stem, text, _ in rows))
        (folder / "phonemes.tsv").write_text("".join(f"{stem}\t{ipa}\n" for stem, _, ipa in rows))
    return root


@pytest.fixture(scope="module")
def corpus_folder(speech_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with features of 120 dimensions in the place of a teacher's."""
    out = tmp_path_factory.mktemp("corpus")
    corpus.write_corpus([speech_folder], out, minutes=1.0)
    with np.load(out / "recordings-000.npz") as file:
        frames = file["samples"].sum() // HOP
    features = np.random.default_rng(0).normal(size=(frames, 120)) * np.linspace(3, 0.1, 120)
    np.save(out / "teacher-000.npy", features.astype(np.float16))
    return out


@pytest.fixture(scope="module")
def shard_folder(corpus_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("shards")
    pack.pack([corpus_folder], out, small=False, megabytes=0.5)
    return out


def test_features_come_50_times_a_second_and_see_no_further_than_stated() -> None:
    encoder = StarterEncoder()
    for block in encoder.blocks:
        nn.init.ones_(block.scale)
    config = encoder.config
    wave = torch.randn(1, 100 * HOP + 2 * MARGIN, generator=torch.Generator().manual_seed(0))
    changed = wave.clone()
    changed[:, MARGIN + 60 * HOP :] += 1
    with torch.no_grad():
        apart = (encoder(wave) - encoder(changed))[0].abs().amax(-1)
    assert apart.shape == (100,)
    assert config.look_ahead_ms <= 160
    # The middle of frame i is at (i + 0.5) * HOP; what changed begins at 60 * HOP.
    unchanged = [i for i in range(60) if (60 - i - 0.5) * 20 >= config.look_ahead_ms]
    assert apart[unchanged].max() == 0
    assert apart[unchanged[-1] + 1] > 0
    assert sum(parameter.numel() for parameter in encoder.parameters()) <= 3_000_000


def test_overlapping_pieces_are_exact() -> None:
    encoder = StarterEncoder().eval()
    config = encoder.config
    wave = torch.randn(1, 200 * HOP + 2 * MARGIN, generator=torch.Generator().manual_seed(0))
    start, stop = 100, 130
    left, right = start - config.frames_back, stop + config.frames_ahead
    with torch.no_grad():
        whole = encoder(wave)[0, start:stop]
        piece = encoder(wave[:, left * HOP : right * HOP + 2 * MARGIN])[0]
    torch.testing.assert_close(piece[config.frames_back :][: stop - start], whole, atol=1e-4, rtol=1e-4)


def test_every_mel_band_has_weight_and_they_rise() -> None:
    bands = mel_bands(80)
    assert bands.shape == (BINS, 80)
    torch.testing.assert_close(bands.sum(0), torch.ones(80))
    centres = (bands * torch.arange(BINS)[:, None]).sum(0)
    assert (centres.diff() >= 0).all()


def test_weights_survive_their_file_with_the_card(tmp_path: Path) -> None:
    encoder = StarterEncoder(EncoderConfig(width=32, hidden=48, ahead=(1, 0), dim=16))
    path = tmp_path / "encoder.safetensors"
    path.write_bytes(save_bytes(encoder, {"name": "starter"}))
    loaded, card = load_encoder(path)
    assert card["name"] == "starter"
    wave = torch.randn(1, 20 * HOP + 2 * MARGIN)
    with torch.no_grad():
        torch.testing.assert_close(loaded(wave), encoder.eval()(wave), atol=0.02, rtol=0.02)


def test_file_without_a_card_is_refused(tmp_path: Path) -> None:
    save_file({"x": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(InputError) as caught:
        load_encoder(tmp_path / "other.safetensors")
    assert caught.value.code == "not_an_encoder"


def test_perturbation_of_no_strength_changes_nothing_and_otherwise_it_follows_its_seed() -> None:
    power = StarterEncoder().spectrum.power(torch.from_numpy(tone(150))[None])
    assert torch.equal(Perturbation(0.0)(power, torch.Generator()), power)
    first, again, other = (Perturbation()(power, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert first.shape == power.shape
    assert torch.isfinite(first).all()
    assert torch.equal(first, again)
    assert not torch.allclose(first, other, rtol=0.1)


def test_warp_moves_a_peak_by_the_factor() -> None:
    fine = torch.zeros(1, 1, BINS)
    fine[..., 50] = 1
    for factor in (0.8, 1.0, 1.5):
        assert int(warp(fine, torch.full((1, 1), factor)).argmax()) == round(50 * factor)


def test_stretched_keeps_what_happens_in_its_place() -> None:
    ramp = torch.linspace(0, 1, 100)[None, :, None]
    longer = stretched(ramp, 150)
    torch.testing.assert_close(longer[0, :, 0], torch.linspace(0, 1, 150), atol=0.01, rtol=0)


def test_small_audio_is_close() -> None:
    wave = torch.from_numpy((tone(150) * 20000).astype(np.int16))
    error = expand(compress(wave)) - wave.float() / 32768
    assert error.square().mean() < (wave.float() / 32768).square().mean() * 10 ** (-3.3)


def test_sentences_are_held_out_by_their_letters() -> None:
    assert corpus.is_held_out("One, two.") == corpus.is_held_out("one two")
    shares = np.mean([corpus.is_held_out(f"sentence {number}") for number in range(2000)])
    assert shares == pytest.approx(1 / corpus.HELD_OUT_SHARE, abs=0.03)


def test_corpus_leaves_out_who_may_not_be_trained_on(corpus_folder: Path, speech_folder: Path) -> None:
    card = json.loads((corpus_folder / "corpus.json").read_text(encoding="utf-8"))
    assert set(card["minutes"]) == {"ann", "bob"}
    with pytest.raises(InputError) as caught:
        corpus.write_corpus([speech_folder / "nathalie"], corpus_folder, minutes=1.0)
    assert caught.value.code == "not_for_training"


def test_corpus_without_phonemes_or_speakers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        corpus.write_corpus([tmp_path], tmp_path / "out", minutes=1.0)
    assert caught.value.code == "no_speakers"
    (tmp_path / "carl").mkdir()
    (tmp_path / "carl" / "transcripts.tsv").write_text("carl_1\thello\n")
    with pytest.raises(InputError) as caught:
        corpus.write_corpus([tmp_path], tmp_path / "out", minutes=1.0)
    assert caught.value.code == "no_phonemes"


def test_pack_without_a_teacher_is_refused(speech_folder: Path, tmp_path: Path) -> None:
    corpus.write_corpus([speech_folder], tmp_path, minutes=1.0)
    with pytest.raises(InputError) as caught:
        pack.pack([tmp_path], tmp_path / "out", small=False, megabytes=1.0)
    assert caught.value.code == "no_teacher"


def test_shards_are_small_and_hold_everything(corpus_folder: Path, shard_folder: Path) -> None:
    files = sorted(shard_folder.glob("shard-*.safetensors"))
    assert len(files) > 1
    assert max(file.stat().st_size for file in files) < 520_000
    shards = Shards.open([shard_folder])
    recordings = json.loads((corpus_folder / "corpus.json").read_text(encoding="utf-8"))["recordings"]
    said = {utterance.name: utterance for utterance in shards.utterances}
    assert set(said) == {recording["stem"] for recording in recordings}
    for recording in recordings:
        utterance = said[recording["stem"]]
        assert shards.speakers[utterance.speaker] == recording["speaker"]
        assert "".join(shards.symbols[token - 1] for token in utterance.tokens) == recording["phonemes"]
        assert len(utterance.target) == len(utterance.audio) // HOP


def test_targets_have_no_speaker_mean_and_unit_variance(shard_folder: Path) -> None:
    shards = Shards.open([shard_folder])
    for speaker in range(len(shards.speakers)):
        rows = [part.target.float() for part in shards.utterances if part.speaker == speaker]
        assert torch.cat(rows).mean(0).square().mean() < 0.01
    every = torch.cat([part.target.float() for part in shards.utterances])
    assert float(every.square().mean()) == pytest.approx(1, abs=0.1)


def test_place_in_the_window_is_no_target() -> None:
    places = pack.places(np.array([800, 600, 400, 1000, 1400]))
    assert places == [0, 825, 0, 425, 0]
    draw = np.random.default_rng(0)
    takes = []
    for place in [0, 200, 400, 600] * 5:
        marked = draw.normal(size=(200, 120)) + np.linspace(-9, 9, 1500)[place : place + 200, None]
        audio = np.zeros(200 * HOP, np.int16)
        takes.append(pack.Take("a", "ann", "abc", False, audio, marked.astype(np.float16), place))
    projected = np.stack([pack.project(takes)(take) for take in takes[:4]]).astype(np.float32)
    assert np.abs(projected.mean((1, 2))).max() < 0.1
    assert projected.var() == pytest.approx(1, abs=0.1)


def test_batches_follow_from_seed_and_step_and_drop_nothing(shard_folder: Path) -> None:
    shards = Shards.open([shard_folder])
    batches = shards.batches(0, 6.0, 10.0, 3)
    first = [next(batches) for _ in range(20)]
    again = shards.batches(7, 6.0, 10.0, 3)
    for batch in first[7:12]:
        assert torch.equal(next(again).wave, batch.wave)
    assert all(batch.wave.numel() <= 6.0 * RATE_HZ for batch in first)
    lengths = sorted(len(utterance.audio) // HOP for utterance in shards.of(held_out=False))
    seen: list[int] = []
    for batch in first:
        seen.extend(batch.frames.tolist())
        if len(seen) >= len(lengths):
            break
    assert sorted(seen) == lengths


def test_folder_without_shards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Shards.open([tmp_path])
    assert caught.value.code == "no_shards"


def test_shards_of_several_packs_are_refused(
    corpus_folder: Path, shard_folder: Path, speech_folder: Path, tmp_path: Path
) -> None:
    corpus.write_corpus([speech_folder / "ann"], tmp_path / "corpus", minutes=1.0)
    with np.load(tmp_path / "corpus" / "recordings-000.npz") as file:
        frames = file["samples"].sum() // HOP
    np.save(tmp_path / "corpus" / "teacher-000.npy", np.load(corpus_folder / "teacher-000.npy")[:frames])
    pack.pack([tmp_path / "corpus"], tmp_path / "shards", small=True, megabytes=1.0)
    with pytest.raises(InputError) as caught:
        Shards.open([shard_folder, tmp_path / "shards"])
    assert caught.value.code == "other_shards"


def test_training_imports_nothing_that_a_rented_machine_lacks() -> None:
    script = """
import sys
sys.modules.update(dict.fromkeys("pydantic platformdirs soundfile soxr scipy librosa onnxruntime".split()))
import rvc.starter.commands, rvc.starter.distill
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_hiding_the_speaker_lowers_what_a_mean_tells() -> None:
    torch.manual_seed(0)
    objective = Objective(8, 4, 3, 2)
    features = torch.randn(4, 60, 8) + torch.tensor([1.0, 1.0, -1.0, -1.0])[:, None, None]
    features.requires_grad_()
    speaker = torch.tensor([0, 0, 1, 1])
    arguments = torch.full((4,), 60), torch.zeros(4, 60, 4), torch.ones(4, 2).long(), torch.full((4,), 2)
    losses = objective(features, *arguments, speaker)
    assert float(losses["centre"].detach()) == pytest.approx(1, abs=0.2)
    losses["centre"].backward()
    assert features.grad is not None
    assert (features.grad[:2] > 0).all()
    assert (features.grad[2:] < 0).all()


def test_reversed_gradient_points_away_from_the_speaker() -> None:
    torch.manual_seed(0)
    objective = Objective(8, 4, 3, 2)
    features = torch.randn(4, 60, 8, requires_grad=True)
    speaker = torch.tensor([0, 0, 1, 1])
    arguments = torch.full((4,), 60), torch.zeros(4, 60, 4), torch.ones(4, 2).long(), torch.full((4,), 2)
    before = objective(features, *arguments, speaker)["adversary"]
    (gradient,) = torch.autograd.grad(before, features)
    objective.heard.zero_()
    after = objective(features - 5 * gradient, *arguments, speaker)["adversary"]
    assert after > before


def test_nothing_is_hidden_where_the_guess_is_no_better_than_chance() -> None:
    torch.manual_seed(0)
    objective = Objective(8, 4, 3, 2)
    for guess in (objective.guess_from_span, objective.guess_from_frame):
        nn.init.constant_(guess[-1].bias, 0.0)
        guess[-1].bias.data[0] = 20.0  # always the first speaker, whatever is heard
    features = torch.randn(2, 60, 8, requires_grad=True)
    arguments = torch.full((2,), 60), torch.zeros(2, 60, 4), torch.ones(2, 2).long(), torch.full((2,), 2)
    objective(features, *arguments, torch.tensor([0, 1]))["adversary"].backward()
    assert features.grad is not None
    assert not features.grad[1].any()
    assert objective.guess_from_frame[0].weight.grad.any()


def test_greedy_leaves_out_blanks_and_repetitions() -> None:
    scores = torch.eye(4)[[0, 1, 1, 0, 1, 3, 3, 0]]
    assert greedy(scores) == [1, 1, 3]
    assert distance([1, 2, 3], [1, 3]) == 1
    assert distance([], [1, 3]) == 2
    assert distance("kitten", "sitting") == 3


def test_training_goes_on_as_if_it_had_never_stopped(shard_folder: Path, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    settings = {"batch_seconds": 6.0, "warmup": 2}
    distill([shard_folder], tmp_path / "whole", DistillSettings(steps=4, **settings), device="cpu")
    scores = json.loads((tmp_path / "whole" / "log.jsonl").read_text().splitlines()[-1])
    assert math.isfinite(scores["teacher_r2"])
    _stop_after_two(shard_folder, tmp_path / "parts", DistillSettings(steps=4, **settings))
    distill([shard_folder], tmp_path / "parts", DistillSettings(steps=4, **settings), device="cpu")
    whole, parts = (
        load_encoder(tmp_path / name / "encoder.safetensors").encoder for name in ("whole", "parts")
    )
    for first, second in zip(whole.parameters(), parts.parameters(), strict=True):
        assert torch.equal(first, second)


def _stop_after_two(folder: Path, out: Path, settings: DistillSettings) -> None:
    """Leave the state of a training as it is after two of its steps."""
    from rvc.starter.distill import Distillation

    made = Distillation(Shards.open([folder]), settings, torch.device("cpu"))
    batches = Shards.open([folder]).batches(
        0, settings.batch_seconds, settings.speaker_minutes, settings.seed
    )
    for _ in range(2):
        made.learn(next(batches))
    out.mkdir()
    made.training.save(out / "state.pt")


def test_new_training_starts_from_given_weights(shard_folder: Path, tmp_path: Path) -> None:
    settings = DistillSettings(steps=1, batch_seconds=6.0, lr=0.0, adam_lr=0.0)
    distill([shard_folder], tmp_path / "first", settings, device="cpu")
    again = DistillSettings(steps=1, batch_seconds=6.0, lr=0.0, adam_lr=0.0, seed=9)
    init = tmp_path / "first" / "encoder.safetensors"
    distill([shard_folder], tmp_path / "second", again, init, device="cpu")
    first, second = (
        load_encoder(tmp_path / name / "encoder.safetensors").encoder for name in ("first", "second")
    )
    assert torch.equal(first.stem.weight, second.stem.weight)
    heads = [
        load_file(tmp_path / name / "heads.safetensors")["phonemes.weight"] for name in ("first", "second")
    ]
    assert torch.equal(*heads)


def test_epoch_hears_no_speaker_too_long(shard_folder: Path) -> None:
    shards = Shards.open([shard_folder])
    limit = 4.0
    epochs = shards.batches(0, 1000.0, limit / 60, 3)  # a batch so long is an epoch
    first, second = next(epochs), next(epochs)
    longest = max(utterance.seconds for utterance in shards.utterances)
    for speaker in range(len(shards.speakers)):
        heard = float(first.frames[first.speaker == speaker].sum()) * HOP / RATE_HZ
        assert limit <= heard < limit + longest
    assert set(first.wave.abs().sum(1).tolist()) != set(second.wave.abs().sum(1).tolist())
