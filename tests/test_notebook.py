"""The notes of a broken-off test: another title where anything that it reads is another; damaged ones count as none."""

import os
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from rvc.testing import notebook, trials
from rvc.testing.notebook import Notebook
from rvc.testing.report import Scores


def test_every_file_of_a_folder_counts(tmp_path: Path) -> None:
    takes = tmp_path / "takes"
    takes.mkdir()
    empty = notebook.title({}, [takes])
    for name in ("a", "b"):
        (takes / name).write_text(name)
    before = notebook.title({}, [takes])
    os.utime(takes / "a", (0, 0))
    assert len({empty, before, notebook.title({}, [takes]), notebook.title({"seed": 1}, [takes])}) == 4


@pytest.mark.parametrize("damage", [b"", b"not a trial", None])
def test_damaged_notes_are_made_again(damage: bytes | None, tmp_path: Path) -> None:
    heard = trials.Heard(
        np.ones(8, np.float32), 16000, np.zeros(2, np.float32), np.ones((1, 4), np.float32), 9.5
    )
    trial = trials.Trial("conversion", "이름", "take", 1, heard, heard, Scores(log_mel_db=float("nan")), 3)
    notebook = Notebook(tmp_path / "notes", "one")
    notebook.trial("a", lambda: trial)
    (file,) = (tmp_path / "notes").glob("trial-*")
    if damage is not None:
        file.write_bytes(damage)
    made: list[str] = []

    def again() -> trials.Trial:
        made.append("again")
        return trial

    found = Notebook(tmp_path / "notes", "one").trial("a", again)
    assert bool(made) == (damage is not None)
    assert (found.name, found.pitch_shift, found.scores.log_mel_db, found.said) == ("이름", 3, None, None)
    np.testing.assert_equal(asdict(found.output), asdict(heard))
