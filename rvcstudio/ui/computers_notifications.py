"""Edits where an agent tells of jobs: e-mail addresses and webhooks, while the app is closed, too."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QWidget

from rvc.errors import Error
from rvcstudio.remote.agent import USUAL, Happening, Preferences, Target, Tried
from rvcstudio.remote.reach import Reach
from rvcstudio.studio import Studio
from rvcstudio.translation import LANGUAGES
from rvcstudio.ui import computers_words as words
from rvcstudio.ui.widgets import Button, Choice, Field, Label, Notice, column, row

MAIL, WEBHOOK = "app-mail", "app-webhook"  # the targets that are edited here; others stay as they are
HAPPENINGS: tuple[Happening, ...] = (
    "started",
    "completed",
    "failed",
    "reached_25",
    "reached_50",
    "reached_75",
)


class NotificationsDialog(QDialog):
    """The user's own settings at one agent. An empty field means: not this way."""

    def __init__(self, studio: Studio, reach: Reach, parent: QWidget) -> None:
        super().__init__(parent, objectName="notify")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._studio, self._reach = studio, reach
        self._others: list[Target] = []
        self._build()
        self._say()
        self.setMinimumWidth(520)
        self.setEnabled(False)
        self._ask(lambda: reach.agent.preferences(), self._fill)

    def _build(self) -> None:
        self._text = Label("muted", wrap=True)
        self._mail = QLineEdit(objectName="notify.mail")
        self._url = QLineEdit(objectName="notify.url")
        self._secret = QLineEdit(objectName="notify.secret", echoMode=QLineEdit.EchoMode.Password)
        self._language = Choice("notify.language")
        self._fields = {
            "mail": Field(self._mail),
            "url": Field(self._url),
            "secret": Field(self._secret),
            "language": Field(self._language),
        }
        self._when = Label("strong")
        self._boxes = {one: QCheckBox(objectName=f"notify.{one}") for one in HAPPENINGS}
        self._notice = Notice("bad", "notify.notice")
        self._notice.hide()
        self._test = Button("notify.test", self._try, icon="bell")
        self._cancel = Button("notify.cancel", self.reject)
        self._save = Button("notify.save", self.save, look="primary")
        boxes = list(self._boxes.values())
        layout = column(
            self._text,
            *self._fields.values(),
            column(self._when, row(*boxes[:3], None, gap=20), row(*boxes[3:], None, gap=20), gap=8),
            self._notice,
            row(self._test, None, self._cancel, self._save),
            gap=16,
        )
        layout.setContentsMargins(28, 26, 28, 22)
        self.setLayout(layout)

    def _say(self) -> None:
        name = self._reach.computer.name
        self.setWindowTitle(self.tr("E-mail and webhooks of {name}").format(name=name))
        self._text.setText(
            self.tr("{name} tells you of your jobs by itself, also while this app is closed.").format(
                name=name
            )
        )
        fields = self._fields
        fields["mail"].say(
            self.tr("E-mail address"), self.tr("Needs a mail server that its administrator has set.")
        )
        fields["url"].say(
            self.tr("Webhook"), self.tr("An address that takes JSON, such as https://example.org/hook")
        )
        fields["secret"].say(
            self.tr("Secret of the webhook"),
            self.tr("At least 16 characters, which sign the messages. Left empty: as it is."),
        )
        fields["language"].say(self.tr("Language of the messages"))
        self._language.offer(list(LANGUAGES.items()))
        self._when.setText(self.tr("Tell me when a job"))
        texts = (
            *(self.tr("starts"), self.tr("is done"), self.tr("fails")),
            *(self.tr("is at 25 %"), self.tr("is at 50 %"), self.tr("is at 75 %")),
        )
        for box, text in zip(self._boxes.values(), texts, strict=True):
            box.setText(text)
        self._test.setText(self.tr("Save and send a test"))
        self._cancel.setText(self.tr("Cancel"))
        self._save.setText(self.tr("Save"))

    def _fill(self, kept: Preferences) -> None:
        self.setEnabled(True)
        mine = {target.id: target for target in kept.targets if target.id in (MAIL, WEBHOOK)}
        self._others = [target for target in kept.targets if target.id not in mine]
        self._mail.setText((mine[MAIL].address or "") if MAIL in mine else "")
        self._url.setText((mine[WEBHOOK].url or "") if WEBHOOK in mine else "")
        events = next(iter(mine.values())).events if mine else list(USUAL)
        for happening, box in self._boxes.items():
            box.setChecked(happening in events)
        language = kept.language if kept.targets else self._studio.languages.current
        self._language.choose(language)

    @property
    def wanted(self) -> Preferences:
        """What the fields say."""
        events: list[Happening] = [one for one, box in self._boxes.items() if box.isChecked()]
        targets = list(self._others)
        if address := self._mail.text().strip():
            targets.append(Target(id=MAIL, kind="mail", address=address, events=events))
        if url := self._url.text().strip():
            secret = self._secret.text()
            targets.append(Target(id=WEBHOOK, kind="webhook", url=url, secret=secret, events=events))
        return Preferences(language=self._language.currentData(), targets=targets)

    def save(self) -> None:
        """Send the settings to the agent, and close."""
        wanted = self.wanted
        self._ask(lambda: self._reach.agent.prefer(wanted), lambda _: self.accept())

    def _try(self) -> None:
        wanted = self.wanted

        def work() -> list[Tried]:
            self._reach.agent.prefer(wanted)
            return self._reach.agent.test_preferences()

        self._ask(work, self._tell)

    def _tell(self, tried: list[Tried]) -> None:
        self.setEnabled(True)
        failed = [f"{one.id}: {one.error}" for one in tried if not one.sent]
        if failed:
            self._notice.say("\n".join(failed), "bad")
        elif tried:
            self._notice.say(self.tr("The test was sent."), "good")
        else:
            self._notice.say(self.tr("There is nowhere to send it."), "info")
        self._notice.show()

    def _ask(self, work, done) -> None:  # type: ignore[no-untyped-def]
        """Ask the agent something; what goes wrong is said in the dialog."""
        self.setEnabled(False)
        self._studio.computers.run(lambda _: work(), done, owner=self, failed=self._fail)

    def _fail(self, error: BaseException) -> None:
        self.setEnabled(True)
        if not isinstance(error, Error):
            self._studio.fail(error)
            return
        self._notice.say(words.failure(error), "bad")
        self._notice.show()
