"""Recordings that training has heard are found in whatever form they come back; others are not."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rvc import paths
from rvc.config import PrepareConfig
from rvc.datasets.dataset import Prepared
from rvc.datasets.preparation import prepare
from rvc.datasets.recordings import sha256
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.sound import audio, fingerprint
from rvc.testing import overlap
from rvc.testing.overlap import Sample
from rvc.voices.card import Material, take_mark
from tests import sounds, voices

RATE = 24000


@pytest.fixture(scope="module")
def takes() -> list[Path]:
    return sorted(paths.resource("demo/voice").glob("*.flac"))[:14]


@pytest.fixture(scope="module")
def prepared(takes: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Ten recordings that a training has heard, with the words of some; nothing is held out."""
    folder = tmp_path_factory.mktemp("overlap")
    (folder / "prepared").mkdir()
    lines = (paths.resource("demo/voice") / "transcripts.tsv").read_text(encoding="utf-8")
    (folder / "transcripts.tsv").write_text(lines, encoding="utf-8")
    settings = PrepareConfig(rate=RATE, encoder="loudness", pitch="crossing", held_out=0)
    return prepare(takes[:10], folder / "prepared", settings, Reporter(), features=sounds.features())


def sample(path: Path, wave: np.ndarray, rate: int, said: str | None = None) -> Sample:
    return Sample(path.stem, wave, rate, "", said)


def coded(wave: np.ndarray, rate: int, container: str, subtype: str, level: float) -> tuple[np.ndarray, int]:
    """Return the wave after a lossy codec."""
    stream = io.BytesIO()
    with soundfile.SoundFile(
        stream, "w", rate, 1, subtype, format=container, compression_level=level
    ) as file:
        file.write(wave)
    stream.seek(0)
    return soundfile.read(stream, dtype="float32")


def changed(wave: np.ndarray, rate: int, how: str) -> tuple[np.ndarray, int]:
    random = np.random.default_rng(0)
    match how:
        case "mp3":
            return coded(wave, rate, "MP3", "MPEG_LAYER_III", 0.9)
        case "opus":
            return coded(wave, rate, "OGG", "OPUS", 0.95)
        case "trimmed":
            return wave[int(0.4137 * rate) : -int(0.213 * rate)], rate
        case "quiet telephone":
            return 0.05 * audio.resample(wave, rate, 8000), 8000
        case "upside down":
            return -wave, rate
        case "noisy":
            level = float(np.sqrt(np.square(wave).mean())) * 0.1
            return wave + level * random.standard_normal(len(wave)).astype(np.float32), rate
    raise ValueError(how)


@pytest.mark.parametrize("how", ["mp3", "opus", "trimmed", "quiet telephone", "upside down", "noisy"])
def test_a_changed_recording_is_found_in_its_take(takes: list[Path], prepared: Prepared, how: str) -> None:
    clips = [sample(path, *changed(*audio.read(path), how)) for path in takes[:6]]
    found = overlap.compare(clips, [prepared], None, Reporter())
    assert [(twin.clip, twin.take) for twin in found.twins] == [(path.stem, path.stem) for path in takes[:6]]
    assert all(twin.likeness is not None and twin.likeness >= fingerprint.SAME for twin in found.twins)


def test_other_recordings_of_the_voice_are_not_found(takes: list[Path], prepared: Prepared) -> None:
    clips = [sample(path, *audio.read(path)) for path in takes[10:]]
    found = overlap.compare(clips, [prepared], None, Reporter())
    assert (found.twins, found.repeated, found.untold) == ([], [], [])
    assert found.datasets == ["prepared"]


def test_the_very_file_and_the_very_sentence_are_told(takes: list[Path], prepared: Prepared) -> None:
    file = Sample("copy", sounds.voice(2.0, RATE), RATE, sha256(takes[0]), None)
    said = overlap.said_in(prepared.folder, [takes[1].stem])[takes[1].stem]
    assert said
    reading = Sample("another reading", sounds.voice(2.0, RATE, f0=220), RATE, "", said)
    found = overlap.compare([file, reading], [prepared], None, Reporter())
    assert [(twin.clip, twin.take, twin.likeness) for twin in found.twins] == [("copy", takes[0].stem, None)]
    assert found.repeated == ["another reading"]


