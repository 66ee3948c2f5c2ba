"""A voice for other programs: the community's `.pth`, a `.safetensors` of this program, or an ONNX file."""

import copy
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch
from torch import Tensor, nn

from rvc import paths
from rvc.config import FRAME_RATE
from rvc.errors import Error, InputError
from rvc.events import Phase, Reporter
from rvc.synthesis import index
from rvc.voices.small_model import Layout
from rvc.voices.voice import Voice, export_pth, locate

if TYPE_CHECKING:
    import onnx

Format = Literal["pth", "safetensors", "onnx"]

FORMATS: dict[str, Format] = {".pth": "pth", ".safetensors": "safetensors", ".onnx": "onnx"}
TRACED_FRAMES = 64
CHECKED_FRAMES = (31, 64, 613)  # shorter, as traced, and longer than one block of attention
LIMIT = 0.01  # of the peak: a rounding of the pitch moves pulses a little, a wrong graph sounds like another voice
SEED = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far an ONNX file's sound is from the model's: the largest difference, and the largest value.

    `pace` and `onnx_pace` are the seconds that the model and ONNX Runtime take for a second of speech on the CPU.
    """

    difference: float
    peak: float
    pace: float
    onnx_pace: float

    @property
    def share(self) -> float:
        return self.difference / max(self.peak, 1e-9)


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, and for ONNX how true it is."""

    model: Path
    index: Path | None = None
    comparison: Comparison | None = None


def export(
    model: Path,
    out: Path,
    reporter: Reporter,
    *,
    kind: Format | None = None,
    layout: Layout = "webui",
    with_index: bool = False,
) -> Exported:
    """Write a voice, and its index where that is asked for, in the format that `kind` or the name of `out` says.

    Raises `InputError`: unknown_format, not_exportable, no_index, no_onnx; `Error` onnx_differs.
    """
    kind = kind or _format_of(out)
    source = locate(model)
    found = _find_index(source, reporter) if with_index else None
    voice, comparison = Voice.load(source), None
    if kind == "pth":
        export_pth(voice, out, layout)
        _tell_what_is_lost(voice, reporter)
    elif kind == "safetensors":
        voice.save(out)
    else:
        comparison = write_onnx(voice, out, reporter)
    return Exported(out, found and index.export(found, out.stem, out.parent), comparison)


def _tell_what_is_lost(voice: Voice, reporter: Reporter) -> None:
    if voice.card.consent:
        reporter.warn(
            "consent_left_out",
            "A .pth has no place for the consent that the model's card records: pass it on in words.",
        )


def _format_of(out: Path) -> Format:
    if out.suffix.lower() not in FORMATS:
        raise InputError(
            "unknown_format",
            f"The name {out.name} does not say what to write.",
            f"End it with {', '.join(FORMATS)}, or give --format.",
        )
    return FORMATS[out.suffix.lower()]


def _find_index(model: Path, reporter: Reporter) -> Path:
    found = index.find_index(model, reporter)
    if found is None:
        raise InputError("no_index", f"There is no index beside {model.name}.", "Make one with `rvc index`.")
    return found


def write_onnx(voice: Voice, path: Path, reporter: Reporter) -> Comparison:
    """Write a voice as ONNX, once its sound was found to be the model's; raises `Error` onnx_differs otherwise."""
    with reporter.phase("export", 1 + len(CHECKED_FRAMES)) as phase:
        model = _onnx_model(voice)
        phase.advance()
        comparison = compare(voice, model.SerializeToString(), phase)
    if not comparison.share <= LIMIT:
        raise Error(
            "onnx_differs",
            f"No file was written: as ONNX the voice would differ by {comparison.share:.1%} of its peak.",
            "Please report this.",
        )
    for name, text in _metadata(voice, comparison).items():
        model.metadata_props.add(key=name, value=text)
    with paths.atomic(path) as temporary:
        temporary.write_bytes(model.SerializeToString())
    return comparison


def _onnx_model(voice: Voice) -> "onnx.ModelProto":
    """Return the traced graph of a voice, checked for form."""
    try:
        import onnx
    except ImportError as error:
        raise InputError(
            "no_onnx",
            "Writing ONNX needs a package that is not installed.",
            "Install it with: pip install 'rvc-studio[onnx]'",
        ) from error
    from rvc.voices import onnx_graph

    graph = onnx_graph.graph_of(_network(voice))
    model = onnx.load_model_from_string(onnx_graph.export(graph, example(voice, TRACED_FRAMES)))
    onnx.checker.check_model(model)
    return model


def _network(voice: Voice) -> nn.Module:
    network = copy.deepcopy(voice.synthesizer)
    assert isinstance(network, nn.Module)
    return network.cpu().float().eval().fold_weight_norm()


def example(voice: Voice, frames: int) -> dict[str, Tensor]:
    """Return what a graph is given for so many frames: random content, and a pitch that glides and pauses."""
    from rvc.voices import onnx_graph

    generator = torch.Generator().manual_seed(SEED + frames)
    synthesizer = voice.synthesizer
    noise = onnx_graph.draw_noise(synthesizer, frames, generator)
    time = torch.arange(frames)
    f0 = 200 * torch.exp2(torch.sin(time / 40)) * (time % 50 > 9)
    said = {"content": torch.randn((1, frames, synthesizer.content_dim), generator=generator)}
    pitch = {"f0": f0[None]} if synthesizer.has_pitch else {}
    return said | pitch | {"speaker": torch.tensor([0])} | noise


def compare(voice: Voice, model: bytes, phase: Phase) -> Comparison:
    """Hold the sound of an ONNX file against the model's own, with the same noise, at several lengths."""
    import onnxruntime

    network = _network(voice)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(os.cpu_count() or 1, 4)
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    differences, peaks = [], []
    for frames in CHECKED_FRAMES:
        inputs = example(voice, frames)
        arrays = {name: tensor.numpy() for name, tensor in inputs.items()}
        started = time.perf_counter()
        heard = session.run(["wave"], arrays)[0]
        between = time.perf_counter()
        wanted = speak(network, inputs)
        took = (
            between - started,
            time.perf_counter() - between,
        )  # in the end those of the longest, with both warm
        differences.append(np.abs(heard - wanted).max())
        peaks.append(np.abs(wanted).max())
        phase.advance()
    onnx_pace, pace = (seconds * FRAME_RATE / CHECKED_FRAMES[-1] for seconds in took)
    # where a difference is no number, the largest is none
    return Comparison(float(np.max(differences)), float(np.max(peaks)), pace, onnx_pace)


@torch.inference_mode()
def speak(network: nn.Module, inputs: dict[str, Tensor]) -> np.ndarray:
    """Return the wave (1, N) of the model itself, which draws the noise of the inputs anew."""
    frames = inputs["content"].shape[1]
    wave = network.infer(  # type: ignore[operator]
        inputs["content"],
        inputs.get("f0"),
        torch.tensor([frames]),
        inputs["speaker"],
        generator=torch.Generator().manual_seed(SEED + frames),
    )
    return wave[:, 0].numpy()


def _metadata(voice: Voice, comparison: Comparison) -> dict[str, str]:
    facts = {
        "card": voice.card.model_dump_json(),
        "rate": voice.card.rate,
        "hop": voice.synthesizer.hop,
        "largest_difference": f"{comparison.difference:.3g}",
        "peak": f"{comparison.peak:.3g}",
        "inputs": "content at 100 frames/s; f0 in Hz, 0 where unvoiced; speaker; standard normal noise",
    }
    return {f"rvc_studio.{name}": str(value) for name, value in facts.items()}
