"""The kinds of jobs: for each its spec, its inputs, what runs it, and what it will take.

A queue is made with a table of kinds, named by its module; its dispatcher and workers get that name on their
command line. Nothing that comes from outside, no spec and no variable, can name code to run. To add a kind, write
a spec, a stage function, and an entry here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, cast

from pydantic import ValidationError

from rvc import demands
from rvc.config import PRESETS
from rvc.errors import InputError
from rvc.jobs.record import PhasePlan
from rvc.jobs.spec import ConvertSpec, EvaluateSpec, Spec, TrainSpec, is_newer

BUILT_IN = "rvc.jobs.kinds"
MIB = 1 << 20
V2_CHECKPOINT_BYTES = 1340 * MIB  # both networks with the states of their optimisers, and the average
LITE_CHECKPOINT_BYTES = 60 * MIB
V2_MODEL_BYTES, LITE_MODEL_BYTES = 120 * MIB, 12 * MIB
VALIDATIONS = 10  # in a whole training
SPARE_BYTES = 256 * MIB
SPEECH_S_PER_MB, CLIP_S = 15, 3.5  # of usual recordings, to foretell how many clips a voice is tested on
PREPARED_GROWTH = 12  # a prepared dataset's size over that of recordings in FLAC


@dataclass(frozen=True, slots=True)
class Role:
    """What inputs are to a job."""

    required: bool = False
    most: int | None = None
    linked: bool = False
    """Large files that programs replace but never change in place need no copy."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job."""

    spec: type[Spec]
    runner: str
    """Module and name of the stage function, imported by the worker only."""
    roles: Mapping[str, Role]
    plan: Callable[[Any, int], list[PhasePlan]]
    """Foretells the phases from the spec and the inputs' bytes."""
    disk_bytes: Callable[[Any, int], int] = lambda _spec, size: size
    """How much room it takes besides its inputs."""
    stays_warm: bool = field(default=False)
    """Whether a worker keeps what it has loaded for the next job of the kind."""
    finishes: str | None = None
    """The phase that can be ended early, with what it has so far."""

    def load_runner(self) -> Callable[..., Any]:
        module, name = self.runner.split(":")
        return cast(Callable[..., Any], getattr(import_module(module), name))


def load(module: str) -> dict[str, Kind]:
    """Return the table of kinds in a module of the program."""
    return cast(dict[str, Kind], import_module(module).KINDS)


def find(kinds: Mapping[str, Kind], name: str) -> Kind:
    """Return a kind; raises `InputError` unknown_kind."""
    if name not in kinds:
        raise InputError(
            "unknown_kind", f"There are no jobs of the kind {name}.", f"There are {', '.join(kinds)}."
        )
    return kinds[name]


def parse(kinds: Mapping[str, Kind], data: Mapping[str, Any]) -> Spec:
    """Read a spec; raises `InputError` unknown_kind, newer_spec, or bad_spec that names the field at fault."""
    kind = find(kinds, str(data.get("kind")))
    if is_newer(data):
        raise InputError("newer_spec", "The job was written by a newer version.", "Update RVC Studio.")
    try:
        return kind.spec.model_validate(data)
    except ValidationError as error:
        fault = demands.fault(error, kind.spec)
        text = fault.sentence(".".join(fault.place) or "The job")
        raise InputError("bad_spec", text, "See `docs/jobs.md` for the fields.") from error


def _plan_train(spec: TrainSpec, input_bytes: int) -> list[PhasePlan]:
    megabytes = input_bytes / MIB
    return [
        PhasePlan(name="prepare", units=megabytes, speed="prepare", guess_s=5 + 3 * megabytes),
        _plan_training(spec),
        PhasePlan(name="index", units=1, speed="index", guess_s=3),
        *_plan_test(min(spec.evaluate.max_clips, _held_out_clips(spec, megabytes))),
    ]


def _held_out_clips(spec: TrainSpec, megabytes: float) -> int:
    held_out_s = min(spec.prepare.held_out * megabytes * SPEECH_S_PER_MB, spec.prepare.held_out_max_s)
    return max(1, round(held_out_s / CLIP_S))


def _plan_training(spec: TrainSpec) -> PhasePlan:
    train = spec.train
    architecture = train.architecture or ("lite" if spec.prepare.rate == 24000 else "v2")
    preset = PRESETS[architecture][train.preset]
    if train.minutes and not train.steps:
        return PhasePlan(name="train", units=train.minutes * 60, guess_s=train.minutes * 60)
    steps = train.steps or preset.steps
    speed = f"train {architecture} x{train.batch_size or preset.batch_size} on {spec.gpus} {spec.device}"
    return PhasePlan(name="train", units=steps, speed=speed, guess_s=steps * 0.2)


def _plan_convert(_spec: ConvertSpec, input_bytes: int) -> list[PhasePlan]:
    megabytes = input_bytes / MIB
    return [PhasePlan(name="convert", units=megabytes, speed="convert", guess_s=5 + 2 * megabytes)]


def _plan_evaluate(spec: EvaluateSpec, _input_bytes: int) -> list[PhasePlan]:
    return [
        PhasePlan(name="prepare", units=1, speed="prepare a test", guess_s=10),
        *_plan_test(spec.evaluate.max_clips),
    ]


def _plan_test(clips: int) -> list[PhasePlan]:
    return [
        PhasePlan(name="reconstruct", units=clips, speed="reconstruct", guess_s=clips * 0.5),
        PhasePlan(name="judge", units=clips, speed="judge", guess_s=clips * 0.2),
        PhasePlan(name="report", units=1, speed="report", guess_s=8),
    ]


def _train_bytes(spec: TrainSpec, input_bytes: int) -> int:
    lite = spec.train.architecture == "lite" or spec.prepare.rate == 24000
    checkpoint = LITE_CHECKPOINT_BYTES if lite else V2_CHECKPOINT_BYTES
    kept = spec.train.keep_checkpoints + 2  # the best one, and the one being written
    models = VALIDATIONS * (LITE_MODEL_BYTES if lite else V2_MODEL_BYTES) if spec.train.keep_models else 0
    return SPARE_BYTES + kept * checkpoint + models + PREPARED_GROWTH * input_bytes


def _result_bytes(_spec: Spec, input_bytes: int) -> int:
    return SPARE_BYTES + 10 * input_bytes


MODEL = {"model": Role(required=True, most=1, linked=True), "index": Role(most=1, linked=True)}

KINDS = {
    "train": Kind(
        spec=TrainSpec,
        runner="rvc.jobs.stages:train",
        roles={
            "recordings": Role(required=True),
            "base_generator": Role(most=1, linked=True),
            "base_discriminator": Role(most=1, linked=True),
            "preview": Role(most=1),
            "sources": Role(),
        },
        plan=_plan_train,
        disk_bytes=_train_bytes,
        finishes="train",
    ),
    "convert": Kind(
        spec=ConvertSpec,
        runner="rvc.jobs.stages:convert",
        roles={"recordings": Role(required=True), "pitch_curve": Role(most=1), **MODEL},
        plan=_plan_convert,
        disk_bytes=_result_bytes,
        stays_warm=True,
    ),
    "evaluate": Kind(
        spec=EvaluateSpec,
        runner="rvc.jobs.stages:evaluate",
        roles={"recordings": Role(), "prepared": Role(most=1), "sources": Role(), **MODEL},
        plan=_plan_evaluate,
        disk_bytes=_result_bytes,
    ),
}
