"""Pitch estimators: Hz at 100 frames/s from 16 kHz audio, 0 where nothing is voiced.

Frame i of every estimator is centred at sample 160 i. A row of a batch gives the same pitch as the clip
alone.
"""

import contextlib
import io
import math
import os
import warnings
from collections.abc import Callable
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from rvc import assets
from rvc.analysis import networks, rmvpe
from rvc.analysis.pieces import Piece, Pieces, sample_counts
from rvc.config import CONTENT_RATE_HZ, FRAME_RATE
from rvc.model import packed
from rvc.model.undrawn import Undrawn

HOP = CONTENT_RATE_HZ // FRAME_RATE
F0_MIN_HZ = 50.0
F0_MAX_HZ = 1100.0
COARSE_BINS = 256
SHIFT_MAX = 36  # semitones


class PitchEstimator(Protocol):
    """Finds the pitch of a voice."""

    name: str

    def estimate(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Map 16 kHz waves (B, N), `lengths` (B) samples of which are valid, to Hz (B, N // 160).

        Unvoiced frames and those beyond a row's length are 0.
        """
        ...


def coarse(f0: Tensor) -> Tensor:
    """Return the pitch class 1 to 255 (int64) of `f0` in Hz, in equal steps of mel; 0 Hz is class 1."""
    low, high = (1127 * math.log(1 + hz / 700) for hz in (F0_MIN_HZ, F0_MAX_HZ))
    mel = 1127 * torch.log(1 + f0.float() / 700)
    scaled = (mel - low) * (COARSE_BINS - 2) / (high - low) + 1
    return scaled.clamp(1, COARSE_BINS - 1).round().long()


def shift_to(usual_hz: float | None, f0: Tensor) -> int:
    """Return the whole semitones, three octaves at most, that bring the median of `f0` (T,) to `usual_hz`.

    0 where that is not known or nothing is voiced.
    """
    voiced = f0[f0 > 0]
    if usual_hz is None or not len(voiced):
        return 0
    semitones = round(12 * math.log2(usual_hz / float(voiced.median())))
    return max(-SHIFT_MAX, min(SHIFT_MAX, semitones))


def shift(f0: Tensor, semitones: float) -> Tensor:
    """Return `f0` so many semitones higher."""
    return f0 * 2 ** (semitones / 12)


def fill_unvoiced(f0: np.ndarray) -> np.ndarray:
    """Return `f0` (T) in Hz with its zeros filled by straight lines, level at the ends; all zeros stay.

    Models trained by WebUI from 2026 on expect this, all others expect zeros.
    """
    voiced = np.flatnonzero(f0)
    if not len(voiced):
        return f0.copy()
    return np.interp(np.arange(len(f0)), voiced, f0[voiced]).astype(f0.dtype)


class RmvpeEstimator:
    """RMVPE, what RVC's bases were trained with.

    Pieces of 60 s see 10 s more on either side; what lies further away moves few frames by more than a cent. The
    convolutions compute in `dtype`.
    """

    name = networks.RMVPE

    def __init__(
        self, model: rmvpe.Rmvpe, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
    ) -> None:
        self._device = torch.device(device)
        self._model = model.to(self._device).eval()
        self._model.compute_in(dtype)
        packed.settle(self._model)
        if self._device.type == "cpu":  # a quarter less time
            self._model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        margin = rmvpe.N_FFT // 2
        self._pieces = Pieces(
            HOP,
            length=188 * rmvpe.GRID,
            context=32 * rmvpe.GRID,
            batch=8192,
            before=margin,
            after=margin,
            bucket=rmvpe.GRID,
        )

    @property
    def network(self) -> rmvpe.Rmvpe:
        return self._model

    @torch.no_grad()
    def estimate(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        result = torch.zeros(len(wave), wave.shape[-1] // HOP, device=self._device)
        return self._pieces.run(wave, lengths, self._estimate_pieces, result)

    def _estimate_pieces(self, waves: Tensor, pieces: list[Piece]) -> Tensor:
        mel = rmvpe.log_mel_within(waves)
        # the reference's spectrogram has a frame more than the result, and zeros after it
        for row, piece in zip(mel, pieces, strict=True):
            row[:, piece.frames + 1 :] = 0
        return rmvpe.decode(self._model.salience(mel))


class FcpeEstimator:
    """FCPE (Luo et al. 2025) with the weights in `torchfcpe`: near RMVPE at a fraction of its cost.

    Its network is convolutional but for a norm over time, which sees a piece of up to 64 s.
    """

    name = networks.FCPE
    THRESHOLD = 0.006
    SILENCE_HZ = 20.0  # the package says 0 by a number near it

    def __init__(self, device: torch.device | str = "cpu") -> None:
        self._device = torch.device(device)
        self._model = _load_fcpe_package(self._device)
        # the norm makes clips of a batch depend on its length: only equal ones go together
        self._pieces = Pieces(HOP, length=6000, context=200, batch=6400, bucket=1)

    @torch.no_grad()
    def estimate(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        result = torch.zeros(len(wave), wave.shape[-1] // HOP, device=self._device)
        return self._pieces.run(wave, lengths, self._estimate_pieces, result)

    def _estimate_pieces(self, waves: Tensor, _pieces: list[Piece]) -> Tensor:
        peak = waves.abs().amax(dim=1, keepdim=True).clamp(min=1)  # the package prints about louder samples
        f0 = self._model((waves / peak).unsqueeze(-1), CONTENT_RATE_HZ, "local_argmax", self.THRESHOLD)
        return torch.where(f0 > self.SILENCE_HZ, f0, 0.0).squeeze(-1)


class SwiftEstimator:
    """SwiftF0 (Nieradzik 2025), tiny and quick on a CPU; its frames, 16 ms apart, are brought to the grid."""

    name = networks.SWIFT
    STEP = 256  # samples
    VOICED = 0.15  # confidence; agrees best with RMVPE, whose voicing RVC's models know
    JUMP = 0.25  # octaves; neighbours further apart are no glide

    def __init__(self, device: torch.device | str = "cpu") -> None:
        from swift_f0 import SwiftF0

        self._device = torch.device(device)
        self._detector = SwiftF0(threads=min(os.cpu_count() or 1, 4), spin=False)

    def estimate(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        result = torch.zeros(len(wave), wave.shape[-1] // HOP)
        for row, samples in enumerate(sample_counts(wave, lengths)):
            frames = samples // HOP
            if frames:
                result[row, :frames] = self._estimate_clip(wave[row, :samples], frames)
        return result.to(self._device)

    def _estimate_clip(self, clip: Tensor, frames: int) -> Tensor:
        found = self._detector.detect(clip.float().cpu().numpy(), CONTENT_RATE_HZ, F0_MIN_HZ, F0_MAX_HZ)
        position = np.arange(frames) * (HOP / self.STEP)
        before = np.minimum(position.astype(int), len(found.pitch_hz) - 1)
        after = np.minimum(before + 1, len(found.pitch_hz) - 1)
        share = np.minimum(position - before, 1)
        confidence = (1 - share) * found.confidence[before] + share * found.confidence[after]
        octaves = np.log2(found.pitch_hz)
        voiced = found.confidence >= self.VOICED
        share = np.where(np.abs(octaves[after] - octaves[before]) > self.JUMP, np.round(share), share)
        share = np.where(voiced[before] == voiced[after], share, voiced[after])
        f0 = 2 ** ((1 - share) * octaves[before] + share * octaves[after])
        return torch.from_numpy(np.where(confidence >= self.VOICED, f0, 0))


def names() -> list[str]:
    """List the estimators there are."""
    return list(networks.ESTIMATORS)


def default_name(device: torch.device | str = "cpu") -> str:
    """Return the estimator used when none is named: RMVPE where its file is, else the best quick one."""
    return networks.estimators()[0 if torch.device(device).type == "cpu" else -1]


def load(
    name: str | None = None, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
) -> PitchEstimator:
    """Load an estimator; RMVPE's convolutions compute in `dtype`, others know only float32.

    Raises `InputError` when it is unknown or its file, an asset, is missing.
    """
    name = name or default_name(device)
    networks.check_estimator(name)
    return _LOADERS[name](device, dtype)


def _load_rmvpe(device: torch.device | str, dtype: torch.dtype) -> PitchEstimator:
    with Undrawn():
        model = rmvpe.Rmvpe()
    model.load_state_dict(assets.tensors(RmvpeEstimator.name))
    return RmvpeEstimator(model, device, dtype)


def _load_fcpe_package(device: torch.device) -> torch.nn.Module:
    """Load the package's model without what it prints and warns."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torchfcpe

        return torchfcpe.spawn_bundled_infer_model(str(device))


_LOADERS: dict[str, Callable[[torch.device | str, torch.dtype], PitchEstimator]] = {
    RmvpeEstimator.name: _load_rmvpe,
    FcpeEstimator.name: lambda device, _dtype: FcpeEstimator(device),
    SwiftEstimator.name: lambda device, _dtype: SwiftEstimator(device),
}
