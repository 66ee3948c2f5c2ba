"""What an engine of tests can do: `python -m tests.app.verbs`."""

import os
import time
from pathlib import Path
from typing import Any

from rvc import companion
from rvc.errors import InputError
from rvc.events import Reporter

IDLE_S = 30.0


def count(params: dict[str, Any], reporter: Reporter, loaded: dict[str, Any]) -> dict[str, Any]:
    """Count slowly, and remember how often that was asked for."""
    loaded["counts"] = loaded.get("counts", 0) + 1
    with reporter.phase("count", params["to"]) as phase:
        for _ in range(params["to"]):
            time.sleep(params.get("pause_s", 0.0))
            phase.advance()
    print("noise on standard output")  # noqa: T201
    return {"pid": os.getpid(), "counts": loaded["counts"], "echo": params.get("echo")}


def refuse(params: dict[str, Any], _reporter: Reporter, _loaded: dict[str, Any]) -> dict[str, Any]:
    raise InputError("empty_dataset", f"There is nothing in {params['place']}.", "Look elsewhere.")


def stumble(_params: dict[str, Any], _reporter: Reporter, _loaded: dict[str, Any]) -> dict[str, Any]:
    raise ZeroDivisionError("of the engine")


def die(params: dict[str, Any], _reporter: Reporter, _loaded: dict[str, Any]) -> dict[str, Any]:
    """End the process; when `once` names a file that is there, live."""
    once = params.get("once")
    if once is None or not Path(once).exists():
        if once:
            Path(once).touch()
        os._exit(9)
    return {"pid": os.getpid()}


def be_deaf(params: dict[str, Any], _reporter: Reporter, _loaded: dict[str, Any]) -> dict[str, Any]:
    """Work without ever looking whether to stop."""
    time.sleep(params["seconds"])
    return {}


if __name__ == "__main__":
    names = ("count", "refuse", "stumble", "die", "be_deaf")
    companion.main({name: f"tests.app.verbs:{name}" for name in names}, IDLE_S)
