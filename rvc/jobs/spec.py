"""What a job shall do: one settings model per kind. Written to `spec.json` and sent over the wire.

A spec names no files: recordings and models come as inputs, so that a spec from another machine can open nothing
on this one.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from rvc.config import Config, ConvertConfig, EvaluateConfig, PrepareConfig, TrainConfig

SPEC_VERSION = 1  # also the literal in `Spec`
MAX_GPUS = 64
PRIORITIES = (-10, 10)
FILE_SETTINGS = ("base_generator", "base_discriminator", "preview", "pitch_curve", "whisper")


class Spec(Config):
    """Base of all specs: what every job can be told."""

    version: Literal[1] = 1
    kind: str
    name: str = Field("", max_length=100, description="what people call the job")
    priority: int = Field(0, ge=PRIORITIES[0], le=PRIORITIES[1], description="higher goes first")
    device: str = Field(
        "auto",
        max_length=100,
        description="auto, cpu, or a device's name; auto takes a GPU where there is one",
    )
    gpus: int = Field(1, ge=1, le=MAX_GPUS, description="how many GPUs at once")
    keep_days: float | None = Field(
        None, gt=0, description="how long the job may be kept after its end (default: until it is removed)"
    )
    consent: str = Field("", max_length=2000, description="who agreed to the use of the recordings, and how")

    @model_validator(mode="after")
    def _leave_files_and_devices_to_the_job(self) -> Self:
        for settings in (value for _, value in self if isinstance(value, Config)):
            for name in FILE_SETTINGS:
                if getattr(settings, name, None) is not None:
                    raise ValueError(f"{name} names a file, and a job takes files as inputs only")
            if getattr(settings, "device", "auto") != "auto" or getattr(settings, "gpus", 1) != 1:
                raise ValueError("devices are chosen for the whole job, by its own `device` and `gpus`")
        return self


class JobPrepareConfig(PrepareConfig):
    """Preparation in a job: the rate may be left to the machine that runs it."""

    rate: int | None = Field(  # type: ignore[assignment]  # the wire knows one more value than the stage
        None, ge=16000, le=48000, description="sample rate, Hz (default: 40000 on a GPU, 24000 on a CPU)"
    )


class TrainSpec(Spec):
    """Prepare recordings, train a voice of them, build its index and test it.

    Inputs: `recordings`; `base_generator`, `base_discriminator`, `preview` where wanted, and `sources`:
    recordings of others, which the test converts.
    """

    kind: Literal["train"] = "train"
    prepare: JobPrepareConfig = JobPrepareConfig()
    train: TrainConfig = TrainConfig()
    evaluate: EvaluateConfig = EvaluateConfig()
    language: Literal["en", "ko"] = Field("en", description="of the report")


class ConvertSpec(Spec):
    """Convert `recordings` with a `model`, and an `index` where wanted."""

    kind: Literal["convert"] = "convert"
    convert: ConvertConfig = ConvertConfig()


class EvaluateSpec(Spec):
    """Test a `model` on `recordings` of the same voice, and on `sources` of others; `index` where wanted."""

    kind: Literal["evaluate"] = "evaluate"
    evaluate: EvaluateConfig = EvaluateConfig()
    language: Literal["en", "ko"] = Field("en", description="of the report")


JobSpec = Annotated[TrainSpec | ConvertSpec | EvaluateSpec, Field(discriminator="kind")]


def is_newer(data: Any) -> bool:
    """Tell whether a spec was written by a newer program."""
    version = data.get("version", SPEC_VERSION) if isinstance(data, dict) else SPEC_VERSION
    return isinstance(version, int) and version > SPEC_VERSION
