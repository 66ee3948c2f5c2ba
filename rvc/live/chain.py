"""The stages of a live conversion in a row: what a device hears goes in, what the voice says comes out.

Both are on one time line: sample n of what comes out is said when sample n of what goes in is heard. What comes out
lags behind by `delay_s`, which is what the networks look ahead.
"""

import numpy as np
import torch
from torch import Tensor

from rvc.analysis import pitch
from rvc.config import CONTENT_FRAME_RATE, CONTENT_RATE_HZ, FRAME_RATE, LiveConfig
from rvc.events import Reporter
from rvc.live import features
from rvc.live.crossfade import CrossFade
from rvc.live.hearing import Ear, Fader
from rvc.live.history import History
from rvc.live.levels import Levels, Loudness, at_samples, gain, rounded_off
from rvc.live.networks import Networks
from rvc.live.register import Register
from rvc.live.resampling import Player
from rvc.live.speaking import AFTER, BACK, BEFORE, Window, prolong
from rvc.synthesis import formant
from rvc.synthesis.converter import shape_content

LONGEST_BLOCK_S = 1.0  # heard at once; what is longer is divided
CONTENT_FRAME = FRAME_RATE // CONTENT_FRAME_RATE
MAX_FRAMES = 120  # said at once
REMEMBERED = BACK + MAX_FRAMES + 200  # frames; the look-ahead is at most 50


