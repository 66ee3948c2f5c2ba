"""The pages of the app, in the order of the sidebar. A new page is a file and a line here."""

import importlib
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from rvcstudio.studio import Studio
from rvcstudio.ui.page import Page


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that is made when it is first shown; `place` is its module and class."""

    name: str
    icon: str
    text: object  # a string: Qt's stubs do not say so
    place: str
    in_sidebar: bool = True
    under: str = ""  # the page in the sidebar that it belongs to, where it is not there itself

    @property
    def title(self) -> str:
        """What the page is called, in the language of the moment."""
        return QCoreApplication.translate("Pages", str(self.text))

    def make(self, studio: Studio) -> Page:
        module, _, name = self.place.partition(":")
        page: Page = getattr(importlib.import_module(module), name)(studio, self)
        return page


# fmt: off
PAGES = (
    Entry("voices", "voices", QT_TRANSLATE_NOOP("Pages", "Voices"), "rvcstudio.ui.voices:VoicesPage"),
    Entry("voice", "user", QT_TRANSLATE_NOOP("Pages", "Voice"), "rvcstudio.ui.voice:VoicePage", in_sidebar=False),
    Entry("bin", "trash", QT_TRANSLATE_NOOP("Pages", "Deleted"), "rvcstudio.ui.bin:BinPage", in_sidebar=False,
          under="voices"),
    Entry("record", "record", QT_TRANSLATE_NOOP("Pages", "Record"), "rvcstudio.ui.record.page:RecordPage"),
    Entry("dataset", "dataset", QT_TRANSLATE_NOOP("Pages", "Dataset"), "rvcstudio.ui.dataset.page:DatasetPage",
          in_sidebar=False),
    Entry("train", "train", QT_TRANSLATE_NOOP("Pages", "Train"), "rvcstudio.ui.train:TrainPage"),
    Entry("convert", "convert", QT_TRANSLATE_NOOP("Pages", "Convert"), "rvcstudio.ui.convert:ConvertPage"),
    Entry("models", "models", QT_TRANSLATE_NOOP("Pages", "Models"), "rvcstudio.ui.models:ModelsPage",
          in_sidebar=False, under="convert"),
    Entry("model", "models", QT_TRANSLATE_NOOP("Pages", "Model"), "rvcstudio.ui.model:ModelPage",
          in_sidebar=False, under="convert"),
    Entry("live", "live", QT_TRANSLATE_NOOP("Pages", "Live"), "rvcstudio.ui.live.page:LivePage"),
    Entry(
        "testing", "chart", QT_TRANSLATE_NOOP("Pages", "Test"), "rvcstudio.ui.testing:TestingPage",
        in_sidebar=False, under="jobs",
    ),
    Entry("job", "jobs", QT_TRANSLATE_NOOP("Pages", "Job"), "rvcstudio.ui.job:JobPage", in_sidebar=False, under="jobs"),
    Entry(
        "notifications", "bell", QT_TRANSLATE_NOOP("Pages", "Notifications"),
        "rvcstudio.ui.notifications:NotificationsPage", in_sidebar=False, under="jobs",
    ),
    Entry("jobs", "jobs", QT_TRANSLATE_NOOP("Pages", "Jobs"), "rvcstudio.ui.jobs:JobsPage"),
    Entry("computers", "computers", QT_TRANSLATE_NOOP("Pages", "Computers"),
          "rvcstudio.ui.computers:ComputersPage"),
    Entry("settings", "settings", QT_TRANSLATE_NOOP("Pages", "Settings"), "rvcstudio.ui.settings:SettingsPage"),
)