def test_a_dataset_that_is_cut_in_two_does_not_name_its_own_files(
    takes: list[Path], prepared: Prepared
) -> None:
    stretch = Sample("stretch", audio.read(takes[12])[0], RATE, sha256(takes[0]), None)
    assert overlap.compare([stretch], [prepared], prepared, Reporter()).twins == []


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.6])
def test_what_is_too_short_to_be_told_is_said(takes: list[Path], prepared: Prepared, seconds: float) -> None:
    wave, rate = audio.read(takes[0])
    found = overlap.compare(
        [sample(takes[0], wave[: int(seconds * rate)], rate)], [prepared], None, Reporter()
    )
    assert found.untold == [takes[0].stem]


def test_silence_is_like_nothing(prepared: Prepared) -> None:
    found = overlap.compare(
        [Sample("silence", np.zeros(3 * RATE, np.float32), RATE, "", None)], [prepared], None, Reporter()
    )
    assert (found.twins, found.untold) == ([], ["silence"])


def test_places_are_found_across_blocks() -> None:
    random = np.random.default_rng(0)
    tracks = [np.sign(random.standard_normal((random.integers(50, 400), 24))) for _ in range(200)]
    joined, starts = fingerprint.joined([track.astype(np.float32) for track in tracks])
    pieces = [tracks[number][7 : 7 + 45].astype(np.float32) for number in range(0, 200, 9)]
    matches = fingerprint.search(pieces, joined)
    assert [match.likeness for match in matches] == pytest.approx([1.0] * len(pieces), abs=1e-4)
    assert [match.place for match in matches] == [
        int(starts[number]) + fingerprint.PIECE + 7 for number in range(0, 200, 9)
    ]


def test_a_dataset_of_another_model_is_refused(prepared: Prepared) -> None:
    overlap.require_trained_on([prepared], [prepared.fingerprint, "other"])
    overlap.require_trained_on([prepared], ["other", None])
    with pytest.raises(InputError, match="trained on") as caught:
        overlap.require_trained_on([prepared], ["other"])
    assert caught.value.code == "another_dataset"


def test_another_reading_of_a_sentence_is_another_recording(speech: Path) -> None:
    readings = sorted((speech / "kathleen" / "flac").glob("arctic_a000[1-6]_*.flac"))
    prints = [fingerprint.signs(audio.read(path, fingerprint.RATE_HZ)[0]) for path in readings]
    for number, path in enumerate(readings):
        prompt = path.stem[:12]
        others = [prints[n] for n, other in enumerate(readings) if n != number and other.stem[:12] == prompt]
        matches = fingerprint.search(fingerprint.pieces(prints[number]), fingerprint.joined(others)[0])
        assert all((match.likeness or 0) < fingerprint.SAME for match in matches)


def test_a_file_that_a_models_card_names_is_found_without_the_dataset(takes: list[Path]) -> None:
    learnt, new = (Sample(path.stem, *audio.read(path), sha256(path), None) for path in takes[:2])
    found = overlap.compare([learnt, new], [], None, Reporter(), {take_mark(learnt.sha256)})
    assert [(twin.clip, twin.take) for twin in found.twins] == [(learnt.name, None)]
    assert (found.datasets, found.marks, found.untold) == ([], 1, [])


def test_a_take_that_is_cut_in_two_is_not_told_by_its_file(takes: list[Path], prepared: Prepared) -> None:
    hashes = [sha256(path) for path in (takes[0], takes[12])]
    card = voices.small_lite().card.model_copy(update={"trained_on": Material.of(1, 1, hashes)})
    assert overlap.marks_of([card], None) == set(map(take_mark, hashes))
    assert overlap.marks_of([card], prepared) == {take_mark(hashes[1])}
