"""The numbers of a training over its steps: one JSON object a line, for curves and reports."""

import json
from pathlib import Path
from typing import NamedTuple

from rvc import paths

FILE_NAME = "history.jsonl"


class Row(NamedTuple):
    """Named values at a step."""

    step: int
    values: dict[str, float]


class History:
    """Appends rows to a file beside the model; rows after `step` (of a run that was cut off) are dropped."""

    def __init__(self, folder: Path, step: int = 0) -> None:
        self.path = folder / FILE_NAME
        kept = [row for row in read(folder) if row.step <= step]
        paths.write_text(self.path, "".join(_line(row) for row in kept))

    def append(self, step: int, values: dict[str, float]) -> None:
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(_line(Row(step, values)))
        except OSError as error:
            raise paths.as_error(error, self.path) from error


def read(folder: Path) -> list[Row]:
    """Return all rows of the history in `folder`; a torn last line is ignored."""
    path = folder / FILE_NAME
    if not path.exists():
        return []
    return [row for line in path.read_text(encoding="utf-8").splitlines() if (row := _parse(line))]


def _line(row: Row) -> str:
    return json.dumps({"step": row.step, "values": row.values}) + "\n"


def _parse(line: str) -> Row | None:
    try:
        data = json.loads(line)
        return Row(int(data["step"]), dict(data["values"]))
    except (ValueError, KeyError, TypeError):
        return None
