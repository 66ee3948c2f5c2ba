"""From the page that asks for a training to the model in the library, with a real job."""

import importlib.util
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from rvc import demands, paths
from rvc.errors import Error, InputError
from rvc.jobs import Job, JobFile, LocalJobs, State, TrainSpec
from rvcstudio import pace
from rvcstudio.app import App
from rvcstudio.arrivals import bring_home
from rvcstudio.choosing import use_step
from rvcstudio.hub import HERE, Address
from rvcstudio.library import Library, Take, Voice
from rvcstudio.library.takes import Takes
from rvcstudio.remote.computers import Computer, View
from rvcstudio.studio import Studio
from rvcstudio.translation import read_catalogue
from rvcstudio.ui.places import LEAST_BUSY
from rvcstudio.ui.train import SECTION, Kept
from rvcstudio.ui.train_advanced import MODELS, NAMES
from rvcstudio.ui.window import MainWindow
from tests.app.test_jobs import Recorded
from tests.jobs import cleared

PATIENCE_MS = 400_000
NOW = datetime.now(UTC)


@pytest.fixture
def queue() -> Iterator[LocalJobs]:
    """The queue that the app's own computer has; its processes go with the test."""
    with cleared(paths.jobs_dir()):
        yield LocalJobs()


@pytest.fixture
def recorded(studio: Studio, few_takes: Path) -> Voice:
    """A voice with half a minute of real speech."""
    voice = studio.library.voices.add("Mina Park", colour="#B4447A", language="en", consent="own")
    for recording in sorted(few_takes.glob("*.flac"))[:9]:
        file = studio.library.takes.new_file(voice.id, recording.stem)
        shutil.copy(recording, file)
        facts = soundfile.info(file)
        studio.library.takes.add(voice.id, file, rate=facts.samplerate, seconds=facts.duration)
    return studio.library.voices.find(voice.id)


def find(window: MainWindow, kind: type[QWidget], name: str) -> Any:
    found = window.page.findChild(kind, name)
    assert found is not None, name
    return found


def done_job(number: int = 1, **facts: Any) -> Job:
    """Return a training that has ended."""
    base = {"id": f"job-{number}", "number": number, "kind": "train", "name": "Mina", "state": State.DONE}
    return Job(**{**base, "created": NOW, "started": NOW, "ended": NOW, **facts})


