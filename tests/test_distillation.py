"""A student learns from a small v2 voice, is paused, goes on, and is written only if it is good enough."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from rvc.analysis import pitch
from rvc.analysis.features import Features
from rvc.cache import Cache
from rvc.config import CompressConfig, PrepareConfig
from rvc.datasets.dataset import Prepared
from rvc.datasets.preparation import prepare
from rvc.errors import InputError, Paused
from rvc.events import Event, Metrics, Progress, Reporter
from rvc.learning import data, distillation, lessons
from rvc.learning.distillation import distil
from rvc.learning.lessons import Lesson, Teacher
from rvc.model.config import SynthesizerConfig
from rvc.model.student import StudentConfig
from rvc.model.synthesizer import Synthesizer
from rvc.testing.compression import LEARNING, compress
from rvc.voices.voice import Voice
from tests import sounds, voices
from tests.evaluation.material import WholeLoudnessEncoder

CPU = torch.device("cpu")
CONFIG = CompressConfig(to="student", steps=4, lessons_s=10, device="cpu", max_drop=1.0, max_clips=1)


class SmallConfig(StudentConfig):
    """A decoder of very few channels."""

    decoder_channels: int = 32
    decoder_hidden_channels: int = 32
    decoder_coarse_layers: int = 1
    decoder_fine_layers: int = 1
    decoder_bands: int = 32


@pytest.fixture(scope="module", autouse=True)
def small() -> Iterator[None]:
    """Let students be small and hear little at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distillation, "StudentConfig", SmallConfig)
        patch.setattr(distillation, "BATCH", 2)
        yield


@pytest.fixture(scope="module")
def features() -> Features:
    return Features(WholeLoudnessEncoder(), pitch.load("swift"), CPU)


@pytest.fixture(scope="module")
def prepared(features: Features, tmp_path_factory: pytest.TempPathFactory) -> Path:
    takes, folder = tmp_path_factory.mktemp("takes"), tmp_path_factory.mktemp("work") / "prepared"
    for number in range(7):
        wave = sounds.voice(1.6, 24000, f0=180 + 8 * number, seed=number)
        sounds.record(takes / f"{number}.wav", wave, 24000)
    prepare([takes], folder, PrepareConfig(rate=24000, held_out=0.3), Reporter(), features=features)
    return folder


def v2_voice(dim: int = 4, **facts: object) -> Voice:
    """Return a v2 voice of very few channels that hears loudness."""
    torch.manual_seed(0)
    shape = SynthesizerConfig.v2(32000).model_dump() | voices.SMALL | {"content_dim": dim}
    config = SynthesizerConfig.model_validate(shape)
    known = {"name": "Anna", "speakers": ["Anna", "1"], "usual_pitch_hz": 200.0} | facts
    return Voice(voices.card(config, "v2", "loudness", **known), Synthesizer(config).eval())


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "anna.safetensors"
    v2_voice().save(path)
    return path


@pytest.fixture(scope="module")
def heard() -> list[Event]:
    """What was told while the student learnt."""
    return []


@pytest.fixture(scope="module")
def student(
    model: Path, prepared: Path, heard: list[Event], tmp_path_factory: pytest.TempPathFactory
) -> Voice:
    return distil(model, prepared, tmp_path_factory.mktemp("learning"), CONFIG, Reporter(heard.append))


def test_a_student_keeps_its_voice_and_says_of_whom_it_learnt(student: Voice, model: Path) -> None:
    teacher = Voice.load(model)
    teacher.synthesizer.fold_weight_norm()
    card = student.card
    assert (card.architecture, card.name, card.usual_pitch_hz) == ("student", "Anna", 200.0)
    assert card.speakers == ["Anna"]  # nobody knows whether the other row was trained
    assert card.student_of is not None
    assert (card.student_of.name, card.student_of.steps) == ("Anna", CONFIG.steps)
    assert card.student_of.bytes == model.stat().st_size
    assert card.student_of.agreement_db > 0
    kept, given = student.tensors(), teacher.tensors()
    assert all(torch.equal(kept[name], given[name]) for name in given if name.startswith(("enc_p.", "flow.")))
    assert kept["emb_g.weight"].equal(given["emb_g.weight"][:1])


def test_what_goes_on_is_told(student: Voice, heard: list[Event]) -> None:
    assert student.card.student_of is not None
    told = [event for event in heard if isinstance(event, Metrics)]
    assert {"loss_mel", "loss_log", "loss_linear"} <= told[-1].values.keys()
    assert {event.phase for event in heard if isinstance(event, Progress)} == {"listen", "train"}


def test_it_comes_nearer_to_its_teacher(model: Path, prepared: Path, student: Voice, tmp_path: Path) -> None:
    longer = distil(model, prepared, tmp_path, CONFIG.model_copy(update={"steps": 24}), Reporter())
    assert longer.card.student_of is not None
    assert student.card.student_of is not None
    assert longer.card.student_of.agreement_db < 0.8 * student.card.student_of.agreement_db


