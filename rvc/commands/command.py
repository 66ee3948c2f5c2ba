"""What a command is: its arguments, its help, and the stage that it runs."""

import argparse
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from rvc.events import Done, Reporter

MODEL_HELP = ".safetensors, a folder with one, or a community .pth"


@dataclass(frozen=True, slots=True)
class Command:
    """One verb of the command line."""

    name: str
    summary: str
    details: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Reporter], Done]
    resumes: bool = False
    """Whether the same command goes on where it was stopped."""

    @property
    def description(self) -> str:
        return f"{self.summary[0].upper()}{self.summary[1:]}.\n\n{textwrap.dedent(self.details).strip()}"
