"""How the starter encoder is trained: everything that an experiment may change."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DistillSettings:
    """Settings of a training; the time limit counts the training of all calls together."""

    steps: int = 6000
    minutes: float = 0.0  # 0: no limit; otherwise the schedule ends with whichever of the two comes first
    batch_seconds: float = 80.0
    speaker_minutes: float = 10.0  # of one speaker in an epoch, at most
    lr: float = 0.012  # of matrices (Muon)
    adam_lr: float = 0.002  # of all else
    warmup: int = 100
    average: float = 0.998  # of the weights that are kept
    teacher: float = 1.0  # weights of the losses
    ctc: float = 0.5
    adversary: float = 0.2
    centre: float = 5.0
    perturb: float = 1.2  # strength of the speaker perturbation
    save_minutes: float = 2.0
    seed: int = 0
