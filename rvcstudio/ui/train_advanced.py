"""The settings that few people need: one line for each field of the engine's models, with its explanation."""

from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from rvc import demands
from rvc.config import Config, PrepareConfig, TrainConfig
from rvc.demands import Demand
from rvcstudio.ui.widgets import Choice, FlowLayout, Label, column
from rvcstudio.ui.widgets.inputs import Field

translate = QCoreApplication.translate

NAMES: dict[str, dict[str, object]] = {
    "train": {
        "steps": QT_TRANSLATE_NOOP("Settings.train", "Steps"),
        "minutes": QT_TRANSLATE_NOOP("Settings.train", "Minutes"),
        "batch_size": QT_TRANSLATE_NOOP("Settings.train", "Batch size"),
        "micro_batch": QT_TRANSLATE_NOOP("Settings.train", "Clips at once"),
        "gradient_checkpointing": QT_TRANSLATE_NOOP("Settings.train", "Save memory"),
        "learning_rate": QT_TRANSLATE_NOOP("Settings.train", "Learning rate"),
        "precision": QT_TRANSLATE_NOOP("Settings.train", "Precision"),
        "early_stop": QT_TRANSLATE_NOOP("Settings.train", "Stop early"),
        "checkpoint_every": QT_TRANSLATE_NOOP("Settings.train", "Checkpoint every"),
        "keep_checkpoints": QT_TRANSLATE_NOOP("Settings.train", "Checkpoints kept"),
        "seed": QT_TRANSLATE_NOOP("Settings.train", "Seed"),
    },
    "prepare": {
        "encoder": QT_TRANSLATE_NOOP("Settings.train", "Content encoder"),
        "pitch": QT_TRANSLATE_NOOP("Settings.train", "Pitch estimator"),
        "precision": QT_TRANSLATE_NOOP("Settings.train", "Precision"),
        "silence_dbfs": QT_TRANSLATE_NOOP("Settings.train", "Silence below"),
        "window_s": QT_TRANSLATE_NOOP("Settings.train", "Longest clip"),
        "overlap_s": QT_TRANSLATE_NOOP("Settings.train", "Overlap"),
        "min_clip_s": QT_TRANSLATE_NOOP("Settings.train", "Shortest clip"),
        "normalise": QT_TRANSLATE_NOOP("Settings.train", "Even level"),
        "held_out": QT_TRANSLATE_NOOP("Settings.train", "Kept for testing"),
        "held_out_max_s": QT_TRANSLATE_NOOP("Settings.train", "Kept at most"),
    },
}
MODELS: dict[str, type[Config]] = {"train": TrainConfig, "prepare": PrepareConfig}

Control = QLineEdit | QCheckBox | Choice


@dataclass(frozen=True, slots=True)
class Setting:
    """A field of the engine's settings with its control."""

    section: str
    name: str
    info: FieldInfo
    control: Control
    field: Field

    @property
    def value(self) -> Any:
        """What the user has set, None where that is the default."""
        match self.control:
            case QCheckBox():
                now: Any = self.control.isChecked()
            case Choice():
                now = self.control.currentData()
            case _:
                now = self.control.text().strip()
        return None if now in ("", self.info.default) else now

    def show(self, value: Any) -> None:
        match self.control:
            case QCheckBox():
                self.control.setChecked(bool(self.info.default if value is None else value))
            case Choice():
                self.control.choose(self.info.default if value is None else value)
            case _:
                self.control.setText("" if value is None else str(value))


class AdvancedForm(QWidget):
    """A control for every setting. What is left empty is decided by the engine."""

    def __init__(self) -> None:
        super().__init__(objectName="train.advanced")
        self._settings = [_setting(section, name) for section, names in NAMES.items() for name in names]
        self._titles = {section: Label("strong") for section in NAMES}
        parts: list[QWidget] = []
        for section, title in self._titles.items():
            grid = FlowLayout(least_width=240, gap=20)
            for setting in self._settings:
                if setting.section == section:
                    grid.addWidget(setting.field)
            holder = QWidget()
            holder.setLayout(grid)
            parts += [title, holder]
        self._wrong = Label("bad", name="train.advanced.wrong", wrap=True)
        self._wrong.hide()
        self.setLayout(column(*parts, self._wrong, gap=16))

    def retranslate(self) -> None:
        self._titles["train"].setText(self.tr("Training"))
        self._titles["prepare"].setText(self.tr("Preparing the recordings"))
        for setting in self._settings:
            name = translate("Settings.train", str(NAMES[setting.section][setting.name]))
            setting.field.say(name, translate("Settings.explained", setting.info.description or ""))
            if isinstance(setting.control, QCheckBox):
                setting.control.setText(self.tr("On"))
            elif isinstance(setting.control, QLineEdit):
                default = setting.info.default
                setting.control.setPlaceholderText(self.tr("automatic") if default is None else str(default))

    def values(self) -> dict[str, dict[str, Any]]:
        """Return what differs from the defaults, by section and name."""
        found: dict[str, dict[str, Any]] = {section: {} for section in NAMES}
        for setting in self._settings:
            if setting.value is not None:
                found[setting.section][setting.name] = setting.value
        return found

    def show_values(self, values: dict[str, dict[str, Any]]) -> None:
        """Show settings that were kept."""
        for setting in self._settings:
            setting.show(values.get(setting.section, {}).get(setting.name))

    def reset(self) -> None:
        """Leave everything to the engine."""
        self.show_values({})

    def check(self) -> bool:
        """Tell whether the engine accepts the settings; say what it does not."""
        self._wrong.hide()
        for section, values in self.values().items():
            try:
                MODELS[section].model_validate(values)
            except ValidationError as error:
                self._complain(section, error)
                return False
        return True

    def _complain(self, section: str, error: ValidationError) -> None:
        fault = demands.fault(error, MODELS[section])
        name = fault.place[0]
        setting = next(one for one in self._settings if (one.section, one.name) == (section, name))
        said = translate("Settings.train", str(NAMES[section][name]))
        wanted = self.tr(" or ").join(map(_wanted, fault.demands))
        self._wrong.setText(self.tr("{setting} must be {wanted}.").format(setting=said, wanted=wanted))
        self._wrong.show()
        setting.control.setFocus()


def _wanted(demand: Demand) -> str:
    """Say what a value must be, in the user's language."""
    kind = translate("Demand", demand.kind)
    if demand.limits:
        limits = translate("Demand", demand.limits)
        kind = translate("Demand", "{kind} {limits}").replace("{kind}", kind).replace("{limits}", limits)
    return kind.format(**demand.values)


def _setting(section: str, name: str) -> Setting:
    info = MODELS[section].model_fields[name]
    control = _control(f"train.{section}.{name}", info)
    setting = Setting(section, name, info, control, Field(control, explained=True))
    setting.show(None)
    return setting


def _control(name: str, info: FieldInfo) -> Control:
    kind = info.annotation
    if kind is bool:
        return QCheckBox(objectName=name)
    if get_origin(kind) is Literal:
        choice = Choice(name)
        choice.offer([(value, str(value)) for value in get_args(kind)])
        return choice
    return QLineEdit(objectName=name)
