"""Write the sounds of the English prompts beside them, for their coverage: `en.txt` -> `en.sounds.txt`.

    python resources/prompts/make.py

also writes `en.words.txt`, how single words are said: those of the prompts, and the common ones that are in it. It
needs the program espeak-ng, which is no part of RVC Studio. Its American English is folded into the 39 phonemes of the
CMU pronouncing dictionary: flaps are T, reduced vowels AH or IH, and those before R the plain ones.
"""

import re
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
FOLDED = (  # longest first; espeak-ng's symbols without stress and length
    *(("tʃ", "CH"), ("dʒ", "JH"), ("aɪə", "AY AH"), ("aɪɚ", "AY ER"), ("aɪ", "AY"), ("aʊ", "AW")),
    *(("eɪ", "EY"), ("oʊ", "OW"), ("ɔɪ", "OY"), ("iə", "IY AH"), ("ɑ", "AA"), ("æ", "AE"), ("ʌ", "AH")),
    *(("ə", "AH"), ("ɐ", "AH"), ("a", "AH"), ("ɔ", "AO"), ("o", "AO"), ("ɛ", "EH"), ("e", "EH"), ("ɜ", "ER")),
    *(("ɚ", "ER"), ("ɪ", "IH"), ("ᵻ", "IH"), ("i", "IY"), ("ʊ", "UH"), ("u", "UW"), ("b", "B"), ("d", "D")),
    *(("ð", "DH"), ("f", "F"), ("ɡ", "G"), ("h", "HH"), ("k", "K"), ("l", "L"), ("m", "M"), ("n", "N")),
    *(("ŋ", "NG"), ("p", "P"), ("ɹ", "R"), ("s", "S"), ("ʃ", "SH"), ("t", "T"), ("θ", "TH"), ("v", "V")),
    *(("w", "W"), ("j", "Y"), ("z", "Z"), ("ʒ", "ZH"), ("ɾ", "T"), ("ʔ", "T")),
)
SILENT = re.compile(r"[ˈˌː̩̃]")
WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


def phonemes(sentence: str) -> list[str]:
    """Return what espeak-ng says of a sentence, as phonemes of the CMU dictionary."""
    command = ["espeak-ng", "-v", "en-us", "--ipa", "-q", sentence]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rest, found = SILENT.sub("", said), []
    while rest := rest.lstrip(" \n"):
        symbol, names = next(pair for pair in FOLDED if rest.startswith(pair[0]))
        found += names.split()
        rest = rest[len(symbol) :]
    return found


def words(sentences: list[str]) -> set[str]:
    """Return the words of sentences, and those that were transcribed before."""
    kept = (HERE / "en.words.txt").read_text(encoding="utf-8").splitlines()
    read = {word for sentence in sentences for word in WORD.findall(sentence.lower())}
    return read | {line.partition("\t")[0] for line in kept}


def main() -> None:
    lines = (HERE / "en.txt").read_text(encoding="utf-8").splitlines()
    sentences = [line.partition("\t")[2] for line in lines]
    sounds = "".join(f"{' '.join(phonemes(sentence))}\n" for sentence in sentences)
    (HERE / "en.sounds.txt").write_text(sounds, encoding="utf-8")
    said = "".join(f"{word}\t{' '.join(phonemes(word))}\n" for word in sorted(words(sentences)))
    (HERE / "en.words.txt").write_text(said, encoding="utf-8")


if __name__ == "__main__":
    main()
