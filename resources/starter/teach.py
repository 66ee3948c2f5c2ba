"""Write the teacher's features of a corpus: the last layer of Whisper-base's encoder, 512 at 50 frames/s.

    python teach.py CORPUS WHISPER

needs the packages faster-whisper (ctranslate2) and numpy, a folder that `python -m rvc.starter corpus` made,
and Whisper-base in CTranslate2's format. Every `recordings-N.npz` gets a `teacher-N.npy`; those there are kept.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor

RATE = 16_000
HOP = 320
WINDOW = 30 * RATE
GAP = 25 * HOP  # silence between the recordings that share a window


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("whisper", type=Path)
    arguments = parser.parse_args()
    model = ctranslate2.models.Whisper(str(arguments.whisper), device="cpu", compute_type="float32")
    for recordings in sorted(arguments.corpus.glob("recordings-*.npz")):
        target = recordings.with_name(recordings.stem.replace("recordings", "teacher") + ".npy")
        if not target.exists():
            part = target.with_suffix(".part.npy")
            np.save(part, features(model, recordings))
            part.rename(target)


def features(model: ctranslate2.models.Whisper, path: Path) -> np.ndarray:
    """Return the features (T, 512) fp16 of all recordings of a file, one after another, N // 320 of each."""
    with np.load(path) as file:
        ends = np.cumsum(file["samples"])
        waves = np.split(file["audio"], ends[:-1])
    extractor = FeatureExtractor()
    made = []
    for group in windows(waves):
        heard = np.concatenate([np.append(wave, np.zeros(GAP, np.int16)) for wave in group])
        heard = heard[HOP // 2 : WINDOW]  # the teacher's frame i is centred at sample 320 i, ours 160 later
        window = np.zeros(WINDOW, np.float32)
        window[: len(heard)] = heard / 32768
        mel = extractor(window, padding=0)[None, :, :3000].astype(np.float32)
        encoded = np.array(model.encode(ctranslate2.StorageView.from_array(np.ascontiguousarray(mel))))[0]
        made.extend(cut(encoded, group))
    return np.concatenate(made).astype(np.float16)


def windows(waves: list[np.ndarray]) -> Iterator[list[np.ndarray]]:
    """Group recordings, in order, so that each group with its gaps fits the teacher's window."""
    group: list[np.ndarray] = []
    for wave in waves:
        if group and sum(len(other) + GAP for other in [*group, wave]) > WINDOW:
            yield group
            group = []
        group.append(wave)
    if group:
        yield group


def cut(encoded: np.ndarray, group: list[np.ndarray]) -> Iterator[np.ndarray]:
    """Yield the frames of each recording of a window; all are a whole number of frames long."""
    start = 0
    for wave in group:
        yield encoded[start // HOP : (start + len(wave)) // HOP]
        start += len(wave) + GAP


if __name__ == "__main__":
    main()
