"""The builds of PyTorch there are, what each asks of a computer, and which one is right for it.

What PyTorch's own index holds for release 2.11, and what NVIDIA's drivers run, is written down here and nowhere else;
the doctor explains by the same tables.
"""

import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rvc.doctor.finding import Finding, found
from rvc.setup.graphics import Gpu

RELEASE = (
    "2.11.0"  # of torch and torchaudio where both come from PyTorch's index, which fits them to each other
)
TORCH = "torch>=2.11,<2.15"  # where they come from the ordinary package index
TORCHAUDIO = "torchaudio==2.11.*"

FIRST, END = (2, 11), (2, 15)  # releases of torch that were tried
TURING, NEWEST = (7, 5), (12, 9)
# PyTorch 2.11 for ROCm 7.2 has code for these.
ROCM_TARGETS = (
    *("gfx900", "gfx906", "gfx908", "gfx90a", "gfx942", "gfx950"),
    *("gfx1030", "gfx1100", "gfx1101", "gfx1102", "gfx1150", "gfx1151", "gfx1200", "gfx1201"),
)


@dataclass(frozen=True, slots=True)
class Build:
    """A build of torch. `tag` is its folder on PyTorch's index; None takes the ordinary package index's."""

    name: str
    title: str
    tag: str | None
    download_gb: float
    """About what has to be fetched, with everything else that the engine needs."""
    least_driver: tuple[str, str] = ("", "")
    """NVIDIA's on Linux and on Windows."""
    capabilities: tuple[tuple[int, int], tuple[int, int]] | None = None
    """NVIDIA's GPUs that it has code for, from the oldest to the newest."""

    @property
    def driver(self) -> str:
        """The oldest driver of NVIDIA's that runs it on this system."""
        return self.least_driver[sys.platform == "win32"]

    def has_code_for(self, gpu: Gpu) -> bool:
        """Tell whether this build holds kernels for a GPU; one that tells nothing of itself is believed."""
        if gpu.vendor == "amd":
            return gpu.target in ROCM_TARGETS
        if self.capabilities is None or gpu.capability is None:
            return True
        oldest, newest = self.capabilities
        return oldest <= gpu.capability <= newest

    def runs_with(self, gpu: Gpu) -> bool:
        """Tell whether a GPU's driver is new enough."""
        return not self.driver or version(gpu.driver) >= version(self.driver)


# CUDA runs with any driver of its own major release (NVIDIA calls it minor version compatibility).
CUDA_12, CUDA_13 = ("525.60", "528.33"), ("580.65", "580.88")
DEFAULT = Build("default", "as the package index has it", None, 0.4)
CPU = Build("cpu", "CPU only", "cpu", 0.4)
CU130 = Build("cu130", "CUDA 13.0", "cu130", 2.6, CUDA_13, (TURING, NEWEST))
CU128 = Build("cu128", "CUDA 12.8", "cu128", 3.4, CUDA_12, (TURING, NEWEST))
CU126 = Build("cu126", "CUDA 12.6", "cu126", 3.2, CUDA_12, ((5, 0), (9, 0)))
ROCM = Build("rocm", "ROCm 7.2", "rocm7.2", 4.5)
XPU = Build("xpu", "Intel XPU", "xpu", 1.6)
MPS = Build("mps", "Apple Metal", None, 0.3)

BUILDS = {build.name: build for build in (DEFAULT, CPU, CU130, CU128, CU126, ROCM, XPU, MPS)}
CUDA = (CU130, CU128, CU126)  # the first that fits is taken


@dataclass(frozen=True, slots=True)
class Choice:
    """A build, and what was found on the way to it."""

    build: Build
    findings: tuple[Finding, ...] = ()


def version(text: str) -> tuple[int, ...]:
    """Read a version such as 580.65.06 as numbers, to be compared; nothing is older than everything."""
    return tuple(int(part) for part in re.findall(r"\d+", text.split("+")[0])[:3])


def choose(gpus: Sequence[Gpu]) -> Choice:
    """Choose the build for a computer with these GPUs."""
    by_vendor = {gpu.vendor: gpu for gpu in reversed(gpus)}
    if gpu := by_vendor.get("nvidia"):
        return _choose_cuda(gpu)
    if "apple" in by_vendor:
        return Choice(MPS)
    if gpu := by_vendor.get("amd"):
        return _choose_rocm(gpu)
    if "intel" in by_vendor:
        return Choice(XPU)
    if sys.platform == "darwin":
        return Choice(DEFAULT, (found("intel_mac"),))
    return Choice(CPU)


def _choose_cuda(gpu: Gpu) -> Choice:
    if not gpu.driver:
        return Choice(CPU, (found("no_driver", name=gpu.name),))
    with_code = [build for build in CUDA if build.has_code_for(gpu)]
    if not with_code:
        return Choice(CPU, (found("gpu_without_code", name=gpu.name, what=_generation(gpu)),))
    for build in with_code:
        if build.runs_with(gpu):
            return Choice(build)
    needed = with_code[-1].driver
    return Choice(CPU, (found("driver_too_old_for_all", name=gpu.name, driver=gpu.driver, needed=needed),))


def _choose_rocm(gpu: Gpu) -> Choice:
    if sys.platform == "win32":
        return Choice(CPU, (found("amd_on_windows", name=gpu.name),))
    if not gpu.target:
        return Choice(CPU, (found("no_driver", name=gpu.name),))
    if not ROCM.has_code_for(gpu):
        return Choice(CPU, (found("gpu_without_code", name=gpu.name, what=gpu.target),))
    return Choice(ROCM)


def _generation(gpu: Gpu) -> str:
    return "sm_{}{}".format(*gpu.capability) if gpu.capability else "?"


def comes_by_default(build: Build) -> bool:
    """Tell whether the ordinary package index has this very build, so that no second index has to be asked.

    Linux gets CUDA 13 from there, Windows the one for CPUs, a Mac the only one there is.
    """
    if build.tag is None:
        return True
    if sys.platform == "win32":
        return build is CPU and platform.machine().lower() in ("amd64", "x86_64")
    return build is CU130 and sys.platform == "linux"


def serves(installed: str, build: Build, *, exactly: bool = False) -> bool:
    """Tell whether a torch that is installed, such as 2.12.1 or 2.11.0+cu126, is the build, or as good as it.

    Any computes on a CPU, so one that is there is only replaced if `exactly` this one is wanted.
    """
    if not FIRST <= version(installed)[:2] < END:
        return False
    tag = installed.partition("+")[2]
    if build is CPU and not exactly:
        return True
    return tag == build.tag if tag else comes_by_default(build)
