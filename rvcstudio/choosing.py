"""Choosing another moment of a training by ear: its weights take the place of those that were kept."""

import shutil

from rvc import paths
from rvc.errors import InputError
from rvcstudio.hub import Address, JobHub
from rvcstudio.job_files import fetch
from rvcstudio.library import Library, Model

FOLDER = "model/steps/"


def use_step(library: Library, hub: JobHub, address: Address, step: int) -> Model:
    """Make the library's model of a training that of a step; any other step can be chosen again later.

    Raises `InputError`: unknown_model, no_such_step where the training kept no model of that step. Blocks.
    """
    training = library.trainings.find(*address)
    if training is None or training.model is None:
        raise InputError("unknown_model", "This model is not in the library.")
    files = hub.service(address.computer).files(address.job)
    ending = f"-{step:08d}.safetensors"
    name = next(
        (file.name for file in files if file.name.startswith(FOLDER) and file.name.endswith(ending)), None
    )
    if name is None:
        raise InputError(
            "no_such_step",
            f"This training has kept no model of step {step}.",
            "Train again; trainings started here keep one for every preview.",
        )
    weights = fetch(hub, address, name)
    model = library.models.find(training.model)
    with paths.atomic(model.file) as temporary:
        shutil.copyfile(weights, temporary)
    return library.models.change(model.id, summary={**model.summary, "kept_step": step})