class Chain:
    """One stream through a voice."""

    def __init__(self, networks: Networks, config: LiveConfig, rate: int) -> None:
        """`rate` is that of what is fed. Raises `InputError` as `change` does."""
        self._networks = networks
        self._net = networks.voice.synthesizer
        self.change(config)
        sight = features.sight_of(networks.encoder, config.context_s)
        self._content_sight = sight
        kept = features.kept_samples(
            [sight, *_pitch_sights(networks)], round(LONGEST_BLOCK_S * CONTENT_RATE_HZ)
        )
        self._content = features.content_of(networks.encoder, sight, kept)
        self._pitch = None if networks.estimator is None else features.pitch_of(networks.estimator)
        self._ear, self._dry_ear = Ear(rate), Player(rate, self._net.rate)
        self._gain, self._output_gain = Fader(gain(config.input_gain_db)), Fader(gain(config.output_gain_db))
        self._way = Fader(float(config.bypass))
        self._wave = History(kept, device=networks.device)
        self._phone = History(REMEMBERED, (self._net.content_dim,), networks.device)
        self._f0 = History(REMEMBERED, device=networks.device)
        self._dry = History(3 * self._net.rate)
        self._levels, self._loudness = Levels(), Loudness(self._net.hop)
        self._register = Register()
        self._speaker, self._shifted = networks.speaker(config.seed), networks.shifted_speaker(config.seed)
        self._joint = CrossFade(BEFORE * self._net.hop, (AFTER - BEFORE) * self._net.hop)
        self._look_ahead = round(config.look_ahead_ms / 1000 * FRAME_RATE)
        self._rate, self._fed, self._said = rate, 0, 0
        self.talking = False

    @property
    def rate(self) -> int:
        """Of what comes out, Hz."""
        return self._net.rate

    @property
    def seconds(self) -> float:
        """How much was fed."""
        return self._fed / self._rate

    @property
    def delay_s(self) -> float:
        """How much was fed and is not said yet."""
        return self.seconds - self._said / FRAME_RATE

    @property
    def config(self) -> LiveConfig:
        return self._config

    @property
    def is_talking(self) -> bool:
        """Whether what is heard now is meant to be heard."""
        return self.talking or not self._config.push_to_talk

    def change(self, config: LiveConfig) -> None:
        """Use other settings from the next block on; those of devices, sights and networks stay as they were.

        Raises `InputError` for a speaker that the voice does not have.
        """
        card = self._networks.voice.card
        self._speaker_number = card.speaker_number(config.speaker)
        self._usual_hz = card.usual_pitch_of(self._speaker_number)
        self._config = config

    @torch.inference_mode()
    def feed(self, wave: np.ndarray) -> np.ndarray:
        """Take in what was heard, (N,), and return what is said by now, (M,) at `rate`; both may be empty."""
        longest = round(LONGEST_BLOCK_S * self._rate)
        parts = [self._feed(wave[start : start + longest]) for start in range(0, len(wave), longest)]
        return np.concatenate([np.zeros(0, np.float32), *parts])

    def _feed(self, block: np.ndarray) -> np.ndarray:
        config = self._config
        self._fed += len(block)
        block = self._gain.apply(block, gain(config.input_gain_db))
        self._dry.append(torch.from_numpy(self._dry_ear.play(block)))
        heard = self._ear.feed(block)
        self._wave.append(torch.from_numpy(heard))
        self._levels.feed(heard, talking=self.is_talking)
        self._describe()
        stop = self._phone.stop - self._look_ahead
        said = [np.zeros(0, np.float32)]
        while self._said < stop:
            said.append(self._finish(min(stop, self._said + MAX_FRAMES)))
        return np.concatenate(said)

    def _describe(self) -> None:
        """Compute the features of the frames that are heard well enough."""
        config, networks = self._config, self._networks
        hop = CONTENT_RATE_HZ // CONTENT_FRAME_RATE
        stop = (self._wave.stop - self._content_sight.ahead) // hop
        if stop * CONTENT_FRAME <= self._phone.stop:
            return
        f0 = None
        if self._pitch is not None:
            f0 = self._raised(self._pitch.follow(self._wave, stop * CONTENT_FRAME))
            self._f0.append(f0)
        content = self._content.follow(self._wave, stop)
        self._phone.append(shape_content(content, f0, networks.bank, config.index_rate, config.protect))

    def _raised(self, f0: Tensor) -> Tensor:
        semitones = self._config.pitch_shift
        if semitones != "auto":
            return pitch.shift(f0, semitones)
        return f0 if self._usual_hz is None else pitch.shift(f0, self._register.semitones(f0, self._usual_hz))

    def _finish(self, stop: int) -> np.ndarray:
        """Say the frames up to `stop`, as loud as they should be, or let the speaker through."""
        config, hop, start = self._config, self._net.hop, self._said
        wave = self._speak(start, stop)
        wave = self._loudness.follow(wave, self._levels.before(start, stop), config.rms_mix)
        own = self._own_voice(start * hop, stop * hop)
        share = self._way.glide(len(wave), float(config.bypass))
        wave = wave + share * (own - wave)
        wave = self._output_gain.apply(wave, gain(config.output_gain_db))
        wave = rounded_off(wave * at_samples(self._levels.open(start, stop, config.gate_dbfs), hop))
        self._said = stop
        return wave

    def _speak(self, start: int, stop: int) -> np.ndarray:
        """Return what the voice says of these frames, joined to what it said before."""
        config = self._config
        ratio = formant.ratio(config.formant_shift)
        speaker = self._speaker if ratio == 1 else self._shifted
        first = max(start - speaker.back, 0) // 2 * 2  # the lite network takes frames by pairs
        window = Window(
            content=prolong(self._phone[first : self._phone.stop]),
            f0=None if self._pitch is None else prolong(self._f0[first : self._f0.stop]),
            first=first,
            start=start,
            stop=stop,
            speaker=self._speaker_number,
            noise_scale=config.noise_scale,
            ratio=ratio,
        )
        wave = speaker.say(window)
        return self._joint.join(wave, (stop - start) * self._net.hop, aligned=speaker.aligned)

    def _own_voice(self, start: int, stop: int) -> np.ndarray:
        """Return the speaker's own voice at the voice's rate; its last samples may not be resampled yet."""
        own = self._dry[start : min(stop, self._dry.stop)].numpy()
        return np.pad(own, (0, stop - start - len(own)))


def _pitch_sights(networks: Networks) -> list[features.Sight]:
    return [] if networks.estimator is None else [features.sight_of_pitch(networks.estimator)]


def check(networks: Networks, config: LiveConfig, reporter: Reporter) -> None:
    """Raise `InputError` for a speaker that the voice does not have; say which settings do nothing."""
    card = networks.voice.card
    usual_hz = card.usual_pitch_of(card.speaker_number(config.speaker))
    if config.pitch_shift == "auto" and networks.voice.synthesizer.has_pitch and usual_hz is None:
        reporter.warn(
            "no_usual_pitch",
            f'The voice "{card.name}" does not say how high it usually speaks: the pitch stays as it is. '
            "Give the pitch shift in semitones.",
        )
