"""A voice with a small decoder, and packed ones, wherever voices go: live, files of other programs, jobs, the agent."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from rvc import paths
from rvc.analysis import content
from rvc.config import BlendConfig, ConvertConfig
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.jobs.folder import JobFolder
from rvc.jobs.inputs import take_over
from rvc.jobs.kinds import KINDS, ConvertSpec
from rvc.jobs.stages import convert
from rvc.jobs.workshop import Workshop
from rvc.learning import bases
from rvc.live.chain import Chain
from rvc.live.speaking import BEFORE, HELD, Window
from rvc.live.student import StudentSpeaker
from rvc.model.config import SynthesizerConfig
from rvc.model.layers import gaussian
from rvc.model.student import StudentConfig, StudentSynthesizer
from rvc.synthesis.converter import Converter
from rvc.voices import onnx_graph
from rvc.voices.blend import blend
from rvc.voices.card import EncoderCard
from rvc.voices.description import describe
from rvc.voices.export import example, export, speak
from rvc.voices.packing import Form
from rvc.voices.voice import Voice
from tests import live, voices
from tests.jobs import finish

FORMS: dict[str, tuple[Callable[[], Voice], Form]] = {
    "student": (voices.small_student, "fp16"),
    "student int8": (voices.small_student, "int8"),
    "v2 int8": (voices.small_v2, "int8"),
    "v2 bf16": (voices.small_v2, "bf16"),
}
SPEC = ConvertSpec(convert=ConvertConfig(pitch="swift"))
STUDENTS = ["student", "student int8"]
QUICK = ("student int8", "v2 bf16")
MOST = [form if form in QUICK else pytest.param(form, marks=pytest.mark.slow) for form in FORMS]


def saved(form: str, folder: Path) -> Voice:
    make, packed = FORMS[form]
    make().save(folder / "voice.safetensors", packed)
    return Voice.load(folder / "voice.safetensors")


@pytest.fixture(scope="module")
def student() -> StudentSynthesizer:
    network = voices.small_student().synthesizer
    assert isinstance(network, StudentSynthesizer)
    return network


def say(network: StudentSynthesizer, frames: int = 60, **settings: object) -> torch.Tensor:
    draws = torch.Generator().manual_seed(3)
    phone = torch.randn(1, frames, voices.SMALL_DIM, generator=draws)
    f0 = torch.full((1, frames), 200.0)
    with torch.inference_mode():
        return network.infer(
            phone, f0, torch.tensor([frames]), torch.tensor([0]), generator=draws, **settings
        )[0, 0]


def test_some_of_the_frames_sound_as_among_all(student: StudentSynthesizer) -> None:
    whole, part = say(student), say(student, spoken=(20, 50))
    assert whole.shape == (60 * student.hop,)
    assert part.equal(whole[20 * student.hop : 50 * student.hop])


def test_it_speaks_at_the_pitch_that_it_is_given(student: StudentSynthesizer) -> None:
    wave = say(student, 200)[student.rate // 2 :]
    power = torch.fft.rfft(wave * torch.hann_window(len(wave))).abs()[: len(wave) // 40]
    peak_hz = float(power.argmax()) * student.rate / len(wave)
    assert peak_hz / 200 == pytest.approx(round(peak_hz / 200), abs=0.02)


def test_its_stretched_frames_last_longer_and_sound_lower(student: StudentSynthesizer) -> None:
    wave = say(student, stretch_to=90)
    assert wave.shape == (90 * student.hop,)
    assert wave.isfinite().all()


def test_a_student_counts_periods_as_its_decoder_does(student: StudentSynthesizer) -> None:
    f0 = torch.tensor([200.0, 210.0, 0.0, 0.0, 220.0])
    assert student.cycles(f0).equal(student.dec.cycles(f0))


@pytest.mark.parametrize("rate", [32000, 40000, 48000])
def test_older_voices_have_students_too(rate: int) -> None:
    shape = SynthesizerConfig.v1(rate).model_dump() | voices.SMALL | {"content_dim": 256}
    network = StudentSynthesizer(StudentConfig.model_validate(shape)).without_posterior().eval()
    said = torch.randn(1, 20, 256), torch.full((1, 20), 200.0), torch.tensor([20]), torch.tensor([0])
    with torch.inference_mode():
        wave = network.infer(*said)
    assert wave.shape == (1, 1, 20 * rate // 100)
    assert wave.isfinite().all()


def test_without_pitch_there_is_no_student(student: StudentSynthesizer) -> None:
    shape = SynthesizerConfig.v2(32000, pitch=False).model_dump()
    with pytest.raises(ValueError, match="pitch"):
        StudentSynthesizer(StudentConfig.model_validate(shape))
    with pytest.raises(ValueError, match="pitch"):
        student.dec(torch.zeros(1, 16, 5), None, torch.zeros(1, 8, 1), gaussian())


@pytest.mark.parametrize("form", MOST)
def test_it_speaks_live_as_in_a_conversion(form: str, tmp_path: Path) -> None:
    voice = saved(form, tmp_path)
    nets = live.networks_with(voice, voices.small_encoder())
    wave = live.speech(1.5, 16000)
    streamed = live.said(Chain(nets, live.plain(), 16000), wave, 16000, 0.25)
    settings = ConvertConfig(noise_scale=0.0, rms_mix=1.0, cache_gb=0)
    whole, rate = Converter(voice, None, nets.encoder, nets.estimator).convert(wave, 16000, settings)
    assert (len(streamed), rate) == (len(whole), 32000)
    assert isinstance(nets.speaker(0), StudentSpeaker) == form.startswith("student")
    level, wanted = (float(np.sqrt(np.square(sound[rate // 2 :]).mean())) for sound in (streamed, whole))
    assert level == pytest.approx(wanted, rel=0.25)


def stream(network: StudentSynthesizer, block: int, frames: int = 240) -> np.ndarray:
    """Return what is said block by block of random content at a steady pitch."""
    speaker = StudentSpeaker(network, nullcontext, live.CPU, seed=0)
    phone = torch.randn(frames + HELD, voices.SMALL_DIM, generator=torch.Generator().manual_seed(3))
    f0 = torch.full((frames + HELD,), 200.0)
    parts = []
    for start in range(0, frames, block):
        first, stop = max(start - speaker.back, 0), start + block
        heard = slice(first, stop + HELD)
        window = Window(phone[heard], f0[heard], first, start, stop, 0, 0.66666, 1.0)
        with torch.inference_mode():
            said = speaker.say(window)
        parts.append(said[BEFORE * network.hop :][: block * network.hop])
    return np.concatenate(parts)


def test_a_students_blocks_are_parts_of_one_wave(student: StudentSynthesizer) -> None:
    """Blocks of another length change little: source, noise and latents go on from each to the next."""
    short, long = stream(student, 10), stream(student, 30)
    assert np.corrcoef(short, long)[0, 1] > 0.95
    step = np.abs(np.diff(short))
    assert step[10 * student.hop - 1 :: 10 * student.hop].max() < 1.5 * step.max()


@pytest.mark.parametrize("form", STUDENTS)
def test_programs_that_do_not_know_students_get_none(form: str, tmp_path: Path) -> None:
    saved(form, tmp_path)
    with pytest.raises(InputError, match="small decoder") as caught:
        export(tmp_path, tmp_path / "out" / "voice.pth", Reporter())
    assert caught.value.code == "not_exportable"
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["int8", "bf16"])
def test_a_packed_voice_is_unpacked_for_other_programs(form: Form, tmp_path: Path) -> None:
    voice = voices.full_v2()
    voice.save(tmp_path / "packed.safetensors", form)
    export(tmp_path / "packed.safetensors", tmp_path / "voice.pth", Reporter())
    found, wanted = (Voice.load(tmp_path / name).tensors() for name in ("voice.pth", "packed.safetensors"))
    assert found.keys() == wanted.keys()
    assert all(found[name].equal(tensor.half().float()) for name, tensor in wanted.items())


def test_the_students_graph_is_the_model_without_complex_numbers() -> None:
    """Also where the package for ONNX is not installed."""
    voice = voices.small_student()
    assert isinstance(voice.synthesizer, StudentSynthesizer)
    inputs = example(voice, 77)
    with torch.no_grad():
        wave = onnx_graph.StudentGraph(voice.synthesizer)(*inputs.values())
    np.testing.assert_allclose(wave.numpy(), speak(voice.synthesizer, inputs), atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_it_becomes_an_onnx_file(form: str, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    saved(form, tmp_path)
    done = export(tmp_path, tmp_path / "voice.onnx", Reporter())
    assert done.comparison is not None
    assert done.comparison.share < 0.01


def test_a_student_is_described_and_not_blended(tmp_path: Path) -> None:
    saved("student int8", tmp_path)
    told = describe(tmp_path)
    assert told["usable"]
    assert "RVC v2 with a small decoder, a student of Änna" in told["note"]
    assert (told["student_of"]["agreement_db"], told["weights"]) == (3.0, "int8")
    with pytest.raises(InputError, match="one voice alone") as caught:
        blend(tmp_path, tmp_path, tmp_path / "mixed", BlendConfig(), Reporter())
    assert caught.value.code == "not_blendable"


def test_recordings_do_not_train_a_student_further(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="small decoder") as caught:
        bases._check_card(voices.small_student().card, None, tmp_path / "student.safetensors")  # type: ignore[arg-type]
    assert caught.value.code == "student_base"


def model_of(form: str, folder: Path) -> Path:
    """Return the file of a voice that hears through the encoder that is always there."""
    make, packed = FORMS[form]
    voice = make()
    shape = voice.synthesizer.config.model_dump() | {"content_dim": live.STARTER_DIM}
    config = type(voice.synthesizer.config).model_validate(shape)
    torch.manual_seed(0)
    network = type(voice.synthesizer)(config).without_posterior().eval()
    encoder = EncoderCard(name=content.STARTER, dim=live.STARTER_DIM)
    facts = {"config": config.model_dump(mode="json"), "content_encoder": encoder}
    path = folder / f"{form}.safetensors"
    Voice(voice.card.model_copy(update=facts), network).save(path, packed)
    return path


@pytest.fixture
def source() -> Path:
    return next(paths.resource("demo/source").glob("*.flac"))


@pytest.mark.parametrize("form", MOST)
def test_a_job_converts_with_it(form: str, source: Path, tmp_path: Path) -> None:
    place = JobFolder.create(tmp_path / "job")
    take_over(KINDS["convert"], {"model": [model_of(form, tmp_path)], "recordings": [source]}, place.inputs)
    done = convert(Workshop(place, ("cpu",)), SPEC, Reporter())
    (name,) = done.artifacts.values()
    check(place.artifacts / name, source)


def check(output: Path, source: Path) -> None:
    sound, rate = soundfile.read(output)
    assert len(sound) / rate == pytest.approx(soundfile.info(source).duration, abs=0.05)
    assert np.abs(sound).max() > 1e-3


@pytest.mark.slow
def test_an_agent_takes_it_and_converts(source: Path, tmp_path: Path) -> None:
    agents = pytest.importorskip("tests.agents", reason="the agent's packages are not installed")
    with agents.running(tmp_path / "remote" / "agent", kinds_module="rvc.jobs.kinds") as agent:
        jobs = agent.jobs()
        for form in FORMS:
            job = jobs.submit(SPEC, {"model": [model_of(form, tmp_path)], "recordings": [source]})
            done = finish(jobs, job)
            assert done.failure is None
            (name,) = done.artifacts.values()
            check(jobs.fetch(done.id, name, tmp_path / form), source)
        jobs.close()
