"""The bundled recordings are what their card says."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from rvc import paths

DEMO = paths.resource("demo")
VOICE = sorted((DEMO / "voice").glob("*.flac"))
SOURCE = sorted((DEMO / "source").glob("*.flac"))
SIZE_LIMIT_BYTES = 5_000_000

FRAME_S = 0.05
SILENCE_DBFS = -50.0


def seconds(files: list[Path]) -> float:
    return sum(soundfile.info(path).duration for path in files)


def frame_levels(path: Path) -> np.ndarray:
    """Return the level of every 50 ms, dBFS."""
    wave, rate = soundfile.read(path)
    frame = round(FRAME_S * rate)
    frames = wave[: wave.size // frame * frame].reshape(-1, frame)
    return 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)


def test_amounts() -> None:
    assert 170 <= seconds(VOICE) <= 190
    assert len(SOURCE) == 1
    assert 8 <= seconds(SOURCE) <= 11
    assert all(2.5 <= soundfile.info(path).duration <= 6 for path in VOICE)


def test_everything_together_is_small() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*.*")) <= SIZE_LIMIT_BYTES


@pytest.mark.parametrize("path", VOICE + SOURCE, ids=lambda path: path.stem)
def test_a_recording_is_well_made(path: Path) -> None:
    info = soundfile.info(path)
    wave, _ = soundfile.read(path)
    levels = frame_levels(path)
    speech = levels > SILENCE_DBFS
    assert (info.format, info.subtype, info.samplerate, info.channels) == ("FLAC", "PCM_16", 24_000, 1)
    assert np.abs(wave).max() <= 10 ** (-2.99 / 20)
    assert -28 <= 10 * np.log10(np.mean(10 ** (levels[speech] / 10))) <= -20
    assert speech.mean() > 0.6
    assert speech[:6].any()
    assert speech[-6:].any()


@pytest.mark.parametrize("files", [VOICE, SOURCE], ids=["voice", "source"])
def test_the_transcript_names_every_recording(files: list[Path]) -> None:
    rows = (files[0].parent / "transcripts.tsv").read_text(encoding="utf-8").splitlines()
    stems, sentences = zip(*(row.split("\t") for row in rows), strict=True)
    assert list(stems) == [path.stem for path in files]
    assert len(set(sentences)) == len(sentences)
    assert all(sentence[0].isupper() and sentence[-1] in ".?!" for sentence in sentences)


def test_the_card_says_where_they_come_from() -> None:
    card = (DEMO / "CARD.md").read_text(encoding="utf-8")
    assert all(word in card for word in ("Kokoro-82M", "Apache", "af_heart", "am_michael", "MIT"))
    assert f"{len(VOICE)} sentences" in card