def test_a_paused_student_goes_on_to_the_same_end(
    model: Path, prepared: Path, student: Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distillation, "METRICS_INTERVAL_S", 0.0)  # told at every step
    reporter = Reporter()

    def stop_soon(event: Event) -> None:
        if isinstance(event, Metrics) and event.step == 2:
            reporter.request_stop()

    with reporter.also_to(stop_soon), pytest.raises(Paused):
        distil(model, prepared, tmp_path, CONFIG, reporter)
    with pytest.raises(InputError, match="another seed"):
        distil(model, prepared, tmp_path, CONFIG.model_copy(update={"seed": 1}), Reporter())
    resumed = distil(model, prepared, tmp_path, CONFIG, Reporter())
    assert resumed.card == student.card
    assert all(torch.equal(x, student.tensors()[name]) for name, x in resumed.tensors().items())


def test_what_was_said_is_not_said_again(
    model: Path, prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips = data.load(Prepared.open(prepared), "train")
    first = Teacher(Voice.load(model), model, CPU, Cache()).say(clips.clip(0), 3.0, seed=1)
    monkeypatch.setattr(Teacher, "_say", None)  # it would fail
    again = Teacher(Voice.load(model), model, CPU, Cache()).say(clips.clip(0), 3.0, seed=1)
    assert again.wave.equal(first.wave)
    assert again.latent.equal(first.latent)


def test_lessons_are_said_at_their_own_and_at_other_pitches(model: Path, prepared: Path) -> None:
    clips = data.load(Prepared.open(prepared), "train")
    teacher = Teacher(Voice.load(model), model, CPU, Cache())
    given = lessons.give(teacher, clips, 2 * clips.seconds, 0, Reporter())
    own = {float(clips.clip(number).f0.max()) for number in range(len(clips))}
    heard = [float(lesson.f0.max()) for lesson in given._said]
    assert own <= set(heard)
    assert any(min(abs(one - each) for each in own) > 5 for one in heard)
    batch = given.segments(3, 4, 0, 50)
    assert batch.content.shape == (4, 50, 16)
    assert batch.wave.shape == (4, 1, 50 * 320)
    assert batch.speaker.shape == (4, 8)
    assert given.segments(3, 4, 0, 50).wave.equal(batch.wave)


def test_short_lessons_are_padded() -> None:
    lesson = Lesson(torch.ones(30, 16), torch.ones(30, 320), torch.full((30,), 200.0), torch.zeros(8))
    batch = lessons.Lessons([lesson]).segments(0, 2, 0, 50)
    assert batch.lengths.tolist() == [30, 30]
    assert batch.wave[0, 0].count_nonzero() == 30 * 320


def test_a_student_is_tested_and_written(
    model: Path, prepared: Path, features: Features, tmp_path: Path
) -> None:
    sounds.record(tmp_path / "bob.flac", sounds.voice(1.0, 16000, f0=100), 16000)
    said = [tmp_path / "bob.flac"]
    done = compress(model, tmp_path, CONFIG, Reporter(), sources=said, features=features, recordings=prepared)
    written = Voice.load(done.model)
    assert written.card.student_of is not None
    assert done.report.is_file()
    assert done.after.seconds_a_second > 0
    assert not (tmp_path / LEARNING).exists()
    assert written.synthesizer.speakers == 1


@pytest.mark.slow
def test_a_student_that_is_not_good_enough_is_not_written(
    model: Path, prepared: Path, features: Features, tmp_path: Path
) -> None:
    strict = CONFIG.model_copy(update={"max_drop": 0.0})
    with pytest.raises(InputError) as caught:
        compress(model, tmp_path, strict, Reporter(), features=features, recordings=prepared)
    assert caught.value.code == "too_lossy"
    assert not list(tmp_path.glob("*.safetensors"))
    assert list((tmp_path / LEARNING).iterdir())  # more steps go on with it


def test_who_cannot_have_a_student_is_told(model: Path, prepared: Path, tmp_path: Path) -> None:
    def code(file: Path, **changes: object) -> str:
        with pytest.raises(InputError) as caught:
            distil(file, prepared, tmp_path, CONFIG.model_copy(update=changes), Reporter())
        return caught.value.code

    voices.small_lite().save(tmp_path / "lite.safetensors")
    assert code(tmp_path / "lite.safetensors") == "no_student"
    v2_voice(dim=5).save(tmp_path / "other.safetensors")
    assert code(tmp_path / "other.safetensors") == "wrong_encoder"
    v2_voice(speakers=["Anna", "Björn"]).save(tmp_path / "two.safetensors")
    assert code(tmp_path / "two.safetensors") == "other_speakers"
    with pytest.raises(InputError) as caught:
        compress(model, tmp_path / "out", CONFIG, Reporter())
    assert caught.value.code == "no_lessons"
