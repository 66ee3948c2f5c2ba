"""How many clips are computed at once: from what is free, and what the user says."""

from dataclasses import replace

import psutil
import pytest
import torch

from rvc.config import TrainConfig
from rvc.datasets.dataset import Prepared
from rvc.events import Event, Log, Reporter
from rvc.learning import memory, recipes
from rvc.learning.plan import Plan
from rvc.learning.recipes.accumulation import Accumulation
from tests.datasets import LITE, vowels


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    prepared = vowels(tmp_path_factory.mktemp("memory"))
    return Plan.of(Prepared.open(prepared), TrainConfig(**LITE | {"batch_size": 8}))


def divided(plan: Plan) -> tuple[int | None, list[str]]:
    events: list[Event] = []
    recipe = recipes.build(plan, Accumulation())
    memory.divide(recipe, plan, Reporter(events.append))
    return recipe.accumulation.micro_batch, [event.code for event in events if isinstance(event, Log)]


def test_with_room_for_all_clips_they_are_computed_at_once(plan: Plan) -> None:
    assert divided(plan) == (None, [])


@pytest.mark.parametrize("clips", [0, 3])
def test_with_room_for_few_a_batch_is_divided(
    plan: Plan, clips: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = recipes.build(plan)
    weights = sum(p.numel() for m in recipe.modules.values() for p in m.parameters() if p.requires_grad)
    needed = memory.STATE_BYTES * weights + (clips + 0.5) * memory.ROW_BYTES["lite"][0]
    room = needed / memory.USABLE_SHARE["cpu"]
    monkeypatch.setattr(memory, "free_bytes", lambda _device: int(room))
    assert memory.rows_that_fit(recipe, plan) == clips
    assert divided(plan) == (max(clips, 1), ["in_parts"])


def test_what_the_user_says_counts(plan: Plan) -> None:
    config = plan.config.model_copy(update={"micro_batch": 2})
    assert divided(replace(plan, config=config)) == (2, ["in_parts"])


def test_processes_share_the_memory_of_a_computer(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda _device: 4 << 30)
    recipe = recipes.build(plan)
    alone, of_four = (memory.rows_that_fit(recipe, plan, processes) for processes in (1, 4))
    assert alone is not None
    assert of_four is not None
    assert of_four < alone / 3


def test_free_memory_of_a_computer_is_what_programs_can_have() -> None:
    free = memory.free_bytes(torch.device("cpu"))
    assert free is not None
    assert 0 < free <= psutil.virtual_memory().total
    assert memory.free_bytes(torch.device("mps")) is None


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), True),
        (MemoryError(), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"), True),
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes."), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9.00 GB)"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`"), True),
        (RuntimeError("could not create a primitive"), True),
        (RuntimeError("could not create a primitive descriptor for a convolution"), False),
        (RuntimeError("shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_what_devices_say_when_memory_runs_out(error: Exception, expected: bool) -> None:
    assert memory.is_exhausted(error) is expected


def test_the_hint_names_what_is_left_to_try(plan: Plan) -> None:
    assert "--gradient-checkpointing" in memory.exhausted(plan).hint
    config = plan.config.model_copy(update={"gradient_checkpointing": True})
    assert "--gradient-checkpointing" not in memory.exhausted(replace(plan, config=config)).hint
