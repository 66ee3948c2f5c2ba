"""Judges: what they score with networks whose answers are known, and what is said of those that are absent."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from rvc import paths
from rvc.analysis.speaker import SpeakerEncoder
from rvc.config import EvaluateConfig
from rvc.errors import InputError
from rvc.sound import audio
from rvc.starter.speaker_network import SpeakerConfig, SpeakerNetwork
from rvc.testing import judges, recognition
from rvc.testing.judges import Case, Intelligibility, Naturalness, Panel, Reference, Similarity
from rvc.testing.report import Scores
from tests import sounds

RATE = 16000


@pytest.fixture(scope="module")
def encoder() -> SpeakerEncoder:
    """The real network with random weights: equal recordings are alike, others less so."""
    torch.manual_seed(0)
    return SpeakerEncoder(SpeakerNetwork(SpeakerConfig()), {})


def case(kind: str = "conversion", **changes: object) -> Case:
    known = {
        "kind": kind,
        "name": "bob",
        "take": "",
        "speaker": 0,
        "original": sounds.voice(1.5, f0=100),
        "output": sounds.voice(1.5, f0=200),
    }
    return Case(**{**known, **changes})


class Typist:
    """A recogniser for tests: what it hears is how long a recording is."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, str]] = []

    def language(self, wave: np.ndarray) -> str:
        return "en" if len(wave) > 2 * RATE else "nl"

    def text(self, wave: np.ndarray, language: str) -> str:
        self.heard.append((len(wave), language))
        return "a" * (len(wave) // 1600)


def test_similarity_is_to_other_takes_of_the_same_speaker(encoder: SpeakerEncoder) -> None:
    judge = Similarity(encoder)
    own, low = sounds.voice(2.0, f0=200), sounds.voice(2.0, f0=90, seed=5)
    judge.meet([Reference("a", 0, own), Reference("b", 0, low), Reference("c", 1, own)])
    made, _ = judge.score(case("reconstruction", take="b", output=own))
    assert made == {"similarity": pytest.approx(1.0, abs=1e-5)}
    other, _ = judge.score(case("reconstruction", take="a", output=own))
    assert other["similarity"] is not None
    assert other["similarity"] < 0.999
    alone, _ = judge.score(case("reconstruction", take="c", speaker=1, output=own))
    assert alone == {"similarity": None}
    assert judge.ceiling() == pytest.approx([other["similarity"]] * 2)


def test_conversions_are_compared_with_voice_and_source(encoder: SpeakerEncoder) -> None:
    judge = Similarity(encoder)
    voice, source = sounds.voice(2.0, f0=200), sounds.voice(2.0, f0=90, seed=5)
    judge.meet([Reference("a", 0, voice)])
    made, original = judge.score(case(output=voice, original=source))
    assert made["similarity"] == pytest.approx(1.0, abs=1e-5)
    assert made["source_similarity"] == pytest.approx(original["similarity"], abs=1e-6)
    assert made["similarity_gap"] == pytest.approx(1.0 - (original["similarity"] or 0), abs=1e-5)


def test_silence_and_short_recordings_have_no_likeness(encoder: SpeakerEncoder) -> None:
    judge = Similarity(encoder)
    judge.meet([Reference("a", 0, sounds.voice(2.0)), Reference("b", 0, sounds.silence(2.0))])
    made, _ = judge.score(case(output=sounds.silence(1.0)))
    assert made == {"similarity": None, "source_similarity": None, "similarity_gap": None}
    assert judge.ceiling() == []


def test_errors_are_counted_against_the_text_or_else_the_original() -> None:
    judge = Intelligibility(Typist())
    against_original = judge.score(case(output=sounds.voice(1.2)))
    assert against_original == (
        {"character_error_rate": pytest.approx(3 / 15)},
        {"character_error_rate": None},
    )
    written = judge.score(case(name="other", said="a" * 20))
    assert written == ({"character_error_rate": 0.25}, {"character_error_rate": 0.25})


def test_the_voice_has_one_language_and_each_source_its_own() -> None:
    typist = Typist()
    judge = Intelligibility(typist)
    judge.meet([Reference("a", 0, sounds.voice(3.0))])
    judge.score(case("reconstruction"))
    judge.score(case("conversion"))
    assert [language for _, language in typist.heard] == ["en", "en", "nl", "nl"]
    given = Intelligibility(typist, "de")
    given.score(case("conversion"))
    assert typist.heard[-1][1] == "de"


def test_an_original_is_heard_once_for_all_models() -> None:
    typist = Typist()
    ratings: list[int] = []

    def rate(wave: np.ndarray) -> float:
        ratings.append(len(wave))
        return 3.0

    panel = Panel([Intelligibility(typist), Naturalness("dnsmos", rate)])
    opinions = [panel.judge(one) for one in (case(), replace(case(), output=sounds.voice(1.0)))]
    assert len(typist.heard) == len(ratings) == 3
    assert opinions[0].output == Scores(character_error_rate=0.0, dnsmos=3.0)
    assert opinions[0].original == Scores(dnsmos=3.0)


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """Make packages look as if they were not installed, or lacked what they need."""
    with pytest.MonkeyPatch.context() as patch:
        for name in packages:
            patch.setitem(sys.modules, name, None)
        yield


def test_what_is_absent_is_named_with_the_way_to_get_it() -> None:
    with without("faster_whisper", "speechmos", "distillmos"):
        panel = judges.load(EvaluateConfig(), torch.device("cpu"))
    absent = {one.judge: one for one in panel.absent}
    assert {"intelligibility", "dnsmos", "distillmos"} <= set(absent)
    assert absent["intelligibility"].get == "pip install 'rvc-studio[intelligibility]'"
    assert absent["dnsmos"].get == "pip install 'rvc-studio[naturalness]'"
    assert len(panel.judges) + len(panel.absent) == 4


def test_a_whisper_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        judges.load(EvaluateConfig(whisper=str(tmp_path)), torch.device("cpu"))
    assert caught.value.code == "no_whisper"


@pytest.mark.parametrize("name", ["speechmos", "distillmos"])
@pytest.mark.filterwarnings("default")
def test_real_raters_prefer_speech_to_noise(name: str) -> None:
    pytest.importorskip(name)
    panel = judges.load(EvaluateConfig(), torch.device("cpu"))
    judge = next(one for one in panel.judges if one.name == {"speechmos": "dnsmos"}.get(name, name))
    wave = audio.read(paths.resource("demo/voice/01-harbour.flac"), RATE)[0]
    noisy = wave + 0.1 * np.random.default_rng(0).standard_normal(len(wave)).astype(np.float32)
    made, original = judge.score(case(original=wave, output=noisy))
    assert (original[judge.name] or 0) > 3.0 > (made[judge.name] or 9)


@pytest.mark.filterwarnings("default")
def test_real_whisper_reads_the_bundled_voice() -> None:
    """Runs where faster-whisper is installed and RVC_STUDIO_WHISPER names a model."""
    pytest.importorskip("faster_whisper")
    if "RVC_STUDIO_WHISPER" not in os.environ:
        pytest.skip("no Whisper model is named")
    whisper = recognition.Whisper(Path(os.environ["RVC_STUDIO_WHISPER"]))
    wave = audio.read(paths.resource("demo/voice/01-harbour.flac"), RATE)[0]
    table = (paths.resource("demo/voice") / "transcripts.tsv").read_text(encoding="utf-8").splitlines()
    said = next(line.split("\t")[1] for line in table if line.startswith("01-harbour\t"))
    assert whisper.language(wave) == "en"
    made, original = Intelligibility(whisper).score(case(original=wave, output=wave, said=said))
    assert made == original
    assert (made["character_error_rate"] or 0) < 0.05
