"""A voice as one file: a zip with a manifest that names every file, its size and its SHA-256.

What comes from elsewhere is believed nothing: names are checked before a byte is written, sizes while bytes come,
hashes before anything is the library's.
"""

import hashlib
import shutil
import zipfile
import zlib
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rvc import paths
from rvc.errors import Error, InputError
from rvc.events import Phase, Reporter
from rvc.names import DEVICES, UNSAFE, file_stem
from rvcstudio.library.database import new_id
from rvcstudio.library.files import PIECE_BYTES, files_in
from rvcstudio.library.library import Library
from rvcstudio.library.records import Voice

SUFFIX = ".rvcvoice"
MANIFEST = "manifest.json"
MAX_FILES = 100_000
MAX_MANIFEST_BYTES = 64_000_000
MAX_RATIO = 50  # of what comes out to what is in the archive; recordings and models hardly shrink
SPARE_BYTES = 100_000_000
FOLDERS = ("takes", "models")  # what a voice's folder holds besides its picture and its statement
HIDDEN = ".import-"


class Part(BaseModel):
    """Base of what a manifest holds."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class FilePart(Part):
    name: str = Field(max_length=500)
    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class VoicePart(Part):
    name: str = Field(min_length=1, max_length=200)
    colour: str = Field(pattern="^#[0-9A-Fa-f]{6}$")
    language: str = Field("", max_length=20)
    consent: Literal["", "own", "permission"] = ""
    consent_by: str = Field("", max_length=2000)
    note: str = Field("", max_length=10000)
    photo: str | None = None
    statement: str | None = None
    tags: tuple[str, ...] = Field((), max_length=200)


class TakePart(Part):
    file: str
    prompt: str = Field("", max_length=10000)
    prompt_id: str = Field("", max_length=200)
    device: str = Field("", max_length=500)
    rate: int = Field(ge=1, le=1_000_000)
    seconds: float = Field(ge=0, allow_inf_nan=False)
    peak_dbfs: float | None = None
    rms_dbfs: float | None = None
    verdict: dict[str, Any] = {}
    excluded: bool = False


class ModelPart(Part):
    name: str = Field(min_length=1, max_length=200)
    file: str
    summary: dict[str, Any] = {}


class Manifest(Part):
    """The first file of the archive, which says everything about the others."""

    format: Literal["rvc-studio-voice"] = "rvc-studio-voice"
    version: Literal[1] = 1
    made: datetime
    voice: VoicePart
    takes: tuple[TakePart, ...] = Field((), max_length=MAX_FILES)
    models: tuple[ModelPart, ...] = Field((), max_length=MAX_FILES)
    files: tuple[FilePart, ...] = Field(max_length=MAX_FILES)


def export_voice(library: Library, voice_id: str, to: Path, reporter: Reporter) -> Path:
    """Write a voice with its takes and models into one file."""
    voice = library.voices.find(voice_id)
    takes = library.takes.all(voice_id, order="oldest")
    models = library.models.all(voice_id=voice_id)
    wanted = {take.file for take in takes} | {path for path in (voice.photo, voice.statement) if path}
    wanted |= {file for model in models for file in files_in(model.folder)}
    with reporter.phase("export", sum(file.stat().st_size for file in wanted) * 2) as phase:
        parts = tuple(_file_part(file, voice.folder, phase) for file in sorted(wanted))
        manifest = Manifest(
            made=datetime.now().astimezone(),
            voice=_voice_part(voice),
            takes=tuple(_part(TakePart, take, file=_name(take.file, voice.folder)) for take in takes),
            models=tuple(_part(ModelPart, model, file=_name(model.file, voice.folder)) for model in models),
            files=parts,
        )
        with paths.atomic(to) as temporary:
            _write(temporary, manifest, voice.folder, phase)
    return to


def _part(kind: type[Part], record: Any, **values: Any) -> Any:
    """Return the fields of a record that a part has; `values` take precedence."""
    names = set(kind.model_fields) - set(values)
    return kind(**{name: getattr(record, name) for name in names}, **values)


def _voice_part(voice: Voice) -> Any:
    pictures = {name: getattr(voice, name) for name in ("photo", "statement")}
    named = {name: _name(file, voice.folder) if file else None for name, file in pictures.items()}
    return _part(VoicePart, voice, **named)


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _file_part(file: Path, folder: Path, phase: Phase) -> FilePart:
    digest = hashlib.sha256()
    with file.open("rb") as reading:
        while piece := reading.read(PIECE_BYTES):
            digest.update(piece)
            phase.advance(len(piece))
    return FilePart(name=_name(file, folder), size=file.stat().st_size, sha256=digest.hexdigest())


def _write(file: Path, manifest: Manifest, folder: Path, phase: Phase) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # FLAC and weights do not shrink
        archive.writestr(MANIFEST, manifest.model_dump_json())
        for part in manifest.files:
            with (
                (folder / part.name).open("rb") as reading,
                archive.open(part.name, "w", force_zip64=True) as writing,
            ):
                while piece := reading.read(PIECE_BYTES):
                    writing.write(piece)
                    phase.advance(len(piece))


def import_voice(library: Library, file: Path, reporter: Reporter) -> Voice:
    """Add the voice of a file to the library; nothing of it stays where the file is not what it says.

    Raises `InputError`: no_voice_file, newer_voice, hostile_archive, damaged_voice; `Error` disk_full.
    """
    folder = library.folder / "voices" / f"{HIDDEN}{new_id()}"
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _read_manifest(archive)
            _check_names(manifest, archive)
            _check_room(manifest, file, library.folder)
            with reporter.phase("import", sum(part.size for part in manifest.files), unit="bytes") as phase:
                for part in manifest.files:
                    _extract(archive, part, folder, phase)
        return _adopt(library, manifest, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(
            "no_voice_file", f"{file.name} is damaged or no voice.", "Export it again."
        ) from error
    except OSError as error:
        raise paths.as_error(error, folder) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        with archive.open(MANIFEST) as reading:
            text = reading.read(MAX_MANIFEST_BYTES + 1)
    except KeyError:
        raise InputError("no_voice_file", "This file holds no voice of RVC Studio.") from None
    if len(text) > MAX_MANIFEST_BYTES:
        raise _hostile("its manifest is too large")
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        if any(fault["loc"] == ("version",) for fault in error.errors()):
            raise InputError(
                "newer_voice", "This voice was exported by a newer version.", "Update RVC Studio."
            ) from error
        raise InputError(
            "no_voice_file", "This file's manifest cannot be read.", "Export it again."
        ) from error


def _hostile(reason: str) -> InputError:
    return InputError("hostile_archive", f"This file is refused: {reason}.", "Ask who made it for another.")


def _check_names(manifest: Manifest, archive: zipfile.ZipFile) -> None:
    """Refuse names that lead elsewhere, twice, or to what the manifest does not say."""
    entries = archive.infolist()
    named = {part.name for part in manifest.files}
    lower = {part.name.casefold() for part in manifest.files}
    if len(entries) != len(manifest.files) + 1 or len(lower) != len(manifest.files):
        raise _hostile("it names files twice, or holds others than it says")
    if {entry.filename for entry in entries} != named | {MANIFEST}:
        raise _hostile("it holds other files than it says")
    for name in named:
        _check_name(name)
    used = {take.file for take in manifest.takes} | {model.file for model in manifest.models}
    used |= {name for name in (manifest.voice.photo, manifest.voice.statement) if name}
    if not used <= named:
        raise _hostile("it names files that it does not hold")
    if any(not take.file.startswith("takes/") for take in manifest.takes):
        raise _hostile("a take is not among the takes")
    if any(
        PurePosixPath(model.file).parts[:1] != ("models",) or model.file.count("/") != 2
        for model in manifest.models
    ):
        raise _hostile("a model is not in a folder of its own")


def _check_name(name: str) -> None:
    path = PurePosixPath(name)
    parts = name.split("/")
    bad = any(part in ("", ".", "..") or part.startswith(".") or UNSAFE.search(part) for part in parts)
    bad = bad or any(DEVICES.match(part) or part.endswith((" ", ".")) for part in parts)
    allowed = len(parts) == 1 or (len(parts) <= 6 and parts[0] in FOLDERS)
    if bad or path.is_absolute() or not allowed:
        raise _hostile("it names a file outside its own folder")


def _check_room(manifest: Manifest, file: Path, folder: Path) -> None:
    size = sum(part.size for part in manifest.files)
    if size > MAX_RATIO * max(file.stat().st_size, PIECE_BYTES):
        raise _hostile("it would grow far beyond its size")
    if shutil.disk_usage(folder).free < size + SPARE_BYTES:
        raise Error("disk_full", "There is no room for this voice.", "Free some space.")


def _extract(archive: zipfile.ZipFile, part: FilePart, folder: Path, phase: Phase) -> None:
    to = folder / part.name
    to.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(part.name) as reading, to.open("xb") as writing:
        found = _copy(reading, writing, part.size, phase)
    if found != part.sha256:
        raise InputError("damaged_voice", f"{part.name} in this file is damaged.", "Export or copy it again.")


def _copy(reading: IO[bytes], writing: IO[bytes], size: int, phase: Phase) -> str:
    """Copy no more than the promised bytes and one, and return their SHA-256."""
    digest, left = hashlib.sha256(), size + 1
    while left > 0 and (piece := reading.read(min(PIECE_BYTES, left))):
        left -= len(piece)
        digest.update(piece)
        writing.write(piece)
        phase.advance(len(piece))
    return digest.hexdigest()


def _adopt(library: Library, manifest: Manifest, folder: Path) -> Voice:
    """Move what was extracted to its place and write the rows; a failure takes all of it back."""
    part = manifest.voice
    facts = part.model_dump(include={"colour", "language", "consent", "consent_by", "note"})
    with library.database.change():
        voice = library.voices.add(part.name, **facts)
        try:
            shutil.rmtree(voice.folder)
            folder.rename(voice.folder)
            _add_rows(library, manifest, voice)
        except BaseException:
            shutil.rmtree(voice.folder, ignore_errors=True)
            raise
    return library.voices.find(voice.id)


def _add_rows(library: Library, manifest: Manifest, voice: Voice) -> None:
    part = manifest.voice
    for name in ("photo", "statement"):
        if (file := getattr(part, name)) is not None:
            library.voices.point(voice.id, name, voice.folder / file)
    library.voices.tag(voice.id, part.tags)
    for take in manifest.takes:
        library.takes.add(voice.id, voice.folder / take.file, **take.model_dump(exclude={"file"}))
    for model in manifest.models:
        library.models.add(model.name, voice.folder / model.file, voice_id=voice.id, summary=model.summary)


def export_name(voice: Voice) -> str:
    """Return a name for the file that a voice is exported to."""
    return file_stem(voice.name) + SUFFIX


def sweep(library: Library) -> None:
    """Remove what imports left behind that were cut off."""
    for rest in (library.folder / "voices").glob(f"{HIDDEN}*"):
        shutil.rmtree(rest, ignore_errors=True)
