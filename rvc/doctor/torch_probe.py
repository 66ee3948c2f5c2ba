"""What torch can do here. Runs in a process of its own, because a broken torch can end the one that loads it."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from rvc import machine
from rvc.doctor.finding import Finding, brief, found
from rvc.setup import builds, combinations, graphics
from rvc.setup.graphics import Gpu

if TYPE_CHECKING:
    import torch

SAFE = (2, 10)  # torch without a known hole
LEAST_FREE_GB = 2.0
INSTRUCTIONS = ("avx2", "avx512_f", "avx512_bf16", "amx_bf16", "neon", "bf16", "sve")


@dataclass(frozen=True, slots=True)
class Device:
    """A GPU as torch and its driver describe it; `error` is what it said when it should compute."""

    device: str
    name: str
    architecture: str
    built_for: tuple[str, ...]
    total_gb: float
    free_gb: float
    types: str
    driver: str
    error: str = ""


def probe() -> Iterator[Finding]:
    """Load torch and look at its version, its threads, and every device that it can use."""
    try:
        import torch
    except ModuleNotFoundError as error:
        yield _not_loaded(error)
        return
    except Exception as error:  # a torch that is broken may raise anything
        yield found("library_broken", name="torch", package="torch", error=brief(error))
        return
    yield from judge_version(torch.__version__, _build(), torch.get_num_threads())
    yield from _torchaudio(torch.__version__)
    yield from judge_instructions(_abilities())
    yield from _devices()


def _not_loaded(error: ModuleNotFoundError) -> Finding:
    """Tell a torch that is not there from one that lacks something itself."""
    if error.name == "torch":
        return found("library_missing", name="torch")
    return found("library_broken", name="torch", package="torch", error=brief(error))


def judge_version(version: str, build: str, threads: int) -> Iterator[Finding]:
    """Compare a version such as 2.12.1+cu130 with those that are known to be bad or good."""
    number = tuple(int(part) for part in version.split("+")[0].split(".")[:2] if part.isdecimal())
    yield found("torch", version=version, build=build, threads=threads)
    if number < SAFE:
        yield found("torch_unsafe", version=version)
    elif not builds.FIRST <= number < builds.END:
        yield found("torch_untried", version=version)


def judge_instructions(abilities: dict[str, object]) -> Iterator[Finding]:
    """Name the instruction sets that matter, of those that torch names at all."""
    names = [name for name in INSTRUCTIONS if abilities.get(name)]
    if names:
        yield found("instructions", names=", ".join(names))
    if abilities.get("architecture") == "x86_64" and not abilities.get("avx2"):
        yield found("slow_cpu")


def judge_gpu(gpu: Device) -> Iterator[Finding]:
    """Say what one GPU is good for, or what keeps it from working."""
    if gpu.built_for and gpu.architecture not in gpu.built_for:
        yield found("gpu_unsupported", device=gpu.device, name=gpu.name, architecture=gpu.architecture)
    elif gpu.error:
        yield found("gpu_fails", device=gpu.device, name=gpu.name, error=gpu.error)
    else:
        facts = ("device", "name", "total_gb", "free_gb", "types", "driver")
        yield found("gpu", **{fact: getattr(gpu, fact) for fact in facts})
        if gpu.free_gb < LEAST_FREE_GB:
            yield found("gpu_busy", device=gpu.device, free_gb=gpu.free_gb, total_gb=gpu.total_gb)


def judge_unused(gpus: list[Gpu], build: str) -> Iterator[Finding]:
    """Say why torch uses none of the GPUs that the system lists: the card, its driver, or this torch."""
    for gpu in gpus:
        choice = builds.choose([gpu])
        if choice.findings:
            yield from choice.findings
        elif build == "CPU":
            yield found("torch_without_gpu", name=gpu.name)
        else:
            yield found("driver_too_old", name=gpu.name, driver=gpu.driver, build=build)
    if not gpus:
        yield found("no_gpu")


def _build() -> str:
    import torch

    if torch.version.cuda:
        return f"CUDA {torch.version.cuda}"
    hip = getattr(torch.version, "hip", None)
    return f"ROCm {hip}" if hip else "CPU"


def _abilities() -> dict[str, object]:
    import torch

    return dict(getattr(torch.cpu, "get_capabilities", dict)())


def _torchaudio(torch_version: str) -> Iterator[Finding]:
    try:
        importlib.import_module("torchaudio")
    except ModuleNotFoundError:
        yield found("library_missing", name="torchaudio")
    except Exception as error:  # built for another torch, it may raise anything
        packages = {name: machine.version(name) or "" for name in ("torch", "torchaudio")}
        if not list(combinations.judge_versions(packages)):  # which the doctor tells elsewhere
            version = packages["torchaudio"] or "?"
            yield found("torchaudio_broken", version=version, torch=torch_version, error=brief(error))


def _devices() -> Iterator[Finding]:
    import torch

    if torch.cuda.is_available():
        drivers = [gpu.driver for gpu in graphics.find_gpus() if gpu.vendor == "nvidia"]
        for index in range(torch.cuda.device_count()):
            driver = drivers[index] if index < len(drivers) else "of unknown version"
            yield from judge_gpu(_look_at(index, driver))
    elif torch.backends.mps.is_available() or torch.xpu.is_available():
        yield from judge_gpu(_accelerator())
    else:
        yield from judge_unused(graphics.find_gpus(), _build())


def _look_at(index: int, driver: str) -> Device:
    import torch

    device = torch.device("cuda", index)
    facts = torch.cuda.get_device_properties(device)
    free, total = torch.cuda.mem_get_info(device)
    hip = getattr(torch.version, "hip", None)
    fast = torch.cuda.is_bf16_supported(including_emulation=False)
    return Device(
        device=str(device),
        name=facts.name,
        architecture=f"sm_{facts.major}{facts.minor}",
        built_for=() if hip else _reach(torch.cuda.get_arch_list(), facts.major),
        total_gb=total / 1e9,
        free_gb=free / 1e9,
        types="bf16 and fp16" if fast else "fp16",
        driver=driver,
        error=_attempt(device),
    )


def _reach(architectures: list[str], major: int) -> tuple[str, ...]:
    """Return what this torch has code for; a `compute_` entry is compiled anew for any later GPU."""
    if any(name.startswith("compute_") for name in architectures):
        return ()
    same = [name for name in architectures if name.startswith(f"sm_{major}")]
    return tuple(f"sm_{major}{minor}" for minor in range(10)) if same else tuple(architectures)


def _accelerator() -> Device:
    """Describe the one of Apple or Intel, which share the machine's memory or tell little about their own."""
    import torch

    kind = "mps" if torch.backends.mps.is_available() else "xpu"
    name = "Apple GPU" if kind == "mps" else torch.xpu.get_device_name()
    memory = psutil.virtual_memory()
    return Device(
        device=kind,
        name=name,
        architecture="",
        built_for=(),
        total_gb=memory.total / 1e9,
        free_gb=memory.available / 1e9,
        types="fp16",
        driver="of the system",
        error=_attempt(torch.device(kind)),
    )


def _attempt(device: "torch.device") -> str:
    """Compute a little; return what was said against it."""
    import torch

    try:
        square = torch.eye(64, device=device)
        right = float((square @ square).sum()) == 64
    except (RuntimeError, AssertionError) as error:
        return brief(error)
    return "" if right else "it computes wrongly."
