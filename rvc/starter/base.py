"""The base that lite voices start from: one model of many speakers, trained in the ordinary way.

The folder of a base holds `prepared/`, `training/` (with checkpoints, so that the same command goes on) and at the end
`base.safetensors`, `base-discriminator.safetensors` and `base.json`, which says what they were made from.
"""

import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from safetensors.torch import save

from rvc import paths
from rvc.analysis.content import STARTER
from rvc.assets import sha256
from rvc.config import PrepareConfig, TrainConfig
from rvc.datasets.dataset import Prepared
from rvc.datasets.preparation import prepare_recordings
from rvc.datasets.recordings import Recording
from rvc.errors import Error
from rvc.events import Reporter
from rvc.learning import checkpoint
from rvc.learning.plan import FROM_SCRATCH
from rvc.learning.training import Trained, train
from rvc.sound import audio
from rvc.starter import corpus
from rvc.voices.voice import Voice

RATE_HZ = 24000  # most free speech ends at 12 kHz
NAME = "base"


def make_base(
    speech: Sequence[Path], out: Path, minutes_per_speaker: float, config: TrainConfig, reporter: Reporter
) -> dict[str, object]:
    """Train a base on the speakers in `speech` and write its files into `out`; return its description.

    Sentences that the starter's tests use are left out. Raises `InputError` no_speakers, not_for_training, and as
    preparing and training do; `Paused` on a stop request.
    """
    recordings = [
        recording
        for folder in corpus.find_speakers(speech)
        for recording in choose(folder, minutes_per_speaker)
    ]
    settings = PrepareConfig(rate=RATE_HZ, encoder=STARTER, speakers=True)
    prepared = prepare_recordings(recordings, out / "prepared", settings, reporter)
    base = config.base_generator or FROM_SCRATCH
    config = config.model_copy(update={"name": NAME, "architecture": "lite", "base_generator": base})
    trained = train(out / "prepared", out / "training", config, reporter)
    return export(prepared, trained, out)


def choose(folder: Path, minutes: float) -> Iterator[Recording]:
    """Yield recordings of a speaker that have a transcript, `minutes` of them, always the same."""
    texts = corpus.table(folder / "transcripts.tsv")
    found = [path for path in audio.find_audio([folder]) if not corpus.is_held_out(texts.get(path.stem, ""))]
    seconds = 60 * minutes
    for path in sorted(found, key=lambda path: zlib.crc32(path.stem.encode())):
        if seconds <= 0:
            return
        if path.stem in texts:
            length = audio.duration(path)
            seconds -= length
            name = f"{folder.name}-{path.stem}"
            yield Recording(path, f"{folder.name}/{path.name}", name, sha256(path), length, folder.name)


def export(prepared: Prepared, trained: Trained, out: Path) -> dict[str, object]:
    """Write the base's three files in half precision; return what `base.json` says."""
    voice = Voice.load(trained.model)
    facts = {
        "minutes_of_speakers": minutes_of_speakers(prepared),
        "trained_minutes": round(trained.standing.elapsed_s / 60, 1),
        "sources": corpus.sources(),
    }
    card = voice.card.model_copy(update={"settings": voice.card.settings | facts})
    Voice(card, voice.synthesizer).save(out / "base.safetensors")
    _export_discriminator(trained, out / "base-discriminator.safetensors")
    described: dict[str, object] = card.model_dump(mode="json")
    paths.write_text(out / "base.json", json.dumps(described, ensure_ascii=False, indent=1) + "\n")
    return described


def minutes_of_speakers(prepared: Prepared) -> dict[str, float]:
    """Return how much of each speaker there is to learn from."""
    seconds = dict.fromkeys(prepared.speakers, 0.0)
    for clip in prepared.clips_of("train"):
        seconds[prepared.speakers[clip.speaker]] += clip.seconds
    return {name: round(length / 60, 2) for name, length in seconds.items()}


def _export_discriminator(trained: Trained, path: Path) -> None:
    newest = checkpoint.newest(trained.model.parent / "checkpoints")
    if newest is None:
        raise Error("no_checkpoint", f"{trained.model.parent} holds no checkpoint.", "Train it again.")
    weights = checkpoint.read_module(newest, "discriminator")
    with paths.atomic(path) as temporary:
        temporary.write_bytes(save({name: weight.half() for name, weight in weights.items()}))
