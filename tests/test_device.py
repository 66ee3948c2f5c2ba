"""Devices: what each can do, and that what one lacks changes nothing. Faked is only what the platform answers."""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from rvc import device, gaps
from rvc.analysis import rmvpe, spectrogram
from rvc.analysis.pitch import coarse
from rvc.config import TrainConfig
from rvc.datasets.dataset import Prepared
from rvc.errors import InputError
from rvc.learning import memory, recipes, stft_loss
from rvc.learning.plan import Plan
from rvc.learning.recipes import band
from rvc.model import lite_source
from rvc.model.lite import LiteConfig, LiteSynthesizer
from rvc.starter import encoder
from tests.accelerator import MPS, Accelerator
from tests.datasets import LITE, vowels
from tests.small_v2 import small_recipe
from tests.voices import SMALL_DIM

CPU = torch.device("cpu")


def test_a_device_that_is_not_there_is_said() -> None:
    with pytest.raises(InputError, match="no device called cuda:99"):
        device.pick("cuda:99")
    with pytest.raises(InputError, match="no device called toaster"):
        device.pick("toaster")


def test_auto_is_a_device_that_computes() -> None:
    chosen = device.pick()
    assert (torch.ones(2, device=chosen) + 1).sum().item() == 4


def test_a_cpu_computes_in_fp32_unless_told_otherwise() -> None:
    assert device.dtype_for("auto", CPU) == torch.float32
    assert device.dtype_for("bf16", CPU) == torch.bfloat16


@pytest.mark.parametrize(
    ("dtype", "expected"), [(torch.float32, torch.float32), (torch.bfloat16, torch.bfloat16)]
)
def test_autocast_changes_heavy_layers_only_when_asked(dtype: torch.dtype, expected: torch.dtype) -> None:
    layer = torch.nn.Linear(4, 4)
    with device.autocast(CPU, dtype)():
        assert layer(torch.ones(1, 4)).dtype == expected


@pytest.fixture
def accelerator() -> Iterator[Accelerator]:
    """Have an accelerator without float64 and complex numbers."""
    gaps._answers.cache_clear()
    with Accelerator() as one, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Converting a tensor with requires_grad")
        yield one
    gaps._answers.cache_clear()


@pytest.mark.usefixtures("accelerator")
def test_what_a_device_lacks_is_found_by_asking_it() -> None:
    assert not gaps.has_float64(MPS)
    assert not gaps.has_complex(MPS)
    assert gaps.has_float64(CPU)
    assert gaps.has_complex(CPU)
    with pytest.raises(TypeError, match="complex64"):
        torch.fft.rfft(torch.ones(8).to(MPS))
    with pytest.raises(RuntimeError, match="same device"):
        torch.ones(3).to(MPS) + torch.ones(3)


