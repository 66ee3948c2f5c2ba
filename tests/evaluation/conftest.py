"""What tests of evaluation share: an untrained voice, its recordings, and one evaluation of it."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from rvc.analysis import pitch
from rvc.analysis.features import Features
from rvc.config import EvaluateConfig, PrepareConfig
from rvc.datasets.preparation import prepare
from rvc.events import Event, Reporter
from rvc.model.lite import LiteConfig, LiteSynthesizer
from rvc.synthesis import index
from rvc.testing.evaluation import evaluate
from rvc.testing.report import Report
from rvc.voices.card import EncoderCard, VoiceCard
from rvc.voices.voice import Voice
from tests import sounds
from tests.evaluation.material import RATE, WholeLoudnessEncoder, consonants


@pytest.fixture(scope="package")
def features() -> Features:
    """The tests' content encoder and the real light pitch estimator."""
    return Features(WholeLoudnessEncoder(), pitch.load("swift"), torch.device("cpu"))


@pytest.fixture(scope="package")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve takes of one voice, one of them with a difficult name, and a file that is no recording."""
    folder = tmp_path_factory.mktemp("recordings")
    for number in range(12):
        name = f"take {number} <&> 목소리.wav" if number == 3 else f"take{number}.wav"
        wave = sounds.voice(1.5 + 0.1 * number, RATE, f0=180 + 8 * number, seed=number)
        wave += consonants(len(wave), seed=number)
        sounds.record(folder / name, wave, RATE)
    (folder / "broken.wav").write_bytes(b"RIFFnothing")
    return folder


@pytest.fixture(scope="package")
def prepared(recordings: Path, features: Features, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work") / "prepared"
    settings = PrepareConfig(rate=RATE, encoder="loudness", pitch="swift", held_out=0.3)
    prepare([recordings], folder, settings, Reporter(), features=features)
    return folder


@pytest.fixture(scope="package")
def model(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained voice with the index and the history of a training beside it."""
    torch.manual_seed(0)
    config = LiteConfig(rate=RATE, content_dim=4, channels=32)
    card = VoiceCard(
        name="Anna <b>",
        architecture="lite",
        rate=RATE,
        content_encoder=EncoderCard(name="loudness", dim=4),
        pitch_estimator="swift",
        steps=20,
        config=config.model_dump(),
    )
    path = tmp_path_factory.mktemp("model") / "anna.safetensors"
    Voice(card, LiteSynthesizer(config)).save(path)
    index.write_index(prepared, index.index_path(path), Reporter())
    lines = [json.dumps({"step": step, "values": {"loss_mel": 5 / step}}) for step in range(1, 21)]
    (path.parent / "history.jsonl").write_text("\n".join(lines) + "\n{torn", encoding="utf-8")
    return path


@pytest.fixture(scope="package")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lower voice, and a recording too short to convert."""
    folder = tmp_path_factory.mktemp("others")
    sounds.record(folder / "bob.flac", sounds.voice(2.0, 16000, f0=100), 16000)
    sounds.record(folder / "click.wav", np.ones(40, np.float32) * 0.1, 16000)
    return folder


@pytest.fixture(scope="package")
def outcome(
    model: Path, prepared: Path, source: Path, features: Features, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Report, Path, list[Event]]:
    events: list[Event] = []
    out = tmp_path_factory.mktemp("report")
    report = evaluate(
        model,
        prepared,
        out,
        EvaluateConfig(device="cpu"),
        Reporter(events.append),
        sources=[source],
        notes=["A rough voice."],
        features=features,
    )
    return report, out, events
