import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest

from rvc.cache import Cache
from rvc.datasets import takes
from rvc.datasets.takes import ClipRecord, Take, TakeRecord, TakeStore
from rvc.errors import Error, InputError
from rvc.events import Event, Log, Reporter

KEY = "ab" * 20


@pytest.fixture
def take() -> Take:
    random = np.random.default_rng(0)
    clips = [ClipRecord(start_s=0.5, offset=0, frames=6, scale=0.7, voiced=0.5)]
    return Take(
        TakeRecord(sha256="0" * 64, rate=44100, seconds=2.0, unused_s=1.0, dim=4, clips=clips),
        random.integers(-9, 9, 6 * 240).astype(np.int16),
        random.standard_normal((3, 4)).astype(np.float16),
        random.standard_normal(6).astype(np.float32),
    )


@pytest.fixture
def store(tmp_path: Path) -> TakeStore:
    return TakeStore(tmp_path / "out", Reporter(), Cache(tmp_path / "cache"))


def cached(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "takes" / KEY[:2] / f"{KEY}.safetensors"


def test_a_take_survives_the_disk(tmp_path: Path, take: Take) -> None:
    takes.write(tmp_path / "x.safetensors", take)
    again = takes.read(tmp_path / "x.safetensors")
    assert again.record == take.record
    for name in ("wave", "content", "f0"):
        assert np.array_equal(getattr(again, name), getattr(take, name))
        assert getattr(again, name).dtype == getattr(take, name).dtype


def test_every_kind_of_damage_is_noticed(tmp_path: Path, take: Take) -> None:
    path = tmp_path / "x.safetensors"
    takes.write(path, take)
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[-3] ^= 1
    for damaged in (
        whole[:-1],
        whole[:40],
        b"",
        b"nonsense",
        bytes(flipped),
        whole.replace(b"crc32", b"crc33"),
    ):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match="damaged"):
            takes.read(path)
    path.unlink()
    with pytest.raises(InputError, match="missing"):
        takes.read(path)


def test_the_cache_serves_another_folder(tmp_path: Path, take: Take, store: TakeStore) -> None:
    assert store.find(KEY) is None
    store.add(KEY, take)
    other = TakeStore(tmp_path / "other", Reporter(), Cache(tmp_path / "cache"))
    assert other.find(KEY) == take.record
    assert takes.read(other.path(KEY)).record == take.record


def test_a_damaged_file_is_replaced_by_the_other_copy(tmp_path: Path, take: Take, store: TakeStore) -> None:
    store.add(KEY, take)
    cached(tmp_path).unlink()
    cached(tmp_path).write_bytes(b"damaged")
    assert store.find(KEY) == take.record
    store.add(KEY, take)
    store.path(KEY).unlink()
    store.path(KEY).write_bytes(b"damaged")
    assert store.find(KEY) == take.record
    assert takes.read(store.path(KEY)).record == take.record
    for path in (store.path(KEY), cached(tmp_path)):
        path.unlink()
        path.write_bytes(b"damaged")
    assert store.find(KEY) is None


def test_works_without_a_cache_and_says_so_once(tmp_path: Path, take: Take) -> None:
    events: list[Event] = []
    (tmp_path / "cache").write_text("a file, not a folder")
    store = TakeStore(tmp_path / "out", Reporter(events.append), Cache(tmp_path / "cache"))
    store.add(KEY, take)
    store.add("cd" * 20, take)
    assert store.find(KEY) == take.record
    assert [event.code for event in events if isinstance(event, Log)] == ["not_cached"]


def test_a_full_disk_is_said(small_disk: Path, take: Take) -> None:
    long = dataclasses.replace(take, wave=np.zeros(100_000, np.int16))
    with pytest.raises(Error) as caught:
        takes.write(small_disk / "x.safetensors", long)
    assert caught.value.code == "disk_full"
    assert not list(small_disk.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="files have no modes")
def test_a_take_is_as_readable_as_other_files(tmp_path: Path, take: Take) -> None:
    (tmp_path / "other").touch()
    takes.write(tmp_path / "x.safetensors", take)
    assert (tmp_path / "x.safetensors").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_copies_where_links_are_impossible(
    tmp_path: Path, take: Take, store: TakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr("os.link", refuse)
    store.add(KEY, take)
    assert cached(tmp_path).stat().st_nlink == 1
    assert takes.read(cached(tmp_path)).record == take.record


def test_keeps_only_what_is_used(tmp_path: Path, take: Take, store: TakeStore) -> None:
    store.add(KEY, take)
    store.add("cd" * 20, take)
    (tmp_path / "out" / "notes.txt").write_text("mine")
    store.keep_only({KEY})
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"{KEY}.safetensors", "notes.txt"}
    assert cached(tmp_path).exists()
