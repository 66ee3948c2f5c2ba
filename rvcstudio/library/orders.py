"""Which conversions were asked of other computers, so that their results find their way home."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rvcstudio.library.database import Database, now


@dataclass(frozen=True, slots=True)
class Piece:
    """A recording of an order, what its result shall be called, and that result's id once it is here."""

    source: Path
    stem: str
    conversion: str | None = None


@dataclass(frozen=True, slots=True)
class SentOrder:
    """A conversion that was asked of another computer; its job knows the pieces by their numbers.

    `settings` are kept with each result; `has_come`: all that there will be is here.
    """

    computer: str
    job: str
    model: str | None
    model_name: str
    folder: Path
    pieces: tuple[Piece, ...]
    settings: dict[str, Any]
    has_come: bool = False


class Orders:
    """Remembers conversions on other computers until their results are in the library."""

    def __init__(self, database: Database, folder: Path, changed: Callable[[str], None]) -> None:
        self._database, self._folder, self._changed = database, folder, changed

    def add(self, order: SentOrder) -> None:
        """Remember what a job was asked for."""
        self._database.insert(
            "orders",
            computer=order.computer,
            job=order.job,
            model=order.model,
            model_name=order.model_name,
            folder=self._kept(order.folder),
            pieces=self._written(order.pieces),
            settings=json.dumps(order.settings, ensure_ascii=False),
            created=now(),
        )
        self._changed("orders")

    def find(self, computer: str, job: str) -> SentOrder | None:
        """Return what a job was asked for, None where it is not this library's."""
        row = self._database.row("SELECT * FROM orders WHERE computer = ? AND job = ?", computer, job)
        return self._order(row) if row else None

    def waiting(self) -> list[SentOrder]:
        """Return the orders whose results are not here yet, the newest first."""
        rows = self._database.rows("SELECT * FROM orders WHERE came IS NULL ORDER BY created DESC")
        return [self._order(row) for row in rows]

    def note(self, order: SentOrder, conversions: Mapping[int, str]) -> None:
        """Remember the results that are here, by the numbers of their pieces; the next try leaves them out."""
        pieces = [
            Piece(piece.source, piece.stem, conversions.get(number, piece.conversion))
            for number, piece in enumerate(order.pieces)
        ]
        self._change(order, "pieces = ?", self._written(pieces))

    def complete(self, order: SentOrder) -> None:
        """Remember that all results are here."""
        self._change(order, "came = ?", now())
        self._changed("orders")

    def reopen(self, computer: str, job: str) -> None:
        """Expect more of a job, which is tried again; nothing happens where it is not this library's."""
        if (order := self.find(computer, job)) is not None:
            self._change(order, "came = ?", None)

    def _change(self, order: SentOrder, what: str, value: str | None) -> None:
        with self._database.change() as connection:
            query = f"UPDATE orders SET {what} WHERE computer = ? AND job = ?"
            connection.execute(query, [value, order.computer, order.job])

    def _kept(self, path: Path) -> str:
        inside = path.is_relative_to(self._folder)
        return path.relative_to(self._folder).as_posix() if inside else str(path.absolute())

    def _written(self, pieces: Iterable[Piece]) -> str:
        lines = [[self._kept(piece.source), piece.stem, piece.conversion] for piece in pieces]
        return json.dumps(lines)  # as ASCII: names from old disks may be no Unicode

    def _order(self, row: sqlite3.Row) -> SentOrder:
        pieces = json.loads(row["pieces"])
        return SentOrder(
            computer=row["computer"],
            job=row["job"],
            model=row["model"],
            model_name=row["model_name"],
            folder=self._folder / row["folder"],
            pieces=tuple(Piece(self._folder / source, stem, made) for source, stem, made in pieces),
            settings=json.loads(row["settings"]),
            has_come=row["came"] is not None,
        )
