"""The doctor: every part broken for real, in the processes that it uses, and what it then says."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rvc import assets
from rvc.cli import main
from rvc.doctor import finding, library_probe, storage, torch_probe
from rvc.doctor.finding import MEANINGS, Finding, found
from rvc.doctor.probe import Probe, examine
from rvc.setup.graphics import Gpu

SOURCES = [
    path
    for folder in ("doctor", "setup")
    for path in (Path(finding.__file__).parent.parent / folder).glob("*.py")
]


Breaker = Callable[[str, str], None]


def codes(findings: Iterable[Finding]) -> list[str]:
    return [each.code for each in findings]


def test_a_finding_says_what_it_is_and_one_thing_to_do() -> None:
    missing = found("asset_missing", name="rmvpe", file="rmvpe.pt", use="the pitch estimator")
    assert missing.model_dump() == {
        "event": "finding",
        "code": "asset_missing",
        "params": {"name": "rmvpe", "file": "rmvpe.pt", "use": "the pitch estimator"},
        "level": "warning",
        "text": "rmvpe.pt is missing: the pitch estimator.",
        "action": "Run: rvc assets fetch rmvpe",
    }


def test_whatever_is_wrong_has_an_action() -> None:
    assert [code for code, meaning in MEANINGS.items() if meaning.level != "ok" and not meaning.action] == []


def test_every_code_is_used_and_every_used_code_has_a_meaning() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES if path.name != "finding.py")
    assert [code for code in MEANINGS if f'"{code}"' not in text] == []
    assert set(re.findall(r'found\(\s*"(\w+)"', text)) <= MEANINGS.keys()


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.12.1+cu130", ["torch"]),
        ("2.11.0", ["torch"]),
        ("2.9.1", ["torch", "torch_unsafe"]),
        ("1.13.1", ["torch", "torch_unsafe"]),
        ("2.10.0", ["torch", "torch_untried"]),
        ("2.15.0.dev2026", ["torch", "torch_untried"]),
    ],
)
def test_versions_of_torch(version: str, expected: list[str]) -> None:
    assert codes(torch_probe.judge_version(version, "CPU", 2)) == expected


GPU = torch_probe.Device(
    device="cuda:0",
    name="RTX 5090",
    architecture="sm_120",
    built_for=("sm_80", "sm_120"),
    total_gb=32.0,
    free_gb=30.0,
    types="bf16 and fp16",
    driver="580.1",
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["gpu"]),
        ({"free_gb": 1.0}, ["gpu", "gpu_busy"]),
        ({"built_for": ("sm_80", "sm_90")}, ["gpu_unsupported"]),
        ({"error": "no kernel image."}, ["gpu_fails"]),
    ],
)
def test_gpus(changes: dict[str, object], expected: list[str]) -> None:
    judged = list(torch_probe.judge_gpu(replace(GPU, **changes)))
    assert codes(judged) == expected
    assert "RTX 5090" in judged[0].text


@pytest.mark.parametrize(
    ("gpus", "build", "expected"),
    [
        ([], "CUDA 13.0", ["no_gpu"]),
        ([Gpu("nvidia", "RTX 3060", "580.95", (8, 6))], "CPU", ["torch_without_gpu"]),
        ([Gpu("nvidia", "RTX 3060", "560.2", (8, 6))], "CUDA 13.0", ["driver_too_old"]),
        ([Gpu("nvidia", "RTX 3060", "470.2", (8, 6))], "CUDA 13.0", ["driver_too_old_for_all"]),
        ([Gpu("amd", "RX 7900 XTX", target="gfx1100")], "CPU", ["torch_without_gpu"]),
        ([Gpu("nvidia", "NVIDIA GPU 2684")], "CPU", ["no_driver"]),
    ],
)
def test_gpus_that_torch_does_not_use(gpus: list[Gpu], build: str, expected: list[str]) -> None:
    assert codes(torch_probe.judge_unused(gpus, build)) == expected


@pytest.mark.parametrize(
    ("built", "major", "reached"),
    [(["sm_80", "sm_86"], 8, True), (["sm_80"], 12, False), (["sm_80", "compute_80"], 12, True)],
)
def test_what_a_torch_was_built_for(built: list[str], major: int, reached: bool) -> None:
    architectures = torch_probe._reach(built, major)
    assert (not architectures or f"sm_{major}0" in architectures) is reached


def test_instructions_that_matter() -> None:
    modern = {"architecture": "x86_64", "avx2": True, "avx512_bf16": True, "sse": True}
    (named,) = torch_probe.judge_instructions(modern)
    assert named.params == {"names": "avx2, avx512_bf16"}
    assert codes(torch_probe.judge_instructions({"architecture": "x86_64"})) == ["slow_cpu"]
    assert codes(torch_probe.judge_instructions({})) == []


MICROPHONE = {"name": "Blue", "max_input_channels": 1, "max_output_channels": 0}
HEADPHONES = {"name": "HD 600", "max_input_channels": 0, "max_output_channels": 2}


@pytest.mark.parametrize(
    ("devices", "chosen", "expected"),
    [
        ([MICROPHONE, HEADPHONES], [0, 1], ["sound"]),
        ([HEADPHONES], [-1, 0], ["sound", "no_microphone"]),
        ([], [-1, -1], ["sound", "no_microphone", "no_output"]),
    ],
)
def test_sound_devices(devices: list[dict[str, object]], chosen: list[int], expected: list[str]) -> None:
    judged = list(library_probe.judge_sound(devices, chosen))
    assert codes(judged) == expected
    assert all(each.text for each in judged)


@pytest.fixture
def break_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Breaker:
    """Put a module of this name and content before the real one, for processes that are started."""

    def break_one(name: str, content: str) -> None:
        (tmp_path / f"{name}.py").write_text(content, encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return break_one


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("raise OSError('c10.dll was not found')", "library_broken", "c10.dll was not found"),
        ("raise RuntimeError('no\\n  such thing')", "library_broken", "no such thing"),
        ("import gone", "library_broken", "No module named 'gone'"),
        ("raise ModuleNotFoundError('No', name='torch')", "library_missing", "torch is not installed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "check_crashed", "SIGILL"),
        ("import os; os._exit(7)", "check_crashed", "exit code 7"),
        ("__version__ = 'unknown'", "check_failed", "AttributeError"),
    ],
)
def test_a_broken_torch_is_a_finding(break_module: Breaker, content: str, code: str, said: str) -> None:
    break_module("torch", content)
    last = list(Probe("torch").findings(time.monotonic() + 60))[-1]
    assert last.code == code
    assert said in last.text


def test_a_module_that_hangs_is_given_up(break_module: Breaker) -> None:
    break_module("sounddevice", "import time; time.sleep(60)")
    started = time.monotonic()
    (hung,) = Probe("sound").findings(started + 0.5)
    assert hung.code == "check_hung"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("raise OSError('PortAudio library not found')", "no_sound_system"),
        ("raise ModuleNotFoundError('sounddevice')", "no_sound_package"),
        (
            "print('ALSA lib noise'); import os; os.system('echo noise'); raise OSError('x')",
            "no_sound_system",
        ),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "check_failed"),
    ],
)
def test_a_broken_sound_system_keeps_nobody_from_work(break_module: Breaker, content: str, code: str) -> None:
    break_module("sounddevice", content)
    (said,) = Probe("sound").findings(time.monotonic() + 60)
    assert said.code == code
    assert said.level != "problem"


def test_a_library_that_does_not_load_is_named(break_module: Breaker) -> None:
    break_module("soxr", "raise ImportError('libsoxr.so.0: cannot open')")
    (broken,) = Probe("libraries").findings(time.monotonic() + 120)
    assert broken.action == "Run: rvc setup --repair"
    assert broken.level == "problem"


def test_a_check_that_fails_is_a_finding() -> None:
    (failed,) = examine("folders", lambda: 1 // 0)  # type: ignore[arg-type,return-value]
    assert (failed.code, failed.params["part"]) == ("check_failed", "folders")


def test_folders_with_and_without_room(tmp_path: Path, small_disk: Path) -> None:
    roomy, tight = storage.check_folders({"a": tmp_path / "not" / "yet", "b": small_disk / "voices"})
    assert (roomy.code, tight.code) == ("disk", "disk_full")
    assert not (tmp_path / "not").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    if not Path("/proc/self").exists():
        pytest.skip("no place that nobody can write")
    (tmp_path / "file").touch()
    both = list(storage.check_folders({"a": Path("/proc/self/voices"), "b": tmp_path / "file" / "voices"}))
    assert codes(both) == ["not_writable", "not_writable"]
    assert "RVC_STUDIO_HOME" in both[0].action


def test_assets_that_are_there_or_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(storage.check_assets()) == ["asset_missing", "asset_missing", "no_base"]
    for name in ("contentvec", "f0G40k"):
        with (tmp_path / assets.entry(name).file).open("wb") as file:
            file.truncate(assets.entry(name).size)
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(tmp_path))
    assert codes(storage.check_assets()) == ["asset", "asset_missing", "bases"]


@pytest.fixture(scope="module")
def healthy() -> list[dict[str, Any]]:
    """What `rvc doctor` says, in JSON, of the machine that the tests run on."""
    command = [sys.executable, "-m", "rvc", "doctor", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return list(map(json.loads, done.stdout.splitlines()))


def test_the_machine_of_the_tests_is_fit_for_work(healthy: list[dict[str, Any]]) -> None:
    said = {each.get("code") for each in healthy}
    assert {"machine", "python", "libraries", "disk"} <= said
    assert {"torch", "check_hung"} & said  # a machine that is very busy does not load torch in time
    assert not {"check_failed", "check_crashed"} & said


def test_json_has_a_finding_a_line_and_a_result(healthy: list[dict[str, Any]]) -> None:
    *findings, done = healthy
    assert {each["event"] for each in findings} == {"finding"}
    assert all(each["text"] and each["level"] in ("ok", "warning") for each in findings)
    assert done["event"] == "done"
    assert sum(done["summary"].values()) == len(findings)


def test_a_problem_is_shown_and_ends_with_1(
    break_module: Breaker, capsys: pytest.CaptureFixture[str]
) -> None:
    break_module("torch", "raise OSError('broken')")
    assert main(["doctor"]) == 1
    shown = capsys.readouterr()
    words = " ".join(shown.out.split())
    assert "problem torch cannot be loaded: broken. → Run: rvc setup --repair" in words
    assert "\x1b" not in shown.out
    assert "cannot work here yet: 1 problem" in shown.err
