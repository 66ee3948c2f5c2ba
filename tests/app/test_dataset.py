"""The takes of a voice as files: their waveform, edits that can be undone, and recordings from elsewhere."""

import shutil
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rvc import paths
from rvc.errors import InputError, Paused
from rvc.events import Reporter
from rvcstudio.dataset import cutting, imports, peaks, spectrogram, waves
from rvcstudio.dataset.editing import Editing
from rvcstudio.dataset.versions import Step, Versions
from rvcstudio.library import Library, Take, Voice

RATE = 48000


@pytest.fixture
def mina(library: Library) -> Voice:
    return library.voices.add("Mina 미나", colour="#B4447A", language="ko", consent="own")


@pytest.fixture
def take(library: Library, mina: Voice) -> Take:
    """A real recording of 3 s with a second of digital silence before and after it."""
    speech, rate = soundfile.read(paths.resource("demo/voice/01-harbour.flac"), dtype="float32")
    file = library.takes.new_file(mina.id, "harbour")
    quiet = np.zeros(rate, np.float32)
    wave = np.concatenate([quiet, speech[: 3 * rate], quiet])
    soundfile.write(file, wave, rate, subtype="PCM_24")
    return library.takes.add(mina.id, file, rate=rate, seconds=5.0, prompt="The harbour")


def samples(take: Take) -> np.ndarray:
    return waves.read(take.file)


class TestPeaks:
    def test_all_zooms_show_the_extremes_of_the_samples(self, tmp_path: Path) -> None:
        wave = np.random.default_rng(0).normal(0, 0.1, 100_001).astype(np.float32)
        file = tmp_path / "noise.flac"
        soundfile.write(file, wave, RATE, subtype="PCM_24")
        found = peaks.load(file)
        for start, stop, columns in (
            (0, 100_001, 40),
            (0, 100_001, 333),
            (5000, 5600, 300),
            (99_000, 99_010, 10),
        ):
            shown = found.between(start, stop, columns)
            edges = np.linspace(start, stop, columns + 1)
            slack = waves_slack((stop - start) / columns)
            for column in range(0, columns, 7):
                inside = wave[max(0, int(edges[column]) - slack) : int(np.ceil(edges[column + 1])) + slack]
                assert inside.min() - 1e-4 <= shown[0, column] <= shown[1, column] <= inside.max() + 1e-4
            assert shown[1].max() == pytest.approx(wave[start:stop].max(), abs=1e-4)
        assert found.peak == pytest.approx(np.abs(wave).max(), abs=1e-4)

    def test_what_lies_beyond_the_ends_is_silence(self, tone: Path) -> None:
        shown = peaks.load(tone).between(-RATE, 3 * RATE, 8)
        assert shown[:, [0, 1, 7]].tolist() == np.zeros((2, 3)).tolist()
        assert shown[1, 2:6].min() > 0.29

    def test_they_are_kept_and_a_damaged_copy_is_made_anew(self, tone: Path) -> None:
        first = peaks.load(tone).levels[0]
        kept = next(path for path in (paths.cache_dir() / "peaks").rglob("*.npy"))
        kept.write_bytes(kept.read_bytes()[:100])
        assert np.array_equal(peaks.load(tone).levels[0], first)

    def test_a_file_that_is_none_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "none.flac").write_bytes(b"fLaC and then nothing")
        with pytest.raises(InputError, match="cannot be opened"):
            peaks.load(tmp_path / "none.flac")


def waves_slack(step: float) -> int:
    """Return by how much a column may reach into its neighbours: one stretch of the level it is drawn from."""
    return (
        0
        if step < peaks.STRETCH
        else peaks.STRETCH * peaks.FACTOR ** int(np.log(step / peaks.STRETCH) / np.log(peaks.FACTOR))
    )


def test_the_spectrogram_has_a_tone_where_it_belongs() -> None:
    wave = 0.5 * np.sin(2 * np.pi * 3000 * np.arange(RATE) / RATE).astype(np.float32)
    levels = spectrogram.picture(wave, RATE, 50, 200)
    row = 199 - int(float(spectrogram.place(3000, RATE / 2)) * 200)
    assert levels.shape == (200, 50)
    assert abs(int(levels[:, 25].argmax()) - row) <= 2
    assert levels[20, 25] < 60


