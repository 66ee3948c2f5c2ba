"""Half a download: a hidden `.part` beside the target, with a note of what it is a part of."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rvc.errors import Paused
from rvc.events import Reporter
from rvc.paths import cache_dir, make_dir, write_text

POLL_S = 0.5


class Origin(BaseModel):
    """What a part is a part of: where it came from, and how long the whole is if the server said so."""

    model_config = ConfigDict(frozen=True)

    url: str
    etag: str | None = None
    total: int | None = None


class Part:
    """A file that is not whole yet, with the note about its origin."""

    def __init__(self, target: Path) -> None:
        self.path = make_dir(target.parent) / f".{target.name}.part"
        self._note = self.path.with_name(f"{self.path.name}.json")
        self._target = target

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def origin(self) -> Origin | None:
        try:
            return Origin.model_validate_json(self._note.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    @origin.setter
    def origin(self, origin: Origin) -> None:
        write_text(self._note, origin.model_dump_json())

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def publish(self) -> None:
        """Give the file its name."""
        self.path.replace(self._target)
        self._note.unlink(missing_ok=True)


@contextmanager
def alone_with(file: str, reporter: Reporter) -> Iterator[None]:
    """Let one program at a time fetch `file`; raises `Paused` on a stop request while another one does."""
    from filelock import FileLock, Timeout

    lock = FileLock(make_dir(cache_dir() / "locks") / f"{file}.lock")
    waits = False
    while not lock.is_locked:
        try:
            lock.acquire(timeout=POLL_S)
        except Timeout:
            if reporter.stopping:
                raise Paused from None
            if not waits:
                reporter.log("fetched_elsewhere", f"Another program is fetching {file}.", file=file)
            waits = True
    try:
        yield
    finally:
        lock.release()
