"""The complete state of a training in one file, keyed by parameter name, written atomically.

There is no random state in it: every draw of a step follows from (seed, step), so a resumed training takes
the very steps that an undisturbed one would have taken.
"""

import errno
import json
import os
import re
from pathlib import Path

import torch
from pydantic import BaseModel
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from rvc import paths
from rvc.errors import InputError

SUFFIX = ".checkpoint"


class Standing(BaseModel):
    """How far a training is."""

    step: int = 0
    elapsed_s: float = 0.0
    best_step: int | None = None
    best_score: float | None = None


class Header(BaseModel):
    """What belongs to a checkpoint besides tensors: its standing, and the settings it can be resumed with."""

    version: int = 1
    standing: Standing
    settings: dict[str, object]


def save(path: Path, header: Header, modules: dict[str, nn.Module], optimizers: dict[str, Optimizer]) -> None:
    """Write the state to `path`. Raises `Error` when the disk is full; an older file is then untouched."""
    tensors = {**_module_tensors(modules), **_optimizer_tensors(modules, optimizers)}
    with paths.atomic(path) as temporary:
        try:
            save_file(tensors, temporary, metadata={"header": header.model_dump_json()})
        except SafetensorError as error:
            raise _as_os_error(error) from error


def _as_os_error(error: SafetensorError) -> OSError:
    """Return the system's error inside a message such as "... (os error 28)"."""
    found = re.search(r"os error (\d+)", str(error))
    number = int(found[1]) if found else errno.EIO
    return OSError(number, os.strerror(number))


def read_header(path: Path) -> Header:
    """Return the header of a checkpoint; raises `InputError` when it is damaged."""
    try:
        with safe_open(path, "pt") as file:
            return Header.model_validate_json(file.metadata()["header"])
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            "bad_checkpoint", f"The checkpoint {path} is damaged.", "Delete it to go on from the one before."
        ) from error


def load(
    path: Path, modules: dict[str, nn.Module], optimizers: dict[str, Optimizer], device: torch.device
) -> Standing:
    """Put the state of `path` into `modules` and `optimizers` and return how far it was."""
    header = read_header(path)
    with safe_open(path, "pt", device=str(device)) as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    for name, module in modules.items():
        module.load_state_dict(_under(f"module/{name}/", tensors))
    for name, optimizer in optimizers.items():
        _fill_optimizer(optimizer, modules[name], _under(f"optimizer/{name}/", tensors))
    return header.standing


def newest(folder: Path) -> Path | None:
    """Return the readable checkpoint of the highest step in `folder`, or None."""
    for path in reversed(_all(folder)):
        try:
            read_header(path)
        except InputError:
            continue
        return path
    return None


def path_of(folder: Path, step: int) -> Path:
    return folder / f"step-{step:08d}{SUFFIX}"


def prune(folder: Path, keep: int, best_step: int | None = None) -> None:
    """Delete all checkpoints of `folder` but the `keep` newest and that of `best_step`."""
    for path in _all(folder)[:-keep]:
        if best_step is None or path != path_of(folder, best_step):
            path.unlink(missing_ok=True)


def _all(folder: Path) -> list[Path]:
    """Return the checkpoints of `folder` by step; files still being written begin with a dot."""
    return sorted(folder.glob(f"step-*{SUFFIX}"))


def read_module(path: Path, name: str) -> dict[str, Tensor]:
    """Return the weights of one module of a checkpoint; raises `InputError` when it is damaged."""
    read_header(path)
    with safe_open(path, "pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys() if key.startswith(f"module/{name}/")}  # noqa: SIM118
    return _under(f"module/{name}/", tensors)


def _module_tensors(modules: dict[str, nn.Module]) -> dict[str, Tensor]:
    return {
        f"module/{name}/{key}": tensor.detach().contiguous()
        for name, module in modules.items()
        for key, tensor in module.state_dict().items()
    }


def _optimizer_tensors(modules: dict[str, nn.Module], optimizers: dict[str, Optimizer]) -> dict[str, Tensor]:
    tensors = {}
    for name, optimizer in optimizers.items():
        for parameter_name, parameter in modules[name].named_parameters():
            for key, value in optimizer.state.get(parameter, {}).items():
                tensors[f"optimizer/{name}/{parameter_name}/{key}"] = torch.as_tensor(value).contiguous()
    return tensors


def _fill_optimizer(optimizer: Optimizer, module: nn.Module, tensors: dict[str, Tensor]) -> None:
    parameters = dict(module.named_parameters())
    for name, tensor in tensors.items():
        parameter_name, key = name.rsplit("/", 1)
        parameter = parameters[parameter_name]
        counts_on_host = key == "step" and not optimizer.defaults.get("fused")
        optimizer.state[parameter][key] = tensor.cpu() if counts_on_host else tensor


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def differences(header: Header, settings: dict[str, object]) -> list[str]:
    """Return the names of the settings in which a checkpoint differs from `settings`."""
    wanted = json.loads(json.dumps(settings))
    return sorted(key.replace("_", " ") for key in wanted if header.settings.get(key) != wanted[key])
