"""Conversion of files and folders: names, folders, faults, loudness, and what is never touched."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from rvc.analysis import pitch
from rvc.config import ConvertConfig
from rvc.errors import Error, InputError
from rvc.events import Event, Log, Progress, Reporter
from rvc.quality import levels
from rvc.sound import audio, mark
from rvc.synthesis import outputs
from rvc.synthesis.conversion import convert
from rvc.synthesis.converter import PASSES
from rvc.synthesis.index import RetrievalIndex
from rvc.synthesis.outputs import Recording
from rvc.voices.voice import Voice
from tests import sounds, voices
from tests.test_conversion import estimator, usual_pitch

__all__ = ["estimator"]


class Stage:
    """A folder with a model whose encoder is the small one, and a list of what was reported."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.events: list[Event] = []
        self.model = folder / "models" / "Änna.safetensors"
        voices.small_lite().save(self.model)
        monkeypatch.setattr(
            "rvc.analysis.content.load", lambda _name, _device, _dtype: voices.small_encoder()
        )

    def record(self, name: str, seconds: float = 0.4) -> Path:
        return sounds.record(self.folder / name, sounds.voice(seconds))

    def run(
        self, inputs: list[Path], *, out: Path | None = None, index: Path | None = None, **settings: object
    ) -> list[Path]:
        config, reporter = (
            ConvertConfig(device="cpu", pitch="swift", **settings),
            Reporter(self.events.append),
        )
        return convert(self.model, inputs, out or self.folder / "out", config, reporter, index)

    def logged(self, code: str) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Log) and event.code == code]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(tmp_path, monkeypatch)


def test_files_of_a_folder_are_converted(stage: Stage) -> None:
    stage.record("in/grüße an alle.wav")
    stage.record("in/deep/b.flac")
    written = stage.run([stage.folder / "in"], format="flac", rate=44100)
    assert sorted(path.name for path in written) == ["b_Änna.flac", "grüße an alle_Änna.flac"]
    for path in written:
        found = soundfile.info(path)
        assert (found.samplerate, found.frames) == (44100, round(0.4 * 44100))
        assert audio.comment(path) == mark.generated("Änna")
    last = [event for event in stage.events if isinstance(event, Progress)][-1]
    assert (last.phase, last.step, last.total) == ("convert", 160, 160)


def test_results_stay_in_their_sub_folders_and_replace_nothing_else(stage: Stage) -> None:
    stage.record("in/a.wav")
    stage.record("in/deep/a.wav", 0.5)
    out = stage.folder / "out"

    def converted(**settings: object) -> list[str]:
        return [path.relative_to(out).as_posix() for path in stage.run([stage.folder / "in"], **settings)]

    assert converted() == ["a_Änna.wav", "deep/a_Änna.wav"]
    before = (out / "a_Änna.wav").read_bytes()
    assert converted() == ["a_Änna.wav", "deep/a_Änna.wav"]
    assert converted(pitch_shift=7.0) == ["a_Änna-2.wav", "deep/a_Änna-2.wav"]
    assert (out / "a_Änna.wav").read_bytes() == before
    assert converted(pitch_shift=5.0, overwrite=True) == ["a_Änna.wav", "deep/a_Änna.wav"]
    assert (out / "a_Änna.wav").read_bytes() != before
    assert len(list(out.rglob("*.wav"))) == 4


def test_the_shift_chosen_for_each_file_is_told(stage: Stage) -> None:
    low = sounds.record(stage.folder / "low.wav", sounds.voice(1.0, f0=110.0))
    high = sounds.record(stage.folder / "high.wav", sounds.voice(1.0, f0=440.0))
    stage.run([low, high], pitch_shift="auto")
    assert stage.logged("converted") == [
        "low.wav → low_Änna.wav, pitch +12 semitones",
        "high.wav → high_Änna.wav, pitch -12 semitones",
    ]
    told = [event.params for event in stage.events if isinstance(event, Log) and event.code == "converted"]
    assert [params["pitch_shift"] for params in told] == [12, -12]


