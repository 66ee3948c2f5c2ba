"""The settings of every stage, checked where they enter. Imports no torch."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Architecture = Literal["v2", "lite"]
Precision = Literal["auto", "fp32", "bf16", "fp16"]
Speaker = str | Annotated[int, Field(ge=0)]  # text stays text: a name may be 007
Key = Literal["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
Scale = Literal["chromatic", "major", "minor"]

RATES_HZ: dict[str, tuple[int, ...]] = {"v2": (32000, 40000, 48000), "lite": (24000, 32000)}
CONTENT_RATE_HZ = 16000  # what content encoders and pitch estimators hear
FRAME_RATE = 100  # frames/s of pitch and of everything inside the synthesizer
CONTENT_FRAME_RATE = 50  # frames/s of content features


class Config(BaseModel):
    """Base of all settings: unknown names are refused, so a misspelt setting never passes silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PrepareConfig(Config):
    """How recordings become a prepared dataset. The defaults are the reference's."""

    rate: int = Field(40000, ge=16000, le=48000, description="sample rate of the model to train, Hz")
    speakers: bool = Field(
        False, description="several voices in one model: every folder inside the given ones is one of them"
    )
    encoder: str | None = Field(
        None,
        description="contentvec, starter-2 or wakehubert-tiny (default: contentvec where it is found, else starter-2)",
    )
    pitch: str | None = Field(
        None, description="pitch estimator: rmvpe, fcpe or swift (default: the best that is there)"
    )
    precision: Precision = Field(
        "auto",
        description="of ContentVec and RMVPE; auto: bf16 where the device is fast in it, fp32 elsewhere",
    )
    silence_dbfs: float = Field(-42.0, ge=-90, le=0, description="quieter than this is silence, dBFS")
    window_s: float = Field(3.7, ge=1, le=8, description="longest clip, seconds")
    overlap_s: float = Field(0.3, ge=0, le=1, description="overlap of neighbouring clips, seconds")
    min_clip_s: float = Field(0.4, ge=0.1, le=3, description="shorter clips are left out, seconds")
    normalise: bool = Field(True, description="bring every clip to an even level, as the reference does")
    held_out: float = Field(0.08, ge=0, le=0.5, description="share kept for testing")
    held_out_max_s: float = Field(
        120.0,
        ge=0,
        description="at most this much is kept for testing, seconds; of several voices 10 s each, if that is more",
    )
    seed: int = Field(0, description="decides which recordings are held out")


class Preset(Config):
    """Named amounts of training."""

    steps: int
    batch_size: int


PRESETS: dict[str, dict[str, Preset]] = {
    "v2": {
        "draft": Preset(steps=2000, batch_size=8),
        "standard": Preset(steps=10000, batch_size=8),
        "best": Preset(steps=30000, batch_size=8),
    },
    "lite": {
        "draft": Preset(steps=1500, batch_size=8),
        "standard": Preset(steps=4000, batch_size=8),
        "best": Preset(steps=12000, batch_size=12),
    },
}


def _preset_steps() -> str:
    return "; ".join(
        f"{architecture}: " + ", ".join(f"{name} {preset.steps}" for name, preset in presets.items())
        for architecture, presets in PRESETS.items()
    )


class TrainConfig(Config):
    """How a voice is trained. `steps` and `minutes` both limit the length; the preset fills the rest."""

    name: str = Field("voice", min_length=1, max_length=100, description="the model's name")
    architecture: Architecture | None = Field(
        None,
        description="v2 is RVC V2, lite a small model for CPUs (default: what exists at the dataset's rate)",
    )
    preset: Literal["draft", "standard", "best"] = Field(
        "standard", description=f"how many steps ({_preset_steps()})"
    )
    steps: int | None = Field(None, ge=1, description="train this many steps instead")
    minutes: float | None = Field(None, gt=0, description="train for this long instead")
    batch_size: int | None = Field(None, ge=1, le=512, description="clips a step (default: the preset's)")
    micro_batch: int | None = Field(
        None,
        ge=1,
        description="clips computed at once, in as many turns as a step needs (default: what memory holds)",
    )
    gradient_checkpointing: bool = Field(
        False, description="compute layers twice in place of remembering: less memory, more time"
    )
    gpus: int = Field(
        1, ge=1, le=64, description="train on so many GPUs of this machine, which divide every batch"
    )
    learning_rate: float | None = Field(None, gt=0, lt=1, description="(default: the architecture's)")
    precision: Precision = Field(
        "auto", description="auto: bf16 or fp16 where the device is fast in it, fp32 elsewhere"
    )
    base_generator: str | None = Field(
        None,
        description="start from this: a G_ base, a model, a checkpoint, an asset's name, or none for from scratch "
        "(default: the base for such a dataset, where it is at hand)",
    )
    base_discriminator: str | None = Field(
        None, description="the D_ base that belongs to it, or a checkpoint"
    )
    device: str = Field("auto", description="cpu, cuda, cuda:1, xpu, mps; auto takes the fastest")
    seed: int = Field(0, description="decides all that is drawn at random")
    checkpoint_every: int | None = Field(
        None, ge=1, description="steps (default: ten times, and every 5 minutes)"
    )
    keep_checkpoints: int = Field(2, ge=1, description="newest checkpoints kept besides the best")
    keep_models: bool = Field(
        False, description="keep the model of every validation as well, to choose one by ear"
    )
    early_stop: bool = Field(False, description="end it once it only learns its recordings by heart")
    preview: str | None = Field(None, description="recording converted at intervals (default: a bundled one)")
    consent_by: str | None = Field(
        None,
        max_length=200,
        description="who agreed that a model is made of this voice; the model's card says so",
    )
    consent_on: date | None = Field(None, description="the day of that, such as 2026-11-20")
    consent_statement: str | None = Field(
        None, max_length=2000, description="how it was given, or in which words"
    )

    def preset_for(self, architecture: Architecture) -> Preset:
        return PRESETS[architecture][self.preset]


