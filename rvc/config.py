"""The settings of every stage, checked where they enter. Imports no torch."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Architecture = Literal["v2", "lite"]
Precision = Literal["auto", "fp32", "bf16", "fp16"]

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
    encoder: str | None = Field(None, description="content encoder; None takes ContentVec when it is there")
    pitch: str | None = Field(None, description="pitch estimator; None takes the best one that is there")
    silence_dbfs: float = Field(-42.0, ge=-90, le=0, description="quieter than this is silence")
    window_s: float = Field(3.7, ge=1, le=8, description="longest clip")
    overlap_s: float = Field(0.3, ge=0, le=1, description="overlap of neighbouring clips")
    min_clip_s: float = Field(0.4, ge=0.1, le=3, description="shorter clips are left out")
    normalise: bool = Field(True, description="bring every clip to an even level, as the reference does")
    held_out: float = Field(0.08, ge=0, le=0.5, description="share kept for testing")
    held_out_max_s: float = Field(120.0, ge=0, description="at most this much is kept for testing, seconds")
    seed: int = 0


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


class TrainConfig(Config):
    """How a voice is trained. `steps` and `minutes` both limit the length; the preset fills the rest."""

    name: str = Field("voice", min_length=1, max_length=100, description="the model's name")
    architecture: Architecture | None = Field(None, description="None: by the dataset's rate and the machine")
    preset: Literal["draft", "standard", "best"] = "standard"
    steps: int | None = Field(None, ge=1)
    minutes: float | None = Field(None, gt=0, description="stop after this much training time")
    batch_size: int | None = Field(None, ge=1, le=512)
    learning_rate: float | None = Field(None, gt=0, lt=1)
    precision: Precision = "auto"
    base_generator: str | None = Field(None, description="file to start from; None trains from scratch")
    base_discriminator: str | None = None
    device: str = "auto"
    seed: int = 0
    checkpoint_every: int | None = Field(None, ge=1, description="steps; None: a twentieth of the training")
    keep_checkpoints: int = Field(2, ge=1)
    preview: str | None = Field(
        None, description="recording converted at intervals; None takes the bundled one"
    )

    def preset_for(self, architecture: Architecture) -> Preset:
        return PRESETS[architecture][self.preset]


class ConvertConfig(Config):
    """How a recording is converted."""

    pitch_shift: Annotated[float, Field(ge=-36, le=36)] | Literal["auto"] = Field(
        0.0, description="semitones; auto brings the source to the voice's usual pitch"
    )
    index_rate: float = Field(
        0.75, ge=0, le=1, description="how far content moves to the voice's own recordings"
    )
    protect: float = Field(0.33, ge=0, le=0.5, description="keep unvoiced sounds from the index; 0.5 is off")
    rms_mix: float = Field(0.25, ge=0, le=1, description="0 keeps the source's loudness, 1 the model's")
    speaker: int = Field(0, ge=0)
    seed: int = Field(0, ge=0)
    noise_scale: float = Field(0.66666, ge=0, le=2, description="spread of the prior's sample")
    pitch: str | None = None
    rate: int | None = Field(None, ge=8000, le=192000, description="output rate; None keeps the model's")
    format: Literal["wav", "flac", "mp3", "ogg"] = "wav"
    chunk_s: float = Field(
        20.0, ge=2, le=120, description="long recordings are converted in pieces of this length"
    )
    device: str = "auto"
    precision: Precision = "auto"


class EvaluateConfig(Config):
    """How a model is tested."""

    seed: int = 0
    index_rate: float = Field(0.75, ge=0, le=1)
    max_clips: int = Field(40, ge=1, description="held-out clips to reconstruct at most")
    pitch: str | None = None
    device: str = "auto"
