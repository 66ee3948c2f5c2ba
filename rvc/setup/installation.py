"""`rvc setup`: looks at the computer, plans, fetches, installs, tries, and takes back.

A plan changes nothing. Carrying it out can be stopped while packages come, and goes on from there; what was installed
before is noted first, so that all of it can be undone.
"""

import importlib
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rvc import paths
from rvc.doctor.finding import Finding, found
from rvc.errors import Error, InputError
from rvc.events import Reporter
from rvc.jobs.locks import Lock
from rvc.setup import builds, combinations, graphics, pip, record, wheels
from rvc.setup.builds import Build, Choice
from rvc.setup.damage import find_damage
from rvc.setup.settings import INDEX, SetupConfig
from rvc.setup.wheels import Wheel

OWN = "rvc-studio"
KEPT = (OWN, "pip")  # that an undo leaves alone: what runs here, and what it runs with
EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
UNPACKED = 2.4  # times as much room as wheels of native libraries take themselves
TRIAL_TIMEOUT_S = 300.0
ASK_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done."""

    build: Build
    findings: tuple[Finding, ...]
    wheels: tuple[Wheel, ...]

    @property
    def fetched_bytes(self) -> int:
        return sum(wheel.size for wheel in self.wheels if not wheel.place)

    @property
    def disk_bytes(self) -> int:
        """About what the packages take once they are installed."""
        return int(UNPACKED * sum(wheel.size for wheel in self.wheels))


def make_plan(config: SetupConfig, reporter: Reporter) -> Plan:
    """Look at this computer and this environment; raises `Error` and `InputError` where nothing can be done."""
    pip.check_environment()
    choice = choose(config)
    build, packages = choice.build, record.installed()
    findings = [*choice.findings, found("build", title=build.title), *combinations.judge_versions(packages)]
    broken = _damaged(config.repair, findings, reporter) | _unfit(findings, packages)
    torch = packages.get("torch", "")
    kept = builds.serves(torch, build, exactly=config.build != "auto")
    index = _index(build, config) if broken or not kept else None
    if index and not _answers(index):
        if not kept and (build is not builds.CPU or sys.platform != "linux"):
            raise _unreached(index)
        if not kept:
            findings.append(found("index_not_reached", index=index))
            build = builds.DEFAULT
        index = None
    needed = requirements(config, build, index, torch if kept else None)
    reporter.log("resolving", "Asking the package index which packages fit together.")
    chosen = wheels.read_report(pip.resolve(needed, index, sorted(broken)))
    return Plan(build, tuple(findings), tuple(chosen))


def choose(config: SetupConfig) -> Choice:
    """Return the build that is wanted, or the one that is right for this computer, with what was seen on the way."""
    if config.build != "auto":
        return Choice(builds.BUILDS[config.build])
    gpus = graphics.find_gpus()
    seen = [found("graphics", name=gpu.name, driver=gpu.driver or "of the system") for gpu in gpus]
    choice = builds.choose(gpus)
    return Choice(choice.build, (*seen, *choice.findings))


def _index(build: Build, config: SetupConfig) -> str | None:
    """Return the address of the build's own index; None where the ordinary one has it."""
    if "{tag}" not in config.torch_index:
        return config.torch_index
    own = config.torch_index != INDEX
    if build.tag is None or (builds.comes_by_default(build) and not own):
        return None
    return config.torch_index.format(tag=build.tag)


def _answers(index: str) -> bool:
    try:
        with urllib.request.urlopen(f"{index.rstrip('/')}/torch/", timeout=ASK_TIMEOUT_S):
            return True
    except (urllib.error.URLError, OSError, ValueError):
        return Path(index.removeprefix("file://")).is_dir()


def _unreached(index: str) -> Error:
    return Error(
        "index_not_reached",
        f"{index}, which has this build of PyTorch, is not reached.",
        "Check the network, or name a mirror with --torch-index; `rvc setup --build default` does without it.",
    )


def _damaged(by_hash: bool, findings: list[Finding], reporter: Reporter) -> set[str]:
    """Find damaged packages, tell of them, and return them as requirements."""
    with reporter.phase("examine", len(record.installed()), unit="packages") as phase:
        damages = find_damage(by_hash=by_hash, advance=phase.advance)
    findings += [damage.finding for damage in damages]
    return {f"{damage.name}=={damage.version}" for damage in damages if pip.plain(damage.name) != OWN}


def _unfit(findings: Sequence[Finding], packages: dict[str, str]) -> set[str]:
    """Return what pip alone would leave as it is: a torchaudio of the right release, but of another build."""
    if any(finding.code == "torchaudio_of_other_build" for finding in findings):
        return {builds.TORCHAUDIO} if packages.get("torchaudio", "").startswith("2.11.") else set()
    return set()


