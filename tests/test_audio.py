import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rvc.errors import Error, InputError
from rvc.sound import audio, encoding, mark
from tests.sounds import record, silence, voice

RATE_HZ = 24000


@pytest.fixture
def wave() -> np.ndarray:
    return voice(1.5, RATE_HZ)


def code_of(action: object, *arguments: object) -> str:
    with pytest.raises(InputError) as caught:
        action(*arguments)  # type: ignore[operator]
    assert caught.value.text.endswith(".")
    return caught.value.code


def correlation(first: np.ndarray, second: np.ndarray) -> float:
    length = min(len(first), len(second))
    return float(np.corrcoef(first[:length], second[:length])[0, 1])


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3", "aiff", "caf", "au"])
def test_reads_common_formats(tmp_path: Path, wave: np.ndarray, suffix: str) -> None:
    read, rate = audio.read(record(tmp_path / f"a b ü 王.{suffix}", wave, RATE_HZ))
    assert rate == RATE_HZ
    assert read.dtype == np.float32
    assert correlation(read, wave) > 0.99


@pytest.mark.parametrize("suffix", ["m4a", "webm", "mp4", "mkv"])
def test_reads_containers_through_pyav(tmp_path: Path, suffix: str, old_name: str) -> None:
    av = pytest.importorskip("av")
    wave = voice(1.0, 48000)
    path = tmp_path / f"x.{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libopus" if suffix == "webm" else "aac", rate=48000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
        frame.sample_rate = 48000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    path = path.rename(tmp_path / f"{old_name}.{suffix}")
    read, rate = audio.read(path)
    assert rate == 48000
    assert len(read) == pytest.approx(48000, abs=4096)
    assert max(correlation(read[lag:], wave) for lag in range(0, 3000, 8)) > 0.9
    assert audio.duration(path) == pytest.approx(1.0, abs=0.1)


def test_reads_a_file_whose_name_is_no_unicode(tmp_path: Path, wave: np.ndarray, old_name: str) -> None:
    path = tmp_path / f"{old_name}.wav"
    audio.write(path, wave, RATE_HZ, comment="said by nobody")
    assert len(audio.read(path)[0]) == len(wave)
    assert audio.duration(path) == 1.5
    assert audio.comment(path) == "said by nobody"
    assert audio.find_audio([tmp_path]) == [path]


def test_reads_a_file_with_a_wrong_name(tmp_path: Path, wave: np.ndarray) -> None:
    path = record(tmp_path / "x.flac", wave, RATE_HZ).rename(tmp_path / "x.wav")
    assert len(audio.read(path)[0]) == len(wave)


def test_says_which_extra_a_container_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.m4a"
    path.write_bytes(b"\0" * 100)
    monkeypatch.setitem(sys.modules, "av", None)
    assert code_of(audio.read, path) == "missing_extra"
    assert code_of(audio.read, path.rename(tmp_path / "x.wav")) == "not_audio"


