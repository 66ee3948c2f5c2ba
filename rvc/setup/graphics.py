"""The GPUs of this computer as the system and the drivers' own tools tell them: no torch is needed for that."""

import contextlib
import json
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Vendor = Literal["nvidia", "amd", "intel", "apple"]

VENDORS: dict[str, Vendor] = {"10de": "nvidia", "1002": "amd", "8086": "intel"}  # of the PCI bus
CARDS = Path("/sys/class/drm")
ROCM_NODES = Path("/sys/class/kfd/kfd/topology/nodes")
TOOL_TIMEOUT_S = 10.0
SMI_QUERY = "--query-gpu=name,driver_version,compute_cap,memory.total"
WINDOWS_QUERY = (
    "Get-CimInstance Win32_VideoController | Select-Object Name,DriverVersion,PNPDeviceID "
    "| ConvertTo-Json -Compress"
)
# Intel's GPUs that PyTorch computes with: Arc, and those in Core Ultra processors (device numbers of the PCI bus).
ARC = re.compile(r"arc|56[9ab].|e2[0-9a-f].|64[2ab]0|7d[45d].|b0[89b].", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU. What the system does not tell is empty: without its driver a card has little more than a maker."""

    vendor: Vendor
    name: str
    driver: str = ""
    capability: tuple[int, int] | None = None
    """NVIDIA's, such as (8, 6)."""
    target: str = ""
    """AMD's, such as gfx1100."""
    memory_gb: float = 0.0


def find_gpus() -> list[Gpu]:
    """Return the GPUs that a maker's PyTorch may compute with, those of NVIDIA first."""
    if sys.platform == "darwin":
        return [Gpu("apple", "Apple GPU")] if platform.machine() == "arm64" else []
    listed = read_smi(_say("nvidia-smi", SMI_QUERY, "--format=csv,noheader,nounits"))
    others = _windows_cards() if sys.platform == "win32" else _linux_cards()
    return [*listed, *(gpu for gpu in others if not (listed and gpu.vendor == "nvidia"))]


def read_smi(text: str) -> list[Gpu]:
    """Read what nvidia-smi prints: name, driver, capability and MiB, a GPU a line."""
    rows = ([cell.strip() for cell in line.split(",")] for line in text.splitlines())
    return [
        Gpu("nvidia", row[0], row[1], _capability(row[2]), memory_gb=_number(row[3]) / 1024)
        for row in rows
        if len(row) == 4
    ]


def _capability(text: str) -> tuple[int, int] | None:
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else None


def _number(text: str) -> float:
    with contextlib.suppress(ValueError):
        return float(text)
    return 0.0


def _linux_cards() -> list[Gpu]:
    """Return the cards on the PCI bus, AMD's with the target that their driver tells."""
    targets = iter(list(_rocm_targets()))
    found = (_linux_card(card, targets) for card in sorted(CARDS.glob("card[0-9]*/device")))
    return sorted((gpu for gpu in found if gpu), key=lambda gpu: gpu.vendor != "nvidia")


def _linux_card(card: Path, targets: Iterator[str]) -> Gpu | None:
    vendor = VENDORS.get(_read(card / "vendor").removeprefix("0x"))
    device = _read(card / "device").removeprefix("0x")
    if vendor is None or (vendor == "intel" and not ARC.fullmatch(device)):
        return None
    target = next(targets, "") if vendor == "amd" else ""
    memory_gb = _number(_read(card / "mem_info_vram_total")) / 2**30
    return Gpu(vendor, _card_name(vendor, target or device), target=target, memory_gb=memory_gb)


def _card_name(vendor: Vendor, model: str) -> str:
    maker = {"nvidia": "NVIDIA", "amd": "AMD", "intel": "Intel"}[vendor]
    return f"{maker} GPU {model}".strip()


def _rocm_targets() -> Iterator[str]:
    """Yield names such as gfx1100 from numbers such as 110000, of the nodes that are GPUs."""
    for node in sorted(ROCM_NODES.glob("*/properties")):
        number = re.search(r"^gfx_target_version (\d+)$", _read(node), re.MULTILINE)
        if number and int(number[1]):
            version = int(number[1])
            yield f"gfx{version // 10000}{version // 100 % 100:x}{version % 100:x}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _windows_cards() -> list[Gpu]:
    return read_adapters(_say("powershell", "-NoProfile", "-NonInteractive", "-Command", WINDOWS_QUERY))


def read_adapters(text: str) -> list[Gpu]:
    """Read what Windows tells of its display adapters in JSON: one object, or a list of them."""
    try:
        told = json.loads(text)
    except ValueError:
        return []
    rows = told if isinstance(told, list) else [told]
    return [gpu for row in rows if (gpu := _adapter(row))]


def _adapter(row: dict[str, str | None]) -> Gpu | None:
    place = re.search(r"VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})", row.get("PNPDeviceID") or "", re.IGNORECASE)
    vendor = VENDORS.get(place[1].lower()) if place else None
    name = row.get("Name") or ""
    if place is None or vendor is None:
        return None
    if vendor == "intel" and not (ARC.search(name) or ARC.fullmatch(place[2])):
        return None
    return Gpu(vendor, name, row.get("DriverVersion") or "")


def _say(tool: str, *arguments: str) -> str:
    """Return what a tool prints, nothing where it is missing, fails or hangs."""
    place = shutil.which(tool)
    return _run([place, *arguments]) if place else ""


def _run(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TOOL_TIMEOUT_S,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