class ConvertConfig(Config):
    """How a recording is converted."""

    pitch_shift: Annotated[float, Field(ge=-36, le=36)] | Literal["auto"] = Field(
        0.0, description="semitones, -36 to 36; auto brings the source to the voice's usual pitch"
    )
    formant_shift: float = Field(
        0.0, ge=-12, le=12, description="semitones; up sounds like a smaller body, down like a larger one"
    )
    autotune: float = Field(
        0.0, ge=0, le=1, description="how firmly the pitch is drawn to the notes of a scale; 0 is off"
    )
    autotune_key: Key = Field("C", description="first note of that scale")
    autotune_scale: Scale = Field("chromatic", description="the scale; chromatic has all notes")
    autotune_glide_s: float = Field(
        0.05, ge=0, le=1, description="about how long the way to another note takes, seconds"
    )
    pitch_curve: str | None = Field(
        None, description="file that gives the pitch: lines of seconds and Hz, or labels of Audacity"
    )
    index_rate: float = Field(
        0.75, ge=0, le=1, description="how far content moves to the voice's own recordings"
    )
    protect: float = Field(0.33, ge=0, le=0.5, description="keep unvoiced sounds from the index; 0.5 is off")
    rms_mix: float = Field(0.25, ge=0, le=1, description="0 keeps the source's loudness, 1 the model's")
    speaker: Speaker = Field(0, description="which of a model's speakers: a name, or a number from 0")
    seed: int = Field(0, ge=0, description="the same seed gives the same file")
    noise_scale: float = Field(0.66666, ge=0, le=2, description="how freely the voice varies")
    pitch: str | None = Field(
        None, description="pitch estimator: rmvpe, fcpe or swift (default: what the voice was trained with)"
    )
    loudness: float | None = Field(
        None,
        ge=-40,
        le=-5,
        description="of the output, LUFS, as far as its peaks allow (default: as it comes)",
    )
    denoise: float = Field(0.0, ge=0, le=1, description="share of the source's noise taken away first")
    separate: bool = Field(False, description="convert the voice of a song and write its backing beside it")
    rate: int | None = Field(None, ge=8000, le=192000, description="of the output, Hz (default: the model's)")
    format: Literal["wav", "flac", "mp3", "ogg", "opus"] = Field("wav", description="of the output")
    overwrite: bool = Field(False, description="replace files of the same name; else the new one is numbered")
    cache_gb: float | None = Field(
        None,
        ge=0,
        description="disk space for all that makes doing it again quick; 0 keeps nothing (default: see `rvc cache`)",
    )
    chunk_s: float = Field(20.0, ge=2, le=120, description="long recordings are converted in pieces, seconds")
    device: str = Field("auto", description="cpu, cuda, cuda:1, xpu, mps; auto takes the fastest")
    precision: Precision = Field("auto", description="auto: bf16 or fp16 on a GPU, fp32 elsewhere")


