"""Examples of a generation: small files that play, with scores beside them."""

import json
from pathlib import Path

import pytest
import torch

from rvc.analysis.features import Features
from rvc.config import EvaluateConfig
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.model.lite import LiteConfig, LiteSynthesizer
from rvc.sound import audio, mark
from rvc.starter import examples
from rvc.voices.card import EncoderCard, VoiceCard
from rvc.voices.voice import Voice
from tests import sounds
from tests.evaluation.material import WholeLoudnessEncoder

CONFIG = EvaluateConfig(device="cpu")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    config = LiteConfig(rate=24000, content_dim=4, channels=32)
    encoder = EncoderCard(name="loudness", dim=4)
    card = VoiceCard(
        name="Anna", architecture="lite", rate=24000, content_encoder=encoder, config=config.model_dump()
    )
    path = tmp_path / "anna.safetensors"
    Voice(card, LiteSynthesizer(config)).save(path)
    return path


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    for number in range(2):
        sounds.record(tmp_path / "voice" / f"{number}.wav", sounds.voice(1.5, seed=number))
    return tmp_path / "voice"


@pytest.fixture
def features() -> Features:
    return Features(WholeLoudnessEncoder(), sounds.CrossingEstimator(), torch.device("cpu"))


def test_files_are_small_and_whole(
    model: Path, voice: Path, features: Features, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "MOST_BYTES", 20_000)
    sources = [
        sounds.record(tmp_path / name, sounds.voice(8.0, f0=100)) for name in ("bob.wav", "ünal <&>.flac")
    ]
    folder = tmp_path / "examples" / "one"
    files = examples.make(model, sources, voice, folder, CONFIG, Reporter(), features)
    assert sorted(folder.iterdir()) == sorted(files)
    assert sum(path.stat().st_size for path in files if path.suffix == ".opus") <= examples.MOST_BYTES
    described = json.loads((folder / examples.SCORES).read_text(encoding="utf-8"))
    assert [clip["file"] for clip in described["clips"]] == ["01-bob.opus", "02-ünal -&.opus"]
    for clip in described["clips"]:
        assert audio.comment(folder / clip["file"]) == mark.generated("Anna")
        assert audio.duration(folder / clip["file"]) == pytest.approx(20_000 / 2 / 3600, abs=0.05)
        assert clip["scores"]["duration_ratio"] == pytest.approx(1.0, abs=0.001)
    assert described["averages"]["duration_ratio"]["count"] == 2
    assert len(described["encoder_sha256"]) == 64


def test_a_source_that_fails_is_named(model: Path, voice: Path, features: Features, tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFFnothing")
    with pytest.raises(InputError, match=r"broken\.wav") as caught:
        examples.make(model, [broken], voice, tmp_path / "out", CONFIG, Reporter(), features)
    assert caught.value.code == "no_example"
