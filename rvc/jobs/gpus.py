"""`python -m rvc.jobs.gpus` prints the machine's accelerators as JSON: what the queue asks in a process of its own."""

import os
import sys

import torch
from pydantic import TypeAdapter

from rvc.jobs.slots import Slot


def find_gpus() -> list[Slot]:
    """Return what torch can compute with here, besides the CPU."""
    if torch.cuda.is_available():
        return [_cuda(number) for number in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        return [Slot(device="mps", machine_name="mps")]
    if hasattr(torch, "xpu") and torch.xpu.is_available():
        return [_xpu(number) for number in range(torch.xpu.device_count())]
    return []


def _cuda(number: int) -> Slot:
    """Name a GPU by what it is, not by its place, which differs between users."""
    identity = str(getattr(torch.cuda.get_device_properties(number), "uuid", number))
    given = [name for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name]
    if number < len(given):  # such as a MIG slice, which the driver knows under this name only
        visible = given[number]
        identity = visible if visible.startswith("MIG") else identity
    elif torch.version.hip is not None or identity == str(number):
        visible = str(number)
    else:
        visible = f"GPU-{identity}"
    return Slot(device=f"cuda:{number}", machine_name=f"gpu-{identity}", visible_as=visible)


def _xpu(number: int) -> Slot:
    return Slot(device=f"xpu:{number}", machine_name=f"xpu-{number}")


if __name__ == "__main__":
    sys.stdout.buffer.write(TypeAdapter(list[Slot]).dump_json(find_gpus()))
