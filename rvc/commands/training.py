"""The command that trains a voice."""

import argparse
from pathlib import Path

from rvc import options
from rvc.commands.command import Command
from rvc.config import TrainConfig
from rvc.console import duration
from rvc.events import Done, Reporter


def _train_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prepared", type=Path, metavar="PREPARED", help="folder made by `rvc prepare`")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the model")
    options.add(parser, TrainConfig)


def _train(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.training import train

    trained = train(arguments.prepared, arguments.out, options.read(arguments, TrainConfig), reporter)
    standing = trained.standing
    summary = {
        "steps": standing.step,
        "time": duration(standing.elapsed_s),
        "kept step": standing.best_step,
        "distance of held-out takes (log-mel, nats)": standing.best_score,
    }
    return Done(artifacts={"model": str(trained.model)}, summary=summary)


TRAIN = Command(
    "train",
    "train a voice on a prepared dataset",
    """
    The length is a preset, a number of steps, or minutes. Ctrl-C pauses; the same command goes on. Listen to
    DIR/previews while it runs. Of v2 the weights that come nearest to held-out takes are kept, of lite the last.

    Examples: rvc train prepared --out anna --name Anna
              rvc train prepared --out anna --minutes 10
              rvc train prepared --out anna --base-generator base.safetensors --base-discriminator base-d.safetensors
    """,
    _train_arguments,
    _train,
    resumes=True,
)
