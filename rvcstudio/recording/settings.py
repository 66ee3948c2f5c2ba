"""What is remembered of recording."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rvcstudio.sound.devices import RATE_HZ

SECTION = "record"
PAUSES_S = (0.0, 1.0, 1.5, 2.0, 3.0)
"""After how much silence a take may end by itself; 0: never."""

Reading = Literal["en", "ko", "own", "free"]


class RecordSettings(BaseModel):
    """The microphone and what is read. `device` is a `Device.key`; a `reading` of "" follows the voice."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    device: str = ""
    channel: int = Field(0, ge=0)
    rate: int = RATE_HZ
    pause_s: float = 1.5
    reading: Reading | Literal[""] = ""
    own_file: Path | None = None
    voice: str = ""
