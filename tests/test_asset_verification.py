"""Files are proven by their hashes, networks by the outputs that are known of them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from rvc import assets
from rvc.analysis import content, hubert, pitch, rmvpe
from rvc.assets import verification
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.sound import audio
from tests.asset_server import CONTENT, asset

SMALL = hubert.HubertConfig(conv_dim=32, hidden=48, heads=4, ffn=64, layers=3, pos_kernel=16, pos_groups=4)


@pytest.fixture(autouse=True)
def no_grad() -> Iterator[None]:
    with torch.inference_mode():
        yield


def test_every_state_of_a_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {
        "good": asset(name="good", file="good"),
        "bad": asset(name="bad", file="bad"),
        "gone": asset(name="gone", file="gone"),
        "unknown": asset(name="unknown", file="unknown", sha256=None),
    }
    (tmp_path / "good").write_bytes(CONTENT)
    (tmp_path / "bad").write_bytes(CONTENT[::-1])
    (tmp_path / "unknown").write_bytes(CONTENT)
    monkeypatch.setattr(assets, "manifest", lambda: entries)
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(tmp_path))
    verdicts = verification.verify_files(entries, Reporter())
    assert {verdict.name: verdict.state for verdict in verdicts} == {
        "good": "intact",
        "bad": "damaged",
        "gone": "missing",
        "unknown": "unproven",
    }
    assert str(verdicts[1]) == f"damaged: {tmp_path / 'bad'}"


def babble(samples: int) -> torch.Tensor:
    noise = torch.randn(samples, generator=torch.Generator().manual_seed(0))
    return noise * torch.linspace(0.01, 0.3, samples)


def features(seed: int) -> np.ndarray:
    """What a small HuBERT with seeded weights hears."""
    torch.manual_seed(seed)
    return content.ContentVec(hubert.Hubert(SMALL)).encode(babble(32000)[None])[0].numpy()


def test_features_of_the_same_network_are_near_and_of_another_are_far() -> None:
    known = features(0).astype(np.float16)
    near = verification.compare_content(features(0), known)
    assert near.near
    assert 0 < near.measures["relative error"] < 1e-3
    assert not verification.compare_content(features(1), known).near


def test_features_that_are_shifted_or_too_few_are_far() -> None:
    known = features(0)
    assert not verification.compare_content(known, known[1:]).near
    short = verification.compare_content(known, known[:-5])
    assert (short.near, short.measures["frames apart"]) == (False, 5)


@pytest.mark.parametrize(
    ("factor", "unvoiced", "near"), [(1.0, 0, True), (1.001, 1, True), (1.01, 0, False), (1.0, 10, False)]
)
def test_pitch_is_near_when_voicing_and_cents_are(factor: float, unvoiced: int, near: bool) -> None:
    known = np.full(101, 200.0)
    heard = known[:100] * factor
    heard[:unvoiced] = 0
    compared = verification.compare_pitch(heard, known)
    assert compared.near is near
    assert compared.measures["voicing agrees"] == pytest.approx(1 - unvoiced / 100)


def test_hearing_nothing_is_far_from_a_voice() -> None:
    assert not verification.compare_pitch(np.zeros(100), np.full(100, 200.0)).near


def test_a_folder_without_known_outputs_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no clip of known outputs"):
        verification.verify_networks(tmp_path, Reporter())


def test_that_there_is_nothing_to_compare_is_said(tmp_path: Path) -> None:
    audio.write(tmp_path / "clip.flac", babble(16000).numpy(), 16000)
    with pytest.raises(InputError, match="nothing to compare"):
        verification.verify_networks(tmp_path, Reporter())


@pytest.mark.slow
def test_real_networks_are_loaded_from_files_and_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way, with the real sizes and seeded weights in the place of the trained ones."""
    torch.manual_seed(0)
    networks: dict[str, torch.nn.Module] = {"contentvec": hubert.Hubert(), "rmvpe": rmvpe.Rmvpe().eval()}
    entries = {}
    for name, network in networks.items():
        entry = assets.entry(name)
        torch.save(network.state_dict(), tmp_path / entry.file)
        facts = {
            "size": (tmp_path / entry.file).stat().st_size,
            "sha256": assets.sha256(tmp_path / entry.file),
        }
        entries[name] = entry.model_copy(update=facts)
    monkeypatch.setattr(assets, "manifest", lambda: entries)
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(tmp_path))
    audio.write(tmp_path / "clip.flac", babble(48000).numpy(), 16000)
    wave = torch.from_numpy(audio.read(tmp_path / "clip.flac")[0])[None]
    features = networks["contentvec"].eval()(torch.nn.functional.pad(wave, (40, 40), mode="reflect"))[0]
    np.save(tmp_path / "clip_feats.npy", features.half().numpy())
    f0 = pitch.RmvpeEstimator(networks["rmvpe"]).estimate(wave)[0]
    np.savez(tmp_path / "clip_pitch.npz", f0=f0.numpy())
    compared = verification.verify_networks(tmp_path, Reporter())
    assert [(nearness.name, nearness.near) for nearness in compared] == [
        ("contentvec", True),
        ("rmvpe", True),
    ]
    np.save(tmp_path / "clip_feats.npy", features.flip(0).half().numpy())
    assert not verification.verify_networks(tmp_path, Reporter())[0].near
