"""What the doctor can find: a stable code, what it means to a person, and the one thing to do about it.

The app shows the same findings in other languages: it has the code and the parameters.
"""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, computed_field

from rvc.events import Event

Level = Literal["ok", "warning", "problem"]

ENGINE = "Run: rvc setup"
REPAIR = "Run: rvc setup --repair"
DRIVER = "Update the driver and restart the computer."


@dataclass(frozen=True, slots=True)
class Meaning:
    """How bad a finding is, and its sentences; braces name parameters. A problem prevents work."""

    level: Level
    text: str
    action: str = ""


MEANINGS: dict[str, Meaning] = {
    "machine": Meaning(
        "ok", "{system}; {cpu}; {cores} cores, {threads} threads; {memory_gb:.0f} GB of memory."
    ),
    "low_memory": Meaning(
        "warning",
        "Only {free_gb:.1f} GB of memory are free; training the full model takes about 8.",
        "Close other programs before you train.",
    ),
    "instructions": Meaning("ok", "The CPU computes with {names}."),
    "slow_cpu": Meaning(
        "warning",
        "The CPU has no wide instructions (AVX2): everything takes several times longer.",
        "Train on another machine.",
    ),
    "python": Meaning("ok", "Python {version}."),
    "no_pip": Meaning(
        "warning",
        "pip is missing in this Python: files that come in packages cannot be fetched.",
        "Run: python -m ensurepip",
    ),
    "libraries": Meaning("ok", "The {count} libraries that the engine needs can be loaded."),
    "library_missing": Meaning("problem", "{name} is not installed.", ENGINE),
    "library_broken": Meaning("problem", "{name} cannot be loaded: {error}", REPAIR),
    "torch": Meaning("ok", "torch {version} ({build}), {threads} threads."),
    "torch_unsafe": Meaning(
        "problem", "torch {version} can be attacked through a model file; 2.10 and later cannot.", ENGINE
    ),
    "torch_untried": Meaning(
        "warning", "RVC Studio was not tried with torch {version}, but with 2.11 to 2.14.", ENGINE
    ),
    "torchaudio_broken": Meaning(
        "warning",
        "torchaudio {version} does not work with torch {torch}, so the pitch estimator FCPE does not: {error}",
        REPAIR,
    ),
    "no_gpu": Meaning("ok", "There is no GPU that can be used; the lite model is made for CPUs."),
    "gpu": Meaning(
        "ok", "{device}: {name}, {total_gb:.0f} GB ({free_gb:.1f} free), fast in {types}, driver {driver}."
    ),
    "gpu_busy": Meaning(
        "warning",
        "Only {free_gb:.1f} of {total_gb:.0f} GB of {device} are free.",
        "Close other programs that use the GPU.",
    ),
    "gpu_unsupported": Meaning(
        "warning",
        "{device} ({name}, {architecture}) is newer or older than this torch was built for.",
        ENGINE,
    ),
    "gpu_fails": Meaning(
        "warning",
        "{device} ({name}) does not compute: {error}",
        "Update its driver and restart the computer.",
    ),
    "torch_without_gpu": Meaning(
        "warning", "{name} is not used: this torch was built for CPUs only.", ENGINE
    ),
    "driver_too_old": Meaning(
        "warning",
        "{name} is not used: its driver {driver} does not work with this torch, which was built for {build}.",
        "Update the driver and restart the computer, or run `rvc setup` for a torch that this driver can run.",
    ),
    "driver_too_old_for_all": Meaning(
        "warning",
        "{name} cannot be used: its driver {driver} is too old for every build of PyTorch (the oldest is {needed}).",
        DRIVER,
    ),
    "no_driver": Meaning(
        "warning",
        "{name} cannot be used: its maker's driver is not installed.",
        "Install the driver from the GPU's maker, restart the computer, and run `rvc setup` again.",
    ),
    "gpu_without_code": Meaning(
        "warning",
        "{name} ({what}) is older or newer than any build of PyTorch has code for.",
        "Train with the lite model on the CPU, or on another computer.",
    ),
    "amd_on_windows": Meaning(
        "warning",
        "{name} is not used: PyTorch's own index has no build for AMD's GPUs on Windows, but AMD has one.",
        "Give the address that AMD names for this GPU: rvc setup --build rocm --torch-index ADDRESS",
    ),
    "intel_mac": Meaning(
        "problem",
        "PyTorch is no longer made for Macs with Intel processors.",
        "Record here, and train and convert on another computer: see Computers in the app.",
    ),
    "torchaudio_of_other_build": Meaning(
        "warning",
        "torchaudio {version} and torch {torch} are of different builds, so the pitch estimator FCPE does not work.",
        REPAIR,
    ),
    "numpy_of_other_release": Meaning(
        "problem", "NumPy {version} is of another major release than the engine was built for (2).", REPAIR
    ),
    "package_damaged": Meaning("problem", "{name} {version} is damaged: {reason} ({file}).", REPAIR),
    "graphics": Meaning("ok", "{name}, driver {driver}."),
    "build": Meaning("ok", "The right PyTorch for this computer: {title}."),
    "index_not_reached": Meaning(
        "warning",
        "PyTorch's own index ({index}) is not reached, so the larger build of the ordinary package index is taken.",
        "To get the small build later, run `rvc setup --build cpu --torch-index ADDRESS` with a mirror's address.",
    ),
    "tried": Meaning(
        "ok", "A training step on {device} in {dtype} gave the right numbers, in {seconds:.2f} s."
    ),
    "disk": Meaning("ok", "{folder}: {free_gb:.0f} GB free, can be written ({use})."),
    "disk_low": Meaning(
        "warning", "{folder} has only {free_gb:.1f} GB free ({use}).", "Free some space on that disk."
    ),
    "disk_full": Meaning(
        "problem", "{folder} has no room: {free_gb:.2f} GB free ({use}).", "Free some space on that disk."
    ),
    "not_writable": Meaning(
        "problem",
        "{folder} cannot be written: {error} ({use}).",
        "Set RVC_STUDIO_HOME to a folder that you may write.",
    ),
    "asset": Meaning("ok", "{file} is here: {use}."),
    "asset_missing": Meaning("warning", "{file} is missing: {use}.", "Run: rvc assets fetch {name}"),
    "bases": Meaning("ok", "Bases to start a training from are here: {names}."),
    "no_base": Meaning(
        "warning",
        "There is no base: full models are trained from nothing, which takes far longer.",
        "Run: rvc assets fetch f0G40k f0D40k",
    ),
    "extra": Meaning("ok", "The extra {name} is installed: {use}."),
    "extra_missing": Meaning(
        "ok", "The extra {name} is not installed: {use}.", "Run: pip install 'rvc-studio[{name}]'"
    ),
    "sound": Meaning(
        "ok", "Sound: {inputs} inputs, {outputs} outputs; records with {input}, plays with {output}."
    ),
    "no_microphone": Meaning(
        "warning",
        "There is no microphone.",
        "Connect one, and allow programs to use it in the system's settings.",
    ),
    "no_output": Meaning("warning", "There is nothing to play sound with.", "Connect headphones."),
    "no_sound_package": Meaning(
        "ok",
        "Recording and playing are not set up here (sounddevice is not installed), as on servers.",
        "Run: pip install 'rvc-studio[desktop]'",
    ),
    "no_sound_system": Meaning(
        "warning",
        "This machine has no working sound system, so it cannot record or play: {error}",
        "Install PortAudio (on Debian: apt install libportaudio2), unless this is a server.",
    ),
    "check_failed": Meaning("warning", "The check of {part} failed: {error}", "Report this text as a bug."),
    "check_crashed": Meaning(
        "problem",
        "Loading {part} ends the program ({error}).",
        "Install RVC Studio anew in a fresh environment.",
    ),
    "check_hung": Meaning(
        "warning",
        "The check of {part} did not end within {seconds:.0f} s.",
        "Close other programs and run `rvc doctor` again.",
    ),
}


class Finding(Event):
    """One thing that was looked at; on the wire with its level and its sentences."""

    event: Literal["finding"] = "finding"
    code: str
    params: dict[str, Any] = Field(default_factory=dict)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def level(self) -> Level:
        return MEANINGS[self.code].level

    @computed_field  # type: ignore[prop-decorator]
    @property
    def text(self) -> str:
        return MEANINGS[self.code].text.format(**self.params)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def action(self) -> str:
        return MEANINGS[self.code].action.format(**self.params)


def found(code: str, **params: Any) -> Finding:
    """Return the finding of this code."""
    return Finding(code=code, params=params)


def brief(error: BaseException) -> str:
    """Say an exception in one line that ends with a full stop."""
    text = " ".join(str(error).split()) or type(error).__name__
    return f"{text[:200].rstrip('.')}."
