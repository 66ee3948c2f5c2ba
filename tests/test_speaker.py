"""The speaker encoder: who is near whom, what it answers to odd inputs, and that it can be trained again."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from rvc import paths
from rvc.analysis import speaker
from rvc.errors import InputError
from rvc.sound import audio
from rvc.starter import speaker_rooms, speaker_voices
from rvc.starter.commands import main
from rvc.starter.corpus import sources
from rvc.starter.speaker_clips import Clips
from rvc.starter.speaker_corpus import write_clips
from rvc.starter.speaker_network import SHORTEST, SpeakerConfig, SpeakerNetwork, load_network, save_bytes
from rvc.starter.speaker_scores import Pairs, measure
from rvc.starter.speaker_settings import ClipSettings, SpeakerSettings
from rvc.starter.speaker_training import WEIGHTS, SpeakerTraining, masked, train
from rvc.starter.speaker_voices import Voice
from rvc.starter.training import STATE

RATE_HZ = speaker.RATE_HZ
SMALL = SpeakerConfig(channels=(4, 4, 4), width=16, hidden=16, kernel=3, blocks=1, attention=4, dim=256)
FEW = ClipSettings(seconds=1.0, files=2, voices=4, clips=4)


def read(path: Path) -> Tensor:
    return torch.from_numpy(audio.read(path, RATE_HZ)[0])


def vowel(hz: float, seconds: float = 1.0, formant: float = 1000.0) -> np.ndarray:
    """Return harmonics that are strongest at one formant."""
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    places = np.arange(1, int(7000 / hz)) * hz
    gains = np.exp(-np.square(np.log2(places / formant) / 0.4)) + 1e-3
    return (0.1 * gains @ np.sin(2 * np.pi * places[:, None] * times)).astype(np.float32)


@pytest.fixture(scope="module")
def encoder() -> speaker.SpeakerEncoder:
    return speaker.load()


@pytest.fixture(scope="module")
def demo() -> tuple[list[Tensor], Tensor]:
    """Six takes of the demo's voice, and what somebody else says."""
    takes = sorted(paths.resource("demo/voice").glob("*.flac"))[::8]
    return [read(path) for path in takes], read(paths.resource("demo/source") / "visitor.flac")


@pytest.fixture(scope="module")
def two_speakers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's two speakers, each with a folder, and one who is never trained on."""
    root = tmp_path_factory.mktemp("speakers")
    for name in ("ann", "nathalie"):
        (root / name / "flac").mkdir(parents=True)
        for path in sorted(paths.resource("demo/voice").glob("*.flac"))[:3]:
            shutil.copy(path, root / name / "flac")
    shutil.copytree(paths.resource("demo/source"), root / "bob")
    return root


@pytest.fixture(scope="module")
def clips(two_speakers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty-two clips of eight voices, and vectors of the voices in the place of a teacher's."""
    out = tmp_path_factory.mktemp("clips")
    write_clips([two_speakers], out, FEW)
    vectors = np.random.default_rng(0).normal(size=(8, 256))
    for number in range(FEW.files):
        with np.load(out / f"clips-{number:03d}.npz") as file:
            heard = vectors[4 * number + file["voice"]]
        np.save(out / f"teacher-{number:03d}.npy", heard.astype(np.float16))
    return out


def test_one_speaker_is_nearer_than_another(encoder: speaker.SpeakerEncoder, demo: tuple) -> None:
    takes, visitor = demo
    own = torch.stack([encoder.embed(take)[0] for take in takes])
    rest = [torch.cat([own[:place], own[place + 1 :]]) for place in range(len(own))]
    same = [speaker.similarity(one, others) for one, others in zip(own, rest, strict=True)]
    other = speaker.similarity(encoder.embed(visitor), own)
    assert min(same) > other + 0.3


def test_real_speakers_are_told_apart(encoder: speaker.SpeakerEncoder, speech: Path) -> None:
    names = ("nathalie", "kathleen", "flemishguy")
    files = {name: sorted((speech / name / "flac").glob("*.flac"))[:8] for name in names}
    heard = {name: torch.cat([encoder.embed(read(path)) for path in files[name]]) for name in names}
    for name in names:
        same = speaker.similarity(heard[name][::2], heard[name][1::2])
        others = [speaker.similarity(heard[name], heard[other]) for other in names if other != name]
        assert same > max(others) + 0.2


def test_row_of_a_batch_is_heard_as_alone(encoder: speaker.SpeakerEncoder, demo: tuple) -> None:
    takes = demo[0][:3]
    lengths = torch.tensor([len(take) for take in takes])
    batch = torch.nn.utils.rnn.pad_sequence(takes, batch_first=True, padding_value=0.5)
    together = encoder.embed(batch, lengths)
    alone = torch.cat([encoder.embed(take) for take in takes])
    assert together.shape == (3, encoder.dim)
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=0)
    torch.testing.assert_close(together.norm(dim=1), torch.ones(3))


