"""What an installation changed, kept in the environment itself, so that it can be undone."""

import importlib.metadata
import sys
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rvc.paths import write_text
from rvc.setup.pip import plain

FILE = "rvc-setup.json"


class Record(BaseModel):
    """The packages before the first installation, and what was brought since; names as indexes compare them."""

    model_config = ConfigDict(frozen=True)

    build: str
    time: datetime
    before: dict[str, str]
    brought: dict[str, str] = {}

    @property
    def added(self) -> list[str]:
        """The packages that were not there before."""
        return sorted(self.brought.keys() - self.before.keys())

    @property
    def replaced(self) -> dict[str, str]:
        """The packages that had another version before, with that version."""
        changed = (
            name for name, version in self.brought.items() if self.before.get(name, version) != version
        )
        return {name: self.before[name] for name in sorted(changed)}


def record_file() -> Path:
    return Path(sys.prefix) / FILE


def installed() -> dict[str, str]:
    """Return the packages of this environment with their versions."""
    found = (
        (one.metadata["Name"], one.version) for one in importlib.metadata.distributions() if one.metadata
    )
    return {plain(name): version for name, version in found if name}


def read() -> Record | None:
    """Return what was written last, None where nothing was installed."""
    try:
        return Record.model_validate_json(record_file().read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def note(build: str, brought: dict[str, str]) -> None:
    """Add packages to the record, before they are installed: what is cut off half-way can be undone, too."""
    old = read()
    new = Record(
        build=build,
        time=datetime.now(UTC),
        before=old.before if old else installed(),
        brought={**(old.brought if old else {}), **brought},
    )
    write_text(record_file(), new.model_dump_json(indent=1))


def forget() -> None:
    record_file().unlink(missing_ok=True)
