"""A batch in parts: the same gradients as at once, less memory, and smaller parts where memory runs out."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch
from torch import Tensor, nn

from rvc.learning.data import Batch
from rvc.learning.recipes import Recipe
from rvc.learning.recipes.accumulation import Accumulation, Part
from rvc.learning.recipes.lite import LiteRecipe
from rvc.model.lite import LiteConfig
from tests.small_v2 import small_recipe
from tests.voices import SMALL_DIM

CPU = torch.device("cpu")
ROWS, FRAMES = 3, 100
HOPS = {"lite": 240, "v2": 320}
LITE = LiteConfig(
    content_dim=SMALL_DIM,
    speakers=2,
    channels=32,
    hidden_channels=64,
    coarse_layers=2,
    fine_layers=1,
    bands=32,
)


def recipe(architecture: str, micro_batch: int | None = None, *, recomputes: bool = False) -> Recipe:
    accumulation = Accumulation(micro_batch=micro_batch)
    if architecture == "lite":
        learner = LiteRecipe(
            LITE, batch_size=ROWS, device=CPU, accumulation=accumulation, recomputes=recomputes
        )
        learner.set_progress(0.9)  # judged, so that both sides learn
        return learner
    return small_recipe(ROWS, accumulation, recomputes=recomputes)


def batch(architecture: str, rows: int = ROWS, seed: int = 0) -> Batch:
    """Return clips of different loudness, length and bandwidth: what a mean over parts would get wrong."""
    generator = torch.Generator().manual_seed(seed)
    loud = torch.logspace(-3, 0, rows)[:, None, None]
    wave = 0.3 * loud * torch.randn(rows, 1, FRAMES * HOPS[architecture], generator=generator)
    return Batch(
        content=torch.randn(rows, FRAMES, SMALL_DIM, generator=generator),
        f0=100 + 100 * torch.rand(rows, FRAMES, generator=generator),
        lengths=torch.linspace(50, FRAMES, rows).long(),
        wave=wave,
        speaker=torch.arange(rows) % 2,
        bandwidth_hz=torch.linspace(3000, 12000, rows) if architecture == "lite" else None,
    )


def gradients(learner: Recipe) -> dict[str, Tensor]:
    return {
        f"{module}.{name}": parameter.grad.clone()
        for module in ("generator", "discriminator")
        for name, parameter in learner.modules[module].named_parameters()
        if parameter.grad is not None
    }


def assert_near(first: dict[str, Tensor], second: dict[str, Tensor], tolerance: float) -> None:
    """Compare within a share of each tensor's largest value; some are zero but for rounding."""
    assert first.keys() == second.keys()
    for name, tensor in first.items():
        scale = max(float(tensor.abs().max()), 1e-3)
        assert torch.allclose(tensor, second[name], rtol=0, atol=tolerance * scale), name


