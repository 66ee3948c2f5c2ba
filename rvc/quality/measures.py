"""All that is measured of one recording, and the file that keeps it."""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, ValidationError

from rvc.analysis import pitch
from rvc.analysis.pitch import F0_MAX_HZ, F0_MIN_HZ, PitchEstimator, SwiftEstimator
from rvc.analysis.speaker import SpeakerEncoder
from rvc.cache import Cache
from rvc.config import CONTENT_RATE_HZ, PrepareConfig
from rvc.datasets import slicing
from rvc.quality import bands, duplicates, levels, speakers, spectrum
from rvc.sound import audio
from rvc.sound.bandwidth import bandwidth_hz

VERSION = 1  # raise it when the same recording gives other figures
KEY_LENGTH = 40

LEVEL_EDGES_DBFS = np.arange(-90, 1, 2)
PITCH_EDGES_HZ = np.geomspace(F0_MIN_HZ, F0_MAX_HZ, 108)  # quarter tones
QUIET_SPEECH_DBFS = -38.0  # a recording quieter than this is turned up before what is usable of it is counted
LEAST_VOICED_FRAMES = 10
PITCH_PIECE = 60 * CONTENT_RATE_HZ


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Measures(_Model):
    """The figures of a recording. None: it cannot be told."""

    rate: int
    """The file's own, Hz."""
    seconds: float
    usable_s: float
    """What a preparation would cut from it, once a quiet recording is turned up."""
    silence_share: float
    peak_dbfs: float
    true_peak_dbfs: float
    clipped_share: float
    offset: float
    """The mean of the samples; full scale is 1."""
    loudness_lufs: float | None
    speech_dbfs: float
    noise_dbfs: float | None
    snr_db: float | None
    gated_share: float
    bandwidth_hz: float
    lows_db: float
    """Level below 250 Hz against that of 250 to 3400 Hz."""
    decay_s: float | None
    holes_share: float
    hum_hz: int | None
    hum_db: float | None
    """Against the speech."""
    voiced_share: float
    pitch_hz: float | None
    pitch_low_hz: float | None
    pitch_high_hz: float | None
    """The 5th and 95th percentile."""


