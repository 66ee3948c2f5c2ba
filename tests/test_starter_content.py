"""The starter encoder behind the protocol of content encoders, and what the probes tell."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from safetensors.torch import save_file

from rvc import paths
from rvc.analysis import content
from rvc.sound import audio
from rvc.starter import linear
from rvc.starter.commands import main
from rvc.starter.content import Starter
from rvc.starter.encoder import HOP, RATE_HZ, EncoderConfig, StarterEncoder, load_encoder, save_bytes
from rvc.starter.perturb import Perturbation


@pytest.fixture(scope="module")
def encoder() -> StarterEncoder:
    torch.manual_seed(0)
    return StarterEncoder(EncoderConfig(width=32, hidden=48, dim=16))


def test_batch_gives_what_single_recordings_give(encoder: StarterEncoder) -> None:
    content = Starter(encoder)
    waves = torch.randn(2, 3 * RATE_HZ) * 0.1
    lengths = torch.tensor([3 * RATE_HZ, 2 * RATE_HZ])
    both = content.encode(waves, lengths)
    assert both.shape == (2, 3 * RATE_HZ // HOP, 16)
    for row, count in enumerate(lengths.tolist()):
        alone = content.encode(waves[row : row + 1, :count])[0]
        torch.testing.assert_close(both[row, : len(alone)], alone, atol=1e-4, rtol=1e-4)
        assert not both[row, len(alone) :].any()


def test_long_recording_in_pieces_is_as_in_one(encoder: StarterEncoder) -> None:
    wave = torch.randn(1, 65 * RATE_HZ) * 0.1
    whole = Starter(encoder).encode(wave)[0]
    seen = encoder.config.frames_back
    start = 1500 - 20  # around where pieces meet
    around = wave[:, (start - seen) * HOP : (start + 60) * HOP]
    part = Starter(encoder).encode(around)[0]
    torch.testing.assert_close(whole[start : start + 40], part[seen : seen + 40], atol=1e-4, rtol=1e-4)


def test_classifier_finds_what_is_there_and_nothing_else() -> None:
    draw = torch.Generator().manual_seed(0)
    labels = torch.arange(400) % 4
    told = torch.randn(400, 10, generator=draw)
    silent = told.clone()
    told[:, 0] += labels
    told[:, 1] += (labels == 2) * 3
    clear = linear.classifier_accuracy(told[:200], labels[:200], told[200:], labels[200:])
    nothing = linear.classifier_accuracy(silent[:200], labels[:200], silent[200:], labels[200:])
    assert clear > 0.6
    assert abs(nothing - 0.25) < 0.12


def test_explained_is_one_for_linear_targets_and_none_for_noise() -> None:
    draw = torch.Generator().manual_seed(0)
    features = torch.randn(600, 8, generator=draw)
    targets = features @ torch.randn(8, 5, generator=draw) + 2
    noise = torch.randn(600, 5, generator=draw)
    assert linear.explained(features[:400], targets[:400], features[400:], targets[400:]) > 0.99
    assert linear.explained(features[:400], noise[:400], features[400:], noise[400:]) < 0.1


def test_phonemes_written_into_features_are_read_back() -> None:
    draw = torch.Generator().manual_seed(0)
    said = [torch.randint(1, 4, (5,), generator=draw) for _ in range(40)]
    features = [
        torch.eye(4)[torch.stack([tokens, torch.zeros_like(tokens)], 1).repeat_interleave(3, 1).flatten()]
        for tokens in said
    ]
    assert linear.phoneme_errors(features[:30], said[:30], features[30:], said[30:], 3) < 0.05


def test_shipped_weights_hear_what_is_said_and_not_the_pitch() -> None:
    path = paths.resource("starter/encoder.safetensors")
    assert path.stat().st_size <= 6_000_000
    shipped, card = load_encoder(path)
    assert card["look_ahead_ms"] == shipped.config.look_ahead_ms <= 160
    wave, _ = audio.read(next(iter(sorted(paths.resource("demo/source").glob("*.flac")))), RATE_HZ)
    power = shipped.spectrum.power(torch.from_numpy(wave[: 5 * RATE_HZ])[None])
    power = power[:, : power.shape[1] // 2 * 2]
    with torch.no_grad():
        said = shipped.from_log_mel(shipped.spectrum.log_mel(power))[0]
        other = Perturbation()(power, torch.Generator().manual_seed(1))
        by_other = shipped.from_log_mel(shipped.spectrum.log_mel(other))[0]
    said, by_other = said - said.mean(0), by_other - by_other.mean(0)
    alike = torch.cosine_similarity(said, by_other).mean()
    elsewhere = torch.cosine_similarity(said, by_other.roll(25, 0)).mean()
    assert alike > elsewhere + 0.4


@pytest.fixture
def shard_folder(tmp_path: Path) -> Path:
    """Two speakers whose tones differ, 16 utterances each, some of them held out."""
    draw = torch.Generator().manual_seed(0)
    count, frames = 32, 40
    speaker = torch.arange(count) % 2
    times = torch.arange(frames * HOP) / RATE_HZ
    tones = [torch.sin(2 * torch.pi * times * (200 + 900 * int(who))) for who in speaker]
    noise = torch.randn(count, frames * HOP, generator=draw)
    audio = ((torch.stack(tones) + 0.1 * noise) * 8000).to(torch.int16).flatten()
    tensors = {
        "audio": audio,
        "samples": torch.full((count,), frames * HOP, dtype=torch.int32),
        "target": torch.randn(count * frames, 12, generator=draw).half(),
        "tokens": torch.randint(1, 4, (count * 4,), generator=draw, dtype=torch.uint8),
        "token_counts": torch.full((count,), 4, dtype=torch.int32),
        "speaker": speaker.int(),
        "held_out": torch.arange(count) % 8 >= 6,
    }
    card = {
        "names": [str(i) for i in range(count)],
        "speakers": ["ann", "bob"],
        "symbols": "abc",
        "sources": {},
    }
    folder = tmp_path / "shards"
    folder.mkdir()
    save_file(tensors, folder / "shard-000.safetensors", {"card": json.dumps(card)})
    return folder


def test_probe_finds_speakers_in_log_mel_bands(
    shard_folder: Path, encoder: StarterEncoder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = tmp_path / "run" / "encoder.safetensors"
    weights.parent.mkdir()
    weights.write_bytes(save_bytes(encoder, {"name": "starter"}))
    for who in ("carl", "dora"):
        (tmp_path / "unseen" / who).mkdir(parents=True)
        for take in range(4):
            wave = np.sin(np.arange(RATE_HZ + 170) * (0.05 if who == "carl" else 0.4)) * 0.3
            soundfile.write(tmp_path / "unseen" / who / f"{take}.wav", wave, RATE_HZ)
    code = main(["probe", str(shard_folder), "--encoder", str(weights), "--speech", str(tmp_path / "unseen")])
    results = json.loads(capsys.readouterr().out)
    assert code == 0
    bands = results["log-mel"]
    assert bands["seen_utterance"] == 1
    assert bands["unseen_frame"] > 0.9
    assert bands["seen_frame_share"] == 1
    assert set(results["run/encoder"]) == set(bands)


def test_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["distill", str(tmp_path), "--out", str(tmp_path / "out")]) == 3
    assert "no shards" in capsys.readouterr().out


def test_the_encoder_that_ships_is_found_by_its_name(few_takes: Path) -> None:
    encoder = content.load(content.STARTER)
    wave, _ = audio.read(sorted(few_takes.iterdir())[0], RATE_HZ)
    features = encoder.encode(torch.from_numpy(wave)[None])
    assert (encoder.name, encoder.dim) == (content.STARTER, 160)
    assert features.shape == (1, len(wave) // HOP, 160)
    assert features.std() > 0.1
