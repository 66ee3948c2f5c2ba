"""The commands, a module for each group of them.

Stages are imported when their command runs, so that `rvc --help` and bad usage answer at once.
"""

from rvc.commands.assets import ASSETS
from rvc.commands.command import Command
from rvc.commands.conversion import CONVERT
from rvc.commands.dataset import INDEX, PREPARE
from rvc.commands.demo import DEMO
from rvc.commands.evaluation import EVALUATE
from rvc.commands.exchange import EXPORT, IMPORT, INFO
from rvc.commands.training import TRAIN

COMMANDS = (DEMO, PREPARE, TRAIN, INDEX, CONVERT, EVALUATE, INFO, IMPORT, EXPORT, ASSETS)

__all__ = ["COMMANDS", "Command"]
