from pathlib import Path

import pytest
import torch

from rvc import assets
from rvc.config import TrainConfig
from rvc.learning import plan
from rvc.learning.plan import Bases, Budget, default_architecture


@pytest.mark.parametrize(
    ("rate", "architecture"), [(24000, "lite"), (32000, "v2"), (40000, "v2"), (48000, "v2")]
)
def test_architecture_follows_the_rate(rate: int, architecture: str) -> None:
    assert default_architecture(rate) == architecture


def test_preset_counts_only_when_nothing_else_is_given() -> None:
    assert Budget.of(TrainConfig(), 4000) == Budget(4000, None)
    assert Budget.of(TrainConfig(steps=5), 4000) == Budget(5, None)
    assert Budget.of(TrainConfig(minutes=2), 4000) == Budget(None, 120)


def test_whichever_ends_first() -> None:
    budget = Budget(steps=100, seconds=60)
    assert budget.fraction(50, 10) == 0.5
    assert budget.fraction(10, 45) == 0.75
    assert budget.fraction(10, 90) == 1


def test_the_time_left_follows_the_part_used() -> None:
    assert Budget(steps=None, seconds=60).eta_s(50, 45) == pytest.approx(15)
    assert Budget(steps=100, seconds=None).eta_s(20, 10) == pytest.approx(40)
    assert Budget(steps=100, seconds=None).eta_s(0, 0) is None


def test_total_steps_are_estimated_from_the_time_used() -> None:
    budget = Budget(steps=None, seconds=60)
    assert budget.total_steps(50, 30) == 100
    assert budget.total_steps(50, 60) == 50
    assert budget.total_steps(7, 59.9999) == 8


def test_the_usual_base_of_v2_is_the_communitys_where_both_halves_are_at_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(assets, "find", Path)
    assert Bases.usual("v2", "contentvec", 40000) == Bases(Path("f0G40k"), Path("f0D40k"))
    monkeypatch.setattr(assets, "find", lambda name: Path(name) if name == "f0G40k" else None)
    assert Bases.usual("v2", "contentvec", 40000) == Bases()


def test_a_base_of_another_encoder_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "find", Path)
    assert Bases.usual("v2", "starter-2", 40000) == Bases()
    assert Bases.usual("lite", "wakehubert-tiny", 24000) == Bases()


@pytest.mark.parametrize(("has_bf16", "dtype"), [(True, torch.bfloat16), (False, torch.float32)])
def test_a_cpu_learns_in_bf16_where_it_is_fast_in_it(
    monkeypatch: pytest.MonkeyPatch, has_bf16: bool, dtype: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": has_bf16}, raising=False)
    cpu = torch.device("cpu")
    assert plan._dtype("auto", cpu) == dtype
    assert plan._dtype("fp32", cpu) == torch.float32
    assert plan._dtype("bf16", cpu) == torch.bfloat16
