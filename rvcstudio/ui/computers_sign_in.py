"""Asks for a password or a token that a computer wants."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from rvc.errors import Error
from rvcstudio.remote.computers import Computer, Computers
from rvcstudio.ui import computers_words as words
from rvcstudio.ui.widgets import Button, Field, Label, column, row

TOKEN_CODES = ("token_wanted", "unauthorised")


class SignInDialog(QDialog):
    """One field; what is typed goes to the keyring where there is one, and nowhere else."""

    def __init__(
        self, computers: Computers, computer: Computer, error: Error | None, parent: QWidget
    ) -> None:
        super().__init__(parent, objectName="sign_in")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._computers, self._computer = computers, computer
        self._wants_token = error is not None and error.code in TOKEN_CODES
        self._secret = QLineEdit(objectName="sign_in.secret", echoMode=QLineEdit.EchoMode.Password)
        self._save = Button("sign_in.save", self.save, look="primary")
        self._save.setDefault(True)
        self._cancel = Button("sign_in.cancel", self.reject)
        text = Label("muted", text=words.failure(error), wrap=True)
        field = Field(self._secret)
        layout = column(text, field, row(None, self._cancel, self._save), gap=16)
        layout.setContentsMargins(28, 26, 28, 22)
        self.setLayout(layout)
        self.setMinimumWidth(440)
        self.setWindowTitle(self.tr("Sign in at {name}").format(name=computer.name))
        keyring = self.tr("It is kept in your system's keyring.")
        session = self.tr("This system has no keyring: it is asked for again after the next start.")
        name = self.tr("Token") if self._wants_token else self.tr("Password")
        field.say(name, keyring if computers.secrets.lasting else session)
        self._save.setText(self.tr("Sign in"))
        self._cancel.setText(self.tr("Cancel"))
        self._secret.setFocus()

    def save(self) -> None:
        """Try the secret."""
        given = self._secret.text()
        if not given:
            return
        if self._wants_token:
            self._computers.sign_in(self._computer, token=given.strip())
        else:
            self._computers.sign_in(self._computer, password=given)
        self.accept()
