"""Linear probes: what the simplest reader finds in features."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from rvc.starter.scores import distance, greedy

DECAY = 1e-3
RIDGE = 1e-3  # of the features' mean variance
CTC_STEPS = 400
CTC_BATCH = 24


def classifier_accuracy(train: Tensor, labels: Tensor, test: Tensor, wanted: Tensor) -> float:
    """Return how often multinomial logistic regression on (N, D) with labels (N) is right about others.

    Classes weigh the same, whatever their number of examples, in training and in the score.
    """
    mean, spread = train.mean(0), train.std(0).clamp(min=1e-6)
    train, test = (train - mean) / spread, (test - mean) / spread
    classes = int(labels.max()) + 1
    weights = 1 / torch.bincount(labels, minlength=classes).clamp(min=1).float()
    layer = nn.Linear(train.shape[1], classes)
    nn.init.zeros_(layer.weight)
    optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(layer(train), labels, weights) + DECAY * layer.weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    with torch.no_grad():
        right = (layer(test).argmax(-1) == wanted).float()
    share = weights_of(wanted)
    return float((right * share).sum() / share.sum())


def weights_of(labels: Tensor) -> Tensor:
    """Return a weight for each example so that every class that occurs weighs the same."""
    return 1 / torch.bincount(labels).clamp(min=1).float()[labels]


def explained(train: Tensor, targets: Tensor, test: Tensor, wanted: Tensor) -> float:
    """Return the share of the variance of `wanted` (N, E) that ridge regression from (N, D) explains."""
    mean, centre = train.mean(0), targets.mean(0)
    centred = (train - mean).double()
    gram = centred.T @ centred
    gram += RIDGE * gram.trace() / len(gram) * torch.eye(len(gram), dtype=gram.dtype)
    weights = torch.linalg.solve(gram, centred.T @ (targets - centre).double())
    missed = (wanted - centre).double() - (test - mean).double() @ weights
    return float(1 - missed.square().sum() / (wanted - centre).double().square().sum())


def phoneme_errors(
    train: Sequence[Tensor],
    said: Sequence[Tensor],
    test: Sequence[Tensor],
    wanted: Sequence[Tensor],
    symbols: int,
) -> float:
    """Return the phoneme error rate of a linear layer trained by CTC on features (T, D) of utterances."""
    every = torch.cat(list(train))
    mean, spread = every.mean(0), every.std(0).clamp(min=1e-6)
    layer = nn.Linear(every.shape[1], symbols + 1)
    nn.init.zeros_(layer.weight)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, CTC_STEPS)
    draw = torch.Generator().manual_seed(0)
    for _ in range(CTC_STEPS):
        chosen = torch.randint(len(train), (CTC_BATCH,), generator=draw).tolist()
        features = pad_sequence([(train[place] - mean) / spread for place in chosen])
        tokens = [said[place].long() for place in chosen]
        lengths = torch.tensor([len(train[place]) for place in chosen])
        counts = torch.tensor([len(part) for part in tokens])
        scores = layer(features).log_softmax(-1)
        loss = F.ctc_loss(scores, torch.cat(tokens), lengths, counts, zero_infinity=True)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    with torch.no_grad():
        heard = [greedy(layer((features - mean) / spread)) for features in test]
    missed = sum(distance(part.tolist(), found) for part, found in zip(wanted, heard, strict=True))
    return missed / sum(len(part) for part in wanted)