def requirements(config: SetupConfig, build: Build, index: str | None, kept: str | None) -> list[str]:
    """Return what has to be there: the extras' packages, and torch from an index of its own or the version `kept`."""
    names = set(config.extras.split(","))
    told = importlib.metadata.requires(OWN) or []
    known = {extra[1] for one in told if (extra := EXTRA.search(one))}
    if unknown := names - known:
        raise InputError("unknown_extra", f"There is no extra called {', '.join(sorted(unknown))}.")
    wanted = [
        one.partition(";")[0].strip() for one in told if (extra := EXTRA.search(one)) and extra[1] in names
    ]
    others = [one for one in wanted if not re.match(r"torch(audio)?\b(?!\w)", one)]
    return [*others, *_torch(config, build, index, kept)]


def _torch(config: SetupConfig, build: Build, index: str | None, kept: str | None) -> list[str]:
    """Return which torch and torchaudio; of an index of their own both have the release that was built together."""
    if kept:
        return [f"torch=={kept}", builds.TORCHAUDIO]
    if index is None:
        return [builds.TORCH, builds.TORCHAUDIO]
    if "{tag}" in config.torch_index:
        return [f"{name}=={builds.RELEASE}+{build.tag}" for name in ("torch", "torchaudio")]
    return [f"{name}=={builds.RELEASE.rpartition('.')[0]}.*" for name in ("torch", "torchaudio")]


def carry_out(plan: Plan, reporter: Reporter) -> None:
    """Fetch and install what was planned.

    Raises `Error` setup_busy or not_installed, `InputError` disk_full, and `Paused` on a stop request while fetching.
    """
    lock = Lock(Path(sys.prefix) / ".rvc-setup.lock")
    if not lock.acquire():
        raise Error(
            "setup_busy", "Another setup is at work in this environment.", "Wait for it, and run it again."
        )
    try:
        _check_room(plan)
        targets = wheels.fetch(plan.wheels, reporter)
        record.note(plan.build.name, {pip.plain(wheel.name): wheel.version for wheel in plan.wheels})
        _install(plan.wheels, targets, reporter)
    finally:
        lock.release()
    shutil.rmtree(wheels.folder(), ignore_errors=True)


def _check_room(plan: Plan) -> None:
    there, cache = Path(sys.prefix), paths.make_dir(paths.cache_dir())
    needs = {there.stat().st_dev: plan.disk_bytes}
    device = cache.stat().st_dev
    needs[device] = needs.get(device, 0) + plan.fetched_bytes
    for place in (there, cache):
        needed, free = needs[place.stat().st_dev], shutil.disk_usage(place).free
        if needed > free:
            raise InputError(
                "disk_full",
                f"The disk of {place} has {free / 1e9:.1f} GB free, and {needed / 1e9:.1f} GB are needed.",
                "Free some space and run it again.",
            )


def _install(chosen: Sequence[Wheel], targets: Sequence[str], reporter: Reporter) -> None:
    places = [Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("platlib"))]
    infos = [f"{re.sub('[-_.]+', '_', wheel.name)}-{wheel.version}.dist-info".lower() for wheel in chosen]
    before = _present(places)
    with reporter.phase("install", len(chosen), unit="packages") as phase:

        def count() -> None:
            done = (
                sum(info in now and info not in before for info in infos) if (now := _present(places)) else 0
            )
            if done > phase.step:
                phase.advance(done - phase.step, interruptible=False)

        pip.install(targets, count)
    importlib.invalidate_caches()


def _present(places: Sequence[Path]) -> set[str]:
    return {
        re.sub("[-_.]+(?=.*-)", "_", info.name.lower())
        for place in places
        for info in place.glob("*.dist-info")
    }


def verify(device: str = "auto") -> Finding:
    """Take a training step on the device in a process of its own; raises `Error` trial_failed."""
    command = [sys.executable, "-W", "ignore", "-m", "rvc.setup.trial", device]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=TRIAL_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _failed("it did not end within five minutes") from error
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        said = done.stderr.strip().splitlines()
        raise _failed(said[-1].rstrip(".") if said else f"it ended with {done.returncode}")
    told: dict[str, Any] = json.loads(lines[-1])
    if not told["right"]:
        raise _failed(f"{told['device']} ({told['name']}) computes wrong numbers")
    return found("tried", **{name: told[name] for name in ("device", "dtype", "seconds")})


def _failed(why: str) -> Error:
    return Error(
        "trial_failed",
        f"The engine was installed, but a training step failed: {why}.",
        "Run `rvc doctor` for what is wrong, `rvc setup --repair` to mend it, or `rvc setup --build cpu`.",
    )


def undo(reporter: Reporter) -> dict[str, int]:
    """Remove what setups brought and give back the versions from before; return how many of each."""
    told = record.read()
    if told is None:
        raise InputError("nothing_to_undo", "`rvc setup` has installed nothing in this environment.")
    added = [name for name in told.added if name not in KEPT]
    older = [f"{name}=={version}" for name, version in told.replaced.items() if name not in KEPT]
    with reporter.phase("undo", 2) as phase:
        if added:
            pip.uninstall(added)
        phase.advance(interruptible=False)
        if older:
            pip.install(older)
    record.forget()
    return {"removed": len(added), "given_back": len(older)}