class LiveConfig(Config):
    """How a voice is converted while it speaks."""

    input_device: str | None = Field(
        None, description="name, a part of it, or number of the device to listen to (default: the system's)"
    )
    output_device: str | None = Field(None, description="the same of the device to speak to")
    block_ms: float = Field(80.0, ge=20, le=1000, description="how much is converted at once, milliseconds")
    buffer_ms: float = Field(
        40.0,
        ge=10,
        le=1000,
        description="kept ready for playing, so that no busy moment is heard, milliseconds",
    )
    look_ahead_ms: float = Field(
        60.0, ge=0, le=500, description="how much of what follows the voice knows: more sounds better, later"
    )
    context_s: float = Field(
        2.0,
        ge=0.2,
        le=10,
        description="what ContentVec hears of the past, seconds; others know what they need",
    )
    pitch_shift: Annotated[float, Field(ge=-36, le=36)] | Literal["auto"] = Field(
        "auto", description="semitones, -36 to 36; auto follows the speaker to the voice's usual pitch"
    )
    formant_shift: float = Field(0.0, ge=-12, le=12, description="semitones, as in conversion")
    index_rate: float = Field(0.75, ge=0, le=1, description="as in conversion")
    protect: float = Field(0.33, ge=0, le=0.5, description="as in conversion")
    rms_mix: float = Field(0.25, ge=0, le=1, description="as in conversion, over the last half second")
    speaker: Speaker = Field(0, description="which of a model's speakers: a name, or a number from 0")
    noise_scale: float = Field(0.66666, ge=0, le=2, description="how freely the voice varies")
    input_gain_db: float = Field(0.0, ge=-40, le=40, description="before anything hears it, dB")
    output_gain_db: float = Field(0.0, ge=-40, le=40, description="of what is played, dB")
    gate_dbfs: float | None = Field(
        None, ge=-90, le=0, description="silence what is quieter than this, dBFS (default: nothing)"
    )
    bypass: bool = Field(False, description="let the speaker's own voice through, as late as the other")
    push_to_talk: bool = Field(False, description="be silent unless told to talk")
    pitch: str | None = Field(
        None, description="pitch estimator: rmvpe, fcpe or swift (default: what the voice was trained with)"
    )
    seed: int = Field(0, ge=0, description="of the voice's noise")
    device: str = Field("auto", description="cpu, cuda, cuda:1, xpu, mps; auto takes the fastest")
    precision: Precision = Field(
        "auto", description="auto: bf16 or fp16 where the device is fast in it, fp32 elsewhere"
    )


class EvaluateConfig(Config):
    """How a model is tested."""

    seed: int = Field(0, description="of everything that is drawn at random")
    index_rate: float = Field(0.75, ge=0, le=1, description="as in conversion")
    max_clips: int = Field(40, ge=1, description="at most so many held-out clips, and so many sources")
    pitch: str | None = Field(None, description="pitch estimator that judges (default: the dataset's)")
    speaker: Speaker = Field(
        0, description="which of a model's speakers others are converted to: a name, or a number from 0"
    )
    whisper: str | None = Field(
        None,
        description="folder of a Whisper model that reads back what is said (default: one among the assets)",
    )
    spoken_language: str | None = Field(
        None, pattern=r"^[a-z]{2,3}$", description="of the recordings, such as en (default: told by Whisper)"
    )
    keep_heard: bool = Field(
        False, description="test on recordings that training has heard too, instead of leaving them out"
    )
    device: str = Field("auto", description="cpu, cuda, cuda:1, xpu, mps; auto takes the fastest")


class BlendConfig(Config):
    """How two models are mixed into one."""

    ratio: float = Field(0.5, ge=0, le=1, description="the share of the second model")
    name: str = Field("blend", min_length=1, max_length=100, description="the new model's name")
    index: bool = Field(True, description="join their indexes, where both have one")


class CompressConfig(Config):
    """How a model is made smaller, and how much it may lose."""

    to: Literal["fp16", "bf16", "int8", "student"] = Field(
        "int8",
        description="what weights become; a CPU that is fast in bf16 also speaks sooner in it; student: a v2 voice "
        "gets a small decoder that learns from its own",
    )
    index_to: Literal["exact", "int8", "pq"] = Field(
        "exact", description="what its index becomes: as it is, a quarter or a sixteenth of float32"
    )
    max_drop: float = Field(
        0.02, ge=0, le=1, description="if a score is worse by more than this share, no model is written"
    )
    max_clips: int = Field(12, ge=1, description="at most so many clips are tested, and so many sources")
    steps: int | None = Field(None, ge=1, description="of a student (default: 6000)")
    minutes: float | None = Field(None, gt=0, description="that a student learns instead, or at most")
    lessons_s: float = Field(
        600.0, ge=10, le=7200, description="speech that the voice says for a student to learn from, seconds"
    )
    seed: int = Field(0, description="of everything that is drawn at random")
    device: str = Field("auto", description="cpu, cuda, cuda:1, xpu, mps; auto takes the fastest")


class CacheConfig(Config):
    """How much of what can be made again is kept."""

    limit_gb: float = Field(10.0, ge=0, le=100_000, description="disk space for it, GB; 0 keeps nothing")