def test_other_devices_that_have_all_are_used_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    xpu = torch.device("xpu")
    monkeypatch.setattr(gaps, "_try_complex", lambda _device: True)
    monkeypatch.setattr(gaps, "_try_float64", lambda _device: 1 // 0 == 0)
    gaps._answers.cache_clear()
    assert gaps.has_complex(xpu)
    with pytest.raises(ZeroDivisionError):  # a bug is no answer
        gaps.has_float64(xpu)
    gaps._answers.cache_clear()


@pytest.mark.usefixtures("accelerator")
def test_running_sums_keep_their_precision_where_there_is_no_float64() -> None:
    turns = torch.full((1, 200_000), 1.1)
    exact = (turns.double().cumsum(1) % 1).float()
    on_device = lite_source.wrapped_sum(turns.to(MPS))
    assert on_device.device == MPS
    assert torch.equal(on_device.cpu(), exact)
    assert (turns.cumsum(1) % 1 - exact).abs().max() > 1e-3  # what float32 alone would give


@pytest.mark.usefixtures("accelerator")
@pytest.mark.parametrize(
    "transform",
    [
        lambda wave: spectrogram.linear(wave, 512, 128, 512),
        rmvpe.log_mel_within,
        lambda wave: stft_loss.power_spectrum(wave, torch.hann_window(256, device=wave.device)),
        lambda wave: encoder.Spectrum(40).to(wave.device).power(wave),
    ],
)
def test_spectra_are_the_same_without_complex_numbers(
    transform: Callable[[Tensor], Tensor],
) -> None:
    wave = torch.randn(2, 4000)
    there = transform(wave.to(MPS))
    assert there.device == MPS
    assert torch.equal(there.cpu(), transform(wave))


def lite_step(place: torch.device) -> list[Tensor]:
    """Return the wave, the loss and all gradients of a training step of the lite model on a device."""
    torch.manual_seed(0)
    network = LiteSynthesizer(LiteConfig(rate=24000, content_dim=8, speakers=1)).to(place)
    distance = stft_loss.MultiResolutionStft(24000).to(place)
    content, noise, real = torch.randn(1, 20, 8), torch.randn(1, 4800), torch.randn(1, 4800)
    pitch, one = torch.full((1, 20), 150.0), torch.zeros(1, dtype=torch.long)
    curves = network.draw(*(part.to(place) for part in (content, pitch, one + 20, one)), torch.ones_like)
    wave = network.render(curves, noise.to(place), torch.zeros(1).to(place))
    wave = band.limit(wave, torch.tensor([8000.0]).to(place), 24000)
    loss = distance(wave, real.to(place)).total
    loss.backward()
    gradients = [part.grad for part in network.parameters() if part.grad is not None]
    return [part.detach().cpu() for part in (wave, loss, *gradients)]


@pytest.mark.usefixtures("accelerator")
def test_a_lite_model_learns_the_same_on_a_poorer_device() -> None:
    here, there = lite_step(CPU), lite_step(MPS)
    assert len(here) == len(there) > 20
    assert all(map(torch.equal, here, there))


def v2_step(place: torch.device) -> list[Tensor]:
    """Return the wave, its distance and all gradients of a v2 generator's step on a device."""
    torch.manual_seed(0)
    network = small_recipe(1).synthesizer.to(place)
    frames = 60
    lengths, speaker = torch.tensor([frames]), torch.zeros(1, dtype=torch.long)
    phone, wave = torch.randn(1, frames, SMALL_DIM), torch.randn(1, frames * 320)
    pitch = torch.full((1, frames), 200.0)
    spec = spectrogram.linear(wave.to(place), 1024, 320, 1024)
    inputs = (part.to(place) for part in (phone, coarse(pitch), pitch))
    made = network(
        *inputs,
        spec,
        lengths.to(place),
        speaker.to(place),
        noise=torch.zeros_like,
        ids_slice=speaker.to(place),
    )
    mel = spectrogram.log_mel(spectrogram.linear(made.y_hat[:, 0], 1024, 320, 1024), 32000, 1024, 80)
    mel.mean().backward()
    gradients = [part.grad for part in network.parameters() if part.grad is not None]
    return [part.detach().cpu() for part in (made.y_hat, mel, *gradients)]


@pytest.mark.slow
@pytest.mark.usefixtures("accelerator")
def test_a_v2_model_learns_the_same_on_a_poorer_device() -> None:
    here, there = v2_step(CPU), v2_step(MPS)
    assert len(here) == len(there) > 20
    for one, other in zip(here, there, strict=True):  # CPUs compute some layers in another order
        assert (one - other).abs().max() <= 1e-3 * one.abs().max() + 1e-7


@dataclass
class Facts:
    """What torch tells of a GPU."""

    name: str = "RTX 3060"
    major: int = 8
    minor: int = 6
    total_memory: int = 4 << 30
    gcnArchName: str = ""  # noqa: N815 - torch's


@pytest.mark.parametrize(
    ("facts", "hip", "expected"),
    [
        (Facts(), None, torch.bfloat16),
        (Facts("RTX 5090", 12, 0), None, torch.bfloat16),
        (Facts("RTX 2060", 7, 5), None, torch.float16),
        (Facts("NVIDIA GeForce GTX 1660 Ti", 7, 5), None, torch.float32),
        (Facts("GTX 1080", 6, 1), None, torch.float32),
        (Facts("RX 7900 XTX", 11, 0, gcnArchName="gfx1100"), "7.2", torch.bfloat16),
        (Facts("RX 6800", 10, 3, gcnArchName="gfx1030"), "7.2", torch.float16),
        (Facts("Radeon VII", 9, 0, gcnArchName="gfx906:sramecc+:xnack-"), "7.2", torch.float16),
        (Facts("Vega 64", 9, 0, gcnArchName="gfx900:xnack-"), "7.2", torch.float32),
    ],
)
def test_precision_is_what_a_gpu_does_well(
    facts: Facts, hip: str | None, expected: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _device: facts)
    monkeypatch.setattr(torch.version, "hip", hip)
    cuda = torch.device("cuda")
    assert device.dtype_for("auto", cuda) == expected
    assert device.dtype_for("fp32", cuda) == torch.float32
    assert device.natural_dtype(cuda) == (expected if expected == torch.bfloat16 else torch.float32)


def test_intels_gpus_compute_in_bf16_and_apples_in_fp32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.xpu, "is_bf16_supported", lambda: True)
    assert device.dtype_for("auto", torch.device("xpu")) == torch.bfloat16
    assert device.dtype_for("auto", torch.device("mps")) == torch.float32


@pytest.mark.parametrize("kind", device.ACCELERATORS)
def test_the_accelerator_that_is_there_is_taken(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "is_available", lambda other: other == kind)
    assert device.pick().type == kind
    assert device.default_rate() == 40000


def test_memory_of_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        torch.xpu, "get_device_properties", lambda _device: Facts("Arc A770", total_memory=16 << 30)
    )
    monkeypatch.setattr(torch.xpu, "mem_get_info", lambda _device: (15 << 30, 16 << 30))
    xpu = torch.device("xpu:0")
    assert device.describe(xpu) == "Arc A770, 16 GiB"
    assert (device.free_bytes(xpu), device.total_bytes(xpu)) == (15 << 30, 16 << 30)

    def say_nothing(_device: object) -> None:
        raise RuntimeError("the driver does not support querying free memory")

    monkeypatch.setattr(torch.xpu, "mem_get_info", say_nothing)
    assert device.free_bytes(xpu) is None
    monkeypatch.setattr(device, "is_available", lambda _kind: True)
    monkeypatch.setattr(torch.mps, "recommended_max_memory", lambda: 10 << 30)
    monkeypatch.setattr(torch.mps, "driver_allocated_memory", lambda: 1 << 30)
    assert device.free_bytes(torch.device("mps")) == 9 << 30


def test_a_gpu_of_4_gb_computes_few_clips_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan.of(Prepared.open(vowels(tmp_path)), TrainConfig(**LITE))
    recipe = recipes.build(plan)
    monkeypatch.setattr(memory, "free_bytes", lambda _device: int(3.5 * 2**30))  # a desktop takes the rest
    for kind in device.ACCELERATORS:
        v2 = replace(plan, architecture="v2", device=torch.device(kind))
        rows = memory.rows_that_fit(recipe, v2)
        assert rows is not None
        assert 3 <= rows <= 6
