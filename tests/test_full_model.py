"""The full 40k RVC V2 model: trained for a step, exported, imported, converted with; longer on real features."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch

from rvc import device
from rvc.analysis import content, pitch
from rvc.analysis.features import Features
from rvc.analysis.hubert import Hubert
from rvc.config import ConvertConfig, PrepareConfig, TrainConfig
from rvc.datasets import takes
from rvc.datasets.catalogue import Entry, describe
from rvc.datasets.dataset import TAKES, Prepared
from rvc.datasets.preparation import prepare
from rvc.datasets.recordings import Recording
from rvc.datasets.takes import FULL_SCALE, ClipRecord, Take, TakeRecord
from rvc.events import Event, Metrics, Reporter
from rvc.learning.training import train
from rvc.learning.validation import synthesize
from rvc.sound import audio
from rvc.synthesis.conversion import Converter
from rvc.voices.voice import Voice, export_pth, import_pth

RATE_HZ = 40000
HOP = 400
CLIP_FRAMES = 300


def real_features(clip: Path, folder: Path) -> Prepared:
    """Make a prepared dataset of a clip whose ContentVec features and RMVPE pitch were computed elsewhere."""
    features = np.load(clip.parent / "clip_feats.npy")
    f0 = np.load(clip.parent / "clip_pitch.npz")["f0"].astype(np.float32)
    wave, rate = audio.read(clip, RATE_HZ)
    count = min(len(features) * 2, len(f0), len(wave) // HOP) // CLIP_FRAMES
    frames = count * CLIP_FRAMES
    clips = [
        ClipRecord(
            start_s=number * CLIP_FRAMES / 100,
            offset=number * CLIP_FRAMES,
            frames=CLIP_FRAMES,
            scale=1.0,
            voiced=float((f0[number * CLIP_FRAMES :][:CLIP_FRAMES] > 0).mean()),
        )
        for number in range(count)
    ]
    sha256 = hashlib.sha256(clip.read_bytes()).hexdigest()
    seconds = len(wave) / rate
    record = TakeRecord(sha256=sha256, rate=rate, seconds=seconds, unused_s=0, dim=768, clips=clips)
    samples = np.round(wave[: frames * HOP].clip(-1, 1) * FULL_SCALE).astype(np.int16)
    take = Take(record, samples, features[: frames // 2].astype(np.float16), f0[:frames])
    takes.write(folder / TAKES / "clip.safetensors", take)
    entry = Entry(Recording(clip, clip.name, clip.stem, sha256, seconds), record, "clip.safetensors")
    config = PrepareConfig(rate=RATE_HZ, held_out=0.2)
    return describe([entry], [], config, encoder="contentvec", pitch="rmvpe").save(folder)


@pytest.fixture(scope="module")
def features() -> Features:
    """Networks of the right shapes; the encoder's weights are random."""
    torch.manual_seed(0)
    return Features(content.ContentVec(Hubert()), pitch.load("swift"), device.pick("cpu"))


@pytest.fixture(scope="module")
def model(features: Features, few_takes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of one step, from recordings."""
    folder = tmp_path_factory.mktemp("step")
    config = PrepareConfig(rate=RATE_HZ, held_out=0)
    takes_to_use = sorted(few_takes.iterdir())[:4]
    prepared = prepare(takes_to_use, folder / "prepared", config, Reporter(), features=features)
    assert (prepared.encoder.name, prepared.encoder.dim) == ("contentvec", 768)
    settings = TrainConfig(architecture="v2", steps=1, batch_size=1, device="cpu")
    return train(folder / "prepared", folder / "model", settings, Reporter()).model


def test_exported_and_imported_again_it_says_the_same(model: Path, tmp_path: Path) -> None:
    voice = Voice.load(model)
    export_pth(voice, tmp_path / "full.pth")
    again = Voice.load(import_pth(tmp_path / "full.pth", None, tmp_path / "imported"))
    phone = torch.randn(40, 768, generator=torch.Generator().manual_seed(0))
    f0 = torch.full((40,), 200.0)
    wave, same = (synthesize(each.synthesizer, phone, f0) for each in (voice, again))
    assert wave.abs().max() > 0
    assert torch.equal(wave, same)


def test_from_audio_to_audio(model: Path, features: Features, few_takes: Path) -> None:
    cpu = device.pick("cpu")
    converter = Converter(Voice.load(model), None, features.encoder, features.estimator, cpu)
    wave, rate = audio.read(min(few_takes.iterdir()))
    converted, converted_rate = converter.convert(wave[:rate], rate, ConvertConfig())
    assert converted_rate == RATE_HZ
    assert len(converted) == RATE_HZ
    assert np.isfinite(converted).all()
    assert np.abs(converted).max() > 0


@pytest.mark.slow
def test_five_steps_on_real_features(shared: Path, tmp_path: Path) -> None:
    real_features(shared / "reference/contentvec/clip.flac", tmp_path / "prepared")
    events: list[Event] = []
    config = TrainConfig(name="full", architecture="v2", steps=5, batch_size=2, device="cpu")
    result = train(tmp_path / "prepared", tmp_path / "model", config, Reporter(events.append))
    assert result.standing.step == 5
    assert result.model.stat().st_size == pytest.approx(27_537_346 * 2, rel=0.01)
    losses = [event.values for event in events if isinstance(event, Metrics)]
    assert all(np.isfinite(list(values.values())).all() for values in losses)
    assert losses[-1]["val_mel"] > 0
