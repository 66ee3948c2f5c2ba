"""Teach a small decoder to speak as the large one of a v2 voice.

The small one hears the very latents that the large one spoke, so it needs no recordings but those that its teacher
says, and learns the voice at pitches that nobody recorded. FOLDER holds its checkpoints: the same call goes on.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from rvc import device
from rvc.analysis import content
from rvc.cache import Cache
from rvc.config import CompressConfig
from rvc.datasets.dataset import Prepared
from rvc.errors import Error, InputError, Paused
from rvc.events import Checkpoint, Metrics, Reporter
from rvc.learning import checkpoint, data, lessons
from rvc.learning.checkpoint import Header, Standing
from rvc.learning.data import Clip
from rvc.learning.lessons import Lessons, Teacher
from rvc.learning.plan import Budget
from rvc.learning.recipes.mean import Mean
from rvc.learning.recipes.student import StudentRecipe
from rvc.learning.training import CHECKPOINT_INTERVAL_S, METRICS_INTERVAL_S, Alarm
from rvc.learning.validation import HeldOut, spread, synthesize
from rvc.model import Architecture
from rvc.model.student import StudentConfig, StudentSynthesizer
from rvc.voices.card import Teaching, VoiceCard
from rvc.voices.voice import Voice

STEPS = 6000
BATCH = 8
COMPARED_S = 20.0  # of held-out speech are said by both
DB_PER_NAT = 20 / math.log(10)
SPEAKERS = "emb_g.weight"


def distil(model: Path, recordings: Path, folder: Path, config: CompressConfig, reporter: Reporter) -> Voice:
    """Return the student of the v2 voice in the file `model`, taught with a prepared dataset; `folder` keeps its state.

    Raises `Paused` when asked to stop (all is saved), `InputError` no_student, other_speakers, wrong_encoder,
    another_training, `Error` nan_loss.
    """
    chosen, prepared = device.pick(config.device), Prepared.open(recordings)
    voice = Voice.load(model, chosen)
    speakers = _require_fit(voice.card, prepared)
    teacher = Teacher(voice, model, chosen, Cache())
    learnt, held_out = (data.load(prepared, split, chosen) for split in ("train", "test"))
    training = Distillation(teacher, speakers, folder, config, chosen, reporter)
    training.resume({"dataset": prepared.fingerprint, "lessons": config.lessons_s})
    training.run(lessons.give(teacher, learnt, config.lessons_s, config.seed, reporter))
    student = training.student()
    agreement = agree(teacher.voice, student, spread(held_out if len(held_out) else learnt, COMPARED_S))
    return Voice(_card(teacher, student, training.standing.step, agreement), student)


class Distillation:
    """A student in training, and how far it is."""

    def __init__(
        self,
        teacher: Teacher,
        speakers: int,
        folder: Path,
        config: CompressConfig,
        chosen: torch.device,
        reporter: Reporter,
    ) -> None:
        self.standing = Standing()
        self._teacher = teacher
        self._folder = folder
        steps = config.steps if config.steps or config.minutes else STEPS
        self._budget = Budget(steps, config.minutes * 60 if config.minutes else None)
        self._reporter = reporter
        shape = teacher.voice.synthesizer.config.model_dump() | {"speakers": speakers}
        self._config = StudentConfig.model_validate(shape)
        self._recipe = StudentRecipe(
            self._config,
            batch_size=BATCH,
            seed=config.seed,
            device=chosen,
            dtype=device.natural_dtype(chosen),
        )
        self._settings: dict[str, object] = {"model": teacher.sha256, "seed": config.seed}
        self._means = Mean()

    def resume(self, identity: dict[str, object]) -> None:
        """Take up the newest checkpoint, if there is one; `InputError` another_training where that is of another."""
        self._settings |= identity
        newest = checkpoint.newest(self._folder)
        if newest is None:
            return
        state = checkpoint.read(newest)
        if differences := checkpoint.differences(state.header, self._settings):
            raise InputError(
                "another_training",
                f"{self._folder} holds a training with another {' and '.join(differences)}.",
                "Choose another --out, or delete that folder.",
            )
        checkpoint.fill(state, self._recipe.modules, self._recipe.optimizers)
        self.standing.take(state.header.standing)
        step = self.standing.step
        self._reporter.log("resumed", f"Found the training at step {step}.", step=step)

    def run(self, said: Lessons) -> None:
        """Take steps until the budget is used. Raises `Paused` once a stop was asked for and all is saved."""
        budget, standing = self._budget, self.standing
        started = time.monotonic() - standing.elapsed_s
        metrics, saving = Alarm(METRICS_INTERVAL_S), Alarm(CHECKPOINT_INTERVAL_S)
        fraction = budget.fraction(standing.step, standing.elapsed_s)
        if fraction == 1:
            return
        if standing.step == 0:
            self._recipe.begin(said.latents)
        total = budget.total_steps(standing.step, standing.elapsed_s)
        with self._reporter.phase("train", total, standing.step, unit="steps") as phase:
            while fraction < 1:
                self._recipe.set_progress(fraction)
                self._means.add(self._recipe.learn(said, standing.step))
                standing.step += 1
                standing.elapsed_s = time.monotonic() - started
                fraction = budget.fraction(standing.step, standing.elapsed_s)
                phase.total = budget.total_steps(standing.step, standing.elapsed_s)
                phase.advance(eta_s=budget.eta_s(standing.step, standing.elapsed_s), interruptible=False)
                if metrics.rings():
                    self._report()
                if self._reporter.stopping or fraction == 1 or saving.rings():
                    self._save()
                if self._reporter.stopping and fraction < 1:
                    raise Paused

    def _report(self) -> None:
        values = self._means.read()
        if not all(map(math.isfinite, values.values())):
            raise Error(
                "nan_loss",
                f"The training broke down at step {self.standing.step}: its losses are no longer numbers.",
                "Run it again to go on from the last checkpoint.",
            )
        if values:
            self._reporter.emit(Metrics(step=self.standing.step, values=values))

    def _save(self) -> None:
        self._report()  # a state that is not numbers must not replace a good one
        path = checkpoint.path_of(self._folder, self.standing.step)
        header = Header(standing=self.standing, settings=self._settings)
        checkpoint.save(path, header, self._recipe.modules, self._recipe.optimizers)
        checkpoint.prune(self._folder, keep=2)  # the older one where the newest is damaged
        self._reporter.emit(Checkpoint(step=self.standing.step, file=str(path)))

    def student(self) -> StudentSynthesizer:
        """Return the teacher with the decoder as it is now."""
        made = StudentSynthesizer(self._config).without_posterior()
        tensors = {
            name: x for name, x in self._teacher.voice.tensors().items() if not name.startswith("dec.")
        }
        tensors[SPEAKERS] = tensors[SPEAKERS][: self._config.speakers]
        learnt = self._recipe.synthesizer.state_dict()
        made.load_state_dict(tensors | {f"dec.{name}": x for name, x in learnt.items()})
        return made.to(self._recipe.synthesizer.head.weight.device).eval()


def agree(teacher: Voice, student: Architecture, clips: Sequence[Clip]) -> float:
    """Return the mean difference in dB of the log-mel spectrograms of what both say of the same clips."""
    said = []
    for clip in clips:
        phone = content.at_frame_rate(clip.content.float())
        wave = synthesize(teacher.synthesizer, phone, clip.f0, clip.speaker)
        said.append(replace(clip, wave=wave, bandwidth_hz=None))
    distance = HeldOut(said, teacher.card.rate).score(student)
    return DB_PER_NAT * (distance or 0.0)


def _card(teacher: Teacher, student: StudentSynthesizer, steps: int, agreement_db: float) -> VoiceCard:
    card, speakers = teacher.voice.card, student.config.speakers
    teaching = Teaching(
        name=card.name, sha256=teacher.sha256, bytes=teacher.bytes, steps=steps, agreement_db=agreement_db
    )
    changed = {
        "architecture": "student",
        "speakers": card.speakers[:speakers],
        "pitch_of_speakers_hz": card.pitch_of_speakers_hz[:speakers],
        "config": student.config.model_dump(mode="json"),
        "scores": {},
        "student_of": teaching,
    }
    return card.model_copy(update=changed)


def _require_fit(card: VoiceCard, prepared: Prepared) -> int:
    """Return how many speakers a student of that voice can learn from a dataset; `InputError` if none."""
    if card.architecture != "v2" or not card.pitch:
        kind = f"{card.architecture} model" if card.pitch else "model without pitch"
        raise InputError(
            "no_student",
            f"A {kind} has no decoder that a student could learn from.",
            "Choose a v2 model with pitch.",
        )
    card.require_encoder(prepared.encoder.name, prepared.encoder.dim)
    if len(prepared.speakers) > 1 and list(prepared.speakers) == card.speakers:
        return len(card.speakers)
    is_alone = all(name.isdecimal() for name in card.speakers[1:])  # rows that nobody may have trained
    if len(prepared.speakers) == 1 and is_alone:
        return 1
    raise InputError(
        "other_speakers",
        f'The dataset has not the speakers of the voice "{card.name}".',
        "Give a dataset of the same speakers, in the same order.",
    )
