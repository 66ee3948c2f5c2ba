"""What a test has made and heard so far, written down as it goes: one that was broken off goes on behind it."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from rvc import __version__
from rvc.paths import atomic, make_dir
from rvc.testing.judges import Opinion
from rvc.testing.report import Scores
from rvc.testing.trials import Heard, Trial

TITLE = "title"
ARRAYS = ("wave", "f0", "content")  # of what was heard


class Notebook:
    """A folder with a file for each trial and each opinion. One that tells of another test is emptied.

    Raises `Error` disk_full or not_writable.
    """

    def __init__(self, folder: Path, title: str) -> None:
        self._folder = folder
        if self._read_title() != title:
            self.close()
            make_dir(folder)
            _write(folder / TITLE, title.encode())

    def _read_title(self) -> str | None:
        try:
            return (self._folder / TITLE).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    @property
    def testset(self) -> Path:
        """Where plain recordings to test on are prepared."""
        return self._folder / "testset"

    def trial(self, name: str, make: Callable[[], Trial]) -> Trial:
        """Return the trial that was written down under a name, or make it now."""
        file = self._file("trial", name)
        try:
            return _read_trial(file)
        except (OSError, ValueError, KeyError, TypeError, SafetensorError):  # there is none, or not all of it
            made = make()
            _write(file, _trial_bytes(made))
            return made

    def opinion(self, name: str, make: Callable[[], Opinion]) -> Opinion:
        """Return the opinion that was written down under a name, or ask for it now."""
        file = self._file("opinion", name)
        try:
            said = json.loads(file.read_bytes())
            return Opinion(Scores.model_validate(said["output"]), Scores.model_validate(said["original"]))
        except (OSError, ValueError, KeyError, TypeError):
            opinion = make()
            said = {"output": opinion.output.model_dump(), "original": opinion.original.model_dump()}
            _write(file, json.dumps(said).encode())
            return opinion

    def close(self) -> None:
        """Throw the notes away: the report is written."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _file(self, kind: str, name: str) -> Path:
        return (
            self._folder / f"{kind}-{hashlib.sha256(name.encode(errors='surrogateescape')).hexdigest()[:32]}"
        )


def title(settings: Mapping[str, Any], paths: Iterable[Path]) -> str:
    """Return what tells two tests apart: their settings, and the files that they read as they are now."""
    digest = hashlib.sha256(json.dumps([__version__, settings], sort_keys=True, default=str).encode())
    for path in paths:
        for file in filter(Path.is_file, sorted(path.rglob("*")) if path.is_dir() else [path]):
            state = file.stat()
            digest.update(f"\n{file}\t{state.st_size}\t{state.st_mtime_ns}".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _write(file: Path, content: bytes) -> None:
    with atomic(file) as temporary:
        temporary.write_bytes(content)


def _trial_bytes(trial: Trial) -> bytes:
    said = {one.name: getattr(trial, one.name) for one in fields(Trial)}
    heard: dict[str, Heard] = {name: said.pop(name) for name in ("original", "output")}
    arrays = {
        f"{name}.{array}": np.ascontiguousarray(getattr(one, array))
        for name, one in heard.items()
        for array in ARRAYS
    }
    said["scores"] = trial.scores.model_dump()
    said["heard"] = {
        name: {"rate": one.rate, "bandwidth_hz": one.bandwidth_hz} for name, one in heard.items()
    }
    return save(arrays, {"trial": json.dumps(said)})


def _read_trial(file: Path) -> Trial:
    with safe_open(file, framework="numpy") as stored:
        said = json.loads(stored.metadata()["trial"])
        for name, about in said.pop("heard").items():
            said[name] = Heard(**{array: stored.get_tensor(f"{name}.{array}") for array in ARRAYS}, **about)
    return Trial(**{**said, "scores": Scores.model_validate(said["scores"])})
