"""The folder of a training: its model, its checkpoints, its previews, its history, and the record of it all."""

import contextlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rvc import device
from rvc.assets import sha256
from rvc.datasets.dataset import Prepared
from rvc.errors import Error, InputError, Paused
from rvc.events import Checkpoint, Event, Metrics, Preview, Reporter
from rvc.learning import checkpoint, history, overtraining, record
from rvc.learning.checkpoint import Header, Standing, State
from rvc.learning.data import Clips
from rvc.learning.distributed import World
from rvc.learning.history import History
from rvc.learning.overtraining import Overtraining
from rvc.learning.plan import Plan
from rvc.learning.recipes import Recipe
from rvc.learning.record import Dataset, End, Logbook, Record
from rvc.learning.tensorboard import Board
from rvc.learning.validation import Sentence
from rvc.machine import Machine
from rvc.model import Architecture
from rvc.voices.card import Consent, EncoderCard, Material, VoiceCard
from rvc.voices.voice import Voice

MODELS = "models"  # the folder of those of every validation, where they are kept


@dataclass(frozen=True, slots=True)
class Trained:
    """The file of a finished training's model, and how far it went."""

    model: Path
    standing: Standing
    overtraining: Overtraining | None = None


class Archive:
    """What a training has written, and writes; of several processes only the first opens it."""

    def __init__(
        self,
        prepared: Prepared,
        folder: Path,
        plan: Plan,
        clips: Clips,
        standing: Standing,
        world: World,
        reporter: Reporter,
    ) -> None:
        self._prepared = prepared
        self._folder = folder
        self._plan = plan
        self._clips = clips
        self._standing = standing
        self._world = world
        self._reporter = reporter
        self.pitches_hz = [clips.usual_pitch_of(number) for number in range(len(plan.speakers))]
        self.overtraining: Overtraining | None = None
        self._saved_step: int | None = None

    @property
    def model_path(self) -> Path:
        return self._folder / f"{self._plan.file_stem}.safetensors"

    @property
    def _checkpoints(self) -> Path:
        return self._folder / "checkpoints"

    def newest_state(self) -> State | None:
        """Return the newest checkpoint that is sound, None where there are none; damaged ones are set aside.

        Raises `InputError`: another_training when it cannot be gone on with here, bad_checkpoint when all are damaged.
        """
        damaged: list[Path] = []
        for path in checkpoint.newest_first(self._checkpoints):
            try:
                state = checkpoint.read(path)
            except InputError:
                damaged.append(checkpoint.set_aside(path))
                continue
            self._refuse_another_training(state.header)
            self._warn_of_damage(damaged, state.header.standing.step)
            return state
        if damaged:
            raise InputError(
                "bad_checkpoint",
                f"The checkpoints in {self._checkpoints} are damaged: the training cannot go on.",
                "Check the disk, then delete that folder to train anew; a model beside it can still be used.",
            )
        return None

    def _refuse_another_training(self, header: Header) -> None:
        if differences := checkpoint.differences(header, self._plan.settings):
            raise InputError(
                "another_training",
                f"{self._folder} holds a training with another {' and '.join(differences)}.",
                "Choose another --out, or go on with the same settings.",
            )

    def _warn_of_damage(self, damaged: list[Path], step: int) -> None:
        for path in damaged:
            self._reporter.warn(
                "damaged_checkpoint",
                f"The newest checkpoint was damaged (now {path.name}): going on from the one before, at step {step}. "
                "Check the disk.",
                file=str(path),
                step=step,
            )

    def open(self, recipe: Recipe, early: Iterable[Event]) -> None:
        """Begin a session, with what was said until now: the history ends where this training stands."""
        if not self._world.is_first:
            return
        self._history = History(self._folder, self._standing.step)
        self.overtraining = overtraining.find(history.read(self._folder))
        session = record.session(self._standing, self._world.size, recipe.accumulation.micro_batch)
        self._logbook = Logbook(self._folder, self._describe(recipe), self._standing, session)
        for event in early:
            self._logbook(event)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Keep the record of what happens in the block, and say in it how that ended."""
        if not self._world.is_first:
            yield
            return
        board = Board(self._folder, self._standing.step)
        with ExitStack() as stack:
            stack.callback(board.close)
            stack.enter_context(self._reporter.also_to(self._logbook))
            stack.enter_context(self._reporter.also_to(board))
            try:
                yield
            except Paused:
                self._logbook.close("paused")
                raise
            except Exception as error:
                with contextlib.suppress(Error):  # the disk may be full
                    self._logbook.close("failed", str(error))
                raise
            self._logbook.close(self._end())

    def _end(self) -> End:
        self._logbook.record.model = self.model_path.name
        self._logbook.record.model_sha256 = sha256(self.model_path)
        return "finished early" if self._standing.ended_early else "finished"

    def timed(self, name: str) -> AbstractContextManager[None]:
        """Count the time of a block in the record."""
        return self._logbook.timed(name)

    def add(self, values: dict[str, float]) -> None:
        """Write numbers of the present step into the history."""
        self._history.append(self._standing.step, values)
        self._reporter.emit(Metrics(step=self._standing.step, values=values))

    def save_checkpoint(self, recipe: Recipe) -> None:
        """Save everything that going on needs, once a step."""
        standing, plan = self._standing, self._plan
        if self._saved_step == standing.step:
            return
        path = checkpoint.path_of(self._checkpoints, standing.step)
        with self.timed("checkpoints"):
            header = Header(standing=standing, settings=plan.settings)
            checkpoint.save(path, header, recipe.modules, recipe.optimizers)
            checkpoint.prune(self._checkpoints, plan.config.keep_checkpoints, standing.best_step)
        self._saved_step = standing.step
        self._logbook.record.seconds["training"] = round(standing.elapsed_s, 3)
        self._reporter.emit(Checkpoint(step=standing.step, file=str(path)))

    def save_preview(self, sentence: Sentence, synthesizer: Architecture) -> None:
        step = self._standing.step
        path = self._folder / "previews" / f"step-{step:08d}.wav"
        with self.timed("previews"):
            sentence.write(synthesizer, path, self._plan.config.name)
        self._reporter.emit(Preview(step=step, file=str(path)))

    def tell_overtraining(self) -> None:
        """Warn, once, when the model only learns its recordings by heart."""
        found = overtraining.find(history.read(self._folder))
        self.overtraining = self._logbook.record.overtraining = found
        if found is not None and self._standing.overtrained_since is None:
            self._reporter.warn("overtraining", found.text, **found.model_dump())
        self._standing.overtrained_since = None if found is None else found.since_step

    def save_voice(self, synthesizer: Architecture) -> None:
        Voice(self._card(synthesizer), synthesizer).save(self.model_path)

    def keep_model(self, synthesizer: Architecture) -> None:
        """Keep the model of this moment beside those of others, by its step."""
        path = self._folder / MODELS / f"{self._plan.file_stem}-{self._standing.step:08d}.safetensors"
        path.parent.mkdir(exist_ok=True)
        Voice(self._card(synthesizer), synthesizer).save(path)

    def check_voice(self, synthesizer: Architecture) -> None:
        """Read the model back, and write it again where it was lost."""
        if not self.model_path.exists():
            self.save_voice(synthesizer)
        Voice.load(self.model_path)

    def trained(self) -> Trained:
        return Trained(self.model_path, self._standing, self.overtraining)

    def _card(self, synthesizer: Architecture) -> VoiceCard:
        """Describe the model as it is now."""
        plan, standing = self._plan, self._standing
        heard = [take.sha256 for take in self._prepared.takes_of("train")]
        return VoiceCard(
            name=plan.config.name,
            architecture=plan.architecture,
            rate=plan.rate,
            content_encoder=EncoderCard(name=self._prepared.encoder.name, dim=self._prepared.encoder.dim),
            pitch=synthesizer.has_pitch,
            pitch_estimator=self._prepared.pitch,
            usual_pitch_hz=self._clips.usual_pitch_hz,
            speakers=list(plan.speakers),
            pitch_of_speakers_hz=list(self.pitches_hz),
            steps=standing.step,
            trained_on=Material.of(self._clips.seconds, len(self._clips), heard),
            consent=Consent.of(plan.config),
            settings=plan.settings,
            scores={} if standing.best_score is None else {overtraining.HELD_OUT: standing.best_score},
            config=synthesizer.config.model_dump(mode="json"),
        )

    def _describe(self, recipe: Recipe) -> Record:
        """Return the record of a training that has not begun."""
        plan, prepared = self._plan, self._prepared
        summary = prepared.summary
        return Record(
            settings=plan.config.model_dump(mode="json"),
            decided={
                **plan.settings,
                "encoder": plan.encoder,
                "pitch": prepared.pitch,
                "precision": str(plan.dtype).removeprefix("torch."),
                "length": plan.budget.text,
                "weights": {
                    name: sum(parameter.numel() for parameter in module.parameters())
                    for name, module in recipe.modules.items()
                },
            },
            dataset=Dataset(
                fingerprint=prepared.fingerprint,
                speakers=list(prepared.speakers),
                train_s=summary.train_s,
                held_out_s=summary.test_s,
                clips=summary.clips,
                takes=[
                    record.Take(name=take.file, sha256=take.sha256, seconds=take.seconds)
                    for take in prepared.takes
                ],
            ),
            machine=Machine.describe(),
            device=device.describe(plan.device),
        )
