import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from rvc import assets, device
from rvc.analysis.content import ContentVec
from rvc.analysis.features import Features
from rvc.analysis.hubert import Hubert, HubertConfig
from rvc.cli import main
from rvc.datasets import recordings
from rvc.datasets.choice import Choice
from rvc.datasets.dataset import Prepared
from rvc.datasets.preparation import prepare, prepare_testset
from rvc.errors import Error, InputError, Paused
from rvc.events import Event, Log, Progress, Reporter
from rvc.sound import audio, mark
from rvc.voices.card import EncoderCard
from tests.preparing import CONFIG, RATE_HZ, code_of, networks, takes
from tests.sounds import CrossingEstimator, LoudnessEncoder, features, record, sentences, silence, voice

__all__ = ["networks", "takes"]  # fixtures


def heard(networks: Features) -> float:
    assert isinstance(networks.encoder, LoudnessEncoder)
    return networks.encoder.seconds


def test_recordings_become_a_dataset(takes: Path, tmp_path: Path, networks: Features) -> None:
    events: list[Event] = []
    prepared = prepare([takes], tmp_path / "out", CONFIG, Reporter(events.append), features=networks)
    assert Prepared.open(tmp_path / "out") == prepared
    assert (prepared.rate, prepared.encoder.name, prepared.encoder.dim) == (RATE_HZ, "loudness", 4)
    assert prepared.pitch == "crossing"
    assert [take.file for take in prepared.takes] == [f"{number:02}.flac" for number in range(12)]
    summary = prepared.summary
    assert (summary.files, summary.takes, summary.clips, summary.skipped) == (12, 12, 12, 0)
    assert summary.train_s + summary.test_s == pytest.approx(sum(clip.seconds for clip in prepared.clips))
    assert 24 <= summary.train_s + summary.test_s <= summary.recorded_s
    assert summary.test_clips >= 1
    assert summary.voiced > 0.5
    progress = [event for event in events if isinstance(event, Progress)]
    assert progress[-1].step == progress[-1].total == 32  # 12 x 2.6 s
    assert [event.code for event in events if isinstance(event, Log)] == ["prepared"]


def test_clips_are_whole_frames_of_one_level(takes: Path, tmp_path: Path, networks: Features) -> None:
    prepared = prepare([takes], tmp_path / "out", CONFIG, Reporter(), features=networks)
    for clip in prepared.clips:
        assert clip.frames % 2 == 0
        assert clip.seconds == clip.frames / 100
        assert 0.6 < clip.scale < 0.95
        take = prepared.read(clip.file)
        wave = take.wave[clip.offset * 240 : (clip.offset + clip.frames) * 240]
        assert np.abs(wave).max() == 32767


def test_adding_a_file_costs_one_file(takes: Path, tmp_path: Path, networks: Features) -> None:
    prepare([takes], tmp_path / "one", CONFIG, Reporter(), features=networks)
    first = heard(networks)
    record(takes / "new.flac", sentences(1, seed=99))
    prepared = prepare([takes], tmp_path / "two", CONFIG, Reporter(), features=networks)
    assert prepared.summary.takes == 13
    assert heard(networks) - first == pytest.approx(first / 12, rel=0.2)
    again = prepare([takes], tmp_path / "three", CONFIG, Reporter(), features=networks)
    assert heard(networks) - first == pytest.approx(first / 12, rel=0.2)
    assert again.clips == prepared.clips


def test_names_and_places_cost_nothing(takes: Path, tmp_path: Path, networks: Features) -> None:
    prepare([takes], tmp_path / "one", CONFIG, Reporter(), features=networks)
    first = heard(networks)
    renamed = takes.rename(tmp_path / "Aufnahmen von Zoë (neu) 王")
    for path in list(renamed.iterdir()):
        path.rename(path.with_stem(f"{path.stem} é"))
    prepared = prepare([renamed], tmp_path / "two ü", CONFIG, Reporter(), features=networks)
    assert heard(networks) == first
    assert prepared.takes[0].name == "00 é"


