"""Write the phonemes of transcripts beside them, for the encoder's objective of what is said.

    python phonemes.py SPEECH...

needs the packages phonemizer and espeakng-loader (kokoro-onnx brings both). Every folder with a
`transcripts.tsv` gets a `phonemes.tsv`: file stem, tab, IPA without stress, length and punctuation. Sentences are
read in the language of their third column, or else in the speaker's.
"""

import argparse
import csv
import unicodedata
from pathlib import Path

import espeakng_loader
from phonemizer.backend import EspeakBackend
from phonemizer.backend.espeak.wrapper import EspeakWrapper

LANGUAGES = {"kathleen": "en-us", "flemishguy": "nl", "nathalie": "nl", "kerstin": "de"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("speech", type=Path, nargs="+", help="folders of speakers")
    parser.add_argument("--out", type=Path, help="write OUT/SPEAKER.phonemes.tsv instead")
    arguments = parser.parse_args()
    EspeakWrapper.set_library(espeakng_loader.get_library_path())
    EspeakWrapper.set_data_path(espeakng_loader.get_data_path())
    for transcript in sorted(path for root in arguments.speech for path in root.rglob("transcripts.tsv")):
        speaker = transcript.parent.name
        beside = transcript.with_name("phonemes.tsv")
        target = arguments.out / f"{speaker}.phonemes.tsv" if arguments.out else beside
        target.write_text(table(transcript, language_of(speaker)), encoding="utf-8")


def language_of(speaker: str) -> str:
    """Return what espeak calls the language that a speaker reads: Kokoro's British voices begin with b."""
    return LANGUAGES.get(speaker, "en-gb" if speaker.startswith("b") else "en-us")


def table(transcript: Path, language: str) -> str:
    """Return a transcript's rows with phonemes in place of the sentences."""
    with transcript.open(encoding="utf-8", newline="") as file:
        rows = [(*row, language)[:3] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    spoken: dict[str, str] = {}
    for each in sorted({row[2] for row in rows}):
        texts = {stem: text for stem, text, its in rows if its == each}
        espeak = EspeakBackend(each, with_stress=False, language_switch="remove-flags")
        spoken |= dict(zip(texts, espeak.phonemize(list(texts.values()), strip=True), strict=True))
    return "".join(f"{stem}\t{bare(spoken[stem])}\n" for stem, _, _ in rows)


def bare(ipa: str) -> str:
    """Keep letters only: combining marks, length and stress tell little of what is said."""
    letters = (character for character in ipa if unicodedata.category(character) in ("Ll", "Lo", "Lu"))
    return "".join(letters)


if __name__ == "__main__":
    main()
