"""The starter's command line; each command imports only what it needs."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rvc.errors import Error

if TYPE_CHECKING:
    from rvc.starter.speaker_settings import ClipSettings, SpeakerSettings

Settings = TypeVar("Settings", "ClipSettings", "SpeakerSettings")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and print its result as JSON."""
    arguments = _parser().parse_args(argv)
    try:
        result = arguments.run(arguments)
    except Error as error:
        print(f"error: {error}")  # noqa: T201
        return error.exit_code
    print(json.dumps(result))  # noqa: T201
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rvc.starter", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_corpus(commands.add_parser("corpus", help="recordings of speakers -> 16 kHz files"))
    _add_pack(commands.add_parser("pack", help="corpora with a teacher's features -> shards"))
    _add_distill(commands.add_parser("distill", help="shards -> encoder"))
    _add_base(commands.add_parser("base", help="recordings of speakers -> base of lite voices"))
    _add_probe(commands.add_parser("probe", help="measure an encoder"))
    _add_clips(commands.add_parser("clips", help="recordings of speakers -> clips of many voices"))
    _add_speaker(commands.add_parser("speaker", help="clips with a teacher's vectors -> speaker encoder"))
    _add_compare(commands.add_parser("compare", help="measure a speaker encoder"))
    return parser


def _add_corpus(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--speech", type=Path, nargs="+", required=True, help="folders of speakers")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30.0, help="at most, of each speaker")
    parser.add_argument("--phonemes", type=Path, help="folder of SPEAKER.phonemes.tsv")
    parser.set_defaults(run=_corpus)


def _corpus(arguments: argparse.Namespace) -> dict[str, object]:
    from rvc.starter.corpus import write_corpus

    minutes = write_corpus(arguments.speech, arguments.out, arguments.minutes, arguments.phonemes)
    return {"minutes": minutes}


def _add_pack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("corpus", type=Path, nargs="+", help="folders that `corpus` and teach.py filled")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--small", action="store_true", help="audio of 8 bits (mu-law), to travel")
    parser.add_argument("--megabytes", type=float, default=30.0, help="of a shard, at most")
    parser.set_defaults(run=_pack)


def _pack(arguments: argparse.Namespace) -> dict[str, object]:
    from rvc.starter.pack import pack

    return pack(arguments.corpus, arguments.out, arguments.small, arguments.megabytes)


def _add_distill(parser: argparse.ArgumentParser) -> None:
    from rvc.starter.settings import DistillSettings

    parser.add_argument("shards", type=Path, nargs="+", help="folders that `pack` filled")
    parser.add_argument("--out", type=Path, required=True, help="folder for the encoder, its log and state")
    parser.add_argument("--init", type=Path, help="weights to start from")
    parser.add_argument("--device", default=None, help="default: the accelerator if there is one")
    for field in fields(DistillSettings):
        kind = type(field.default)
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=kind, default=field.default)
    parser.set_defaults(run=_distill)


def _distill(arguments: argparse.Namespace) -> dict[str, object]:
    from rvc.starter.distill import distill
    from rvc.starter.settings import DistillSettings

    values = {field.name: getattr(arguments, field.name) for field in fields(DistillSettings)}
    settings = DistillSettings(**values)
    return dict(distill(arguments.shards, arguments.out, settings, arguments.init, arguments.device))


def _add_base(parser: argparse.ArgumentParser) -> None:
    from rvc import options
    from rvc.config import TrainConfig

    parser.add_argument("speech", type=Path, nargs="+", help="folders of speakers")
    parser.add_argument("--out", type=Path, required=True, help="folder for the base and its training")
    parser.add_argument("--minutes-per-speaker", type=float, default=30.0, help="at most, of recordings")
    options.add(parser, TrainConfig, skip=("name", "architecture", "preset"))
    parser.set_defaults(run=_base)


def _base(arguments: argparse.Namespace) -> dict[str, object]:
    from rvc import console, options
    from rvc.config import TrainConfig
    from rvc.events import Reporter
    from rvc.starter.base import make_base

    config = options.read(arguments, TrainConfig)
    listener = console.listener(as_json=False)
    try:
        return make_base(
            arguments.speech, arguments.out, arguments.minutes_per_speaker, config, Reporter(listener)
        )
    finally:
        listener.close()


def _add_probe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shards", type=Path, nargs="+", help="folders that `pack` filled")
    parser.add_argument("--encoder", type=Path, nargs="*", default=[], help="weights of starter encoders")
    parser.add_argument("--speech", type=Path, help="more speakers: recordings that nobody trained on")
    parser.add_argument("--wakehubert", action="store_true", help="measure WakeHuBERT-tiny as well")
    parser.set_defaults(run=_probe)


def _probe(arguments: argparse.Namespace) -> dict[str, object]:
    from rvc.starter.probe import probe

    return probe(arguments.shards, arguments.encoder, arguments.speech, arguments.wakehubert)


def _add_clips(parser: argparse.ArgumentParser) -> None:
    from rvc.starter.speaker_settings import ClipSettings

    parser.add_argument("--speech", type=Path, nargs="+", required=True, help="folders of speakers' folders")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--plain", action="store_true", help="nobody's voice is changed: for `compare`")
    _add_settings(parser, ClipSettings)
    parser.set_defaults(run=_clips)


def _clips(arguments: argparse.Namespace) -> dict[str, object]:
    from rvc.starter.speaker_corpus import write_clips
    from rvc.starter.speaker_settings import ClipSettings

    return write_clips(arguments.speech, arguments.out, _settings(arguments, ClipSettings))


def _add_speaker(parser: argparse.ArgumentParser) -> None:
    from rvc.starter.speaker_settings import SpeakerSettings

    parser.add_argument(
        "clips", type=Path, nargs="+", help="folders that `clips` and teach_speaker.py filled"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the encoder, its log and state")
    parser.add_argument("--init", type=Path, help="weights to start from")
    parser.add_argument("--device", default=None, help="default: the accelerator if there is one")
    _add_settings(parser, SpeakerSettings)
    parser.set_defaults(run=_speaker)


def _speaker(arguments: argparse.Namespace) -> dict[str, object]:
    from rvc.starter.speaker_settings import SpeakerSettings
    from rvc.starter.speaker_training import train

    settings = _settings(arguments, SpeakerSettings)
    return dict(train(arguments.clips, arguments.out, settings, arguments.init, arguments.device))


def _add_compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "clips", type=Path, nargs="+", help="folders that `clips --plain` and teach_speaker.py filled"
    )
    parser.add_argument("--encoder", type=Path, help="default: the one that ships with the program")
    parser.set_defaults(run=_compare)


def _compare(arguments: argparse.Namespace) -> dict[str, object]:
    from rvc import paths
    from rvc.analysis import speaker
    from rvc.starter.speaker_scores import compare

    return compare(arguments.encoder or paths.resource(speaker.WEIGHTS), arguments.clips)


def _add_settings(parser: argparse.ArgumentParser, settings: type) -> None:
    """Add an option for each number among the settings."""
    for field in fields(settings):
        if not isinstance(field.default, bool):
            name = f"--{field.name.replace('_', '-')}"
            parser.add_argument(name, type=type(field.default), default=field.default)


def _settings(arguments: argparse.Namespace, kind: type[Settings]) -> Settings:
    return kind(**{field.name: getattr(arguments, field.name) for field in fields(kind)})