class Measured(_Model):
    """A recording's figures, and what findings and pictures of a set are made from."""

    measures: Measures
    levels: list[int]
    """Frames of 20 ms in steps of 2 dB from -90 dBFS."""
    pitch: list[int]
    """Frames of 10 ms in quarter tones from 50 Hz."""
    spectrum_db: list[float]
    """Mean level of speech in bands of 250 Hz."""
    fingerprint: str
    voice: list[float] | None
    """Who speaks, as a unit vector; None where nobody is heard, or without a speaker encoder."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """The networks that hear a recording."""

    estimator: PitchEstimator
    speakers: SpeakerEncoder | None

    @classmethod
    def load(cls) -> Self:
        """Load the quick pitch estimator, and the speaker encoder where there is one."""
        return cls(pitch.load(SwiftEstimator.name), speakers.load())


def measure(wave: np.ndarray, rate: int, config: PrepareConfig, listeners: Listeners) -> Measured:
    """Measure a recording (N,) as it was decoded; `config` says what a preparation would cut from it."""
    speech = audio.resample(wave, rate, CONTENT_RATE_HZ)
    powers = bands.powers(speech)
    peaks = levels.peaks(wave, rate)
    frames = spectrum.speech_powers(wave, rate)
    edge = bandwidth_hz(wave, rate)
    f0 = _pitch(speech, listeners.estimator)
    noise = bands.noise(powers, f0 > 0)
    hum = spectrum.hum(speech)
    voiced = f0[f0 > 0]
    low, middle, high = _percentiles(voiced)
    measures = Measures(
        rate=rate,
        seconds=len(wave) / rate,
        usable_s=_usable_s(wave, rate, noise.speech_dbfs, config),
        silence_share=bands.silence_share(powers),
        peak_dbfs=peaks.sample_dbfs,
        true_peak_dbfs=peaks.true_dbfs,
        clipped_share=peaks.clipped_share,
        offset=peaks.offset,
        loudness_lufs=levels.loudness_lufs(wave, rate),
        speech_dbfs=noise.speech_dbfs,
        noise_dbfs=noise.noise_dbfs if noise.has_pause else None,
        snr_db=noise.snr_db,
        gated_share=noise.gated_share,
        bandwidth_hz=edge,
        lows_db=bands.lows_db(powers),
        decay_s=bands.decay_s(powers),
        holes_share=spectrum.holes_share(frames, edge),
        hum_hz=hum.hertz if hum else None,
        hum_db=hum.dbfs - noise.speech_dbfs if hum else None,
        voiced_share=float(np.mean(f0 > 0)) if len(f0) else 0.0,
        pitch_hz=middle,
        pitch_low_hz=low,
        pitch_high_hz=high,
    )
    return Measured(
        measures=measures,
        levels=np.histogram(np.clip(levels.frame_dbfs(wave, rate), -90, 0), LEVEL_EDGES_DBFS)[0].tolist(),
        pitch=np.histogram(voiced, PITCH_EDGES_HZ)[0].tolist(),
        spectrum_db=[round(levels.decibels(float(power)), 1) for power in spectrum.average(frames)],
        fingerprint=duplicates.pack(duplicates.words(speech)),
        voice=speakers.embed(speech, listeners.speakers) if listeners.speakers else None,
    )


class MeasureStore:
    """The measures of recordings in the user's cache, by content and settings."""

    def __init__(self, config: PrepareConfig, listeners: Listeners) -> None:
        cutting = [config.silence_dbfs, config.min_clip_s, config.window_s, config.overlap_s]
        encoder = listeners.speakers.card if listeners.speakers else None
        self._facts = [VERSION, cutting, listeners.estimator.name, encoder]
        self._cache = Cache()

    def find(self, sha256: str) -> Measured | None:
        """Return what was measured of a recording before, None when that is not known or damaged."""
        return self._cache.look_up("measures", self._name(sha256), _read)

    def add(self, sha256: str, measured: Measured) -> None:
        """Keep what was measured. Raises `Error` when the cache cannot be written."""
        self._cache.keep("measures", self._name(sha256), measured.model_dump_json().encode())

    def _name(self, sha256: str) -> str:
        key = hashlib.sha256(json.dumps([sha256, *self._facts]).encode()).hexdigest()[:KEY_LENGTH]
        return f"{key}.json"


def _read(path: Path) -> Measured | None:
    """Return what a file says was measured, None where it is missing or damaged."""
    with suppress(OSError, ValidationError):
        return Measured.model_validate_json(path.read_bytes())
    return None


def _usable_s(wave: np.ndarray, rate: int, speech_dbfs: float, config: PrepareConfig) -> float:
    """Return how much of a recording lies in clips, seconds."""
    quieter = min(0.0, speech_dbfs - QUIET_SPEECH_DBFS)
    heard = config.model_copy(update={"silence_dbfs": config.silence_dbfs + quieter})
    cuts = slicing.cut(audio.highpass(wave, rate, zero_phase=False), rate, heard)
    return max(0.0, len(wave) / rate - cuts.unused_s)


def _percentiles(voiced: np.ndarray) -> tuple[float | None, float | None, float | None]:
    """Return the 5th, 50th and 95th percentile of pitches (T,), None of too few."""
    if len(voiced) < LEAST_VOICED_FRAMES:
        return None, None, None
    low, middle, high = np.percentile(voiced, (5, 50, 95))
    return float(low), float(middle), float(high)


def _pitch(speech: np.ndarray, estimator: PitchEstimator) -> np.ndarray:
    """Return the pitch (T,) of a 16 kHz wave in Hz; a minute at a time, which is all that fits into a small machine."""
    pieces = [speech[start : start + PITCH_PIECE] for start in range(0, len(speech), PITCH_PIECE)]
    tracks = [estimator.estimate(torch.from_numpy(piece)[None])[0].float().cpu().numpy() for piece in pieces]
    return np.concatenate([np.zeros(0, np.float32), *tracks])
