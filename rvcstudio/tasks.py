"""Work beside the window: in threads of a pool, with its callbacks on the main thread, and cancellable.

Work is a function that takes a `Reporter` as the engine's stages do: it reports progress through
`reporter.phase(...)`, and is cancelled where the phase advances.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from rvc.errors import Paused
from rvc.events import Event, Reporter

THREADS = 4

Result = TypeVar("Result")
Failed = Callable[[BaseException], None]


class Task(QObject):
    """A piece of work on its way. `ended` comes last, however it ends."""

    ended = Signal()
    _came = Signal(str, object)

    def __init__(self, owner: QObject, listeners: dict[str, Callable[[Any], None] | None]) -> None:
        super().__init__()
        self.reporter = Reporter(lambda event: self._came.emit("progress", event))
        self._owner = owner
        self._listeners = listeners
        self._came.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Ask the work to stop at its next step; then neither `done` nor `failed` is called."""
        self.reporter.request_stop()

    def work(self, function: Callable[[Reporter], Any]) -> None:
        """Do the work. Called in a thread of the pool."""
        try:
            outcome, value = "done", function(self.reporter)
        except Paused:
            outcome, value = "cancelled", None
        except BaseException as error:  # told to the main thread, which shows it
            outcome, value = "failed", error
        self._came.emit(outcome, value)

    @Slot(str, object)
    def _hear(self, outcome: str, value: Any) -> None:
        listener = self._listeners.get(outcome)
        try:
            if listener is not None and shiboken6.isValid(self._owner):
                listener(value)
        finally:
            if outcome != "progress":
                self.ended.emit()


class _Runnable(QRunnable):
    def __init__(self, task: Task, function: Callable[[Reporter], Any]) -> None:
        super().__init__()
        self._task, self._function = task, function

    def run(self) -> None:
        self._task.work(self._function)


class Tasks(QObject):
    """Runs work in threads."""

    def __init__(self, failed: Failed, parent: QObject | None = None) -> None:
        """Tell `failed` of errors that a caller does not take care of itself."""
        super().__init__(parent)
        self._failed = failed
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(THREADS)
        self._running: set[Task] = set()

    def run(
        self,
        function: Callable[[Reporter], Result],
        done: Callable[[Result], None] | None = None,
        *,
        owner: QObject | None = None,
        failed: Failed | None = None,
        progress: Callable[[Event], None] | None = None,
        cancelled: Callable[[None], None] | None = None,
    ) -> Task:
        """Start work in a thread; the callbacks come on the main thread, unless `owner` is gone by then."""
        listeners = {
            "done": done,
            "failed": failed or self._failed,
            "progress": progress,
            "cancelled": cancelled,
        }
        task = Task(owner or self, listeners)
        self._running.add(task)
        task.ended.connect(lambda: self._running.discard(task))
        self._pool.start(_Runnable(task, function))
        return task

    @property
    def is_idle(self) -> bool:
        """Tell whether all work is done and told."""
        return not self._running

    def stop(self, wait_s: float = 5.0) -> bool:
        """Cancel everything, wait for its end, and tell whether it came."""
        for task in self._running:
            task.cancel()
        return self._pool.waitForDone(int(wait_s * 1000))
