"""Models for the app: what one is, and importing, exporting and blending them."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from rvc.config import BlendConfig
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.paths import make_dir
from rvc.synthesis import index
from rvc.voices import blend as blending
from rvc.voices import description
from rvc.voices import export as exporting
from rvc.voices.voice import import_pth

ZIP_SUFFIXES = (".pth", ".safetensors", ".index")
ZIP_MAX_BYTES = 4 << 30  # of what is taken out of one archive
ZIP_MAX_FILES = 100
BLOCK = 1 << 20


def describe(params: dict[str, Any], _reporter: Reporter, _loaded: dict[str, Any]) -> dict[str, Any]:
    """Say what `file` is."""
    return description.describe(Path(params["file"]))


def take_over(params: dict[str, Any], reporter: Reporter, _loaded: dict[str, Any]) -> dict[str, Any]:
    """Import the model `file`, with `index` or the index beside it, into the folder `out`, and say what it is."""
    file, given = Path(params["file"]), params.get("index")
    found = index.choose(Path(given) if given else None, file, reporter)
    model = import_pth(file, found, Path(params["out"]), params.get("name"))
    return {"model": str(model), "has_index": found is not None, "card": description.describe(model)}


def unpack(params: dict[str, Any], reporter: Reporter, _loaded: dict[str, Any]) -> dict[str, Any]:
    """Take the models and indexes out of the archive `file` into the folder `out`; nothing else in it is touched.

    Raises `InputError`: damaged_archive, archive_too_large, no_model.
    """
    file, out = Path(params["file"]), make_dir(Path(params["out"]))
    try:
        with zipfile.ZipFile(file) as archive:
            members = _wanted(archive, file)
            with reporter.phase("unpack", sum(member.file_size for member in members), unit="bytes") as phase:
                for member in members:
                    to = out / Path(member.filename).name
                    with archive.open(member) as packed, to.open("wb") as written:
                        for block in _blocks(packed, member.file_size, file):
                            written.write(block)
                            phase.advance(len(block))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise InputError(
            "damaged_archive", f"{file.name} cannot be unpacked.", "It is damaged, or has a password."
        ) from error
    return {"files": [str(out / Path(member.filename).name) for member in members]}


def _wanted(archive: zipfile.ZipFile, file: Path) -> list[zipfile.ZipInfo]:
    """Return the models and indexes of an archive, each name once."""
    found = {
        Path(member.filename).name: member
        for member in archive.infolist()
        if not member.is_dir()
        and Path(member.filename).suffix.lower() in ZIP_SUFFIXES
        and not Path(member.filename).name.startswith(".")
    }
    members = list(found.values())
    if not any(Path(name).suffix.lower() != ".index" for name in found):
        raise InputError("no_model", f"There is no model in {file.name}.")
    if len(members) > ZIP_MAX_FILES or sum(member.file_size for member in members) > ZIP_MAX_BYTES:
        raise InputError(
            "archive_too_large",
            f"{file.name} holds too much.",
            "Unpack it, and import the models one by one.",
        )
    return members


def _blocks(packed: IO[bytes], size: int, file: Path) -> Iterator[bytes]:
    """Yield what an archive holds, never more than it says."""
    left = size
    while block := packed.read(BLOCK):
        left -= len(block)
        if left < 0:
            raise InputError("damaged_archive", f"{file.name} holds more than it says.", "Do not use it.")
        yield block


def export(params: dict[str, Any], reporter: Reporter, _loaded: dict[str, Any]) -> dict[str, Any]:
    """Write `model` as the file `out`, whose name says how, and its index beside it where there is one."""
    model, out = Path(params["model"]), Path(params["out"])
    has_index = index.find_index(model, reporter) is not None
    done = exporting.export(model, out, reporter, with_index=has_index and out.suffix.lower() == ".pth")
    return {"model": str(done.model), "index": None if done.index is None else str(done.index)}


def blend(params: dict[str, Any], reporter: Reporter, _loaded: dict[str, Any]) -> dict[str, Any]:
    """Mix the models `first` and `second` by `ratio` into the folder `out` under `name`, and say what came of it."""
    config = BlendConfig(ratio=params["ratio"], name=params["name"])
    made = blending.blend(
        Path(params["first"]), Path(params["second"]), Path(params["out"]), config, reporter
    )
    return {"model": made["model"], "card": description.describe(Path(made["model"]))}
