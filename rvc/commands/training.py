"""The command that trains a voice."""

import argparse
from pathlib import Path

from rvc import options
from rvc.commands.command import Command
from rvc.config import TrainConfig
from rvc.console import duration
from rvc.events import Done, Reporter
from rvc.options import UsageError


def _train_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prepared", type=Path, metavar="PREPARED", help="folder made by `rvc prepare`")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder for the model")
    parser.add_argument(
        "--finish",
        action="store_true",
        help="do not train on: end the paused training in DIR now and keep the best of it",
    )
    parser.add_argument(
        "--estimate",
        action="store_true",
        help="do not train: take a few steps, and say how long each preset takes here",
    )
    options.add(parser, TrainConfig)


def _train(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    config = options.read(arguments, TrainConfig)
    if arguments.estimate:
        return _estimate(arguments.prepared, config, reporter)
    if arguments.out is None:
        raise UsageError("bad_option", "Say where the model shall be written: --out DIR.")
    if arguments.finish:
        reporter.request_finish()
    return _train_in(arguments.out, arguments.prepared, config, reporter)


def _train_in(out: Path, prepared: Path, config: TrainConfig, reporter: Reporter) -> Done:
    from rvc.learning.training import train

    trained = train(prepared, out, config, reporter)
    standing, found = trained.standing, trained.overtraining
    summary = {
        "steps": standing.step,
        "time": duration(standing.elapsed_s),
        "kept step": standing.best_step,
        "distance of held-out takes (log-mel, nats)": standing.best_score,
        "overtraining": None if found is None else found.text,
    }
    artifacts = {"model": str(trained.model), "record": str(trained.model.with_name("training.json"))}
    return Done(artifacts=artifacts, summary=summary)


def _estimate(prepared: Path, config: TrainConfig, reporter: Reporter) -> Done:
    from rvc.learning.estimate import estimate

    estimates = estimate(prepared, config, reporter)
    return Done(
        summary={
            name: {"minutes": round(one.seconds / 60, 1), "steps": one.steps}
            for name, one in estimates.items()
        }
    )


TRAIN = Command(
    "train",
    "train a voice on a prepared dataset",
    """
    The length is a preset, a number of steps, or minutes. Ctrl-C pauses; the same command goes on, and with --finish
    it ends there. Listen to DIR/previews while it runs. Of v2 the weights that come nearest to held-out takes are
    kept, of lite the last. DIR/training.json says everything about the training afterwards.

    Examples: rvc train prepared --estimate
              rvc train prepared --out anna --name Anna
              rvc train prepared --out anna --minutes 10
              rvc train prepared --out anna --base-generator base.safetensors --base-discriminator base-d.safetensors
    """,
    _train_arguments,
    _train,
    resumes=True,
)
