"""Make the demo's recordings anew: Kokoro-82M reads the sentences of the two `transcripts.tsv`.

    python make.py kokoro.onnx VOICES

needs the packages kokoro-onnx, pyloudnorm and soundfile, the model as one ONNX file
(sha256 8fbea51ea711f2af382e88c833d9e288c6dc82ce5e98421ea61c058ce21a34cb) and the folder of its voices
(`af_heart.bin` and so on, float32 [510, 1, 256]); CARD.md says where those come from.
"""

import argparse
import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyloudnorm
import soundfile
from kokoro_onnx import Kokoro

HERE = Path(__file__).parent
SPEAKERS = {"voice": "af_heart", "source": "am_michael"}
LANGUAGE = "en-us"
RATE = 24_000

LOUDNESS_LUFS = -24.0
PEAK_DBFS = -3.0
SILENCE_DB = -45.0
MARGIN_S = 0.12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", type=Path, help="Kokoro-82M as one ONNX file")
    parser.add_argument("voices", type=Path, help="the folder of its *.bin voices")
    arguments = parser.parse_args()
    kokoro = load(arguments.model, arguments.voices)
    for folder, speaker in SPEAKERS.items():
        for stem, sentence in sentences(HERE / folder / "transcripts.tsv"):
            wave, _ = kokoro.create(sentence, speaker, lang=LANGUAGE, trim=False)
            write(HERE / folder / f"{stem}.flac", finish(wave))


def load(model: Path, voices: Path) -> Kokoro:
    """Load the model with the voices that are read here, from one `.bin` each."""
    styles = {name: np.fromfile(voices / f"{name}.bin", np.float32) for name in SPEAKERS.values()}
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "voices.npz"
        np.savez(archive, **{name: style.reshape(-1, 1, 256) for name, style in styles.items()})
        kokoro = Kokoro(str(model), str(archive))
        kokoro.voices = dict(kokoro.voices)
    return kokoro


def sentences(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a transcript: stem, sentence."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def finish(wave: np.ndarray) -> np.ndarray:
    """Cut the silence around the speech and bring it to the common loudness, below the peak limit."""
    wave = trim(wave.astype(np.float64))
    loudness = pyloudnorm.Meter(RATE).integrated_loudness(wave)
    gain = 10 ** ((LOUDNESS_LUFS - loudness) / 20)
    limit = 10 ** (PEAK_DBFS / 20) / np.abs(wave).max()
    return wave * min(gain, limit)


def write(path: Path, wave: np.ndarray) -> None:
    """Write the smallest 16-bit FLAC."""
    soundfile.write(path, wave, RATE, subtype="PCM_16", compression_level=1.0)


def trim(wave: np.ndarray) -> np.ndarray:
    """Keep the speech, `MARGIN_S` before and after it, and fade the ends."""
    loud = np.flatnonzero(np.abs(wave) > np.abs(wave).max() * 10 ** (SILENCE_DB / 20))
    margin = round(MARGIN_S * RATE)
    wave = wave[max(loud[0] - margin, 0) : loud[-1] + margin].copy()
    fade = np.linspace(0, 1, margin // 4)
    wave[: fade.size] *= fade
    wave[-fade.size :] *= fade[::-1]
    return wave


if __name__ == "__main__":
    main()