def test_loudness_and_pauses_make_no_difference(encoder: speaker.SpeakerEncoder, demo: tuple) -> None:
    take = torch.cat(demo[0])[: 12 * RATE_HZ]
    whole = encoder.embed(take)
    paused = torch.cat([take, torch.zeros(36 * RATE_HZ)])
    assert speaker.similarity(whole, encoder.embed(take / 30)) > 0.999
    assert speaker.similarity(whole, encoder.embed(paused)) > 0.95


def test_windows_reach_from_end_to_end() -> None:
    for seconds in (0.5, 1.0, 6.0, 6.1, 13.7, 61.0):
        wave = torch.arange(round(seconds * RATE_HZ))
        windows = speaker._windows(wave)
        assert len({len(window) for window in windows}) == 1
        assert len(windows[0]) <= speaker.WINDOW_S * RATE_HZ
        assert torch.equal(torch.cat(windows).unique(), wave)
        assert sum(len(window) for window in windows) < len(wave) + speaker.WINDOW_S * RATE_HZ


@pytest.mark.parametrize(
    "wave",
    [
        torch.zeros(3 * RATE_HZ),
        torch.zeros(0),
        torch.ones(100),
        torch.full((3 * RATE_HZ,), float("nan")),
        1e-5 * torch.randn(3 * RATE_HZ, generator=torch.Generator().manual_seed(0)),
    ],
    ids=["silence", "empty", "short", "no numbers", "hiss"],
)
def test_nobody_is_heard_where_nobody_speaks(encoder: speaker.SpeakerEncoder, wave: Tensor) -> None:
    vector = encoder.embed(wave)
    assert torch.equal(vector, torch.zeros(1, encoder.dim))
    assert speaker.similarity(vector, torch.ones(encoder.dim)) is None


def test_shortest_recording_has_an_answer(encoder: speaker.SpeakerEncoder, demo: tuple) -> None:
    shortest = demo[0][0][RATE_HZ:][: round(speaker.SHORTEST_S * RATE_HZ)]
    assert len(shortest) >= SHORTEST
    assert torch.isfinite(encoder.embed(shortest)).all()
    assert float(encoder.embed(shortest).norm()) == pytest.approx(1, abs=1e-4)


def test_batch_of_none_is_none(encoder: speaker.SpeakerEncoder) -> None:
    assert encoder.embed(torch.zeros(0, RATE_HZ)).shape == (0, encoder.dim)


def test_similarity_is_that_of_the_means() -> None:
    one, other = torch.eye(2), torch.tensor([1.0, 0.0])
    assert speaker.similarity(one, other) == pytest.approx(0.5**0.5)
    assert speaker.similarity(other, -other) == pytest.approx(-1)


def test_shipped_file_is_small_and_says_who_it_heard() -> None:
    path = paths.resource(speaker.WEIGHTS)
    assert path.stat().st_size <= 3_000_000
    card = load_network(path).card
    assert {"kathleen", "flemishguy", "kerstin", "af_bella"} <= set(card["trained_on"]["speakers"])
    assert not set(sources()["never"]) & set(card["trained_on"]["speakers"])
    assert card["teacher"]["licence"] == "CC-BY-4.0"


