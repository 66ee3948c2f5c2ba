"""The takes of a dataset as a table, with what the report says of each."""

from collections.abc import Mapping

from rvcstudio.dataset.report import Row
from rvcstudio.library import Take
from rvcstudio.ui.takes_table import ADVICE, TakesModel, TakesTable


class DatasetModel(TakesModel):
    """Takes with their grades: the report's, or the word of when they were recorded."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Mapping[str, Row] = {}
        self._titles: Mapping[str, str] = {}

    def judge(self, rows: Mapping[str, Row], titles: Mapping[str, str]) -> None:
        """Show what a report says of takes, by the names of their files; `titles` are the faults' names."""
        self._rows, self._titles = rows, titles
        if self._takes:
            self.dataChanged.emit(self.index(0, ADVICE), self.index(len(self._takes) - 1, ADVICE))

    def grade(self, take: Take) -> str:
        row = self._rows.get(take.file.name)
        return row.grade if row else super().grade(take)

    def judgement(self, take: Take) -> str:
        row = self._rows.get(take.file.name)
        faults = ", ".join(self._titles.get(code, code) for code in row.wrong) if row else ""
        return faults or super().judgement(take)


class DatasetTable(TakesTable):
    """The table of the dataset page, whose editor shows the take that is selected."""

    always_one = True

    def __init__(self, name: str) -> None:
        super().__init__(name, DatasetModel())
        self.setColumnWidth(ADVICE, 190)
        self.setMinimumHeight(76)

    @property
    def dataset(self) -> DatasetModel:
        model = self.takes
        assert isinstance(model, DatasetModel)
        return model
