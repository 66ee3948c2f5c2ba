"""The player of files, heard through a private PulseAudio."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

pytest.importorskip("sounddevice", exc_type=OSError)  # it needs PortAudio

from rvc.errors import InputError
from rvc.sound.growing import GrowingWave
from rvcstudio.sound.devices import Sound
from rvcstudio.sound.player import Player
from tests.pulse import PulseServer, pulse

__all__ = ["pulse"]
RATE = 48000
PATIENCE_MS = 60_000


@pytest.fixture
def player(pulse: PulseServer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Player]:  # noqa: ARG001
    """A player on the speaker of the daemon."""
    for name, value in pulse.environment().items():
        monkeypatch.setenv(name, value)
    sound = Sound()
    sound.reread()
    made = Player(sound)
    made.choose("ALSA: speaker")
    yield made
    made.stop()
    assert sound.reread()  # fails where a stream was left running


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    """A second of a quiet tone, then a second of a loud one."""
    times = np.arange(RATE) / RATE
    tone = np.sin(2 * np.pi * 500 * times)
    file = tmp_path / "계단.flac"
    soundfile.write(file, np.concatenate([0.1 * tone, 0.5 * tone]), RATE, subtype="PCM_24")
    return file


def sounding(wave: np.ndarray, level: float) -> float:
    """Return for how many seconds a tone of this height is heard."""
    frames = wave[: len(wave) // 480 * 480].reshape(-1, 480)
    return float(np.sum(np.abs(np.abs(frames).max(axis=1) - level) < 0.02)) * 0.01


def test_a_file_is_heard_to_its_end(player: Player, pulse: PulseServer, steps: Path, qtbot: QtBot) -> None:
    with pulse.recording("speaker.monitor") as heard:
        player.play(steps)
        assert player.playing == steps
        with qtbot.waitSignal(player.changed, timeout=PATIENCE_MS) as ended:
            pass
        qtbot.wait(300)
    assert ended.args == [None]
    assert player.playing is None
    assert sounding(heard[0], 0.1) == pytest.approx(1.0, abs=0.05)
    assert sounding(heard[0], 0.5) == pytest.approx(1.0, abs=0.05)


def test_a_wave_is_heard_while_it_is_made(
    player: Player, pulse: PulseServer, tmp_path: Path, qtbot: QtBot
) -> None:
    tone = np.sin(2 * np.pi * 500 * np.arange(RATE // 2) / RATE)
    growing = GrowingWave(tmp_path / "early.wav")
    with pytest.raises(InputError, match="cannot be played"):
        player.follow(tmp_path / "early.wav")
    growing.hear(0.1 * tone, RATE)
    with pulse.recording("speaker.monitor") as heard:
        player.follow(tmp_path / "early.wav")
        qtbot.wait(900)
        assert player.playing is not None  # it waits for more
        growing.hear(0.5 * tone, RATE)
        with qtbot.waitSignal(player.changed, timeout=PATIENCE_MS):
            growing.close()
        qtbot.wait(300)
    assert player.playing is None
    assert sounding(heard[0], 0.1) == pytest.approx(0.5, abs=0.05)
    assert sounding(heard[0], 0.5) == pytest.approx(0.5, abs=0.05)


def test_a_part_is_heard_again_and_again(
    player: Player, pulse: PulseServer, steps: Path, qtbot: QtBot
) -> None:
    with pulse.recording("speaker.monitor") as heard:
        player.play(steps, 1.0, end_s=1.3, loop=True, gain_db=-6.0)
        qtbot.wait(1500)
        assert 1.0 <= player.position_s <= 1.3
        player.stop()
        qtbot.wait(200)
    assert player.playing is None
    assert player.position_s == 0.0
    assert sounding(heard[0], 0.25) > 0.8
    assert sounding(heard[0], 0.1) < 0.1


def test_another_file_takes_its_place(player: Player, steps: Path, tone: Path, qtbot: QtBot) -> None:
    player.play(steps)
    player.play(tone, 1.0)
    qtbot.wait(100)
    assert player.playing == tone
    assert player.position_s >= 1.0


def test_what_is_no_sound_says_so(player: Player, tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no sound")
    for name in ("text.wav", "gone.wav"):
        with pytest.raises(InputError, match="cannot be played"):
            player.play(tmp_path / name)
    assert player.playing is None
