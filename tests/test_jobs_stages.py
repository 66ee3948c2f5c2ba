"""The built-in kinds of jobs, with real recordings: a voice trained in a job, tested, and used in others."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from rvc import paths
from rvc.config import ConvertConfig, EvaluateConfig, TrainConfig
from rvc.errors import Paused
from rvc.events import Event, Log, Reporter
from rvc.jobs import ConvertSpec, EvaluateSpec, Job, JobEvent, JobProgress, LocalJobs, State, TrainSpec
from rvc.jobs.folder import JobFolder
from rvc.jobs.inputs import take_over
from rvc.jobs.kinds import KINDS
from rvc.jobs.stages import _settings, convert
from rvc.jobs.warm import Converters
from rvc.jobs.workshop import Workshop
from rvc.learning.record import Record
from rvc.synthesis.converter import Converter
from tests.jobs import cleared, finish, folder, until_state, until_step

STEPS = 5


@pytest.fixture(scope="module")
def jobs(wakehubert_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalJobs]:
    """Return the real queue, in a home of its own."""
    place = tmp_path_factory.mktemp("stages")
    with pytest.MonkeyPatch.context() as patch, cleared(place / "jobs"):
        patch.setenv("RVC_STUDIO_HOME", str(place))
        patch.setenv("RVC_STUDIO_ASSETS", str(wakehubert_file.parent))
        yield LocalJobs(place / "jobs", slots_folder=place)


@pytest.fixture(scope="module")
def trained(jobs: LocalJobs, few_takes: Path) -> Job:
    """Return a job that has trained a voice, and was paused on the way."""
    spec = TrainSpec(
        name="Änna",
        prepare={"rate": 24000},
        train=TrainConfig(steps=STEPS, batch_size=2, checkpoint_every=1),
        evaluate=EvaluateConfig(max_clips=1),
    )
    job = jobs.submit(spec, {"recordings": sorted(few_takes.iterdir())[:6]})
    until_step(jobs, job, 2)
    jobs.pause(job.id)
    until_state(jobs, job, State.PAUSED)
    jobs.resume(job.id)
    return finish(jobs, job)


@pytest.fixture(scope="module")
def model(jobs: LocalJobs, trained: Job) -> Path:
    return jobs.file(trained.id, trained.artifacts["model"])


@pytest.fixture(scope="module")
def source() -> Path:
    return next(paths.resource("demo/source").glob("*.flac"))


def events(jobs: LocalJobs, job: Job) -> list[JobEvent]:
    return list(jobs.events(job.id))


def test_recordings_become_a_tested_voice(jobs: LocalJobs, trained: Job) -> None:
    assert trained.failure is None
    assert trained.state == State.DONE
    assert set(trained.artifacts) == {"model", "index", "history", "record", "report", "scores"}
    assert trained.artifacts["model"] == "model/Änna.safetensors"
    assert (trained.summary["steps"], trained.summary["finished_early"]) == (STEPS, False)
    record = Record.model_validate_json(jobs.file(trained.id, "model/training.json").read_bytes())
    assert [session.end for session in record.sessions] == ["paused", "finished"]
    assert trained.summary["reconstruction_clips"] == 1
    assert {file.name for file in jobs.files(trained.id)} >= set(trained.artifacts.values())


def test_a_paused_training_went_on_where_it_was(jobs: LocalJobs, trained: Job) -> None:
    assert trained.attempt == 2
    seen = events(jobs, trained)
    steps = [event.body.step for event in seen if event.body.event == "checkpoint"]
    assert sorted(set(steps)) == list(range(1, STEPS + 1))
    assert len(steps) <= STEPS + 1
    phases = [event.body.phase for event in seen if isinstance(event.body, JobProgress)]
    again = phases.index("train")
    assert "prepare" in phases[:again]
    assert "prepare" not in phases[again:]


def test_progress_is_one_over_all_phases(jobs: LocalJobs, trained: Job) -> None:
    told = [event.body for event in events(jobs, trained) if isinstance(event.body, JobProgress)]
    fractions = [one.fraction for one in told]
    assert fractions == sorted(fractions)
    assert {"prepare", "train", "index", "reconstruct"} <= {one.phase for one in told}
    assert all(one.left_s is not None for one in told)


def test_previews_can_be_fetched(jobs: LocalJobs, trained: Job, tmp_path: Path) -> None:
    previews = [event.body.file for event in events(jobs, trained) if event.body.event == "preview"]
    assert previews
    assert soundfile.info(jobs.fetch(trained.id, previews[0], tmp_path)).samplerate == 24000


def test_a_second_conversion_starts_at_once(jobs: LocalJobs, model: Path, source: Path) -> None:
    spec = ConvertSpec(convert=ConvertConfig(pitch_shift="auto"))
    done = [finish(jobs, jobs.submit(spec, {"model": [model], "recordings": [source]})) for _ in range(5)]
    assert [job.failure for job in done] == [None] * 5
    assert len({_pid(jobs, job) for job in done}) == 1
    waits = [_wait_s(jobs, job) for job in done]
    assert min(waits[1:]) < 0.2
    assert min(waits[1:]) < waits[0]
    (name,) = done[0].artifacts.values()
    assert source.stem in name
    assert soundfile.info(jobs.file(done[0].id, name)).duration == pytest.approx(
        soundfile.info(source).duration, abs=0.05
    )


def _pid(jobs: LocalJobs, job: Job) -> str:
    return (folder(jobs, job).path / "worker.json").read_text().split('"pid":')[1].split(",")[0]


def _wait_s(jobs: LocalJobs, job: Job) -> float:
    """Return how long it took from the submission to the beginning of the conversion."""
    seen = events(jobs, job)
    begun = next(event for event in seen if event.body.event == "progress")
    return (begun.time - seen[0].time).total_seconds()


def test_a_recording_that_is_none_fails_with_the_stages_own_words(
    jobs: LocalJobs, model: Path, tmp_path: Path
) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("this is no sound")
    failed = finish(jobs, jobs.submit(ConvertSpec(), {"model": [model], "recordings": [path]}))
    assert failed.failure is not None
    assert failed.failure.code == "not_audio"
    assert str(jobs.home) not in "".join(event.model_dump_json() for event in events(jobs, failed))


@pytest.mark.parametrize(("devices", "gpus"), [(("cpu",), 1), (("cuda:0",), 1), (("cuda:0", "cuda:1"), 2)])
def test_a_training_takes_all_the_devices_that_its_job_has_leased(
    devices: tuple[str, ...], gpus: int, tmp_path: Path
) -> None:
    settings = _settings(Workshop(JobFolder.create(tmp_path / "job"), devices), TrainSpec(gpus=gpus))
    assert (settings.gpus, settings.device) == (gpus, "cpu" if devices == ("cpu",) else "auto")


@pytest.mark.usefixtures("offline_assets")
def test_a_conversion_goes_on_behind_what_it_has_made(model: Path, few_takes: Path, tmp_path: Path) -> None:
    place = JobFolder.create(tmp_path / "job")
    takes = sorted(few_takes.iterdir())[:3]
    take_over(KINDS["convert"], {"model": [model], "recordings": takes}, place.inputs)
    workshop, out, said = Workshop(place, ("cpu",)), place.artifacts / "converted", list[str]()

    def stop_at_the_first(event: Event) -> None:
        if isinstance(event, Log) and event.code == "converted":
            reporter.request_stop()

    reporter = Reporter(stop_at_the_first)
    with pytest.raises(Paused):
        convert(workshop, ConvertSpec(), reporter)
    (first,) = out.iterdir()
    made = first.stat()
    (out / ".cut-off.wav").touch()
    done = convert(workshop, ConvertSpec(), Reporter(lambda event: said.append(getattr(event, "code", ""))))
    assert said.count("converted") == 2
    assert (first.stat().st_ino, first.stat().st_mtime_ns) == (made.st_ino, made.st_mtime_ns)
    assert sorted(done.artifacts.values()) == sorted(f"converted/{path.name}" for path in out.iterdir())
    assert len(done.artifacts) == 3
    first.write_bytes(b"damaged")
    convert(workshop, ConvertSpec(), Reporter())
    assert first.stat().st_size == made.st_size


@pytest.mark.slow
def test_a_training_that_is_finished_early_is_a_voice(jobs: LocalJobs, few_takes: Path) -> None:
    spec = TrainSpec(
        prepare={"rate": 24000}, train=TrainConfig(steps=100_000, batch_size=2, checkpoint_every=1)
    )
    job = jobs.submit(spec, {"recordings": [few_takes]})
    until_step(jobs, job, 2)
    assert jobs.finish(job.id).finishing
    done = finish(jobs, job)
    assert done.failure is None
    assert done.state == State.DONE
    assert 2 <= done.summary["steps"] < 1000
    assert done.summary["finished_early"]
    assert {"model", "index", "report"} <= set(done.artifacts)


@pytest.mark.slow
def test_a_model_is_tested_in_a_job(jobs: LocalJobs, model: Path, few_takes: Path, source: Path) -> None:
    spec = EvaluateSpec(evaluate=EvaluateConfig(max_clips=2))
    heard = {path.name for path in few_takes.iterdir()}
    takes = [path for path in sorted(paths.resource("demo/voice").glob("*.flac")) if path.name not in heard][
        :3
    ]
    job = jobs.submit(spec, {"model": [model], "recordings": takes, "sources": [source]})
    done = finish(jobs, job)
    assert done.failure is None
    assert done.summary["reconstruction_clips"] == 2
    assert "<html" in jobs.file(done.id, "report/report.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("offline_assets")
def test_converters_stay_loaded_as_long_as_there_is_memory(model: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.safetensors" for number in range(3)]
    for file in files:
        shutil.copy(model, file)
    converters, config = Converters(limit_bytes=1 << 40), ConvertConfig(device="cpu")

    def load(file: Path, settings: ConvertConfig = config) -> Converter:
        return converters.load(file, None, settings, Reporter())

    first, second = load(files[0]), load(files[1])
    link = tmp_path / "link.safetensors"
    link.hardlink_to(files[0])
    assert load(link) is first
    assert load(files[0], ConvertConfig(device="cpu", index_rate=0.0)) is not first
    assert load(files[0], ConvertConfig(device="cpu", pitch_shift=5.0)) is first
    converters.limit_bytes = converters.size_bytes
    load(files[2])
    assert load(files[1]) is not second  # it was used least recently
    converters.limit_bytes = 1
    load(files[0])
    assert len(converters) == 1