class TestEditing:
    def test_trimming_to_a_selection_is_exact_and_undone(self, library: Library, take: Take) -> None:
        before, versions = samples(take), Versions(library)
        step = Editing(library).keep(take, (30_000, 60_000))
        after = library.takes.find(take.id)
        fade = round(cutting.FADE_S * take.rate)
        assert np.array_equal(samples(after)[fade:-fade], before[30_000 + fade : 60_000 - fade])
        assert after.seconds == pytest.approx(30_000 / take.rate)
        assert (after.prompt, after.peak_dbfs is not None) == ("The harbour", True)
        versions.undo(step)
        assert np.array_equal(samples(library.takes.find(take.id)), before)
        versions.redo(step)
        assert library.takes.find(take.id) == after
        assert len(library.takes.all()) == 1

    def test_the_recording_before_an_edit_stays_in_the_bin(self, library: Library, take: Take) -> None:
        Editing(library).keep(take, (0, 1000))
        assert [item.path for item in library.bin.all()] == [take.file]
        assert take.file.exists()

    def test_a_part_is_cut_out_without_a_click(self, library: Library, take: Take) -> None:
        Editing(library).cut_out(take, (40_000, 50_000))
        after = samples(library.takes.find(take.id))
        assert len(after) == len(samples(take)) - 10_000
        assert np.abs(after[39_998:40_002]).max() < 0.02

    def test_a_split_take_is_two_in_every_dataset(self, library: Library, take: Take) -> None:
        library.takes.choose(take.voice, "mine", [take.id])
        step = Editing(library).split(take, 60_000)
        parts = library.takes.all(order="oldest")
        assert sorted(len(samples(part)) for part in parts) == [60_000, len(samples(take)) - 60_000]
        assert set(library.takes.datasets(take.voice)[0].takes) == {part.id for part in parts}
        Versions(library).undo(step)
        assert [one.id for one in library.takes.all()] == [take.id]
        assert library.takes.datasets(take.voice)[0].takes == (take.id,)

    def test_gain_stops_before_it_clips(self, library: Library, take: Take) -> None:
        editing = Editing(library)
        editing.amplify(take, 60)
        loud = library.takes.find(take.id)
        assert loud.peak_dbfs == pytest.approx(-1, abs=0.01)
        with pytest.raises(InputError, match="cannot be turned up"):
            editing.amplify(loud, 3)
        editing.amplify(loud, -20)
        assert library.takes.find(take.id).peak_dbfs == pytest.approx(-21, abs=0.01)

    def test_normalising_brings_speech_to_its_level(self, library: Library, take: Take) -> None:
        editing = Editing(library)
        editing.amplify(take, -25)
        step = editing.normalise(library.takes.all(), Reporter())
        speech = waves.speech_dbfs(waves.frame_levels(library.takes.find(take.id).file))
        assert speech == pytest.approx(cutting.SPEECH_DBFS, abs=0.1)
        assert step.takes == (take.id,)
        assert editing.normalise(library.takes.all(), Reporter()) == Step()

    def test_trimming_takes_the_silence_off(self, library: Library, take: Take) -> None:
        editing = Editing(library)
        editing.trim([take], Reporter())
        after = library.takes.find(take.id)
        assert 2.5 < after.seconds < 3.9
        assert editing.trim([after], Reporter()) == Step()

    def test_silence_has_nothing_to_trim(self, library: Library, mina: Voice, tmp_path: Path) -> None:
        soundfile.write(tmp_path / "still.flac", np.zeros(RATE), RATE)
        still = library.takes.add(mina.id, tmp_path / "still.flac", rate=RATE, seconds=1.0)
        assert Editing(library).trim([still], Reporter()) == Step()
        assert Editing(library).normalise([still], Reporter()) == Step()

    def test_nothing_may_be_left_of_a_take(self, library: Library, take: Take) -> None:
        with pytest.raises(InputError, match="Nothing would be left"):
            Editing(library).cut_out(take, (0, len(samples(take))))
        assert library.takes.find(take.id) == take

    def test_a_stop_leaves_every_take_and_no_file_behind(self, library: Library, take: Take) -> None:
        reporter = Reporter()
        reporter.request_stop()
        with pytest.raises(Paused):
            Editing(library).trim([take], reporter)
        assert library.takes.all() == [take]
        assert list(take.file.parent.iterdir()) == [take.file]

    def test_leaving_out_and_deleting_are_steps_too(self, library: Library, take: Take) -> None:
        versions = Versions(library)
        out = versions.leave_out([take.id])
        assert library.takes.find(take.id).excluded
        assert versions.leave_out([take.id]) == Step()
        removed = versions.remove([take.id])
        assert library.takes.all() == []
        versions.undo(removed)
        versions.undo(out)
        assert library.takes.all() == [take]


