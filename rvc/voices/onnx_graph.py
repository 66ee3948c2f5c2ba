"""The voices' networks as ONNX graphs hold them: noise is an input, numbers are real, and any length fits.

Every graph takes content (1, T, dim), f0 (1, T) in Hz, a speaker (1,) and standard normal noise, and returns the wave
(1, T * hop). Traced with torch's TorchScript exporter, which needs no package but `onnx`.
"""

import io
import warnings
from collections.abc import Callable
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from rvc.analysis.pitch import coarse
from rvc.model import lite_source
from rvc.model.lite import Curves, LiteSynthesizer
from rvc.model.student import StudentSynthesizer
from rvc.model.synthesizer import Synthesizer

OPSET = 17
SCAN_STEPS = 16  # a running maximum reaches 2^16 frames back: eleven minutes
NEVER = 1 << 30
SHAPE, TRANSPOSED = Tensor.shape.__get__, Tensor.mT.__get__  # type: ignore[attr-defined]


class Graph(Protocol):
    """A network ready to be written."""

    time_axes: dict[str, int]
    """The axis of each input that grows with time."""

    def __call__(self, *tensors: Tensor) -> Tensor: ...


class V2Graph(nn.Module):
    """RVC v2, with or without pitch."""

    def __init__(self, network: Synthesizer) -> None:
        super().__init__()
        self.network = network
        pitched = {"f0": 1, "source_noise": 1} if network.has_pitch else {}
        self.time_axes = {"content": 1, "noise": 2, **pitched}

    def forward(self, content: Tensor, *rest: Tensor) -> Tensor:
        f0, rest = (rest[0], rest[1:]) if self.network.has_pitch else (None, rest)
        speaker, *noises = rest
        drawn = iter(noises)
        lengths = torch.ones_like(speaker) * content.size(1)
        wave = self.network.infer(content, f0, lengths, speaker, noise=lambda _: next(drawn))
        return wave[:, 0]


