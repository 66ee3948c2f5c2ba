"""What live conversion costs in quality: the content features of a stream beside those of the whole recording."""

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from rvc.config import CONTENT_FRAME_RATE, CONTENT_RATE_HZ, LiveConfig
from rvc.live import features
from rvc.live.hearing import Ear
from rvc.live.history import History
from rvc.live.networks import Networks
from rvc.sound import audio

HOP = CONTENT_RATE_HZ // CONTENT_FRAME_RATE


@torch.inference_mode()
def content_similarity(networks: Networks, source: Path, config: LiveConfig) -> float:
    """Return the mean cosine of a recording's features, heard block by block and heard as a whole; 1 is the same."""
    recording = audio.stream(source)
    ear = Ear(recording.rate)
    wave = torch.from_numpy(np.concatenate([ear.feed(block) for block in recording.blocks])).to(
        networks.device
    )
    whole = networks.encoder.encode(wave[None])[0]
    sight = features.sight_of(networks.encoder, config.context_s)
    size = round(config.block_ms / 1000 * CONTENT_RATE_HZ)
    kept = features.kept_samples([sight], size)
    following = features.content_of(networks.encoder, sight, kept)
    history = History(kept, device=networks.device)
    streamed = []
    for block in wave.split(size):
        history.append(block)
        if (stop := (history.stop - sight.ahead) // HOP) > 0:
            streamed.append(following.follow(history, stop))
    if not streamed:
        return 1.0
    frames = torch.cat(streamed)
    return float(F.cosine_similarity(frames, whole[: len(frames)], dim=1).mean())
