"""Whether the engine's other libraries can be loaded, and which sound devices there are. Runs in own processes."""

import importlib
from collections.abc import Iterator

from rvc import machine
from rvc.doctor.finding import Finding, brief, found

LIBRARIES = {  # module: package
    "numpy": "numpy",
    "scipy": "scipy",
    "soundfile": "soundfile",
    "soxr": "soxr",
    "faiss": "faiss-cpu",
    "onnxruntime": "onnxruntime",
    "safetensors": "safetensors",
    "filelock": "filelock",
    "swift_f0": "swift-f0",
}
INSTALLED = ("librosa", "torchfcpe")  # too slow to load for this


def probe() -> Iterator[Finding]:
    """Load every library that the engine needs."""
    findings = [finding for module, package in LIBRARIES.items() for finding in _load(module, package)]
    findings += [found("library_missing", name=name) for name in INSTALLED if not machine.version(name)]
    yield from findings or [found("libraries", count=len(LIBRARIES) + len(INSTALLED))]


def _load(module: str, package: str) -> Iterator[Finding]:
    try:
        importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name == module:
            yield found("library_missing", name=package)
        else:
            yield found("library_broken", name=package, package=package, error=brief(error))
    except Exception as error:  # a library that is broken may raise anything
        yield found("library_broken", name=package, package=package, error=brief(error))


def probe_sound() -> Iterator[Finding]:
    """List the sound devices. `rvc` itself needs none, so the package is looked up by its name."""
    try:
        sounddevice = importlib.import_module("sounddevice")
        devices = list(sounddevice.query_devices())
        chosen = [int(index) for index in sounddevice.default.device]
    except ModuleNotFoundError:
        yield found("no_sound_package")
        return
    except Exception as error:  # PortAudio is missing or broken: OSError, or an error of its own
        yield found("no_sound_system", error=brief(error))
        return
    yield from judge_sound(devices, chosen)


def judge_sound(devices: list[dict[str, object]], chosen: list[int]) -> Iterator[Finding]:
    """Say what sound devices there are; `chosen` are the numbers of the default input and output, or -1."""
    inputs = [device for device in devices if device["max_input_channels"]]
    outputs = [device for device in devices if device["max_output_channels"]]
    names = [str(devices[index]["name"]) if 0 <= index < len(devices) else "none" for index in chosen]
    yield found("sound", inputs=len(inputs), outputs=len(outputs), input=names[0], output=names[1])
    if not inputs:
        yield found("no_microphone")
    if not outputs:
        yield found("no_output")
