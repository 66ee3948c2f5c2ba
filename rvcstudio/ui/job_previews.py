"""The previews of a training: one sentence at every checkpoint, to be heard in a row and against the original."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from rvc import paths
from rvcstudio import job_files
from rvcstudio.choosing import use_step
from rvcstudio.hub import Address
from rvcstudio.library import Model
from rvcstudio.story import Story
from rvcstudio.studio import Studio
from rvcstudio.ui.listening import Listening
from rvcstudio.ui.widgets import Button, Card, FlowLayout, Label, row


class PreviewCard(Card):
    """A button a checkpoint; while one is heard, another goes on at the same place of the sentence."""

    def __init__(self, studio: Studio, listening: Listening) -> None:
        super().__init__(name="job.previews")
        self._studio, self._listening = studio, listening
        self._address: Address | None = None
        self._story: Story | None = None
        self._files: dict[int, Path] = {}
        self._buttons: dict[int, Button] = {}
        self._heard: int | None = None  # the step that was listened to last
        self._heading = Label("heading")
        self._caption = Label("caption", wrap=True)
        self._all = Button("job.previews.all", self.play_all, icon="play")
        self._original = Button("job.previews.original", self.play_original, icon="compare")
        self._original.setCheckable(True)
        self._grid = FlowLayout(least_width=160, gap=8)
        self.content.addLayout(row(self._heading, None, self._original, self._all))
        self.content.addWidget(self._caption)
        holder = QWidget()
        holder.setLayout(self._grid)
        self.content.addWidget(holder)
        self._kept = Label("muted", name="job.previews.kept", wrap=True)
        self._use = Button("job.previews.use", self.use_heard, icon="star")
        self.content.addLayout(foot := row(self._kept, self._use))
        foot.setStretch(0, 1)
        listening.changed.connect(lambda _file: self._mark())

    def retranslate(self) -> None:
        self._say_kept()
        self._heading.setText(self.tr("Listen to its progress"))
        self._caption.setText(
            self.tr(
                "The same sentence after every tenth of the training. While one plays, another one goes on at the "
                "same place, so differences are easy to hear."
            )
        )
        self._all.setText(self.tr("Play all"))
        self._original.setText(self.tr("Original speaker"))
        self._name_buttons()

    def show_story(self, address: Address, story: Story) -> None:
        """Offer the previews that there are."""
        if address != self._address:
            self._address = address
            self._heard = None
            self._files.clear()
            self._buttons.clear()
            self._grid.clear()
        self._story = story
        for step in sorted(story.previews.keys() - self._buttons.keys()):
            button = Button(f"job.previews.{step}", partial(self.play, step), icon="play")
            button.setCheckable(True)
            button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().verticalPolicy())
            self._buttons[step] = button
            self._grid.addWidget(button)
            button.show()
        self.setVisible(bool(self._buttons))
        self._name_buttons()
        self._mark()

    def _name_buttons(self) -> None:
        best = self._story.best_step if self._story else None
        for step, button in self._buttons.items():
            text = self.tr("Step {step}").format(step=step)
            button.setText(self.tr("{step}, best").format(step=text) if step == best else text)
            button.setEnabled(self._listening.can_play)
        for button in (self._all, self._original):
            button.setEnabled(self._listening.can_play and bool(self._buttons))

    def play(self, step: int) -> None:
        """Play the preview of a step, from where another one of them is."""
        if self._listening.now is not None and self._listening.now == self._files.get(step):
            self._listening.stop()
            return
        self._with_file(step, self._play_here)

    def play_original(self) -> None:
        """Play the sentence as it was spoken, from where a preview is."""
        if self._listening.now == original():
            self._listening.stop()
        else:
            self._play_here(original())

    def play_all(self) -> None:
        """Play all previews in the order of the training."""
        self._listening.stop()
        steps = list(self._buttons)
        for step in steps:
            self._with_file(step, lambda _file: self._play_if_complete(steps))

    def _play_if_complete(self, steps: list[int]) -> None:
        if all(step in self._files for step in steps) and self._listening.now is None:
            self._listening.play_all([self._files[step] for step in steps])

    def _play_here(self, file: Path) -> None:
        ours = self._listening.now in (*self._files.values(), original())
        self._listening.switch(file) if ours else self._listening.play(file)

    def _with_file(self, step: int, then: Callable[[Path], None]) -> None:
        address, story = self._address, self._story
        if address is None or story is None:
            return

        def came(file: Path) -> None:
            if address == self._address:
                self._files[step] = file
                then(file)

        job_files.bring(self._studio, address, story.previews[step], came, self)

    def use_heard(self) -> None:
        """Let the voice speak with the model of the step that was listened to last."""
        address, step = self._address, self._heard
        if address is None or step is None:
            return
        library, hub = self._studio.library, self._studio.jobs

        def done(_model: Model) -> None:
            self._say_kept()
            self._studio.say(self.tr("The voice speaks as it did at step {step} now.").format(step=step))

        self._studio.tasks.run(lambda _: use_step(library, hub, address, step), done, owner=self)

    def _say_kept(self) -> None:
        """Say which step the voice speaks with, and offer the one that was heard."""
        training = self._address and self._studio.library.trainings.find(*self._address)
        is_here = bool(training and training.model)
        self._kept.setVisible(is_here)
        self._use.setVisible(is_here and self._heard is not None)
        if not training or training.model is None:
            return
        best = self._story.best_step if self._story else None
        kept = self._studio.library.models.find(training.model).summary.get("kept_step", best)
        self._kept.setVisible(kept is not None)
        self._kept.setText(
            self.tr(
                "Listen, and choose the one that sounds best. Your voice speaks with step {step}."
            ).format(step=kept)
        )
        if self._heard is not None:
            self._use.setText(self.tr("Use step {step}").format(step=self._heard))
            self._use.setEnabled(self._heard != kept)

    def _mark(self) -> None:
        now = self._listening.now
        heard = next((step for step, file in self._files.items() if file == now), None)
        self._heard = self._heard if heard is None else heard
        self._say_kept()
        for step, button in self._buttons.items():
            button.setChecked(now is not None and self._files.get(step) == now)
        self._original.setChecked(now is not None and now == original())


def original() -> Path:
    """Return the sentence that previews say, in its own speaker's voice."""
    return next(paths.resource("demo/source").glob("*.flac"))
