"""The commands, a module for each group of them.

Stages are imported when their command runs, so that `rvc --help` and bad usage answer at once.
"""

from rvc.commands.assets import ASSETS
from rvc.commands.bench import BENCH
from rvc.commands.cache import CACHE
from rvc.commands.command import Command
from rvc.commands.compression import COMPRESS
from rvc.commands.conversion import CONVERT
from rvc.commands.dataset import INDEX, PREPARE
from rvc.commands.demo import DEMO
from rvc.commands.doctor import DOCTOR
from rvc.commands.evaluation import ANSWERS, EVALUATE
from rvc.commands.exchange import BLEND, EXPORT, IMPORT, INFO
from rvc.commands.jobs import JOBS
from rvc.commands.quality import REPORT
from rvc.commands.realtime import REALTIME
from rvc.commands.setup import SETUP
from rvc.commands.training import TRAIN

COMMANDS = (
    DEMO,
    REPORT,
    PREPARE,
    TRAIN,
    INDEX,
    CONVERT,
    REALTIME,
    EVALUATE,
    ANSWERS,
    INFO,
    IMPORT,
    EXPORT,
    BLEND,
    COMPRESS,
    ASSETS,
    CACHE,
    DOCTOR,
    SETUP,
    BENCH,
    JOBS,
)

__all__ = ["COMMANDS", "Command"]
