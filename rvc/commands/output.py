"""Tables for people on standard output; scripts read the events of `--json` instead."""

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 200  # where no terminal breaks the lines


def show(rows: Iterable[Sequence[str | Text]], *, heading: Sequence[str] = (), numbers: int = 0) -> None:
    """Print rows in columns that are as wide as they must be; the last `numbers` are set to the right."""
    rows = list(rows)
    if not rows:
        return
    columns = max(map(len, rows), default=0)
    table = Table(box=None, show_header=bool(heading), pad_edge=False, header_style="bold")
    for column in range(columns):
        table.add_column(
            heading[column] if heading else "",
            justify="right" if column >= columns - numbers else "left",
            overflow="fold",
            no_wrap=column == 0,
        )
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)
