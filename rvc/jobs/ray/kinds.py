"""The built-in kinds of jobs on a cluster: a training on several devices may have them on several machines."""

from dataclasses import replace

from rvc.jobs import kinds

KINDS = {**kinds.KINDS, "train": replace(kinds.KINDS["train"], runner="rvc.jobs.ray.training:train")}