def test_file_without_a_card_is_refused(tmp_path: Path) -> None:
    save_file({"x": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(InputError) as caught:
        load_network(tmp_path / "other.safetensors")
    assert caught.value.code == "not_an_encoder"


def test_weights_survive_their_file(tmp_path: Path) -> None:
    network = SpeakerNetwork(SMALL)
    wave = torch.randn(2, RATE_HZ, generator=torch.Generator().manual_seed(0))
    network(wave)  # moves the norms' means
    path = tmp_path / "speaker.safetensors"
    path.write_bytes(save_bytes(network, {"name": "small"}))
    loaded, card = load_network(path)
    assert card["name"] == "small"
    with torch.no_grad():
        torch.testing.assert_close(loaded(wave), network.eval()(wave), atol=0.01, rtol=0)


def test_voice_of_another_pitch_and_other_formants() -> None:
    draw = np.random.default_rng(0)
    wave = vowel(125.0)
    assert Voice().speak(wave, draw) is wave
    higher = Voice(pitch=1.0).speak(wave, draw)
    assert len(higher) == pytest.approx(len(wave) / 2, rel=0.02)
    assert strongest(higher, 200, 300) == pytest.approx(250, rel=0.02)
    moved = Voice(formants=(1.0, 1.0, 1.0, 1.0)).speak(vowel(100.0, formant=800.0), draw)
    assert strongest(moved, 90, 110) == pytest.approx(100, rel=0.02)
    assert strongest(moved, 400, 4000) == pytest.approx(1600, rel=0.1)


def strongest(wave: np.ndarray, low_hz: float, high_hz: float) -> float:
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    places = np.fft.rfftfreq(len(wave), 1 / RATE_HZ)
    inside = (places > low_hz) & (places < high_hz)
    return float(places[inside][spectrum[inside].argmax()])


@pytest.mark.parametrize("change", [change for change, _ in speaker_rooms.CHANGES])
def test_what_happens_on_the_way_changes_a_wave_and_keeps_its_length(change: speaker_rooms.Change) -> None:
    wave, other = vowel(120.0), vowel(200.0)
    for seed in range(6):
        made = change(wave, other, np.random.default_rng(seed))
        assert len(made) >= len(wave)
        assert np.isfinite(made).all()
        assert not np.allclose(made[: len(wave)], wave, atol=1e-4)


def test_train_of_pulses_has_the_pitch_asked_for() -> None:
    made = speaker_voices.pulses(RATE_HZ, 100.0, 0.0, np.random.default_rng(0))
    assert (made > 0.5).sum() == pytest.approx(100, abs=1)


def test_clips_follow_from_their_number_and_are_kept(clips: Path, two_speakers: Path) -> None:
    first, second = (clips / f"clips-{number:03d}.npz" for number in range(2))
    kept, before = second.stat().st_mtime_ns, np.load(first)["audio"]
    first.unlink()
    assert write_clips([two_speakers], clips, FEW)["written"] == 1
    assert np.array_equal(np.load(first)["audio"], before)
    assert second.stat().st_mtime_ns == kept
    assert before.shape == (16, RATE_HZ)
    assert (np.abs(before).max(1) > 300).all()


def test_who_is_kept_for_tests_is_in_plain_clips_only(
    clips: Path, two_speakers: Path, tmp_path: Path
) -> None:
    assert json.loads((clips / "clips.json").read_text())["speakers"] == ["ann", "bob"]
    write_clips([two_speakers], tmp_path, ClipSettings(seconds=1.0, files=1, voices=3, clips=1, plain=True))
    assert np.load(tmp_path / "clips-000.npz")["speaker"].tolist() == ["ann", "bob", "nathalie"]
    with pytest.raises(InputError) as caught:
        write_clips([two_speakers / "nathalie" / "flac"], tmp_path / "out", FEW)
    assert caught.value.code == "no_speakers"


def test_clips_without_a_teacher_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Clips.open(tmp_path)
    assert caught.value.code == "no_clips"


def test_batches_follow_from_seed_and_step_and_pair_voices(clips: Path) -> None:
    heard = Clips.open(clips)
    batches, again = heard.batches(0, 4, 0.5, 3), heard.batches(5, 4, 0.5, 3)
    first = [next(batches) for _ in range(9)]
    for wave, target in first[5:]:
        other_wave, other_target = next(again)
        assert torch.equal(wave, other_wave)
        assert torch.equal(target, other_target)
    for wave, target in first:
        assert RATE_HZ / 2 <= wave.shape[1] <= RATE_HZ
        assert torch.equal(target[0::2], target[1::2])
    assert len({wave.shape[1] for wave, _ in first}) > 1
    seen = torch.cat([target for _, target in first[:8]])
    torch.testing.assert_close(seen.sum(0), heard.target.sum(0))


def test_masked_bands_are_silent_and_the_others_stay() -> None:
    bands = torch.randn(2, 8, 5)
    made = masked(bands, torch.tensor([[2, 4], [3, 3]]))
    assert (made[0, 2:4] == 0).all()
    assert torch.equal(made[0, [0, 1, 4, 5, 6, 7]], bands[0, [0, 1, 4, 5, 6, 7]])
    assert torch.equal(made[1], bands[1])


def test_training_lowers_its_losses(clips: Path) -> None:
    heard = Clips.open(clips)
    training = SpeakerTraining(SpeakerSettings(steps=80, warmup=1, lr=0.02), torch.device("cpu"), SMALL)
    steps = [training.learn(*next(heard.batches(0, 16, 1.0, 0))) for _ in range(40)]
    for name in ("angle", "relations"):
        assert steps[-1][name] < 0.9 * steps[0][name]


def test_training_goes_on_where_it_was_stopped(clips: Path, tmp_path: Path) -> None:
    for steps in (2, 4):
        settings = SpeakerSettings(steps=steps, minutes=0, batch=4)
        scores = train([clips], tmp_path, settings, device="cpu", config=SMALL)
        assert set(scores) == {"cosine", "correlation", "pair_error"}
        assert load_network(tmp_path / WEIGHTS).card["steps"] == steps
    assert torch.load(tmp_path / STATE, weights_only=True)["step"] == 4
    other = tmp_path / "other"
    settings = SpeakerSettings(steps=1, minutes=0, batch=4, lr=0.0, adam_lr=0.0)
    train([clips], other, settings, init=tmp_path / WEIGHTS, device="cpu", config=SMALL)
    first, second = (load_network(path / WEIGHTS).network.head.weight for path in (tmp_path, other))
    torch.testing.assert_close(first, second)


def test_training_needs_torch_numpy_and_safetensors_only() -> None:
    names = ("pydantic", "soundfile", "soxr", "scipy", "librosa", "platformdirs")
    block = "".join(f"sys.modules[{name!r}] = None; " for name in names)
    code = f"import sys; {block}import rvc.starter.speaker_training"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_pairs_are_scored() -> None:
    voices = torch.tensor([0, 0, 1, 1])
    apart = Pairs.of(torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]), voices)
    assert (len(apart.same), len(apart.other)) == (2, 4)
    assert apart.equal_error_rate == 0
    draw = np.random.default_rng(0)
    alike = Pairs(draw.normal(size=4000), draw.normal(size=6000))
    assert alike.equal_error_rate == pytest.approx(0.5, abs=0.03)
    shifted = Pairs(draw.normal(size=9000) + 2, draw.normal(size=9000))
    assert shifted.equal_error_rate == pytest.approx(0.159, abs=0.02)  # of normals two deviations apart


def test_teacher_agrees_with_itself(clips: Path) -> None:
    heard = Clips.open(clips)
    said = {
        wave.numpy().tobytes(): target
        for wave, target in zip(heard.wave(slice(None)), heard.target, strict=True)
    }
    network = torch.nn.Identity()
    network.forward = lambda waves: torch.stack([said[wave.numpy().tobytes()] for wave in waves])
    scores = measure(network, heard)
    assert scores["cosine"] == pytest.approx(1, abs=1e-3)
    assert scores["encoder"] == scores["teacher"]
    assert scores["encoder"]["same_mean"] > scores["encoder"]["other_mean"]


def test_commands_reach_from_recordings_to_scores(
    clips: Path, two_speakers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = ["--files", "1", "--voices", "1", "--clips", "2", "--seconds", "1", "--plain"]
    assert main(["clips", "--speech", str(two_speakers), "--out", str(tmp_path / "clips"), *made]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == 1
    assert main(["compare", str(clips)]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {clips.name}
    assert main(["compare", str(tmp_path / "clips")]) == 3
    assert "Run teach_speaker.py" not in capsys.readouterr().err
