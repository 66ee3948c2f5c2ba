"""Files that a person has already: recognised by their hash, whatever they are called and wherever they lie."""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rvc.assets import memory
from rvc.assets.entries import Asset, sha256
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.paths import as_error, atomic, weights_dir

SUFFIXES = {".pth", ".pt", ".bin", ".onnx"}
SMALLEST_BYTES, LARGEST_BYTES = 1 << 20, 1 << 30  # of a file whose length is not known


def add(path: Path, assets: Mapping[str, Asset], reporter: Reporter) -> tuple[str, Path]:
    """Take over a file; return the name of the asset that it is, and where it lies now.

    Raises `InputError`: missing_file, unknown_file.
    """
    digest = _digest(path, reporter)
    for asset in map(memory.recall, assets.values()):
        if asset.sha256 == digest:
            return asset.name, _keep(asset, path)
    raise InputError(
        "unknown_file",
        f"{path} is none of the files that RVC Studio knows (SHA-256 {digest}).",
        "It may be damaged or another version. `rvc assets list` says which files are known.",
    )


def add_as(asset: Asset, path: Path, reporter: Reporter) -> Path:
    """Take over a file as this asset; the first one is trusted where no hash is known.

    Raises `InputError`: missing_file, another_file.
    """
    asset = memory.recall(asset)
    digest = _digest(path, reporter)
    if asset.sha256 is None:
        memory.remember(asset, path.stat().st_size, digest)
    elif asset.sha256 != digest:
        raise InputError("another_file", f"{path} is not {asset.name}: its SHA-256 is {digest}.")
    return _keep(asset, path)


def search(folders: Sequence[Path], assets: Iterable[Asset], reporter: Reporter) -> dict[str, Path]:
    """Look for assets in folders with all that is in them; return where each one found lies now.

    Raises `InputError` missing_path, `Paused` on a stop request: what was found before is kept.
    """
    wanted = {asset.sha256: asset for asset in map(memory.recall, assets) if asset.sha256}
    found: dict[str, Path] = {}
    candidates = _candidates(folders, list(wanted.values()))
    with reporter.phase(
        "look for files", sum(path.stat().st_size for path in candidates), unit="bytes"
    ) as phase:
        for path in candidates:
            if not wanted:
                break
            try:
                asset = wanted.pop(sha256(path, phase.advance), None)
            except OSError as error:
                reporter.warn("not_readable", f"{path} cannot be read: {error.strerror}.", file=str(path))
                continue
            if asset is not None:
                found[asset.name] = _keep(asset, path)
                reporter.log("asset_found", f"{path} is {asset.name}.", name=asset.name, file=str(path))
    return found


def _candidates(folders: Sequence[Path], wanted: Sequence[Asset]) -> list[Path]:
    """List files that may be one of the wanted, those of a known length first."""
    sizes = {asset.size for asset in wanted if asset.size}
    guess = any(asset.size is None for asset in wanted)
    files = {path.resolve(): path for folder in folders for path in _files(folder)}
    exact = [path for path in files.values() if path.stat().st_size in sizes]
    plausible = [path for path in files.values() if guess and _is_plausible(path)]
    return list(dict.fromkeys([*exact, *plausible]))


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InputError("missing_path", f"There is no folder {folder}.", "Check the path for spelling.")
    paths = (Path(root, name) for root, _, names in os.walk(folder) for name in names)
    return sorted(path for path in paths if path.is_file())


def _is_plausible(path: Path) -> bool:
    size = path.stat().st_size
    return path.suffix.lower() in SUFFIXES and SMALLEST_BYTES <= size <= LARGEST_BYTES


def _digest(path: Path, reporter: Reporter) -> str:
    if not path.is_file():
        raise InputError("missing_file", f"There is no file {path}.", "Check the path for spelling.")
    try:
        with reporter.phase(f"check {path.name}", path.stat().st_size, unit="bytes") as phase:
            return sha256(path, phase.advance)
    except OSError as error:
        raise InputError("not_readable", f"{path} cannot be read: {error.strerror}.") from error


def _keep(asset: Asset, path: Path) -> Path:
    """Put a file among the program's own: linked where that can be, so that it takes no second place."""
    target = weights_dir() / asset.file
    if target.exists() and target.samefile(path):
        return target
    with atomic(target) as temporary:
        try:
            os.link(path.resolve(), temporary)
        except OSError:
            _copy(path, temporary)
    return target


def _copy(path: Path, target: Path) -> None:
    try:
        shutil.copyfile(path, target)
    except OSError as error:
        raise as_error(error, target) from error
