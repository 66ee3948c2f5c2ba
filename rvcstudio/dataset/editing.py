"""What can be done to takes: each makes new files first, and then one step of the library that can be undone."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from rvc.errors import InputError
from rvc.events import Reporter
from rvcstudio.dataset import cutting, waves
from rvcstudio.dataset.cutting import Span, Written
from rvcstudio.dataset.versions import Step, Versions
from rvcstudio.library import Library, Take
from rvcstudio.library.records import plain_stem

LEAST_GAIN_DB = 0.1  # smaller changes are none
LEAST_TRIMMED_S = 0.1


class Editing:
    """Edits the takes of a library. Slow: for tasks. All raise what `cutting.write` does."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.versions = Versions(library)

    def keep(self, take: Take, span: Span) -> Step:
        """Keep a part of a take only."""
        return self.versions.replace([(take.id, self._write(take, [span]))])

    def cut_out(self, take: Take, span: Span) -> Step:
        """Take a part out of a take."""
        frames = waves.facts(take.file).frames
        return self.versions.replace([(take.id, self._write(take, cutting.without(frames, span)))])

    def amplify(self, take: Take, gain_db: float) -> Step:
        """Turn a take up or down, but not beyond -1 dBFS. Raises `InputError` no_room."""
        gain_db = min(gain_db, cutting.room_db(take.file)) if gain_db > 0 else gain_db
        if abs(gain_db) < LEAST_GAIN_DB:
            raise InputError("no_room", "This take cannot be turned up: its peaks are at -1 dBFS already.")
        return self.versions.replace([(take.id, self._write(take, _all(take), gain_db))])

    def split(self, take: Take, at: int) -> Step:
        """Make a take two, at a sample."""
        frames = waves.facts(take.file).frames
        first, second = self._write(take, [(0, at)]), self._write(take, [(at, frames)])
        return self.versions.split(take.id, first, second)

    def normalise(self, takes: Sequence[Take], reporter: Reporter) -> Step:
        """Bring the speech of takes to one level, as far as their peaks allow."""

        def write(take: Take) -> Written | None:
            gain_db = cutting.normalising_db(take.file)
            return self._write(take, _all(take), gain_db) if abs(gain_db) >= LEAST_GAIN_DB else None

        return self._each(takes, write, reporter)

    def trim(self, takes: Sequence[Take], reporter: Reporter) -> Step:
        """Take the quiet off both ends of takes, and shorten their long pauses; those without speech stay."""

        def write(take: Take) -> Written | None:
            with suppress(InputError):
                spans = cutting.speech_spans(take.file)
                facts, kept = waves.facts(take.file), sum(stop - start for start, stop in spans)
                if facts.frames - kept >= LEAST_TRIMMED_S * facts.rate:
                    return self._write(take, spans)
            return None

        return self._each(takes, write, reporter)

    def _each(
        self, takes: Sequence[Take], write: Callable[[Take], Written | None], reporter: Reporter
    ) -> Step:
        """Edit takes in one step. Raises `Paused` on a request to stop: then nothing is changed."""
        edits: list[tuple[str, Written]] = []
        try:
            with reporter.phase("edit", len(takes), unit="takes") as phase:
                for take in takes:
                    if written := write(take):
                        edits.append((take.id, written))
                    phase.advance()
            return self.versions.replace(edits)
        except BaseException:
            for _, written in edits:
                written.file.unlink(missing_ok=True)
            raise

    def _write(self, take: Take, spans: Sequence[Span], gain_db: float = 0.0) -> Written:
        to: Path = self._library.takes.new_file(take.voice, plain_stem(take.file))
        return cutting.write(take.file, to, spans, gain_db)


def _all(take: Take) -> list[Span]:
    return [(0, waves.facts(take.file).frames)]
