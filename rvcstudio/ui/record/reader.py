"""The sentence to read, large, with how to read it and where in the list it stands."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from rvcstudio.recording.script import Script
from rvcstudio.ui.record import words
from rvcstudio.ui.widgets import IconButton, IconLabel, Label, column, row

LONG_TEXT = 70  # characters; longer ones are set smaller
HIGH, LOW = 150, 84  # px


class PromptReader(QWidget):
    """Shows the prompt of a script; left and right go through them."""

    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__(objectName="record.reader")
        self._previous = IconButton("record.previous", "chevron-left", lambda: self.moved.emit(-1))
        self._next = IconButton("record.next", "chevron-right", lambda: self.moved.emit(1))
        self._place = Label("muted", name="record.place")
        self._read = IconLabel("good", "good", 18)
        self._style_icon = IconLabel("user", "accent", 18)
        self._style = Label("chip-accent", name="record.style")
        self._text = Label("display", name="record.prompt", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        head = row(self._previous, self._place, self._next, self._read, None, self._style_icon, self._style)
        self.setLayout(column(head, self._text, gap=12))

    def set_low(self, low: bool) -> None:
        """Leave less room around the sentence, where the window has little."""
        self._text.setMinimumHeight(LOW if low else HIGH)

    def say(self) -> None:
        """Set the texts that stay."""
        self._previous.say(self.tr("Previous sentence (left arrow)"))
        self._next.say(self.tr("Next sentence (right arrow)"))
        self._read.setToolTip(self.tr("Recorded"))

    def show_script(self, script: Script, *, busy: bool) -> None:
        """Show where a script stands; while a take is on its way nothing moves."""
        prompt = script.prompt
        for button, end in ((self._previous, 0), (self._next, len(script.prompts) - 1)):
            button.setVisible(prompt is not None)
            button.setEnabled(not busy and script.place != end)
        for part in (self._style, self._style_icon):
            part.setVisible(prompt is not None)
        self._read.setVisible(prompt is not None and prompt.id in script.read)
        if prompt is None:
            self._place.setText(self.tr("Free recording"))
            self._show_text(self.tr("Speak, read or sing what you like."))
            return
        self._place.setText(
            self.tr("{number} of {count}").format(number=script.place + 1, count=len(script.prompts))
        )
        style, icon = words.style(prompt.style)
        self._style.setText(style)
        self._style_icon.show_icon(icon, "accent")
        self._show_text(prompt.text)

    def _show_text(self, text: str) -> None:
        self._text.setText(text)
        self._text.set_look("title" if len(text) > LONG_TEXT else "display")
