"""Make the synthetic part of the starter's corpus: the voices of Kokoro-82M read sentences, each voice others.

    python speak.py kokoro.onnx VOICES TRANSCRIPTS.tsv OUT --sentences 20      a CC0 speaker's English sentences
    python speak.py kokoro.onnx VOICES sentences.tsv OUT --sentences 20        our own, in five languages

needs the packages kokoro-onnx and soundfile, the model as one ONNX file
(sha256 8fbea51ea711f2af382e88c833d9e288c6dc82ce5e98421ea61c058ce21a34cb) and the folder of its voices
(`af_bella.bin` and so on, float32 [510, 1, 256]). OUT gets one folder per voice, laid out as the speech it was
made after: `flac/*.flac` (24 kHz) and `transcripts.tsv`, with the language as a third column. What is there is
kept, so a stopped run goes on.
"""

import argparse
import csv
import random
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from kokoro_onnx import Kokoro

LANGUAGES = {"en": "en-us", "fr": "fr-fr", "pt": "pt-br"}  # as espeak-ng calls them
# Never trained on: they are the unseen voices of the tests.
HELD_OUT = {"af_heart", "am_michael", "bf_emma", "bm_george", "jf_alpha", "hf_alpha"}
RATE = 24_000
SILENCE_DB = -45.0
MARGIN_S = 0.1
PEAK = 0.5
SEED = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", type=Path, help="Kokoro-82M as one ONNX file")
    parser.add_argument("voices", type=Path, help="the folder of its *.bin voices")
    parser.add_argument("transcripts", type=Path, help="file stem or language, tab, sentence")
    parser.add_argument("out", type=Path)
    parser.add_argument("--sentences", type=int, default=20, help="sentences for each voice")
    parser.add_argument("--only", nargs="*", help="these voices, also held-out ones")
    arguments = parser.parse_args()
    names = arguments.only or training_voices(arguments.voices)
    kokoro = load(arguments.model, arguments.voices, names)
    texts = sentences(arguments.transcripts)
    for turn in range(arguments.sentences):  # all voices in turn, so that a stopped run is balanced
        for place, name in enumerate(names):
            language, text = texts[(turn * len(names) + place) % len(texts)]
            read(kokoro, name, language, text, arguments.out / name)


def training_voices(folder: Path) -> list[str]:
    """Return the voices that may be trained on, the English ones first."""
    names = sorted(path.stem for path in folder.glob("*.bin") if path.stem not in HELD_OUT)
    return sorted(names, key=lambda name: name[0] not in "ab")


def load(model: Path, voices: Path, names: list[str]) -> Kokoro:
    """Load the model with some of its voices, from one `.bin` each."""
    styles = {name: np.fromfile(voices / f"{name}.bin", np.float32) for name in names}
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "voices.npz"
        np.savez(archive, **{name: style.reshape(-1, 1, 256) for name, style in styles.items()})
        kokoro = Kokoro(str(model), str(archive))
        kokoro.voices = dict(kokoro.voices)
    return kokoro


def sentences(path: Path) -> list[tuple[str, str]]:
    """Return the different (language, sentence) of a table in an order of our own."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    texts = sorted({(key if len(key) == 2 else "en", text) for key, text in rows})
    random.Random(SEED).shuffle(texts)
    return texts


def read(kokoro: Kokoro, name: str, language: str, text: str, folder: Path) -> None:
    """Have a voice read a sentence, unless it has done so, at a speed that depends on voice and sentence."""
    stem = f"{name}_{abs(hash_of(text)):08x}"
    path = folder / "flac" / f"{stem}.flac"
    if path.exists():
        return
    speed = random.Random(stem).uniform(0.85, 1.15)
    spoken = "en-gb" if name[0] == "b" and language == "en" else LANGUAGES.get(language, language)
    wave, _ = kokoro.create(text, name, lang=spoken, speed=speed, trim=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.flac")
    soundfile.write(part, trim(wave), RATE, subtype="PCM_16", compression_level=1.0)
    with (folder / "transcripts.tsv").open("a", encoding="utf-8") as file:
        file.write(f"{stem}\t{text}\t{spoken}\n")
    part.rename(path)


def hash_of(text: str) -> int:
    """Return a number that is the same in every run."""
    return int.from_bytes(text.encode(), "big") % 4_294_967_291


def trim(wave: np.ndarray) -> np.ndarray:
    """Keep the speech and a little around it, at half of full scale."""
    loud = np.flatnonzero(np.abs(wave) > np.abs(wave).max() * 10 ** (SILENCE_DB / 20))
    margin = round(MARGIN_S * RATE)
    wave = wave[max(loud[0] - margin, 0) : loud[-1] + margin]
    return wave / np.abs(wave).max() * PEAK


if __name__ == "__main__":
    main()
