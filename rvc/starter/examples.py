"""Example conversions kept with every generation of the starter's weights: small Opus files and their scores.

    python -m rvc.starter.examples MODEL --generation NAME [--out docs/examples] [--voice DIR] [--sources FILE...]

Judges are machines: what a generation sounds like is best heard, beside the ones before it. Give the same
sources every time, and only such as may be published: the bundled ones, or ones made by text-to-speech.
"""

import argparse
import hashlib
import io
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import soundfile

from rvc import device, paths
from rvc.analysis.features import Features
from rvc.config import EvaluateConfig
from rvc.console import Plain
from rvc.errors import Error, InputError
from rvc.events import Reporter
from rvc.names import file_stem
from rvc.sound import audio, mark
from rvc.testing import contest, intervals, judges
from rvc.testing.contest import Contest
from rvc.testing.entrants import find
from rvc.testing.notebook import Notebook
from rvc.testing.report import Row
from rvc.testing.testset import read_recordings
from rvc.testing.trials import Trial

ENCODER = "starter/encoder.safetensors"
SCORES = "examples.json"
RATE_HZ = 24000  # one of the five that Opus knows
COMPRESSION_LEVEL = 0.928  # libsndfile's word for 24 kbit/s
BYTES_PER_SECOND = 3600  # at most, of speech at that rate
MOST_BYTES = 300_000  # of a generation, in a repository that stays small


def make(
    model: Path,
    sources: Sequence[Path],
    voice: Path,
    folder: Path,
    config: EvaluateConfig,
    reporter: Reporter,
    features: Features | None = None,
) -> list[Path]:
    """Convert `sources`, write Opus files and `examples.json` into `folder`, and return what was written.

    `voice` are recordings of the model's voice, which similarity is measured to; `features` are networks that are
    loaded already. Raises `InputError` as
    `rvc.evaluate` does, and when a source cannot be converted.
    """
    files = audio.find_audio(sources, folder)
    path = find(model)
    benches = contest.load_benches([path], None, None, config, reporter, features)
    panel = judges.load(config, device.pick(config.device))
    card = benches[0].voice.card
    with tempfile.TemporaryDirectory() as work:
        notebook = Notebook(Path(work), title="examples")
        speech = read_recordings(
            voice, None, card.rate, 0, benches[0].features, reporter, notebook.testset
        ).only(())
        made, failed = contest.hold([path], benches, speech, files, panel, config, reporter, notebook)
    if failed or not made[0].trials:
        raise InputError(
            "no_example", f"Not every source could be converted: {', '.join(failed) or 'none given'}."
        )
    ceiling = panel.similarity.ceiling() if panel.similarity else []
    targets = [
        folder / f"{number:02d}-{file_stem(one.name)}.opus" for number, one in enumerate(made[0].trials, 1)
    ]
    for trial, target in zip(made[0].trials, targets, strict=True):
        _write(target, trial, MOST_BYTES / len(targets) / BYTES_PER_SECOND, mark.generated(card.name))
    described = _describe(made[0], targets, ceiling, [one.model_dump() for one in panel.absent])
    paths.write_text(folder / SCORES, json.dumps(described, ensure_ascii=False, indent=1) + "\n")
    return [*targets, folder / SCORES]


def _write(path: Path, trial: Trial, most_s: float, comment: str) -> None:
    """Write what the model made as Opus, cut to its share of the room."""
    wave = audio.resample(trial.output.wave, trial.output.rate, RATE_HZ)[: int(most_s * RATE_HZ)]
    encoded = io.BytesIO()
    with soundfile.SoundFile(
        encoded, "w", RATE_HZ, 1, "OPUS", format="OGG", compression_level=COMPRESSION_LEVEL
    ) as file:
        file.comment = comment
        file.write(audio.limit(wave))
    with paths.atomic(path) as temporary:
        temporary.write_bytes(encoded.getvalue())


def _describe(
    made: Contest, files: Sequence[Path], ceiling: Sequence[float], absent: Sequence[object]
) -> dict[str, object]:
    entrant = made.entrant()
    names = sorted({name for row in entrant.rows for name in row.scores.model_dump(exclude_none=True)})
    averages = {name: intervals.of_mean(entrant.values("conversion", name)) for name in names}
    similarity = intervals.of_mean(list(ceiling))
    return {
        "voice": entrant.voice.model_dump(),
        "encoder_sha256": hashlib.sha256(paths.resource(ENCODER).read_bytes()).hexdigest(),
        "index": entrant.index,
        "averages": {name: asdict(one) for name, one in averages.items() if one},
        "ceiling": asdict(similarity) if similarity else None,
        "not_measured": list(absent),
        "clips": [_clip(row, file) for row, file in zip(entrant.rows, files, strict=True)],
    }


def _clip(row: Row, file: Path) -> dict[str, object]:
    return {
        "file": file.name,
        "pitch_shift": row.pitch_shift,
        "scores": row.scores.model_dump(exclude_none=True),
        "source": row.original_scores.model_dump(exclude_none=True),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m rvc.starter.examples", description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--generation", required=True, help="name of the folder that is written")
    parser.add_argument("--out", type=Path, default=Path("docs/examples"))
    parser.add_argument("--voice", type=Path, default=paths.resource("demo/voice"), help="its recordings")
    parser.add_argument("--sources", type=Path, nargs="+", default=[paths.resource("demo/source")])
    parser.add_argument("--whisper", help="folder of a Whisper model")
    arguments = parser.parse_args(argv)
    config = EvaluateConfig(whisper=arguments.whisper)
    folder = arguments.out / file_stem(arguments.generation)
    try:
        files = make(arguments.model, arguments.sources, arguments.voice, folder, config, Reporter(Plain()))
    except Error as error:
        print(error, file=sys.stderr)  # noqa: T201
        return error.exit_code
    print(f"{len(files)} files, {sum(file.stat().st_size for file in files)} bytes in {folder}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
