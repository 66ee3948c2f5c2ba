"""What the user has set: one JSON file, written at once, and a signal when it changes."""

import json
import logging
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from PySide6.QtCore import QObject, Signal

from rvc import paths
from rvcstudio.paths import default_library, settings_file

log = logging.getLogger(__name__)

Language = Literal["system", "en", "ko"]
Mode = Literal["system", "light", "dark"]
Section = TypeVar("Section", bound=BaseModel)


class Settings(BaseModel):
    """Everything that is remembered. `sections` holds what pages keep, by their own models."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: Language = "system"
    theme: Mode = "system"
    library: Path | None = None
    mirror: str = ""
    welcomed: bool = False
    page: str = "voices"
    geometry: str = ""
    sections: dict[str, dict[str, Any]] = {}

    @property
    def library_folder(self) -> Path:
        return self.library or default_library()


class SettingsStore(QObject):
    """Reads the settings once and writes every change; a file that cannot be read is kept aside."""

    changed = Signal(object)  # the new Settings

    def __init__(self, file: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file or settings_file()
        self.value = self._read()

    def _read(self) -> Settings:
        try:
            return Settings.model_validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return Settings()
        except (OSError, ValidationError):
            log.warning("the settings cannot be read and start anew", exc_info=True)
            self._keep_aside()
            return Settings()

    def _keep_aside(self) -> None:
        try:
            self._file.replace(self._file.with_suffix(".unreadable.json"))
        except OSError:
            log.warning("the old settings could not be kept", exc_info=True)

    def update(self, **changes: Any) -> None:
        """Change fields of the settings, write them, and tell everybody."""
        new = Settings.model_validate({**self.value.model_dump(), **changes})
        if new == self.value:
            return
        self.value = new
        paths.write_text(self._file, json.dumps(new.model_dump(mode="json"), ensure_ascii=False, indent=1))
        self.changed.emit(new)

    def section(self, name: str, kind: type[Section]) -> Section:
        """Return what a page has kept under `name`, or its defaults where that cannot be read."""
        try:
            return kind.model_validate(self.value.sections.get(name, {}))
        except ValidationError:
            log.warning("the settings of %s start anew", name, exc_info=True)
            return kind()

    def keep_section(self, name: str, section: BaseModel) -> None:
        """Keep what belongs to a page under `name`."""
        self.update(sections={**self.value.sections, name: section.model_dump(mode="json")})