class TestImports:
    def test_hundreds_of_mixed_files_make_one_summary(
        self, library: Library, mina: Voice, tmp_path: Path, tone: Path
    ) -> None:
        folder = tmp_path / "dropped"
        (folder / "노래").mkdir(parents=True)
        (folder / ".hidden").mkdir()
        shutil.copy(tone, folder / ".hidden")
        wave = np.random.default_rng(1).normal(0, 0.05, 4800).astype(np.float32)
        for number in range(150):
            soundfile.write(folder / f"take {number}.wav", np.roll(wave, number), 16000, subtype="PCM_24")
        stereo = np.stack([wave, 0.5 * wave], axis=1)
        soundfile.write(folder / "노래" / "가나다 🎤.ogg", np.tile(stereo, (5, 1)), 44100)
        (folder / "broken.flac").write_bytes(tone.read_bytes()[:4000])
        (folder / "empty.wav").touch()
        (folder / "text.mp3").write_text("no sound")
        (folder / "notes.txt").write_text("left alone")
        began = time.process_time()
        done = imports.import_files(library, mina.id, [folder, tone, tone], Reporter())
        assert time.process_time() - began < 10
        assert (len(done.added), done.others, done.left, done.twice) == (152, 1, 0, {})
        assert {one.name: one.code for one in done.refused} == {
            "dropped/broken.flac": "damaged_audio",
            "dropped/empty.wav": "empty_audio",
            "dropped/text.mp3": "not_audio",
        }
        made = library.takes.all(search="가나다")[0]
        facts = soundfile.info(made.file)
        assert (facts.samplerate, facts.subtype, facts.channels, facts.format) == (44100, "PCM_24", 1, "FLAC")
        assert len(list(made.file.parent.iterdir())) == 152

    def test_the_same_samples_are_imported_once(self, library: Library, mina: Voice, tone: Path) -> None:
        first = imports.import_files(library, mina.id, [tone], Reporter())
        wave, rate = soundfile.read(tone, dtype="int32")
        soundfile.write(tone.with_name("again.wav"), wave, rate, subtype="PCM_24")
        again = imports.import_files(library, mina.id, [tone.with_name("again.wav")], Reporter())
        assert (len(first.added), again.added, again.twice) == (1, [], {"again.wav": "tone"})
        assert len(list(library.takes.all()[0].file.parent.iterdir())) == 1

    def test_a_stop_keeps_what_is_there(self, library: Library, mina: Voice, tone: Path) -> None:
        reporter = Reporter()
        copies = [tone.with_name(f"{number}.flac") for number in range(3)]
        for number, copy in enumerate(copies):
            soundfile.write(copy, np.full(RATE, 0.1 * number + 0.1), RATE)
        reporter.request_stop()
        done = imports.import_files(library, mina.id, copies, reporter)
        assert (done.added, done.left) == ([], 3)
        assert library.takes.all() == []

    def test_the_sound_of_a_video_is_a_take(self, library: Library, mina: Voice, tmp_path: Path) -> None:
        av = pytest.importorskip("av")
        film = tmp_path / "film.mp4"
        with av.open(str(film), "w") as container:
            stream = container.add_stream("aac", rate=48000, layout="mono")
            wave = (0.2 * np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE)).astype(np.float32)
            for start in range(0, RATE, 1024):
                frame = av.AudioFrame.from_ndarray(
                    wave[None, start : start + 1024], format="fltp", layout="mono"
                )
                frame.sample_rate, frame.pts = RATE, start
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        done = imports.import_files(library, mina.id, [film], Reporter())
        assert len(done.added) == 1
        assert library.takes.find(done.added[0]).seconds == pytest.approx(1, abs=0.1)