def test_refuses_what_is_no_recording(tmp_path: Path, wave: np.ndarray) -> None:
    text = tmp_path / "x.wav"
    text.write_text("not a recording" * 50)
    empty = tmp_path / "empty.wav"
    empty.touch()
    whole = record(tmp_path / "whole.flac", wave, RATE_HZ).read_bytes()
    half = tmp_path / "half.flac"
    half.write_bytes(whole[: len(whole) // 2])
    nan = tmp_path / "nan.wav"
    soundfile.write(nan, np.array([0, np.nan, 1], np.float32), RATE_HZ, "FLOAT")
    assert code_of(audio.read, text) == "not_audio"
    assert code_of(audio.read, empty) == "empty_audio"
    assert code_of(audio.read, record(tmp_path / "no.wav", silence(0), RATE_HZ)) == "empty_audio"
    assert code_of(audio.read, half) == "damaged_audio"
    assert code_of(audio.read, nan) == "not_finite"
    assert code_of(audio.read, record(tmp_path / "slow.wav", wave, 100)) == "odd_rate"
    assert code_of(audio.read, tmp_path / "missing.wav") == "missing_file"
    assert code_of(audio.read, tmp_path) == "not_audio"
    assert audio.duration(text) == 0


def test_mixes_channels(tmp_path: Path, wave: np.ndarray) -> None:
    stereo = record(tmp_path / "x.wav", np.stack([wave, 0 * wave], 1), RATE_HZ)
    assert audio.read(stereo)[0] == pytest.approx(wave / 2, abs=1e-4)


def test_keeps_a_voice_whose_channels_cancel(tmp_path: Path, wave: np.ndarray) -> None:
    stereo = record(tmp_path / "x.wav", np.stack([0.9 * wave, -wave], 1), RATE_HZ)
    assert audio.read(stereo)[0] == pytest.approx(-wave, abs=1e-4)


@pytest.mark.parametrize("source", [8000, 11025, 44100, 48000, 96000])
def test_resamples(tmp_path: Path, source: int) -> None:
    read, rate = audio.read(record(tmp_path / "x.wav", voice(1.0, source), source), 16000)
    assert rate == 16000
    assert len(read) == 16000
    assert correlation(read, voice(1.0, 16000)) > 0.99


def test_finds_recordings_once_and_in_order(tmp_path: Path, wave: np.ndarray) -> None:
    for name in ("b.wav", "a/z.FLAC", "a/.hidden.wav", ".git/x.wav", "ü 王.ogg"):
        record(tmp_path / name, wave, RATE_HZ)
    (tmp_path / "notes.txt").write_text("no sound")
    found = audio.find_audio([tmp_path, tmp_path / "b.wav"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["a/z.FLAC", "b.wav", "ü 王.ogg"]
    assert audio.find_audio([tmp_path / "notes.txt"]) == [tmp_path / "notes.txt"]
    assert code_of(audio.find_audio, [tmp_path / "nothing"]) == "missing_path"


@pytest.mark.parametrize("suffix", list(audio.FORMATS))
def test_files_of_ours_are_no_recordings(tmp_path: Path, wave: np.ndarray, suffix: str) -> None:
    own, copied, said = (tmp_path / f"{name}{suffix}" for name in ("own", "copied", "said"))
    audio.write(own, wave, RATE_HZ, comment="by the singer")
    audio.write(copied, wave, RATE_HZ, comment=mark.COPY)
    audio.write(said, wave, RATE_HZ, comment=mark.generated("Änna 王"))
    assert audio.find_audio([tmp_path]) == [own]
    assert audio.find_audio([tmp_path, said]) == [own, said]  # who names a file means it


def test_results_are_not_found_where_they_go(tmp_path: Path, wave: np.ndarray) -> None:
    own = record(tmp_path / "in/own.wav", wave, RATE_HZ)
    result = record(tmp_path / "in/out/result.wav", wave, RATE_HZ)
    assert audio.find_audio([tmp_path / "in"], tmp_path / "in/out") == [own]
    for elsewhere in (tmp_path / "in", tmp_path, tmp_path / "other"):
        assert set(audio.find_audio([tmp_path / "in"], elsewhere)) == {own, result}
    assert audio.find_audio([tmp_path / "in", result], tmp_path / "in/out") == [own, result]


@pytest.mark.parametrize("suffix", list(audio.FORMATS))
def test_a_full_disk_is_said(small_disk: Path, suffix: str) -> None:
    noise = np.random.default_rng(0).standard_normal(20 * RATE_HZ).astype(np.float32) * 0.1
    with pytest.raises(Error) as caught:
        audio.write(small_disk / f"x{suffix}", noise, RATE_HZ)
    assert caught.value.code == "disk_full"
    assert not list(small_disk.iterdir())


@pytest.mark.parametrize("suffix", list(audio.FORMATS))
def test_writes_what_it_reads(tmp_path: Path, wave: np.ndarray, suffix: str) -> None:
    path = tmp_path / f"out 王{suffix}"
    audio.write(path, wave, RATE_HZ, comment="AI generated")
    read, rate = audio.read(path)
    assert rate == RATE_HZ
    assert correlation(read, wave) > (0.99 if suffix == ".opus" else 0.999)
    with soundfile.SoundFile(path) as file:
        assert file.comment == "AI generated"
    assert [path.name for path in tmp_path.iterdir()] == [path.name]


def test_writes_mp3_at_a_rate_that_mp3_knows(tmp_path: Path) -> None:
    audio.write(tmp_path / "x.mp3", voice(1.0, 40000), 40000)
    assert audio.read(tmp_path / "x.mp3")[1] == 44100


def test_writes_opus_at_a_rate_that_opus_knows(tmp_path: Path) -> None:
    audio.write(tmp_path / "x.opus", voice(1.0, 32000), 32000)
    read, rate = audio.read(tmp_path / "x.opus")
    assert (rate, len(read)) == (48000, 48000)


@pytest.mark.parametrize("suffix", list(audio.FORMATS))
def test_writes_channels_block_by_block(tmp_path: Path, suffix: str) -> None:
    left = voice(1.0, 48000)
    pair = np.stack([left, 0.5 * left], 1)
    encoding.write(tmp_path / f"x{suffix}", np.split(pair, [5, 7000]), 48000, channels=2, comment="both")
    read, rate = soundfile.read(tmp_path / f"x{suffix}")
    assert (rate, read.shape[1]) == (48000, 2)
    assert read[:, 1].std() == pytest.approx(read[:, 0].std() / 2, rel=0.02)
    assert audio.comment(tmp_path / f"x{suffix}") == "both"


def test_a_stream_is_what_is_read(tmp_path: Path, wave: np.ndarray) -> None:
    for name, channels in (
        ("mono", [wave]),
        ("mixed", [wave, 0.5 * wave]),
        ("cancelled", [0.9 * wave, -wave]),
    ):
        path = record(tmp_path / f"{name}.wav", np.stack(channels, 1), RATE_HZ)
        streamed = audio.stream(path)
        assert streamed.rate == RATE_HZ
        np.testing.assert_array_equal(np.concatenate(list(streamed.blocks)), audio.read(path)[0])
        assert next(iter(audio.channels(path).blocks)).shape == (len(wave), len(channels))


def test_a_stream_refuses_what_is_no_recording(tmp_path: Path, wave: np.ndarray) -> None:
    nan = tmp_path / "nan.wav"
    soundfile.write(nan, np.array([0, np.nan, 1], np.float32), RATE_HZ, "FLOAT")
    half = tmp_path / "half.flac"
    half.write_bytes(record(tmp_path / "whole.flac", wave, RATE_HZ).read_bytes()[:9000])
    assert code_of(audio.stream, tmp_path / "missing.wav") == "missing_file"
    assert code_of(lambda path: list(audio.stream(path).blocks), nan) == "not_finite"
    assert code_of(lambda path: list(audio.stream(path).blocks), half) == "damaged_audio"
    none = record(tmp_path / "none.wav", silence(0), RATE_HZ)
    assert code_of(lambda path: list(audio.stream(path).blocks), none) == "empty_audio"


def test_scales_down_what_would_clip(tmp_path: Path, wave: np.ndarray) -> None:
    audio.write(tmp_path / "x.wav", wave * 20, RATE_HZ)
    read, _ = audio.read(tmp_path / "x.wav")
    assert audio.peak(read) == pytest.approx(audio.PEAK_LIMIT, abs=1e-3)
    assert correlation(read, wave) > 0.9999


def test_dither_leaves_no_correlated_error(tmp_path: Path) -> None:
    tone = (np.sin(2 * np.pi * 100 * np.arange(48000) / 48000) * 1.4 / 32768).astype(np.float32)
    audio.write(tmp_path / "x.wav", tone, 48000)
    error = audio.read(tmp_path / "x.wav")[0] - tone
    spectrum = np.abs(np.fft.rfft(error))
    assert spectrum[[100, 300, 500]].max() < 6 * np.median(spectrum)
    audio.write(tmp_path / "y.wav", tone, 48000)
    assert (tmp_path / "x.wav").read_bytes() == (tmp_path / "y.wav").read_bytes()


def test_refuses_to_write_nonsense(tmp_path: Path) -> None:
    with pytest.raises(Error, match="not numbers"):
        audio.write(tmp_path / "x.wav", np.array([0, np.inf], np.float32), RATE_HZ)
    assert code_of(audio.write, tmp_path / "x.doc", silence(1), RATE_HZ) == "unknown_format"
    assert not list(tmp_path.iterdir())


def test_causal_highpass_is_the_same_in_blocks(monkeypatch: pytest.MonkeyPatch, wave: np.ndarray) -> None:
    whole = audio.highpass(wave, RATE_HZ, zero_phase=False)
    monkeypatch.setattr(audio, "BLOCK", 777)
    assert np.array_equal(audio.highpass(wave, RATE_HZ, zero_phase=False), whole)


@pytest.mark.parametrize("zero_phase", [True, False])
@pytest.mark.parametrize("length", [0, 1, 5, 18, 19])
def test_highpass_of_next_to_nothing(zero_phase: bool, length: int) -> None:
    filtered = audio.highpass(np.ones(length, np.float32), 16000, zero_phase=zero_phase)
    assert filtered.shape == (length,)
    assert np.isfinite(filtered).all()


def test_highpass_removes_rumble_and_keeps_voice() -> None:
    time = np.arange(16000) / 16000
    rumble, tone = (np.sin(2 * np.pi * hz * time).astype(np.float32) for hz in (20, 150))
    for zero_phase in (True, False):
        assert audio.highpass(rumble, 16000, zero_phase=zero_phase)[4000:12000].std() < 0.02
        assert audio.highpass(tone, 16000, zero_phase=zero_phase)[4000:12000].std() > 0.69


@pytest.mark.parametrize(("length", "frame", "hop"), [(16000, 400, 100), (999, 300, 150), (5, 64, 16)])
def test_rms_is_that_of_centred_windows(
    monkeypatch: pytest.MonkeyPatch, length: int, frame: int, hop: int
) -> None:
    monkeypatch.setattr(audio, "BLOCK", 1000)
    wave = np.random.default_rng(0).standard_normal(length).astype(np.float32)
    padded = np.pad(wave.astype(np.float64), (frame // 2, frame))
    starts = range(0, (length // hop + 1) * hop, hop)
    expected = [np.sqrt(np.mean(padded[start : start + frame] ** 2)) for start in starts]
    assert audio.rms(wave, frame, hop) == pytest.approx(np.array(expected), rel=1e-9)
