"""The search for accelerators, which a queue makes in a process of its own."""

import torch

from rvc.jobs.gpus import find_gpus
from rvc.jobs.slots import CPU_SLOT, find_slots


def test_slots_are_what_torch_can_use_and_the_cpu_last() -> None:
    gpus = find_gpus()
    count = torch.cuda.device_count() if torch.cuda.is_available() else None
    assert len(gpus) == count or (count is None and len(gpus) <= 1)
    assert len({slot.machine_name for slot in gpus}) == len(gpus)
    assert all(slot.visible_as for slot in gpus if slot.kind == "cuda")
    assert find_slots() == [*gpus, CPU_SLOT]
