"""Setting up the engine: which build is right for which computer, what is damaged, and what is fetched and undone.

Faked is only what the system answers; `test_setup_for_real.py` installs and repairs.
"""

import base64
import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from rvc.errors import Error, InputError
from rvc.events import Event, Log, Progress, Reporter
from rvc.setup import builds, combinations, damage, graphics, installation, pip, record, wheels
from rvc.setup.graphics import Gpu
from rvc.setup.settings import SetupConfig
from rvc.setup.wheels import Wheel
from tests.asset_server import CONTENT, SHA256, Server, serving


def nvidia(name: str, driver: str, capability: tuple[int, int]) -> Gpu:
    return Gpu("nvidia", name, driver, capability)


ARC, RX7900 = Gpu("intel", "Arc A770", "6557"), Gpu("amd", "RX 7900 XTX", target="gfx1100")


@pytest.mark.parametrize(
    ("system", "gpus", "build", "codes"),
    [
        ("linux", [], "cpu", []),
        ("win32", [], "cpu", []),
        ("darwin", [], "default", ["intel_mac"]),
        ("darwin", [Gpu("apple", "Apple GPU")], "mps", []),
        ("linux", [nvidia("RTX 3060", "580.65.06", (8, 6))], "cu130", []),
        ("win32", [nvidia("RTX 5090", "581.29", (12, 0))], "cu130", []),
        ("win32", [nvidia("RTX 5090", "572.16", (12, 0))], "cu128", []),
        ("linux", [nvidia("RTX 3060", "535.183.01", (8, 6))], "cu128", []),
        ("linux", [nvidia("GTX 1080", "580.65.06", (6, 1))], "cu126", []),
        ("win32", [nvidia("GTX 1080", "528.33", (6, 1))], "cu126", []),
        ("linux", [nvidia("V100", "550.54", (7, 0))], "cu126", []),
        ("linux", [nvidia("RTX 2060", "470.256.02", (7, 5))], "cpu", ["driver_too_old_for_all"]),
        ("linux", [nvidia("GTX 680", "470.256.02", (3, 0))], "cpu", ["gpu_without_code"]),
        ("linux", [Gpu("nvidia", "NVIDIA GPU 2684")], "cpu", ["no_driver"]),
        ("linux", [RX7900], "rocm", []),
        ("linux", [Gpu("amd", "RX 6600", target="gfx1032")], "cpu", ["gpu_without_code"]),
        ("linux", [Gpu("amd", "AMD GPU 744c")], "cpu", ["no_driver"]),
        ("win32", [Gpu("amd", "RX 7900 XTX", "32.0")], "cpu", ["amd_on_windows"]),
        ("linux", [ARC], "xpu", []),
        ("win32", [ARC], "xpu", []),
        ("linux", [nvidia("RTX 4060", "580.95", (8, 9)), RX7900, ARC], "cu130", []),
    ],
)
def test_the_right_build(
    system: str, gpus: list[Gpu], build: str, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    choice = builds.choose(gpus)
    assert (choice.build.name, [finding.code for finding in choice.findings]) == (build, codes)


@pytest.mark.parametrize(
    ("system", "build", "index"),
    [
        ("linux", "cu130", None),
        ("linux", "cpu", "https://download.pytorch.org/whl/cpu"),
        ("linux", "cu126", "https://download.pytorch.org/whl/cu126"),
        ("win32", "cpu", None),
        ("win32", "cu130", "https://download.pytorch.org/whl/cu130"),
        ("darwin", "mps", None),
        ("linux", "rocm", "https://download.pytorch.org/whl/rocm7.2"),
    ],
)
def test_a_second_index_is_asked_only_for_what_the_ordinary_one_lacks(
    system: str, build: str, index: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(builds.platform, "machine", lambda: "AMD64")
    assert installation._index(builds.BUILDS[build], SetupConfig()) == index


def test_a_mirror_takes_the_place_of_the_index() -> None:
    mirror = SetupConfig(torch_index="https://mirror.example/torch/{tag}")
    assert installation._index(builds.CU126, mirror) == "https://mirror.example/torch/cu126"
    amd = SetupConfig(torch_index="https://amd.example/gfx110X")
    assert installation._index(builds.ROCM, amd) == "https://amd.example/gfx110X"
    assert installation._torch(amd, builds.ROCM, "x", None) == ["torch==2.11.*", "torchaudio==2.11.*"]


def test_torch_and_torchaudio_of_an_own_index_are_of_one_build() -> None:
    wanted = installation.requirements(SetupConfig(extras="engine"), builds.CU126, "index", None)
    assert wanted[-2:] == ["torch==2.11.0+cu126", "torchaudio==2.11.0+cu126"]
    assert any(one.startswith("torchfcpe") for one in wanted)
    assert sum(one.startswith(("torch=", "torch<", "torch>")) for one in wanted) == 1
    kept = installation.requirements(SetupConfig(extras="engine"), builds.CPU, None, "2.12.1")
    assert kept[-2:] == ["torch==2.12.1", "torchaudio==2.11.*"]
    with pytest.raises(InputError, match="no extra called spare"):
        installation.requirements(SetupConfig(extras="engine,spare"), builds.CPU, None, None)


@pytest.mark.parametrize(
    ("installed", "build", "exactly", "kept"),
    [
        ("2.12.1", builds.CPU, False, True),
        ("2.12.1", builds.CPU, True, False),
        ("2.11.0+cpu", builds.CPU, True, True),
        ("2.12.1", builds.CU130, False, True),
        ("2.11.0+cpu", builds.CU130, False, False),
        ("2.11.0+cu126", builds.CU126, False, True),
        ("2.9.1", builds.CPU, False, False),
        ("2.15.0", builds.CPU, False, False),
        ("", builds.CPU, False, False),
    ],
)
def test_what_is_there_is_kept_where_it_serves(
    installed: str, build: builds.Build, exactly: bool, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert builds.serves(installed, build, exactly=exactly) is kept


@pytest.mark.parametrize(
    ("packages", "codes"),
    [
        ({"torch": "2.12.1", "torchaudio": "2.11.0", "numpy": "2.4.6"}, []),
        ({"torch": "2.11.0+cu126", "torchaudio": "2.11.0+cu126"}, []),
        ({"torch": "2.13.0+cpu", "torchaudio": "2.11.0"}, ["torchaudio_of_other_build"]),
        ({"torch": "2.12.1", "torchaudio": "2.9.0"}, ["torchaudio_of_other_build"]),
        ({"torch": "2.12.1", "torchaudio": "2.11.0", "numpy": "1.26.4"}, ["numpy_of_other_release"]),
        ({}, []),
    ],
)
def test_combinations_that_are_known_to_fail(
    packages: dict[str, str], codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert [finding.code for finding in combinations.judge_versions(packages)] == codes


def test_what_nvidias_tool_prints() -> None:
    text = "NVIDIA GeForce RTX 3060, 580.65.06, 8.6, 12288\nTesla K80, 470.1, [N/A], [N/A]\nbroken\n"
    first, second = graphics.read_smi(text)
    assert first == Gpu("nvidia", "NVIDIA GeForce RTX 3060", "580.65.06", (8, 6), memory_gb=12.0)
    assert (second.capability, second.memory_gb) == (None, 0.0)


def test_what_windows_tells() -> None:
    rows = [
        {
            "Name": "AMD Radeon RX 7900 XTX",
            "DriverVersion": "32.0.1",
            "PNPDeviceID": r"PCI\VEN_1002&DEV_744C&X",
        },
        {"Name": "Intel(R) UHD Graphics 770", "DriverVersion": "31", "PNPDeviceID": r"PCI\VEN_8086&DEV_4680"},
        {"Name": "Intel(R) Arc(TM) B580", "DriverVersion": "32", "PNPDeviceID": r"PCI\VEN_8086&DEV_E20B"},
        {"Name": "Remote Display", "DriverVersion": None, "PNPDeviceID": r"ROOT\DISPLAY"},
    ]
    named = [(gpu.vendor, gpu.name) for gpu in graphics.read_adapters(json.dumps(rows))]
    assert named == [("amd", "AMD Radeon RX 7900 XTX"), ("intel", "Intel(R) Arc(TM) B580")]
    assert [gpu.name for gpu in graphics.read_adapters(json.dumps(rows[0]))] == ["AMD Radeon RX 7900 XTX"]
    assert graphics.read_adapters("") == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux tells")
def test_cards_on_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = {"card0": ("0x8086", "0x4680"), "card1": ("0x1002", "0x744c"), "card2": ("0x10de", "0x2684")}
    for name, (vendor, device) in cards.items():
        (folder := tmp_path / name / "device").mkdir(parents=True)
        (folder / "vendor").write_text(vendor)
        (folder / "device").write_text(device)
    (tmp_path / "card1" / "device" / "mem_info_vram_total").write_text(str(24 << 30))
    for number, version in enumerate((0, 110000)):  # the first is the CPU
        (node := tmp_path / "nodes" / str(number)).mkdir(parents=True)
        (node / "properties").write_text(f"cpu_cores_count 8\ngfx_target_version {version}\n")
    monkeypatch.setattr(graphics, "CARDS", tmp_path)
    monkeypatch.setattr(graphics, "ROCM_NODES", tmp_path / "nodes")
    monkeypatch.setattr(graphics, "_say", lambda *_: "")
    assert graphics.find_gpus() == [
        Gpu("nvidia", "NVIDIA GPU 2684"),
        Gpu("amd", "AMD GPU gfx1100", target="gfx1100", memory_gb=24.0),
    ]
    monkeypatch.setattr(graphics, "_say", lambda *_: "RTX 4090, 580.1, 8.9, 24564")
    assert [gpu.name for gpu in graphics.find_gpus()] == ["RTX 4090", "AMD GPU gfx1100"]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package of two files in an environment of its own."""
    files = {"thing/__init__.py": b"x = 1\n", "thing/lib.so": bytes(1000)}
    lines = []
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        lines.append(f"{name},sha256={digest},{len(content)}")
    _describe(tmp_path, "1.0", [*lines, "thing-1.0.dist-info/METADATA,,", "../../bin/thing,sha256=abc,5"])
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    return tmp_path


def _describe(place: Path, version: str, lines: list[str]) -> None:
    (info := place / f"thing-{version}.dist-info").mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: thing\nVersion: {version}\n")
    (info / "RECORD").write_text("\n".join(lines))


def test_a_package_that_is_whole_is_not_damaged(package: Path) -> None:
    (package / "thing" / "new.pyc").touch()
    assert damage.find_damage(by_hash=True) == []


def test_damage_is_named(package: Path) -> None:
    library = package / "thing" / "lib.so"
    library.write_bytes(bytes(999) + b"x")
    assert damage.find_damage() == []
    (changed,) = damage.find_damage(by_hash=True)
    assert (changed.file, changed.reason) == ("thing/lib.so", "its content has changed")
    library.write_bytes(bytes(10))
    (cut,) = damage.find_damage()
    assert cut.finding.text == "thing 1.0 is damaged: 10 of 1000 bytes are there (thing/lib.so)."
    library.unlink()
    assert damage.find_damage()[0].reason == "it is gone"
    _describe(package, "0.9", [])
    assert damage.find_damage()[0].reason.endswith("is installed as well")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


def test_wheels_come_with_one_progress_and_go_on_after_a_cut(server: Server, tmp_path: Path) -> None:
    here = tmp_path / "here-1-py3-none-any.whl"
    here.write_bytes(b"x")
    known = len(CONTENT)
    wanted = [
        Wheel("here", "1", here.as_uri(), None, 1),
        Wheel("cut", "1", server.url("truncating"), SHA256, known),
        Wheel("good", "1", server.url("good"), SHA256, known),
    ]
    events: list[Event] = []
    targets = wheels.fetch(wanted, Reporter(events.append))
    assert {Path(target).name for target in targets} == {"truncating", "good", here.name}
    assert all(Path(target).is_file() for target in targets)
    told = [event for event in events if isinstance(event, Progress)]
    assert {event.phase for event in told} == {"fetch"}
    assert (told[-1].step, told[-1].total) == (2 * known, 2 * known)
    assert [event.step for event in told] == sorted(event.step for event in told)
    asked = len(server.requests)
    wheels.fetch(wanted, Reporter())
    assert len(server.requests) == asked  # what is there and right does not come again


@pytest.mark.parametrize("path", ["forbidden", "corrupt"])
def test_what_cannot_be_fetched_here_is_left_to_pip(server: Server, path: str) -> None:
    wheel = Wheel("secret", "1", server.url(path), SHA256, len(CONTENT))
    assert wheels.fetch([wheel], Reporter()) == [wheel.url]


def test_a_full_disk_is_said_before_anything_comes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    huge = installation.Plan(
        builds.CPU, (), (Wheel("torch", "2.11.0", "https://x.example/t.whl", None, 10**15),)
    )
    with pytest.raises(InputError, match="are needed"):
        installation.carry_out(huge, Reporter())
    assert record.read() is None


def test_what_was_brought_and_what_was_replaced_is_remembered(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(package))
    assert record.installed() == {"thing": "1.0"}
    record.note("cpu", {"thing": "2.0", "torch": "2.11.0+cpu"})
    record.note("cpu", {"numpy": "2.4"})
    told = record.read()
    assert told is not None
    assert (told.added, told.replaced) == (["numpy", "torch"], {"thing": "1.0"})
    done: list[list[str]] = []
    monkeypatch.setattr(pip, "_work", lambda arguments, *_: done.append(arguments))
    assert installation.undo(Reporter()) == {"removed": 2, "given_back": 1}
    assert [arguments[0] for arguments in done] == ["uninstall", "install"]
    assert done[0][-2:] == ["numpy", "torch"]
    assert done[1][-1] == "thing==1.0"
    with pytest.raises(InputError, match="installed nothing"):
        installation.undo(Reporter())


def test_the_systems_own_python_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "EXTERNALLY-MANAGED").touch()
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(tmp_path))
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    with pytest.raises(InputError, match="belongs to the system"):
        pip.check_environment()


def test_an_index_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = SetupConfig(build="cu126", torch_index=f"{tmp_path.as_uri()}/none/{{tag}}")
    monkeypatch.setattr(pip, "check_environment", lambda: None)
    monkeypatch.setattr(installation, "find_damage", lambda **_: [])
    with pytest.raises(Error, match="cu126, which has this build of PyTorch, is not reached") as failure:
        installation.make_plan(config, Reporter())
    assert failure.value.code == "index_not_reached"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the package index has no larger build")
def test_without_the_small_build_the_larger_one_is_planned(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = SetupConfig(build="cpu", torch_index=f"{tmp_path.as_uri()}/none/{{tag}}")
    asked: list[list[str]] = []
    monkeypatch.setattr(pip, "check_environment", lambda: None)
    monkeypatch.setattr(installation, "find_damage", lambda **_: [])
    monkeypatch.setattr(
        pip, "resolve", lambda needed, index, _again: asked.append([*needed, str(index)]) or []
    )
    events: list[Event] = []
    plan = installation.make_plan(config, Reporter(events.append))
    assert plan.build.name == "default"
    assert "index_not_reached" in [finding.code for finding in plan.findings]
    assert asked[0][-3:] == [builds.TORCH, builds.TORCHAUDIO, "None"]
    assert [event.code for event in events if isinstance(event, Log)] == ["resolving"]


def test_no_index_is_asked_for_a_torch_that_is_there_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(pip, "check_environment", lambda: None)
    monkeypatch.setattr(installation, "find_damage", lambda **_: [])
    monkeypatch.setattr(installation, "_answers", lambda index: asked.append(index))
    monkeypatch.setattr(record, "installed", lambda: {"torch": "2.12.1", "torchaudio": "2.11.0"})
    monkeypatch.setattr(graphics, "find_gpus", lambda: [])
    monkeypatch.setattr(pip, "resolve", lambda _needed, index, _again: asked.append(index) or [])
    assert installation.make_plan(SetupConfig(), Reporter()).wheels == ()
    assert asked == [None]


def test_a_failed_trial_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "torch.py").write_text("raise OSError('libcudart.so.13: cannot open shared object file')")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(Path(__file__).parent.parent)]))
    with pytest.raises(Error, match=r"libcudart\.so\.13: cannot open") as failure:
        installation.verify()
    assert "rvc setup --repair" in failure.value.hint
