"""Packages that do not go with each other, told by their versions alone: nothing has to be loaded for that."""

import sys
from collections.abc import Iterator, Mapping

from rvc.doctor.finding import Finding, found
from rvc.setup.builds import CU130, version

TORCHAUDIO_RELEASE = (2, 11)  # the last one; it runs with its own and with later torch
NUMPY_MAJOR = 2


def judge_versions(packages: Mapping[str, str]) -> Iterator[Finding]:
    """Look at installed packages, versions by name, for what is known to fail."""
    torch, torchaudio, numpy = (packages.get(name, "") for name in ("torch", "torchaudio", "numpy"))
    if torch and torchaudio and not _fit(torch, torchaudio):
        yield found("torchaudio_of_other_build", version=torchaudio, torch=torch)
    if numpy and version(numpy)[:1] != (NUMPY_MAJOR,):
        yield found("numpy_of_other_release", version=numpy)


def _fit(torch: str, torchaudio: str) -> bool:
    """Tell whether torchaudio can be loaded: on Linux it is linked to the CUDA of its own build, or to none."""
    if version(torchaudio)[:2] != TORCHAUDIO_RELEASE or version(torch)[:2] < TORCHAUDIO_RELEASE:
        return False
    return sys.platform != "linux" or _tag(torch) == _tag(torchaudio)


def _tag(text: str) -> str:
    """Return what a build is for; without a word it is the ordinary package index's, for CUDA 13."""
    tag = text.partition("+")[2] or CU130.name
    return "cu13" if tag.startswith("cu13") else tag
