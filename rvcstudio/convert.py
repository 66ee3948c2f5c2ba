"""What a conversion is asked for: the sound, the format and the names, kept from one start to the next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rvc import names
from rvc.names import AUDIO_SUFFIXES
from rvcstudio.hub import HERE
from rvcstudio.library import Library, Model

SECTION = "convert"
STEM_BYTES = 200
FORMATS = ("wav", "flac", "mp3", "ogg", "opus")

Naming = Literal["both", "recording", "model"]
Format = Literal["wav", "flac", "mp3", "ogg", "opus"]


class SoundSettings(BaseModel):
    """How the result sounds. `follow_pitch` brings every recording to the voice's usual pitch by itself."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    follow_pitch: bool = True
    pitch_shift: float = Field(0.0, ge=-24, le=24)
    formant_shift: float = Field(0.0, ge=-12, le=12)
    index_rate: float = Field(0.75, ge=0, le=1)
    protect: float = Field(0.33, ge=0, le=0.5)

    def of_engine(self) -> dict[str, Any]:
        """Return the same as fields of `rvc.config.ConvertConfig`."""
        kept = self.model_dump(exclude={"follow_pitch"})
        return kept | ({"pitch_shift": "auto"} if self.follow_pitch else {})

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "SoundSettings":
        """Return the sound of an earlier conversion from the fields of its `ConvertConfig`."""
        follows = kept.get("pitch_shift") == "auto"
        known = {name: kept[name] for name in cls.model_fields if name in kept}
        return cls.model_validate(
            known | {"follow_pitch": follows} | ({"pitch_shift": 0.0} if follows else {})
        )


PRESETS: dict[str, SoundSettings] = {
    "speech": SoundSettings(),
    "singing": SoundSettings(follow_pitch=False, index_rate=0.5),
    "closest": SoundSettings(index_rate=1.0, protect=0.2),
}
"""Presets that come with the app, by the names under which `ui.convert_sound` calls them."""


class ConvertSettings(BaseModel):
    """What the page remembers. An empty `folder` is the library's own."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: str = ""
    computer: str = HERE
    sound: SoundSettings = SoundSettings()
    format: Format = "wav"
    naming: Naming = "both"
    folder: str = ""
    presets: dict[str, SoundSettings] = {}


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that a conversion needs besides its recording."""

    model: Model
    folder: Path
    format: str = "wav"
    naming: Naming = "both"
    computer: str = HERE
    sound: SoundSettings = field(default_factory=SoundSettings)

    @property
    def config(self) -> dict[str, Any]:
        """The fields of `rvc.config.ConvertConfig`."""
        return {**self.sound.of_engine(), "format": self.format}

    @property
    def as_kept(self) -> dict[str, Any]:
        """What is remembered with each result, to ask for the same again."""
        return {**self.config, "naming": self.naming, "computer": self.computer}

    def stem(self, recording: Path) -> str:
        """Return what the result of a recording is called, without its suffix."""
        said = names.cut(names.shown(recording.stem), STEM_BYTES - 60)
        label = names.file_stem(self.model.name, max_bytes=60, otherwise="")
        parts = {"both": (said, label), "recording": (said,), "model": (label or said,)}[self.naming]
        return "_".join(part for part in parts if part) or "converted"


def recordings(files: list[Path]) -> Iterator[Path]:
    """Yield the recordings among files and inside folders; hidden files are left out. May be slow: for tasks."""
    for file in files:
        root = file if file.is_dir() else file.parent
        for one in sorted(file.rglob("*")) if file.is_dir() else [file]:
            if one.suffix.lower() in AUDIO_SUFFIXES and one.is_file() and names.is_visible(one, root):
                yield one


def free_place(folder: Path, stem: str, suffix: str) -> Path:
    """Return a name in a folder that is not taken: `stem`, or with -2, -3 and so on."""
    place, number = folder / f"{stem}{suffix}", 1
    while place.exists():
        number += 1
        place = folder / f"{stem}-{number}{suffix}"
    return place


def order_of(library: Library, settings: ConvertSettings, model: Model) -> Order:
    """Return what the settings ask for."""
    folder = Path(settings.folder) if settings.folder else library.conversions.folder
    return Order(model, folder, settings.format, settings.naming, settings.computer, settings.sound)
