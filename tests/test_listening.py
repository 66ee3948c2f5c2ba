"""The blind listening page: what it gives away, what it asks, how it works in a browser, and its answers."""

import base64
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rvc.errors import InputError
from rvc.testing import answers, listening
from rvc.testing.answers import Key
from rvc.testing.report import Report, Row, Scores, VoiceSummary
from rvc.testing.trials import Heard, Trial
from tests import sounds

RATE = 24000
LABELS = ("Anna, step 20", "Berta")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def heard(f0: float, level: float = 0.3) -> Heard:
    wave = sounds.voice(0.4, RATE, f0=f0, level=level)
    return Heard(wave, RATE, np.full(40, f0, np.float32), np.zeros((20, 4), np.float32))


def trials(level: float) -> list[Trial]:
    own = [
        Trial(
            "reconstruction", f"take{n}-000", f"take{n}", 0, heard(200 + n), heard(200 + n, level), Scores()
        )
        for n in range(5)
    ]
    others = [
        Trial("conversion", f"bob{n}", "", 0, heard(100 + n), heard(200, level), Scores()) for n in range(3)
    ]
    return [*own, *others]


def report(seed: int = 0, language: str = "en") -> Report:
    voice = VoiceSummary(name="Anna", architecture="lite", rate=RATE, content_encoder="tiny")
    return Report(
        voice=voice,
        language=language,
        testset="set",
        testset_kind="held_out",
        settings={"seed": seed},
        pitch_estimator="swift",
        index=False,
        rows=[Row(kind="conversion", name="bob0", seconds=1, scores=Scores())],
    )


def make(folder: Path, seed: int = 0, language: str = "en") -> tuple[str, dict, Key]:
    made = [(LABELS[0], trials(0.05)), (LABELS[1], trials(0.5))]
    html = listening.write(report(seed, language), made, folder).read_text(encoding="utf-8")
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found
    key = Key.model_validate_json((folder / answers.KEY_NAME).read_text(encoding="utf-8"))
    return html, json.loads(found[1]), key


def test_the_page_stands_alone_and_does_not_tell(tmp_path: Path) -> None:
    html, data, key = make(tmp_path)
    assert not re.search(r'(?:src|href)="(?!#)', html)
    assert "default-src 'none'" in html
    assert data["words"]["shortcuts"] in html
    for secret in (*LABELS, "recording\\u", "bob0", "take1", "reconstruction"):
        assert secret not in html
    assert [question["id"] for question in data["questions"]] == [question.id for question in key.questions]
    files = [base64.b64decode(sound) for sound in data["sounds"].values()]
    infos = [soundfile.SoundFile(io.BytesIO(file)) for file in files]
    assert {info.comment for info in infos} == {listening.COMMENT}
    levels = [np.sqrt(np.square(info.read()).mean()) for info in infos]
    assert max(levels) / min(levels) < 1.2  # of sounds that were made 20 dB apart


def test_sides_and_order_are_shuffled_by_the_seed(tmp_path: Path) -> None:
    keys = [make(tmp_path / str(number), seed)[2] for number, seed in enumerate((1, 1, 2))]
    assert keys[0] == keys[1]
    assert keys[0].test != keys[2].test
    pairs = [question.sounds for question in keys[0].questions if question.ask == "pair"]
    assert {sounds.index(answers.RECORDING) for sounds in pairs if answers.RECORDING in sounds} == {0, 1}


def test_all_that_is_compared_is_asked(tmp_path: Path) -> None:
    _, _, key = make(tmp_path)
    asked = {ask: [q.sounds for q in key.questions if q.ask == ask] for ask in answers.ASKS}
    assert sum(answers.RECORDING in sounds for sounds in asked["pair"]) == 5
    assert sum(set(sounds) == set(LABELS) for sounds in asked["pair"]) == 6
    assert {sounds[0] for sounds in asked["natural"]} == {*LABELS, answers.RECORDING}
    assert [answers.RECORDING, answers.RECORDING] in asked["same"]
    assert any(answers.SOURCE in sounds for sounds in asked["same"])


def save(folder: Path, key: Key, session: str, choose: dict[str, str]) -> Path:
    """Write what a person would save who answers every question of a kind with the same model or word."""
    chosen = {}
    for question in key.questions:
        wish = choose[question.ask]
        if question.ask == "pair":
            side = question.sounds.index(wish) if wish in question.sounds else -1
            wish = ("first", "second", "neither")[side]
        chosen[question.id] = wish
    path = folder / f"answers-{session}.json"
    path.write_text(json.dumps({"test": key.test, "session": session, "answers": chosen}), encoding="utf-8")
    return path


