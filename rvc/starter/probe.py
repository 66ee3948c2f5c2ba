"""Measure encoders: how much of what is said, and of who says it, a linear reader finds in their features."""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from rvc.analysis import content
from rvc.sound import audio
from rvc.starter import linear
from rvc.starter.encoder import HOP, MARGIN, RATE_HZ, Spectrum, load_encoder
from rvc.starter.scores import encode
from rvc.starter.shards import Shards

Encode = Callable[[Tensor], Tensor]

EACH = 12  # utterances of each speaker to learn the speaker from, and as many for its test
SAID = 500  # utterances to learn phonemes and the teacher from
KINDS = ("frame", "utterance")
FRAMES = 60  # of an utterance, for probes of single frames


def probe(
    folders: Sequence[Path], encoders: Sequence[Path], speech: Path | None, wakehubert: bool
) -> dict[str, object]:
    """Return the scores of log-mel bands, of encoders, and of WakeHuBERT-tiny if wanted.

    What is said is read from held-out sentences. Speakers are told apart from one `frame`, or the mean of an
    `utterance`: seen ones are those of the shards in `folders`, unseen ones the folders of recordings in `speech`.
    A `share` is the accuracy above chance in parts of that with log-mel bands.
    """
    torch.manual_seed(0)
    shards = Shards.open(folders)
    groups = {"seen": _seen(shards)} | ({"unseen": _unseen(speech)} if speech else {})
    chances = {f"{group}_{kind}": 1 / len(groups[group]) for group in groups for kind in KINDS}
    results: dict[str, object] = {"chances": chances}
    reference: dict[str, float] = {}
    for name, encode_wave in _encoders(encoders, wakehubert).items():
        scores = _content(shards, encode_wave)
        for group, speakers in groups.items():
            found = _speakers(speakers, encode_wave)
            scores |= {f"{group}_{kind}": accuracy for kind, accuracy in zip(KINDS, found, strict=True)}
        reference = reference or scores
        shares = {
            f"{key}_share": (scores[key] - chance) / (reference[key] - chance)
            for key, chance in chances.items()
        }
        results[name] = {key: round(value, 4) for key, value in (scores | shares).items()}
    return results


def _encoders(paths: Sequence[Path], wakehubert: bool) -> dict[str, Encode]:
    """Return functions from a wave (N) to features (T, D), log-mel bands first."""
    spectrum = Spectrum(80)

    def log_mel(wave: Tensor) -> Tensor:
        bands = spectrum.log_mel(spectrum.power(F.pad(wave, (MARGIN, MARGIN))[None]))[0]
        return bands.unflatten(0, (-1, 2)).mean(1)

    encoders: dict[str, Encode] = {"log-mel": log_mel}
    if wakehubert:
        model = content.load("wakehubert-tiny")
        encoders["wakehubert-tiny"] = lambda wave: model.encode(wave[None])[0]
    for path in paths:
        encoders[f"{path.parent.name}/{path.stem}"] = _starter(path)
    return encoders


def _starter(path: Path) -> Encode:
    encoder = load_encoder(path).encoder

    @torch.no_grad()
    def encode_wave(wave: Tensor) -> Tensor:
        return encode(encoder, wave)

    return encode_wave


def _content(shards: Shards, encode_wave: Encode) -> dict[str, float]:
    train, test = shards.of(held_out=False)[:SAID], shards.of(held_out=True)
    features, heard = ([encode_wave(part.wave) for part in parts] for parts in (train, test))
    r2 = linear.explained(
        torch.cat(features),
        torch.cat([part.target.float() for part in train]),
        torch.cat(heard),
        torch.cat([part.target.float() for part in test]),
    )
    errors = linear.phoneme_errors(
        features,
        [part.tokens for part in train],
        heard,
        [part.tokens for part in test],
        len(shards.symbols),
    )
    return {"phoneme_errors": errors, "teacher_r2": r2}


def _speakers(speakers: dict[str, list[Tensor]], encode_wave: Encode) -> tuple[float, float]:
    """Learn half of each speaker's recordings and find the speakers of the other half."""
    sets = []
    for parity in (0, 1):
        pairs = [
            (encode_wave(wave), label)
            for label, waves in enumerate(speakers.values())
            for wave in waves[parity::2][:EACH]
        ]
        sets.append(([features for features, _ in pairs], torch.tensor([label for _, label in pairs])))
    return _accuracies(*sets[0], *sets[1])


def _accuracies(
    train: list[Tensor], labels: Tensor, test: list[Tensor], wanted: Tensor
) -> tuple[float, float]:
    """Return how often the speaker is found from one frame, and from the mean of an utterance."""
    means = [torch.stack([part.mean(0) for part in parts]) for parts in (train, test)]
    utterance = linear.classifier_accuracy(means[0], labels, means[1], wanted)
    frames, counts = zip(*(_thinned(parts) for parts in (train, test)), strict=True)
    spread = labels.repeat_interleave(counts[0]), wanted.repeat_interleave(counts[1])
    return linear.classifier_accuracy(frames[0], spread[0], frames[1], spread[1]), utterance


def _thinned(parts: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Return at most FRAMES of each utterance, evenly spread, and how many of each."""
    chosen = [part[torch.linspace(0, len(part) - 1, min(FRAMES, len(part))).long()] for part in parts]
    return torch.cat(chosen), torch.tensor([len(part) for part in chosen])


def _seen(shards: Shards) -> dict[str, list[Tensor]]:
    found: dict[str, list[Tensor]] = {}
    for utterance in shards.utterances:
        waves = found.setdefault(shards.speakers[utterance.speaker], [])
        if len(waves) < 2 * EACH:
            waves.append(utterance.wave)
    return found


def _unseen(speech: Path) -> dict[str, list[Tensor]]:
    folders = sorted(path for path in speech.iterdir() if path.is_dir())
    return {folder.name: _waves(folder) for folder in folders}


def _waves(folder: Path) -> list[Tensor]:
    files = audio.find_audio([folder])
    chosen = files[:: max(len(files) // (2 * EACH), 1)][: 2 * EACH]
    waves = [torch.from_numpy(audio.read(path, RATE_HZ)[0]) for path in chosen]
    return [wave[: len(wave) // HOP * HOP] for wave in waves]
