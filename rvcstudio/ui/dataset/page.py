"""The page of a voice's dataset."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QStackedWidget

from rvc.errors import InputError
from rvc.events import Reporter
from rvc.names import AUDIO_SUFFIXES
from rvcstudio.dataset import imports, report
from rvcstudio.dataset.editing import Editing
from rvcstudio.dataset.history import Deed, History
from rvcstudio.dataset.imports import Imported
from rvcstudio.dataset.report import Answer
from rvcstudio.dataset.versions import Step, Versions
from rvcstudio.library import Take, Voice
from rvcstudio.recording.advice import Wanted, wanted
from rvcstudio.ui import formats
from rvcstudio.ui.dataset.editor import Edit
from rvcstudio.ui.dataset.import_summary import ImportSummary
from rvcstudio.ui.dataset.progress import ProgressStrip
from rvcstudio.ui.dataset.report_pane import ReportPane
from rvcstudio.ui.dataset.takes_pane import TakesPane
from rvcstudio.ui.page import Page
from rvcstudio.ui.widgets import (
    Button,
    EmptyState,
    IconButton,
    MenuButton,
    Segments,
    column,
    scrolled,
)

TAKES, REPORT = "takes", "report"
LEAST_HEIGHT = 400  # px, of table and waveform together; in a lower window they scroll
SETTLE_MS = 60  # an import changes the library hundreds of times

Read = tuple[Voice, list[Take], list[Take], Wanted | None]
"""A voice, its takes, those that are searched for, and what reading would add where the takes were read anew."""


class DatasetPage(Page):
    """Takes to choose and to edit, the report on them, and recordings from elsewhere."""

    scrolls = False

    def build(self) -> None:
        self._voice: Voice | None = None
        self._takes: list[Take] = []
        self._answer: Answer | None = None
        self._wanted: Wanted | None = None
        self._reading = False
        self._edits: deque[tuple[str, Edit]] = deque()
        self.history = History(self)
        self.history.changed.connect(self._show_history)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._read)
        self._build_head()
        self._build_body()
        self._add_keys()
        self._listen()
        self.studio.library_changed.connect(self._change_library)

    def _build_head(self) -> None:
        self._back = IconButton("dataset.back", "arrow-left", self._go_back)
        self.head.insertWidget(0, self._back)
        self._undo = IconButton("dataset.undo", "undo", self.undo)
        self._redo = IconButton("dataset.redo", "redo", self.redo)
        self._view = Segments("dataset.view", (TAKES, REPORT))
        self._view.choose(TAKES)
        self._view.chosen.connect(lambda view: self.show_view(str(view)))
        self._import = MenuButton("dataset.import", "import")
        self._import_files = self._import.list.addAction("", self.choose_files)
        self._import_folder = self._import.list.addAction("", self.choose_folder)
        self._record = Button("dataset.record", lambda: self._go("record"), icon="record")
        for part in (self._undo, self._redo, self._import, self._view, self._record):
            self.buttons.addWidget(part)

    def _build_body(self) -> None:
        self._work = ProgressStrip("dataset.work")
        self._checking = ProgressStrip("dataset.checking")
        self._takes_pane = TakesPane(self.studio)
        self._takes_pane.asked.connect(self._search)
        self._takes_pane.wanted.connect(self.edit)
        self._report_pane = ReportPane()
        self._report_pane.wanted.connect(self.check)
        self._report_pane.fixing.connect(self._fix)
        self._report_pane.picked.connect(self._open_take)
        self._first = Button("dataset.first", self.choose_files, look="primary", icon="import")
        self._empty = EmptyState("dataset", "dataset.empty", self._first)
        self._stack = QStackedWidget(objectName="dataset.stack")
        for pane in (self._takes_pane, self._report_pane, self._empty):
            self._stack.addWidget(pane)
        for strip in (self._work, self._checking):
            self.body.addWidget(strip)
        self._takes_pane.setMinimumHeight(LEAST_HEIGHT)
        self.body.addWidget(scrolled(column(self._stack), "dataset.scroll"), 1)
        self.body.setSpacing(8)

    def _add_keys(self) -> None:
        self._takes_pane.add_keys(lambda shortcut, text: self.shortcuts.append((shortcut, text)))
        self.add_shortcut("Ctrl+F", lambda: self.tr("Search"), self._takes_pane.search.setFocus)
        self.add_shortcut("Ctrl+I", lambda: self.tr("Import recordings"), self.choose_files)
        self.add_shortcut("Ctrl+Shift+Z", lambda: self.tr("Redo"), self.redo)
        self.add_shortcut("Ctrl+R", lambda: self.tr("Check the dataset"), self.check)
        self.add_shortcut("Ctrl+T", lambda: self.tr("Takes or report"), self._turn)

    def _listen(self) -> None:
        self.studio.library.changed.connect(self._follow)

    def _change_library(self) -> None:
        """Forget the voice: another library does not have it."""
        self._voice, self._takes, self._answer = None, [], None
        self.history.clear()
        self._listen()
        if self.isVisible():
            self.studio.go("voices")

    def _follow(self, part: str) -> None:
        if part in ("takes", "voices") and self.isVisible():
            self._settle.start()

    def _go(self, page: str) -> None:
        if self._voice is not None and self.studio.has_page(page):
            self.studio.go(page, voice=self._voice.id)

    def _go_back(self) -> None:
        if self._voice is None:
            self.studio.go("voices")
        else:
            self._go("voice")

    # what is shown

    def open(self, **target: Any) -> None:
        """Show a voice, by its id in `voice`; `view` is takes or report, `files` are imported."""
        voice = self.studio.library.voices.find(target["voice"])
        if self._voice is None or voice.id != self._voice.id:
            self._voice = voice
            self._answer, self._wanted = report.kept(voice.id), None
            self.history.clear()
            self._takes_pane.search.clear()
            self._takes_pane.judge(self._answer)
            self._takes_pane.which.choose("all")
        self.show_view(target.get("view", TAKES))
        self._read()
        if files := target.get("files"):
            self.import_files(files)

    def shown(self) -> None:
        self._read()

    def hidden(self) -> None:
        self._takes_pane.fall_silent()

    def _read(self, *, again: bool = True) -> None:
        """Read the takes beside the window, or only search them; one reading at a time, and another after it."""
        if self._voice is None:
            return
        if self._reading:
            self._settle.start()
            return
        self._reading = True
        voice_id, search, library = self._voice.id, self._takes_pane.search.text(), self.studio.library
        known = None if again else self._takes

        def read(_reporter: Reporter) -> Read:
            voice = library.voices.find(voice_id)
            takes = library.takes.all(voice_id) if known is None else known
            found = library.takes.all(voice_id, search) if search.strip() else takes
            return voice, takes, found, None if known is not None else wanted(takes, voice.language)

        self.studio.tasks.run(read, self._come, owner=self, failed=self._lose)

    def _search(self) -> None:
        """Show what is searched for among the takes, which have not changed."""
        self._read(again=False)

    def _come(self, read: Read) -> None:
        self._reading = False
        voice, self._takes, found, lacks = read
        self._wanted = lacks or self._wanted
        if self._voice is None or voice.id != self._voice.id:
            self._settle.start()
            return
        self._voice = voice
        self._takes_pane.show_takes(found, len(self._takes))
        self._report_pane.show_answer(voice.id, self._answer, self._takes, self._wanted)
        self._say(voice)
        self.show_view(str(self._view.value))

    def _lose(self, error: BaseException) -> None:
        """Leave the page of a voice that is gone."""
        self._reading = False
        self._voice = None
        if not isinstance(error, InputError):
            self.studio.fail(error)
        elif self.isVisible():
            self.studio.go("voices")

    def _say(self, voice: Voice) -> None:
        self.title.setText(voice.name)
        self.setAccessibleName(self.tr("Dataset of {name}").format(name=voice.name))
        out = sum(take.excluded for take in self._takes)
        parts = [self.tr("%n take(s)", "", len(self._takes)), formats.minutes(voice.seconds)]
        if out:
            parts.append(self.tr("%n left out", "", out))
        self.say_subtitle(" · ".join(parts))

    def show_view(self, view: str) -> None:
        """Show the takes or the report."""
        self._view.choose(view)
        if not self._takes and not self._work.is_busy:
            self._stack.setCurrentWidget(self._empty)
        elif view == REPORT:
            self._stack.setCurrentWidget(self._report_pane)
        else:
            self._stack.setCurrentWidget(self._takes_pane)

    def _turn(self) -> None:
        self.show_view(TAKES if self._view.value == REPORT else REPORT)

    def _open_take(self, file: str) -> None:
        self.show_view(TAKES)
        self._takes_pane.open_file(file)

    # edits

    def edit(self, text: str, edit: Edit) -> None:
        """Do something to takes beside the window, one after another; the sentence tells it when it is done."""
        self._edits.append((text, edit))
        if len(self._edits) == 1:
            self._next_edit()

    def _next_edit(self) -> None:
        text, edit = self._edits[0]
        editing = Editing(self.studio.library)
        task = self.studio.tasks.run(
            lambda reporter: edit(editing, reporter),
            lambda step: self._did(text, step),
            owner=self,
            progress=self._work.hear,
        )
        self._work.follow(task, self.tr("Working on the takes"))
        task.ended.connect(self._end_edit)

    def _end_edit(self) -> None:
        self._edits.popleft()
        if self._edits:
            self._next_edit()

    def _did(self, text: str, step: Step) -> None:
        if step == Step():
            self.studio.say(self.tr("There was nothing to change."))
            return
        deed = Deed(text, step)
        self.history.add(deed)
        self.studio.say(text, lambda: self._take_back(deed))

    def _take_back(self, deed: Deed) -> None:
        """Undo what a toast tells, unless something else was done since."""
        self.history.undo(Versions(self.studio.library), deed)

    def undo(self) -> bool:
        """Take the last change back."""
        if self._edits or not self.history.undo(Versions(self.studio.library)):
            return False
        self.studio.say(self.tr("The last change was taken back."))
        return True

    def redo(self) -> None:
        """Do again what was taken back."""
        if not self._edits and (deed := self.history.redo(Versions(self.studio.library))):
            self.studio.say(deed.text, lambda: self._take_back(deed))

    def _show_history(self) -> None:
        last, again = self.history.last, self.history.next
        self._undo.setEnabled(last is not None)
        self._redo.setEnabled(again is not None)
        self._undo.say(self.tr("Undo: {deed}").format(deed=last.text) if last else self.tr("Undo"))
        self._redo.say(self.tr("Redo: {deed}").format(deed=again.text) if again else self.tr("Redo"))

    # imports

    def take_files(self, files: list[Path]) -> list[Path]:
        """Import what is dropped on the page: folders, and whatever may be a recording."""
        if self._voice is None:
            return files
        mine = [file for file in files if file.is_dir() or file.suffix.lower() in AUDIO_SUFFIXES]
        self.import_files(mine)
        return [file for file in files if file not in mine]

    def choose_files(self) -> None:
        """Ask for recordings to import."""
        names = " ".join(f"*{suffix}" for suffix in sorted(AUDIO_SUFFIXES))
        kinds = self.tr("Recordings and videos ({names})").format(names=names)
        every = self.tr("All files (*)")
        files, _ = QFileDialog.getOpenFileNames(self, self.tr("Import recordings"), "", f"{kinds};;{every}")
        self.import_files([Path(file) for file in files])

    def choose_folder(self) -> None:
        """Ask for a folder of recordings to import."""
        folder = QFileDialog.getExistingDirectory(self, self.tr("Import a folder of recordings"))
        if folder:
            self.import_files([Path(folder)])

    def import_files(self, files: Sequence[Path]) -> None:
        """Make takes of files and folders, beside the window."""
        if not files or self._voice is None:
            return
        if self._work.is_busy:
            self.studio.say(self.tr("Something is being worked on. Drop these files again when it is done."))
            return
        library, voice_id = self.studio.library, self._voice.id
        task = self.studio.tasks.run(
            lambda reporter: imports.import_files(library, voice_id, files, reporter),
            self._show_imported,
            owner=self,
            progress=self._work.hear,
        )
        self._work.follow(task, self.tr("Importing"))

    def _show_imported(self, done: Imported) -> None:
        if done.added:
            text = self.tr("%n take(s) imported.", "", len(done.added))
            self.history.add(deed := Deed(text, Step(added=tuple(done.added))))
            self.studio.say(text, lambda: self._take_back(deed))
        if ImportSummary.is_needed(done) or not done.added:
            ImportSummary(done, self.window()).open()
        self._read()

    # the report

    def check(self) -> None:
        """Have the engine look at the takes."""
        if self._voice is None or self._checking.is_busy:
            return
        self.show_view(REPORT)
        voice_id, takes, engine = self._voice.id, self._takes, self.studio.engine
        language = self.studio.languages.current
        task = self.studio.tasks.run(
            lambda reporter: (voice_id, report.ask(engine, voice_id, takes, language, reporter)),
            self._show_answer,
            owner=self,
            progress=self._checking.hear,
        )
        self._checking.follow(task, self.tr("Checking the takes"))

    def _show_answer(self, answered: tuple[str, Answer]) -> None:
        voice_id, answer = answered
        if self._voice is not None and voice_id == self._voice.id:
            self._answer = answer
            self._takes_pane.judge(answer)
            self._report_pane.show_answer(voice_id, answer, self._takes, self._wanted)
            self._read()

    def _fix(self, fix: str, takes: list[Take], code: str) -> None:
        match fix:
            case "show":
                self.show_view(TAKES)
                self._takes_pane.show_only(code)
            case "leave_out":
                self._takes_pane.leave_out(takes)
            case "normalise":
                self._takes_pane.normalise(takes)
            case "trim":
                self._takes_pane.trim_silence(takes)
            case "record":
                self._go("record")

    def retranslate(self) -> None:
        super().retranslate()
        self._back.say(self.tr("Back to the voice"))
        self._view.say(self.tr("View"), (self.tr("Takes"), self.tr("Report")))
        self._import.say(self.tr("Import recordings"))
        self._import_files.setText(self.tr("Import files…"))
        self._import_folder.setText(self.tr("Import a folder…"))
        self._record.setText(self.tr("Record"))
        self._record.setVisible(self.studio.has_page("record"))
        self._first.setText(self.tr("Import recordings…"))
        self._empty.say(
            self.tr("Nothing to learn from yet"),
            self.tr(
                "Record prompts, or drop recordings, videos and folders of them here. Ten minutes are enough."
            ),
        )
        self._takes_pane.retranslate()
        self._takes_pane.judge(self._answer)
        self._report_pane.retranslate()
        self._show_history()
        if self._voice is not None:
            self._say(self._voice)
