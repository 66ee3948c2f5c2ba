"""Preparation against the reference: slices, windows, levels, high-pass."""

import numpy as np
import pytest

from rvc.config import PrepareConfig
from rvc.datasets import slicing
from rvc.sound import audio, butterworth
from tests.parity import oracle

RATE_HZ = 40000
CHUNK_RATE_HZ = 16000
SILENCE_DBFS = PrepareConfig.model_fields["silence_dbfs"].default
OVERLAP_S = PrepareConfig.model_fields["overlap_s"].default
WINDOWS_S = {"per37": 3.7, "per30": 3.0}
VARIANTS = {"per37": "preprocess_webui_per3.7", "per30": "preprocess_webui_per3.0"}


@pytest.fixture(scope="module")
def arrays() -> oracle.Arrays:
    return oracle.load("pipeline")


@pytest.fixture(scope="module")
def signal(arrays: oracle.Arrays) -> np.ndarray:
    return (arrays["slicer_signal_i16"] / 32768).astype(np.float32)


@pytest.fixture(scope="module")
def filtered(signal: np.ndarray) -> np.ndarray:
    return audio.highpass(signal, RATE_HZ, zero_phase=False)


def windows(filtered: np.ndarray, window_s: float) -> list[slicing.Span]:
    spans = slicing.slices(filtered, RATE_HZ, SILENCE_DBFS)
    return [part for span in spans for part in slicing.windows(span, RATE_HZ, window_s, OVERLAP_S)]


def normalised(filtered: np.ndarray, window_s: float) -> list[np.ndarray]:
    clips = [filtered[start:end] for start, end in windows(filtered, window_s)]
    return [clip * slicing.gain(audio.peak(clip)) for clip in clips]


def test_slices_of_the_signal(arrays: oracle.Arrays, signal: np.ndarray) -> None:
    cuts = slicing.slices(signal, RATE_HZ, SILENCE_DBFS)
    oracle.check("pipeline/slicer_cuts_raw", np.array(cuts), arrays.get("slicer_cuts_raw"))


def test_slices_of_the_highpassed_signal(arrays: oracle.Arrays, filtered: np.ndarray) -> None:
    cuts = slicing.slices(filtered, RATE_HZ, SILENCE_DBFS)
    oracle.check("pipeline/slicer_cuts_highpassed", np.array(cuts), arrays.get("slicer_cuts_highpassed"))


@pytest.mark.parametrize("variant", WINDOWS_S)
def test_windows(arrays: oracle.Arrays, filtered: np.ndarray, variant: str) -> None:
    bounds = np.array(windows(filtered, WINDOWS_S[variant]))
    oracle.check(f"pipeline/pre_window_bounds_{variant}", bounds, arrays.get(f"pre_window_bounds_{variant}"))
    lengths = bounds[:, 1] - bounds[:, 0]
    oracle.check(
        f"pipeline/pre_window_lengths_{variant}", lengths, arrays.get(f"pre_window_lengths_{variant}")
    )


@pytest.mark.parametrize("variant", WINDOWS_S)
def test_levels_of_windows(arrays: oracle.Arrays, filtered: np.ndarray, variant: str) -> None:
    clips = normalised(filtered, WINDOWS_S[variant])
    peaks = [audio.peak(clip) for clip in clips]
    levels = [np.sqrt(np.mean(np.square(clip, dtype=np.float64))) for clip in clips]
    oracle.check(
        f"pipeline/pre_window_peak_{variant}", peaks, arrays.get(f"pre_window_peak_{variant}"), abs=1e-6
    )
    oracle.check(
        f"pipeline/pre_window_rms_{variant}", levels, arrays.get(f"pre_window_rms_{variant}"), abs=1e-6
    )


@pytest.mark.parametrize(("which", "name"), [(0, "pre_first_window_head"), (-1, "pre_last_window_head")])
def test_heads_of_windows(arrays: oracle.Arrays, filtered: np.ndarray, which: int, name: str) -> None:
    clip = normalised(filtered, WINDOWS_S["per37"])[which]
    oracle.check_head(f"pipeline/{name}", clip, arrays.get(name), abs=1e-6)


def test_causal_highpass(arrays: oracle.Arrays, filtered: np.ndarray) -> None:
    expected = arrays.get("highpass_lfilter_head")
    oracle.check_head("pipeline/highpass_lfilter_head", filtered, expected, abs=1e-6)


def test_zero_phase_highpass(arrays: oracle.Arrays) -> None:
    signal = (arrays["chunk_signal_i8"] / 128).astype(np.float32)
    filtered = audio.highpass(signal, CHUNK_RATE_HZ, zero_phase=True)
    expected = arrays.get("highpass_filtfilt_head")
    oracle.check_head("pipeline/highpass_filtfilt_head", filtered, expected, abs=1e-6)


@pytest.mark.parametrize(("name", "rate"), [("highpass_butter_16k", 16000), ("highpass_butter_40k", 40000)])
def test_highpass_coefficients(name: str, rate: int) -> None:
    facts = oracle.load_json("pipeline")[name]
    b, a = butterworth.coefficients(audio.HIGHPASS_ORDER, audio.HIGHPASS_HZ, rate)
    oracle.check(f"pipeline.json/{name}/b", b, np.array(facts["b"]), abs=1e-12)
    oracle.check(f"pipeline.json/{name}/a", a, np.array(facts["a"]), abs=1e-12)


@pytest.mark.parametrize("variant", WINDOWS_S)
def test_written_windows(filtered: np.ndarray, variant: str) -> None:
    """As many windows as the reference wrote, as long, and none that overwrites another."""
    facts = oracle.load_json("pipeline")[VARIANTS[variant]]
    found = windows(filtered, WINDOWS_S[variant])
    oracle.check(
        f"pipeline.json/{VARIANTS[variant]}",
        [end - start for start, end in found],
        np.array(facts["lengths"]),
    )
    assert len(set(found)) == facts["n_written"]


def test_clips_are_the_windows_in_whole_frames(filtered: np.ndarray) -> None:
    """Nothing of the reference's windows is lost but what does not fill two frames."""
    clips = slicing.cut(filtered, RATE_HZ, PrepareConfig()).clips
    two_frames = 2 * RATE_HZ // 100
    whole = [
        (start, end - (end - start) % two_frames) for start, end in windows(filtered, WINDOWS_S["per37"])
    ]
    oracle.check("pipeline/clips", clips, np.array(whole))
