"""A training on several devices of a cluster, wherever they are: its processes are Ray Train's workers.

The worker of the job is their driver: it prepares, indexes and tests, passes events and requests on, and ends as any
worker does. What is learnt depends on their number as little as on one machine (`rvc.learning.distributed`).
"""

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from rvc.config import TrainConfig
from rvc.errors import Error, Paused
from rvc.events import Done, Event, Failed, Reporter
from rvc.jobs import stages
from rvc.jobs.ray.crew import DEVICE_SHARE
from rvc.jobs.slots import CPU
from rvc.jobs.spec import TrainSpec
from rvc.jobs.workshop import Workshop
from rvc.learning import distributed, ranks
from rvc.learning.archive import Trained

if TYPE_CHECKING:
    from ray.train.torch import TorchTrainer

POLL_S = 0.2


def train(workshop: Workshop, spec: TrainSpec, reporter: Reporter) -> Done:
    """Prepare, train on the job's devices on one machine or several, index and test."""
    return stages.train(workshop, spec, reporter, train_voice if len(workshop.devices) > 1 else None)


def train_voice(prepared: Path, out: Path, config: TrainConfig, reporter: Reporter) -> Trained:
    """Train in `config.gpus` processes of the cluster.

    Raises as `rvc.learning.training.train`, and `Error` rank_died.
    """
    import ray

    ray.init(address="auto", log_to_driver=False, configure_logging=False)
    try:
        line = ray.remote(num_cpus=0)(Line).remote()
        given = {"job": ranks.describe(prepared, out, config), "line": line}
        return Driver(_make_trainer(given, config, out.parent), line, reporter).until_done()
    finally:
        ray.shutdown()


def _make_trainer(given: dict[str, Any], config: TrainConfig, storage: Path) -> "TorchTrainer":
    """Return what starts the processes, each on a device of its own, and ends all when one of them dies."""
    from ray.train import FailureConfig, RunConfig, ScalingConfig
    from ray.train.torch import TorchConfig, TorchTrainer

    on_gpus = config.device != CPU
    return TorchTrainer(
        _learn,
        train_loop_config=given,
        torch_config=TorchConfig(distributed.backend(), timeout_s=int(distributed.PATIENCE.total_seconds())),
        scaling_config=ScalingConfig(
            num_workers=config.gpus, use_gpu=on_gpus, resources_per_worker=_resources(on_gpus=on_gpus)
        ),
        run_config=RunConfig(
            name="ray", storage_path=str(storage), failure_config=FailureConfig(max_failures=0)
        ),
    )


def _resources(*, on_gpus: bool) -> dict[str, float]:
    """Return what each process takes: a device, of which drivers have left enough."""
    if on_gpus:
        return {"GPU": DEVICE_SHARE}
    import ray

    machines = [node["Resources"].get("CPU", 0) for node in ray.nodes() if node["Alive"]]
    return {"CPU": DEVICE_SHARE * min(count for count in machines if count >= 1)}


class Line:
    """What connects the processes with their driver: events one way, requests the other. An actor of Ray's."""

    def __init__(self) -> None:
        self._said: list[tuple[int, str]] = []
        self._requests: list[str] = []

    def say(self, rank: int, event: str) -> None:
        """Keep an event until the driver asks for it."""
        self._said.append((rank, event))

    def hear(self, requests: list[str]) -> list[tuple[int, str]]:
        """Note what the driver wants, and return what was said since it last asked."""
        self._requests = requests
        said, self._said = self._said, []
        return said

    def requests(self) -> list[str]:
        return self._requests


class Driver:
    """Listens to the processes of a training until they have ended."""

    def __init__(self, trainer: "TorchTrainer", line: Any, reporter: Reporter) -> None:
        self._trainer = trainer
        self._line = line
        self._reporter = reporter
        self._done: Done | None = None
        self._failures: dict[int, Failed] = {}
        self._error: Exception | None = None

    def until_done(self) -> Trained:
        """Pass events and requests on; return what came of it, or raise the reason why nothing did."""
        fitting = threading.Thread(target=self._fit)
        fitting.start()
        while fitting.is_alive():
            self._listen()
            time.sleep(POLL_S)
        self._listen()
        if self._failures:
            failure = self._failures[min(self._failures)]
            raise Paused if failure.code == "paused" else Error(failure.code, failure.text, failure.hint)
        if self._done is None:
            raise Error(
                "rank_died",
                "One of the processes of the training died, or its machine did.",
                "Try the job again: it goes on from the last checkpoint.",
            ) from self._error
        return ranks.trained(self._done)

    def _fit(self) -> None:
        try:
            self._trainer.fit()
        except Exception as error:  # whatever it is, the processes have said more about it
            self._error = error

    def _listen(self) -> None:
        import ray

        wishes = {"stop": self._reporter.stopping, "finish": self._reporter.finishing}
        for rank, text in ray.get(self._line.hear.remote([name for name, made in wishes.items() if made])):
            event = _read(text)
            if isinstance(event, Failed):
                self._failures[rank] = event
            elif isinstance(event, Done):
                self._done = event
            elif event is not None:
                self._reporter.emit(event)


def _read(text: str) -> Event | None:
    try:
        return ranks.EVENTS.validate_json(text)
    except ValidationError:
        return None


def _learn(given: dict[str, Any]) -> None:
    """Be one of the processes."""
    import ray.train

    line, rank = given["line"], ray.train.get_context().get_world_rank()

    def say(event: Event) -> None:
        line.say.remote(rank, event.model_dump_json())

    reporter, over = Reporter(say), threading.Event()
    listening = threading.Thread(target=_pass_on, args=(line, reporter, over), daemon=True)
    if rank == 0:
        listening.start()
    try:
        done = ranks.work(given["job"], reporter)
        if rank == 0:
            ray.get(line.say.remote(rank, done.model_dump_json()))
    except Paused:
        ray.get(line.say.remote(rank, Failed(code="paused", text="Paused.").model_dump_json()))
    except Error as error:
        said = Failed(code=error.code, text=error.text, hint=error.hint)
        ray.get(line.say.remote(rank, said.model_dump_json()))
        raise
    finally:
        over.set()


def _pass_on(line: Any, reporter: Reporter, over: threading.Event) -> None:
    """Let the first process hear what the driver wants; it tells the others."""
    import ray

    while not over.wait(POLL_S):
        requests = ray.get(line.requests.remote())
        if "stop" in requests:
            reporter.request_stop()
        if "finish" in requests:
            reporter.request_finish()
