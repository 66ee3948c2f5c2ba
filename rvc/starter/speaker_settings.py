"""How the speaker encoder's clips are made and how it is trained: everything that an experiment may change."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClipSettings:
    """How clips are made; `plain` ones are for tests: nobody's voice is changed."""

    seconds: float = 4.0
    files: int = 96
    voices: int = 32  # in a file
    clips: int = 4  # of a voice
    minutes: float = 20.0  # of each speaker's recordings, at most
    seed: int = 0
    plain: bool = False


@dataclass(frozen=True, slots=True)
class SpeakerSettings:
    """Settings of a training; the time limit counts the training of all calls together."""

    steps: int = 20_000
    minutes: float = 40.0  # 0: no limit; otherwise the schedule ends with whichever of the two comes first
    batch: int = 64
    shortest_s: float = 1.0  # of the parts of clips that are heard
    lr: float = 0.01  # of matrices (Muon)
    adam_lr: float = 0.002  # of all else
    warmup: int = 50
    average: float = 0.99  # of the weights that are kept
    relations: float = 30.0  # weight of the loss of similarities
    masked_bands: int = 20  # of 80, at most, are not heard in training
    save_minutes: float = 2.0
    seed: int = 0
