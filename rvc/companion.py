"""`python -m rvc.companion`: a warm process beside the app that answers requests one after another, as JSON lines.

Standard input has requests, `{"id": 1, "verb": "report", "params": {...}}`, and `{"id": 1, "cancel": true}` to give
one up. Standard output has, for each, its events `{"id": 1, "event": {...}}` and then one end: `"result": {...}`,
`"cancelled": true`, or `"error"` with code, text, hint and, of a bug, its trace.
It ends when its input does, or after a while without requests. What it prints otherwise goes to standard error.
"""

import contextlib
import importlib
import json
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, TypeAlias

from rvc.errors import Error, Paused
from rvc.events import Event, Reporter

IDLE_S = 300.0
LAST_GRACE_S = 3.0  # for work to stop once nobody listens

Answer: TypeAlias = dict[str, Any]
Verb: TypeAlias = Callable[[dict[str, Any], Reporter, dict[str, Any]], Answer]
"""Does what is asked for by parameters; the last argument keeps what is loaded from one request to the next."""

VERBS: Mapping[str, str] = {
    "report": "rvc.quality.answers:report",
    "hear": "rvc.testing.hearing:hear",
    "pace": "rvc.learning.answers:pace",
    "convert": "rvc.synthesis.answers:convert",
    "propose": "rvc.synthesis.answers:propose",
    "describe": "rvc.voices.answers:describe",
    "import": "rvc.voices.answers:take_over",
    "unpack": "rvc.voices.answers:unpack",
    "export": "rvc.voices.answers:export",
    "blend": "rvc.voices.answers:blend",
}
"""What can be asked for, and the function that does it. Its module is imported with the first such request."""


class Companion:
    """Reads requests in one thread and works on them, in their order, in another."""

    def __init__(self, source: IO[bytes], sink: IO[str], verbs: Mapping[str, str] = VERBS) -> None:
        self._source, self._sink, self._verbs = source, sink, verbs
        self._writing = threading.Lock()
        self._waiting: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._reporters: dict[int, Reporter] = {}
        self._loaded: dict[str, Any] = {}

    def run(self, idle_s: float = IDLE_S) -> None:
        """Work until the requests end, or none comes for a while."""
        threading.Thread(target=self._read, daemon=True).start()
        with contextlib.suppress(queue.Empty):
            while request := self._waiting.get(timeout=idle_s):
                self._tell(request["id"], **self._answer(request))
                self._reporters.pop(request["id"], None)

    def _read(self) -> None:
        for line in self._source:
            self._take(json.loads(line))
        self._waiting.put(None)
        for reporter in list(self._reporters.values()):
            reporter.request_stop()
        time.sleep(LAST_GRACE_S)
        os._exit(0)  # nobody is left to hear of the rest

    def _take(self, message: dict[str, Any]) -> None:
        number = message["id"]
        if not message.get("cancel"):
            self._reporters[number] = Reporter(lambda event: self._tell(number, event=_as_json(event)))
            self._waiting.put(message)
        elif number in self._reporters:
            self._reporters[number].request_stop()

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        reporter = self._reporters[request["id"]]
        if reporter.stopping:
            return {"cancelled": True}
        try:
            verb = _load(self._verbs[request["verb"]])
            return {"result": verb(request["params"], reporter, self._loaded)}
        except Paused:
            return {"cancelled": True}
        except Error as error:
            return {"error": {"code": error.code, "text": error.text, "hint": error.hint}}
        except Exception as error:
            if type(error).__name__ == "OutOfMemoryError":
                text, hint = "The memory of this computer does not suffice.", "Close other programs."
                return {"error": {"code": "out_of_memory", "text": text, "hint": hint}}
            trace = traceback.format_exc()
            return {"error": {"code": "bug", "text": repr(error), "hint": "", "trace": trace}}

    def _tell(self, number: int, **message: Any) -> None:
        line = json.dumps({"id": number, **message}, default=_plain)
        with self._writing, contextlib.suppress(BrokenPipeError):
            self._sink.write(line + "\n")
            self._sink.flush()


def _load(place: str) -> Verb:
    module, _, name = place.partition(":")
    verb: Verb = getattr(importlib.import_module(module), name)
    return verb


def _as_json(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json")


def _plain(value: object) -> Any:
    """Return a value that JSON does not know as one that it does: a path as text, a number as Python's own."""
    if isinstance(value, Path):
        return str(value)
    return value.item()  # type: ignore[attr-defined]


def main(verbs: Mapping[str, str] = VERBS, idle_s: float = IDLE_S) -> None:
    """Answer requests on standard input, keeping standard output clean of everything else."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    Companion(sys.stdin.buffer, answers, verbs).run(idle_s)
    answers.close()
    os._exit(0)  # threads of libraries hold up an ordinary end


if __name__ == "__main__":
    main()
