"""Train in several processes of this machine, one a GPU: starts them, listens to the first, and notices when one dies.

Each is `python -m rvc.learning.ranks`. It reads what to do as a line of JSON from its standard input, then requests
("stop", "finish"); the end of the input, which comes however this process ends, stops it too. Nothing is left running.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import torch.distributed as dist
from pydantic import TypeAdapter, ValidationError

from rvc import events
from rvc.config import TrainConfig
from rvc.device import pick
from rvc.errors import Error, InputError, Paused
from rvc.events import Done, Event, Failed, Reporter
from rvc.learning.checkpoint import Standing
from rvc.learning.overtraining import Overtraining

if TYPE_CHECKING:
    from rvc.learning.archive import Trained

HOST = "127.0.0.1"
POLL_S = 0.1
LOOPBACK = {"linux": "lo", "darwin": "lo0"}
STORE = {"TORCHELASTIC_USE_AGENT_STORE": "True", "USE_LIBUV": "0"}  # there is one: none of them opens its own
GRACE_S = 5.0  # for the others to say why they end, once one has
EVENTS: TypeAdapter[Event] = TypeAdapter(
    events.Progress | events.Metrics | events.Preview | events.Checkpoint | events.Log | Done | Failed
)


def train(prepared: Path, out: Path, config: TrainConfig, reporter: Reporter) -> "Trained":
    """Train in `config.gpus` processes. Raises as `rvc.learning.training.train`, and `Error` rank_died."""
    _check_devices(config)
    with _started(config.gpus, json.dumps(describe(prepared, out, config))) as crew:
        return Watch(crew, reporter).until_done()


def _check_devices(config: TrainConfig) -> None:
    if not dist.is_available():
        raise InputError("too_few_gpus", "This build of PyTorch trains in one process only.", "Use --gpus 1.")
    if config.device == "cpu":  # asked for: its processes share the cores
        return
    device = pick(config.device)
    count = torch.cuda.device_count() if device.type == "cuda" else int(device.type != "cpu")
    usable = max(count, 1)
    if count < config.gpus:
        raise InputError(
            "too_few_gpus",
            f"{config.gpus} GPUs were asked for, and this machine has {count}.",
            f"Use --gpus {usable}.",
        )


@contextlib.contextmanager
def _started(count: int, job: str) -> Iterator[list["subprocess.Popen[str]"]]:
    """Start the processes and give each its job; all have ended when the block has."""
    # They meet at a store of this process, at a port that is surely free; torchrun does the same.
    store = dist.TCPStore(HOST, 0, is_master=True, wait_for_workers=False, use_libuv=False)
    crew = [_start(rank, count, store.port) for rank in range(count)]
    try:
        for process in crew:
            _tell(process, job)
        yield crew
    finally:
        for process in crew:
            process.kill()
        for process in crew:
            process.communicate()


def _start(rank: int, count: int, port: int) -> "subprocess.Popen[str]":
    places = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": count, "MASTER_ADDR": HOST, "MASTER_PORT": port}
    usual = {"OMP_NUM_THREADS": str(max((os.cpu_count() or 1) // count, 1))}
    if sys.platform in LOOPBACK:  # else gloo looks for the network that the computer's name belongs to
        usual["GLOO_SOCKET_IFNAME"] = LOOPBACK[sys.platform]
    environment = usual | os.environ | STORE | {name: str(value) for name, value in places.items()}
    return subprocess.Popen(
        [sys.executable, "-m", "rvc.learning.ranks"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
        encoding="utf-8",
    )


def _tell(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError):  # it has ended, which its exit code tells
        process.stdin.write(f"{line}\n")
        process.stdin.flush()


class Watch:
    """Listens to the processes of a training until they have ended."""

    def __init__(self, crew: list["subprocess.Popen[str]"], reporter: Reporter) -> None:
        self._crew = crew
        self._reporter = reporter
        self._done: Done | None = None
        self._failures: dict[int, Failed] = {}
        self._readers = [
            threading.Thread(target=self._read, args=(rank, process), daemon=True)
            for rank, process in enumerate(crew)
        ]

    def until_done(self) -> "Trained":
        """Pass events and requests on; return what came of it, or raise the reason why nothing did."""
        for reader in self._readers:
            reader.start()
        passed: set[str] = set()
        while (codes := [process.poll() for process in self._crew]) != [0] * len(codes):
            if any(codes):
                return self._give_up()
            self._pass_on(passed)
            time.sleep(POLL_S)
        for reader in self._readers:
            reader.join()
        if self._done is None:
            raise Error("rank_died", "The training ended without a result.", "Run the same command again.")
        return trained(self._done)

    def _pass_on(self, passed: set[str]) -> None:
        requests = {"stop": self._reporter.stopping, "finish": self._reporter.finishing}
        for name, made in requests.items():
            if made and name not in passed:
                passed.add(name)
                _tell(self._crew[0], name)

    def _read(self, rank: int, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            try:
                event = EVENTS.validate_json(line)
            except ValidationError:
                continue  # what a library printed
            if isinstance(event, Failed):
                self._failures[rank] = event
            elif isinstance(event, Done):
                self._done = event
            else:
                self._reporter.emit(event)

    def _give_up(self) -> "Trained":
        """Wait a little for reasons, then raise the one that came first: those left alone only say that they are."""
        dead = next((rank for rank, process in enumerate(self._crew) if (process.poll() or 0) < 0), None)
        deadline = time.monotonic() + GRACE_S
        while dead is None and time.monotonic() < deadline and any(p.poll() is None for p in self._crew):
            time.sleep(POLL_S)
        for process in self._crew:
            process.kill()
        for reader in self._readers:
            reader.join()
        if dead is not None or not self._failures:
            raise _died(dead, len(self._crew))
        failure = self._failures[min(self._failures)]
        if failure.code == "paused":
            raise Paused
        code = self._crew[min(self._failures)].returncode
        raise (InputError if code == InputError.exit_code else Error)(
            failure.code, failure.text, failure.hint
        )


def _died(rank: int | None, count: int) -> Error:
    which = "One" if rank is None else f"Number {rank + 1}"
    return Error(
        "rank_died",
        f"{which} of the {count} processes of the training died, and the others were ended.",
        "Run the same command again: it goes on from the last checkpoint.",
    )


def trained(done: Done) -> "Trained":
    """Read what the first of the processes has said at its end."""
    from rvc.learning.archive import Trained

    standing, found = done.summary["standing"], done.summary["overtraining"]
    return Trained(
        Path(done.artifacts["model"]),
        Standing.model_validate(standing),
        None if found is None else Overtraining.model_validate(found),
    )


def main() -> int:
    """Be one of the processes; return the exit code that the command line would."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # whoever started this one is asked, and tells it
    job = json.loads(sys.stdin.readline())
    reporter = Reporter(_say)
    threading.Thread(target=_listen, args=(reporter,), daemon=True).start()
    try:
        _say(work(job, reporter))
    except Paused:
        _say(Failed(code="paused", text="Paused."))
        return Paused.exit_code
    except Error as error:
        _say(Failed(code=error.code, text=error.text, hint=error.hint))
        return error.exit_code
    return 0


def describe(prepared: Path, out: Path, config: TrainConfig) -> dict[str, Any]:
    """Return what each of the processes is told to do."""
    return {"prepared": str(prepared), "out": str(out), "config": config.model_dump(mode="json")}


def work(job: dict[str, Any], reporter: Reporter) -> Done:
    """Train as one of several processes; raises as `rvc.learning.training.train`."""
    from rvc.learning import training

    config = TrainConfig.model_validate(job["config"])
    trained = training.train(Path(job["prepared"]), Path(job["out"]), config, reporter)
    found = trained.overtraining
    summary = {
        "standing": trained.standing.model_dump(),
        "overtraining": None if found is None else found.model_dump(),
    }
    return Done(artifacts={"model": str(trained.model)}, summary=summary)


def _listen(reporter: Reporter) -> None:
    for line in sys.stdin:
        if line.strip() == "finish":
            reporter.request_finish()
        elif line.strip() == "stop":
            break
    reporter.request_stop()


def _say(event: Event) -> None:
    """Tell whoever started this process; when that is gone, the work is still to be saved."""
    try:
        sys.stdout.write(f"{event.model_dump_json()}\n")
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # at an ordinary end the threads of gloo may abort a process whose work is done