def test_a_loudness_is_reached_or_said_to_be_missed(stage: Stage) -> None:
    recording = stage.record("hello.wav", 2.0)
    (written,) = stage.run([recording], loudness=-24.0)
    assert levels.loudness_lufs(*audio.read(written)) == pytest.approx(-24.0, abs=0.1)
    (written,) = stage.run([recording], loudness=-5.0, overwrite=True)
    assert "its peaks allow no more" in stage.logged("converted")[1]
    assert audio.peak(audio.read(written)[0]) <= 10 ** (-1 / 20)


def test_a_pitch_curve_is_sung(stage: Stage, estimator: pitch.PitchEstimator) -> None:
    recording = stage.record("hello.wav", 2.0)
    curve = stage.folder / "curve.csv"
    curve.write_text("seconds,Hz\n0,300\n2,300\n")
    (written,) = stage.run([recording], pitch_curve=str(curve), pitch_shift=-12.0)
    assert usual_pitch(*audio.read(written), estimator) == pytest.approx(300, rel=0.02)
    with pytest.raises(InputError, match="that of one recording, and here are 2"):
        stage.run([recording, stage.record("other.wav")], pitch_curve=str(curve))
    curve.write_text("0,300\n1,loud\n")
    with pytest.raises(InputError, match="line 2"):
        stage.run([recording], pitch_curve=str(curve))


def test_two_inputs_of_one_name_both_come_out(stage: Stage) -> None:
    one, other = stage.record("a/hello.wav", 0.3), stage.record("b/Hello.wav", 0.5)
    written = stage.run([one, other, one])
    assert [path.name for path in written] == ["hello_Änna.wav", "Hello_Änna-2.wav"]
    assert [soundfile.info(path).duration for path in written] == [pytest.approx(0.3), pytest.approx(0.5)]


def test_results_are_not_converted_again(stage: Stage) -> None:
    recording = stage.record("in/hello.wav")
    out = stage.folder / "in" / "out"
    for folder in (out, out, stage.folder / "in"):
        written = stage.run([stage.folder / "in"], out=folder)
        assert [path.name for path in written] == ["hello_Änna.wav"]
    with pytest.raises(InputError, match="name the file itself"):
        stage.run([out])
    assert stage.run(written)
    assert recording.exists()


def test_a_full_disk_ends_it(stage: Stage, small_disk: Path) -> None:
    recordings = [stage.record(f"{number}.wav", 2.0) for number in range(3)]
    with pytest.raises(Error) as caught:
        stage.run(recordings, out=small_disk / "out")
    assert caught.value.code == "disk_full"
    assert not stage.logged("disk_full")
    assert not stage.logged("converted")
    assert [event for event in stage.events if isinstance(event, Progress)][-1].step <= PASSES * 200


def test_a_folder_that_takes_no_file_ends_it(stage: Stage) -> None:
    recordings = [stage.record(f"{number}.wav") for number in range(3)]
    out = stage.folder / "out"
    out.mkdir()
    (out / "sub").touch()
    stage.record("in/sub/a.wav")
    with pytest.raises(InputError, match="is a file where a folder is needed"):
        stage.run([stage.folder / "in", *recordings])
    assert not stage.logged("converted")


def test_names_that_are_no_unicode(stage: Stage, old_name: str) -> None:
    recording = stage.record("x.wav").rename(stage.folder / f"{old_name}.wav")
    broken = stage.folder / f"{old_name} broken.wav"
    broken.write_bytes(b"RIFFnonsense")
    with pytest.raises(InputError):
        stage.run([recording, broken])
    assert (stage.folder / "out" / "????_Änna.wav").exists()
    assert stage.logged("converted") == ["????.wav → ????_Änna.wav"]
    assert stage.logged("not_audio")[0].startswith("???? broken.wav was skipped")
    assert all(event.model_dump_json() for event in stage.events)


def test_the_longest_names_fit(tmp_path: Path) -> None:
    (target,) = outputs.targets([Recording(Path("x" * 251 + ".wav"))], tmp_path, "Anna", "flac")
    target.touch()


