"""Commands that look at models and exchange them with other tools."""

import argparse
from pathlib import Path

from rvc import options
from rvc.commands.command import MODEL_HELP, Command
from rvc.config import BlendConfig
from rvc.events import Done, Reporter


def _info_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help=f"{MODEL_HELP}; a prepared folder; or anything"
    )


def _info(arguments: argparse.Namespace, _reporter: Reporter) -> Done:
    from rvc.voices.description import describe

    return Done(summary=describe(arguments.file))


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE.pth", help="a model of RVC-WebUI or Applio, or a G_ file"
    )
    parser.add_argument(
        "--index", type=Path, metavar="FILE.index", help="its retrieval index (default: the one beside it)"
    )
    parser.add_argument("--name", help="the voice's name (default: what the file says)")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the model")


def _import(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.synthesis.index import choose, index_path
    from rvc.voices.voice import import_pth, locate

    file = locate(arguments.file)
    found = choose(arguments.index, file, reporter)
    model = import_pth(file, found, arguments.out, arguments.name or None)
    indexes = {"index": str(index_path(model))} if found else {}
    return Done(artifacts={"model": str(model), **indexes})


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help=MODEL_HELP)
    parser.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="FILE",
        help="the file to write: .pth, .safetensors or .onnx",
    )
    parser.add_argument(
        "--format", choices=("pth", "safetensors", "onnx"), help="(default: what the name of FILE says)"
    )
    parser.add_argument(
        "--layout", choices=("webui", "applio"), default="webui", help="of .pth; both tools read both"
    )
    parser.add_argument(
        "--index", action="store_true", help="write its index beside it, under the tools' name for it"
    )


def _export(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.voices.export import export

    done = export(
        arguments.model,
        arguments.out,
        reporter,
        kind=arguments.format,
        layout=arguments.layout,
        with_index=arguments.index,
    )
    artifacts = {"model": str(done.model)} | ({"index": str(done.index)} if done.index else {})
    if done.comparison is None:
        return Done(artifacts=artifacts)
    compared = {
        "largest_difference": done.comparison.difference,
        "peak": done.comparison.peak,
        "seconds_a_second": done.comparison.pace,
        "onnx_seconds_a_second": done.comparison.onnx_pace,
    }
    return Done(artifacts=artifacts, summary=compared)


def _blend_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", type=Path, metavar="A", help=MODEL_HELP)
    parser.add_argument("second", type=Path, metavar="B", help="the other model")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the new model")
    options.add(parser, BlendConfig)


def _blend(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.voices.blend import blend

    config = options.read(arguments, BlendConfig)
    return Done(artifacts=blend(arguments.first, arguments.second, arguments.out, config, reporter))


INFO = Command(
    "info",
    "say what a model, a prepared dataset or another file is",
    """
    Of a model it prints the card: how it was made, from how much speech, with which encoder, and its scores.
    A file that cannot be used is named for what it is, and why. Nothing in it is run.
    """,
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
    "write a model for RVC-WebUI and Applio, or as ONNX",
    """
    A .pth is for v2 models that were trained on ContentVec features: only those can be used by the other tools.
    An .onnx is compared with the model before it is kept: what it speaks must be the same. It needs the extra
    package that `pip install 'rvc-studio[onnx]'` brings.

    Example: rvc export singer --out singer.pth --index
    """,
    _export_arguments,
    _export,
)

BLEND = Command(
    "blend",
    "mix two models into one",
    """
    Both must have one architecture, sample rate and content encoder, and sound well together only where they
    were trained from the same base.

    Example: rvc blend anna ben --ratio 0.3 --out duet --name duet
    """,
    _blend_arguments,
    _blend,
)
