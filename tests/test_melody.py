"""Melodies: curves from files, with the line at fault named, and notes of a scale."""

from pathlib import Path

import numpy as np
import pytest

from rvc.config import ConvertConfig
from rvc.errors import InputError
from rvc.synthesis import melody
from rvc.synthesis.melody import Curve


def curve(folder: Path, text: str) -> Curve:
    path = folder / "curve.txt"
    path.write_text(text, encoding="utf-8")
    return melody.read_curve(path)


@pytest.mark.parametrize(
    "text",
    [
        "0,100\n1,200\n2,0\n",
        "time;Hz\n0;100\n\n# a comment\n1;200\n2;0",
        "\ufeff0\t100\r\n1\t200\r\n2\t0\r\n",
    ],
)
def test_times_and_pitches_are_read(text: str, tmp_path: Path) -> None:
    read = curve(tmp_path, text)
    assert read.seconds.tolist() == [0, 1, 2]
    assert read.hz.tolist() == [100, 200, 0]


def test_labels_hold_a_pitch_or_a_note(tmp_path: Path) -> None:
    read = curve(tmp_path, "0.5\t1.0\t220\n1.5\t2.0\tA4\n2.0\t3.0\tbb3\n")
    assert read.seconds.tolist() == [0.5, 1.0, 1.5, 2.0, 2.0, 3.0]
    assert read.hz == pytest.approx([220, 220, 440, 440, 233.08, 233.08], abs=0.01)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("0,100\n1,high\n", 2, '"high" is no pitch'),
        ("0,100\nlater,200\n", 2, '"later" is no time'),
        ("0,100\n1,200\n0.5,200\n", 3, "before that of the line above"),
        ("0,100\n\n1,20000\n", 3, "20000 Hz is no pitch from 40 to 2000 Hz"),
        ("0,100\n1,nan\n", 2, '"nan" is no pitch'),
        ("0,-100\n", 1, "-100 Hz is no pitch"),
        ("-1,100\n", 1, "no time in seconds"),
        ("0,100,120,140\n", 1, "it holds 4 values"),
        ("2\t1\tA4\n", 1, "it ends too early"),
    ],
)
def test_the_line_at_fault_is_named(text: str, line: int, what: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"line {line}: .*{what}"):
        curve(tmp_path, text)


def test_what_is_no_curve_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        melody.read_curve(tmp_path / "none.csv")
    assert caught.value.code == "missing_file"
    with pytest.raises(InputError, match="holds no pitch"):
        curve(tmp_path, "time,Hz\n")
    (tmp_path / "wave").write_bytes(b"RIFF\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read as a text"):
        melody.read_curve(tmp_path / "wave")
    with pytest.raises(InputError, match="cannot be read as a text"):
        melody.read_curve(tmp_path)


def test_a_curve_replaces_the_pitch_of_voiced_frames_in_its_range() -> None:
    f0 = np.full(500, 150, np.float32)
    f0[250:260] = 0
    drawn = Curve(np.array([1.0, 2.0, 3.0]), np.array([100.0, 400.0, 0.0])).over(f0, first_s=-1.0)
    assert (drawn[:200] == 150).all()  # frame 200 is at 1 s
    assert drawn[[200, 249, 299]] == pytest.approx([100, 100 * 4**0.49, 100 * 4**0.99], rel=1e-3)
    assert (drawn[250:260] == 0).all()
    assert drawn[300:400] == pytest.approx(400)  # held until the point that says unvoiced
    assert drawn[400] == 0
    assert (drawn[401:] == 150).all()


def sung(*cents: float, frames: int = 100) -> np.ndarray:
    """Return a pitch that stays so far above A3 for so many frames each."""
    return np.repeat(220 * 2 ** (np.array(cents) / 1200), frames).astype(np.float32)


def cents(f0: np.ndarray) -> np.ndarray:
    return 1200 * np.log2(f0 / 220)


def test_autotune_moves_to_the_nearest_note_by_its_strength() -> None:
    f0 = sung(30, 140, 330)
    for strength in (0.0, 0.5, 1.0):
        tuned = melody.autotune(f0, ConvertConfig(autotune=strength, autotune_glide_s=0))
        moved = np.array([-30, -40, -30]).repeat(100) * strength
        np.testing.assert_allclose(cents(tuned) - cents(f0), moved, atol=0.1)


def test_autotune_knows_keys_and_scales() -> None:
    f0 = sung(0, 100, 200, 300)  # A, A#, B, C
    expected = {
        ("A", "minor"): [0, 0, 200, 300],  # A B C D E F G
        ("A", "major"): [0, 0, 200, 200],  # A B C# D E F# G#
        ("A#", "major"): [0, 100, 100, 300],  # A# C D D# F G A
    }
    for (key, scale), notes in expected.items():
        config = ConvertConfig(autotune=1, autotune_key=key, autotune_scale=scale, autotune_glide_s=0)
        tuned = cents(melody.autotune(f0 * np.float32(0.9999), config))
        np.testing.assert_allclose(tuned, np.repeat(notes, 100), atol=0.1)


def test_autotune_does_not_flutter_between_two_notes() -> None:
    wavering = sung(40) * 2 ** (0.15 / 12 * np.sin(np.arange(100) / 3))  # from 25 to 55 cents
    tuned = melody.autotune(wavering.astype(np.float32), ConvertConfig(autotune=1, autotune_glide_s=0))
    np.testing.assert_allclose(cents(tuned), 0, atol=0.1)


def test_autotune_glides_from_note_to_note_but_not_into_the_first() -> None:
    tuned = cents(melody.autotune(sung(10, 190), ConvertConfig(autotune=1, autotune_glide_s=0.05)))
    assert tuned[0] == pytest.approx(0, abs=0.1)
    assert tuned[105] == pytest.approx(200 * (1 - np.exp(-6 / 5)), abs=1)
    assert tuned[140:] == pytest.approx(200, abs=0.2)


def test_unvoiced_frames_stay_so() -> None:
    f0 = sung(30)
    f0[20:40] = 0
    tuned = melody.autotune(f0, ConvertConfig(autotune=1))
    assert ((tuned == 0) == (f0 == 0)).all()
    assert not melody.autotune(np.zeros(5, np.float32), ConvertConfig(autotune=1)).any()
