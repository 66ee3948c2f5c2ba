"""What a dispatcher tells a worker to do: on its command line, and one line of JSON for each further job."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict


class Task(BaseModel):
    """A job to work on, and the devices for it."""

    model_config = ConfigDict(frozen=True)

    folder: Path
    attempt: int = 0
    devices: list[str] = []
    machine_names: list[str] = []