class RealFilter(nn.Module):
    """What `FrameFilter` does, its short Fourier transforms written as products with matrices of cosines and sines."""

    analysis: Tensor
    synthesis: Tensor

    def __init__(self, network: LiteSynthesizer) -> None:
        super().__init__()
        self.network = network
        frame_filter = network.filter
        hop, bins = frame_filter.hop, frame_filter.bins
        window = torch.diag(frame_filter.window.double())
        spectra = torch.fft.rfft(F.pad(window, (hop, hop)))
        waves = [
            torch.fft.irfft(torch.eye(bins).double() * unit, n=frame_filter.n_fft) for unit in (1 + 0j, 1j)
        ]
        self.register_buffer("analysis", torch.stack([spectra.real, spectra.imag]).float(), persistent=False)
        self.register_buffer("synthesis", torch.stack(waves).float(), persistent=False)

    def forward(self, curves: Curves, noise: Tensor) -> Tensor:
        """Do what `LiteSynthesizer.render` does, from phase 0 on."""
        network = self.network
        pulses = lite_source.pulse_train(
            curves.f0, network.rate, network.hop, torch.zeros_like(curves.f0[:, 0])
        )
        gain, angle = (curves.pulse_gain @ network.warp).exp(), curves.phase @ network.warp
        breath = (curves.noise_gain @ network.warp).exp()
        (real, imaginary), (noise_real, noise_imaginary) = self._analyse(pulses), self._analyse(noise)
        cosine, sine = gain * angle.cos(), gain * angle.sin()
        return self._synthesise(
            real * cosine - imaginary * sine + noise_real * breath,
            real * sine + imaginary * cosine + noise_imaginary * breath,
        )

    def _analyse(self, wave: Tensor) -> tuple[Tensor, Tensor]:
        """Return the real and imaginary part of what `FrameFilter.analyse` does."""
        hop = self.network.hop
        hops = F.pad(wave, (hop // 2, hop - hop // 2)).unflatten(1, (-1, hop))
        frames = torch.cat([hops[:, :-1], hops[:, 1:]], dim=2)
        return frames @ self.analysis[0], frames @ self.analysis[1]

    def _synthesise(self, real: Tensor, imaginary: Tensor) -> Tensor:
        """Do what `FrameFilter.synthesise` does."""
        hop, overlap = self.network.hop, self.network.filter.OVERLAP
        frames = real @ self.synthesis[0] + imaginary @ self.synthesis[1]
        parts = frames.unflatten(2, (overlap, hop)).unbind(dim=2)
        shifted = [F.pad(part, (0, 0, index, overlap - 1 - index)) for index, part in enumerate(parts)]
        summed = torch.stack(shifted).sum(dim=0).flatten(1)
        start = hop + hop // 2
        return summed[:, start : -(overlap - 1) * hop + start]


class LiteGraph(nn.Module):
    """The lite model."""

    def __init__(self, network: LiteSynthesizer) -> None:
        super().__init__()
        self.network = network
        self.time_axes = {"content": 1, "f0": 1, "noise": 1}
        self.render = RealFilter(network)

    def forward(self, content: Tensor, f0: Tensor, speaker: Tensor, noise: Tensor) -> Tensor:
        lengths = torch.ones_like(speaker) * content.size(1)
        wave: Tensor = self.render(self.network.draw(content, f0, lengths, speaker), noise)
        return wave


class StudentGraph(nn.Module):
    """RVC v2 with a small decoder."""

    def __init__(self, network: StudentSynthesizer) -> None:
        super().__init__()
        self.network = network
        self.time_axes = {"content": 1, "f0": 1, "noise": 2, "source_noise": 1}
        self.render = RealFilter(network.dec)

    def forward(
        self, content: Tensor, f0: Tensor, speaker: Tensor, noise: Tensor, source_noise: Tensor
    ) -> Tensor:
        network = self.network
        lengths = torch.ones_like(speaker) * content.size(1)
        z, _ = network.latent(content, coarse(f0), lengths, speaker, lambda _: noise)
        curves = network.dec.draw(z.transpose(1, 2), f0, lengths, network.emb_g(speaker))
        wave: Tensor = self.render(curves, source_noise.flatten(1))
        return wave


def draw_noise(network: Any, frames: int, generator: torch.Generator) -> dict[str, Tensor]:
    """Draw a graph's noise for so many frames as `infer` draws it: the same generator gives the same wave."""
    if isinstance(network, LiteSynthesizer):
        return {"noise": torch.randn((1, frames * network.hop), generator=generator)}
    shapes = {"noise": (1, network.config.inter_channels, frames)}
    if network.has_pitch:
        shapes["source_noise"] = (1, frames, network.hop)
    return {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}


def graph_of(network: nn.Module) -> Graph:
    """Return the graph of a network of any architecture."""
    if isinstance(network, LiteSynthesizer):
        return LiteGraph(network)
    return StudentGraph(network) if isinstance(network, StudentSynthesizer) else V2Graph(network)  # type: ignore[arg-type]


def export(graph: Graph, inputs: dict[str, Tensor]) -> bytes:
    """Return the ONNX file of a graph; `inputs` are examples, any other number of frames fits as well."""
    buffer = io.BytesIO()
    lengths = {name: {axis: "frames"} for name, axis in graph.time_axes.items()} | {"wave": {1: "samples"}}
    with torch.no_grad(), Translated(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's doubts are answered by comparing the sound
        torch.onnx.export(
            graph,  # type: ignore[arg-type]
            tuple(inputs.values()),
            buffer,  # type: ignore[arg-type]
            dynamo=False,
            opset_version=OPSET,
            input_names=list(inputs),
            output_names=["wave"],
            dynamic_axes=lengths,
        )
    return buffer.getvalue()


class Translated(TorchFunctionMode):
    """Within it, operations that a graph cannot hold or fixes to one length are done by others with the same result."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if func == SHAPE:  # a `torch.Size` would hold plain numbers
            return tuple(args[0].size(axis) for axis in range(args[0].dim()))
        if func == TRANSPOSED:
            return args[0].transpose(-1, -2)
        return _TRANSLATIONS.get(getattr(func, "__name__", ""), func)(*args, **(kwargs or {}))


def _unflatten(x: Tensor, dim: int, sizes: tuple[int, ...]) -> Tensor:
    whole = [x.size(axis) for axis in range(x.dim())]
    axis = dim % x.dim()
    return x.reshape(*whole[:axis], *sizes, *whole[axis + 1 :])


def _whole(x: Tensor, _size: int, dim: int = 0) -> tuple[Tensor]:
    """Split nothing: attention scores all queries at once."""
    del dim
    return (x,)


class _Running:
    """The result of `cummax` or `cummin`."""

    def __init__(self, values: Tensor) -> None:
        self.values = values


def _running(best: Callable[[Tensor, Tensor], Tensor], start: int) -> Callable[..., _Running]:
    """Return a running maximum or minimum over axis 1 that looks back twice as far with every step."""

    def run(x: Tensor, dim: int) -> _Running:
        del dim
        for step in (1 << power for power in range(SCAN_STEPS)):
            x = best(x, F.pad(x, (step, 0), value=start)[:, :-step])
        return _Running(x)

    return run


_TRANSLATIONS: dict[str, Callable[..., Any]] = {
    "unflatten": _unflatten,
    "split": _whole,
    "cummax": _running(torch.maximum, -NEVER),
    "cummin": _running(torch.minimum, NEVER),
    "exp2": lambda x: torch.pow(2.0, x),
}
