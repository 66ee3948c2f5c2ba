"""What this machine and its software are, in a few words: for reports, benchmarks and the doctor. Imports no torch."""

import importlib.metadata
import os
import platform
from collections.abc import Iterator
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict

PACKAGES = ("rvc-studio", "torch", "torchaudio", "numpy", "faiss-cpu", "onnxruntime", "soundfile")
CPU_FILE = Path("/proc/cpuinfo")


class Machine(BaseModel):
    """A machine as it is written beside a measurement."""

    model_config = ConfigDict(frozen=True)

    system: str
    cpu: str
    cores: int
    threads: int
    memory_gb: float
    python: str
    packages: dict[str, str]

    @classmethod
    def describe(cls) -> "Machine":
        """Describe the machine that this runs on."""
        threads = os.cpu_count() or 1
        return cls(
            system=f"{platform.system()} {platform.release()} {platform.machine()}",
            cpu=cpu_name(),
            cores=psutil.cpu_count(logical=False) or threads,
            threads=threads,
            memory_gb=round(psutil.virtual_memory().total / 1e9, 1),
            python=platform.python_version(),
            packages=dict(_versions()),
        )


def cpu_name() -> str:
    """Return what the processor calls itself."""
    try:
        lines = CPU_FILE.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def version(package: str) -> str | None:
    """Return the version of an installed package, which is not imported for that; None where it is not."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _versions() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        if found := version(package):
            yield package, found
