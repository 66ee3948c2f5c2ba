"""The full model's work as WebUI and Applio do it, for comparison: the same networks, losses and results.

Decoding runs over 40 s in one piece with a channel's values side by side, in fp32; the discriminators take gradients in
the generator's step too, real waves by themselves; the norm of every gradient is read back; every file and every
live block goes through the networks alone.
"""

from copy import deepcopy
from itertools import pairwise
from typing import TypeVar, cast

import faiss
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import AdamW

from rvc.analysis import rmvpe
from rvc.analysis.hubert import Hubert
from rvc.analysis.pitch import coarse
from rvc.config import CONTENT_RATE_HZ, FRAME_RATE
from rvc.learning import losses
from rvc.learning.recipes.accumulation import Part
from rvc.learning.recipes.gan import BETAS, EPS, GanRecipe
from rvc.model.decoder import FINAL_SLOPE, Decoder, Frames, ResidualBlock
from rvc.model.layers import LRELU_SLOPE, ConvTranspose1d, Noise
from rvc.model.packed import Packable
from rvc.model.synthesizer import Forward, Synthesizer
from rvc.synthesis import chunks
from rvc.synthesis.index import NEIGHBOURS

CHUNK_S, SEARCH_S, PAD_S = 38, 6, 1  # as WebUI cuts recordings without a GPU
LIVE_S, LIVE_PITCH_S = 2.81, 0.31  # what both hear anew for a block of 250 ms
INDEX_RATE = 0.75
Network = TypeVar("Network", bound=nn.Module)
HOP = CONTENT_RATE_HZ // FRAME_RATE


class PlainDecoder(Decoder):
    """The decoder as its paper has it: every layer makes a wave of its own."""

    def forward(
        self,
        z: Tensor,
        f0: Tensor | None,
        g: Tensor,
        noise: Noise,
        frames: int | None = None,
        spoken: Frames | None = None,
    ) -> Tensor:
        """Return the wave of all frames; `frames` and `spoken` mean nothing here."""
        del frames, spoken
        source = self._source(f0, noise)
        x = self.conv_pre(z) + self.cond(g)
        for stage, up in enumerate(self.ups):
            up = cast(ConvTranspose1d, up)
            x = F.leaky_relu(x, LRELU_SLOPE)
            x = F.conv_transpose1d(x, up.normed(), up.bias, up.stride, up.padding)
            if self.noise_convs is not None and source is not None:
                x = x + self.noise_convs[stage](source.to(x.dtype))
            x = self._blend(stage, x)
        return torch.tanh(self.conv_post(F.leaky_relu(x, FINAL_SLOPE)).float())

    def _blend(self, stage: int, x: Tensor) -> Tensor:
        kinds = len(self.resblocks) // len(self.ups)
        blocks = self.resblocks[stage * kinds : (stage + 1) * kinds]
        total = _resound(blocks[0], x)
        for block in blocks[1:]:
            total += _resound(block, x)
        return total / kinds


def _resound(block: nn.Module, x: Tensor) -> Tensor:
    """Go through a residual block, (B, C, T)."""
    assert isinstance(block, ResidualBlock)
    for dilated, even in zip(block.convs1, block.convs2, strict=True):
        hidden = dilated(F.leaky_relu(x, LRELU_SLOPE))
        x = even(F.leaky_relu(hidden, LRELU_SLOPE)) + x
    return x


def plain(synthesizer: Synthesizer) -> Synthesizer:
    """Replace the decoder in place by the plain one, with the same weights."""
    device = synthesizer.emb_g.weight.device
    decoder = PlainDecoder(synthesizer.config).to(device)
    decoder.load_state_dict(synthesizer.dec.state_dict())
    synthesizer.dec = decoder
    return _in_torchs_way(synthesizer)


class WebuiRecipe(GanRecipe):
    """A training step of RVC-WebUI."""

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        plain(self.synthesizer)
        del self.modules["average"]
        self.optimizers = {name: self._optimizer(self.modules[name]) for name in self.optimizers}

    @property
    def candidates(self) -> tuple[Synthesizer, ...]:
        """The weights of the last step."""
        return (self.synthesizer,)

    def _average(self, step: int) -> None:
        pass

    def _optimizer(self, module: nn.Module) -> AdamW:
        return AdamW(module.parameters(), lr=self.learning_rate, betas=BETAS, eps=EPS)

    def _descend_discriminator(self, part: Part, fake: Tensor, starts: Tensor) -> dict[str, Tensor]:
        with self._autocast():
            real_scores, _ = self.discriminator(self._real(part, starts))
            scores, _ = self.discriminator(fake)
        return self._descend(part, {"loss_disc": losses.discriminator_loss(real_scores, scores)})

    def _descend_generator(self, part: Part, forward: Forward) -> dict[str, Tensor]:
        real = self._real(part, forward.ids_slice)
        with self._autocast():
            _, maps_real = self.discriminator(real)
            scores, maps = self.discriminator(forward.y_hat)
        judged = {
            "loss_adv": losses.adversarial_loss(scores),
            "loss_fm": self._feature_loss(maps_real, maps),
        }
        return self._descend(part, judged | self._distances(real, forward))

    def _feature_loss(self, real: list[list[Tensor]], fake: list[list[Tensor]]) -> Tensor:
        return losses.feature_loss(real, fake)

    def _step(self, name: str) -> None:
        for parameter in self.modules[name].parameters():
            if parameter.grad is not None:
                parameter.grad.norm().item()
        super()._step(name)


