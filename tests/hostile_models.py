"""Broken models of the form of RVC Studio, indexes, and places in place of files, for `tests.hostile`."""

import json
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as to_safetensors
from torch import Tensor

from rvc.synthesis.index import RetrievalIndex
from tests import voices
from tests.community_files import webui
from tests.corpus import CORPUS, Maker, file, raw

# Files of the form of RVC Studio


def _header(entries: Any, body: bytes = b"", size: int | None = None) -> bytes:
    text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return struct.pack("<Q", len(text) if size is None else size) + text + body


def _place(start: int, end: int, shape: list[int], dtype: str = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def changed_model(change: Callable[[dict[str, Any], dict[str, Tensor]], None]) -> Callable[[], bytes]:
    """Return the maker of a good model after a change to its card or its tensors."""

    def make() -> bytes:
        voice = voices.small_v2()
        card, tensors = json.loads(voice.card.model_dump_json()), dict(voice.tensors())
        change(card, tensors)
        return to_safetensors(tensors, {"card": json.dumps(card)})

    return make


OURS = "voice.safetensors"
for _name, _code, _bytes in (
    ("safetensors: a header of 4 EB", "damaged_model", _header(b"{}", size=1 << 62)),
    ("safetensors: a header of 20 MB", "damaged_model", _header(b"{" + b" " * (20 << 20) + b"}")),
    ("safetensors: a header that is no JSON", "damaged_model", _header(b"{'a': 1}")),
    (
        "safetensors: JSON in JSON in JSON",
        "damaged_model",
        _header(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    ),
    (
        "safetensors: tensors that overlap",
        "damaged_model",
        _header({"a": _place(0, 8, [2]), "b": _place(4, 12, [2])}, bytes(12)),
    ),
    (
        "safetensors: a tensor beyond the end",
        "damaged_model",
        _header({"a": _place(0, 1 << 40, [1 << 38])}, bytes(8)),
    ),
    (
        "safetensors: a shape that overflows",
        "damaged_model",
        _header({"a": _place(0, 8, [1 << 62, 1 << 62])}, bytes(8)),
    ),
    ("safetensors: no voice", "not_a_voice", _header({"a": _place(0, 8, [2])}, bytes(8))),
    (
        "safetensors: another program's",
        "other_model",
        _header({"emb_uv.weight": _place(0, 8, [2])}, bytes(8)),
    ),
):
    raw(_name, OURS, _code, lambda content=_bytes: content)  # type: ignore[misc]


def _set(**changes: Any) -> Callable[[], bytes]:
    return changed_model(lambda card, _: card.update(changes))


def _set_config(**changes: Any) -> Callable[[], bytes]:
    return changed_model(lambda card, _: card["config"].update(changes))


raw("a card of a million brackets", OURS, "damaged_model", _set(settings="[" * 900_000))
raw("a card that nests", OURS, "damaged_model", lambda: _carded("[" * 400_000 + "]" * 400_000))
raw("a card of a later program", OURS, "newer_model", _set(format=99))
raw("a card of another network", OURS, "unknown_architecture", _set(architecture="v9"))
raw("a card that claims 10^9 layers", OURS, "wrong_weights", _set_config(layers=10**9))
raw("a card that claims 10^18 speakers", OURS, "wrong_weights", _set_config(speakers=10**18))
raw("a card that claims wide layers", OURS, "wrong_weights", _set_config(hidden_channels=1 << 20))
raw(
    "a model of ours with a hole",
    OURS,
    "wrong_weights",
    changed_model(lambda _, tensors: tensors.__delitem__("emb_g.weight")),
)
raw(
    "a model of ours with nan",
    OURS,
    "damaged_model",
    changed_model(lambda _, tensors: tensors.update({"emb_g.weight": torch.full((2, 8), torch.nan)})),
)


def _carded(text: str) -> bytes:
    return to_safetensors({"a": torch.zeros(1)}, {"card": text})


# Indexes


def changed_index(change: Callable[[bytearray], object]) -> Maker:
    def write(path: Path) -> None:
        RetrievalIndex(torch.randn(60, 32, generator=torch.Generator().manual_seed(0))).save(path)
        content = bytearray(path.read_bytes())
        change(content)
        path.write_bytes(content)

    return write


def _fill(content: bytearray, start: int, value: bytes) -> None:
    content[start : start + len(value)] = value


for _name, _code, _change in (
    ("index: random bytes", "not_an_index", lambda content: _fill(content, 0, bytes(range(256)))),
    ("index: cut off", "not_an_index", lambda content: content.__delitem__(slice(500, None))),
    ("index: 0 bytes", "not_an_index", lambda content: content.clear()),
    (
        "index: claims 10^15 rows",
        "not_an_index",
        lambda content: _fill(content, 8, struct.pack("<q", 10**15)),
    ),
    (
        "index: claims a negative size",
        "not_an_index",
        lambda content: _fill(content, 4, struct.pack("<i", -5)),
    ),
    (
        "index: nan",
        "damaged_index",
        lambda content: _fill(content, len(content) - 60 * 8 - 32 * 4, b"\xff" * 32),
    ),
):
    CORPUS[_name] = ("voice.index", _code, changed_index(_change))

# Places in place of files


@file("a folder called x.pth", "x.pth", "no_model")
def _(path: Path) -> None:
    path.mkdir()


@file("a link to itself", "voice.pth", "missing_file")
def _(path: Path) -> None:
    path.symlink_to(path.name)


@file("a pipe", "voice.pth", "missing_file")
def _(path: Path) -> None:
    os.mkfifo(path)


@file("a file that may not be read", "voice.pth", "not_readable")
def _(path: Path) -> None:
    torch.save(webui(), path)
    path.chmod(0)