def test_answers_are_counted_by_the_key(tmp_path: Path) -> None:
    _, _, key = make(tmp_path)
    fond = save(tmp_path, key, "one", {"pair": LABELS[0], "natural": "4", "same": "yes"})
    unsure = save(tmp_path, key, "two", {"pair": "nobody", "natural": "2", "same": "no"})
    heard = answers.read(tmp_path, [fond, unsure, fond])
    assert (heard.listeners, heard.answers) == (2, 2 * len(key.questions))
    found = {(one.model, one.other): one for one in heard.preferences}
    with_recording, with_other = found[LABELS[0], ""], found[LABELS]
    assert (with_recording.preferred, with_recording.undecided, with_recording.count) == (5, 5, 10)
    assert (with_other.preferred, with_other.undecided, with_other.count) == (6, 6, 12)
    assert {one.what: one.interval.mean for one in heard.ratings} == {LABELS[0]: 3.0, LABELS[1]: 3.0, "": 3.0}
    assert {(one.what, one.model): one.agreed / one.count for one in heard.identities} == {
        ("model", LABELS[0]): 0.5,
        ("model", LABELS[1]): 0.5,
        ("voice", ""): 0.5,
        ("source", ""): 0.5,
    }


def test_answers_that_do_not_belong_are_refused(tmp_path: Path) -> None:
    _, _, key = make(tmp_path / "one")
    _, _, other = make(tmp_path / "two", seed=5)
    right = {"pair": "neither", "natural": "1", "same": "no"}
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    for folder, file, code in (
        (tmp_path / "one", save(tmp_path, other, "x", right), "another_test"),
        (tmp_path / "one", broken, "not_answers"),
        (tmp_path / "one", tmp_path / "missing.json", "not_answers"),
        (tmp_path, broken, "no_listening_test"),
    ):
        with pytest.raises(InputError) as caught:
            answers.read(folder, [file])
        assert caught.value.code == code
    odd = save(tmp_path, key, "odd", {"pair": "neither", "natural": "99", "same": "maybe"})
    assert not answers.read(tmp_path / "one", [odd]).ratings


def test_one_model_and_no_source_still_make_a_page(tmp_path: Path) -> None:
    own = [trial for trial in trials(0.3) if trial.kind == "reconstruction"][:1]
    listening.write(report(), [("Anna", own)], tmp_path)
    key = Key.model_validate_json((tmp_path / answers.KEY_NAME).read_text(encoding="utf-8"))
    assert {question.ask for question in key.questions} == {"pair", "natural"}


DRIVER = """
<script>
const press = (key, code) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key, code: code || "", bubbles: true, cancelable: true }));
const log = { refused: 0 };
byId("start").click();
for (let turn = 0; turn < 500 && !byId("asking").hidden; turn++) {
  const question = data.questions[state.at];
  press("1");
  if (question.id in state.answers) log.answeredUnheard = true;
  press("Enter");
  if (data.questions[state.at] === question) log.refused++;
  press("a", "KeyA");
  press("b", "KeyB");
  press("2");
  if (turn === 3) {
    press("Enter");
    press("Backspace");
    log.back = state.at === 3 && byId("choices").querySelector(":checked").value;
  }
  press("Enter");
}
byId("save").click();
const pre = document.createElement("pre");
pre.id = "outcome";
const kept = JSON.parse(localStorage.getItem(place));
pre.textContent = JSON.stringify({ ...log, saved: JSON.parse(result()), kept, end: !byId("end").hidden });
document.body.append(pre);
</script>
"""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_works_by_keyboard_in_a_browser(tmp_path: Path, language: str) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("no browser is installed")
    html, data, _ = make(tmp_path, language=language)
    (tmp_path / "driven.html").write_text(html.replace("</body>", f"{DRIVER}</body>"), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command = [browser, *flags, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    done = subprocess.run(
        [*command, (tmp_path / "driven.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    found = re.search(r'<pre id="outcome">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found
    outcome = json.loads(found[1])
    total = len(data["questions"])
    assert outcome["end"]
    assert "answeredUnheard" not in outcome
    assert outcome["refused"] == total  # nothing goes on before it was heard and answered
    assert outcome["back"] in ("second", "2", "no")
    assert outcome["kept"]["answers"] == outcome["saved"]["answers"]
    saved = tmp_path / "answers.json"
    saved.write_text(json.dumps(outcome["saved"]), encoding="utf-8")
    heard = answers.read(tmp_path, [saved])
    assert (heard.listeners, heard.answers) == (1, total)
    assert all(rating.interval.mean == 2.0 for rating in heard.ratings)
    assert all(identity.agreed == 0 for identity in heard.identities)
