"""The tests of models that were asked for, and what was preferred in blind listening: remembered with the settings."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from rvcstudio.blind import Share
from rvcstudio.hub import Address
from rvcstudio.settings import SettingsStore

SECTION = "testing"
KEPT = 30  # tests
HEARD = 10  # blind hearings of each


class Record(BaseModel):
    """Base of what is kept: frozen, and fields of newer programs are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Part(Record):
    """A model of a test, and the job that tests it."""

    label: str
    computer: str
    job: str

    @property
    def address(self) -> Address:
        return Address(self.computer, self.job)


class Hearing(Record):
    """What somebody preferred, without knowing who had made it."""

    time: datetime
    shares: tuple[Share, ...]


class Comparison(Record):
    """A test, and its hearings, the newest first."""

    name: str
    parts: tuple[Part, ...]
    hearings: tuple[Hearing, ...] = ()


class _Kept(Record):
    tests: tuple[Comparison, ...] = ()


class Comparisons:
    """The tests, the newest first."""

    def __init__(self, store: SettingsStore) -> None:
        self._store = store

    @property
    def tests(self) -> tuple[Comparison, ...]:
        return self._store.section(SECTION, _Kept).tests

    def add(self, test: Comparison) -> None:
        self._keep((test, *self.tests)[:KEPT])

    def add_hearing(self, parts: tuple[Part, ...], shares: Sequence[Share]) -> None:
        """Keep what was preferred among these parts; nothing of a test that is forgotten."""
        hearing = Hearing(time=datetime.now(UTC), shares=tuple(shares))
        self._keep(
            tuple(
                test.model_copy(update={"hearings": (hearing, *test.hearings)[:HEARD]})
                if test.parts == parts
                else test
                for test in self.tests
            )
        )

    def hearings(self, parts: tuple[Part, ...]) -> tuple[Hearing, ...]:
        """Return what was preferred among these parts, the newest first."""
        return next((test.hearings for test in self.tests if test.parts == parts), ())

    def _keep(self, tests: tuple[Comparison, ...]) -> None:
        self._store.keep_section(SECTION, _Kept(tests=tests))