@pytest.mark.parametrize("lost", ["cache", "out", "both"])
def test_removed_files_are_made_again(takes: Path, tmp_path: Path, networks: Features, lost: str) -> None:
    prepared = prepare([takes], tmp_path / "out", CONFIG, Reporter(), features=networks)
    first = heard(networks)
    if lost in ("cache", "both"):
        shutil.rmtree(tmp_path / "studio-home")
    if lost in ("out", "both"):
        shutil.rmtree(tmp_path / "out")
    assert prepare([takes], tmp_path / "out", CONFIG, Reporter(), features=networks) == prepared
    assert heard(networks) == (2 * first if lost == "both" else first)


def test_damaged_files_are_made_again(takes: Path, tmp_path: Path, networks: Features) -> None:
    prepared = prepare([takes], tmp_path / "out", CONFIG, Reporter(), features=networks)
    first = heard(networks)
    damaged = tmp_path / "out" / prepared.clips[0].file
    with damaged.open("r+b") as file:  # a link: the cache's file is damaged with it
        file.seek(-5, os.SEEK_END)
        file.write(b"\xff")
    assert prepare([takes], tmp_path / "out", CONFIG, Reporter(), features=networks) == prepared
    assert first < heard(networks) < 1.2 * first
    assert prepared.read(prepared.clips[0].file).record.clips


@pytest.mark.parametrize("change", [{"rate": 32000}, {"silence_dbfs": -50.0}, {"normalise": False}])
def test_settings_that_matter_are_not_mixed_up(
    takes: Path, tmp_path: Path, networks: Features, change: dict[str, float]
) -> None:
    prepare([takes], tmp_path / "out", CONFIG, Reporter(), features=networks)
    first = heard(networks)
    prepare([takes], tmp_path / "out", CONFIG.model_copy(update=change), Reporter(), features=networks)
    assert heard(networks) > 1.9 * first
    files = {path.name for path in (tmp_path / "out" / "takes").iterdir()}
    assert len(files) == 12  # those of the first preparation are gone


def test_another_split_costs_nothing(takes: Path, tmp_path: Path, networks: Features) -> None:
    one = prepare([takes], tmp_path / "one", CONFIG, Reporter(), features=networks)
    first = heard(networks)
    config = CONFIG.model_copy(update={"seed": 3, "held_out": 0.3})
    two = prepare([takes], tmp_path / "two", config, Reporter(), features=networks)
    assert heard(networks) == first
    assert two.summary.test_clips > one.summary.test_clips


def test_the_order_of_arguments_does_not_matter(takes: Path, tmp_path: Path, networks: Features) -> None:
    files = sorted(takes.iterdir())
    one = prepare(files, tmp_path / "one", CONFIG, Reporter(), features=networks)
    two = prepare([*files[::-1], takes], tmp_path / "two", CONFIG, Reporter(), features=networks)
    assert one.model_dump() == two.model_dump()


