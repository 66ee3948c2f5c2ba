"""Commands that look at models and exchange them with other tools."""

import argparse
from pathlib import Path

from rvc.commands.command import MODEL_HELP, Command
from rvc.events import Done, Reporter


def _info_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="MODEL", help=f"{MODEL_HELP}; or a prepared folder")


def _info(arguments: argparse.Namespace, _reporter: Reporter) -> Done:
    from rvc.dataset import Prepared
    from rvc.voice import Voice

    if Prepared.is_at(arguments.file):
        return Done(summary=Prepared.open(arguments.file).model_dump(mode="json", exclude={"takes", "clips"}))
    return Done(summary=Voice.load(arguments.file).card.model_dump(mode="json"))


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.pth", help="a model of RVC-WebUI or Applio")
    parser.add_argument("--index", type=Path, metavar="FILE.index", help="its retrieval index")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the model")


def _import(arguments: argparse.Namespace, _reporter: Reporter) -> Done:
    from rvc.voice import import_pth

    return Done(artifacts={"model": str(import_pth(arguments.file, arguments.index, arguments.out))})


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help=MODEL_HELP)
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.pth", help="the file to write")
    parser.add_argument("--layout", choices=("webui", "applio"), default="webui", help="both tools read both")


def _export(arguments: argparse.Namespace, _reporter: Reporter) -> Done:
    from rvc.voice import Voice, export_pth

    export_pth(Voice.load(arguments.model), arguments.out, arguments.layout)
    return Done(artifacts={"model": str(arguments.out)})


INFO = Command(
    "info",
    "say what a model or a prepared dataset is",
    "Prints the card: how it was made, from how much speech, with which encoder, and its scores.",
    _info_arguments,
    _info,
)

IMPORT = Command(
    "import",
    "take over a model of RVC-WebUI or Applio",
    """
    Reads the weights without running anything in the file; a file that holds more than weights is refused.

    Example: rvc import singer.pth --index added_IVF512_Flat_singer_v2.index --out singer
    """,
    _import_arguments,
    _import,
)

EXPORT = Command(
    "export",
    "write a model for RVC-WebUI and Applio",
    "Only v2 models that were trained on ContentVec features can be used by those tools.",
    _export_arguments,
    _export,
)
