"""Locks and slots: one holder on the whole machine, gone with its process, whatever the clock says."""

import os
import stat
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from rvc import waiting
from rvc.jobs.locks import Lock, is_free
from rvc.jobs.slots import CPU_SLOT, Demand, Lease, Slot, environment, find_folder, is_leased, lock_file

GPUS = [Slot(device=f"cuda:{n}", machine_name=f"gpu-{n}", visible_as=f"GPU-{n}") for n in range(2)]
HOLD = "import sys; from pathlib import Path; from rvc.jobs.locks import Lock; print(Lock(Path(sys.argv[1])).acquire())"


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert is_free(path)
    first, second = Lock(path), Lock(path)
    assert first.acquire()
    assert not second.acquire()
    assert not is_free(path)
    first.release()
    assert second.acquire(timeout_s=1)
    second.release()


def test_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    held = f"{HOLD}; lock = Lock(Path(sys.argv[1])); lock.acquire(); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", held, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        assert not is_free(path)
        process.kill()
    assert is_free(path)


def test_a_lock_on_a_file_that_was_deleted_guards_nothing_and_is_taken_anew(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first, second = Lock(path), Lock(path)
    assert first.acquire()
    path.unlink()
    assert second.acquire()
    assert not is_free(path)
    first.release()
    assert not is_free(path)
    second.release()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs to become another user")
def test_another_user_can_lease_what_the_first_has_made() -> None:
    path = lock_file(find_folder(), f"test-{uuid.uuid4()}")
    mine = Lock(path)

    def other_user_gets_it() -> str:
        code = f"import rvc.jobs.locks, os; os.setgid(65534); os.setuid(65534); {HOLD}"
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    try:
        assert mine.acquire()
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
        assert other_user_gets_it() == "False"
        mine.release()
        assert other_user_gets_it() == "True"
    finally:
        path.unlink()


def test_no_link_is_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    lock_file(tmp_path, "cpu").symlink_to(victim)
    with pytest.raises(OSError, match="symbolic"):
        Lease(tmp_path, ["cpu"]).take()
    assert victim.read_text() == "precious"


def test_a_lease_is_of_all_slots_or_none(tmp_path: Path) -> None:
    one, both = Lease(tmp_path, ["gpu-1"]), Lease(tmp_path, ["gpu-0", "gpu-1"])
    assert one.take()
    assert not both.take()
    assert not is_leased(tmp_path, GPUS[0])
    one.give_back()
    assert both.take()
    assert all(is_leased(tmp_path, slot) for slot in GPUS)
    both.give_back()


def test_names_of_devices_never_become_paths(tmp_path: Path) -> None:
    assert lock_file(tmp_path, "../../etc/passwd").parent == tmp_path


def test_the_folder_of_locks_is_the_same_for_all_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = find_folder()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("RVC_STUDIO_HOME", str(tmp_path))
    assert find_folder() == before
    assert before.stat().st_mode & stat.S_ISVTX


@pytest.mark.parametrize(
    ("device", "machine", "fits"),
    [
        ("auto", [CPU_SLOT], ["cpu"]),
        ("auto", [*GPUS, CPU_SLOT], ["cuda:0", "cuda:1"]),
        ("cpu", [*GPUS, CPU_SLOT], ["cpu"]),
        ("cuda", [*GPUS, CPU_SLOT], ["cuda:0", "cuda:1"]),
        ("cuda:1", [*GPUS, CPU_SLOT], ["cuda:1"]),
        ("gpu-1", [*GPUS, CPU_SLOT], ["cuda:1"]),
        ("mps", [*GPUS, CPU_SLOT], []),
    ],
)
def test_jobs_ask_for_devices_by_name_or_kind(device: str, machine: list[Slot], fits: list[str]) -> None:
    assert [slot.device for slot in Demand(device, 1).candidates(machine)] == fits


def test_a_worker_sees_its_own_devices_only() -> None:
    assert environment(GPUS)["CUDA_VISIBLE_DEVICES"] == "GPU-0,GPU-1"
    assert environment([CPU_SLOT])["CUDA_VISIBLE_DEVICES"] == "-1"


def test_a_workers_threads_wait_as_somebody_chose_else_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in waiting.VARIABLES:
        monkeypatch.delenv(name)
    assert environment([CPU_SLOT]).items() >= waiting.VARIABLES.items()
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")
    assert not environment([CPU_SLOT]).keys() & waiting.VARIABLES.keys()
