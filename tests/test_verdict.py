"""Plain words for numbers: every topic at its bounds, and only what was measured."""

import json

import pytest

from rvc import paths
from rvc.testing import verdict
from rvc.testing.report import Report, Row, Scores, VoiceSummary


def report(
    kind: str = "conversion",
    original: Scores | None = None,
    *,
    minutes: float = 20.0,
    ceiling: list[float] | None = None,
    index: bool = True,
    **scores: float,
) -> Report:
    voice = VoiceSummary(
        name="Anna", architecture="lite", rate=24000, content_encoder="tiny", trained_seconds=60 * minutes
    )
    row = Row(kind=kind, name="a", seconds=1, scores=Scores(**scores), original_scores=original or Scores())
    return Report(
        voice=voice,
        testset="set",
        testset_kind="held_out",
        settings={},
        pitch_estimator="swift",
        index=index,
        rows=[row],
        ceiling=ceiling or [],
    )


def said(*reports: Report) -> list[list[str]]:
    return [[finding.key for finding in verdict.judge(one)] for one in reports]


def test_the_voice_is_measured_by_its_own_recordings() -> None:
    voices = [report(similarity=value, ceiling=[0.8, 0.8]) for value in (0.65, 0.5, 0.4)]
    assert said(*voices) == [["voice_good"], ["voice_fair"], ["voice_weak"]]
    (finding,) = verdict.judge(voices[0])
    assert finding.values == {"percent": "81", "value": "0.65", "ceiling": "0.80"}


def test_without_a_speaker_encoder_the_tone_colour_tells() -> None:
    tones = [report("reconstruction", mcd_db=value) for value in (5.0, 7.0, 9.0)]
    assert said(*tones) == [["tone_good"], ["tone_fair"], ["tone_weak"]]


def test_conversions_must_leave_who_spoke() -> None:
    gaps = [report(similarity_gap=value) for value in (0.3, 0.1, -0.1)]
    assert said(*gaps) == [["target_good"], ["target_fair"], ["target_weak"]]


def test_words_are_measured_from_what_the_original_loses() -> None:
    original = Scores(character_error_rate=0.1)
    words = [report(original=original, character_error_rate=value) for value in (0.14, 0.2, 0.4)]
    assert said(*words, report(character_error_rate=0.14)) == [
        ["words_good"],
        ["words_fair"],
        ["words_weak"],
        ["words_fair"],
    ]


def test_sound_and_melody() -> None:
    original = Scores(dnsmos=3.0)
    sounds = [report("reconstruction", original, dnsmos=value) for value in (2.8, 2.5, 2.0)]
    assert said(*sounds) == [["sound_good"], ["sound_fair"], ["sound_weak"]]
    melodies = [report(pitch_correlation=value) for value in (0.96, 0.9, 0.2)]
    assert said(*melodies) == [["melody_good"], ["melody_fair"], ["melody_weak"]]


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        (report(similarity=0.2, ceiling=[0.8], minutes=3.0), ["advice_record"]),
        (report(similarity=0.2, ceiling=[0.8]), ["advice_train"]),
        (report(similarity_gap=-0.1, index=False), ["advice_index"]),
        (
            report(pitch_correlation=0.2, character_error_rate=0.5, similarity_gap=0.1),
            ["advice_words", "advice_pitch"],
        ),
        (report(pitch_correlation=0.99), ["advice_listen"]),
        (report(similarity=0.81, ceiling=[0.8], character_error_rate=0.0), ["advice_none"]),
    ],
)
def test_advice_follows_the_weakest(given: Report, advice: list[str]) -> None:
    assert verdict.advise(given, verdict.judge(given)) == advice


def test_every_sentence_exists_in_both_languages() -> None:
    topics = ("voice", "tone", "target", "words", "sound", "melody")
    keys = {f"verdict_{topic}_{standing}" for topic in topics for standing in ("good", "fair", "weak")}
    keys |= {
        f"advice_{name}" for name in ("none", "listen", "record", "train", "index", "words", "sound", "pitch")
    }
    for language in ("en", "ko"):
        words = json.loads(paths.resource(f"report/{language}.json").read_text(encoding="utf-8"))
        assert keys <= set(words)
