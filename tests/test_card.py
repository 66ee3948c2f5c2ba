import argparse
import json

import pytest
from pydantic import ValidationError

from rvc import options
from rvc.config import ConvertConfig
from rvc.errors import InputError
from rvc.voices.card import EncoderCard, VoiceCard

CARD = VoiceCard(
    name="two",
    architecture="lite",
    rate=24000,
    content_encoder=EncoderCard(name="starter", dim=96),
    usual_pitch_hz=150,
    speakers=["Änna", "0", "Björn"],
    pitch_of_speakers_hz=[210, None, 110],
)


@pytest.mark.parametrize(
    ("speaker", "number"), [(0, 0), (2, 2), ("2", 2), ("Änna", 0), ("Björn", 2), ("0", 1), ("1", 1)]
)
def test_speakers_have_names_and_numbers(speaker: int | str, number: int) -> None:
    assert CARD.speaker_number(speaker) == number


@pytest.mark.parametrize("speaker", [3, -1, "3", "-1", "", "anna", "1.0", "²"])
def test_a_speaker_that_is_not_there_is_refused_with_those_that_are(speaker: int | str) -> None:
    with pytest.raises(InputError, match=r"Änna.*Björn") as caught:
        CARD.speaker_number(speaker)
    assert caught.value.code == "unknown_speaker"


def test_a_long_list_of_speakers_is_cut_short() -> None:
    many = CARD.model_copy(update={"speakers": [f"voice {number}" for number in range(60)]})
    with pytest.raises(InputError, match="voice 7 and 52 more"):
        many.speaker_number("nobody")


def test_every_speaker_has_a_usual_pitch() -> None:
    assert [CARD.usual_pitch_of(number) for number in range(3)] == [210, None, 110]


def test_an_older_card_has_one_pitch_for_all() -> None:
    fields = json.loads(CARD.model_dump_json())
    del fields["pitch_of_speakers_hz"]
    old = VoiceCard.model_validate(fields)
    assert [old.usual_pitch_of(number) for number in range(3)] == [150, 150, 150]


def read_option(name: str, text: str) -> object:
    """Return what the command line makes of an option's text."""
    parser = argparse.ArgumentParser()
    options.add(parser, ConvertConfig)
    return getattr(parser.parse_args([f"--{name}", text]), name)


def test_settings_take_a_name_or_a_number() -> None:
    assert ConvertConfig(speaker="Änna").speaker == "Änna"
    assert ConvertConfig(speaker=3).speaker == 3
    assert read_option("speaker", "007") == "007"
    assert ConvertConfig.model_validate_json('{"speaker": "007"}').speaker == "007"
    with pytest.raises(ValidationError):
        ConvertConfig(speaker=-1)
