"""Whether one person speaks in all recordings: takes grouped by what a speaker encoder hears in them."""

from collections.abc import Sequence

import numpy as np
import scipy.cluster.hierarchy
import torch

from rvc.analysis import speaker
from rvc.analysis.speaker import SpeakerEncoder
from rvc.config import CONTENT_RATE_HZ
from rvc.errors import Error

MAX_TAKES = 2000  # grouped at a time: the distances of all pairs have to fit into memory
SAME_VOICE = 0.35  # mean cosine between groups of takes of one voice is above; of two people about 0.1
LEAST_SHARE = 0.03  # of the takes: fewer in a group are odd takes, no second person

HEARD = 20 * CONTENT_RATE_HZ  # samples of a take: more of it says no more about who speaks


def load() -> SpeakerEncoder | None:
    """Load the speaker encoder; None where its weights are not at hand."""
    try:
        return speaker.load()
    except Error:
        return None


def embed(wave: np.ndarray, encoder: SpeakerEncoder) -> list[float] | None:
    """Return the unit vector (dim,) of the voice in a 16 kHz wave (N,), None where nobody is heard."""
    vector = encoder.embed(torch.from_numpy(wave[:HEARD]))[0]
    return vector.tolist() if vector.any() else None


def group(embeddings: np.ndarray) -> np.ndarray:
    """Return the number (N,) of the voice in each take, 0 the most frequent, by unit vectors (N, dim).

    Average linkage over cosines. Small groups count as the voice that they are nearest to.
    """
    if len(embeddings) < 2:
        return np.zeros(len(embeddings), int)
    sample = embeddings[:: -(-len(embeddings) // MAX_TAKES)]
    tree = scipy.cluster.hierarchy.linkage(sample, method="average", metric="cosine")
    labels = scipy.cluster.hierarchy.fcluster(tree, 1 - SAME_VOICE, criterion="distance")
    names, counts = np.unique(labels, return_counts=True)
    kept = names[counts >= max(LEAST_SHARE * len(sample), min(2, counts.max()))]
    centres = np.stack([sample[labels == name].mean(axis=0) for name in kept])
    nearest = np.argmax(embeddings @ (centres / np.linalg.norm(centres, axis=1, keepdims=True)).T, axis=1)
    return _most_frequent_first(nearest)


def _most_frequent_first(groups: np.ndarray) -> np.ndarray:
    """Return groups (N,) renumbered by their size, the largest 0."""
    names, counts = np.unique(groups, return_counts=True)
    order: Sequence[int] = names[np.argsort(-counts, kind="stable")].tolist()
    return np.array([order.index(name) for name in groups.tolist()])
