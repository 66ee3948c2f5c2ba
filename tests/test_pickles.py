"""Pickles as data: what honest ones say is read, and nothing is ever called."""

import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch

from rvc.voices import pickles, pth
from rvc.voices.pickles import Call, Global, PickleError, Reference


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize(
    "value",
    [
        None,
        {"a": 1, "b": [2.5, True, None], 3: ("x", -1, 70000, 1 << 40), "d": {"e": ()}},
        [[1, 3, 5]] * 3,
        ["long " * 100, "음성"],
    ],
)
def test_plain_values_are_read(value: Any, protocol: int) -> None:
    found = pickles.read(pickle.dumps(value, protocol))
    assert found.value == value
    assert not found.calls


def test_calls_are_named_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "made"
    found = pickles.read(pickle.dumps({"x": _Trap(path)}, 2))
    assert isinstance(found.value["x"], Call)
    assert found.value["x"].arguments == (str(path),)
    assert [name.rpartition(".")[2] for name in found.names] == ["mkdir"]
    assert not path.exists()


class _Trap:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        import os

        return os.mkdir, (str(self.path),)


def test_ordered_dictionaries_and_tensors() -> None:
    buffer = io.BytesIO()
    torch.save(OrderedDict(weight=torch.zeros(2, 3)), buffer)
    with zipfile.ZipFile(buffer) as archive:
        found = pickles.read(archive.read("archive/data.pkl"))
    call = found.value["weight"]
    assert call.function == Global("torch._utils._rebuild_tensor_v2")
    storage, offset, shape, stride, *_ = call.arguments
    assert isinstance(storage, Reference)
    assert (offset, shape, stride) == (0, (2, 3), (3, 1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b".",
        b"\x80\x02}",
        b"\x80\x02a.",
        b"\x80\x02]u.",
        b"\x80\x02(t",
        b"\x80\x02h\x05.",
        b"\x80\x02}]K\x01s.",
        b"\xff\xff",
        pickle.dumps({1, 2}, 4),
        b"\x80\x02" + b"N" * (pickles.MAX_BYTES + 1),
    ],
)
def test_what_is_no_pickle_of_weights(data: bytes) -> None:
    with pytest.raises(PickleError):
        pickles.read(data)


def test_the_names_in_a_pickle_of_any_sort() -> None:
    assert [*pickles.names(pickle.dumps(io.BytesIO, 4))] == ["_io.BytesIO"]
    assert [*pickles.names(pickle.dumps(io.BytesIO, 0))] == ["_io.BytesIO"]
    assert [*pickles.names(b"\xff")] == []


def test_a_look_at_a_file_loads_no_tensor(tmp_path: Path) -> None:
    path = tmp_path / "voice.pth"
    half = torch.nn.Parameter(torch.zeros(4, 6, dtype=torch.float16)[:, ::2])
    torch.save(
        {"model": {"a": half, "b": torch.zeros(3).long(), "c": torch.zeros(2, 0)}, "iteration": 7}, path
    )
    saved = pth.look(path)
    outlines = {name: saved.outline(value) for name, value in saved.value["model"].items()}
    assert outlines == {
        "a": pth.Outline((4, 3), True),
        "b": pth.Outline((3,), False),
        "c": pth.Outline((2, 0), True),
    }
    assert saved.value["iteration"] == 7
    assert saved.load()["model"]["a"].shape == (4, 3)
