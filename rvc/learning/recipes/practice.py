"""Practice on what others said: what a voice's own recordings cannot teach, since nobody heard it say these words.

A few minutes of recordings teach a voice to say its own content. What it makes of other people's would be heard for
the first time in a conversion. So a part of every step is a conversion: there is no recording to compare it with, but
the discriminator tells whether it sounds real, the speaker encoder whether it is the voice (as in YourTTS, Casanova
et al. 2022), and the content encoder whether the words are still there. All three are the project's own and small.
"""

from dataclasses import dataclass

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from rvc import paths
from rvc.learning import sampling
from rvc.learning.data import Batch, Clips
from rvc.learning.plan import STARTER_SAYINGS
from rvc.learning.recipes.accumulation import Part
from rvc.starter.encoder import HOP, MARGIN, RATE_HZ, load_encoder
from rvc.starter.speaker_network import load_network

CONTENT_STEPS = 32  # of the stored content to one
F0_STEPS = 10  # of the stored pitch to a Hz
CLIPS_A_SAYING = 2  # so many clips of a batch for one conversion
PITCH_SPREAD = 0.1  # octaves around the voice's usual pitch
HEARD_S = 3.0  # of a voice at a time, to know who it is
SETTLED = slice(20, -6)  # content frames with enough around them to be compared


@dataclass(frozen=True, slots=True)
class Sayings:
    """What others said and how high: content (S, T/2, dim), f0 (S, T) Hz and each one's median f0 (S, 1)."""

    content: Tensor
    f0: Tensor
    usual_hz: Tensor

    @classmethod
    def load(cls, device: torch.device) -> "Sayings":
        """Read what `rvc.starter.base` kept of the base's speakers."""
        stored = load_file(paths.resource(STARTER_SAYINGS))
        f0 = stored["f0"].float() / F0_STEPS
        usual = torch.stack([row[row > 0].median() for row in f0])[:, None]
        return cls((stored["content"].float() / CONTENT_STEPS).to(device), f0.to(device), usual.to(device))


class Practice:
    """Draws what is converted in a step, and tells how far it is from the voice and from what was said."""

    def __init__(self, clips: Clips, speakers: int, rate: int, rows: int, seed: int) -> None:
        """Listen to the voices of `clips` at `rate` Hz; `rows` sayings are converted a step."""
        device = clips.device
        self.rows = rows
        self._rate, self._seed, self._device = rate, seed, device
        self._sayings = Sayings.load(device)
        self._content = load_encoder(paths.resource("starter/encoder.safetensors")).encoder.to(device)
        self._speaker = load_network(paths.resource("starter/speaker.safetensors")).network.to(device)
        for network in (self._content, self._speaker):
            network.eval().requires_grad_(False)
        self._usual_hz = torch.tensor([clips.usual_pitch_of(one) or 0.0 for one in range(speakers)])
        self._voices = torch.stack([self._hear(clips, speaker) for speaker in range(speakers)])

    def draw(self, step: int) -> Batch:
        """Return the sayings of a step in the voices' height, with silence for the recordings there are none of."""
        random = sampling.random(self._seed, sampling.PRACTICE, step)
        chosen = torch.from_numpy(random.integers(0, len(self._sayings.f0), self.rows)).to(self._device)
        speaker = torch.from_numpy(random.integers(0, len(self._voices), self.rows))
        octaves = torch.from_numpy(random.normal(0, PITCH_SPREAD, self.rows)).float()
        wanted_hz = (self._usual_hz[speaker] * octaves.exp2())[:, None].to(self._device)
        f0 = self._sayings.f0[chosen] * wanted_hz / self._sayings.usual_hz[chosen]
        frames = f0.shape[1]
        return Batch(
            content=self._sayings.content[chosen].repeat_interleave(2, dim=1),
            f0=f0,
            lengths=torch.full((self.rows,), frames, device=self._device),
            wave=torch.zeros(self.rows, 1, frames * self._rate // 100, device=self._device),
            speaker=speaker.to(self._device),
        )

    def part(self, sayings: Batch, of: Part) -> Part | None:
        """Return those of a step's sayings that belong to a part of its batch."""
        start, stop = (place * self.rows // len(of.whole) for place in (of.rows.start, of.rows.stop))
        return Part(sayings, slice(start, stop), of.is_only) if stop > start else None

    def losses(self, wave: Tensor, batch: Batch, deviation: Tensor) -> dict[str, Tensor]:
        """Return how far converted waves (B, N) are from their voices, and from what was to be said.

        The first is 1 less the cosine of the speaker encoder's vectors, the second the mean distance of content in
        its deviations (dim).
        """
        wave = resample(wave, self._rate)
        voices = (self._speaker(wave) * self._voices[batch.speaker]).sum(-1)
        padded = F.pad(wave, (MARGIN, MARGIN + self._content.config.frames_ahead * HOP))
        said = batch.content[:, ::2]
        heard = self._content(padded)[:, : said.shape[1]].float()
        distance = ((heard - said) / deviation)[:, SETTLED].abs()
        return {"loss_voice": 1 - voices.mean(), "loss_content": distance.mean()}

    @torch.no_grad()
    def _hear(self, clips: Clips, speaker: int) -> Tensor:
        """Return the direction (dim) in which a speaker's recordings lie."""
        waves = [clips.clip(i).wave for i, card in enumerate(clips.cards) if card.speaker == speaker]
        wave = torch.cat(waves)
        length = min(round(HEARD_S * self._rate), len(wave))
        pieces = resample(wave.unfold(0, length, length), self._rate)
        heard = [self._speaker(piece[None])[0] for piece in pieces]
        return F.normalize(torch.stack(heard).mean(0), dim=0)


def resample(wave: Tensor, rate: int) -> Tensor:
    """Bring waves (B, N) down to the encoders' 16 kHz in the spectrum: exact but for the ends, which meet."""
    count = wave.shape[-1] * RATE_HZ // rate
    spectrum = torch.fft.rfft(wave)[..., : count // 2 + 1]
    return torch.fft.irfft(spectrum, count) * (count / wave.shape[-1])
