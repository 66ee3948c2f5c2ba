"""The cache: bounded, least recently used first, whole whatever happens to its users, and counted."""

import json
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from rvc import cache as caches
from rvc import paths
from rvc.cache import ABANDONED_S, Cache
from rvc.cli import main
from rvc.config import CacheConfig
from rvc.errors import Error
from rvc.events import Reporter
from tests import cache_worker
from tests.cache_worker import LIMIT, SIZE, content, name, read


def ask(cache: Cache, key: str) -> bytes | None:
    return cache.look_up("content", key, read)


def kept(cache: Cache) -> list[str]:
    return sorted(path.name for path in (cache.folder / "content").rglob("*") if path.is_file())


def used(cache: Cache, key: str, seconds_ago: float) -> None:
    path = cache.path("content", key)
    os.utime(path, (time.time() - seconds_ago, path.stat().st_mtime))


def test_what_is_kept_is_found_and_counted() -> None:
    cache = Cache()
    assert ask(cache, "ab1") is None
    cache.keep("content", "ab1", b"one")
    written = cache.path("content", "ab1").stat().st_mtime_ns
    assert ask(Cache(), "ab1") == b"one"
    assert cache.path("content", "ab1").stat().st_mtime_ns == written  # a use is no change
    (holding,) = (one for one in cache.holdings() if one.kind == "content")
    assert (holding.files, holding.size, holding.hits, holding.misses, holding.hit_rate) == (1, 3, 1, 1, 0.5)


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 450)
    for number in range(4):
        cache.keep("content", f"k{number}", bytes(100))
        used(cache, f"k{number}", 100 - number)
    assert ask(cache, "k0")
    cache.keep("content", "k4", bytes(100))
    assert kept(cache) == ["k0", "k2", "k3", "k4"]
    cache.keep("content", "large", bytes(451))
    assert kept(cache) == ["k0", "k2", "k3", "k4"]


def test_two_that_make_room_at_once_delete_no_more_than_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, other = Cache(tmp_path, 10_000), Cache(tmp_path, 450)
    for number in range(6):
        cache.keep("content", f"k{number}", bytes(100))
        used(cache, f"k{number}", 100 - number)
    delete, twice = caches._delete, []

    def deleted_meanwhile(path: Path) -> bool:
        if not twice:
            twice.append(path)
            Cache(tmp_path, 450).make_room()
        return delete(path)

    monkeypatch.setattr(caches, "_delete", deleted_meanwhile)
    other.make_room()
    assert kept(cache) == ["k2", "k3", "k4", "k5"]


def test_takes_that_a_dataset_holds_cost_nothing_and_stay(tmp_path: Path) -> None:
    cache, take = Cache(tmp_path / "cache", 150), tmp_path / "take"
    take.write_bytes(bytes(100))
    cache.adopt("takes", "take", take)
    if cache.path("takes", "take").stat().st_nlink < 2:
        pytest.skip("no links here")
    cache.keep("content", "k1", bytes(100))
    used(cache, "k1", 100)
    cache.keep("content", "k2", bytes(100))
    assert kept(cache) == ["k2"]
    assert cache.path("takes", "take").exists()
    take.unlink()
    used(cache, "k2", -100)
    os.utime(cache.path("takes", "take"), (0, 0))
    cache.make_room()
    assert not cache.path("takes", "take").exists()


def test_files_of_earlier_versions_are_counted_and_cleared(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "old.safetensors").write_bytes(bytes(10))
    assert [(one.kind, one.size) for one in cache.holdings() if one.size] == [("other", 10)]
    assert cache.clear(Reporter()) == 0
    assert [one.kind for one in cache.holdings()] == list(caches.KINDS)


def test_some_kinds_are_cleared_with_their_counts() -> None:
    cache = Cache()
    for kind in ("content", "pitch"):
        cache.look_up(kind, "ab1", read)
        cache.keep(kind, "ab1", b"one")
    cache.clear(Reporter(), ["pitch"])
    assert {one.kind: (one.files, one.misses) for one in cache.holdings() if one.files or one.misses} == {
        "content": (1, 1)
    }


def test_what_killed_processes_leave_is_swept(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 1000)
    cache.keep("content", "ab1", b"one")
    young, old = (tmp_path / "content" / "ab" / f".{word}" for word in ("young", "old"))
    for file in (young, old):
        file.write_bytes(b"half")
    os.utime(old, (time.time() - 2 * ABANDONED_S,) * 2)
    cache.make_room()
    assert young.exists()
    assert not old.exists()
    assert sum(one.files for one in cache.holdings()) == 1


