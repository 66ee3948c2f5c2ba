"""Below the sentence: the button to record, and after the take what it is worth and what to do with it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from rvcstudio.recording.booth import Booth, Recorded
from rvcstudio.ui import formats, icons
from rvcstudio.ui.record import words
from rvcstudio.ui.widgets import Button, IconLabel, Label, column, row
from rvcstudio.ui.widgets.blocks import KIND_COLOURS
from rvcstudio.ui.widgets.buttons import Clicked
from rvcstudio.ui.widgets.text import dress

WIDE = 140  # px


class TakeBar(QWidget):
    """The buttons for a take, as the booth's state allows them."""

    def __init__(
        self, booth: Booth, *, record: Clicked, play: Clicked, retake: Clicked, keep: Clicked
    ) -> None:
        super().__init__(objectName="record.take_bar")
        self._booth = booth
        self.record = Button("record.record", record, look="record", icon="record")
        self.stop = Button("record.stop", record, look="record", icon="stop")
        self.play = Button("record.play", play, icon="play")
        self.retake = Button("record.retake", retake, icon="undo")
        self.keep = Button("record.keep", keep, look="primary", icon="tick")
        for button in (self.record, self.stop):
            button.setMinimumWidth(WIDE)
        self._time = Label("title", name="record.time")
        self._hint = Label("caption", name="record.hint", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._icon = IconLabel("good", "good", 24)
        self._headline = Label("heading", name="record.verdict")
        self._remarks = Label("body", name="record.remarks", wrap=True)
        said = column(row(self._icon, self._headline, None), self._remarks, gap=4)
        self._said = QWidget()
        self._said.setLayout(said)
        self._dot = IconLabel("record", "record", 24)
        buttons = row(
            None,
            self._dot,
            self._time,
            self.record,
            self.stop,
            self.play,
            self.retake,
            self.keep,
            None,
            gap=12,
        )
        self.setLayout(column(self._said, buttons, self._hint, gap=12))

    def say(self) -> None:
        """Set every text."""
        self.record.setText(self.tr("Record"))
        self.stop.setText(self.tr("Stop"))
        self.retake.setText(self.tr("Retake"))
        self.keep.setText(self.tr("Keep"))
        self.show_playing(False)
        self.refresh()

    def show_playing(self, playing: bool) -> None:
        self.play.setText(self.tr("Stop playing") if playing else self.tr("Play"))

    def refresh(self) -> None:
        """Show what the booth is at."""
        state, recorded = self._booth.state, self._booth.recorded
        in_review = recorded is not None and state in ("review", "closed", "measuring")
        recording = state == "recording"
        self.record.setVisible(not in_review and not recording)
        self.record.setEnabled(state == "ready")
        self.stop.setVisible(recording)
        for part in (self.play, self.retake, self.keep, self._said):
            part.setVisible(in_review)
        self._time.setVisible(recording)
        self._dot.setVisible(recording)
        self._hint.setText(self._hint_for(state, in_review))
        if in_review and recorded is not None:
            self._show_verdict(recorded)

    def _hint_for(self, state: str, in_review: bool) -> str:
        if in_review:
            return self.tr("Enter keeps it and goes on, Backspace reads it again, Space plays it.")
        match state:
            case "recording" if self._booth.settings.pause_s and self._booth.is_prompted:
                return self.tr("Read now. It ends by itself when you are silent, or with Space.")
            case "recording":
                return self.tr("Speak now. Space ends the take.")
            case "judging":
                return self.tr("Listening to it…")
            case "closed":
                return self.tr("Connect a microphone to record.")
        return self.tr("Space begins. The arrow keys go to other sentences.")

    def _show_verdict(self, recorded: Recorded) -> None:
        kind, headline, remarks = words.verdict(recorded)
        self._icon.show_icon(kind, KIND_COLOURS[kind])
        read_again = recorded.verdict.grade == "bad"
        dress(self.retake, look="primary" if read_again else "plain")
        dress(self.keep, look="plain" if read_again else "primary")
        self.retake.setIcon(icons.icon("undo", "on_accent" if read_again else ""))
        self.keep.setIcon(icons.icon("tick", "" if read_again else "on_accent"))
        self._headline.setText(f"{headline} · {formats.clock(recorded.seconds)}")
        self._remarks.setText("\n".join(remarks))
        self._remarks.setVisible(bool(remarks))

    def tick(self) -> None:
        """Move what moves."""
        recorder = self._booth.recorder
        if recorder is not None:
            text = formats.clock(recorder.seconds)
            if text != self._time.text():
                self._time.setText(text)