def test_a_rate_that_mp3_does_not_know_is_refused(stage: Stage) -> None:
    recording = stage.record("hello.wav")
    for kind in ("mp3", "opus"):
        with pytest.raises(InputError, match=f"{kind.upper()} cannot hold 40000 Hz"):
            stage.run([recording], format=kind, rate=40000)
    (written,) = stage.run([recording], format="mp3", rate=44100)
    assert soundfile.info(written).samplerate == 44100


def test_an_index_that_is_not_there_is_refused_though_it_is_not_used(stage: Stage) -> None:
    with pytest.raises(InputError, match="There is no index at"):
        stage.run([stage.record("hello.wav")], index=stage.folder / "none.index", index_rate=0.0)


def test_a_recording_is_never_overwritten(tmp_path: Path) -> None:
    recordings = [tmp_path / "hello.wav", tmp_path / "hello_Anna.wav"]
    targets = outputs.targets([Recording(path) for path in recordings], tmp_path, "Anna", "wav")
    assert [path.name for path in targets] == ["hello_Anna-2.wav", "hello_Anna_Anna.wav"]


@pytest.mark.parametrize("name", ["a/b\\c:d*?", "...", "x" * 200])
def test_names_of_voices_make_file_names(name: str, tmp_path: Path) -> None:
    (target,) = outputs.targets([Recording(Path("ö" * 120 + ".wav"))], tmp_path, name, "wav")
    assert target.parent == tmp_path
    assert "ö" * 120 in target.stem
    target.write_bytes(b"")


def test_a_broken_file_is_named_and_the_others_are_done(stage: Stage) -> None:
    good = stage.record("good.wav")
    broken = stage.folder / "broken.wav"
    broken.write_bytes(b"RIFFnonsense")
    short = stage.record("short.wav", 0.05)
    with pytest.raises(InputError, match=r"3 of 4 recordings could not be converted") as caught:
        stage.run([stage.folder / "missing.wav", broken, short, good])
    assert all(
        name in caught.value.text for name in ("missing.wav does", "broken.wav is", "short.wav: 0.05 s")
    )
    assert caught.value.code == "some_failed"
    assert (stage.folder / "out" / "good_Änna.wav").exists()
    assert len(list((stage.folder / "out").iterdir())) == 1
    assert [text.partition(" was")[0] for text in stage.logged("too_short")] == ["short.wav"]
    assert [text.partition(" was")[0] for text in stage.logged("not_audio")] == ["broken.wav"]


def test_the_only_recording_s_fault_is_the_error(stage: Stage) -> None:
    with pytest.raises(InputError) as caught:
        stage.run([stage.record("short.wav", 0.05)])
    assert caught.value.code == "too_short"
    (stage.folder / "empty").mkdir()
    with pytest.raises(InputError, match="no recordings in"):
        stage.run([stage.folder / "empty"])


def test_the_index_beside_the_model_is_used(stage: Stage) -> None:
    recording = stage.record("hello.wav")
    plain = audio.read(stage.run([recording])[0])[0]
    bank = torch.randn(30, voices.SMALL_DIM, generator=torch.Generator().manual_seed(0))
    RetrievalIndex(bank).save(stage.model.with_suffix(".index"))
    blended = audio.read(stage.run([recording])[0])[0]
    same = audio.read(stage.run([recording], index_rate=0.0)[0])[0]
    assert np.abs(plain - blended).max() > 1e-3
    np.testing.assert_array_equal(plain, same)


def test_nothing_is_run_on_a_stranger(stage: Stage) -> None:
    stage.model.write_bytes(b"no model")
    with pytest.raises(InputError) as caught:
        stage.run([stage.record("hello.wav")])
    assert caught.value.code == "damaged_model"
    assert not (stage.folder / "out").exists()


def test_a_voice_is_loaded_once_for_many_files(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[Path] = []
    load = Voice.load
    monkeypatch.setattr(Voice, "load", lambda path, *rest: loads.append(path) or load(path, *rest))
    stage.run([stage.record("a.wav"), stage.record("b.wav")])
    assert loads == [stage.model]
