"""Pretrained files, in packs that mean something to a person: what is here, and fetching what is not.

The engine fetches, in a process of its own: it checks hashes and goes on where a download was cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from rvc.errors import Error
from rvc.events import Reporter
from rvcstudio.engine import EngineCommand
from rvcstudio.settings import SettingsStore
from rvcstudio.tasks import Tasks

PACKS: dict[str, tuple[str, ...]] = {
    "full": ("contentvec", "rmvpe"),
    "small": ("wakehubert-tiny",),
    "base-40k": ("f0G40k", "f0D40k"),
    "base-48k": ("f0G48k", "f0D48k"),
    "base-32k": ("f0G32k", "f0D32k"),
    "titan-40k": ("titan-G-40k", "titan-D-40k"),
    "titan-48k": ("titan-G-48k", "titan-D-48k"),
    "ov2super-40k": ("ov2super-G-40k", "ov2super-D-40k"),
    "klm-48k": ("klm41-G-48k", "klm41-D-48k"),
}


@dataclass(frozen=True, slots=True)
class Pack:
    """Files that are used together. `size` is 0 where nobody has said how large they are; `page` has their licence."""

    name: str
    size: int
    missing: tuple[str, ...]
    page: str | None
    fraction: float | None = None  # while it is fetched

    @property
    def is_here(self) -> bool:
        return not self.missing


class Downloads(QObject):
    """Knows the packs, and fetches them."""

    changed = Signal()
    failed = Signal(object)  # an rvc.errors.Error
    added = Signal(int)  # how many files the user had already

    def __init__(self, settings: SettingsStore, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._tasks = settings, tasks
        self._packs: dict[str, Pack] = {}
        self._running: dict[str, EngineCommand] = {}
        self._adding: EngineCommand | None = None

    def packs(self) -> list[Pack]:
        """Return the packs as they were found last; ask for news with `look`."""
        return list(self._packs.values())

    def look(self) -> None:
        """Look in the background what is on this computer."""
        self._tasks.run(_look, self._know, owner=self)

    def _know(self, packs: dict[str, Pack]) -> None:
        fractions = {name: pack.fraction for name, pack in self._packs.items() if name in self._running}
        self._packs = {name: replace(pack, fraction=fractions.get(name)) for name, pack in packs.items()}
        self.changed.emit()

    def fetch(self, name: str) -> None:
        """Fetch what is missing of a pack; whoever calls has asked for the licence where one must."""
        pack = self._packs[name]
        if name in self._running or pack.is_here:
            return
        mirror = self._settings.value.mirror.split()
        options = ["--mirror", *mirror] if mirror else []
        command = EngineCommand("assets", "fetch", *pack.missing, "--yes", *options, parent=self)
        command.told.connect(lambda event: self._progress(name, event))
        command.done.connect(lambda _done: self._end(name))
        command.stopped.connect(lambda: self._end(name))
        command.failed.connect(lambda error: self._end(name, error))
        self._running[name] = command.start()
        self._show(name, 0.0)

    def _progress(self, name: str, event: dict[str, Any]) -> None:
        if event.get("event") != "progress" or not event.get("total"):
            return
        missing = self._packs[name].missing
        asset = str(event["phase"]).split()[-1]
        before = missing.index(asset) if asset in missing else 0
        self._show(name, (before + event["step"] / event["total"]) / len(missing))

    def _show(self, name: str, fraction: float | None) -> None:
        self._packs[name] = replace(self._packs[name], fraction=fraction)
        self.changed.emit()

    def _end(self, name: str, error: Error | None = None) -> None:
        self._running.pop(name).deleteLater()
        self._show(name, None)
        if error is not None:
            self.failed.emit(error)
        self.look()

    def stop(self, name: str) -> None:
        """Stop fetching a pack; what came so far is kept, and the next time goes on from there."""
        if name in self._running:
            self._running[name].stop()

    def use(self, places: Sequence[Path]) -> None:
        """Use files that the user has: single ones, or whatever is known in some folders."""
        folders = [str(place) for place in places if place.is_dir()]
        files = [str(place) for place in places if not place.is_dir()]
        arguments = [*files, *(["--search", *folders] if folders else [])]
        command = EngineCommand("assets", "add", *arguments, parent=self)
        command.done.connect(lambda done: self._used(len(done.get("artifacts", {}))))
        command.failed.connect(self.failed)
        command.done.connect(command.deleteLater)
        command.failed.connect(command.deleteLater)
        self._adding = command.start()

    def _used(self, count: int) -> None:
        self.added.emit(count)
        self.look()

    def close(self) -> None:
        """Stop everything."""
        for command in self._running.values():
            command.stop()


def _look(_reporter: Reporter) -> dict[str, Pack]:
    """Return the packs as they are on this computer."""
    from rvc import assets  # not at the start of the app

    manifest = assets.manifest()
    packs = {}
    for name, members in PACKS.items():
        entries = [manifest[member] for member in members]
        missing = tuple(entry.name for entry in entries if assets.find(entry.name) is None)
        page = next((entry.page for entry in entries if entry.must_ask), None)
        packs[name] = Pack(name, sum(entry.size or 0 for entry in entries), missing, page)
    return packs
