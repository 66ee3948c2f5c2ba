"""How well features carry what is said, on utterances kept for tests."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from rvc.starter.encoder import MARGIN, StarterEncoder
from rvc.starter.objective import Objective
from rvc.starter.shards import Utterance


@torch.no_grad()
def content_scores(
    encoder: StarterEncoder, objective: Objective, utterances: Sequence[Utterance]
) -> dict[str, float]:
    """Return the phoneme error rate (greedy CTC) and the share of the teacher's variance that is explained."""
    errors = spoken = 0
    device = next(encoder.parameters()).device
    missed, varied = torch.zeros((), device=device), torch.zeros((), device=device)
    for utterance in utterances:
        features = encode(encoder, utterance.wave)
        said, heard = utterance.tokens.tolist(), greedy(objective.phonemes(features))
        errors, spoken = errors + distance(said, heard), spoken + len(said)
        target = utterance.target.to(device).float()
        missed += (objective.teacher(features) - target).square().sum()
        varied += target.square().sum()  # each speaker's mean is 0
    return {
        "phoneme_errors": round(errors / max(spoken, 1), 4),
        "teacher_r2": round(float(1 - missed / varied), 4),
    }


def encode(encoder: StarterEncoder, wave: Tensor) -> Tensor:
    """Return the features (T, dim) of a whole recording (N)."""
    device = next(encoder.parameters()).device
    return encoder(F.pad(wave.to(device), (MARGIN, MARGIN))[None])[0]


def greedy(scores: Tensor) -> list[int]:
    """Return the best symbols of CTC scores (T, symbols + 1), blanks and repetitions left out."""
    best = torch.unique_consecutive(scores.argmax(-1)).tolist()
    return [symbol for symbol in best if symbol]


def distance(first: Sequence[int], second: Sequence[int]) -> int:
    """Return the edit distance of two sequences."""
    row = list(range(len(second) + 1))
    for count, symbol in enumerate(first, 1):
        corner, row[0] = row[0], count
        for place, other in enumerate(second, 1):
            change = corner + (symbol != other)
            corner, row[place] = row[place], min(change, row[place] + 1, row[place - 1] + 1)
    return row[-1]
