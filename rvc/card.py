"""A voice's card: what it is, what it was made from, and how good it was. Imports no torch."""

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rvc.config import CONTENT_FRAME_RATE
from rvc.errors import InputError

FORMAT = 1
MAX_SPEAKERS = 4096


class CardPart(BaseModel):
    """Base of all parts: frozen; fields that a newer program added are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class EncoderCard(CardPart):
    """The content encoder of a dataset's features; a model trained on them needs the same one."""

    name: str
    dim: int
    frame_rate: int = CONTENT_FRAME_RATE


class Material(CardPart):
    """How much speech a voice was trained on."""

    seconds: float = Field(0.0, ge=0)
    clips: int = Field(0, ge=0)


class VoiceCard(CardPart):
    """Travels inside the model's file."""

    format: int = FORMAT
    name: str = Field(min_length=1, max_length=200)
    architecture: str = Field(max_length=50)
    rate: int = Field(ge=8000, le=192000, description="sample rate, Hz")
    content_encoder: EncoderCard
    pitch: bool = True
    pitch_estimator: str | None = Field(None, max_length=100, description="what its training heard")
    usual_pitch_hz: float | None = Field(None, gt=0, description="median over its voiced recordings")
    speakers: list[str] = Field(["voice"], min_length=1, max_length=MAX_SPEAKERS)
    steps: int = Field(0, ge=0)
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    trained_on: Material = Material()
    settings: dict[str, Any] = {}
    scores: dict[str, Any] = {}
    source: Literal["rvc-studio", "webui", "applio"] = "rvc-studio"
    config: dict[str, Any] = Field({}, description="the architecture's own numbers")

    def require_encoder(self, name: str, dim: int) -> None:
        """Raise `InputError` unless features of this encoder are the ones that the voice was trained on."""
        wanted = self.content_encoder
        if (name, dim) != (wanted.name, wanted.dim):
            raise InputError(
                "wrong_encoder",
                f'The voice "{self.name}" was trained on {wanted.name} features ({wanted.dim} dimensions); '
                f"it does not understand those of {name} ({dim}).",
                f"Convert with {wanted.name}, or train the voice again.",
            )
