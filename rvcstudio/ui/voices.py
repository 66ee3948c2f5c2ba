"""The page of all voices."""

from typing import Any

from PySide6.QtWidgets import QWidget

from rvcstudio.library import Voice
from rvcstudio.library.voices import Order
from rvcstudio.ui.exchange import ask_and_export, ask_and_import
from rvcstudio.ui.page import Page
from rvcstudio.ui.voice_card import VoiceCard
from rvcstudio.ui.voice_dialog import VoiceDialog
from rvcstudio.ui.widgets import Button, Choice, EmptyState, FlowLayout, IconButton, SearchField, row

ORDERS: tuple[Order, ...] = ("changed", "name", "created", "minutes")


class VoicesPage(Page):
    """Cards of voices, to search, sort and filter by tag."""

    def build(self) -> None:
        self._bin = IconButton("voices.bin", "trash", lambda: self.studio.go("bin"))
        self._import = Button("voices.import", self.ask_import, icon="import")
        self._new = Button("voices.new", self.add_voice, look="primary", icon="plus")
        self._search = SearchField("voices.search")
        self._search.searched.connect(lambda _text: self.refresh())
        self._tag = Choice("voices.tag")
        self._tag.chosen.connect(lambda _tag: self.refresh())
        self._order = Choice("voices.order")
        self._order.chosen.connect(lambda _order: self.refresh())
        for part in (self._bin, self._import, self._new):
            self.buttons.addWidget(part)
        self._tools = QWidget()
        self._tools.setLayout(tools := row(self._search, self._tag, self._order))
        tools.setStretch(0, 1)
        self._cards = FlowLayout()
        self._first = Button("voices.first", self.add_voice, look="primary", icon="plus")
        self._empty = EmptyState("voices", "voices.empty", self._first)
        self._nothing = EmptyState("search", "voices.nothing")
        self.body.addWidget(self._tools)
        self.body.addLayout(self._cards)
        self.body.addWidget(self._empty)
        self.body.addWidget(self._nothing)
        self.body.addStretch(1)
        self.add_shortcut("Ctrl+N", lambda: self.tr("New voice"), self.add_voice)
        self.add_shortcut("Ctrl+I", lambda: self.tr("Import a voice"), self.ask_import)
        self.add_shortcut("Ctrl+F", lambda: self.tr("Search"), self._search.setFocus)
        self._listen()
        self.studio.library_changed.connect(self._change_library)

    def _listen(self) -> None:
        self.studio.library.changed.connect(self._follow)

    def _change_library(self) -> None:
        self._listen()
        if self.isVisible():
            self.refresh()

    def _follow(self, part: str) -> None:
        if part in ("voices", "takes", "models") and self.isVisible():
            self.refresh()

    def retranslate(self) -> None:
        super().retranslate()
        self.say_subtitle(self.tr("Everyone you record or train, with their takes and models."))
        self._bin.say(self.tr("Deleted things"))
        self._import.setText(self.tr("Import…"))
        self._new.setText(self.tr("New voice"))
        self._first.setText(self.tr("Add your first voice"))
        self._search.say(self.tr("Search names, tags and notes"))
        self._tag.setAccessibleName(self.tr("Tag"))
        self._order.setAccessibleName(self.tr("Order"))
        texts = (self.tr("Last changed"), self.tr("Name"), self.tr("Newest"), self.tr("Most recorded"))
        self._order.offer(list(zip(ORDERS, texts, strict=True)))
        self._empty.say(
            self.tr("Whose voice shall it be?"),
            self.tr(
                "A voice holds recordings, consent and models of one person. "
                "Start with your own: ten minutes of reading are enough."
            ),
        )
        self._nothing.say(
            self.tr("No voice like this"), self.tr("Search for something else, or choose another tag.")
        )
        self.refresh()

    def shown(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Show what the library has now."""
        library = self.studio.library
        tags = library.voices.tags()
        self._tag.offer([("", self.tr("All tags")), *((tag, tag) for tag in tags)])
        self._tag.setVisible(bool(tags))
        search, tag = self._search.text(), self._tag.currentData() or ""
        voices = library.voices.all(search, tag=tag, order=self._order.currentData() or "changed")
        self._show(voices)
        narrowed = bool(search.strip() or tag)
        self._tools.setVisible(bool(voices) or narrowed)
        self._empty.setVisible(not voices and not narrowed)
        self._nothing.setVisible(not voices and narrowed)

    def _show(self, voices: list[Voice]) -> None:
        self._cards.clear()
        for voice in voices:
            card = VoiceCard(voice)
            card.clicked.connect(lambda voice=voice: self.studio.go("voice", voice=voice.id))
            card.edited.connect(self.edit_voice)
            card.exported.connect(self._export)
            card.deleted.connect(self.delete_voice)
            self._cards.addWidget(card)
            card.show()
        self._cards.invalidate()

    def add_voice(self) -> None:
        """Ask for a new voice and make it."""
        dialog = VoiceDialog(self.studio, None, self.window())
        dialog.saved.connect(
            lambda voice: self.studio.say(self.tr("{name} was added.").format(name=voice.name))
        )
        dialog.open()

    def ask_import(self) -> None:
        """Ask for files that voices were exported to, and import them."""
        ask_and_import(self.studio, self)

    def edit_voice(self, voice: Voice) -> None:
        VoiceDialog(self.studio, voice, self.window()).open()

    def _export(self, voice: Voice) -> None:
        ask_and_export(self.studio, voice, self)

    def delete_voice(self, voice: Voice) -> None:
        """Delete a voice, and offer the way back."""
        voices = self.studio.library.voices
        voices.delete(voice.id)
        self.studio.say(
            self.tr("{name} was deleted.").format(name=voice.name), lambda: voices.restore(voice.id)
        )

    def open(self, **target: Any) -> None:
        if target.get("new"):
            self.add_voice()
