"""The notes of a broken-off test: another title where anything that it reads is another."""

import os
from pathlib import Path

from rvc.testing import notebook


def test_every_file_of_a_folder_counts(tmp_path: Path) -> None:
    takes = tmp_path / "takes"
    takes.mkdir()
    empty = notebook.title({}, [takes])
    for name in ("a", "b"):
        (takes / name).write_text(name)
    before = notebook.title({}, [takes])
    os.utime(takes / "a", (0, 0))
    assert len({empty, before, notebook.title({}, [takes]), notebook.title({"seed": 1}, [takes])}) == 4