class ApplioRecipe(WebuiRecipe):
    """A training step of Applio: the gradient also flows through what real waves are said to be, and is thrown away."""

    def _feature_loss(self, real: list[list[Tensor]], fake: list[list[Tensor]]) -> Tensor:
        pairs = (pair for maps in zip(real, fake, strict=True) for pair in zip(*maps, strict=True))
        distances = [(r.float() - f.float()).abs().mean() for r, f in pairs]
        return losses.FEATURE_WEIGHT * torch.stack(distances).sum()


def plain_networks(encoder: Hubert, estimator: rmvpe.Rmvpe) -> tuple[Hubert, rmvpe.Rmvpe]:
    """Return copies that compute in torch's own way, all of a wave in one piece."""
    encoder = deepcopy(encoder)
    encoder.feature_extractor.tiled = False
    encoder.encoder.pos_conv_embed.conv.folded = None
    plain_estimator = deepcopy(estimator).to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    return _in_torchs_way(encoder), _in_torchs_way(plain_estimator)


def _in_torchs_way(network: Network) -> Network:
    for layer in network.modules():
        if isinstance(layer, Packable):
            layer.plain = True
    return network


def inverted_index(bank: np.ndarray) -> faiss.Index:
    """Build the index of a bank of features (N, dim)."""
    lists = max(len(bank) // 39, 1)
    index = faiss.index_factory(bank.shape[1], f"IVF{lists},Flat")
    index.train(bank)
    index.add(bank)
    return index


class PlainConversion:
    """Converts waves at 16 kHz in fp32, with an inverted index of a bank of features (N, dim).

    The networks are copied, but for the synthesizer.
    """

    def __init__(
        self, encoder: Hubert, estimator: rmvpe.Rmvpe, synthesizer: Synthesizer, bank: np.ndarray
    ) -> None:
        self._encoder, self._estimator = plain_networks(encoder, estimator)
        self._synthesizer = plain(synthesizer).fold_weight_norm().eval()
        self._bank, self._index = bank, inverted_index(bank)

    @torch.inference_mode()
    def convert(self, wave: np.ndarray) -> np.ndarray:
        """Convert a recording (N,): pitch of the whole, then chunks of about 40 s with a second around them."""
        places = chunks.quiet_places(wave, CHUNK_S * CONTENT_RATE_HZ, SEARCH_S * CONTENT_RATE_HZ)
        pad = PAD_S * CONTENT_RATE_HZ
        padded = np.pad(wave, pad, mode="reflect")
        f0 = self._pitch(padded)
        edges = [0, *(place // (2 * HOP) * 2 * HOP for place in places), len(wave)]
        spoken = [
            self._speak(padded[start : stop + 2 * pad], f0[start // HOP : (stop + 2 * pad) // HOP])
            for start, stop in pairwise(edges)
        ]
        margin = PAD_S * self._synthesizer.rate
        return np.concatenate([piece[margin:-margin] for piece in spoken])

    @torch.inference_mode()
    def convert_block(self, wave: np.ndarray, block_s: float) -> np.ndarray:
        """Convert the end of what was heard (N,), all of it heard anew; only the block and a fade are spoken."""
        f0 = self._pitch(wave[-round(LIVE_PITCH_S * CONTENT_RATE_HZ) :])
        frames = len(wave) // HOP
        spoken = round((block_s + 0.06) * FRAME_RATE)
        return self._speak(wave, F.pad(f0, (max(frames - len(f0), 0), 0)), max(frames - spoken, 0))

    def _pitch(self, wave: np.ndarray) -> Tensor:
        mel = rmvpe.log_mel(torch.from_numpy(wave)[None])
        return rmvpe.decode(self._estimator.salience(mel))[0]

    def _speak(self, wave: np.ndarray, f0: Tensor, skip: int = 0) -> np.ndarray:
        features = self._encoder(torch.from_numpy(wave)[None])[0]
        content = self._blend(features).repeat_interleave(2, dim=0)
        frames = min(len(content), len(f0))
        spoken = self._synthesizer.infer(
            content[None, :frames],
            f0[None, :frames],
            torch.tensor([frames]),
            torch.tensor([0]),
            pitch=coarse(f0[None, :frames]),
            skip_head=min(skip, frames - 1),
        )
        return spoken[0, 0].numpy()

    def _blend(self, features: Tensor) -> Tensor:
        distances, rows = self._index.search(features.numpy(), NEIGHBOURS)
        weights = np.square(1 / np.maximum(distances, 1e-9))
        weights /= weights.sum(axis=1, keepdims=True)
        near = np.sum(self._bank[rows] * weights[..., None], axis=1)
        return INDEX_RATE * torch.from_numpy(near.astype(np.float32)) + (1 - INDEX_RATE) * features
