"""Is it right on an accelerator? The same numbers as on the CPU, in fp32; near them in fp16 and bf16.

Run with `pytest -m gpu` where there is one. The limits are those of the parity data's README.
"""

import copy
import os
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from rvc.device import autocast
from rvc.learning.data import Batch
from rvc.learning.recipes.gan import GanRecipe
from rvc.model.config import SynthesizerConfig
from rvc.model.synthesizer import Synthesizer

pytestmark = pytest.mark.gpu

RATE_HZ = 40000
FRAMES = 100
DEVICE = torch.device(os.environ.get("RVC_TEST_DEVICE", "cuda"))
CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def exact_fp32() -> Iterator[None]:
    if DEVICE.type == "cuda" and not torch.cuda.is_available():
        pytest.skip("there is no accelerator")
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    yield
    torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before


@pytest.fixture(scope="module")
def synthesizer() -> Synthesizer:
    torch.manual_seed(0)
    return Synthesizer(SynthesizerConfig.v2(RATE_HZ)).eval()


def speech() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    content = 0.35 * torch.randn(1, FRAMES, 768, generator=generator)
    f0 = 220 * 2 ** (0.3 * torch.sin(torch.arange(FRAMES) / 20))[None]
    f0[:, 40:60] = 0
    return content, f0, torch.tensor([FRAMES]), torch.tensor([0])


def speak(synthesizer: Synthesizer, device: torch.device, dtype: torch.dtype) -> Tensor:
    model = copy.deepcopy(synthesizer).to(device)
    inputs = [part.to(device) for part in speech()]
    with torch.inference_mode(), autocast(device, dtype)():
        return model.infer(*inputs, noise=torch.zeros_like).float().cpu()


def snr_db(reference: Tensor, other: Tensor) -> float:
    return 10 * torch.log10(reference.square().mean() / (reference - other).square().mean()).item()


def test_fp32_is_what_the_cpu_says(synthesizer: Synthesizer) -> None:
    difference = speak(synthesizer, DEVICE, torch.float32) - speak(synthesizer, CPU, torch.float32)
    assert difference.abs().max() < 5e-4


@pytest.mark.parametrize(("dtype", "least_db"), [(torch.float16, 35), (torch.bfloat16, 20)])
def test_half_precision_is_near(synthesizer: Synthesizer, dtype: torch.dtype, least_db: float) -> None:
    wave = speak(synthesizer, DEVICE, torch.float32)
    assert snr_db(wave, speak(synthesizer, DEVICE, dtype)) >= least_db


def batch(device: torch.device, rows: int = 2) -> Batch:
    content, f0, lengths, speaker = speech()
    generator = torch.Generator().manual_seed(2)
    wave = 0.1 * torch.randn(rows, 1, FRAMES * RATE_HZ // 100, generator=generator)
    parts = (content, f0, lengths, wave, speaker)
    content, f0, lengths, wave, speaker = (
        part.repeat(rows // len(part), *[1] * (part.dim() - 1)) for part in parts
    )
    parts = tuple(part.to(device) for part in (content, f0, lengths, wave, speaker))
    return Batch(*parts)


def train(device: torch.device, dtype: torch.dtype, steps: int) -> list[dict[str, float]]:
    recipe = GanRecipe(SynthesizerConfig.v2(RATE_HZ), batch_size=2, device=device, dtype=dtype)
    recipe.noise = torch.zeros_like
    recipe.ids_slice = torch.zeros(2, dtype=torch.long, device=device)
    rows = [recipe.update(batch(device)) for _ in range(steps)]
    return [{name: value.item() for name, value in row.items()} for row in rows]


def test_the_first_losses_are_those_of_the_cpu() -> None:
    (here,), (there,) = train(DEVICE, torch.float32, 1), train(CPU, torch.float32, 1)
    assert here == pytest.approx(there, rel=1e-2)


def test_fifty_steps_in_bf16_follow_fp32() -> None:
    whole, half = train(DEVICE, torch.float32, 50), train(DEVICE, torch.bfloat16, 50)
    last = slice(-10, None)
    for name in ("loss_mel", "loss_kl", "loss_fm"):
        means = [sum(row[name] for row in rows[last]) / 10 for rows in (whole, half)]
        assert means[1] == pytest.approx(means[0], rel=0.1)


def test_a_step_does_not_wait_for_the_device() -> None:
    if DEVICE.type != "cuda":
        pytest.skip("only CUDA can tell")
    recipe = GanRecipe(SynthesizerConfig.v2(RATE_HZ), batch_size=2, device=DEVICE, dtype=torch.bfloat16)
    data = batch(DEVICE)
    recipe.update(data)
    torch.cuda.set_sync_debug_mode("error")
    try:
        recipe.update(data)
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_recorded_steps_learn_what_steps_learn() -> None:
    """The third step of a shape is recorded; rates and draws of later ones are not those of the third."""
    if DEVICE.type != "cuda":
        pytest.skip("only CUDA has graphs")
    rows, found = [batch(DEVICE, rows) for rows in (2, 4)], []
    for replays in (False, True):
        recipe = GanRecipe(SynthesizerConfig.v2(RATE_HZ), batch_size=2, device=DEVICE, replays=replays)
        losses = []
        for step in range(12):
            recipe._set_learning_rate(epoch=100 * step)
            losses.append({name: loss.item() for name, loss in recipe._update(rows[step % 2], step).items()})
        found.append(losses)
    for plain, replayed in zip(*found, strict=True):
        assert replayed == pytest.approx(plain, rel=1e-2)
