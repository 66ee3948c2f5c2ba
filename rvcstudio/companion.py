"""The engine, in a warm process of its own: what needs torch at once is asked of it, from a task's thread.

    studio.tasks.run(lambda reporter: studio.engine.call("report", {...}, reporter), self.show, owner=self)

The process is `python -m rvc.companion`. It starts with the first request, ends itself when nothing is asked for a
while, and is started anew when it has ended: a request that it died of is tried once more.
"""

import contextlib
import importlib.util
import itertools
import json
import logging
import os
import queue
import subprocess
import threading
from collections.abc import Sequence
from typing import IO, Any, TypeAlias

from rvc import events, interpreter, paths, waiting
from rvc.errors import Error, Paused
from rvc.events import Reporter
from rvcstudio.paths import log_dir

log = logging.getLogger(__name__)

MODULE = "rvc.companion"
NEEDED = ("torch", "librosa", "scipy", "soundfile")
EVENTS: dict[str, type[events.Event]] = {
    kind.model_fields["event"].default: kind
    for kind in (events.Progress, events.Metrics, events.Preview, events.Checkpoint, events.Log)
}
LOOK_S = 0.1  # how often a waiting request looks whether it is cancelled
CANCEL_GRACE_S = 5.0  # then the process is ended: its work does not look
END_GRACE_S = 5.0

Message: TypeAlias = dict[str, Any]
Answers: TypeAlias = "queue.SimpleQueue[Message | None]"
"""What comes for one request; None when the process has ended."""


class EngineBug(Exception):  # noqa: N818 - it is one
    """A bug in the engine; its traceback is in the notes."""


class _Gone(Exception):  # noqa: N818 - not always an error: it ends when it is idle
    """The process ended before it answered."""


def is_installed() -> bool:
    """Tell whether this computer has the engine, or is one that only shows what others do."""
    if interpreter.is_bundled():
        return interpreter.is_ready()
    return all(importlib.util.find_spec(name) is not None for name in NEEDED)


class Engine:
    """Asks the engine's process. Several threads may call at once; it works on one request after another."""

    def __init__(self, command: Sequence[str] | None = None) -> None:
        """Start nothing yet; another `command` takes the place of the engine's own."""
        self._own_command = command
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def call(self, verb: str, params: dict[str, Any], reporter: Reporter | None = None) -> dict[str, Any]:
        """Return the engine's answer, its events passed on. Blocks: not for the main thread.

        Raises `Error`: what the verb does, no_engine, engine_ended; `Paused` when the reporter is asked to stop.
        """
        if not is_installed():
            raise Error(
                "no_engine",
                "This computer has no engine: RVC Studio was installed here without it.",
                "Set it up in the settings, or run: rvc setup",
            )
        reporter = reporter or Reporter()
        for _ in range(2):
            try:
                return self._running_child().call(verb, params, reporter)
            except _Gone:
                if reporter.stopping:
                    raise Paused from None
                log.warning("the engine ended during %s", verb)
        raise Error(
            "engine_ended",
            "The engine ended before it was done.",
            "Close other programs if memory is short, and try again.",
        )

    def warm(self) -> None:
        """Start the process, so that the first request need not wait for it."""
        if is_installed():
            self._running_child()

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.is_running

    def _running_child(self) -> "_Child":
        with self._lock:
            if self._child is None or not self._child.is_running:
                self._child = _Child(self._own_command or (interpreter.python(), "-m", MODULE))
            return self._child

    def close(self) -> None:
        """End the process; what still waits for an answer hears that it ended."""
        with self._lock:
            if self._child is not None:
                self._child.end()
                self._child = None


class _Child:
    """A running process, and who waits for its answers."""

    def __init__(self, command: Sequence[str]) -> None:
        self._numbers = itertools.count(1)
        self._answers: dict[int, Answers] = {}
        self._lock = threading.Lock()
        self._ended = False
        self._process = _start(command)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input: IO[bytes] = self._process.stdin
        self._reading = threading.Thread(target=self._read, args=[self._process.stdout], daemon=True)
        self._reading.start()

    @property
    def is_running(self) -> bool:
        return not self._ended and self._process.poll() is None

    def call(self, verb: str, params: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
        """Send a request and wait for its end. Raises `_Gone` when the process ends first."""
        number, answers = self._register()
        try:
            self._send({"id": number, "verb": verb, "params": params})
            return self._wait(number, answers, reporter)
        finally:
            with self._lock:
                self._answers.pop(number, None)

    def _register(self) -> tuple[int, Answers]:
        with self._lock:
            if self._ended:
                raise _Gone
            number = next(self._numbers)
            answers = self._answers[number] = queue.SimpleQueue()
            return number, answers

    def _wait(self, number: int, answers: Answers, reporter: Reporter) -> dict[str, Any]:
        patience_s = CANCEL_GRACE_S
        while True:
            try:
                message = answers.get(timeout=LOOK_S)
            except queue.Empty:
                if reporter.stopping:
                    patience_s = self._insist(number, patience_s)
                continue
            if message is None:
                raise _Gone
            if "event" not in message:
                return _result(message)
            if kind := EVENTS.get(message["event"]["event"]):
                reporter.emit(kind.model_validate(message["event"]))

    def _insist(self, number: int, patience_s: float) -> float:
        """Ask to give a request up, and end the process where that is not heard; return the patience left."""
        if patience_s == CANCEL_GRACE_S:
            self._send({"id": number, "cancel": True})
        if patience_s <= 0:
            self._process.kill()
        return patience_s - LOOK_S

    def _send(self, message: Message) -> None:
        line = json.dumps(message, default=str).encode()  # in ASCII, for names that are no Unicode
        try:
            with self._lock:
                self._input.write(line + b"\n")
                self._input.flush()
        except (OSError, ValueError) as error:
            raise _Gone from error

    def _read(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                message = json.loads(line)
                with self._lock:
                    answers = self._answers.get(message["id"])
                if answers is not None:
                    answers.put(message)
        self._process.wait()
        with self._lock:
            self._ended = True
            self._close_input()
            for answers in self._answers.values():
                answers.put(None)

    def end(self) -> None:
        """Let the process end by itself, or end it."""
        with self._lock:
            self._close_input()
        try:
            self._process.wait(END_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reading.join()

    def _close_input(self) -> None:
        with contextlib.suppress(OSError):  # what was not sent yet, to a process that has ended
            self._input.close()


def _start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    with (paths.make_dir(log_dir()) / "engine.log").open("wb") as errors:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **waiting.variables(os.environ), **interpreter.environment()},
            cwd=paths.sources(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )


def _result(message: Message) -> dict[str, Any]:
    """Return what an end brings, or raise what it tells."""
    if message.get("cancelled"):
        raise Paused
    error = message.get("error")
    if error is None:
        result: dict[str, Any] = message["result"]
        return result
    if error["code"] == "bug":
        bug = EngineBug(error["text"])
        bug.add_note(error["trace"])
        raise bug
    raise Error(error["code"], error["text"], error["hint"])
