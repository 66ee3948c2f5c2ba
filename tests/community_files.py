"""Small stand-ins for the community's files: everything that files are recognised by, and little else."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from rvc.model.config import SynthesizerConfig

CONFIG_40K = [
    1025, 32, 192, 192, 768, 2, 6, 3, 0, "1", [3, 7, 11], [[1, 3, 5], [1, 3, 5], [1, 3, 5]], [10, 10, 2, 2],
    512, [16, 16, 4, 4], 109, 256, 40000,
]  # fmt: skip


def weights(
    rate: int = 40000,
    *,
    dim: int = 768,
    pitch: bool = True,
    speakers: int = 109,
    kernels: tuple[int, ...] = (),
) -> dict[str, Tensor]:
    """Return the few tensors by which a file is recognised."""
    kernels = kernels or SynthesizerConfig.v2(rate).upsample_kernels
    tensors = {f"dec.ups.{i}.weight_v": torch.zeros(1, 1, kernel) for i, kernel in enumerate(kernels)}
    tensors["enc_p.emb_phone.weight"] = torch.zeros(192, dim)
    tensors["emb_g.weight"] = torch.zeros(speakers, 256)
    if pitch:
        tensors["enc_p.emb_pitch.weight"] = torch.zeros(256, 192)
    return tensors


def webui(**changes: Any) -> dict[str, Any]:
    facts = {"config": CONFIG_40K, "info": "20epoch", "sr": "40k", "f0": 1, "version": "v2"}
    return {"weight": weights(), **facts, **changes}


def applio(**changes: Any) -> dict[str, Any]:
    facts = {
        "config": CONFIG_40K,
        "epoch": 20,
        "step": 1000,
        "sr": 40000,
        "f0": True,
        "version": "v2",
        "creation_date": "2026-01-31T12:34:56.123456",
        "model_hash": "c62d",
        "dataset_length": "00:10:05",
        "model_name": "Anna",
        "author": "None",
        "embedder_model": "contentvec",
        "speakers_id": 1,
        "vocoder": "HiFi-GAN",
    }
    return {"weight": weights(), **facts, **changes}


def saved(folder: Path, content: Any, name: str = "voice.pth") -> Path:
    torch.save(content, folder / name)
    return folder / name
