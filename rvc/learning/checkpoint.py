"""The complete state of a training in one file, keyed by parameter name, written atomically.

There is no random state in it: every draw of a step follows from (seed, step), so a resumed training takes
the very steps that an undisturbed one would have taken. A checksum tells when a disk gives back something else.
"""

import errno
import hashlib
import json
import os
import re
from dataclasses import dataclass
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
DAMAGED_SUFFIX = ".damaged"
AVERAGE = "average"  # the module of a recipe that follows its generator
CHECKSUMS_SINCE = 2  # the version of a header


class Standing(BaseModel):
    """How far a training is."""

    step: int = 0
    elapsed_s: float = 0.0
    best_step: int | None = None
    best_score: float | None = None
    validated_step: int | None = None
    overtrained_since: int | None = None
    ended_early: str | None = None
    """The length that the training had when it was asked to end before it; another length goes on with it."""

    def take(self, other: "Standing") -> None:
        """Become equal to another."""
        for name in Standing.model_fields:
            setattr(self, name, getattr(other, name))


class Header(BaseModel):
    """What belongs to a checkpoint besides tensors: its standing, and the settings it can be resumed with."""

    version: int = CHECKSUMS_SINCE
    standing: Standing
    settings: dict[str, object]


@dataclass(frozen=True, slots=True)
class State:
    """Everything in a checkpoint, tensors in the computer's memory."""

    header: Header
    tensors: dict[str, Tensor]


def save(path: Path, header: Header, modules: dict[str, nn.Module], optimizers: dict[str, Optimizer]) -> None:
    """Write the state to `path`. Raises `Error` when the disk is full; an older file is then untouched."""
    tensors = {**_module_tensors(modules), **_optimizer_tensors(modules, optimizers)}
    text = header.model_dump_json()
    with paths.atomic(path) as temporary:
        try:
            save_file(tensors, temporary, metadata={"header": text, "sha256": _checksum(text, tensors)})
        except SafetensorError as error:
            raise _as_os_error(error) from error


def _as_os_error(error: SafetensorError) -> OSError:
    """Return the system's error inside a message such as "... (os error 28)"."""
    found = re.search(r"os error (\d+)", str(error))
    number = int(found[1]) if found else errno.EIO
    return OSError(number, os.strerror(number))


def _checksum(header: str, tensors: dict[str, Tensor]) -> str:
    """Return a hash of a checkpoint: of its header, and of every tensor's name, type, shape and values."""
    total = hashlib.sha256(header.encode())
    for name, tensor in sorted(tensors.items()):
        total.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        total.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return total.hexdigest()


def read_header(path: Path) -> Header:
    """Return the header of a checkpoint; raises `InputError` when it is damaged."""
    try:
        with safe_open(path, "pt") as file:
            return Header.model_validate_json(file.metadata()["header"])
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise _damaged(path) from error


def read(path: Path) -> State:
    """Return all of a checkpoint; raises `InputError` when it is not to the bit what was written."""
    header = read_header(path)
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    except (SafetensorError, OSError) as error:
        raise _damaged(path) from error
    if header.version >= CHECKSUMS_SINCE and metadata.get("sha256") != _checksum(metadata["header"], tensors):
        raise _damaged(path)
    return State(header, tensors)


def _damaged(path: Path) -> InputError:
    return InputError(
        "bad_checkpoint", f"The checkpoint {path} is damaged.", "Delete it to go on from the one before."
    )


def load(path: Path, modules: dict[str, nn.Module], optimizers: dict[str, Optimizer]) -> Standing:
    """Put the state of `path` into `modules` and `optimizers` and return how far it was."""
    state = read(path)
    fill(state, modules, optimizers)
    return state.header.standing


def fill(state: State, modules: dict[str, nn.Module], optimizers: dict[str, Optimizer]) -> None:
    """Put a state into `modules` and `optimizers`, on whatever device they are."""
    for name, module in modules.items():
        module.load_state_dict(_weights(name, module, state))
    for name, optimizer in optimizers.items():
        _fill_optimizer(optimizer, modules[name], _under(f"optimizer/{name}/", state.tensors))


def _weights(name: str, module: nn.Module, state: State) -> dict[str, Tensor]:
    """Return a module's tensors; averaged weights that an older checkpoint lacks begin as the generator's."""
    found = _under(f"module/{name}/", state.tensors)
    if name != AVERAGE or found:
        return found
    generator = _under("module/generator/", state.tensors)
    return {key: generator[key] for key in module.state_dict() if key in generator}


def newest(folder: Path) -> Path | None:
    """Return the checkpoint of the highest step in `folder` whose header can be read, or None."""
    for path in newest_first(folder):
        try:
            read_header(path)
        except InputError:
            continue
        return path
    return None


def set_aside(path: Path) -> Path:
    """Rename a damaged checkpoint so that nothing takes it up again, and return its new name."""
    aside = path.with_suffix(DAMAGED_SUFFIX)
    try:
        return path.replace(aside)
    except OSError as error:
        raise paths.as_error(error, aside) from error


def path_of(folder: Path, step: int) -> Path:
    return folder / f"step-{step:08d}{SUFFIX}"


def prune(folder: Path, keep: int, best_step: int | None = None) -> None:
    """Delete all checkpoints of `folder` but the `keep` newest and that of `best_step`."""
    for path in newest_first(folder)[keep:]:
        if best_step is None or path != path_of(folder, best_step):
            path.unlink(missing_ok=True)


def newest_first(folder: Path) -> list[Path]:
    """Return the checkpoints of `folder` by falling step; files still being written begin with a dot."""
    return sorted(folder.glob(f"step-*{SUFFIX}"), reverse=True)


def read_module(path: Path, name: str) -> dict[str, Tensor]:
    """Return the weights of one module of a checkpoint; raises `InputError` when it is damaged."""
    read_header(path)
    with safe_open(path, "pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys() if key.startswith(f"module/{name}/")}  # noqa: SIM118
    return _under(f"module/{name}/", tensors)


def _module_tensors(modules: dict[str, nn.Module]) -> dict[str, Tensor]:
    return {
        f"module/{name}/{key}": tensor.detach().cpu().contiguous()
        for name, module in modules.items()
        for key, tensor in module.state_dict().items()
    }


def _optimizer_tensors(modules: dict[str, nn.Module], optimizers: dict[str, Optimizer]) -> dict[str, Tensor]:
    tensors = {}
    for name, optimizer in optimizers.items():
        for parameter_name, parameter in modules[name].named_parameters():
            for key, value in optimizer.state.get(parameter, {}).items():
                tensors[f"optimizer/{name}/{parameter_name}/{key}"] = (
                    torch.as_tensor(value).cpu().contiguous()
                )
    return tensors


def _fill_optimizer(optimizer: Optimizer, module: nn.Module, tensors: dict[str, Tensor]) -> None:
    parameters = dict(module.named_parameters())
    for name, tensor in tensors.items():
        parameter_name, key = name.rsplit("/", 1)
        parameter = parameters[parameter_name]
        counts_on_host = key == "step" and not optimizer.defaults.get("fused")
        optimizer.state[parameter][key] = (
            tensor.clone() if counts_on_host else tensor.to(parameter.device, copy=True)
        )


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def differences(header: Header, settings: dict[str, object]) -> list[str]:
    """Return the names of the settings in which a checkpoint differs from `settings`."""
    wanted = json.loads(json.dumps(settings))
    return sorted(key.replace("_", " ") for key in wanted if header.settings.get(key) != wanted[key])
