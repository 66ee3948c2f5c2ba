"""What the events of a job tell: its curves, previews, checkpoints and warnings, gathered as they come."""

from dataclasses import dataclass, field
from datetime import datetime

from rvc.events import Checkpoint, Done, Failed, Log, Metrics, Preview
from rvc.jobs import JobEvent, JobProgress, StateChange

HELD_OUT, HEARD = "val_mel", "heard_mel"  # what validations measure, in a training's metrics


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a job, with the time it was said."""

    time: datetime
    code: str
    text: str
    warning: bool
    params: dict[str, object]


@dataclass(slots=True)
class Curve:
    """Values over the steps of a training."""

    steps: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, step: int, value: float) -> None:
        """Add a point; a training that went back to a checkpoint draws the way from there anew."""
        while self.steps and self.steps[-1] >= step:
            self.steps.pop()
            self.values.pop()
        self.steps.append(step)
        self.values.append(value)

    def lowest(self) -> tuple[int, float] | None:
        """Return the step with the lowest value, and that value."""
        if not self.values:
            return None
        place = min(range(len(self.values)), key=self.values.__getitem__)
        return self.steps[place], self.values[place]


class Story:
    """A job's events so far, in the order of their numbers."""

    def __init__(self) -> None:
        self.number = 0
        self.progress: JobProgress | None = None
        self.curves: dict[str, Curve] = {}
        self.previews: dict[int, str] = {}
        self.checkpoints: list[int] = []
        self.said: list[Said] = []
        self.states: list[tuple[datetime, str]] = []
        self.done: Done | None = None
        self.failed: Failed | None = None

    def add(self, event: JobEvent) -> bool:
        """Take an event in, and tell whether it was new."""
        if event.number <= self.number:
            return False
        self.number = event.number
        match event.body:
            case JobProgress() as progress:
                self.progress = progress
            case Metrics(step=step, values=values):
                for name, value in values.items():
                    self.curves.setdefault(name, Curve()).add(step, value)
            case Preview(step=step, file=file):
                self.previews[step] = file
            case Checkpoint(step=step):
                self.checkpoints.append(step)
            case Log() as log:
                warning = log.level == "warning"
                self.said.append(Said(event.time, log.code, log.text, warning, log.params))
            case Done() as done:
                self.done = done
            case Failed() as failed:
                self.failed = failed
            case StateChange(state=state):
                self.states.append((event.time, str(state)))
            case _:
                pass
        return True

    @property
    def best_step(self) -> int | None:
        """The step whose model is kept: as the end says, until then the nearest to held-out takes."""
        if self.done is not None and isinstance(self.done.summary.get("kept_step"), int):
            return int(self.done.summary["kept_step"])
        lowest = self.curves.get(HELD_OUT, Curve()).lowest()
        return None if lowest is None else lowest[0]

    @property
    def overtraining(self) -> Said | None:
        """The warning that the voice only learns its recordings by heart."""
        return next((said for said in reversed(self.said) if said.code == "overtraining"), None)
