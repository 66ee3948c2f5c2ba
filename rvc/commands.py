"""The commands: their arguments, their help, and the stage each of them runs.

Stages are imported when their command runs, so that `rvc --help` and bad usage answer at once.
"""

import argparse
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rvc import options
from rvc.config import ConvertConfig, EvaluateConfig, PrepareConfig, TrainConfig
from rvc.console import duration
from rvc.errors import InputError
from rvc.events import Done, Reporter
from rvc.names import shown

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


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--voice", type=Path, metavar="DIR", help="recordings of one person (default: bundled ones)"
    )
    parser.add_argument(
        "--source", type=Path, metavar="FILE", help="what that voice shall say (default: a bundled clip)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("demo-out"), metavar="DIR", help="folder (default: demo-out)"
    )
    parser.add_argument("--minutes", type=float, default=5.0, help="training time (default: 5)")


def _demo(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.demo import demo

    if arguments.minutes <= 0:
        raise options.UsageError("bad_option", "--minutes must be more than 0.")
    outcome = demo(arguments.out, reporter, arguments.voice, arguments.source, arguments.minutes)
    files = {"converted": outcome.converted, "model": outcome.model, "report": outcome.report}
    return Done(
        artifacts={name: shown(path) for name, path in files.items()},
        summary={"note": outcome.note, "time": duration(outcome.seconds), **outcome.scores},
    )


def _prepare_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="recordings, or folders of them")
    parser.add_argument("--out", required=True, type=Path, metavar="PREPARED", help="folder for the dataset")
    parser.add_argument(
        "--rate",
        type=int,
        metavar="HZ",
        help="of the model to train (default: 40000 with a GPU, 24000 without)",
    )
    options.add(parser, PrepareConfig, skip=("rate",))


