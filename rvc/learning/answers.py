"""How long trainings take on this machine, for the app: measured with the recordings that come with the program."""

from typing import Any

from rvc import paths
from rvc.config import PrepareConfig, TrainConfig
from rvc.datasets.dataset import Prepared
from rvc.datasets.preparation import prepare
from rvc.device import default_rate
from rvc.events import Reporter
from rvc.learning.estimate import estimate
from rvc.learning.plan import default_architecture

RECORDINGS = 8
FOLDER = "pace"


def pace(params: dict[str, Any], reporter: Reporter, _loaded: dict[str, Any]) -> dict[str, Any]:
    """Return the architecture and `seconds` of each preset for `rate` Hz, or for what this machine would choose."""
    rate = params.get("rate") or default_rate()
    prepared = paths.cache_dir() / FOLDER / str(rate)
    if not Prepared.is_at(prepared):
        recordings = sorted(paths.resource("demo/voice").glob("*.flac"))[:RECORDINGS]
        prepare(recordings, prepared, PrepareConfig(rate=rate), reporter)
    architecture = params.get("architecture") or default_architecture(rate)
    found = estimate(prepared, TrainConfig(architecture=architecture), reporter)
    return {"architecture": architecture, "seconds": {name: one.seconds for name, one in found.items()}}
