"""The proof that files of weights are whole, and that the networks made of them hear what they should.

The second part compares with a folder of known outputs: `clip.flac`, ContentVec's features of it in
`clip_feats.npy` (T, 768), and RMVPE's pitch in `clip_pitch.npz` as `f0` (T,) in Hz.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict
from torch import Tensor

from rvc import assets
from rvc.analysis import content, pitch
from rvc.config import CONTENT_RATE_HZ
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.sound import audio

FEATURE_ERROR_MAX = (
    0.05  # of the features' own size; known outputs are float16, long clips are heard in pieces
)
VOICING_MIN = 0.98  # share of frames that both call voiced, or both unvoiced
CENTS_MAX = 5.0  # median difference of pitch where both are voiced
TINY = 1e-9

State = Literal["intact", "damaged", "missing", "unproven"]


class Verdict(BaseModel):
    """What a check of an asset found; `unproven` where nobody published a hash and none was fetched before."""

    model_config = ConfigDict(frozen=True)

    name: str
    state: State
    file: str | None = None

    @property
    def is_news(self) -> bool:
        return self.state != "missing"

    def __str__(self) -> str:
        said = {"unproven": "no hash is known to check it by"}.get(self.state, self.state)
        return f"{said}: {self.file}" if self.file else said


class Nearness(BaseModel):
    """How near a network's output is to the known one, and whether that is near enough."""

    model_config = ConfigDict(frozen=True)

    name: str
    near: bool
    measures: dict[str, float]

    is_news: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.name}, " + ", ".join(f"{name} {value:.4g}" for name, value in self.measures.items())


def verify_files(names: Iterable[str], reporter: Reporter) -> list[Verdict]:
    """Check the hash of every asset that is on this machine."""
    found = {name: assets.find(name) for name in names}
    total = sum(path.stat().st_size for path in found.values() if path)
    with reporter.phase("check files", total, unit="bytes") as phase:
        return [_verdict(name, path, phase.advance) for name, path in found.items()]


def _verdict(name: str, path: Path | None, advance: Callable[[int], None]) -> Verdict:
    if path is None:
        return Verdict(name=name, state="missing")
    expected = assets.entry(name).sha256
    digest = assets.sha256(path, advance)
    state: State = "unproven" if expected is None else "intact" if digest == expected else "damaged"
    return Verdict(name=name, state=state, file=str(path))


def verify_networks(reference: Path, reporter: Reporter) -> list[Nearness]:
    """Run ContentVec and RMVPE, those that are here, on the clip of known outputs in `reference`.

    Raises `InputError`: missing_reference, missing_asset.
    """
    wave = _read_clip(reference / "clip.flac")
    checks = {"contentvec": _verify_contentvec, "rmvpe": _verify_rmvpe}
    present = [check for name, check in checks.items() if assets.find(name)]
    if not present:
        raise InputError(
            "missing_asset",
            "There is nothing to compare: neither ContentVec nor RMVPE is on this machine.",
            "Run `rvc assets fetch contentvec rmvpe`.",
        )
    nearness = []
    with reporter.phase("compare outputs", len(present)) as phase:
        for check in present:
            nearness.append(check(wave, reference))
            phase.advance()
    return nearness


def _verify_contentvec(wave: Tensor, reference: Path) -> Nearness:
    known = np.load(_existing(reference / "clip_feats.npy"))
    return compare_content(content.load("contentvec").encode(wave)[0].cpu().numpy(), known)


def _verify_rmvpe(wave: Tensor, reference: Path) -> Nearness:
    with np.load(_existing(reference / "clip_pitch.npz")) as arrays:
        known = arrays["f0"]
    return compare_pitch(pitch.load("rmvpe").estimate(wave)[0].cpu().numpy(), known)


def compare_content(actual: np.ndarray, known: np.ndarray) -> Nearness:
    """Compare ContentVec's features (T, dim) with the known ones; their frames may differ by one."""
    frames = min(len(actual), len(known))
    expected = known[:frames].astype(np.float64)
    error = float(np.linalg.norm(actual[:frames] - expected) / (np.linalg.norm(expected) + TINY))
    apart = abs(len(actual) - len(known))
    return Nearness(
        name="contentvec",
        near=error <= FEATURE_ERROR_MAX and apart <= 1,
        measures={"relative error": error, "frames apart": apart},
    )


def compare_pitch(actual: np.ndarray, known: np.ndarray) -> Nearness:
    """Compare RMVPE's pitch (T,) in Hz with the known one."""
    frames = min(len(actual), len(known))
    heard, expected = actual[:frames].astype(np.float64), known[:frames].astype(np.float64)
    both = (heard > 0) & (expected > 0)
    cents = np.abs(1200 * np.log2(heard[both] / expected[both]))
    median = float(np.median(cents)) if both.any() else 0.0
    voicing = float(np.mean((heard > 0) == (expected > 0)))
    return Nearness(
        name="rmvpe",
        near=voicing >= VOICING_MIN and median <= CENTS_MAX,
        measures={"voicing agrees": voicing, "median difference (cents)": median},
    )


def _read_clip(path: Path) -> Tensor:
    if not path.is_file():
        raise InputError(
            "missing_reference",
            f"There is no clip of known outputs at {path}.",
            "Name the folder that has it.",
        )
    return torch.from_numpy(audio.read(path, CONTENT_RATE_HZ)[0])[None]


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise InputError("missing_reference", f"The known output {path} is missing.")
    return path
