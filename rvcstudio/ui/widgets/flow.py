"""A layout that fills rows from left to right, all cells of one width."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem


class FlowLayout(QLayout):
    """Cards in as many columns as fit, stretched to the whole width."""

    def __init__(self, *, least_width: int = 260, gap: int = 16) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._least_width, self._gap = least_width, gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:  # noqa: N802
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802
        heights = [item.minimumSize().height() for item in self._items]
        return QSize(self._least_width, max(heights, default=0))

    def clear(self) -> None:
        """Delete everything that is laid out."""
        while (item := self.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Lay the items out and return the height they need."""
        items = [item for item in self._items if not item.isEmpty()]
        columns = max(1, (rect.width() + self._gap) // (self._least_width + self._gap))
        width = (rect.width() - (columns - 1) * self._gap) // columns
        top = rect.top()
        for first in range(0, len(items), columns):
            cells = items[first : first + columns]
            height = max(self._height(item, width) for item in cells)
            for column, item in enumerate(cells):
                if move:
                    corner = QPoint(rect.left() + column * (width + self._gap), top)
                    item.setGeometry(QRect(corner, QSize(width, height)))
            top += height + self._gap
        return max(0, top - self._gap - rect.top())

    @staticmethod
    def _height(item: QLayoutItem, width: int) -> int:
        return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
