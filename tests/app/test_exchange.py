"""A voice as one file, there and back, and files that want to do harm."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rvc.errors import InputError
from rvc.events import Reporter
from rvcstudio.library import Library, Voice
from rvcstudio.library.exchange import MANIFEST, export_name, export_voice, import_voice


@pytest.fixture
def full(library: Library, tone: Path) -> Voice:
    voice = library.voices.add(
        "민아 / Mina?", colour="#123456", consent="permission", consent_by="Tom", note="n"
    )
    library.voices.tag(voice.id, ["노래"])
    library.voices.attach(voice.id, "statement", tone)
    for number in range(3):
        library.takes.add(
            voice.id, tone, rate=48000, seconds=2.0, prompt=f"prompt {number}", verdict={"a": number}
        )
    folder = library.models.new_folder("First", voice.id)
    (folder / "First.safetensors").write_bytes(b"weights")
    (folder / "First.index").write_bytes(b"index")
    library.models.add("First", folder / "First.safetensors", voice_id=voice.id, summary={"rate": 40000})
    return library.voices.find(voice.id)


@pytest.fixture
def exported(library: Library, full: Voice, tmp_path: Path) -> Path:
    return export_voice(library, full.id, tmp_path / export_name(full), Reporter())


def test_a_voice_comes_back_as_it_was(library: Library, full: Voice, exported: Path, tone: Path) -> None:
    came = import_voice(library, exported, Reporter())
    assert came.id != full.id
    assert came.folder != full.folder
    for field in ("name", "colour", "consent", "consent_by", "note", "tags", "takes", "seconds", "models"):
        assert getattr(came, field) == getattr(full, field)
    takes = library.takes.all(came.id, order="oldest")
    assert [(take.prompt, take.verdict["a"]) for take in takes] == [(f"prompt {n}", n) for n in range(3)]
    assert all(take.file.read_bytes() == tone.read_bytes() for take in takes)
    assert came.statement is not None
    assert came.statement.read_bytes() == tone.read_bytes()
    model = library.models.all(voice_id=came.id)[0]
    assert (model.file.read_bytes(), (model.folder / "First.index").read_bytes()) == (b"weights", b"index")


def test_deleted_takes_stay_at_home(library: Library, full: Voice, tmp_path: Path) -> None:
    library.takes.delete([library.takes.all(full.id)[0].id])
    came = import_voice(
        library, export_voice(library, full.id, tmp_path / "x.rvcvoice", Reporter()), Reporter()
    )
    assert came.takes == 2


def rewritten(exported: Path, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> Path:
    """Return a copy of an exported voice whose manifest and files were changed."""
    with zipfile.ZipFile(exported) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop(MANIFEST))
    change(manifest, files)
    made = exported.with_name("changed.rvcvoice")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest))
        for name, data in files.items():
            archive.writestr(name, data)
    return made


def add(
    manifest: dict[str, Any], files: dict[str, bytes], name: str, data: bytes, size: int | None = None
) -> None:
    """Put a file into an archive with all that the manifest needs to say."""
    files[name] = data
    size = len(data) if size is None else size
    manifest["files"].append({"name": name, "size": size, "sha256": hashlib.sha256(data).hexdigest()})


NAMES = (
    *(
        "../evil",
        "takes/../../evil",
        "/etc/evil",
        "C:/evil",
        "takes\\..\\evil",
        "takes//evil",
        "takes/.hidden",
    ),
    *("other/evil", "takes/con.flac", "takes/a\0b", "takes/evil.", "library.sqlite3/../x"),
)


@pytest.mark.parametrize("name", NAMES)
def test_no_file_lands_outside_the_voice(library: Library, exported: Path, tmp_path: Path, name: str) -> None:
    evil = rewritten(exported, lambda manifest, files: add(manifest, files, name, b"evil"))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError) as refused:
        import_voice(library, evil, Reporter())
    assert refused.value.code == "hostile_archive"
    assert [path for path in sorted(tmp_path.rglob("*")) if path.suffix != ".sqlite3-wal"] == [
        path for path in before if path.suffix != ".sqlite3-wal"
    ]
    assert len(library.voices.all()) == 1


Content = dict[str, Any]
Files = dict[str, bytes]


def swap_take(manifest: Content, files: Files) -> None:
    files[manifest["takes"][0]["file"]] = b"other"


def bomb(manifest: Content, files: Files) -> None:
    add(manifest, files, "takes/bomb.flac", bytes(1000), size=10**13)


def hidden_bomb(manifest: Content, files: Files) -> None:
    add(manifest, files, "takes/bomb.flac", bytes(5_000_000), size=10)


def unknown_file(_manifest: Content, files: Files) -> None:
    files["takes/extra.flac"] = b"x"


def missing_file(manifest: Content, files: Files) -> None:
    del files[manifest["takes"][0]["file"]]


def foreign_take(manifest: Content, _files: Files) -> None:
    manifest["takes"][0]["file"] = "../../library.sqlite3"


def twice(manifest: Content, files: Files) -> None:
    add(manifest, files, manifest["takes"][0]["file"].upper(), b"x")


def newer(manifest: Content, _files: Files) -> None:
    manifest["version"] = 2


def nonsense(manifest: Content, _files: Files) -> None:
    manifest["voice"]["colour"] = "red; background: url(x)"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (swap_take, "damaged_voice"),
        (bomb, "hostile_archive"),
        (hidden_bomb, "damaged_voice"),
        (unknown_file, "hostile_archive"),
        (missing_file, "hostile_archive"),
        (foreign_take, "hostile_archive"),
        (twice, "hostile_archive"),
        (newer, "newer_voice"),
        (nonsense, "no_voice_file"),
    ],
)
def test_what_is_not_as_it_says_is_refused(
    library: Library, exported: Path, change: Callable[..., None], code: str
) -> None:
    with pytest.raises(InputError) as refused:
        import_voice(library, rewritten(exported, change), Reporter())
    assert refused.value.code == code
    assert len(library.voices.all()) == 1
    assert len(list((library.folder / "voices").iterdir())) == 1


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), b"no zip at all"])
def test_other_files_are_no_voices(library: Library, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.rvcvoice"
    file.write_bytes(data)
    with pytest.raises(InputError) as refused:
        import_voice(library, file, Reporter())
    assert refused.value.code == "no_voice_file"


def test_a_cut_off_file_is_refused(library: Library, exported: Path) -> None:
    exported.write_bytes(exported.read_bytes()[:-1000])
    with pytest.raises(InputError):
        import_voice(library, exported, Reporter())
    assert len(library.voices.all()) == 1
