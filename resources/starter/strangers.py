"""Have Kokoro-82M read sentences in voices that nobody has: mixtures of its voices, some beyond either of them.

    python strangers.py kokoro.onnx VOICES sentences.tsv OUT --strangers 200

needs what speak.py needs. OUT gets one folder per stranger with one recording; voices held out for tests take no
part. What is there is kept, so a stopped run goes on. The speaker encoder learns from them how people differ.
"""

import argparse
from pathlib import Path

import numpy as np
import soundfile
import speak

SEED = 11
BEYOND = 0.6  # how far a mixture may lie outside the line between two voices
NOISE = 0.5  # of the deviation among all voices


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", type=Path, help="Kokoro-82M as one ONNX file")
    parser.add_argument("voices", type=Path, help="the folder of its *.bin voices")
    parser.add_argument("transcripts", type=Path, help="file stem or language, tab, sentence")
    parser.add_argument("out", type=Path)
    parser.add_argument("--strangers", type=int, default=200)
    arguments = parser.parse_args()
    names = speak.training_voices(arguments.voices)
    kokoro = speak.load(arguments.model, arguments.voices, names)
    styles = np.stack([kokoro.voices[name] for name in names])
    texts = speak.sentences(arguments.transcripts)
    for number in range(arguments.strangers):
        path = arguments.out / f"stranger_{number:03d}" / "flac" / f"stranger_{number:03d}.flac"
        if not path.exists():
            draw = np.random.default_rng([SEED, number])
            read(
                kokoro, mixture(styles, draw), texts[draw.integers(len(texts))], draw.uniform(0.85, 1.2), path
            )


def mixture(styles: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Return a style (510, 1, 256) on the line through two of the styles (V, 510, 1, 256), and a little off it."""
    one, other = styles[draw.choice(len(styles), 2, replace=False)]
    shares = draw.uniform(-BEYOND, 1 + BEYOND, 2).repeat(128)  # timbre and manner apart
    off = NOISE * draw.random() * draw.normal(size=256) * styles.mean(1).std(0)
    return (one + shares * (other - one) + off).astype(np.float32)


def read(kokoro: "speak.Kokoro", style: np.ndarray, text: tuple[str, str], speed: float, path: Path) -> None:
    """Have a style read a sentence."""
    language, sentence = text
    wave, _ = kokoro.create(
        sentence, style, lang=speak.LANGUAGES.get(language, language), speed=speed, trim=False
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.flac")
    soundfile.write(part, speak.trim(wave), speak.RATE, subtype="PCM_16")
    part.rename(path)


if __name__ == "__main__":
    main()
