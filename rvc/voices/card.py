"""A voice's card: what it is, what it was made from, and how good it was. Imports no torch."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rvc.config import CONTENT_FRAME_RATE, TrainConfig
from rvc.errors import InputError

FORMAT = 2  # the newest that is read; what needs no more is written as 1
MAX_SPEAKERS = 4096
MAX_NAME = 200
MAX_TAKES = 20_000  # so many fill a third of the room for a card
HASH_DIGITS = 16
SPEAKERS_SHOWN = 8


class CardPart(BaseModel):
    """Base of all parts: frozen; fields that a newer program added are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class EncoderCard(CardPart):
    """The content encoder of a dataset's features; a model trained on them needs the same one."""

    name: str
    dim: int
    frame_rate: int = CONTENT_FRAME_RATE


class Material(CardPart):
    """What speech a voice was trained on: how much, and which recordings, by the beginnings of their hashes."""

    seconds: float = Field(0.0, ge=0)
    clips: int = Field(0, ge=0)
    takes: list[str] = Field([], max_length=MAX_TAKES)

    @classmethod
    def of(cls, seconds: float, clips: int, hashes: Iterable[str]) -> "Material":
        """Name recordings by the SHA-256 of their files; of a very large dataset only some are named."""
        return cls(seconds=seconds, clips=clips, takes=sorted({take_mark(one) for one in hashes})[:MAX_TAKES])


def take_mark(sha256: str) -> str:
    """Return what a card keeps of a recording's hash: enough to find it again, and a quarter as long."""
    return sha256[:HASH_DIGITS]


class Consent(CardPart):
    """Who agreed that a model is made of a voice, when, and in which words; as much as was said."""

    given_by: str = Field("", max_length=MAX_NAME)
    on: date | None = None
    statement: str = Field("", max_length=2000)

    @classmethod
    def of(cls, config: TrainConfig) -> "list[Consent]":
        """Return what the settings of a training say of consent: one, or none."""
        given = cls(
            given_by=config.consent_by or "", on=config.consent_on, statement=config.consent_statement or ""
        )
        return [] if given == cls() else [given]

    def __str__(self) -> str:
        said = [self.given_by, self.on and self.on.isoformat(), self.statement.rstrip(".")]
        return ", ".join(part for part in said if part)


class BlendPart(CardPart):
    """A voice that another was blended from."""

    name: str = Field(max_length=MAX_NAME)
    sha256: str = Field(max_length=64, description="of its file")
    share: float = Field(ge=0, le=1)
    consent: list[Consent] = []


class Teaching(CardPart):
    """The voice that a student's decoder learnt from, and how well."""

    name: str = Field(max_length=MAX_NAME)
    sha256: str = Field(max_length=64, description="of its file")
    bytes: int = Field(ge=0, description="of its file")
    steps: int = Field(ge=0, description="that the student learnt")
    agreement_db: float = Field(
        ge=0, description="mean difference of both log-mel spectrograms of what neither of them learnt from"
    )


class VoiceCard(CardPart):
    """Travels inside the model's file."""

    format: int = 1
    name: str = Field(min_length=1, max_length=MAX_NAME)
    architecture: str = Field(max_length=50)
    rate: int = Field(ge=8000, le=192000, description="sample rate, Hz")
    content_encoder: EncoderCard
    pitch: bool = True
    pitch_estimator: str | None = Field(None, max_length=100, description="what its training heard")
    usual_pitch_hz: float | None = Field(None, gt=0, description="median over its voiced recordings")
    speakers: list[str] = Field(["voice"], min_length=1, max_length=MAX_SPEAKERS)
    pitch_of_speakers_hz: list[float | None] = Field(
        [], max_length=MAX_SPEAKERS, description="the same of each speaker; older cards have none"
    )
    steps: int = Field(0, ge=0)
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    trained_on: Material = Material()
    consent: list[Consent] = Field(
        [], description="of everybody whose voice it is; of a blend only where all gave it"
    )
    settings: dict[str, Any] = {}
    scores: dict[str, Any] = {}
    source: Literal["rvc-studio", "webui", "applio"] = "rvc-studio"
    blended_from: list[BlendPart] = []
    student_of: Teaching | None = Field(None, description="whose large decoder the small one learnt from")
    config: dict[str, Any] = Field({}, description="the architecture's own numbers")
    weights: Literal["bf16", "int8"] | None = Field(
        None, description="what they were packed into, if they were"
    )

    def renamed(self, name: str) -> "VoiceCard":
        """Return the card under another name; the first speaker is called so too where it had the voice's name."""
        name = name[:MAX_NAME]
        speakers = [name if speaker == self.name else speaker for speaker in self.speakers]
        return self.model_copy(update={"name": name, "speakers": speakers})

    def speaker_number(self, speaker: int | str) -> int:
        """Return the number of a speaker that is given by name or number. Raises `InputError` unknown_speaker."""
        if speaker in self.speakers:
            return self.speakers.index(str(speaker))
        number = int(speaker) if str(speaker).isdecimal() else -1
        if 0 <= number < len(self.speakers):
            return number
        raise InputError(
            "unknown_speaker",
            f"The voice has no speaker {speaker}; it has {len(self.speakers)}, counted from 0.",
            f"Its speakers: {self._speaker_list()}.",
        )

    def _speaker_list(self) -> str:
        named = [f"{number}: {name}" for number, name in enumerate(self.speakers[:SPEAKERS_SHOWN])]
        more = len(self.speakers) - len(named)
        return ", ".join(named) + (f" and {more} more" if more else "")

    def usual_pitch_of(self, speaker: int) -> float | None:
        """Return how high a speaker usually speaks, Hz; None where the card does not say."""
        if speaker < len(self.pitch_of_speakers_hz):
            return self.pitch_of_speakers_hz[speaker]
        return self.usual_pitch_hz

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
