"""Asks where a computer is and how one signs in there."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QWidget

from rvc.errors import InputError
from rvcstudio.remote.address import CONFIG, Address, aliases, parse, read_config
from rvcstudio.remote.computers import SHARED_PORT, Agency
from rvcstudio.ui.widgets import Button, Choice, Field, IconButton, Label, Segments, column, row

AGENCIES: tuple[Agency, ...] = ("own", "shared", "address")
SIGN_INS = ("keys", "password")


class ComputerForm(QWidget):
    """The fields of a new computer; `changed` tells when one of them is another."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._agency = Choice("computer.agency")
        self._agency.chosen.connect(lambda _value: self._follow())
        self._host = QComboBox(objectName="computer.host", editable=True)
        self._host.setLineEdit(QLineEdit(objectName="computer.host.text"))
        self._url = QLineEdit(objectName="computer.url")
        self._name = QLineEdit(objectName="computer.name", maxLength=60)
        self._user = QLineEdit(objectName="computer.user")
        self._port = QLineEdit(objectName="computer.port", maxLength=5)
        self._sign_in = Segments("computer.sign_in", SIGN_INS)
        self._sign_in.chosen.connect(lambda _value: self._follow())
        self._key = QLineEdit(objectName="computer.key")
        self._choose_key = IconButton("computer.key.choose", "folder", self._browse)
        self._password = QLineEdit(objectName="computer.password", echoMode=QLineEdit.EchoMode.Password)
        self._jump = QLineEdit(objectName="computer.jump")
        self._agent_port = QLineEdit(str(SHARED_PORT), objectName="computer.agent_port", maxLength=5)
        self._token = QLineEdit(objectName="computer.token", echoMode=QLineEdit.EchoMode.Password)
        self._more = Button("computer.more", self._toggle, look="link", icon="chevron-down")
        self._how = Label("strong")
        self._arrange()
        self._host.editTextChanged.connect(lambda _text: self._follow())
        for field in (self._url, self._token, self._port, self._name):
            field.textChanged.connect(lambda _text: self.changed.emit())
        self._open = False
        self._sign_in.choose("keys")
        self.retranslate()
        self._offer_aliases()

    def _arrange(self) -> None:
        self._fields = {
            "agency": Field(self._agency),
            "host": Field(self._host),
            "url": Field(self._url),
            "name": Field(self._name),
            "user": Field(self._user),
            "port": Field(self._port),
            "key": Field(self._key),
            "password": Field(self._password),
            "jump": Field(self._jump),
            "token": Field(self._token),
            "agent_port": Field(self._agent_port),
        }
        fields = self._fields
        where = row(fields["user"], fields["port"], gap=16)
        where.setStretch(0, 1)
        key = row(fields["key"], self._choose_key, gap=8)
        key.setStretch(0, 1)
        self._signing = QWidget()
        self._signing.setLayout(column(self._how, self._sign_in, gap=6))
        self.setLayout(
            layout := column(
                fields["agency"], fields["host"], fields["url"], self._signing, fields["password"],
                fields["agent_port"], fields["token"], fields["name"], self._more, where, key, fields["jump"], None,
                gap=14,
            )
        )  # fmt: skip
        layout.setContentsMargins(0, 0, 0, 0)

    def retranslate(self) -> None:
        texts = (
            self.tr("I sign in over SSH, and the app sets everything up"),
            self.tr("Over SSH, to an agent that an administrator runs"),
            self.tr("An agent with an address of its own (https)"),
        )
        self._agency.offer(list(zip(AGENCIES, texts, strict=True)))
        say = {name: field.say for name, field in self._fields.items()}
        say["agency"](self.tr("How it is reached"))
        say["host"](
            self.tr("Computer"),
            self.tr("A name or address, as user@name:port, or a name from your ~/.ssh/config."),
        )
        say["url"](self.tr("Address"), self.tr("Such as https://gpu.example.org:8765"))
        say["name"](self.tr("Name in the app"), self.tr("Left empty: as the computer is called."))
        say["user"](self.tr("User there"), self.tr("Left empty: as ~/.ssh/config says, else your name here."))
        say["port"](self.tr("Port"))
        say["key"](self.tr("Key file"), self.tr("Left empty: your usual keys, and those of the SSH agent."))
        say["password"](self.tr("Password"))
        say["agent_port"](self.tr("Port of the agent there"))
        say["jump"](self.tr("Jump host"), self.tr("A computer on the way, as user@name:port."))
        say["token"](self.tr("Token"), self.tr("From the agent's administrator (rvc-agent token add NAME)."))
        self._how.setText(self.tr("Sign in with"))
        self._sign_in.say(self.tr("Sign in with"), (self.tr("Keys"), self.tr("Password")))
        self._choose_key.say(self.tr("Choose a key file…"))
        self._more.setText(self.tr("More settings"))
        self._follow()

    def _offer_aliases(self) -> None:
        try:
            names = aliases(read_config())
        except InputError:  # it is told when the user connects
            names = []
        self._host.addItems(names)
        self._host.setEditText("")

    def _toggle(self) -> None:
        self._open = not self._open
        self._follow()

    def _follow(self) -> None:
        """Show what the choices so far ask for."""
        agency = self.agency
        ssh = agency != "address"
        by_password = self._sign_in.value == "password"
        visible = {
            "host": ssh,
            "url": not ssh,
            "user": ssh and self._open,
            "port": ssh and self._open,
            "key": ssh and self._open and not by_password,
            "jump": ssh and self._open,
            "password": ssh and by_password,
            "token": agency != "own",
            "agent_port": agency == "shared",
        }
        for name, shown in visible.items():
            self._fields[name].setVisible(shown)
        self._signing.setVisible(ssh)
        self._choose_key.setVisible(visible["key"])
        self._more.setVisible(ssh and not self._open)
        self.changed.emit()

    def _browse(self) -> None:
        start = str(CONFIG.expanduser().parent)
        file, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a key file"), start)
        if file:
            self._key.setText(file)

    def ask_for_secret(self) -> None:
        """Put the cursor where the password goes; that of a key file is given there, too."""
        self._fields["password"].setVisible(True)
        self._password.setFocus()

    @property
    def agency(self) -> Agency:
        chosen: Agency = self._agency.currentData() or "own"
        return chosen

    @property
    def is_complete(self) -> bool:
        place = self._url.text() if self.agency == "address" else self._host.currentText()
        return bool(place.strip()) and (self.agency == "own" or bool(self.token))

    @property
    def url(self) -> str:
        return self._url.text().strip() if self.agency == "address" else ""

    @property
    def agent_port(self) -> int:
        """Where an administrator's agent listens. Raises `InputError` bad_port."""
        return _port(self._agent_port.text()) or SHARED_PORT

    @property
    def token(self) -> str:
        return self._token.text().strip()

    @property
    def password(self) -> str:
        return self._password.text()

    @property
    def name(self) -> str:
        given = self._name.text().strip()
        return given or self.url.partition("://")[2].partition(":")[0] or self._host.currentText().strip()

    def address(self) -> Address | None:
        """Return where the computer is; None for one with an agent's address. Raises `InputError` bad_address."""
        if self.agency == "address":
            return None
        written = parse(self._host.currentText())
        return Address(
            host=written.host,
            user=self._user.text().strip() or written.user,
            port=_port(self._port.text()) or written.port,
            sign_in="password" if self._sign_in.value == "password" else "keys",
            key_file=Path(self._key.text().strip()) if self._key.text().strip() else None,
            jump=self._jump.text().strip(),
        )


def _port(text: str) -> int | None:
    """Read a port; None where none is given."""
    given = text.strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and 0 < int(given) < 65536):
        raise InputError("bad_port", f"{given} is no port.", "Ports are numbers from 1 to 65535.")
    return int(given)
