"""The base: whom it is trained on, and that what it leaves is a start for other voices."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rvc.analysis.content import STARTER
from rvc.config import PrepareConfig, TrainConfig
from rvc.datasets.preparation import prepare
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.learning import data
from rvc.learning.plan import FROM_SCRATCH
from rvc.learning.training import train
from rvc.learning.validation import HeldOut, spread
from rvc.starter import corpus
from rvc.starter.base import choose, make_base
from rvc.voices.voice import Voice
from tests.sounds import record, voice

RATE_HZ = 24000
SPEAKERS = {"ann": 210.0, "bob": 110.0}
SETTINGS = TrainConfig(steps=2, batch_size=2, device="cpu")
WORDS = [f"the words of {number}" for number in range(20)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("base")


@pytest.fixture(scope="module")
def speech(folder: Path) -> Path:
    """Two speakers, and one who is kept for tests, with twenty sentences each."""
    for speaker, f0 in {**SPEAKERS, "nathalie": 180.0}.items():
        home = folder / "speech" / speaker
        for number in range(len(WORDS)):
            wave = voice(1.0, RATE_HZ, f0=f0, seed=number)
            record(home / "flac" / f"{speaker}_{number}.flac", wave, RATE_HZ)
        table = "".join(f"{speaker}_{number}\t{words}\n" for number, words in enumerate(WORDS))
        (home / "transcripts.tsv").write_text(table, encoding="utf-8")
    return folder / "speech"


@pytest.fixture(scope="module")
def base(folder: Path, speech: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RVC_STUDIO_HOME", str(folder / "home"))
        make_base([speech], folder / "out", 0.2, SETTINGS, Reporter())
        yield folder / "out"


def test_a_base_is_a_small_voice_of_all_speakers_that_may_be_used(base: Path) -> None:
    made = Voice.load(base / "base.safetensors")
    assert made.card.speakers == ["ann", "bob"]
    assert made.card.content_encoder.name == STARTER
    assert made.synthesizer.speakers == 2
    ann, bob = made.card.pitch_of_speakers_hz
    assert ann is not None
    assert bob is not None
    assert ann > 1.5 * bob
    size = sum(
        (base / name).stat().st_size for name in ("base.safetensors", "base-discriminator.safetensors")
    )
    assert size < 8e6
    said = json.loads((base / "base.json").read_text(encoding="utf-8"))
    assert said["steps"] == 2
    assert set(said["settings"]["minutes_of_speakers"]) == set(SPEAKERS)
    assert said["settings"]["sources"] == corpus.sources()


def test_a_base_is_where_another_voice_starts(base: Path, tmp_path: Path, speech: Path) -> None:
    prepare([speech / "ann"], tmp_path / "prepared", PrepareConfig(rate=RATE_HZ, encoder=STARTER), Reporter())
    settings = SETTINGS.model_copy(
        update={
            "name": "new",
            "base_generator": str(base / "base.safetensors"),
            "base_discriminator": str(base / "base-discriminator.safetensors"),
        }
    )
    trained = train(tmp_path / "prepared", tmp_path / "out", settings, Reporter())
    assert Voice.load(trained.model).card.speakers == ["new"]


def test_a_finished_base_is_not_trained_again(base: Path, speech: Path) -> None:
    before = (base / "training" / "history.jsonl").read_text()
    make_base([speech], base, 0.2, SETTINGS, Reporter())
    assert (base / "training" / "history.jsonl").read_text() == before


def test_recordings_are_chosen_without_the_sentences_of_tests(speech: Path) -> None:
    held_out = {number for number, words in enumerate(WORDS) if corpus.is_held_out(words)}
    assert held_out
    chosen = list(choose(speech / "ann", 60))
    assert {one.name for one in chosen} == {
        f"ann-ann_{number}" for number in set(range(len(WORDS))) - held_out
    }
    few = list(choose(speech / "ann", 0.1))
    assert sum(one.seconds for one in few) == pytest.approx(6, abs=1)
    assert few == chosen[: len(few)]
    assert {one.speaker for one in chosen} == {"ann"}


def test_recordings_that_nobody_wrote_down_are_left_out(tmp_path: Path) -> None:
    record(tmp_path / "cy" / "flac" / "unknown.flac", np.ones(100), RATE_HZ)
    (tmp_path / "cy" / "transcripts.tsv").write_text("other\tsomething\n")
    assert not list(choose(tmp_path / "cy", 1))


def test_voices_of_the_tests_are_refused(speech: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nathalie is kept for tests"):
        make_base([speech / "nathalie"], tmp_path, 1, SETTINGS, Reporter())


def test_a_voice_from_the_shipped_base_speaks_at_once(few_takes: Path, tmp_path: Path) -> None:
    """A few steps from the base say held-out takes better than the same from nothing: by a wide margin."""
    prepared = prepare([few_takes], tmp_path / "prepared", PrepareConfig(rate=RATE_HZ), Reporter())
    distances = []
    for number, base in enumerate((None, FROM_SCRATCH)):
        config = TrainConfig(name="voice", architecture="lite", steps=4, base_generator=base)
        out = tmp_path / f"{number}"
        train(prepared.folder, out, config, Reporter())
        heard = HeldOut(spread(data.load(prepared, "test"), 4.0), RATE_HZ)
        distances.append(heard.score(Voice.load(out / "voice.safetensors").synthesizer) or 0)
    assert 0 < distances[0] < 0.7 < 2 * distances[0] < distances[1]