def test_what_cannot_be_used_is_named_and_skipped(takes: Path, tmp_path: Path, networks: Features) -> None:
    whole = (takes / "00.flac").read_bytes()
    (takes / "half.flac").write_bytes(whole[: len(whole) // 2])
    (takes / "text.wav").write_text("no sound")
    (takes / "empty.mp3").touch()
    shutil.copy(takes / "03.flac", takes / "again.flac")
    record(takes / "quiet.wav", silence(5))
    events: list[Event] = []
    prepared = prepare([takes], tmp_path / "out", CONFIG, Reporter(events.append), features=networks)
    assert {(entry.file, entry.code) for entry in prepared.skipped} == {
        ("half.flac", "damaged_audio"),
        ("text.wav", "not_audio"),
        ("empty.mp3", "empty_audio"),
        ("again.flac", "duplicate"),
        ("quiet.wav", "no_speech"),
    }
    warnings = [event.text for event in events if isinstance(event, Log) and event.level == "warning"]
    assert len(warnings) == 5
    assert "text.wav is not a recording that can be read." in warnings
    assert all("\n" not in text for text in warnings)
    assert (prepared.summary.files, prepared.summary.takes, prepared.summary.skipped) == (17, 12, 5)
    assert str(tmp_path) not in json.dumps([entry.model_dump() for entry in prepared.skipped])


@pytest.mark.parametrize(
    ("rate", "channels", "suffix"), [(8000, 1, "wav"), (44100, 2, "ogg"), (96000, 3, "flac")]
)
def test_any_rate_and_channels(tmp_path: Path, rate: int, channels: int, suffix: str) -> None:
    wave = sentences(6, rate)
    path = record(tmp_path / f"x.{suffix}", np.stack([wave] * channels, 1), rate)
    prepared = prepare([path], tmp_path / "out", CONFIG, Reporter(), features=features())
    assert prepared.takes[0].rate == rate
    assert prepared.summary.train_s + prepared.summary.test_s + prepared.summary.guard_s > 11


def test_samples_far_above_full_scale_are_used(tmp_path: Path) -> None:
    path = tmp_path / "hot.wav"
    soundfile.write(path, sentences(6) * 50, 16000, "FLOAT")
    prepared = prepare([path], tmp_path / "out", CONFIG, Reporter(), features=features())
    assert all(clip.scale == pytest.approx(1.0) for clip in prepared.clips)
    raw = CONFIG.model_copy(update={"normalise": False})
    prepared = prepare([path], tmp_path / "raw", raw, Reporter(), features=features())
    assert all(10 < clip.scale < 30 for clip in prepared.clips)


def test_one_long_take_is_tested_in_stretches(tmp_path: Path, networks: Features) -> None:
    path = record(tmp_path / "long.flac", sentences(40))
    prepared = prepare([path], tmp_path / "out", CONFIG, Reporter(), features=networks)
    test = [(clip.start, clip.start + clip.seconds) for clip in prepared.clips_of("test")]
    train = [(clip.start, clip.start + clip.seconds) for clip in prepared.clips_of("train")]
    assert test
    assert prepared.summary.guard_s > 0
    assert all(a >= end + 2 or b <= start - 2 for a, b in train for start, end in test)


def test_takes_of_equal_name_are_told_apart(tmp_path: Path, networks: Features) -> None:
    for folder in "ab":
        record(tmp_path / folder / "take.wav", sentences(4, seed=ord(folder)))
    prepared = prepare(
        [tmp_path / "a", tmp_path / "b"], tmp_path / "out", CONFIG, Reporter(), features=networks
    )
    assert [take.file for take in prepared.takes] == ["a/take.wav", "b/take.wav"]
    assert len({clip.name for clip in prepared.clips}) == len(prepared.clips)


def test_too_little_for_a_test_part_is_said(tmp_path: Path) -> None:
    path = record(tmp_path / "x.wav", voice(11))
    events: list[Event] = []
    prepared = prepare([path], tmp_path / "out", CONFIG, Reporter(events.append), features=features())
    assert prepared.summary.test_clips == 0
    assert "no_test_part" in [event.code for event in events if isinstance(event, Log)]


def test_bad_input_has_one_clear_answer(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.wav").write_text("no sound")
    noise = np.random.default_rng(0).standard_normal(16000 * 12) * 0.0005
    assert code_of([tmp_path / "nothing"], out) == "missing_path"
    assert code_of([tmp_path / "empty"], out) == "empty_dataset"
    assert code_of([], out) == "empty_dataset"
    assert code_of([tmp_path / "text.wav"], out) == "empty_dataset"
    assert code_of([record(tmp_path / "silence.wav", silence(30))], out) == "no_speech"
    assert code_of([record(tmp_path / "noise.wav", noise)], out) == "no_speech"
    assert code_of([record(tmp_path / "loud.wav", noise * 400)], out) == "no_speech"
    assert code_of([record(tmp_path / "short.wav", sentences(2))], out) == "too_short"
    assert code_of([tmp_path / "short.wav"], out, CONFIG.model_copy(update={"rate": 44100})) == "wrong_rate"
    settings = {"window_s": 1.0, "overlap_s": 1.0}
    assert code_of([tmp_path / "short.wav"], out, CONFIG.model_copy(update=settings)) == "bad_settings"


@pytest.mark.parametrize("setting", ["encoder", "pitch"])
def test_names_of_networks_are_checked_before_anything_is_read(tmp_path: Path, setting: str) -> None:
    with pytest.raises(InputError) as caught:
        prepare([tmp_path / "nothing"], tmp_path, CONFIG.model_copy(update={setting: "parrot"}), Reporter())
    assert caught.value.code == f"unknown_{setting}"


def test_a_file_in_place_of_the_output_folder(tmp_path: Path) -> None:
    path = record(tmp_path / "x.wav", sentences(6))
    with pytest.raises(InputError) as caught:
        prepare([path], path, CONFIG, Reporter(), features=features())
    assert caught.value.code == "not_a_folder"


def test_a_stop_keeps_finished_takes(
    takes: Path, tmp_path: Path, networks: Features, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rvc.datasets.preparation.GROUP_S", 5.0)
    reporter = Reporter()
    encode = networks.encoder.encode

    def stop_later(*arguments: object) -> object:
        if heard(networks) > 8:
            reporter.request_stop()
        return encode(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(networks.encoder, "encode", stop_later)
    with pytest.raises(Paused):
        prepare([takes], tmp_path / "out", CONFIG, reporter, features=networks)
    before = heard(networks)
    prepared = prepare([takes], tmp_path / "out", CONFIG, Reporter(), features=networks)
    assert prepared.summary.takes == 12
    assert heard(networks) - before < 22


def test_a_take_is_kept_with_its_last_clip(
    takes: Path, tmp_path: Path, networks: Features, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rvc.analysis.features.BATCH_SAMPLES", 4 * 16000)
    reporter = Reporter()
    encode = networks.encoder.encode

    def stop_at_once(*arguments: object) -> object:
        reporter.request_stop()
        return encode(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(networks.encoder, "encode", stop_at_once)
    with pytest.raises(Paused):
        prepare([takes], tmp_path / "out", CONFIG, reporter, features=networks)
    assert len(list((tmp_path / "out" / "takes").iterdir())) == 1


def test_a_full_disk_is_said(takes: Path, small_disk: Path, networks: Features) -> None:
    with pytest.raises(Error) as caught:
        prepare([takes], small_disk / "out", CONFIG, Reporter(), features=networks)
    assert caught.value.code == "disk_full"


def test_names_that_are_no_unicode(takes: Path, tmp_path: Path, networks: Features, old_name: str) -> None:
    (takes / "00.flac").rename(takes / f"{old_name}.flac")
    (takes / f"{old_name}.wav").write_text("no sound")
    events: list[Event] = []
    prepared = prepare([takes], tmp_path / "out", CONFIG, Reporter(events.append), features=networks)
    assert Prepared.open(tmp_path / "out") == prepared
    assert prepared.takes[-1].file == "????.flac"
    said = next(event.text for event in events if isinstance(event, Log))
    assert said == "????.wav is not a recording that can be read."
    assert all(event.model_dump_json() for event in events)


def test_what_this_program_made_is_no_recording(takes: Path, tmp_path: Path, networks: Features) -> None:
    audio.write(takes / "preview.wav", voice(3.0, RATE_HZ), RATE_HZ, comment=mark.generated("Anna"))
    prepared = prepare([takes], tmp_path / "out", CONFIG, Reporter(), features=networks)
    assert prepared.summary.files == 12


def test_a_file_too_short_for_a_clip_is_said(takes: Path, tmp_path: Path, networks: Features) -> None:
    record(takes / "short.wav", voice(0.05))
    prepared = prepare([takes], tmp_path / "out", CONFIG, Reporter(), features=networks)
    assert [entry.reason for entry in prepared.skipped] == ["is only 0.05 s long"]


def test_one_clip_is_not_called_clips(tmp_path: Path) -> None:
    path = record(tmp_path / "x.wav", voice(11))
    events: list[Event] = []
    config = CONFIG.model_copy(update={"window_s": 8.0})
    prepare([path], tmp_path / "out", config, Reporter(events.append), features=features())
    text = next(event.text for event in events if isinstance(event, Log) and event.code == "prepared")
    assert "1 of 1 recording:" in text
    assert "(2 clips)" in text
    assert "1 clips" not in text


def test_little_is_enough_to_test_on(tmp_path: Path, networks: Features) -> None:
    path = record(tmp_path / "x.wav", voice(2))
    events: list[Event] = []
    prepared = prepare_testset([path], tmp_path / "out", CONFIG, Reporter(events.append), networks)
    assert prepared.summary.clips == 1
    assert not [event for event in events if isinstance(event, Log)]
    path = record(tmp_path / "y.wav", voice(0.8))
    with pytest.raises(InputError, match="A minute makes a good test"):
        prepare_testset([path], tmp_path / "out", CONFIG, Reporter(), networks)


def test_what_was_computed_in_bf16_is_kept_apart(takes: Path, tmp_path: Path) -> None:
    def prepared(dtype: torch.dtype) -> Prepared:
        torch.manual_seed(0)
        encoder = ContentVec(
            Hubert(HubertConfig(conv_dim=8, hidden=16, heads=2, ffn=16, layers=1)), dtype=dtype
        )
        heard = Features(encoder, CrossingEstimator(), torch.device("cpu"), dtype)
        return prepare([takes], tmp_path / "out", CONFIG, Reporter(), features=heard)

    exact, lower = prepared(torch.float32), prepared(torch.bfloat16)
    assert (exact.precision, lower.precision) == ("fp32", "bf16")
    assert {clip.file for clip in exact.clips}.isdisjoint(clip.file for clip in lower.clips)
    assert prepared(torch.float32).clips == exact.clips


def test_the_choice_of_before_stays(tmp_path: Path, takes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "find", lambda _name: None)
    out = tmp_path / "out"
    assert Choice.make(out, CONFIG) == Choice("starter-2", "swift", "fp32")
    card = prepare([takes], out, CONFIG, Reporter(), features=features())
    chosen = card.model_copy(update={"encoder": EncoderCard(name="starter-2", dim=4), "pitch": "fcpe"})
    chosen.save(out)
    assert Choice.make(out, CONFIG) == Choice("starter-2", "fcpe", "fp32")
    assert Choice.make(out, CONFIG.model_copy(update={"pitch": "swift"})).pitch == "swift"
    monkeypatch.setattr(assets, "find", lambda name: Path(name))  # files of better networks came
    monkeypatch.setattr(device, "natural_dtype", lambda _device: torch.bfloat16)
    assert Choice.make(out, CONFIG) == Choice("contentvec", "rmvpe", "bf16")
    exact = CONFIG.model_copy(update={"precision": "fp32"})
    assert Choice.make(out, exact) == Choice("contentvec", "rmvpe", "fp32")


def test_preparing_again_needs_no_torch(takes: Path, tmp_path: Path) -> None:
    command = ["prepare", str(takes), "--out", str(tmp_path / "out")]
    assert main([*command, "--rate", "32000"]) == 0
    code = "import sys; from rvc.cli import main; assert main(sys.argv[1:]) == 0; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, *command], check=True, timeout=120)
    assert Prepared.open(tmp_path / "out").rate == 32000


def test_decoding_keeps_the_order(takes: Path) -> None:
    found, skipped = recordings.collect([takes])
    assert [one.name for one in found] == sorted(one.name for one in found)
    assert not skipped
    assert all(one.seconds == pytest.approx(2.6) for one in found)


def test_the_networks_that_ship_describe_a_voice(tmp_path: Path) -> None:
    networks = _shipped()
    path = record(tmp_path / "x.flac", sentences(6))
    prepared = prepare([path], tmp_path / "out", CONFIG, Reporter(), features=networks)
    take = prepared.read(prepared.clips[0].file)
    assert prepared.encoder.dim == networks.encoder.dim == take.content.shape[1]
    assert np.isfinite(take.content).all()
    voiced = take.f0[take.f0 > 0]
    assert 110 < np.median(voiced) < 180
    assert len(voiced) > len(take.f0) / 2


def _shipped() -> Features:
    try:
        return Features.load("wakehubert-tiny", "swift", torch.device("cpu"))
    except InputError as error:
        pytest.skip(error.text)