def _prepare(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.device import default_rate
    from rvc.preparation import prepare

    arguments.rate = arguments.rate or default_rate()
    config = options.read(arguments, PrepareConfig)
    prepared = prepare(arguments.paths, arguments.out, config, reporter)
    return Done(artifacts={"prepared": str(arguments.out)}, summary=prepared.summary.model_dump())


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


def _index_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prepared", type=Path, metavar="PREPARED", help="folder made by `rvc prepare`")
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument(
        "--model", type=Path, help="write the index beside this model, where `rvc convert` finds it"
    )
    place.add_argument("--out", type=Path, metavar="FILE.index", help="write it here")


def _index(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.index import write_index
    from rvc.voice import index_place

    out = arguments.out or index_place(arguments.model, arguments.prepared)
    return Done(artifacts={"index": str(write_index(arguments.prepared, out, reporter))})


def _convert_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help=MODEL_HELP)
    parser.add_argument(
        "inputs", nargs="+", type=Path, metavar="INPUT", help="recordings, or folders of them"
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="folder for the converted files"
    )
    parser.add_argument("--index", type=Path, help="retrieval index (default: the one beside the model)")
    options.add(parser, ConvertConfig)


def _convert(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.conversion import convert

    config = options.read(arguments, ConvertConfig)
    files = convert(arguments.model, arguments.inputs, arguments.out, config, reporter, arguments.index)
    return Done(
        artifacts={f"converted {number}": shown(path) for number, path in enumerate(files, 1)},
        summary={"files": len(files)},
    )


def _evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help=MODEL_HELP)
    parser.add_argument(
        "testset", type=Path, metavar="TESTSET", help="prepared folder, or recordings of this voice"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the report")
    parser.add_argument(
        "--sources", nargs="+", type=Path, default=[], help="recordings of others, to be converted"
    )
    parser.add_argument("--index", type=Path, help="retrieval index (default: the one beside the model)")
    parser.add_argument("--language", choices=("en", "ko"), default="en", help="of the report (default: en)")
    options.add(parser, EvaluateConfig)


def _evaluate(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.evaluation import evaluate

    report = evaluate(
        arguments.model,
        arguments.testset,
        arguments.out,
        options.read(arguments, EvaluateConfig),
        reporter,
        sources=arguments.sources,
        index=arguments.index,
        language=arguments.language,
    )
    files = {"report": str(arguments.out / "report.html"), "scores": str(arguments.out / "report.json")}
    return Done(artifacts=files, summary=report.scores())


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


def _assets_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action", choices=("list", "fetch"), help="say what there is, or fetch what is missing"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which of them (default: list all)")


def _assets(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc import assets

    if arguments.action == "fetch" and not arguments.names:
        raise InputError("no_name", "Say which files to fetch.", "`rvc assets list` names them.")
    names = arguments.names or list(assets.manifest())
    if arguments.action == "fetch":
        return Done(artifacts={name: str(assets.fetch(name, reporter)) for name in names})
    return Done(summary={name: _asset(name) for name in names})


def _asset(name: str) -> str:
    from rvc import assets

    entry, found = assets.entry(name), assets.find(name)
    return f"{entry.size / 1e6:.1f} MB, {entry.licence}, {found or 'not on this machine'}"


COMMANDS = (
    Command(
        "demo",
        "do the main job once: recordings in, a trained and tested voice and a conversion out",
        """
        Prepares, trains for some minutes on this computer, converts, tests, and names the files. Without arguments
        it uses the recordings that come with the program.

        Example: rvc demo --voice my-recordings/ --source friend.wav
        """,
        _demo_arguments,
        _demo,
        resumes=True,
    ),
    Command(
        "prepare",
        "turn recordings into a dataset to train on",
        """
        Cuts recordings at silences, evens their level, and works out pitch and content features. Results are kept by
        content: adding one file to 500 costs one file. A part is held out for testing before anything is learnt.

        Example: rvc prepare recordings/ extra.flac --out prepared
        """,
        _prepare_arguments,
        _prepare,
        resumes=True,
    ),
    Command(
        "train",
        "train a voice on a prepared dataset",
        """
        The length is a preset, a number of steps, or minutes. Ctrl-C pauses; the same command goes on. Listen to
        DIR/previews while it runs. Of v2 the weights that come nearest to held-out takes are kept, of lite the last.

        Examples: rvc train prepared --out anna --name Anna
                  rvc train prepared --out anna --minutes 10
        """,
        _train_arguments,
        _train,
        resumes=True,
    ),
    Command(
        "index",
        "build the retrieval index of a voice",
        """
        The index lets a conversion lean on the voice's own sounds (--index-rate of `rvc convert`). Community tools
        read it too.

        Example: rvc index prepared --model anna/Anna.safetensors
        """,
        _index_arguments,
        _index,
    ),
    Command(
        "convert",
        "speak or sing a recording in a trained voice",
        """
        Writes one file per input, named after it. The same seed gives the same file. --pitch-shift auto brings the
        source to the voice's usual pitch; for singing give semitones that keep the key, such as 12 or -12.

        Example: rvc convert anna/Anna.safetensors talk.wav --out converted --pitch-shift auto
        """,
        _convert_arguments,
        _convert,
    ),
    Command(
        "evaluate",
        "test a model on takes it has never heard",
        """
        Reconstructs held-out takes and converts recordings of others, and writes report.html (pictures, players,
        scores) and report.json.

        Example: rvc evaluate anna/Anna.safetensors prepared --out report --sources friend.wav
        """,
        _evaluate_arguments,
        _evaluate,
    ),
    Command(
        "info",
        "say what a model or a prepared dataset is",
        "Prints the card: how it was made, from how much speech, with which encoder, and its scores.",
        _info_arguments,
        _info,
    ),
    Command(
        "import",
        "take over a model of RVC-WebUI or Applio",
        """
        Reads the weights without running anything in the file; a file that holds more than weights is refused.

        Example: rvc import singer.pth --index added_IVF512_Flat_singer_v2.index --out singer
        """,
        _import_arguments,
        _import,
    ),
    Command(
        "export",
        "write a model for RVC-WebUI and Applio",
        "Only v2 models that were trained on ContentVec features can be used by those tools.",
        _export_arguments,
        _export,
    ),
    Command(
        "assets",
        "list or fetch pretrained files",
        """
        Files are looked for in the folders of RVC_STUDIO_ASSETS first, so what you have need not be fetched again.

        Example: rvc assets fetch contentvec rmvpe
        """,
        _assets_arguments,
        _assets,
    ),
)
