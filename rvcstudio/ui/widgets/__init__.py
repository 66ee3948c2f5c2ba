"""The app's own building blocks, dressed by the theme. Each takes the `objectName` that tests know it by."""

from rvcstudio.ui.widgets.avatar import Avatar
from rvcstudio.ui.widgets.blocks import Busy, Card, EmptyState, Notice, column, line, row, scrolled
from rvcstudio.ui.widgets.buttons import Button, IconButton, MenuButton
from rvcstudio.ui.widgets.flow import FlowLayout
from rvcstudio.ui.widgets.inputs import Choice, Field, SearchField, Segments
from rvcstudio.ui.widgets.text import IconLabel, Label

__all__ = [
    "Avatar",
    "Busy",
    "Button",
    "Card",
    "Choice",
    "EmptyState",
    "Field",
    "FlowLayout",
    "IconButton",
    "IconLabel",
    "Label",
    "MenuButton",
    "Notice",
    "SearchField",
    "Segments",
    "column",
    "line",
    "row",
    "scrolled",
]
