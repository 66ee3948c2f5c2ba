"""The Qt binding itself: PySide6 6.12.0 dropped references to None and True, until Python 3.11 ended the program."""

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

CALLS = 200


class Caller(QObject):
    called = Signal(object)


def test_calls_lose_no_references(qapp: QApplication) -> None:
    widget, caller = QWidget(), Caller(qapp)
    caller.called.connect(lambda _value: None)
    before = [sys.getrefcount(value) for value in (None, True, False)]
    for _ in range(CALLS):
        widget.setVisible(False)
        caller.called.emit(1)
    after = [sys.getrefcount(value) for value in (None, True, False)]
    assert all(new > old - CALLS // 2 for old, new in zip(before, after, strict=True))