def test_a_full_disk_is_said(small_disk: Path) -> None:
    cache = Cache(small_disk / "cache", 1_000_000)
    with pytest.raises(Error) as caught:
        cache.keep("content", "ab1", bytes(100_000))
    assert caught.value.code == "disk_full"
    assert kept(cache) == []


def test_a_folder_that_is_none_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    assert ask(Cache(tmp_path / "cache"), "ab1") is None


def start(folder: Path, seed: int, rounds: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.cache_worker", str(folder), str(seed), str(rounds)]
    return subprocess.Popen(command, cwd=Path(__file__).parent.parent, stderr=subprocess.PIPE)


def check_whole(cache: Cache) -> None:
    """Every file is what belongs under its name, and there is no more than the limit and what was being added."""
    names = [one for one in kept(cache) if not one.startswith(".")]
    assert names
    assert all(read(cache.path("content", one)) == content(one) for one in names)
    assert len(names) * SIZE <= LIMIT * 1.5


@pytest.mark.parametrize(
    ("workers", "kills", "rounds"), [(2, 2, 60), pytest.param(6, 30, 3000, marks=pytest.mark.slow)]
)
def test_processes_share_it_and_are_killed(workers: int, kills: int, rounds: int, tmp_path: Path) -> None:
    running = [start(tmp_path, seed, rounds) for seed in range(workers)]
    for number in range(kills):
        _wait_for_files(tmp_path)
        victim = running.pop(0)
        victim.kill()
        victim.communicate()
        running.append(start(tmp_path, workers + number, rounds))
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
    cache = Cache(tmp_path, LIMIT)
    check_whole(cache)
    (holding,) = (one for one in cache.holdings() if one.kind == "content")
    asked = holding.hits + holding.misses
    assert workers * rounds <= asked <= (workers + kills) * rounds
    assert 0 < (holding.hit_rate or 0) < 1
    for path in tmp_path.rglob(".*"):
        os.utime(path, (0, 0))
    cache.make_room()
    assert [one for one in kept(cache) if one.startswith(".")] == []


def _wait_for_files(folder: Path) -> None:
    before = len(list(folder.rglob("*")))
    deadline = time.monotonic() + 20
    while len(list(folder.rglob("*"))) == before and time.monotonic() < deadline and before < 10:
        time.sleep(0.01)


def test_the_worker_of_these_tests_notices_a_torn_file(tmp_path: Path) -> None:
    cache = Cache(tmp_path, LIMIT)
    for number in range(cache_worker.KEYS):
        cache.keep("content", name(number), b"torn")
    with pytest.raises(SystemExit, match="is torn"):
        cache_worker.main(tmp_path, 0, 1)


def test_the_limit_is_kept_for_all_and_made_so_at_once() -> None:
    assert caches.limit_bytes() == CacheConfig().limit_gb * 1e9
    Cache().keep("content", "ab1", bytes(3000))
    caches.set_limit(CacheConfig(limit_gb=2e-6))
    assert Cache().limit == 2000
    assert kept(Cache()) == []
    (paths.cache_dir() / caches.SETTINGS).write_text("{")
    assert caches.limit_bytes() == CacheConfig().limit_gb * 1e9


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert main(["cache", *arguments, "--json"]) == 0
    done: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])["summary"]
    return done


def test_the_command_looks_clears_and_limits(capsys: pytest.CaptureFixture[str]) -> None:
    say = partial(run, capsys=capsys)
    Cache().keep("pitch", "ab1", bytes(1500))
    Cache().look_up("pitch", "ab1", read)
    assert main(["cache"]) == 0
    table = capsys.readouterr().out
    assert "pitch" in table
    assert "100%" in table
    looked = say()
    assert looked["size_bytes"] == 1500
    assert looked["kinds"]["pitch"] == {  # type: ignore[index]
        "files": 1, "size_bytes": 1500, "hits": 1, "misses": 0, "hit_rate": 1.0,
    }  # fmt: skip
    say("clear", "content")
    assert say()["size_bytes"] == 1500
    assert say("limit", "3")["limit_bytes"] == 3_000_000_000
    say("clear")
    assert say("list")["size_bytes"] == 0


@pytest.mark.parametrize("arguments", [["clear", "everything"], ["limit", "much"]])
def test_words_that_mean_nothing_to_the_command(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["cache", *arguments])


def test_a_limit_below_nothing() -> None:
    assert main(["cache", "limit", "-1"]) == 2
