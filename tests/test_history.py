from pathlib import Path

from rvc.learning import history
from rvc.learning.history import History, Row


def test_rows_come_back_in_order(tmp_path: Path) -> None:
    log = History(tmp_path)
    log.append(1, {"loss": 2.0})
    log.append(2, {"loss": 1.0})
    assert history.read(tmp_path) == [Row(1, {"loss": 2.0}), Row(2, {"loss": 1.0})]


def test_resuming_drops_what_came_after_the_checkpoint(tmp_path: Path) -> None:
    log = History(tmp_path)
    for step in range(1, 6):
        log.append(step, {"loss": float(step)})
    History(tmp_path, step=3)
    assert [row.step for row in history.read(tmp_path)] == [1, 2, 3]


def test_a_torn_last_line_is_ignored(tmp_path: Path) -> None:
    log = History(tmp_path)
    log.append(1, {"loss": 2.0})
    with log.path.open("a") as file:
        file.write('{"step": 2, "val')
    assert [row.step for row in history.read(tmp_path)] == [1]


def test_no_file_is_an_empty_history(tmp_path: Path) -> None:
    assert history.read(tmp_path) == []
