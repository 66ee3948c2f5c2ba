"""What a stage function gets to work with: the job's inputs, a place for its work, and one for its results."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from rvc import paths
from rvc.jobs import inputs
from rvc.jobs.folder import JobFolder
from rvc.jobs.slots import CPU


@dataclass(frozen=True, slots=True)
class Workshop:
    """A job as its stages see it."""

    folder: JobFolder
    devices: tuple[str, ...] = ()
    """The slots that the job has leased, such as "cuda:0": others are invisible to this process."""
    loaded: dict[str, object] = field(default_factory=dict)
    """What stays loaded from one job of a warm worker to the next."""

    @property
    def device(self) -> str:
        """What settings name the device: of several GPUs only those leased can be seen, so "auto" is right."""
        return CPU if set(self.devices) == {CPU} else "auto"

    def inputs(self, role: str) -> list[Path]:
        return inputs.given(self.folder.inputs, role)

    def input(self, role: str) -> Path | None:
        """Return the one input of a role, if it was given."""
        return next(iter(self.inputs(role)), None)

    def work(self, name: str) -> Path:
        """Return a place that lasts until the job is cleaned up, for what going on needs."""
        return self.folder.work / name

    def result(self, name: str) -> Path:
        """Return a place whose files can be fetched."""
        return self.folder.artifacts / name

    def keep(self, file: Path, name: str) -> str:
        """Copy a file of the work to the results, whole or not at all, and return its name there."""
        with paths.atomic(self.result(name)) as temporary:
            shutil.copyfile(file, temporary)
        return name

    def name_of(self, file: Path) -> str:
        """Return the name by which a result can be fetched."""
        return file.relative_to(self.folder.artifacts).as_posix()
