"""How a student decoder learns: as the lite model does, but from what a large decoder made of the same latents."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from rvc.draws import seed_at
from rvc.learning.lessons import Lessons
from rvc.learning.recipes.lite import SEGMENT_FRAMES, LiteRecipe
from rvc.model.student import StudentConfig, StudentDecoder


class StudentRecipe(LiteRecipe):
    """A small decoder, its running average, and a discriminator that knows the large one."""

    content_noise = 0.0  # the large decoder answers to every detail of a latent

    def __init__(self, student: StudentConfig, **how: Any) -> None:
        """`how` is what every lite training is told."""
        self._student = student
        super().__init__(student.decoder, **how)

    def _network(self) -> StudentDecoder:
        return StudentDecoder(self._student)

    def begin(self, latents: Sequence[Tensor]) -> None:
        """Measure the latents that there are."""
        for network in (self.network, self.synthesizer):
            network.backbone.measure_content(latents)

    def learn(self, lessons: Lessons, step: int) -> dict[str, Tensor]:
        """Take step `step` and return its losses as 0-d tensors, still on the device."""
        self._set_learning_rates(step)
        batch = lessons.segments(step, self.batch_size, self.seed, SEGMENT_FRAMES)
        losses = self.update(batch, seed_at(self.seed, step))
        self._average(step)
        return losses