def ask_for_training(
    studio: Studio, window: MainWindow, voice: Voice, qtbot: QtBot, computer: str = HERE
) -> Address:
    """Fill in the page, for a training of four steps, and start it."""
    studio.go("train", voice=voice.id)
    find(window, QWidget, "train.computer").choose(computer)
    find(window, QRadioButton, "train.preset.draft").click()
    find(window, QPushButton, "train.advanced.toggle").click()
    find(window, QLineEdit, "train.train.steps").setText("4")
    find(window, QLineEdit, "train.train.batch_size").setText("2")
    find(window, QLineEdit, "train.name").setText("Mina, a first try")
    qtbot.mouseClick(find(window, QPushButton, "train.start"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.page.entry.name == "job", timeout=PATIENCE_MS)
    found: Address = window.page.address  # type: ignore[attr-defined]
    return found


@pytest.mark.timeout(900)  # some minutes on a machine that has much else to do
def test_a_training_goes_from_the_page_into_the_library(
    app: App, studio: Studio, window: MainWindow, recorded: Voice, queue: LocalJobs, qtbot: QtBot
) -> None:
    app.desk.open()
    address = ask_for_training(studio, window, recorded, qtbot)
    assert window.page.title.text() == "Mina, a first try"

    spec = TrainSpec.model_validate(queue.job(address.job).spec)
    assert (spec.train.steps, spec.train.preset, spec.train.consent_by) == (4, "draft", "Mina Park")
    assert spec.consent

    with qtbot.waitSignal(app.desk.arrivals.came, timeout=PATIENCE_MS) as came:
        pass
    model = came.args[1]
    assert model.voice == recorded.id
    assert model.file.is_file()
    assert list((model.folder / "previews").glob("*.wav"))
    training = studio.library.trainings.find(*address)
    assert training is not None
    assert training.model == model.id
    qtbot.waitUntil(lambda: find(window, QLabel, "job.state").text() == "Done", timeout=PATIENCE_MS)
    heading = find(window, QLabel, "job.outcome.heading")
    qtbot.waitUntil(lambda: "in your library" in heading.text(), timeout=PATIENCE_MS)
    assert studio.jobs.story(address).previews
    qtbot.waitUntil(lambda: find(window, QWidget, "result.scores").isVisible(), timeout=PATIENCE_MS)

    player: Any = Recorded()
    studio.player = player
    step = min(studio.jobs.story(address).previews)
    (weights,) = [
        file.name for file in queue.files(address.job) if file.name.endswith(f"-{step:08d}.safetensors")
    ]
    assert queue.file(address.job, weights).read_bytes() != model.file.read_bytes()
    window.page.refresh()  # type: ignore[attr-defined]
    find(window, QPushButton, f"job.previews.{step}").click()
    qtbot.waitUntil(lambda: bool(player.asked), timeout=PATIENCE_MS)
    find(window, QPushButton, "job.previews.use").click()
    qtbot.waitUntil(
        lambda: studio.library.models.find(model.id).summary["kept_step"] == step, timeout=PATIENCE_MS
    )
    assert queue.file(address.job, weights).read_bytes() == model.file.read_bytes()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_training_on_another_computer_comes_home_too(
    app: App, studio: Studio, window: MainWindow, recorded: Voice, tmp_path: Path, qtbot: QtBot
) -> None:
    agents = pytest.importorskip("tests.agents")
    with agents.running(tmp_path / "agent", kinds_module="rvc.jobs.kinds") as agent:
        studio.jobs.add("studio-pc", agent.jobs)
        app.desk.open()
        with qtbot.waitSignal(app.desk.arrivals.came, timeout=PATIENCE_MS) as came:
            address = ask_for_training(studio, window, recorded, qtbot, "studio-pc")
        assert address.computer == "studio-pc"
        model = came.args[1]
        assert (model.voice, model.summary["computer"]) == (recorded.id, "studio-pc")
        assert model.file.stat().st_size > 1_000_000
        assert (model.folder / "report" / "report.json").exists()
        qtbot.waitUntil(lambda: find(window, QWidget, "result.scores").isVisible(), timeout=PATIENCE_MS)


class Finished:
    """A service whose only job is done: files of a folder, as an agent would send them."""

    def __init__(self, folder: Path, *names: str, breaks: bool = False) -> None:
        self._folder, self._names, self.breaks = folder, names, breaks
        self.fetched: list[str] = []

    def jobs(self, _states: object = ()) -> list[Job]:
        return [done_job(artifacts={"model": "model/mina.safetensors"})]

    def files(self, _job_id: str) -> list[JobFile]:
        return [JobFile(name=name, size_bytes=5) for name in self._names]

    def fetch(self, _job_id: str, name: str, to: Path) -> Path:
        if self.breaks:
            raise Error("agent_unreachable", "The agent cannot be reached.")
        self.fetched.append(name)
        to.write_bytes(b"model")
        return to


def test_a_model_that_was_done_while_the_app_was_closed_comes_home(
    app: App, studio: Studio, voice: Voice, tmp_path: Path, qtbot: QtBot
) -> None:
    service = Finished(
        tmp_path, "model/mina.safetensors", "model/steps/100.safetensors", "report/report.json"
    )
    studio.library.trainings.add("studio-pc", "job-1", voice.id)
    studio.jobs.add("studio-pc", lambda: service)  # type: ignore[arg-type, return-value]
    with qtbot.waitSignal(app.desk.arrivals.came, timeout=PATIENCE_MS) as came:
        app.desk.open()
    model = came.args[1]
    assert (model.voice, model.file.read_bytes()) == (voice.id, b"model")
    assert (model.folder / "report" / "report.json").exists()
    assert "model/steps/100.safetensors" not in service.fetched
    app.desk.arrivals.look(list(studio.jobs.jobs()))
    assert len(studio.library.models.all()) == 1


def test_a_transfer_that_breaks_off_leaves_nothing(library: Library, tmp_path: Path) -> None:
    address, job = Address("studio-pc", "job-1"), done_job(artifacts={"model": "model/mina.safetensors"})
    library.trainings.add(*address, None)
    service: Any = Finished(tmp_path, "model/mina.safetensors", breaks=True)
    with pytest.raises(Error):
        bring_home(library, service, address, job)
    assert library.models.all() == []
    assert library.trainings.waiting() == {tuple(address)}
    assert list(library.folder.rglob("mina*")) == []


def test_what_holds_a_model_up_is_said_until_it_comes(
    app: App, studio: Studio, window: MainWindow, voice: Voice, tmp_path: Path, qtbot: QtBot
) -> None:
    service: Any = Finished(tmp_path, "model/mina.safetensors", breaks=True)
    address = Address("studio-pc", "job-1")
    studio.library.trainings.add(*address, voice.id)
    studio.jobs.add("studio-pc", lambda: service)
    app.desk.open()
    qtbot.waitUntil(lambda: studio.jobs.held_up(address) is not None, timeout=PATIENCE_MS)
    studio.go("job", **address._asdict())
    notice = find(window, QWidget, "job.outcome.held_up")
    qtbot.waitUntil(notice.isVisible, timeout=PATIENCE_MS)
    assert notice.accessibleName() == "The agent cannot be reached. It is tried again every half minute."
    service.breaks = False
    with qtbot.waitSignal(app.desk.arrivals.came, timeout=PATIENCE_MS):
        app.desk.arrivals.look([address])
    qtbot.waitUntil(lambda: not notice.isVisible(), timeout=PATIENCE_MS)


def test_a_step_that_was_not_kept_cannot_be_chosen(studio: Studio, voice: Voice, tmp_path: Path) -> None:
    address, job = Address("studio-pc", "job-1"), done_job(artifacts={"model": "model/mina.safetensors"})
    service: Any = Finished(tmp_path, "model/mina.safetensors")
    studio.jobs.add("studio-pc", lambda: service)
    with pytest.raises(InputError, match="not in the library"):
        use_step(studio.library, studio.jobs, address, 100)
    studio.library.trainings.add(*address, voice.id)
    model = bring_home(studio.library, service, address, job)
    with pytest.raises(InputError, match="no model of step 100"):
        use_step(studio.library, studio.jobs, address, 100)
    assert model.file.read_bytes() == b"model"


@pytest.mark.parametrize("name", ["model/../../../home/.profile", "report/\\..\\x", "previews/C:evil"])
def test_a_file_name_leads_nowhere_else(library: Library, tmp_path: Path, name: str) -> None:
    address, job = Address("studio-pc", "job-1"), done_job(artifacts={"model": "model/mina.safetensors"})
    service: Any = Finished(tmp_path, "model/mina.safetensors", name)
    with pytest.raises(Error, match="cannot be"):
        bring_home(library, service, address, job)
    assert library.models.all() == []


def test_a_thin_client_says_so_and_cannot_start(
    studio: Studio, window: MainWindow, recorded: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "torch" else real(name, *more)
    )
    studio.go("train", voice=recorded.id)
    assert find(window, QWidget, "train.no_engine").isVisible()
    find(window, QPushButton, "train.setup").click()
    assert window.page.entry.name == "settings"
    studio.go("train", voice=recorded.id)
    assert not find(window, QPushButton, "train.start").isEnabled()
    studio.jobs.add("studio-pc", LocalJobs)
    find(window, QWidget, "train.computer").choose("studio-pc")
    window.page.shown()
    assert find(window, QPushButton, "train.start").isEnabled()


def test_takes_are_read_beside_the_window_only(
    studio: Studio, window: MainWindow, recorded: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may be thousands: what the page says of them, the database counts."""
    takes = studio.library.takes
    half = takes.choose(recorded.id, "half", [take.id for take in takes.all(recorded.id)[::2]])
    readers: list[threading.Thread] = []
    read = Takes.all

    def spied(*arguments: Any, **options: Any) -> list[Take]:
        readers.append(threading.current_thread())
        return read(*arguments, **options)

    monkeypatch.setattr(Takes, "all", spied)
    studio.go("train", voice=recorded.id)
    said = find(window, QLabel, "train.amount")
    assert said.text().startswith(f"{recorded.takes} takes")
    studio.go("train", voice=recorded.id, dataset=half.id)
    assert said.text().startswith(f"{(recorded.takes + 1) // 2} take")
    assert threading.main_thread() not in readers


def test_settings_that_cannot_be_are_named(studio: Studio, window: MainWindow, recorded: Voice) -> None:
    studio.go("train", voice=recorded.id)
    find(window, QLineEdit, "train.prepare.window_s").setText("900")
    find(window, QPushButton, "train.start").click()
    wrong = find(window, QLabel, "train.advanced.wrong")
    assert wrong.isVisible()
    assert wrong.text() == "Longest clip must be a number from 1 to 8."
    assert window.page.entry.name == "train"
    studio.settings.update(language="ko")
    QApplication.processEvents()
    find(window, QPushButton, "train.start").click()
    assert "1부터 8까지의 숫자" in wrong.text()


def test_presets_tell_their_time_once_a_voice_was_trained(
    studio: Studio, window: MainWindow, recorded: Voice
) -> None:
    studio.go("train", voice=recorded.id)
    assert find(window, QLabel, "train.unmeasured").isVisible()
    summary = {"steps": 1500, "seconds": 600.0}
    spec = {"train": {"preset": "draft"}, "prepare": {}}
    studio.jobs.take(HERE, done_job(summary=summary, spec=spec, devices=["cpu"]))
    window.page.shown()
    assert find(window, QLabel, "train.time.draft").text() == "about 10 min"
    assert find(window, QLabel, "train.time.best").text() == "about 2 h 0 min"
    assert not find(window, QLabel, "train.unmeasured").isVisible()


def test_a_time_is_of_the_same_architecture_and_batch() -> None:
    lite = done_job(1, summary={"steps": 100, "seconds": 80.0}, spec={"train": {"architecture": "lite"}})
    full = done_job(2, summary={"steps": 100, "seconds": 8000.0}, spec={"train": {"architecture": "v2"}})
    odd = done_job(3, summary={"steps": 0, "seconds": None}, spec={"train": {"architecture": "lite"}})
    assert pace.clip_seconds([lite, full, odd], "lite") == pytest.approx(0.1)
    assert pace.clip_seconds([lite, full, odd], "v2") == pytest.approx(10)
    assert pace.preset_seconds("lite", 0.1)["best"] == pytest.approx(12000 * 12 * 0.1)


def test_what_waits_on_a_computer_is_told_before_a_training(
    studio: Studio, window: MainWindow, recorded: Voice
) -> None:
    studio.jobs.take(HERE, done_job(1, state=State.RUNNING, ended=None, progress=0.5, left_s=600.0))
    studio.jobs.take(HERE, done_job(2, state=State.QUEUED, ended=None, started=None, ends_in_s=3000.0))
    studio.go("train", voice=recorded.id)
    assert find(window, QLabel, "train.queue").text() == "2 jobs before yours. Starts in about 50 min."


def test_the_least_busy_computer_is_the_one_with_a_free_gpu(
    studio: Studio, window: MainWindow, recorded: Voice
) -> None:
    from rvc.jobs.load import GpuLoad, MachineLoad, QueueLoad

    views = {
        "laptop": View("ready", MachineLoad()),
        "studio-pc": View("ready", MachineLoad(gpus=[GpuLoad(name="RTX 4090")], queue=QueueLoad(running=3))),
    }
    for name, view in views.items():
        computer: Any = SimpleNamespace(
            computer=Computer(id=name, name=name), view=view, reach=None, looking=True
        )
        studio.computers._known[name] = computer
        studio.jobs.add(name, LocalJobs)
    studio.settings.keep_section(SECTION, Kept(computer=LEAST_BUSY, architecture="lite"))
    studio.go("train", voice=recorded.id)  # what was chosen the last time is chosen again
    assert find(window, QWidget, "train.computer").currentData() == LEAST_BUSY
    assert find(window, QWidget, "train.architecture").currentData() == "lite"
    assert find(window, QLabel, "train.queue").text().startswith("studio-pc: ")
    assert "that computer has trained" in find(window, QLabel, "train.unmeasured").text()


def test_every_advanced_setting_is_explained_in_korean() -> None:
    catalogue = read_catalogue("ko")
    templates = [*demands.KINDS.values(), *demands.RANGES.values(), demands.ONE_OF]
    assert [text for text in templates if not catalogue.find("Demand", text, "", -1)] == []
    for section, names in NAMES.items():
        for name in names:
            text = MODELS[section].model_fields[name].description
            assert text, name
            assert catalogue.find("Settings.explained", text, "", -1), name


@pytest.mark.slow
def test_the_time_of_the_presets_can_be_measured(
    studio: Studio, window: MainWindow, recorded: Voice, qtbot: QtBot
) -> None:
    studio.go("train", voice=recorded.id)
    measure = find(window, QPushButton, "train.measure")
    measure.click()
    assert measure.text() == "Stop"
    measure.click()
    qtbot.waitUntil(lambda: measure.text() == "Measure now", timeout=PATIENCE_MS)
    find(window, QPushButton, "train.measure").click()
    qtbot.waitUntil(
        lambda: find(window, QLabel, "train.time.draft").text().startswith("about"), timeout=PATIENCE_MS
    )
