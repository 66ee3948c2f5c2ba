"""The numbers of a training as TensorBoard reads them, where that package is installed."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from rvc.events import Event, Metrics

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

FOLDER = "tensorboard"


class Board:
    """Listens to a training; does nothing without the package."""

    def __init__(self, folder: Path, step: int) -> None:
        """Write into a folder below `folder`; what an earlier run wrote after `step` is not shown."""
        self._writer: SummaryWriter | None = None
        if importlib.util.find_spec("tensorboard") is not None:
            from torch.utils import tensorboard

            self._writer = tensorboard.SummaryWriter(
                str(folder / FOLDER), purge_step=step + 1 if step else None
            )

    def __call__(self, event: Event) -> None:
        if self._writer is None or not isinstance(event, Metrics):
            return
        for name, value in event.values.items():
            group = "loss" if name.startswith("loss_") else "distance"
            self._writer.add_scalar(f"{group}/{name.removeprefix('loss_')}", value, event.step)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
