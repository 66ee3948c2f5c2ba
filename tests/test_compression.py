"""Compression from a model to a smaller one that was tested, or to none."""

from pathlib import Path

import pytest
import torch

from rvc.analysis import pitch
from rvc.analysis.features import Features
from rvc.config import CompressConfig, PrepareConfig
from rvc.datasets.preparation import prepare
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.model.lite import LiteConfig, LiteSynthesizer
from rvc.synthesis import index
from rvc.testing import compression
from rvc.testing.compression import Change, Compressed, compress
from rvc.testing.report import Report
from rvc.voices.card import EncoderCard, VoiceCard
from rvc.voices.voice import Voice
from tests import sounds
from tests.evaluation.material import RATE, WholeLoudnessEncoder, consonants

CONFIG = CompressConfig(device="cpu", max_drop=0.5)


@pytest.fixture(scope="module")
def features() -> Features:
    return Features(WholeLoudnessEncoder(), pitch.load("swift"), torch.device("cpu"))


@pytest.fixture(scope="module")
def prepared(features: Features, tmp_path_factory: pytest.TempPathFactory) -> Path:
    takes, folder = tmp_path_factory.mktemp("takes"), tmp_path_factory.mktemp("work") / "prepared"
    for number in range(8):
        wave = sounds.voice(1.6, RATE, f0=180 + 8 * number, seed=number)
        sounds.record(takes / f"{number}.wav", wave + consonants(len(wave), seed=number), RATE)
    settings = PrepareConfig(rate=RATE, encoder="loudness", pitch="swift", held_out=0.3)
    prepare([takes], folder, settings, Reporter(), features=features)
    return folder


@pytest.fixture(scope="module")
def model(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    config = LiteConfig(rate=RATE, content_dim=4, channels=32)
    encoder = EncoderCard(name="loudness", dim=4)
    card = VoiceCard(
        name="Anna", architecture="lite", rate=RATE, content_encoder=encoder, config=config.model_dump()
    )
    path = tmp_path_factory.mktemp("model") / "anna.safetensors"
    Voice(card, LiteSynthesizer(config)).save(path)
    index.write_index(prepared, index.index_path(path), Reporter())
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("others")
    sounds.record(folder / "bob.flac", sounds.voice(1.0, 16000, f0=100), 16000)
    return folder


@pytest.fixture(scope="module")
def done(
    model: Path, prepared: Path, source: Path, features: Features, tmp_path_factory: pytest.TempPathFactory
) -> Compressed:
    config = CONFIG.model_copy(update={"index_to": "int8"})
    out = tmp_path_factory.mktemp("out")
    return compress(model, out, config, Reporter(), testset=prepared, sources=[source], features=features)


def test_a_smaller_model_is_written_with_its_index_and_a_report(done: Compressed, model: Path) -> None:
    assert Voice.load(done.model).card.weights == "int8"
    assert (
        done.model.stat().st_size == done.after.model_bytes < done.before.model_bytes == model.stat().st_size
    )
    assert done.index == index.index_path(done.model)
    assert done.index.stat().st_size == done.after.index_bytes < done.before.index_bytes
    assert min(done.before.seconds_a_second, done.after.seconds_a_second) > 0
    assert done.agreement is not None
    assert done.agreement.recall > 0.9
    assert sorted(path.name for path in done.model.parent.iterdir()) == [
        "anna.index",
        "anna.safetensors",
        "report",
    ]
    assert len(Report.open(done.report.parent).entrants) == 2


def test_every_score_that_tells_a_loss_is_compared(done: Compressed) -> None:
    drops = [change.drop for change in done.changes]
    assert drops == sorted(drops, reverse=True)
    names = {change.name for change in done.changes}
    assert {"reconstruction log_mel_db", "conversion content_similarity"} <= names
    assert any(change.before != change.after for change in done.changes)


def test_the_original_stays_as_it_was(done: Compressed, model: Path) -> None:
    assert Voice.load(model).card.scores == {}
    assert done.model.parent != model.parent
    assert sorted(path.name for path in model.parent.iterdir()) == ["anna.index", "anna.safetensors"]


def test_what_loses_too_much_is_not_written(
    model: Path,
    prepared: Path,
    source: Path,
    features: Features,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rvc.voices.packing.LARGEST", 1)  # three values a weight
    config = CONFIG.model_copy(update={"max_drop": 0.0})
    with pytest.raises(InputError, match=r"No model was written: .* worse\)") as caught:
        compress(model, tmp_path, config, Reporter(), testset=prepared, sources=[source], features=features)
    assert caught.value.code == "too_lossy"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_an_index_that_is_packed_already_does_not_grow(model: Path, tmp_path: Path) -> None:
    beside = tmp_path / "packed.index"
    index.load(index.index_path(model)).save(beside, "int8")
    copy, found = compression._pack(Voice.load(model), beside, tmp_path / "work" / model.name, CONFIG)
    assert copy.index is not None
    assert copy.index.read_bytes() == beside.read_bytes()
    assert found == compression.Agreement(1.0, 0.0)


def test_a_model_is_not_replaced_by_its_packed_form(model: Path) -> None:
    with pytest.raises(InputError) as caught:
        compress(model, model.parent, CONFIG, Reporter())
    assert caught.value.code == "same_folder"


@pytest.mark.parametrize(
    ("name", "before", "after", "drop"),
    [
        ("similarity", 0.8, 0.7, 0.1),
        ("character_error_rate", 0.1, 0.15, 0.05),
        ("log_mel_db", 4.0, 5.0, 0.25),
        ("dnsmos", 3.0, 2.0, 0.25),
        ("pitch_correlation", 0.9, 0.95, -0.05),
    ],
)
def test_how_much_worse_a_score_is(name: str, before: float, after: float, drop: float) -> None:
    assert compression._drop(name, before, after) == pytest.approx(drop)
    assert name in str(Change(name, before, after, drop))
