"""The takes of a dataset: found, sorted and chosen above, seen, heard and edited below."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from rvcstudio.dataset.report import Answer
from rvcstudio.library import Take
from rvcstudio.studio import Studio
from rvcstudio.translation import Text
from rvcstudio.ui.dataset import pictures
from rvcstudio.ui.dataset.comparison import Comparison
from rvcstudio.ui.dataset.editor import Edit, TakeEditor
from rvcstudio.ui.dataset.splitter import Splitter
from rvcstudio.ui.dataset.takes import DatasetTable
from rvcstudio.ui.widgets import Choice, EmptyState, IconButton, Label, SearchField, column, row

WHICH = ("all", "used", "out", "attention")
LIST_SHARE, SOUND_SHARE = 5, 4


class TakesPane(QWidget):
    """The table with its tools, and the editor or the comparison below it."""

    asked = Signal()  # for other takes: another search or choice
    wanted = Signal(str, object)  # a sentence, and the edit that it tells

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._answer: Answer | None = None
        self._takes: Sequence[Take] = ()
        self.search = SearchField("dataset.search")
        self.which = Choice("dataset.which")
        self.table = DatasetTable("dataset.takes")
        self.editor = TakeEditor(studio)
        self.comparison = Comparison(studio)
        self._count = Label("caption", name="dataset.count")
        self._nothing = EmptyState("search", "dataset.nothing")
        self._tools = {
            "exclude": IconButton("dataset.exclude", "filter", self.switch),
            "normalise": IconButton("dataset.normalise", "wand", self.normalise),
            "silence": IconButton("dataset.silence", "trim", self.trim_silence),
            "compare": IconButton("dataset.compare", "compare", self.compare),
            "delete": IconButton("dataset.delete", "trash", self.delete),
        }
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        tools = row(self.search, self.which, *self._tools.values())
        tools.setStretch(0, 1)
        top = QWidget()
        listed = column(tools, self.table, self._nothing, self._count, gap=6)
        listed.setStretch(1, 1)
        top.setLayout(listed)
        self._splitter = Splitter("dataset.splitter")
        for part in (top, self.editor, self.comparison):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(0, LIST_SHARE)
        self._splitter.setStretchFactor(1, SOUND_SHARE)
        self._splitter.setStretchFactor(2, SOUND_SHARE)
        self.comparison.hide()
        layout = column(self._splitter)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.search.searched.connect(lambda _text: self.asked.emit())
        self.which.chosen.connect(lambda _which: self.asked.emit())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._follow())
        self.table.selectionModel().currentChanged.connect(lambda *_: self._follow())
        self.table.doubleClicked.connect(lambda _index: self.editor.play())
        self.table.takes.switched.connect(self._switch_one)
        self.editor.wanted.connect(self.wanted)
        self.comparison.kept.connect(self._keep)
        self.comparison.closed.connect(self._end_comparison)

    def add_keys(self, add: Callable[[QShortcut, Text], None]) -> None:
        """Make the keys of the table and the waveform, and have each listed."""
        editor, table = self.editor, self.table
        for keys, text, do, places in (
            ("Space", lambda: self.tr("Play or stop"), editor.play, (table, editor.view)),
            ("L", lambda: self.tr("Play again and again"), editor.switch_loop, (table, editor.view)),
            ("X", lambda: self.tr("Use or leave out the selected takes"), self.switch, (table, editor.view)),
            ("Delete", lambda: self.tr("Delete the selected takes"), self.delete, (table,)),
            (
                "Delete",
                lambda: self.tr("Delete the selected part of the waveform"),
                editor.cut,
                (editor.view,),
            ),
            ("T", lambda: self.tr("Trim to selection"), editor.trim, (table, editor.view)),
            ("S", lambda: self.tr("Split at the cursor"), editor.split, (editor.view,)),
            ("G", lambda: self.tr("Change the level"), editor.ask_gain, (table, editor.view)),
            ("N", lambda: self.tr("Normalise the selected takes"), self.normalise, (table, editor.view)),
            ("C", lambda: self.tr("Compare two takes"), self.compare, (table,)),
        ):
            for number, place in enumerate(places):
                context = Qt.ShortcutContext.WidgetWithChildrenShortcut
                shortcut = QShortcut(QKeySequence(keys), place, context=context)
                shortcut.activated.connect(lambda do=do: do())
                if number == 0:
                    add(shortcut, text)

    # what is shown

    def show_takes(self, takes: Sequence[Take], total: int) -> None:
        """Show the takes that were found, of so many."""
        self._takes = takes
        shown = [take for take in takes if self._is_wanted(take)]
        self.table.show_takes(shown)
        self.table.setVisible(bool(shown))
        self._nothing.setVisible(not shown)
        self._count.setText(self.tr("%n take(s) shown", "", len(shown)))
        self._count.setVisible(0 < len(shown) < total)
        self._follow()

    def _is_wanted(self, take: Take) -> bool:
        match which := self.which.currentData() or "all":
            case "all":
                return True
            case "used":
                return not take.excluded
            case "out":
                return take.excluded
            case "attention":
                return self.table.dataset.grade(take) in ("fair", "poor")
        return take.file.name in self._files_of(which)

    def _files_of(self, code: str) -> set[str]:
        if self._answer is None:
            return set()
        for finding in self._answer.report.findings:
            if finding.code == code:
                return {take.file.name for take in self._answer.takes_of(finding, self._takes)}
        return set()

    def judge(self, answer: Answer | None) -> None:
        """Show what a report says of the takes."""
        self._answer = answer
        words = answer.words[pictures.language(answer)] if answer else None
        self.table.dataset.judge(answer.rows() if answer else {}, words.titles if words else {})
        self._offer()

    def _offer(self) -> None:
        texts = (self.tr("All takes"), self.tr("Used"), self.tr("Left out"), self.tr("Needs attention"))
        lines: list[tuple[object, str]] = list(zip(WHICH, texts, strict=True))
        if self._answer is not None:
            titles = self._answer.words[pictures.language(self._answer)].titles
            found = [finding.code for finding in self._answer.report.findings if finding.takes]
            lines += [(code, titles.get(code, code)) for code in found]
        self.which.offer(lines)

    def show_only(self, which: str) -> None:
        """Choose which takes to show, such as those with a finding."""
        self.search.clear()
        self.which.choose(which)
        self.asked.emit()

    def open_file(self, file: str) -> None:
        """Let the take of a file be the current one."""
        take = next((take for take in self.table.dataset.shown if take.file.name == file), None)
        if take is not None:
            self.table.clearSelection()
            self.table.select({take.id}, take.id)
            self.table.scrollTo(self.table.currentIndex())
            self.table.setFocus()

    def _follow(self) -> None:
        chosen = self.table.chosen()
        self.editor.show_take(self.table.current if self.table.dataset.shown else None)
        for name, tool in self._tools.items():
            tool.setEnabled(len(chosen) == 2 if name == "compare" else bool(chosen))

    # what is done

    def _switch_one(self, take_id: str, out: bool) -> None:
        self._leave_out([take_id], out=out)

    def switch(self) -> None:
        """Leave the selected takes out, or use them again where all of them are left out."""
        chosen = self.table.chosen()
        if chosen:
            self._leave_out([take.id for take in chosen], out=not all(take.excluded for take in chosen))

    def _leave_out(self, take_ids: Sequence[str], *, out: bool) -> None:
        count = len(take_ids)
        text = (
            self.tr("%n take(s) left out.", "", count)
            if out
            else self.tr("%n take(s) used again.", "", count)
        )
        self._want(text, lambda editing, _: editing.versions.leave_out(take_ids, out=out))

    def leave_out(self, takes: Sequence[Take]) -> None:
        self._leave_out([take.id for take in takes], out=True)

    def delete(self) -> None:
        """Delete the selected takes."""
        ids = [take.id for take in self.table.chosen()]
        if ids:
            text = self.tr("%n take(s) deleted.", "", len(ids))
            self._want(text, lambda editing, _: editing.versions.remove(ids))

    def normalise(self, takes: Sequence[Take] | None = None) -> None:
        """Bring takes, or the selected ones, to one level."""
        if chosen := takes or self.table.chosen():
            text = self.tr("%n take(s) normalised.", "", len(chosen))
            self._want(text, lambda editing, reporter: editing.normalise(chosen, reporter))

    def trim_silence(self, takes: Sequence[Take] | None = None) -> None:
        """Take the silence off takes, or the selected ones."""
        if chosen := takes or self.table.chosen():
            text = self.tr("Silence was trimmed.")
            self._want(text, lambda editing, reporter: editing.trim(chosen, reporter))

    def _want(self, text: str, edit: Edit) -> None:
        self.wanted.emit(text, edit)

    def compare(self) -> None:
        """Compare the two selected takes."""
        chosen = self.table.chosen()
        if len(chosen) == 2:
            self.editor.playback.stop()
            self.editor.hide()
            self.comparison.show()
            self.comparison.compare(*chosen)

    def _end_comparison(self) -> None:
        self.comparison.hide()
        self.editor.show()
        self.table.setFocus()

    def _keep(self, _kept: Take, other: Take) -> None:
        self._leave_out([other.id], out=True)

    def fall_silent(self) -> None:
        self.editor.playback.stop()
        self.comparison.playback.stop()

    def retranslate(self) -> None:
        self.search.say(self.tr("Search takes"))
        self.which.setAccessibleName(self.tr("Which takes"))
        self.table.setAccessibleName(self.tr("Takes"))
        self._nothing.say(
            self.tr("No take like this"), self.tr("Search for something else, or show all takes.")
        )
        texts = {
            "exclude": self.tr("Use or leave out (X)"),
            "normalise": self.tr("Normalise (N)"),
            "silence": self.tr("Trim silence"),
            "compare": self.tr("Compare two takes (C)"),
            "delete": self.tr("Delete (Del)"),
        }
        for name, tool in self._tools.items():
            tool.say(texts[name])
        self._offer()
        self.editor.retranslate()
        self.comparison.retranslate()
