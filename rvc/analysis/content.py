"""Content encoders: what is said, without who says it, at 50 frames/s from 16 kHz speech.

Frame i of every encoder is centred at sample 320 i + 160. A row of a batch gives the same features as the
clip alone, and a recording of hours the same as in one piece, as far as the encoder's docstring says.
"""

import os
from collections.abc import Callable
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from rvc import assets, paths
from rvc.analysis import hubert, networks
from rvc.analysis.pieces import Piece, Pieces, excerpt, sample_counts
from rvc.config import CONTENT_FRAME_RATE, CONTENT_RATE_HZ, FRAME_RATE
from rvc.errors import InputError
from rvc.model import packed
from rvc.model.config import V1_CONTENT_DIM
from rvc.model.undrawn import Undrawn

HOP = CONTENT_RATE_HZ // CONTENT_FRAME_RATE
STARTER = networks.STARTER


class ContentEncoder(Protocol):
    """Turns speech into `dim` features per frame."""

    name: str
    dim: int
    frame_rate: int

    def encode(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Map 16 kHz waves (B, N), `lengths` (B) samples of which are valid, to (B, N // 320, dim).

        Frames beyond a row's length are 0.
        """
        ...


class ContentVec:
    """ContentVec (Qian et al. 2022): layer 12 of a HuBERT base trained to forget the speaker.

    Up to 30 s are encoded at once. Of longer recordings every frame hears at least 4 s to either side, and
    the norm over time is that of the whole recording; only attention to what is further away is lost. The heavy
    layers compute in `dtype`; features are float32.
    """

    name = networks.CONTENTVEC
    frame_rate = CONTENT_FRAME_RATE
    LAYER: int | None = None
    MARGIN = (hubert.WINDOW - HOP) // 2  # samples that a frame sees before and after its own

    def __init__(
        self, model: hubert.Hubert, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
    ) -> None:
        self.dim = model.config.hidden
        self._device = torch.device(device)
        self._model = model.to(self._device).eval()
        self._model.compute_in(dtype)
        packed.settle(self._model)
        self._pieces = Pieces(
            HOP, length=1500, context=200, batch=3400, before=self.MARGIN, after=self.MARGIN
        )

    @property
    def network(self) -> hubert.Hubert:
        return self._model

    @property
    def device(self) -> torch.device:
        return self._device

    @torch.no_grad()
    def encode(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        norms = self._norms(wave, sample_counts(wave, lengths))

        def encode_pieces(waves: Tensor, pieces: list[Piece]) -> Tensor:
            samples = [piece.frames * HOP + hubert.WINDOW - HOP for piece in pieces]
            return self._features(waves, samples, torch.stack([norms[piece.row] for piece in pieces]))

        result = torch.zeros(len(wave), wave.shape[-1] // HOP, self.dim, device=self._device)
        return self._pieces.run(wave, lengths, encode_pieces, result)

    def _features(self, waves: Tensor, samples: list[int], norms: Tensor) -> Tensor:
        return self._model(waves, samples, norms, self.LAYER)

    def understand(self, heard: Tensor, wanted: slice) -> Tensor:
        """Return the features of the `wanted` frames among those that the network's convolutions heard."""
        return self._model.understand(heard, None, self.LAYER, wanted)

    def _norms(self, wave: Tensor, samples: list[int]) -> dict[int, Tensor]:
        """Return what normalises each row that is long enough for a frame."""
        heard = {
            row: excerpt(wave[row, :n], -self.MARGIN, n + self.MARGIN)
            for row, n in enumerate(samples)
            if n >= HOP
        }
        return {row: self._model.norms([recording])[0] for row, recording in heard.items()}


class ContentVecV1(ContentVec):
    """What RVC v1 models were trained on: layer 9 of ContentVec, projected to fewer dimensions."""

    name = networks.CONTENTVEC_V1
    LAYER = 9

    def __init__(
        self,
        model: hubert.Hubert,
        projection: nn.Linear,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(model, device, dtype)
        self.dim = projection.out_features
        self._projection = projection.to(self._device).eval()

    def _features(self, waves: Tensor, samples: list[int], norms: Tensor) -> Tensor:
        return self._projection(super()._features(waves, samples, norms))

    def understand(self, heard: Tensor, wanted: slice) -> Tensor:
        return self._projection(super().understand(heard, wanted))


class WakeHubertTiny:
    """WakeHuBERT-tiny, a small causal network distilled from HuBERT base; runs on the CPU.

    Its output for a moment comes five frames later, so it is given five frames more and the first five are
    left out. It sees 2.5 s back and pieces overlap by as much, so the result is exactly that of one piece.
    """

    name = networks.WAKEHUBERT
    dim = 128
    frame_rate = CONTENT_FRAME_RATE
    DELAY = 5  # frames
    SIGHT = 125  # frames

    def __init__(
        self, session: Callable[[np.ndarray], np.ndarray], device: torch.device | str = "cpu"
    ) -> None:
        self._session = session
        self._device = torch.device(device)
        self._pieces = Pieces(HOP, length=3000, context=self.SIGHT, batch=6400, after=self.DELAY * HOP)

    @torch.no_grad()
    def encode(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        result = torch.zeros(len(wave), wave.shape[-1] // HOP, self.dim)
        return self._pieces.run(wave.cpu(), lengths, self._encode_pieces, result).to(self._device)

    def _encode_pieces(self, waves: Tensor, _pieces: list[Piece]) -> Tensor:
        features = self._session(waves.float().contiguous().numpy())
        return torch.from_numpy(features)[:, self.DELAY :]


def at_frame_rate(content: Tensor) -> Tensor:
    """Repeat features (T, dim) of 50 frames/s to the synthesizer's 100 frames/s: (2 * T, dim) float32."""
    return content.float().repeat_interleave(FRAME_RATE // CONTENT_FRAME_RATE, dim=0)


def names() -> list[str]:
    """List the encoders there are."""
    return list(networks.ENCODERS)


def default_name() -> str:
    """Return the encoder used when none is named: ContentVec where its file is found, else the project's own."""
    return networks.encoder()


def load(
    name: str | None = None, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
) -> ContentEncoder:
    """Load an encoder; ContentVec's heavy layers compute in `dtype`, others know only float32.

    Raises `InputError` when it is unknown or its asset, of the same name, is missing.
    """
    name = name or default_name()
    networks.check_encoder(name)
    return _LOADERS[name](device, dtype)


def _load_contentvec(device: torch.device | str, dtype: torch.dtype) -> ContentEncoder:
    with Undrawn():
        model = hubert.Hubert()
    model.load_state_dict(hubert.canonical(assets.tensors(ContentVec.name)))
    return ContentVec(model, device, dtype)


def _load_contentvec_v1(device: torch.device | str, dtype: torch.dtype) -> ContentEncoder:
    tensors = assets.tensors(ContentVec.name)
    with Undrawn():
        model, projection = hubert.Hubert(), nn.Linear(hubert.HubertConfig().hidden, V1_CONTENT_DIM)
    model.load_state_dict(hubert.canonical(tensors))
    try:
        projection.load_state_dict({name: tensors[f"final_proj.{name}"] for name in ("weight", "bias")})
    except KeyError as error:
        raise InputError(
            "no_projection",
            f"The file of {ContentVec.name} lacks the projection to {V1_CONTENT_DIM} dimensions of RVC v1.",
            f"Run `rvc assets fetch {ContentVec.name}` for the usual file.",
        ) from error
    return ContentVecV1(model, projection, device, dtype)


def _load_starter(device: torch.device | str, _dtype: torch.dtype) -> ContentEncoder:
    from rvc.starter.content import Starter
    from rvc.starter.encoder import load_encoder

    return Starter(load_encoder(paths.resource("starter/encoder.safetensors")).encoder, device)


def _load_wakehubert(device: torch.device | str, _dtype: torch.dtype) -> ContentEncoder:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(os.cpu_count() or 1, 4)
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(
        str(assets.fetch(WakeHubertTiny.name)), options, providers=["CPUExecutionProvider"]
    )
    return WakeHubertTiny(lambda waves: session.run(["features"], {"waveform": waves})[0], device)


_LOADERS: dict[str, Callable[[torch.device | str, torch.dtype], ContentEncoder]] = {
    ContentVec.name: _load_contentvec,
    ContentVecV1.name: _load_contentvec_v1,
    STARTER: _load_starter,
    WakeHubertTiny.name: _load_wakehubert,
}
