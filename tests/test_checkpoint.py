from pathlib import Path

import pytest
import torch
from torch import nn
from torch.optim import AdamW

from rvc.errors import Error, InputError
from rvc.learning import checkpoint
from rvc.learning.checkpoint import Header, Standing


def network(
    seed: int, *, fused: bool = False
) -> tuple[dict[str, nn.Module], dict[str, torch.optim.Optimizer]]:
    torch.manual_seed(seed)
    module = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
    return {"net": module}, {"net": AdamW(module.parameters(), lr=0.05, fused=fused)}


def take_steps(modules: dict, optimizers: dict, first: int, count: int) -> None:
    for step in range(first, first + count):
        x = torch.randn(16, 4, generator=torch.Generator().manual_seed(step))
        optimizers["net"].zero_grad()
        modules["net"](x).square().mean().backward()
        optimizers["net"].step()


def header(step: int) -> Header:
    return Header(standing=Standing(step=step), settings={"rate": 24000, "seed": 0})


@pytest.mark.parametrize("fused", [False, True])
def test_resumed_training_takes_the_very_same_steps(tmp_path: Path, fused: bool) -> None:
    undisturbed = network(1, fused=fused)
    take_steps(*undisturbed, 0, 10)

    before = network(1, fused=fused)
    take_steps(*before, 0, 6)
    path = checkpoint.path_of(tmp_path, 6)
    checkpoint.save(path, header(6), *before)
    after = network(2, fused=fused)
    standing = checkpoint.load(path, *after)
    take_steps(*after, standing.step, 4)

    for name, expected in undisturbed[0]["net"].state_dict().items():
        assert torch.equal(after[0]["net"].state_dict()[name], expected), name


def test_newest_passes_over_a_damaged_file(tmp_path: Path) -> None:
    modules, optimizers = network(0)
    for step in (100, 200):
        checkpoint.save(checkpoint.path_of(tmp_path, step), header(step), modules, optimizers)
    damaged = checkpoint.path_of(tmp_path, 200)
    damaged.write_bytes(damaged.read_bytes()[:50])
    assert checkpoint.newest(tmp_path) == checkpoint.path_of(tmp_path, 100)
    with pytest.raises(InputError, match="damaged"):
        checkpoint.read_header(damaged)


def test_prune_keeps_the_newest(tmp_path: Path) -> None:
    modules, optimizers = network(0)
    for step in (9, 10, 1000):
        checkpoint.save(checkpoint.path_of(tmp_path, step), header(step), modules, optimizers)
    checkpoint.prune(tmp_path, keep=2)
    assert sorted(tmp_path.iterdir()) == [
        checkpoint.path_of(tmp_path, 10),
        checkpoint.path_of(tmp_path, 1000),
    ]


def test_differences_names_the_settings() -> None:
    assert checkpoint.differences(header(1), {"rate": 32000, "seed": 0}) == ["rate"]


def test_prune_keeps_the_best(tmp_path: Path) -> None:
    modules, optimizers = network(0)
    for step in (9, 10, 1000):
        checkpoint.save(checkpoint.path_of(tmp_path, step), header(step), modules, optimizers)
    checkpoint.prune(tmp_path, keep=1, best_step=9)
    assert sorted(tmp_path.iterdir()) == [
        checkpoint.path_of(tmp_path, 9),
        checkpoint.path_of(tmp_path, 1000),
    ]


def test_a_full_disk_leaves_the_older_file(small_disk: Path) -> None:
    modules, optimizers = network(0)
    path = checkpoint.path_of(small_disk, 1)
    checkpoint.save(path, header(1), modules, optimizers)
    before = path.read_bytes()
    with pytest.raises(Error) as caught:
        checkpoint.save(path, header(2), {"net": nn.Linear(300, 300)}, {})
    assert caught.value.code == "disk_full"
    assert path.read_bytes() == before
    assert list(small_disk.iterdir()) == [path]
