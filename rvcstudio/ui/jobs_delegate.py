"""How a job looks in the list."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from rvcstudio.hub import Address, JobHub
from rvcstudio.ui import icons, job_words, theme, tokens
from rvcstudio.ui.jobs_model import ADDRESS

if TYPE_CHECKING:
    from rvc.jobs import Job

HEIGHT, MARGIN, ICON, BAR = 76, 16, 22, 6

Index = QModelIndex | QPersistentModelIndex


class JobDelegate(QStyledItemDelegate):
    """Paints a job as a row: what it is, where it runs, how far it is, and its state in words."""

    def __init__(self, hub: JobHub) -> None:
        super().__init__()
        self._hub = hub

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 - Qt's name
        return QSize(200, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        address: Address = index.data(ADDRESS)
        job = self._hub.job(address)
        if job is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        box = option.rect.adjusted(2, 3, -2, -3)
        self._ground(painter, box, option)
        icons.icon(job_words.ICONS.get(job.kind, "jobs"), "accent").paint(
            painter, QRect(box.left() + MARGIN, box.center().y() - ICON // 2, ICON, ICON)
        )
        text = box.adjusted(2 * MARGIN + ICON, 9, -MARGIN, -9)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        chip = self._chip(painter, text, job, selected=selected)
        text.setRight(chip.left() - MARGIN)
        self._texts(painter, text, address, job)
        if str(job.state) in ("running", "pausing", "paused"):
            self._bar(painter, text, job.progress, QColor(colours.line), QColor(colours.accent))
        painter.restore()

    def _ground(self, painter: QPainter, box: QRect, option: QStyleOptionViewItem) -> None:
        colours = theme.current()
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(QColor(colours.accent if selected or focused else colours.line), 1 + focused))
        painter.setBrush(QColor(colours.accent_soft if selected else colours.card))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)

    def _texts(self, painter: QPainter, box: QRect, address: Address, job: "Job") -> None:
        colours = theme.current()
        has_bar = str(job.state) in ("running", "pausing", "paused")
        top = box.adjusted(0, 0, 0, -box.height() // 2 - (3 if has_bar else 0))
        low = QRect(box.left(), top.bottom() + 1, box.width(), 20)
        parts = [job_words.kind(job), job_words.computer(address.computer)]
        parts.append(job_words.doing(job, self._hub.left_s(address)))
        _write(painter, top, job.name, colours.text, tokens.BODY, bold=True)
        _write(painter, low, " · ".join(part for part in parts if part), colours.muted, tokens.CAPTION)

    @staticmethod
    def _chip(painter: QPainter, box: QRect, job: "Job", *, selected: bool) -> QRect:
        """Paint the state at the right, and return where."""
        colours = theme.current()
        look = job_words.LOOKS[str(job.state)].removeprefix("chip").removeprefix("-")
        soft = getattr(colours, f"{look}_soft") if look else colours.raised
        ground = QColor(colours.card if selected else soft)
        ink = getattr(colours, look) if look else colours.muted
        text = job_words.state(job)
        font = _font(painter, tokens.CAPTION)
        width = QFontMetrics(font).horizontalAdvance(text) + 20
        chip = QRect(box.right() - width, box.center().y() - 11, width, 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(chip, 11, 11)
        _write(painter, chip, text, ink, tokens.CAPTION, flags=Qt.AlignmentFlag.AlignCenter)
        return chip

    @staticmethod
    def _bar(painter: QPainter, box: QRect, share: float, ground: QColor, ink: QColor) -> None:
        bar = QRectF(box.left(), box.bottom() - BAR + 2, box.width(), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(bar, BAR / 2, BAR / 2)
        if share > 0:
            bar.setWidth(max(BAR, bar.width() * share))
            painter.setBrush(ink)
            painter.drawRoundedRect(bar, BAR / 2, BAR / 2)


def _font(painter: QPainter, size: int, *, bold: bool = False) -> QFont:
    font = QFont(painter.font())
    font.setPixelSize(size)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def _write(
    painter: QPainter,
    box: QRect,
    text: str,
    colour: str,
    size: int,
    *,
    bold: bool = False,
    flags: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
) -> None:
    painter.setFont(font := _font(painter, size, bold=bold))
    painter.setPen(QColor(colour))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, flags, shown)
