"""Load the parity data and hold the engine's numbers against it.

A set is a folder of `.npz` and `.json` files. The full set has every array; a compact one says in `compact.json`
which arrays are stored as every n-th value, and which inputs follow from the documented formulas.

    arrays = oracle.load("infer_40k")          # skips the test where the set has no such file
    oracle.fill_weights(model, oracle.seed())
    oracle.check("infer_40k/wave", wave, arrays.get("wave"), abs=5e-5)

`tests/parity/conftest.py` fails a test that compared nothing.
"""

import functools
import gzip
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.conftest import SHARED
from tests.parity import inputs
from tests.parity.weights import weight

COMPACT = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Sample:
    """Every `step`-th value of an array of shape `shape`, in C order."""

    values: np.ndarray
    shape: tuple[int, ...]
    step: int


Expected = np.ndarray | Sample | None


@dataclass(frozen=True, slots=True)
class Record:
    """The outcome of one comparison; `compared` is 0 where the set lacks the array."""

    name: str
    compared: int
    difference: float
    share: float
    """Largest part of the allowed difference that was used: above 1 is a failure."""
    reason: str = "not in this set"
    """Why nothing was compared, where nothing was."""


RECORDS: list[Record] = []


class Arrays(Mapping[str, Any]):
    """The arrays of one file: `[name]` for inputs, `.get(name)` for expectations."""

    def __init__(self, stored: dict[str, np.ndarray], notes: dict[str, Any], seed: int) -> None:
        self._stored = stored
        self._sampled: dict[str, dict[str, Any]] = notes.get("sampled", {})
        self._generated: dict[str, dict[str, Any]] = notes.get("generated", {})
        self._seed = seed

    def __getitem__(self, name: str) -> Any:
        if name in self._generated:
            return inputs.generate(self._generated[name], self._stored, self._seed)
        if name in self._sampled:
            note = self._sampled[name]
            return Sample(self._stored[name], tuple(note["shape"]), note["step"])
        return self._stored[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._stored, *self._generated]))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def tensor(self, name: str) -> Tensor:
        """Return an input as a tensor."""
        return torch.from_numpy(np.array(self[name]))


def directory() -> Path:
    """Return the set in use: `RVC_GOLDEN`, else the shared one, else the compact one."""
    if "RVC_GOLDEN" in os.environ:
        return Path(os.environ["RVC_GOLDEN"])
    full = SHARED / "reference" / "golden" / "open"
    return full if full.exists() else COMPACT


def load(name: str) -> Arrays:
    """Read `<name>.npz`; skips the test where the set has none."""
    return _read(directory(), name)


def load_json(name: str) -> Any:
    """Read `<name>.json`, or `<name>.json.gz` of a compact set; skips the test where the set has neither."""
    packed = directory() / f"{name}.json.gz"
    if packed.exists():
        return json.loads(gzip.decompress(packed.read_bytes()))
    return json.loads(_existing(directory() / f"{name}.json").read_text(encoding="utf-8"))


def seed() -> int:
    """Return the seed that all weights and inputs of the set follow from."""
    return int(load_json("manifest")["seed"])


def fill_weights(module: nn.Module, seed: int) -> None:
    """Give every parameter and buffer of `module` the formula's value."""
    state = module.state_dict()
    module.load_state_dict({name: _weight(name, tuple(value.shape), seed) for name, value in state.items()})


def check(
    name: str, actual: Any, expected: Expected, *, abs: float = 0.0, rel: float = 0.0, peak: float = 0.0
) -> bool:
    """Record the largest difference and assert |actual - expected| <= abs + rel |expected| + peak max|expected|.

    Shapes must be equal. All limits 0 asks for equality. Returns False when the set lacks the array (`expected` None).
    """
    if expected is None:
        RECORDS.append(Record(name, 0, 0.0, 0.0))
        return False
    given, wanted = _aligned(actual, expected, name)
    difference = np.abs(given - wanted)
    limit = abs + rel * np.abs(wanted) + peak * np.max(np.abs(wanted), initial=0.0)
    worst = float(np.max(difference, initial=0.0))
    share = float(np.max(difference / np.maximum(limit, np.finfo(np.float64).tiny), initial=0.0))
    RECORDS.append(Record(name, wanted.size, worst, share))
    assert np.isfinite(given).all(), f"{name}: not finite"
    assert share <= 1, f"{name}: off by {worst:.3g}, {share:.3g} times what is allowed"
    return True


def check_head(name: str, actual: Any, expected: Expected, **limits: float) -> bool:
    """Check the beginning of `actual`, as much of it as was stored."""
    return check(name, None if expected is None else actual[: expected.shape[0]], expected, **limits)


def decline(name: str, reason: str) -> None:
    """Record that an array of the set is not ours to reproduce, and why."""
    RECORDS.append(Record(name, 0, 0.0, 0.0, f"not ours: {reason}"))


def table() -> str:
    """Return every comparison so far as text, one line each."""
    lines = [f"{'array':<58} {'values':>8} {'largest diff':>13} {'of limit':>9}"]
    lines += [_line(record) for record in RECORDS]
    absent = sum(not record.compared for record in RECORDS)
    lines.append(f"{len(RECORDS) - absent} arrays compared, {absent} not ({directory().name})")
    return "\n".join(lines)


def _line(record: Record) -> str:
    if not record.compared:
        return f"{record.name:<58} {record.reason}"
    share = "exact" if record.difference == 0 else f"{record.share:.1%}"
    return f"{record.name:<58} {record.compared:>8} {record.difference:>13.3g} {share:>9}"


def _aligned(actual: Any, expected: np.ndarray | Sample, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Bring both to float64 arrays of equal length, taking the same sample of `actual`."""
    given = np.asarray(actual.detach().cpu() if isinstance(actual, Tensor) else actual)
    shape = expected.shape
    assert given.shape == shape, f"{name}: shape {given.shape} instead of {shape}"
    if isinstance(expected, Sample):
        given, values = given.reshape(-1)[:: expected.step], expected.values
    else:
        given, values = given.reshape(-1), expected.reshape(-1)
    return given.astype(np.float64), values.astype(np.float64)


def _existing(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"the set {path.parent.name} has no {path.name}")
    return path


@functools.lru_cache(maxsize=8)
def _read(folder: Path, name: str) -> Arrays:
    with np.load(_existing(folder / f"{name}.npz")) as file:
        stored = {key: file[key] for key in file.files}
    notes = folder / "compact.json"
    described = json.loads(notes.read_text(encoding="utf-8")) if notes.exists() else {}
    seed = int(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["seed"])
    return Arrays(stored, described.get(name, {}), seed)


@functools.lru_cache(maxsize=4096)
def _weight(name: str, shape: tuple[int, ...], seed: int) -> Tensor:
    return torch.from_numpy(np.array(weight(name, shape, seed)))
