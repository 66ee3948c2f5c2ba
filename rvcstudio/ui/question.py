"""A question with a verb on every answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QMessageBox, QWidget

from rvcstudio.ui.icons import pixmap
from rvcstudio.ui.widgets import Button
from rvcstudio.ui.widgets.buttons import Look

Role = QMessageBox.ButtonRole


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, by the `name` of its button; the first one is what Return chooses, the last what Escape does."""

    name: str
    text: str
    do: Callable[[], object] | None = None
    look: Look = "plain"
    role: Role = Role.AcceptRole


def ask(
    parent: QWidget, name: str, icon: tuple[str, str], text: str, more: str, answers: Sequence[Answer]
) -> QMessageBox:
    """Open a question before a window, and return it; `icon` is its name and its token."""
    box = QMessageBox(parent)
    box.setObjectName(name)
    box.setWindowTitle("RVC Studio")
    box.setIconPixmap(pixmap(*icon, 40))
    box.setText(text)
    box.setInformativeText(more)
    buttons = [_button(box, f"{name}.{answer.name}", answer) for answer in answers]
    box.setDefaultButton(buttons[0])
    box.setEscapeButton(buttons[-1])
    box.finished.connect(box.deleteLater)
    box.open()
    return box


def _button(box: QMessageBox, name: str, answer: Answer) -> Button:
    button = Button(name, answer.do, look=answer.look)
    button.setParent(box)  # `addButton` alone leaves it to Python, which forgets it
    button.setText(answer.text)
    box.addButton(button, answer.role)
    return button