@pytest.mark.parametrize(("architecture", "micro_batch"), [("lite", 1), ("lite", 2), ("v2", 2)])
def test_the_parts_of_a_batch_teach_what_the_whole_does(architecture: str, micro_batch: int) -> None:
    whole, parts = recipe(architecture), recipe(architecture, micro_batch)
    data = batch(architecture)
    losses = [learner.update(data, draws=7) for learner in (whole, parts)]
    assert len(parts.accumulation.parts(data)) == -(-ROWS // micro_batch)
    for name, loss in losses[0].items():
        assert float(losses[1][name]) == pytest.approx(float(loss), rel=1e-4), name
    assert_near(gradients(whole), gradients(parts), 1e-3)


@pytest.mark.parametrize("architecture", ["lite", "v2"])
def test_recomputed_layers_teach_the_same_and_keep_less(architecture: str) -> None:
    data = batch(architecture)
    usual, recomputing = recipe(architecture), recipe(architecture, recomputes=True)
    kept = []
    for learner in (usual, recomputing):
        learner.update(data, draws=7)
        with kept_bytes() as sizes:
            _result = speak(learner, data)
        kept.append(sum(sizes.values()))
    assert_near(gradients(usual), gradients(recomputing), 1e-5)
    assert kept[1] < 0.8 * kept[0]


def speak(learner: Recipe, data: Batch) -> object:
    """Return what the layers make of a batch, with all that their gradient needs."""
    if isinstance(learner, LiteRecipe):
        return learner.network.draw(data.content, data.f0, data.lengths, data.speaker)
    (whole,) = learner.accumulation.parts(data)
    return learner._forward(whole, 7)


@contextmanager
def kept_bytes() -> Iterator[dict[int, int]]:
    """Yield the sizes of what is kept for the backward pass, by place in memory."""
    sizes: dict[int, int] = {}

    def note(tensor: Tensor) -> Tensor:
        if not isinstance(tensor, nn.Parameter):
            sizes[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        yield sizes


def test_a_part_has_its_own_rows_and_the_noise_of_the_whole() -> None:
    data = batch("lite", rows=5)
    first, second = Accumulation(micro_batch=3).parts(data)
    assert [first.rows, second.rows] == [slice(0, 2), slice(2, 5)]
    assert torch.equal(second.batch.content, data.content[2:])
    assert first.share + second.share == 1
    drawn = []
    for part in (Part(data, slice(0, 5), is_only=True), first, second):
        torch.manual_seed(3)
        drawn.append(part.draw(torch.randn_like)(part.batch.f0))
    assert torch.equal(torch.cat(drawn[1:]), drawn[0])


@pytest.mark.parametrize(("architecture", "at"), [("lite", 1), ("v2", 1), ("v2", 2)])
def test_a_step_that_ran_out_of_memory_is_taken_in_smaller_parts(
    monkeypatch: pytest.MonkeyPatch, architecture: str, at: int
) -> None:
    """Whichever pass runs out (of v2, the first is the discriminators'), no update is made twice."""
    usual, short = recipe(architecture, 1), recipe(architecture)
    data = batch(architecture)
    usual.update(data, draws=7)
    passes = []
    descend = short._descend

    def with_little_memory(*arguments: object) -> dict[str, Tensor]:
        passes.append(arguments)
        if len(passes) == at:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return descend(*arguments)

    monkeypatch.setattr(short, "_descend", with_little_memory)
    short.update(data, draws=7)
    assert short.accumulation.micro_batch == 1
    assert_near(gradients(usual), gradients(short), 1e-3)


def test_a_single_row_that_does_not_fit_is_the_end() -> None:
    accumulation = Accumulation(micro_batch=1)

    def descend(_part: Part) -> dict[str, Tensor]:
        raise torch.OutOfMemoryError

    with pytest.raises(torch.OutOfMemoryError):
        accumulation.run(batch("lite"), [], descend)


def test_other_errors_are_not_taken_for_a_lack_of_memory() -> None:
    def descend(_part: Part) -> dict[str, Tensor]:
        raise RuntimeError("shapes do not fit")

    with pytest.raises(RuntimeError, match="shapes"):
        Accumulation().run(batch("lite"), [], descend)


LIMITED = """
import resource, torch
from pathlib import Path
from tests.test_accumulation import batch, recipe
torch.set_num_threads(1)
learner, data = recipe("lite"), batch("lite", rows=96)
if {limit}:
    learner.accumulation.micro_batch = 1
    learner.update(batch("lite", rows=1))  # what libraries allocate once
    learner = recipe("lite")
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + {limit}, used + {limit}))
losses = learner.update(data, draws=7)
print(learner.accumulation.micro_batch, *(float(loss) for loss in losses.values()))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of address space")
def test_a_real_limit_of_memory_makes_the_parts_smaller() -> None:
    outputs = []
    for limit in (0, 150 << 20):
        command = [sys.executable, "-c", LIMITED.format(limit=limit)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout.split())
    assert outputs[0][0] == "None"
    assert 1 <= int(outputs[1][0]) <= 48
    assert [float(x) for x in outputs[1][1:]] == pytest.approx([float(x) for x in outputs[0][1:]], rel=1e-4)
